// How orders meet: what would trade is planned by reading only, and then applied without failing.
#include "engine/engine.h"

namespace venuebox::engine {
namespace {
// A market order takes at most this far from the best opposite price; what is left is cancelled.
constexpr std::int64_t kProtectionPercent = 5;

bool reaches(Side side, Ticks limit, Ticks price) {
  return side == Side::buy ? price <= limit : price >= limit;
}
}  // namespace

Ticks Engine::protection_price(const PlaceOrder& order, const Instrument& instrument,
                               Ticks best) const {
  // The market's own takers pay whatever the recording or the model says.
  if (!ledger_.is_user(order.account)) {
    return order.side == Side::buy ? instrument.price_max : Ticks{1};
  }
  const std::int64_t far =
      best.raw / 100 * kProtectionPercent + best.raw % 100 * kProtectionPercent / 100;
  if (order.side == Side::buy) return std::min(best + Ticks{far}, instrument.price_max);
  return std::max(best - Ticks{far}, Ticks{1});
}

bool Engine::would_take(const PlaceOrder& order) const {
  const auto best = book(order.instrument).best(opposite(order.side));
  return best && reaches(order.side, order.price, *best);
}

Lots Engine::reducible(const Order& maker, const PlaceOrder& taker) const {
  std::int64_t size = ledger_.position(maker.account, maker.instrument).size.raw;
  const std::int64_t maker_sign = maker.side == Side::buy ? 1 : -1;
  for (const PlannedFill& fill : plan_.fills) {
    if (pool_[fill.maker].order.account == maker.account) size += maker_sign * fill.quantity.raw;
    if (taker.account == maker.account) size -= maker_sign * fill.quantity.raw;
  }
  const std::int64_t left = -maker_sign * size;
  return Lots{std::max<std::int64_t>(0, left)};
}

void Engine::plan_match(const PlaceOrder& order, const Instrument& instrument) {
  plan_.clear();
  Money budget = order.value;
  Lots wanted = order.value.units > 0 ? instrument.market_quantity_max : order.quantity;
  if (order.price.raw == 0) return;  // A market order that met an empty book.
  book(order.instrument).each_level(opposite(order.side), [&](Ticks price, const auto& level) {
    if (!reaches(order.side, order.price, price)) return false;
    for (Slot slot = level.head; slot != kNoSlot; slot = pool_[slot].level_next) {
      const Order& maker = pool_[slot].order;
      Lots quantity = std::min(wanted, maker.remaining());
      if (budget.units > 0) {
        quantity = std::min(quantity, lots_affordable(budget, price, instrument));
      }
      bool maker_ends = false;
      if (maker.reduce_only) {
        const Lots reducible = this->reducible(maker, order);
        maker_ends = reducible < maker.remaining() && reducible <= quantity;
        quantity = std::min(quantity, reducible);
      }
      if (quantity.raw == 0 && !maker_ends) return false;
      plan_.fills.push_back({slot, quantity, maker_ends});
      plan_.quantity += quantity;
      plan_.value += static_cast<Int128>(price.raw) * quantity.raw;
      wanted -= quantity;
      if (order.value.units > 0) {
        budget -= notional(price, quantity, instrument);
        plan_.unspent =
            lots_affordable({std::max<Int128>(0, budget.units), budget.asset}, price, instrument);
      }
      if (wanted.raw == 0 || (order.value.units > 0 && budget.units <= 0)) return false;
    }
    return true;
  });
}

void Engine::trade(Slot taker_slot, const PlannedFill& planned, const Instrument& instrument) {
  const Slot maker_slot = planned.maker;
  if (planned.quantity.raw > 0) {
    Order& taker = pool_[taker_slot].order;
    Order& maker = pool_[maker_slot].order;
    const Lots quantity = planned.quantity;
    const Ticks price = maker.price;
    const Int128 value = static_cast<Int128>(price.raw) * quantity.raw;

    book(maker.instrument).shrink(maker, quantity);
    ledger_.unrest(maker, quantity);
    for (Order* order : {&taker, &maker}) {
      order->filled += quantity;
      order->filled_value += value;
      order->status =
          order->remaining().raw == 0 ? OrderStatus::filled : OrderStatus::partially_filled;
      order->updated = time_;
    }
    const FillId id{++fills_created_};
    const FillParty maker_party =
        ledger_.settle(maker, quantity, price, instrument.maker_fee, time_);
    const FillParty taker_party =
        ledger_.settle(taker, quantity, price, instrument.taker_fee, time_);
    maker.fee = {maker.fee.units + maker_party.fee.units, maker_party.fee.asset};
    taker.fee = {taker.fee.units + taker_party.fee.units, taker_party.fee.asset};
    events_.emplace_back(
        Fill{id, instrument.id, taker.side, price, quantity, maker_party, taker_party});

    records_.add_trade(instrument.id, {id, taker.side, price, quantity, time_});
    const auto remember = [&](const Order& order, const FillParty& party, bool is_maker) {
      if (party.closed.raw > 0) reduced_.emplace_back(order.account, order.instrument);
      if (!ledger_.is_user(order.account)) return;
      records_.add_execution(order.account, {.id = id,
                                             .instrument = instrument.id,
                                             .side = order.side,
                                             .is_maker = is_maker,
                                             .order_type = order.type,
                                             .price = price,
                                             .quantity = quantity,
                                             .order = order.id,
                                             .order_price = order.price,
                                             .order_quantity = order.quantity,
                                             .remaining = order.remaining(),
                                             .closed = party.closed,
                                             .fee = party.fee,
                                             .realised_profit = party.realised_profit,
                                             .time = time_,
                                             .client_order_id = order.client_order_id});
    };
    remember(maker, maker_party, true);
    remember(taker, taker_party, false);
  }
  const Order& maker = pool_[maker_slot].order;
  if (maker.remaining().raw == 0) {
    book(maker.instrument).remove(pool_, maker_slot);
    ledger_.count_open(maker, -1);
    close(maker_slot);
  } else if (planned.maker_ends) {
    cancel(maker_slot, CancelReason::reduce_only);
  }
}

void Engine::rest(Slot slot) {
  const Order& order = pool_[slot].order;
  book(order.instrument).add(pool_, slot);
  ledger_.rest(order, order.remaining());
  ledger_.count_open(order, 1);
  events_.emplace_back(OrderRested{order.id, order.remaining()});
}

void Engine::cancel(Slot slot, CancelReason reason) {
  Order& order = pool_[slot].order;
  book(order.instrument).remove(pool_, slot);
  ledger_.unrest(order, order.remaining());
  ledger_.count_open(order, -1);
  order.status = OrderStatus::cancelled;
  order.cancel_reason = reason;
  order.updated = time_;
  events_.emplace_back(OrderCancelled{order.id, order.account, order.remaining(), reason});
  close(slot);
}

void Engine::close(Slot slot) {
  const Order& order = pool_[slot].order;
  VENUEBOX_ASSERT(!is_live(order.status));
  // An order that is not remembered frees its client's id.
  const auto forgotten =
      ledger_.is_user(order.account) ? records_.add_closed(order) : std::optional(order);
  if (forgotten && !forgotten->client_order_id.empty()) {
    client_ids_.erase({forgotten->account, forgotten->client_order_id});
  }
  unlink_from_account(slot);
  slots_.erase(order.id);
  pool_.release(slot);
}

// After a position shrank: resting reduce-only orders must not be able to turn it round.
void Engine::trim_reduce_only(AccountId account, InstrumentId instrument) {
  if (ledger_.exposure(account, instrument).reduce_only_orders == 0) return;
  const std::int64_t size = ledger_.position(account, instrument).size.raw;
  found_.clear();
  for (Slot slot = account_orders_[account.raw]; slot != kNoSlot; slot = pool_[slot].account_next) {
    const Order& order = pool_[slot].order;
    if (order.reduce_only && order.instrument == instrument) found_.push_back(slot);
  }
  for (const Slot slot : found_) {
    Order& order = pool_[slot].order;
    const bool reduces = order.side == Side::sell ? size > 0 : size < 0;
    if (!reduces) {
      cancel(slot, CancelReason::reduce_only);
      continue;
    }
    const Lots excess = order.remaining() - Lots{std::abs(size)};
    if (excess.raw <= 0) continue;
    ledger_.unrest(order, excess);
    book(instrument).shrink(order, excess);
    order.quantity -= excess;
    order.updated = time_;
    events_.emplace_back(OrderReduced{order.id, order.quantity});
  }
}

void Engine::link_to_account(Slot slot) {
  Slot& newest = account_orders_[pool_[slot].order.account.raw];
  pool_[slot].account_next = newest;
  if (newest != kNoSlot) pool_[newest].account_previous = slot;
  newest = slot;
}

void Engine::unlink_from_account(Slot slot) {
  const OrderNode& node = pool_[slot];
  if (node.account_previous == kNoSlot) {
    account_orders_[node.order.account.raw] = node.account_next;
  } else {
    pool_[node.account_previous].account_next = node.account_next;
  }
  if (node.account_next != kNoSlot) {
    pool_[node.account_next].account_previous = node.account_previous;
  }
}

}  // namespace venuebox::engine
