#include "engine/ledger.h"

#include <algorithm>

namespace venuebox::engine {
namespace {
constexpr int sign_of(Side side) { return side == Side::buy ? 1 : -1; }
}  // namespace

void Ledger::add_asset(const Asset& asset) {
  VENUEBOX_ASSERT(asset.id.raw == assets_.size());
  assets_.push_back(asset);
  deposits_.push_back(0);
  fees_.push_back(0);
}

void Ledger::add_instrument(const Instrument& instrument) {
  VENUEBOX_ASSERT(instrument.id.raw == instruments_.size());
  instruments_.push_back(instrument);
}

void Ledger::set_phase(InstrumentId instrument, TradingPhase phase) {
  instruments_[instrument.raw].phase = phase;
}

void Ledger::open_account(AccountKindOf kind, std::string name, AccountId parent) {
  if (kind == AccountKindOf::insurance && insurance_ == kNoAccount) {
    insurance_ = AccountId{account_count()};
  }
  Account& account = accounts_.emplace_back();
  account.kind = kind;
  account.name = std::move(name);
  account.parent = parent;
}

void Ledger::deposit(AccountId account, Money amount) {
  mutable_balance(account, amount.asset).cash += amount;
  deposits_[amount.asset.raw] += amount.units;
}

void Ledger::transfer(AccountId from, AccountId to, Money amount) {
  mutable_balance(from, amount.asset).cash -= amount;
  mutable_balance(to, amount.asset).cash += amount;
}

void Ledger::collect(Money amount) {
  if (insurance_ == kNoAccount) {
    fees_[amount.asset.raw] += amount.units;
  } else {
    mutable_balance(insurance_, amount.asset).cash += amount;
  }
}

void Ledger::change_margin(AccountId account, InstrumentId instrument, LegIndex leg,
                           Int128 change) {
  mutable_holding(account, instrument).legs[leg].margin += change;
  mutable_balance(account, this->instrument(instrument).settle).isolated.units += change;
}

void Ledger::pay_funding(AccountId account, InstrumentId instrument, LegIndex leg, Int128 amount) {
  Holding& holding = mutable_holding(account, instrument);
  Leg& paying = holding.legs[leg];
  Balance& balance = mutable_balance(account, this->instrument(instrument).settle);
  const Int128 free = std::max<Int128>(0, balance.free().units);
  balance.cash.units -= amount;
  if (holding.is_isolated()) draw_on_margin(paying, balance, amount - free);
  paying.funding += amount;
  paying.open_realised -= amount;
}

void Ledger::share_loss(AccountId account, InstrumentId instrument, Money amount) {
  Holding& holding = mutable_holding(account, instrument);
  Balance& balance = mutable_balance(account, amount.asset);
  Int128 lacking = amount.units - std::max<Int128>(0, balance.free().units);
  transfer(account, insurance_, amount);
  if (!holding.is_isolated()) return;
  for (Leg& leg : holding.legs)
    lacking -= draw_on_margin(leg, balance, lacking);
}

Int128 Ledger::draw_on_margin(Leg& leg, Balance& balance, Int128 lacking) {
  const Int128 drawn = std::clamp<Int128>(lacking, 0, leg.margin);
  leg.margin -= drawn;
  balance.isolated.units -= drawn;
  return drawn;
}

Balance& Ledger::mutable_balance(AccountId account, AssetId asset) {
  auto& balances = accounts_[account.raw].balances;
  while (balances.size() <= asset.raw) {
    const AssetId id{static_cast<std::uint16_t>(balances.size())};
    balances.push_back({.cash = {0, id}, .held = {0, id}, .isolated = {0, id}});
  }
  return balances[asset.raw];
}

Holding& Ledger::add_holding(AccountId account, InstrumentId instrument) {
  auto& holdings = accounts_[account.raw].holdings;
  holdings.resize(instrument.raw + 1);
  return holdings[instrument.raw];
}

Position Ledger::position(AccountId account, InstrumentId instrument, LegIndex leg) const {
  const Holding& holding = this->holding(account, instrument);
  const Leg& held = holding.legs[leg];
  const AssetId settle = this->instrument(instrument).settle;
  return {.instrument = instrument,
          .side = side_of(leg, holding.position_mode),
          .size = held.size,
          .entry_value = {held.entry_value, settle},
          .margin = {held.margin, settle},
          .realised_profit = {held.realised_profit, settle},
          .fees = {held.fees, settle},
          .funding = {held.funding, settle},
          .open_realised = {held.open_realised, settle},
          .opened = held.opened,
          .updated = held.updated};
}

void Ledger::rest(AccountId account, const RestingNode& order, const Instrument& instrument,
                  Lots remaining) {
  Exposure& exposure = mutable_holding(account, instrument.id).exposure;
  ++exposure.orders;
  exposure.reduce_only += order.is(RestingNode::kReduceOnly);
  change_hold(account, order, instrument, exposure, remaining.raw);
}

void Ledger::unrest(AccountId account, const RestingNode& order, const Instrument& instrument,
                    Lots remaining) {
  Exposure& exposure = mutable_holding(account, instrument.id).exposure;
  --exposure.orders;
  exposure.reduce_only -= order.is(RestingNode::kReduceOnly);
  change_hold(account, order, instrument, exposure, -remaining.raw);
}

void Ledger::release(AccountId account, const RestingNode& order, const Instrument& instrument,
                     Lots less) {
  Exposure& exposure = mutable_holding(account, instrument.id).exposure;
  change_hold(account, order, instrument, exposure, -less.raw);
}

void Ledger::change_hold(AccountId account, const RestingNode& order, const Instrument& instrument,
                         Exposure& exposure, std::int64_t change) {
  if (!is_user(account)) return;
  const Int128 value = exposed_value(order.price(), change, instrument);
  const bool buys = order.side() == Side::buy;
  if (!order.is(RestingNode::kReduceOnly)) {
    (buys ? exposure.buy_value : exposure.sell_value) += value;
  }
  if (!instrument.is_spot()) return;
  Balance& balance = mutable_balance(account, buys ? instrument.quote : instrument.base);
  const Int128 per_lot = instrument.lot.units *
                         power_of_ten(assets_[instrument.base.raw].scale - instrument.lot.scale);
  balance.held.units +=
      buys ? multiply(value, instrument.hold_per_step) : multiply(change, per_lot);
  VENUEBOX_ASSERT(balance.held.units >= 0);
}

void Ledger::settle(AccountId account, const RestingNode& order, const Instrument& instrument,
                    Lots quantity, Ticks price, Money value, Rate fee_rate, Timestamp now,
                    FillParty& party) {
  party.order = order.id;
  party.account = account;
  party.fee.asset = party.realised_profit.asset = instrument.settle;
  if (instrument.is_spot()) {
    settle_spot(order.side(), instrument, quantity, value, fee_rate, party);
  } else {
    const LegIndex leg = order.is(RestingNode::kOfShortLeg) ? kShortLeg : 0;
    settle_perpetual(order.side(), leg, instrument, quantity, price, value, fee_rate, now, party);
  }
  fees_[party.fee.asset.raw] += party.fee.units;
}

// Base against quote; the fee is taken from what is received, or in quote from both.
void Ledger::settle_spot(Side side, const Instrument& instrument, Lots quantity, Money value,
                         Rate rate, FillParty& party) {
  const Money base = base_amount(quantity, instrument, assets_[instrument.base.raw].scale);
  const Money& received = side == Side::buy ? base : value;
  const Money& given = side == Side::buy ? value : base;
  party.fee = fee_on(instrument.spot_fee == SpotFee::quote ? value : received, rate);
  mutable_balance(party.account, received.asset).cash += received;
  mutable_balance(party.account, given.asset).cash -= given;
  mutable_balance(party.account, party.fee.asset).cash -= party.fee;
}

// The part that reduces a position realises its profit in cash. Of the entry value as much leaves
// as was closed, rounded down; what the division leaves over stays with the position, so that cash
// and unrealised profit together never change by rounding. What opens is worth the fill less what
// closes.
void Ledger::settle_perpetual(Side side, LegIndex leg, const Instrument& instrument, Lots quantity,
                              Ticks price, Money value, Rate rate, Timestamp now,
                              FillParty& party) {
  Holding& holding = mutable_holding(party.account, instrument.id);
  Leg& position = holding.legs[leg];
  const Int128 fee = fee_on(value, rate).units;
  party.fee.units = fee;

  const std::int64_t signed_quantity = sign_of(side) * quantity.raw;
  const std::int64_t size = position.size.raw;
  const bool reduces = size != 0 && (size > 0) != (signed_quantity > 0);
  const std::int64_t closed = reduces ? std::min(std::abs(size), quantity.raw) : 0;
  const std::int64_t opened = quantity.raw - closed;
  if (size == 0 || (closed == std::abs(size) && opened > 0)) position.opened = now;
  Int128 profit = 0;
  Int128 opened_value = value.units;
  if (closed > 0) {
    const Int128 entry = closed == std::abs(size)
                             ? position.entry_value
                             : share_floor(position.entry_value, closed, std::abs(size));
    Int128 exit = opened == 0 ? value.units : notional(price, Lots{closed}, instrument).units;
    opened_value -= exit;
    if (size < 0) exit = -exit;
    profit = profit_between(entry, exit, instrument);
    party.closed = Lots{closed};
    party.realised_profit.units = profit;
    position.entry_value -= entry;
    position.realised_profit += profit;
    position.open_realised += profit;
  }
  if (opened > 0) position.entry_value += signed_quantity > 0 ? opened_value : -opened_value;
  const bool is_too_wide = __builtin_add_overflow(size, signed_quantity, &position.size.raw);
  VENUEBOX_ASSERT(!is_too_wide);
  position.fees += fee;
  position.open_realised -= fee;
  Account& account = accounts_[party.account.raw];
  if (position.size.raw == 0) {
    position.open_realised = 0;
    --account.open_legs;
  } else if (size == 0) {
    ++account.open_legs;
  }
  if (closed > 0 && opened > 0) {
    // The position turned: the new one begins with nothing but its own part of the fee.
    position.open_realised = -fee_on({opened_value, value.asset}, rate).units;
  }
  position.updated = now;
  party.position = position.size;
  Balance& balance = mutable_balance(party.account, instrument.settle);
  balance.cash.units += profit - fee;
  if (holding.is_isolated()) {
    settle_isolated(holding, position, size, closed, opened > 0 ? opened_value : 0, fee - profit,
                    balance, instrument);
  }
}

// What closes gives back its share of what was set aside, rounded down; what opens sets its initial
// margin aside. What it cost beyond that and the free cash, the rest of the margin pays.
void Ledger::settle_isolated(Holding& holding, Leg& leg, std::int64_t size_before,
                             std::int64_t closed, Int128 opened_value, Int128 cost,
                             Balance& balance, const Instrument& instrument) {
  const std::int64_t before = std::abs(size_before);
  const Int128 back = closed == 0        ? 0
                      : closed == before ? leg.margin
                                         : share_floor(leg.margin, closed, before);
  const Int128 more =
      opened_value == 0 ? 0 : div_ceil(opened_value, leverage_of(holding, instrument));
  const Int128 free = std::max<Int128>(0, balance.free().units + cost);
  leg.margin += more - back;
  balance.isolated.units += more - back;
  draw_on_margin(leg, balance, cost - back - free);
}

void Ledger::save(ByteWriter& out) const {
  out.put(assets_);
  out.put(instruments_);
  out.put(accounts_);
  out.put(deposits_);
  out.put(fees_);
  out.put(insurance_);
}

void Ledger::load(ByteReader& in) {
  in.get(assets_);
  in.get(instruments_);
  in.get(accounts_);
  in.get(deposits_);
  in.get(fees_);
  in.get(insurance_);
}

}  // namespace venuebox::engine
