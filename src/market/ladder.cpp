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
  if (shown > target) quiet &= take_away(desk, instrument, maker, shown - target);
  return quiet;
}

// Of own_, which stands in the order of the queue. False when anything traded.
bool Ladder::take_away(Desk& desk, const Instrument& instrument, AccountId maker, Lots excess) {
  bool quiet = true;
  if (model_ == QueueModel::proportional) {
    Int128 shown = 0, before = 0;
    for (const Own& own : own_)
      shown += own.remaining.raw;
    // What is taken up to each order is rounded down, so that the parts add up.
    for (const Own& own : own_) {
      const Int128 after = before + own.remaining.raw;
      const Int128 taken = after * excess.raw / shown - before * excess.raw / shown;
      quiet &= take_from(desk, instrument, maker, own, Lots{static_cast<std::int64_t>(taken)});
      before = after;
    }
    return quiet;
  }
  if (model_ == QueueModel::tail) std::reverse(own_.begin(), own_.end());
  for (const Own& own : own_) {
    const Lots taken = std::min(own.remaining, excess);
    quiet &= take_from(desk, instrument, maker, own, taken);
    excess -= taken;
  }
  return quiet;
}

bool Ladder::take_from(Desk& desk, const Instrument& instrument, AccountId maker, const Own& own,
                       Lots taken) {
  if (taken.raw == 0) return true;
  if (taken == own.remaining) {
    return is_quiet(desk.execute(CancelOrder{maker, instrument.id, own.order, {}}));
  }
  return is_quiet(desk.execute(reduced(maker, instrument, own.order, own.quantity - taken)));
}

}  // namespace venuebox::market
