#include "market/ladder.h"

#include <algorithm>

namespace venuebox::market {

PlaceOrder market_order(AccountId account, const Instrument& instrument, Side side, Ticks price,
                        Lots quantity) {
  PlaceOrder order;
  order.account = account;
  order.instrument = instrument.id;
  order.side = side;
  order.price = price;
  order.quantity = quantity;
  order.value = {0, instrument.quote};
  return order;
}

namespace {
AmendOrder reduced(AccountId maker, const Instrument& instrument, OrderId order, Lots quantity) {
  AmendOrder amend;
  amend.account = maker;
  amend.instrument = instrument.id;
  amend.order = order;
  amend.quantity = quantity;
  return amend;
}

AccountId maker_of(Side side) { return side == Side::buy ? kBidMaker : kAskMaker; }

// Whether nothing traded.
bool is_quiet(std::span<const Event> events) {
  return std::ranges::none_of(
      events, [](const Event& event) { return std::holds_alternative<Fill>(event); });
}

// Less than the least that may be ordered: that least is placed, and lowered where it rests.
bool add_little(Desk& desk, const Instrument& instrument, AccountId maker, Side side, Ticks price,
                Lots quantity) {
  OrderId rested;
  const auto events =
      desk.execute(market_order(maker, instrument, side, price, instrument.quantity_min));
  const bool quiet = is_quiet(events);
  for (const Event& event : events) {
    if (const auto* rest = std::get_if<OrderRested>(&event);
        rest && rest->remaining == instrument.quantity_min) {
      rested = rest->order;
    }
  }
  if (rested.raw == 0) return quiet;
  return is_quiet(desk.execute(reduced(maker, instrument, rested, quantity))) && quiet;
}
}  // namespace

Lots Ladder::shown(const View& view, InstrumentId instrument, Side side, Ticks price) {
  Lots sum;
  view.level_orders(instrument, side, price, [&](const RestingOrder& order) {
    if (order.account == maker_of(side)) sum += order.remaining;
    return true;
  });
  return sum;
}

bool Ladder::set_level(Desk& desk, const Instrument& instrument, Side side, Ticks price,
                       Lots target) {
  const AccountId maker = maker_of(side);
  own_.clear();
  Lots shown;
  desk.view().level_orders(instrument.id, side, price, [&](const RestingOrder& order) {
    if (order.account == maker) {
      own_.push_back({order.id, order.quantity, order.remaining});
      shown += order.remaining;
    }
    return true;
  });
  bool quiet = true;
  while (shown < target) {
    const Lots more = std::min(target - shown, instrument.quantity_max);
    if (more < instrument.quantity_min) {
      quiet &= add_little(desk, instrument, maker, side, price, more);
    } else {
      quiet &= is_quiet(desk.execute(market_order(maker, instrument, side, price, more)));
    }
    shown += more;
  }
  for (auto newest = own_.rbegin(); newest != own_.rend() && shown > target; ++newest) {
    const Lots excess = shown - target;
    if (newest->remaining <= excess) {
      quiet &= is_quiet(desk.execute(CancelOrder{maker, instrument.id, newest->order, {}}));
      shown -= newest->remaining;
    } else {
      const Lots left = newest->quantity - excess;
      quiet &= is_quiet(desk.execute(reduced(maker, instrument, newest->order, left)));
      shown = target;
    }
  }
  return quiet;
}

}  // namespace venuebox::market
