// The life of an order outside matching: how it comes in, how it is found and told of, how it ends.
#include "engine/engine.h"

namespace venuebox::engine {
namespace {
bool has_details(const PlaceOrder& order) {
  return order.close_position || order.purpose != OrderPurpose::ordinary ||
         order.attachment != Attachment::none || order.display.raw != 0 || order.expires.ns != 0 ||
         order.trigger || order.take_profit || order.stop_loss;
}
}  // namespace

// The order as it was taken, before anything of it acts.
Slot Engine::accept(const PlaceOrder& placed, const Intent& intent) {
  const Slot slot = create(placed.account, *intent.instrument);
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
  if (has_details(placed)) {
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
    resting.set(RestingNode::kIsLinked, placed.take_profit || placed.stop_loss);
    if (placed.expires.ns != 0) remember_due(placed.expires, resting.id.raw);
  }
  if (placed.trigger) node.status = OrderStatus::untriggered;
  if (!placed.client_order_id.empty()) {
    node.name = client_ids_.add(placed.account, placed.client_order_id, resting.id);
  }
  describe(slot, emit<OrderAccepted>().order);
  return slot;
}

Slot Engine::create(AccountId account, const Instrument& instrument) {
  const Slot slot = orders_.take(OrderId{++orders_created_});
  OrderNode& node = orders_.node(slot);
  node = OrderNode{};
  node.account = account;
  orders_.resting(slot).shown = {};
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
    ledger_.release(orders_.node(slot).account, resting, instrument, orders_.remaining(slot));
    Exposure& open = exposure(node.account, instrument.id);
    --open.orders;
    open.reduce_only -= resting.is(RestingNode::kReduceOnly);
    touch(instrument.id);
  }
  close(slot, OrderStatus::cancelled, reason);
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
  if (ledger_.is_user(account)) {
    Order& closed = records_.add_closed(account);
    if (client_ids_.size() > 0 && !closed.client_order_id.empty()) {
      client_ids_.erase(closed.account, closed.client_order_id, closed.id);
    }
    describe(slot, closed);
    closed.cancel_reason = reason;
    closed.shown = {};
  }
  if (node.name != ~0u && !(ledger_.is_user(account) && instrument.remembers_client_ids)) {
    client_ids_.erase(account, client_ids_.text(node.name), resting.id);
  }
  unlink_from_account(slot);
  orders_.release(slot);
}

void Engine::describe(Slot slot, Order& order) const {
  const RestingNode& resting = orders_.resting(slot);
  const OrderNode& node = orders_.node(slot);
  order.id = resting.id;
  order.account = node.account;
  order.instrument = node.instrument;
  order.side = resting.side();
  order.type = node.type;
  order.time_in_force = node.time_in_force;
  order.post_only = node.post_only;
  order.reduce_only = resting.is(RestingNode::kReduceOnly);
  order.self_trade = node.self_trade;
  order.status = node.status;
  order.cancel_reason = CancelReason::none;
  order.session = node.session;
  order.price = resting.price();
  order.quantity = node.quantity;
  order.last_price_on_created = node.last_price_on_created;
  order.created = node.created;
  order.updated = node.updated;
  order.shown = resting.shown;
  if (node.name == ~0u) {
    order.client_order_id.clear();
  } else {
    order.client_order_id = client_ids_.text(node.name);
  }
  if (const OrderDetails* details = orders_.details(slot)) {
    describe_details(*details, order);
  } else {
    order.close_position = false;
    order.purpose = OrderPurpose::ordinary;
    order.attachment = Attachment::none;
    order.filled = {};
    order.filled_value = 0;
    order.expires = {};
    order.display = {};
    order.parent = order.linked = {};
    order.trigger.reset();
    order.take_profit.reset();
    order.stop_loss.reset();
    order.stops = Attachment::whole;
  }
  if (order.filled.raw == 0) order.fee = {0, ledger_.instrument(node.instrument).settle};
}

void Engine::describe_details(const OrderDetails& details, Order& order) {
  order.close_position = details.close_position;
  order.purpose = details.purpose;
  order.attachment = details.attachment;
  order.filled = details.filled;
  order.filled_value = details.filled_value;
  order.fee = {details.fee, details.fee_asset};
  order.expires = details.expires;
  order.display = details.display;
  order.parent = details.parent;
  order.linked = details.linked;
  order.trigger = details.trigger;
  order.take_profit = details.take_profit;
  order.stop_loss = details.stop_loss;
  order.stops = details.stops;
}

