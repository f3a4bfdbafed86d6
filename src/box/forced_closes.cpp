#include "box/forced_closes.h"

#include <algorithm>

#include "box/arranged_fills.h"
#include "market/ladder.h"

namespace venuebox::box {
namespace {
// Prices go so far beyond the price of liquidation, a part of it: 1/200.
constexpr std::int64_t kBeyond = 200;
// Money is set aside where prices would have to move by more than this part of the mark.
constexpr std::int64_t kFar = 4;

std::optional<MarkPrice> liquidation_price(const View& view, AccountId account,
                                           const Position& position) {
  return view.risk(account, position).liquidation_price;
}

bool is_near(std::optional<MarkPrice> price, MarkPrice mark) {
  return price && std::abs(price->raw - mark.raw) <= mark.raw / kFar;
}

// What it could spend goes to the insurance fund; returns what that was.
Money set_aside(Desk& desk, AccountId account, AssetId asset) {
  const View& view = desk.view();
  const Int128 free = view.balance(account, asset).free().units;
  const Money most{std::min(free, view.margin(account, asset).available().units), asset};
  if (most.units <= 0) return {0, asset};
  desk.execute(TransferMoney{account, market::kInsurance, most});
  return most;
}

// A fund that cannot spare it any more leaves it to whoever pays money in.
void give_back(Desk& desk, AccountId account, Money aside) {
  if (aside.units == 0) return;
  const auto events = desk.execute(TransferMoney{market::kInsurance, account, aside});
  if (rejection_in(events)) desk.execute(Deposit{account, aside});
}

// A price beyond that of liquidation, in ticks.
Ticks price_beyond(MarkPrice price, bool falls, const Instrument& instrument) {
  const std::int64_t ticks = price.raw / kMarkPerTick;
  const std::int64_t beyond = 1 + ticks / kBeyond;
  return Ticks{std::clamp<std::int64_t>(falls ? ticks - beyond : ticks + beyond, 1,
                                        instrument.price_max.raw - 1)};
}

// What users have in the book on this side at the price or better for who trades with it.
Lots resting_within(const View& view, InstrumentId instrument, Side side, Ticks price) {
  std::vector<BookLevel> levels(10'000);
  levels.resize(view.depth(instrument, side, levels));
  Lots sum;
  for (const BookLevel& level : levels) {
    if (side == Side::buy ? level.price >= price : level.price <= price) sum += level.quantity;
  }
  return sum;
}

// The whole market is at this price, with so much on each side.
void move_market(Desk& desk, const Instrument& instrument, Ticks price, Lots size) {
  const InstrumentId id = instrument.id;
  withdraw_quotes(desk, id, Side::buy, std::nullopt);
  withdraw_quotes(desk, id, Side::sell, std::nullopt);
  const Ticks ask = price + Ticks{1};
  const Lots bids = size + resting_within(desk.view(), id, Side::sell, price);
  place_counterparty(desk, id, Side::buy, price, bids);
  // What has just been placed stands below it.
  const Lots asks = size + resting_within(desk.view(), id, Side::buy, ask);
  place_counterparty(desk, id, Side::sell, ask, asks);
  if (desk.view().index_price(id)) {
    desk.execute(SetIndexPrice{id, MarkPrice{price.raw * kMarkPerTick}});
  }
}

// So much from the market's taker to the fund at one price, in orders of sizes that are allowed.
void trade_with_fund(Desk& desk, const Instrument& instrument, Side side, Ticks price,
                     Lots quantity) {
  place_counterparty(desk, instrument.id, opposite(side), price, quantity);
  while (quantity.raw > 0) {
    const Lots now = std::clamp(quantity, instrument.quantity_min, instrument.quantity_max);
    PlaceOrder order = market::market_order(market::kInsurance, instrument, side, price, now);
    order.time_in_force = TimeInForce::ioc;
    desk.execute(order);
    quantity -= std::min(quantity, now);
  }
  remove_counterparty(desk, instrument.id);
}
}  // namespace

void force_liquidation(Exchange& exchange, AccountId account, const Position& position) {
  Desk& desk = exchange.desk();
  const View& view = desk.view();
  const Instrument instrument = view.instruments()[position.instrument.raw];
  const auto mark = view.mark_price(instrument.id);
  if (!mark) return;
  auto price = liquidation_price(view, account, position);
  Money aside{0, instrument.settle};
  if (!is_near(price, *mark)) {
    aside = set_aside(desk, account, instrument.settle);
    price = liquidation_price(view, account, position);
  }
  if (price) {
    const auto index = view.index_price(instrument.id);
    const Lots size{std::abs(position.size.raw)};
    const bool falls = position.size.raw > 0;
    move_market(desk, instrument, price_beyond(*price, falls, instrument), size);
    remove_counterparty(desk, instrument.id);
    if (index) desk.execute(SetIndexPrice{instrument.id, *index});
    exchange.intervene(ShowAgain{instrument.id});
  }
  give_back(desk, account, aside);
}

void force_deleveraging(Exchange& exchange, AccountId account, const Position& position,
                        faults::Ratio ratio) {
  Desk& desk = exchange.desk();
  const View& view = desk.view();
  const Instrument instrument = view.instruments()[position.instrument.raw];
  const auto mark = view.mark_price(instrument.id);
  if (!mark) return;
  const std::int64_t size = std::abs(position.size.raw);
  const Int128 part = div_floor(multiply(size, ratio.raw), faults::kWhole.raw);
  const Lots quantity{
      std::min(size, std::max(instrument.quantity_min.raw, static_cast<std::int64_t>(part)))};
  const Ticks price{
      std::clamp<std::int64_t>(mark->raw / kMarkPerTick, 1, instrument.price_max.raw)};
  const Side side = position.size.raw > 0 ? Side::sell : Side::buy;  // the fund's
  const int sign = side == Side::buy ? 1 : -1;
  const std::int64_t has = sign * view.position(market::kInsurance, instrument.id).size.raw;
  withdraw_quotes(desk, instrument.id, Side::buy, price);
  withdraw_quotes(desk, instrument.id, Side::sell, price);
  if (has < quantity.raw) {
    trade_with_fund(desk, instrument, side, price, Lots{quantity.raw - has});
  }
  desk.execute(Deleverage{account, instrument.id, position.side, quantity, price});
  exchange.intervene(ShowAgain{instrument.id});
}

}  // namespace venuebox::box
