#include "box/arranged_fills.h"

#include <algorithm>
#include <vector>

#include "market/ladder.h"

namespace venuebox::box {
namespace {
constexpr std::size_t kLevelsMax = 10'000;

bool is_quoting(AccountId account) {
  return account == market::kBidMaker || account == market::kAskMaker || account == market::kTaker;
}

// Calls visit(price, order) for the resting orders of a side, best first, until it returns false.
void each_resting(const View& view, InstrumentId instrument, Side side,
                  FunctionRef<bool(Ticks, const RestingOrder&)> visit) {
  std::vector<BookLevel> levels(kLevelsMax);
  levels.resize(view.depth(instrument, side, levels));
  bool goes_on = true;
  for (const BookLevel& level : levels) {
    view.level_orders(instrument, side, level.price, [&](const RestingOrder& order) {
      return goes_on = visit(level.price, order);
    });
    if (!goes_on) return;
  }
}

// Whether `price` on this side is at `limit` or better for who trades with it.
bool is_within(Side side, Ticks price, Ticks limit) {
  return side == Side::buy ? price >= limit : price <= limit;
}

bool is_first_of_users(const View& view, const Order& order) {
  bool is_first = true;
  each_resting(view, order.instrument, order.side, [&](Ticks price, const RestingOrder& other) {
    if (other.id == order.id || !is_within(order.side, price, order.price)) return false;
    is_first = is_quoting(other.account);
    return is_first;
  });
  return is_first;
}
}  // namespace

void withdraw_quotes(Desk& desk, InstrumentId instrument, Side side, std::optional<Ticks> limit) {
  std::vector<std::pair<AccountId, OrderId>> found;
  each_resting(desk.view(), instrument, side, [&](Ticks price, const RestingOrder& order) {
    if (limit && !is_within(side, price, *limit)) return false;
    if (is_quoting(order.account)) found.emplace_back(order.account, order.id);
    return true;
  });
  for (const auto& [account, order] : found)
    desk.execute(CancelOrder{account, instrument, order, {}});
}

void place_counterparty(Desk& desk, InstrumentId id, Side side, Ticks price, Lots quantity) {
  const Instrument instrument = desk.view().instruments()[id.raw];
  while (quantity.raw > 0) {
    const Lots wanted = std::min(quantity, instrument.quantity_max);
    const Lots placed = std::max(wanted, instrument.quantity_min);
    const auto events =
        desk.execute(market::market_order(market::kTaker, instrument, side, price, placed));
    const auto* accepted = events.empty() ? nullptr : std::get_if<OrderAccepted>(&events.front());
    if (accepted == nullptr) return;
    if (placed > wanted) {
      AmendOrder less;
      less.account = market::kTaker;
      less.instrument = id;
      less.order = accepted->order.id;
      less.quantity = wanted;
      desk.execute(less);
    }
    quantity -= wanted;
  }
}

void remove_counterparty(Desk& desk, InstrumentId instrument) {
  bool is_there = false;
  desk.view().live_orders(market::kTaker, [&](const Order& order) {
    is_there = order.instrument == instrument;
    return !is_there;
  });
  if (is_there) desk.execute(cancel_all(market::kTaker, instrument));
}

void fill_resting(Desk& desk, const Order& order, Lots quantity) {
  const Instrument instrument = desk.view().instruments()[order.instrument.raw];
  if (!is_first_of_users(desk.view(), order)) return;
  withdraw_quotes(desk, order.instrument, order.side, order.price);
  Lots left = std::min(order.remaining(), std::max(quantity, instrument.quantity_min));
  while (left.raw > 0) {
    const Lots now = std::clamp(left, instrument.quantity_min, instrument.quantity_max);
    PlaceOrder hit =
        market::market_order(market::kTaker, instrument, opposite(order.side), order.price, now);
    hit.time_in_force = TimeInForce::ioc;
    desk.execute(hit);
    left -= std::min(left, now);
  }
}

}  // namespace venuebox::box
