#include "engine/engine.h"

namespace venuebox::engine {

std::span<const Event> Engine::execute(const Command& command) {
  VENUEBOX_ASSERT(command.sequence == sequence_ + 1);
  VENUEBOX_ASSERT(command.time >= time_);
  events_.clear();
  reduced_.clear();
  sequence_ = command.sequence;
  time_ = command.time;
  std::visit([this](const auto& body) { on(body); }, command.body);
  for (std::size_t i = 0; i < reduced_.size(); ++i) {
    trim_reduce_only(reduced_[i].first, reduced_[i].second);
  }
  return events_;
}

void Engine::on(const PlaceOrder& placed) {
  // Decide: nothing is touched until every check has passed.
  if (!ledger_.knows(placed.account)) return reject(placed.account, RejectReason::unknown_account);
  if (!ledger_.knows(placed.instrument)) {
    return reject(placed.account, RejectReason::unknown_instrument);
  }
  const Instrument& instrument = ledger_.instrument(placed.instrument);
  PlaceOrder order = placed;
  if (auto reason = check_terms(order, instrument)) return reject(order.account, *reason);
  if (auto reason = check_identity(order)) return reject(order.account, *reason);
  if (order.type == OrderType::market) {
    const auto best = book(order.instrument).best(opposite(order.side));
    if (!best && order.value.units > 0) return reject(order.account, RejectReason::no_liquidity);
    order.price = best ? protection_price(order, instrument, *best) : Ticks{0};
    order.time_in_force = TimeInForce::ioc;
  }
  if (auto reason = check_reduce_only(order)) return reject(order.account, *reason);
  plan_match(order, instrument);
  if (order.value.units > 0) {
    order.quantity = plan_.quantity + plan_.unspent;
    if (plan_.quantity < instrument.quantity_min) {
      return reject(order.account, RejectReason::quantity_too_small);
    }
  }
  if (auto reason = check_funds(order, instrument)) return reject(order.account, *reason);
  const bool unfillable =
      order.time_in_force == TimeInForce::fok && plan_.quantity < order.quantity;
  const bool takes_though_post_only = order.post_only && would_take(order);

  // Apply: cannot fail.
  const Order accepted{.id = OrderId{++orders_created_},
                       .account = order.account,
                       .instrument = order.instrument,
                       .side = order.side,
                       .type = order.type,
                       .time_in_force = order.time_in_force,
                       .post_only = order.post_only,
                       .reduce_only = order.reduce_only,
                       .status = OrderStatus::open,
                       .cancel_reason = CancelReason::none,
                       .price = order.price,
                       .quantity = order.quantity,
                       .filled = {},
                       .filled_value = 0,
                       .fee = {0, instrument.settle},
                       .last_price_on_created = last_price(order.instrument).value_or(Ticks{0}),
                       .created = time_,
                       .updated = time_,
                       .client_order_id = order.client_order_id};
  const Slot slot = pool_.take(accepted);
  slots_.emplace(accepted.id, slot);
  link_to_account(slot);
  if (!accepted.client_order_id.empty()) {
    client_ids_.insert_or_assign({accepted.account, accepted.client_order_id}, accepted.id);
  }
  events_.emplace_back(OrderAccepted{accepted});

  CancelReason leftover = order.time_in_force == TimeInForce::gtc
                              ? CancelReason::none
                              : CancelReason::immediate_or_cancel;
  if (takes_though_post_only) {
    leftover = CancelReason::post_only;
  } else if (unfillable) {
    leftover = CancelReason::fill_or_kill;
  } else {
    for (const PlannedFill& fill : plan_.fills)
      trade(slot, fill, instrument);
  }
  if (pool_[slot].order.remaining().raw == 0) {
    pool_[slot].order.status = OrderStatus::filled;
    return close(slot);
  }
  if (leftover == CancelReason::none) return rest(slot);
  Order& ended = pool_[slot].order;
  ended.status = OrderStatus::cancelled;
  ended.cancel_reason = leftover;
  events_.emplace_back(OrderCancelled{ended.id, ended.account, ended.remaining(), leftover});
  close(slot);
}

void Engine::on(const CancelOrder& command) {
  if (!ledger_.knows(command.account)) {
    return reject(command.account, RejectReason::unknown_account);
  }
  const Slot slot = find_live(command.account, command.order, command.client_order_id);
  if (slot == kNoSlot || pool_[slot].order.instrument != command.instrument) {
    return reject(command.account, RejectReason::unknown_order);
  }
  cancel(slot, CancelReason::by_user);
}

void Engine::on(const CancelAll& command) {
  if (!ledger_.knows(command.account)) {
    return reject(command.account, RejectReason::unknown_account);
  }
  found_.clear();
  for (Slot slot = account_orders_[command.account.raw]; slot != kNoSlot;
       slot = pool_[slot].account_next) {
    const Instrument& instrument = ledger_.instrument(pool_[slot].order.instrument);
    if (command.instrument && instrument.id != *command.instrument) continue;
    if (command.kind && instrument.kind != *command.kind) continue;
    if (command.settle && instrument.settle != *command.settle) continue;
    if (command.base && instrument.base != *command.base) continue;
    found_.push_back(slot);
  }
  for (const Slot slot : found_)
    cancel(slot, CancelReason::by_user);
}

void Engine::on(const ReduceOrder& command) {
  if (!ledger_.knows(command.account)) {
    return reject(command.account, RejectReason::unknown_account);
  }
  const Slot slot = find_live(command.account, command.order, {});
  if (slot == kNoSlot) return reject(command.account, RejectReason::unknown_order);
  Order& order = pool_[slot].order;
  if (command.quantity <= order.filled) {
    return reject(command.account, RejectReason::quantity_too_small);
  }
  if (command.quantity >= order.quantity) {
    return reject(command.account, RejectReason::amend_unsupported);
  }
  const Lots less = order.quantity - command.quantity;
  ledger_.unrest(order, less);
  book(order.instrument).shrink(order, less);
  order.quantity = command.quantity;
  order.updated = time_;
  events_.emplace_back(OrderReduced{order.id, order.quantity});
}

void Engine::on(const SetLeverage& command) {
  if (!ledger_.knows(command.account)) {
    return reject(command.account, RejectReason::unknown_account);
  }
  if (!ledger_.knows(command.instrument) || ledger_.instrument(command.instrument).is_spot()) {
    return reject(command.account, RejectReason::unknown_instrument);
  }
  const Instrument& instrument = ledger_.instrument(command.instrument);
  if (command.leverage < 1 || command.leverage > instrument.leverage_max) {
    return reject(command.account, RejectReason::leverage_out_of_range);
  }
  const int before = ledger_.leverage(command.account, command.instrument);
  if (before == command.leverage) {
    return reject(command.account, RejectReason::leverage_unchanged);
  }
  // Lower leverage needs more margin; what is open must still be covered.
  const Int128 requirement = perpetual_requirement(instrument, command.account, 0, 0);
  const Int128 scaled = div_ceil(multiply(requirement, before), command.leverage);
  if (scaled > requirement &&
      margin(command.account, instrument.settle).available().units < scaled - requirement) {
    return reject(command.account, RejectReason::insufficient_margin);
  }
  ledger_.set_leverage(command.account, command.instrument, command.leverage);
  events_.emplace_back(LeverageChanged{command.account, command.instrument, command.leverage});
}

void Engine::on(const Deposit& command) {
  if (!ledger_.knows(command.account) || command.amount.asset.raw >= ledger_.assets().size()) {
    return reject(command.account, RejectReason::unknown_account);
  }
  if (command.amount.units <= 0) {
    return reject(command.account, RejectReason::amount_not_positive);
  }
  ledger_.deposit(command.account, command.amount);
  events_.emplace_back(Deposited{command.account, command.amount});
}

void Engine::on(const OpenAccount& command) {
  if (command.account.raw != ledger_.account_count()) {
    return reject(command.account, RejectReason::unknown_account);
  }
  ledger_.open_account(command.kind, command.name);
  account_orders_.push_back(kNoSlot);
  events_.emplace_back(AccountOpened{command.account, command.kind});
}

void Engine::on(const AddAsset& command) { ledger_.add_asset(command.asset); }

void Engine::on(const ListInstrument& command) {
  ledger_.add_instrument(command.instrument);
  books_.emplace_back();
  events_.emplace_back(InstrumentListed{command.instrument.id});
}

std::optional<RejectReason> Engine::check_terms(PlaceOrder& order,
                                                const Instrument& instrument) const {
  const bool by_value = order.value.units > 0;
  if (by_value && (order.type != OrderType::market || !instrument.is_spot())) {
    return RejectReason::quantity_not_positive;
  }
  const bool whole_position = order.reduce_only && order.quantity.raw == 0;
  if (whole_position) {
    const SignedLots size = ledger_.position(order.account, order.instrument).size;
    if (size.raw == 0) return RejectReason::reduce_only_without_position;
    order.quantity = Lots{std::abs(size.raw)};
  }
  if (!by_value) {
    if (order.quantity.raw <= 0) return RejectReason::quantity_not_positive;
    if (order.quantity < instrument.quantity_min) return RejectReason::quantity_too_small;
    const Lots most =
        order.type == OrderType::market ? instrument.market_quantity_max : instrument.quantity_max;
    if (order.quantity > most && !whole_position) return RejectReason::quantity_too_large;
  }
  if (order.type == OrderType::limit) {
    if (order.price.raw <= 0) return RejectReason::price_not_positive;
    if (order.price > instrument.price_max) return RejectReason::price_too_high;
  }
  if (!order.reduce_only && ledger_.is_user(order.account)) {
    const auto reference = order.type == OrderType::limit
                               ? std::optional(order.price)
                               : book(order.instrument).best(opposite(order.side));
    const Int128 value = by_value    ? order.value.units
                         : reference ? notional(*reference, order.quantity, instrument).units
                                     : instrument.notional_min.units;
    if (value < instrument.notional_min.units) return RejectReason::notional_too_small;
  }
  return std::nullopt;
}

std::optional<RejectReason> Engine::check_identity(const PlaceOrder& order) const {
  if (!order.client_order_id.empty() &&
      client_ids_.contains({order.account, order.client_order_id})) {
    return RejectReason::duplicate_client_order_id;
  }
  if (ledger_.is_user(order.account) &&
      ledger_.exposure(order.account, order.instrument).orders >= kOpenOrdersMax) {
    return RejectReason::too_many_open_orders;
  }
  return std::nullopt;
}

// A reduce-only order is cut to what there is to reduce.
std::optional<RejectReason> Engine::check_reduce_only(PlaceOrder& order) const {
  if (!order.reduce_only) return std::nullopt;
  const std::int64_t size = ledger_.position(order.account, order.instrument).size.raw;
  const bool reduces = order.side == Side::sell ? size > 0 : size < 0;
  if (!reduces) return RejectReason::reduce_only_without_position;
  order.quantity = std::min(order.quantity, Lots{std::abs(size)});
  return std::nullopt;
}

std::optional<RejectReason> Engine::check_funds(const PlaceOrder& order,
                                                const Instrument& instrument) const {
  if (!ledger_.is_user(order.account) || order.reduce_only) return std::nullopt;
  const Lots left = order.quantity - plan_.quantity;
  const bool rests = order.time_in_force == TimeInForce::gtc;
  // What trades at once costs the planned price; what may rest, the order's own.
  const Int128 value = plan_.value + (rests ? static_cast<Int128>(order.price.raw) * left.raw : 0);

  if (instrument.is_spot()) {
    const bool buys = order.side == Side::buy;
    const Lots given_lots = rests ? order.quantity : plan_.quantity;
    const Money given =
        buys ? Money{multiply(value, instrument.units_per_tick_lot), instrument.quote}
             : base_amount(given_lots, instrument, ledger_.assets()[instrument.base.raw].scale);
    const Money free = ledger_.balance(order.account, given.asset).free();
    // Cash that backs perpetual positions is not free to be spent.
    const Money available = margin(order.account, given.asset).available();
    if (given.units > std::min(free.units, available.units)) {
      return RejectReason::insufficient_balance;
    }
    return std::nullopt;
  }

  const bool buys = order.side == Side::buy;
  const Int128 before = perpetual_requirement(instrument, order.account, 0, 0);
  const Int128 after =
      perpetual_requirement(instrument, order.account, buys ? value : 0, buys ? 0 : value);
  if (after <= before) return std::nullopt;  // Reducing is always allowed.
  const Money traded{multiply(plan_.value, instrument.units_per_tick_lot), instrument.settle};
  const Int128 fee = std::max<Int128>(0, fee_on(traded, instrument.taker_fee).units);
  const Int128 available = margin(order.account, instrument.settle).available().units;
  if (available < after - before + fee) return RejectReason::insufficient_margin;
  return std::nullopt;
}

Slot Engine::find_live(AccountId account, OrderId order, const ClientOrderId& client_id) const {
  if (order.raw == 0) {
    const auto named = client_ids_.find({account, client_id});
    if (client_id.empty() || named == client_ids_.end()) return kNoSlot;
    order = named->second;
  }
  const auto at = slots_.find(order);
  if (at == slots_.end() || pool_[at->second].order.account != account) return kNoSlot;
  return at->second;
}

void Engine::reject(AccountId account, RejectReason reason) {
  events_.emplace_back(Rejected{account, reason});
}

}  // namespace venuebox::engine