// Puts a live order of a snapshot where it was; the other way round from describe().
Slot Engine::restore(const Order& order) {
  const Slot slot = orders_.take(order.id);
  RestingNode& resting = orders_.resting(slot);
  resting.set_price(order.price);
  resting.set(RestingNode::kSells, order.side == Side::sell);
  resting.set(RestingNode::kReduceOnly, order.reduce_only);
  resting.shown = order.shown;
  resting.set(RestingNode::kHasHidden, order.shown.raw != 0 && order.shown < order.remaining());
  resting.set(RestingNode::kIsLinked,
              order.linked.raw != 0 || order.take_profit || order.stop_loss);
  OrderNode& node = orders_.node(slot);
  node = OrderNode{};
  node.account = order.account;
  node.quantity = order.quantity;
  node.last_price_on_created = order.last_price_on_created;
  node.created = order.created;
  node.updated = order.updated;
  node.instrument = order.instrument;
  node.session = order.session;
  node.type = order.type;
  node.time_in_force = order.time_in_force;
  node.status = order.status;
  node.self_trade = order.self_trade;
  node.post_only = order.post_only;
  if (!order.client_order_id.empty()) {
    node.name = client_ids_.add(order.account, order.client_order_id, order.id);
  }
  if (order.expires.ns != 0) remember_due(order.expires, order.id.raw);
  OrderDetails& details = orders_.own_details(slot);
  details.filled = order.filled;
  details.filled_value = order.filled_value;
  details.fee = order.fee.units;
  details.fee_asset = order.fee.asset;
  details.expires = order.expires;
  details.display = order.display;
  details.parent = order.parent;
  details.linked = order.linked;
  details.close_position = order.close_position;
  details.purpose = order.purpose;
  details.attachment = order.attachment;
  details.stops = order.stops;
  details.trigger = order.trigger;
  details.take_profit = order.take_profit;
  details.stop_loss = order.stop_loss;
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
  orders_.node(slot).account_next = newest;
  if (newest != kNoSlot) orders_.node(newest).account_previous = slot;
  newest = slot;
}

void Engine::unlink_from_account(Slot slot) {
  const OrderNode& node = orders_.node(slot);
  if (node.account_previous == kNoSlot) {
    account_orders_[orders_.node(slot).account.raw] = node.account_next;
  } else {
    orders_.node(node.account_previous).account_next = node.account_next;
  }
  if (node.account_next != kNoSlot) {
    orders_.node(node.account_next).account_previous = node.account_previous;
  }
}

void Engine::remember_due(Timestamp due, std::uint64_t id) {
  timers_.push({due.ns, id}, [this](const DueQueue::Entry& entry) { return is_due_entry(entry); });
}

bool Engine::is_due_entry(const DueQueue::Entry& entry) const {
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

// Expiries and dead-man switches, each at its own time; at the same time orders come before
// accounts, and the older before the younger.
void Engine::advance_to(Timestamp time) {
  for (; next_due_ <= time; find_next_due()) {
    time_ = std::max(time_, next_due_);
    const std::uint64_t id =
        timers_.top([this](const DueQueue::Entry& entry) { return is_due_entry(entry); })->id;
    timers_.pop();
    if (id & kAccountTimer) {
      DeadMan& dead_man = dead_men_[id & ~kAccountTimer];
      dead_man.due = kNever;
      const AccountId account{static_cast<std::uint32_t>(id & ~kAccountTimer)};
      cancel_matching(account, OrderFilter(dead_man.filter), CancelReason::dead_man_switch);
    } else {
      cancel(orders_.find(OrderId{id}), CancelReason::expired);
    }
    settle_aftermath();
  }
  time_ = time;
}

void Engine::on(const ArmDeadManSwitch& command) {
  if (!ledger_.knows(command.account)) {
    return reject(command.account, RejectReason::unknown_account);
  }
  if (command.filter.instrument && !ledger_.knows(*command.filter.instrument)) {
    return reject(command.account, RejectReason::unknown_instrument);
  }
  if (command.timeout.raw < 0 || command.timeout > kDeadManMax) {
    return reject(command.account, RejectReason::timeout_out_of_range);
  }
  DeadMan& dead_man = dead_men_[command.account.raw];
  dead_man =
      command.timeout.raw == 0 ? DeadMan{} : DeadMan{time_ + command.timeout, command.filter};
  if (dead_man.due != kNever) remember_due(dead_man.due, account_timer(command.account));
  events_.emplace_back(DeadManSwitchArmed{command.account, dead_man.due});
}

}  // namespace venuebox::engine
