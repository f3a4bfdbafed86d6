// What belongs to an account as a whole: its money, its leverage and modes, its fee rates. Each
// decides by reading only, in the order of RejectReason, and then changes without failing.
#include "engine/engine.h"

namespace venuebox::engine {
namespace {
// What is set aside for what is open, at a leverage.
Int128 margin_at(const Leg& leg, int leverage) {
  return div_ceil(magnitude(leg.entry_value), leverage);
}
}  // namespace

Engine::Refusal Engine::check_perpetual(AccountId account, InstrumentId id) const {
  if (!ledger_.knows(account)) return RejectReason::unknown_account;
  if (!ledger_.knows(id) || ledger_.instrument(id).is_spot()) {
    return RejectReason::unknown_instrument;
  }
  const TradingPhase phase = ledger_.instrument(id).phase;
  if (phase == TradingPhase::delisted) return RejectReason::instrument_delisted;
  if (phase == TradingPhase::halted) return RejectReason::instrument_halted;
  return std::nullopt;
}

Engine::Refusal Engine::check_leverage(const SetLeverage& command) const {
  if (auto reason = check_perpetual(command.account, command.instrument)) return reason;
  const Instrument& instrument = ledger_.instrument(command.instrument);
  if (command.leverage < 1 || command.leverage > instrument.leverage_max) {
    return RejectReason::leverage_out_of_range;
  }
  const int before = ledger_.leverage(command.account, instrument);
  if (before == command.leverage) return RejectReason::leverage_unchanged;
  const Holding& holding = ledger_.holding(command.account, instrument.id);
  const Exposed open = exposed(holding, instrument);
  if (open.worst() > notional_max(command.leverage, instrument)) {
    return RejectReason::leverage_above_tier;
  }
  // Lower leverage needs more margin; what is open must still be covered.
  const Int128 demanding = holding.is_isolated() ? open.opening() : open.worst();
  Int128 more = div_ceil(demanding, command.leverage) - div_ceil(demanding, before);
  if (holding.is_isolated()) {
    for (const Leg& leg : holding.legs)
      more += margin_at(leg, command.leverage) - leg.margin;
  }
  if (more > 0 && margin(command.account, instrument.settle).available().units < more) {
    return RejectReason::insufficient_margin;
  }
  for (const Leg& leg : holding.legs) {
    if (!holding.is_isolated() || leg.size.raw == 0) continue;
    const Int128 keeps = maintenance_margin(magnitude(value_of(leg.size, instrument)), instrument);
    if (margin_at(leg, command.leverage) + unrealised(instrument, leg) <= keeps) {
      return RejectReason::margin_below_requirement;
    }
  }
  return std::nullopt;
}

// An isolated position gets its initial margin at the new leverage.
void Engine::on(const SetLeverage& command) {
  if (auto reason = check_leverage(command)) return reject(command.account, *reason);
  const Instrument& instrument = ledger_.instrument(command.instrument);
  ledger_.set_leverage(command.account, command.instrument, command.leverage);
  events_.emplace_back(LeverageChanged{command.account, command.instrument, command.leverage});
  const Holding& holding = ledger_.holding(command.account, command.instrument);
  if (!holding.is_isolated()) return;
  for (const LegIndex leg : {LegIndex{0}, kShortLeg}) {
    const Int128 wanted = margin_at(holding.legs[leg], command.leverage);
    change_margin(command.account, instrument, leg, wanted - holding.legs[leg].margin);
  }
}

void Engine::change_margin(AccountId account, const Instrument& instrument, LegIndex leg,
                           Int128 change) {
  if (change == 0) return;
  ledger_.change_margin(account, instrument.id, leg, change);
  const PositionMode mode = ledger_.holding(account, instrument.id).position_mode;
  events_.emplace_back(
      MarginChanged{account, instrument.id, side_of(leg, mode), {change, instrument.settle}});
  mark_dirty(account);
}

// Neither mode changes under orders.
Engine::Refusal Engine::check_mode_of(AccountId account, InstrumentId id) const {
  const Exposure& open = ledger_.holding(account, id).exposure;
  if (open.orders + open.conditional > 0) return RejectReason::orders_are_open;
  return std::nullopt;
}

// What is set aside must be there, and must be enough for each position.
Engine::Refusal Engine::check_isolating(AccountId account,
                                        std::span<const InstrumentId> instruments) const {
  bool is_too_little = false;
  std::vector<Int128> needed(ledger_.assets().size(), 0);
  for (const InstrumentId id : instruments) {
    const Instrument& instrument = ledger_.instrument(id);
    const Holding& holding = ledger_.holding(account, id);
    const int leverage = leverage_of(holding, instrument);
    for (const Leg& leg : holding.legs) {
      if (leg.size.raw == 0) continue;
      const Int128 notional = magnitude(value_of(leg.size, instrument));
      const Int128 backed = margin_at(leg, leverage) + unrealised(instrument, leg);
      needed[instrument.settle.raw] += backed - div_ceil(notional, leverage);
      is_too_little |= backed <= maintenance_margin(notional, instrument);
    }
  }
  for (const Asset& asset : ledger_.assets()) {
    const Int128 more = needed[asset.id.raw];
    if (more > 0 && margin(account, asset.id).available().units < more) {
      return RejectReason::insufficient_margin;
    }
  }
  if (is_too_little) return RejectReason::margin_below_requirement;
  return std::nullopt;
}

void Engine::on(const SetMarginMode& command) {
  const AccountId account = command.account;
  if (!ledger_.knows(account)) return reject(account, RejectReason::unknown_account);
  if (command.instrument) {
    if (auto reason = check_perpetual(account, *command.instrument)) {
      return reject(account, *reason);
    }
  }
  std::vector<InstrumentId> changing;
  for (const Instrument& instrument : ledger_.instruments()) {
    const bool is_meant = !command.instrument || *command.instrument == instrument.id;
    if (instrument.is_spot() || !is_meant) continue;
    if (ledger_.holding(account, instrument.id).margin_mode != command.mode) {
      changing.push_back(instrument.id);
    }
  }
  if (changing.empty()) return reject(account, RejectReason::mode_unchanged);
  for (const InstrumentId id : changing) {
    if (auto reason = check_mode_of(account, id)) return reject(account, *reason);
  }
  if (command.mode == MarginMode::isolated) {
    if (auto reason = check_isolating(account, changing)) return reject(account, *reason);
  }
  for (const InstrumentId id : changing)
    isolate(account, ledger_.instrument(id), command.mode);
  mark_dirty(account);
}

// Sets margin aside for what is open, or gives it back.
void Engine::isolate(AccountId account, const Instrument& instrument, MarginMode mode) {
  Holding& holding = ledger_.mutable_holding(account, instrument.id);
  holding.margin_mode = mode;
  events_.emplace_back(MarginModeChanged{account, instrument.id, mode});
  for (const LegIndex leg : {LegIndex{0}, kShortLeg}) {
    const Leg& open = holding.legs[leg];
    const Int128 wanted = mode == MarginMode::isolated
                              ? margin_at(open, leverage_of(holding, instrument))
                              : Int128{0};
    change_margin(account, instrument, leg, wanted - open.margin);
  }
}

void Engine::on(const SetPositionMode& command) {
  if (!ledger_.knows(command.account)) {
    return reject(command.account, RejectReason::unknown_account);
  }
  if (command.instrument) {
    if (auto reason = check_perpetual(command.account, *command.instrument)) {
      return reject(command.account, *reason);
    }
  } else if (command.settle && command.settle->raw >= ledger_.assets().size()) {
    return reject(command.account, RejectReason::unknown_instrument);
  }
  if (command.instrument.has_value() == command.settle.has_value()) {
    return reject(command.account, RejectReason::contradictory_terms);
  }
  std::vector<InstrumentId> changing;
  for (const Instrument& instrument : ledger_.instruments()) {
    const bool is_meant = command.instrument ? *command.instrument == instrument.id
                                             : *command.settle == instrument.settle;
    if (instrument.is_spot() || !is_meant) continue;
    if (ledger_.holding(command.account, instrument.id).position_mode != command.mode) {
      changing.push_back(instrument.id);
    }
  }
  if (changing.empty()) return reject(command.account, RejectReason::mode_unchanged);
  for (const InstrumentId id : changing) {
    if (auto reason = check_mode_of(command.account, id)) return reject(command.account, *reason);
  }
  for (const InstrumentId id : changing) {
    for (const Leg& leg : ledger_.holding(command.account, id).legs) {
      if (leg.size.raw != 0) return reject(command.account, RejectReason::position_is_open);
    }
  }
  for (const InstrumentId id : changing) {
    ledger_.mutable_holding(command.account, id).position_mode = command.mode;
    events_.emplace_back(PositionModeChanged{command.account, id, command.mode});
  }
}

// What is taken away must leave the initial margin at mark, with the losses that are open.
Engine::Refusal Engine::check_margin_change(const ChangeMargin& command) const {
  if (auto reason = check_perpetual(command.account, command.instrument)) return reason;
  const Instrument& instrument = ledger_.instrument(command.instrument);
  const Holding& holding = ledger_.holding(command.account, command.instrument);
  if (!has_side(holding.position_mode, command.position_side)) {
    return RejectReason::position_mode_mismatch;
  }
  const Leg& leg = holding.legs[leg_of(command.position_side)];
  if (!holding.is_isolated() || leg.size.raw == 0) return RejectReason::margin_not_isolated;
  if (command.change > 0 &&
      margin(command.account, instrument.settle).available().units < command.change) {
    return RejectReason::insufficient_margin;
  }
  const Int128 notional = magnitude(value_of(leg.size, instrument));
  const Int128 initial = div_ceil(notional, leverage_of(holding, instrument));
  const Int128 loss = std::min(Int128{0}, unrealised(instrument, leg));
  if (command.change < 0 &&
      (command.change < -leg.margin || leg.margin + command.change + loss < initial)) {
    return RejectReason::margin_below_requirement;
  }
  if (command.change == 0) return RejectReason::amount_not_positive;
  return std::nullopt;
}

void Engine::on(const ChangeMargin& command) {
  if (auto reason = check_margin_change(command)) return reject(command.account, *reason);
  change_margin(command.account, ledger_.instrument(command.instrument),
                leg_of(command.position_side), command.change);
}

void Engine::on(const SetFeeRates& command) {
  if (!ledger_.knows(command.account)) {
    return reject(command.account, RejectReason::unknown_account);
  }
  const auto is_share = [](Rate rate) { return -kRateOne <= rate.raw && rate.raw <= kRateOne; };
  if (!is_share(command.rates.maker) || !is_share(command.rates.taker)) {
    return reject(command.account, RejectReason::contradictory_terms);
  }
  // What orders hold for their fee goes by the instruments' own rates.
  for (const Instrument& instrument : ledger_.instruments()) {
    const Rate most = std::max(instrument.maker_fee, instrument.taker_fee);
    const bool is_held = instrument.kind == command.kind && instrument.spot_fee == SpotFee::quote;
    if (is_held && std::max(command.rates.maker, command.rates.taker) > std::max(most, Rate{0})) {
      return reject(command.account, RejectReason::contradictory_terms);
    }
  }
  ledger_.set_fee_rates(command.account, command.kind, command.rates);
  events_.emplace_back(FeeRatesChanged{command.account, command.kind, command.rates});
}

void Engine::on(const Deposit& command) {
  if (!ledger_.knows(command.account)) {
    return reject(command.account, RejectReason::unknown_account);
  }
  if (command.amount.asset.raw >= ledger_.assets().size()) {
    return reject(command.account, RejectReason::unknown_instrument);
  }
  if (command.amount.units <= 0) {
    return reject(command.account, RejectReason::amount_not_positive);
  }
  const Int128 before = ledger_.deposits()[command.amount.asset.raw];
  if (command.amount.units > kDepositsMax - before) {
    return reject(command.account, RejectReason::amount_too_large);
  }
  ledger_.deposit(command.account, command.amount);
  records_.add_transfer(command.account, {.sequence = sequence_,
                                          .after = FillId{fills_created_},
                                          .amount = command.amount,
                                          .other = kNoAccount,
                                          .time = time_});
  events_.emplace_back(Deposited{command.account, command.amount});
}

void Engine::on(const TransferMoney& command) {
  const Money& amount = command.amount;
  if (!ledger_.knows(command.account) || !ledger_.knows(command.to)) {
    return reject(command.account, RejectReason::unknown_account);
  }
  if (amount.asset.raw >= ledger_.assets().size()) {
    return reject(command.account, RejectReason::unknown_instrument);
  }
  if (command.account == command.to) {
    return reject(command.account, RejectReason::contradictory_terms);
  }
  const Int128 free = ledger_.free_units(command.account, amount.asset);
  const Int128 available = margin(command.account, amount.asset).available().units;
  if (amount.units > std::min(free, available)) {
    return reject(command.account, RejectReason::insufficient_balance);
  }
  if (amount.units <= 0) return reject(command.account, RejectReason::amount_not_positive);
  ledger_.transfer(command.account, command.to, amount);
  Transfer row{.sequence = sequence_,
               .after = FillId{fills_created_},
               .amount = amount,
               .other = command.account,
               .time = time_};
  records_.add_transfer(command.to, row);
  row.amount = -amount;
  row.other = command.to;
  records_.add_transfer(command.account, row);
  events_.emplace_back(Transferred{command.account, command.to, amount});
  mark_dirty(command.account);
}

void Engine::on(const OpenAccount& command) {
  const bool has_parent = command.parent == kNoAccount || ledger_.knows(command.parent);
  if (command.account.raw != ledger_.account_count() || !has_parent) {
    return reject(command.account, RejectReason::unknown_account);
  }
  ledger_.open_account(command.kind, command.name, command.parent);
  records_.open_account();
  account_orders_.push_back(kNoSlot);
  dead_men_.emplace_back();
  events_.emplace_back(AccountOpened{command.account, command.kind});
  if (command.kind == AccountKindOf::insurance) examine_all();
}

}  // namespace venuebox::engine
