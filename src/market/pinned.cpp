#include "market/pinned.h"

namespace venuebox::market {

Result<void> Pinned::set_quote(Desk& desk, InstrumentId id, const Quote& quote) {
  if (id.raw >= desk.view().instruments().size()) {
    return Error{ErrorKind::not_found, "symbol", "there is no such instrument"};
  }
  const Instrument& instrument = desk.view().instruments()[id.raw];
  if (quote.bid.raw <= 0 || quote.ask <= quote.bid || quote.ask > instrument.price_max ||
      quote.bid_size.raw <= 0 || quote.ask_size.raw <= 0) {
    return invalid("quote", "needs 0 < bid < ask and sizes above 0");
  }
  if (const auto shown = quotes_.find(id); shown != quotes_.end()) {
    ladder_.set_level(desk, instrument, Side::buy, shown->second.bid, {});
    ladder_.set_level(desk, instrument, Side::sell, shown->second.ask, {});
  }
  if (quote.last) {
    const Lots least = instrument.quantity_min;
    desk.execute(market_order(kBidMaker, instrument, Side::buy, *quote.last, least));
    PlaceOrder hit = market_order(kTaker, instrument, Side::sell, *quote.last, least);
    hit.time_in_force = TimeInForce::ioc;
    desk.execute(hit);
    ladder_.set_level(desk, instrument, Side::buy, *quote.last, {});
  }
  ladder_.set_level(desk, instrument, Side::buy, quote.bid, quote.bid_size);
  ladder_.set_level(desk, instrument, Side::sell, quote.ask, quote.ask_size);
  quotes_[id] = quote;
  return {};
}

}  // namespace venuebox::market
