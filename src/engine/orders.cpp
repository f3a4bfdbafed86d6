// The life of an order outside matching: how it comes in, how it is found and told of, how it ends.
#include "engine/engine.h"

namespace venuebox::engine {
namespace {
bool has_details(const PlaceOrder& order) {
  return order.close_position || order.purpose != OrderPurpose::ordinary ||
         order.attachment != Attachment::none || order.display.raw != 0 || order.expires.ns != 0 ||
         order.trigger || order.take_profit || order.stop_loss || order.stops != Attachment::whole;
}
}  // namespace

// The order as it was taken, before anything of it acts.
Slot Engine::accept(const PlaceOrder& placed, const Intent& intent, OrderId linked) {
  const Slot slot = create(placed.account, *intent.instrument, placed.position_side);
  RestingNode& resting = orders_.resting(slot);
  resting.set_price(intent.price);
  resting.set(RestingNode::kSells, placed.side == Side::sell);
  resting.set(RestingNode::kReduceOnly, intent.reduce_only);
  OrderNode& node = orders_.node(slot);
  node.quantity = intent.quantity;
  node.session = placed.session;
  node.type = placed.type;
  node.time_in_force = intent.time_in_force;
  node.self_trade = placed.self_trade;
  node.post_only = placed.post_only;
  if (has_details(placed) || linked.raw != 0) {
    OrderDetails& details = orders_.own_details(slot);
    details.close_position = placed.close_position;
    details.purpose = placed.purpose;
    details.attachment = placed.attachment;
    details.display = placed.display;
    details.expires = placed.expires;
    details.trigger = placed.trigger;
    details.take_profit = placed.take_profit;
    details.stop_loss = placed.stop_loss;
    details.stops = placed.stops;
    details.linked = linked;
    resting.set(RestingNode::kIsLinked, placed.take_profit || placed.stop_loss || linked.raw != 0);
    if (placed.expires.ns != 0) remember_due(placed.expires, resting.id.raw);
  }
  if (placed.trigger) node.status = OrderStatus::untriggered;
  if (!placed.client_order_id.empty()) {
    node.name = client_ids_.add(placed.account, placed.client_order_id, resting.id);
  }
  emit_accepted(slot);
  return slot;
}

Slot Engine::create(AccountId account, const Instrument& instrument, PositionSide side) {
  const Slot slot = orders_.take(OrderId{++orders_created_});
  OrderNode& node = orders_.node(slot);
  node = OrderNode{};
  node.account = account;
  node.is_hedged = side != PositionSide::both;
  orders_.resting(slot).shown = {};
  orders_.resting(slot).set(RestingNode::kOfShortLeg, side == PositionSide::short_side);
  node.instrument = instrument.id;
  node.last_price_on_created = market(instrument.id).last;
  node.created = node.updated = time_;
  link_to_account(slot);
  return slot;
}

// Ends an order that rests or waits.
void Engine::cancel(Slot slot, CancelReason reason) {
  const RestingNode& resting = orders_.resting(slot);
  const OrderNode& node = orders_.node(slot);
  if (node.status == OrderStatus::untriggered) {
    stop_waiting(slot);
  } else {
    const Instrument& instrument = ledger_.instrument(node.instrument);
    market(instrument.id).book.remove(orders_, slot);
    ledger_.unrest(node.account, resting, instrument, orders_.remaining(slot));
    touch(instrument.id);
  }
  close(slot, OrderStatus::cancelled, reason);
}

CancelReason Engine::cancel_reason_of(RejectReason refusal) {
  switch (refusal) {
    case RejectReason::reduce_only_without_position: return CancelReason::reduce_only;
    case RejectReason::no_liquidity: return CancelReason::immediate_or_cancel;
    case RejectReason::position_above_tier: return CancelReason::position_above_tier;
    default: return CancelReason::insufficient_funds;
  }
}

// Moves an order that is in no book and no queue to the records.
void Engine::close(Slot slot, OrderStatus status, CancelReason reason) {
  OrderNode& node = orders_.node(slot);
  const RestingNode& resting = orders_.resting(slot);
  node.status = status;
  node.updated = time_;
  const AccountId account = node.account;
  const Instrument& instrument = ledger_.instrument(node.instrument);
  if (status == OrderStatus::cancelled) {
    OrderCancelled& cancelled = emit<OrderCancelled>();
    cancelled.order = resting.id;
    cancelled.account = account;
    cancelled.remaining = orders_.remaining(slot);
    cancelled.reason = reason;
  }
  const bool is_user = ledger_.is_user(account);
  if (node.name != kNoName && !(is_user && instrument.remembers_client_ids)) {
    client_ids_.set_free(node.name);
  }
  if (is_user) {
    records_.add_closed(resting.id, resting, node, orders_.details(slot), instrument.settle, reason,
                        client_ids_);
  } else {
    client_ids_.release(node.name);
  }
  unlink_from_account(slot);
  // Of a pair neither stays alone; one that trades or triggers has ended the other already.
  const OrderDetails* details = orders_.details(slot);
  const OrderId linked = details ? details->linked : OrderId{};
  orders_.release(slot);
  if (linked.raw != 0 && reason != CancelReason::linked_order) end_linked(linked);
}

// One may end another that was found with it.
void Engine::cancel_found(CancelReason reason) {
  for (const OrderId id : found_) {
    if (const Slot slot = orders_.find(id); slot != kNoSlot) cancel(slot, reason);
  }
}

Order Engine::described(Slot slot) const {
  const OrderNode& node = orders_.node(slot);
  return order_of(orders_.resting(slot), node, orders_.details(slot),
                  ledger_.instrument(node.instrument).settle, client_ids_.text(node.name));
}

// Puts a live order of a snapshot where it was.
Slot Engine::restore(const Order& order) {
  const Slot slot = orders_.take(order.id);
  restore_order(order, orders_, slot);
  if (!order.client_order_id.empty()) {
    orders_.node(slot).name = client_ids_.add(order.account, order.client_order_id, order.id);
  }
  if (order.expires.ns != 0) remember_due(order.expires, order.id.raw);
  return slot;
}

Slot Engine::find_live(AccountId account, OrderId order, const ClientOrderId& client_id) const {
  if (order.raw == 0) {
    if (client_id.empty()) return kNoSlot;
    order = client_ids_.find(account, client_id);
  }
  const Slot slot = order.raw == 0 ? kNoSlot : orders_.find(order);
  return slot != kNoSlot && orders_.node(slot).account == account ? slot : kNoSlot;
}

void Engine::link_to_account(Slot slot) {
  Slot& newest = account_orders_[orders_.node(slot).account.raw];
  orders_.links(slot) = {.next = newest, .previous = kNoSlot};
  if (newest != kNoSlot) orders_.links(newest).previous = slot;
  newest = slot;
}

void Engine::unlink_from_account(Slot slot) {
  const AccountLinks& links = orders_.links(slot);
  if (links.previous == kNoSlot) {
    account_orders_[orders_.node(slot).account.raw] = links.next;
  } else {
    orders_.links(links.previous).next = links.next;
  }
  if (links.next != kNoSlot) orders_.links(links.next).previous = links.previous;
}

void Engine::remember_due(Timestamp due, std::uint64_t id) {
  timers_.push({due.ns, id}, [this](const DueQueue::Entry& entry) { return is_due_entry(entry); });
}

bool Engine::is_due_entry(const DueQueue::Entry& entry) const {
  if (entry.id & kFundingTimer) {
    return markets_[entry.id & ~kFundingTimer].next_funding.ns == entry.key;
  }
  if (entry.id & kAccountTimer) return dead_men_[entry.id & ~kAccountTimer].due.ns == entry.key;
  const Slot slot = orders_.find(OrderId{entry.id});
  if (slot == kNoSlot) return false;
  const OrderDetails* details = orders_.details(slot);
  return details && details->expires.ns == entry.key;
}

void Engine::find_next_due() {
  const auto* next =
      timers_.top([this](const DueQueue::Entry& entry) { return is_due_entry(entry); });
  next_due_ = next ? Timestamp{next->key} : kNever;
}

// Expiries, funding and dead-man switches, each at its own time; at the same time orders come
// before funding, funding before accounts, and the older before the younger.
void Engine::advance_to(Timestamp time) {
  for (; next_due_ <= time && next_due_ != kNever; find_next_due()) {
    pass_to(std::max(time_, next_due_));
    const std::uint64_t id =
        timers_.top([this](const DueQueue::Entry& entry) { return is_due_entry(entry); })->id;
    timers_.pop();
    if (id & kFundingTimer) {
      settle_funding(InstrumentId{static_cast<std::uint32_t>(id & ~kFundingTimer)});
    } else if (id & kAccountTimer) {
      DeadMan& dead_man = dead_men_[id & ~kAccountTimer];
      dead_man.due = kNever;
      const AccountId account{static_cast<std::uint32_t>(id & ~kAccountTimer)};
      events_.emplace_back(DeadManSwitchArmed{account, kNever});
      cancel_matching(account, OrderFilter(dead_man.filter), CancelReason::dead_man_switch);
    } else {
      cancel(orders_.find(OrderId{id}), CancelReason::expired);
    }
    settle_aftermath();
  }
}

void Engine::on(const ArmDeadManSwitch& command) {
  if (!ledger_.knows(command.account)) {
    return reject(command.account, RejectReason::unknown_account);
  }
  if (!knows_all_of(command.filter)) {
    return reject(command.account, RejectReason::unknown_instrument);
  }
  if (command.timeout.raw < 0 || command.timeout > kDeadManMax ||
      command.timeout >= kNever - time_) {
    return reject(command.account, RejectReason::timeout_out_of_range);
  }
  DeadMan& dead_man = dead_men_[command.account.raw];
  dead_man =
      command.timeout.raw == 0 ? DeadMan{} : DeadMan{time_ + command.timeout, command.filter};
  if (dead_man.due != kNever) remember_due(dead_man.due, account_timer(command.account));
  events_.emplace_back(DeadManSwitchArmed{command.account, dead_man.due});
}

}  // namespace venuebox::engine
