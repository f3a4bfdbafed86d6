#include "market/pinned.h"

#include <algorithm>

namespace venuebox::market {

Result<void> Pinned::set_quote(Desk& desk, InstrumentId id, const Quote& quote) {
  if (id.raw >= desk.view().instruments().size()) {
    return Error{ErrorKind::not_found, "symbol", "there is no such instrument"};
  }
  const Instrument& instrument = desk.view().instruments()[id.raw];
  if (instrument.phase != TradingPhase::open) {
    return Error{ErrorKind::conflict, "symbol", "takes no quotes: it is halted, or delisted"};
  }
  if (quote.bid.raw <= 0 || quote.ask <= quote.bid || quote.ask > instrument.price_max ||
      quote.bid_size.raw <= 0 || quote.ask_size.raw <= 0) {
    return invalid("quote", "needs 0 < bid < ask and sizes above 0");
  }
  if (quote.index) {
    const Int128 most = multiply(instrument.price_max.raw, kMarkPerTick);
    if (quote.index->raw <= 0 || quote.index->raw > most) {
      return invalid("index", "must be above 0 and below the instrument's largest price");
    }
    desk.execute(SetIndexPrice{id, *quote.index});
  }
  Quote around = quote;  // of which the last price is a part
  if (quote.last) {
    around.bid = std::min(quote.bid, *quote.last);
    around.ask = std::max(quote.ask, *quote.last);
  }
  show(desk, instrument, around);
  if (quote.last) print(desk, instrument, *quote.last);
  show(desk, instrument, quote);
  return {};
}

void Pinned::show_again(Desk& desk, InstrumentId id) {
  const auto known = quotes_.find(id);
  if (known == quotes_.end()) return;
  const Quote& quote = known->second;
  const Instrument& instrument = desk.view().instruments()[id.raw];
  ladder_.set_level(desk, instrument, Side::buy, quote.bid, quote.bid_size);
  ladder_.set_level(desk, instrument, Side::sell, quote.ask, quote.ask_size);
}

// Moves from what is shown to the quote, so that neither side is ever without a price: triggers
// fire in the middle of this, and what they send has to meet somebody.
void Pinned::show(Desk& desk, const Instrument& instrument, const Quote& quote) {
  const auto known = quotes_.find(instrument.id);
  const bool is_new = known == quotes_.end();
  const Quote old = is_new ? quote : known->second;
  const auto move = [&](Side side, Ticks from, Ticks to, Lots old_size, Lots size) {
    if (!is_new && from == to && old_size == size) return;
    ladder_.set_level(desk, instrument, side, to, size);
    if (from != to) ladder_.set_level(desk, instrument, side, from, {});
  };
  const auto move_bid = [&] { move(Side::buy, old.bid, quote.bid, old.bid_size, quote.bid_size); };
  const auto move_ask = [&] { move(Side::sell, old.ask, quote.ask, old.ask_size, quote.ask_size); };
  // The side that moves away goes first, or the other would run into it.
  if (quote.bid > old.bid) {
    move_ask();
    move_bid();
  } else {
    move_bid();
    move_ask();
  }
  quotes_[instrument.id] = quote;
}

// A trade of the smallest quantity at a price that the quote includes. At the bid or the offer it
// takes from a level that is so much larger beforehand.
void Pinned::print(Desk& desk, const Instrument& instrument, Ticks last) {
  const Lots least = instrument.quantity_min;
  const Quote& quote = quotes_[instrument.id];
  const bool buys = last == quote.ask;
  if (buys) {
    ladder_.set_level(desk, instrument, Side::sell, last, quote.ask_size + least);
  } else if (last == quote.bid) {
    ladder_.set_level(desk, instrument, Side::buy, last, quote.bid_size + least);
  } else {
    desk.execute(market_order(kBidMaker, instrument, Side::buy, last, least));
  }
  PlaceOrder hit = market_order(kTaker, instrument, buys ? Side::buy : Side::sell, last, least);
  hit.time_in_force = TimeInForce::ioc;
  desk.execute(hit);
  if (last != quote.bid && !buys) ladder_.set_level(desk, instrument, Side::buy, last, {});
}

}  // namespace venuebox::market
