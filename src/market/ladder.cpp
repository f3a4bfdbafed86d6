#include "market/ladder.h"

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

// Less than the least that may be ordered: that least is placed, and lowered where it rests.
void add_little(Desk& desk, const Instrument& instrument, AccountId maker, Side side, Ticks price,
                Lots quantity) {
  OrderId rested;
  for (const Event& event :
       desk.execute(market_order(maker, instrument, side, price, instrument.quantity_min))) {
    if (const auto* rest = std::get_if<OrderRested>(&event);
        rest && rest->remaining == instrument.quantity_min) {
      rested = rest->order;
    }
  }
  if (rested.raw != 0) desk.execute(reduced(maker, instrument, rested, quantity));
}
}  // namespace

void Ladder::set_level(Desk& desk, const Instrument& instrument, Side side, Ticks price,
                       Lots target) {
  const AccountId maker = side == Side::buy ? kBidMaker : kAskMaker;
  own_.clear();
  Lots shown;
  desk.view().level_orders(instrument.id, side, price, [&](const RestingOrder& order) {
    if (order.account == maker) {
      own_.push_back({order.id, order.quantity, order.remaining});
      shown += order.remaining;
    }
    return true;
  });
  while (shown < target) {
    const Lots more = std::min(target - shown, instrument.quantity_max);
    if (more < instrument.quantity_min) {
      add_little(desk, instrument, maker, side, price, more);
    } else {
      desk.execute(market_order(maker, instrument, side, price, more));
    }
    shown += more;
  }
  for (auto newest = own_.rbegin(); newest != own_.rend() && shown > target; ++newest) {
    const Lots excess = shown - target;
    if (newest->remaining <= excess) {
      desk.execute(CancelOrder{maker, instrument.id, newest->order, {}});
      shown -= newest->remaining;
    } else {
      desk.execute(reduced(maker, instrument, newest->order, newest->quantity - excess));
      shown = target;
    }
  }
}

}  // namespace venuebox::market
