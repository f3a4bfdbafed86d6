#include "engine/ledger.h"

#include <algorithm>

namespace venuebox::engine {
namespace {
template <class T>
T& grown(std::vector<T>& items, std::size_t index) {
  if (items.size() <= index) items.resize(index + 1);
  return items[index];
}

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

void Ledger::open_account(AccountKindOf kind, std::string name) {
  accounts_.push_back({.kind = kind,
                       .name = std::move(name),
                       .balances = {},
                       .positions = {},
                       .exposures = {},
                       .leverages = {}});
}

void Ledger::deposit(AccountId account, Money amount) {
  mutable_balance(account, amount.asset).cash += amount;
  deposits_[amount.asset.raw] += amount.units;
}

void Ledger::set_leverage(AccountId account, InstrumentId instrument, int leverage) {
  grown(accounts_[account.raw].leverages, instrument.raw) = leverage;
}

Balance Ledger::balance(AccountId account, AssetId asset) const {
  const auto& balances = accounts_[account.raw].balances;
  if (asset.raw < balances.size()) return balances[asset.raw];
  return {.cash = {0, asset}, .held = {0, asset}};
}

Balance& Ledger::mutable_balance(AccountId account, AssetId asset) {
  auto& balances = accounts_[account.raw].balances;
  while (balances.size() <= asset.raw) {
    const AssetId id{static_cast<std::uint16_t>(balances.size())};
    balances.push_back({.cash = {0, id}, .held = {0, id}});
  }
  return balances[asset.raw];
}

Position Ledger::position(AccountId account, InstrumentId instrument) const {
  const auto& positions = accounts_[account.raw].positions;
  if (instrument.raw < positions.size()) return positions[instrument.raw];
  const Money nothing{0, this->instrument(instrument).settle};
  return {instrument, {}, nothing, nothing, nothing, nothing, {}, {}};
}

Position& Ledger::mutable_position(AccountId account, InstrumentId instrument) {
  auto& positions = accounts_[account.raw].positions;
  while (positions.size() <= instrument.raw) {
    const InstrumentId id{static_cast<std::uint32_t>(positions.size())};
    const Money nothing{0, this->instrument(id).settle};
    positions.push_back({id, {}, nothing, nothing, nothing, nothing, {}, {}});
  }
  return positions[instrument.raw];
}

Exposure Ledger::exposure(AccountId account, InstrumentId instrument) const {
  const auto& exposures = accounts_[account.raw].exposures;
  return instrument.raw < exposures.size() ? exposures[instrument.raw] : Exposure{};
}

Exposure& Ledger::mutable_exposure(AccountId account, InstrumentId instrument) {
  return grown(accounts_[account.raw].exposures, instrument.raw);
}

int Ledger::leverage(AccountId account, InstrumentId id) const {
  const auto& leverages = accounts_[account.raw].leverages;
  const int chosen = id.raw < leverages.size() ? leverages[id.raw] : 0;
  return chosen > 0 ? chosen : std::min(kLeverageDefault, instrument(id).leverage_max);
}

void Ledger::count_open(const Order& order, int change) {
  Exposure& exposure = mutable_exposure(order.account, order.instrument);
  exposure.orders += static_cast<std::uint32_t>(change);
  if (order.reduce_only) exposure.reduce_only_orders += static_cast<std::uint32_t>(change);
}

void Ledger::rest(const Order& order, Lots remaining) { hold(order, remaining, 1); }
void Ledger::unrest(const Order& order, Lots remaining) { hold(order, remaining, -1); }

void Ledger::hold(const Order& order, Lots remaining, int sign) {
  if (!is_user(order.account)) return;
  const Instrument& instrument = this->instrument(order.instrument);
  Exposure& exposure = mutable_exposure(order.account, order.instrument);
  const Int128 value = static_cast<Int128>(order.price.raw) * remaining.raw * sign;
  if (!order.reduce_only) {
    (order.side == Side::buy ? exposure.buy_value : exposure.sell_value) += value;
  }
  if (!instrument.is_spot()) return;
  Money amount = order.side == Side::buy
                     ? notional(order.price, remaining, instrument)
                     : base_amount(remaining, instrument, assets_[instrument.base.raw].scale);
  amount.units *= sign;
  Balance& balance = mutable_balance(order.account, amount.asset);
  balance.held += amount;
  VENUEBOX_ASSERT(balance.held.units >= 0);
}

FillParty Ledger::settle(const Order& order, Lots quantity, Ticks price, Rate fee_rate,
                         Timestamp now) {
  const Instrument& instrument = this->instrument(order.instrument);
  FillParty party{.order = order.id,
                  .account = order.account,
                  .remaining = order.remaining(),
                  .fee = {0, instrument.settle},
                  .position = {},
                  .closed = {},
                  .realised_profit = {0, instrument.settle}};
  if (instrument.is_spot()) {
    settle_spot(order, quantity, price, fee_rate, party);
  } else {
    settle_perpetual(order, quantity, price, fee_rate, now, party);
  }
  fees_[party.fee.asset.raw] += party.fee.units;
  return party;
}

// Base against quote; the fee is taken from what is received.
void Ledger::settle_spot(const Order& order, Lots quantity, Ticks price, Rate rate,
                         FillParty& party) {
  const Instrument& instrument = this->instrument(order.instrument);
  const Money quote = notional(price, quantity, instrument);
  const Money base = base_amount(quantity, instrument, assets_[instrument.base.raw].scale);
  const Money& received = order.side == Side::buy ? base : quote;
  const Money& given = order.side == Side::buy ? quote : base;
  party.fee = fee_on(received, rate);
  mutable_balance(order.account, received.asset).cash += received - party.fee;
  mutable_balance(order.account, given.asset).cash -= given;
}

// The part that reduces a position realises its profit in cash. Of the entry value as much leaves
// as was closed, rounded down; what the division leaves over stays with the position, so that cash
// and unrealised profit together never change by rounding.
void Ledger::settle_perpetual(const Order& order, Lots quantity, Ticks price, Rate rate,
                              Timestamp now, FillParty& party) {
  const Instrument& instrument = this->instrument(order.instrument);
  Position& position = mutable_position(order.account, order.instrument);
  const Money value = notional(price, quantity, instrument);
  party.fee = fee_on(value, rate);

  const std::int64_t signed_quantity = sign_of(order.side) * quantity.raw;
  const std::int64_t size = position.size.raw;
  const bool reduces = size != 0 && (size > 0) != (signed_quantity > 0);
  const std::int64_t closed = reduces ? std::min(std::abs(size), quantity.raw) : 0;
  const std::int64_t opened = quantity.raw - closed;
  if (size == 0 || closed == std::abs(size)) {
    if (size == 0 || opened > 0) position.opened = now;
  }
  if (closed > 0) {
    const Money entry{div_floor(multiply(position.entry_value.units, closed), std::abs(size)),
                      instrument.settle};
    Money exit = notional(price, Lots{closed}, instrument);
    if (size < 0) exit = -exit;
    party.closed = Lots{closed};
    party.realised_profit = exit - entry;
    position.entry_value -= entry;
    position.realised_profit += party.realised_profit;
    position.open_realised += party.realised_profit;
  }
  if (opened > 0) {
    const Money entry = notional(price, Lots{opened}, instrument);
    position.entry_value += signed_quantity > 0 ? entry : -entry;
  }
  position.size.raw += signed_quantity;
  position.fees += party.fee;
  position.open_realised -= party.fee;
  if (position.size.raw == 0) position.open_realised.units = 0;
  if (closed > 0 && opened > 0) {
    // The position turned: the new one begins with nothing but its own part of the fee.
    position.open_realised = -fee_on(notional(price, Lots{opened}, instrument), rate);
  }
  position.updated = now;
  party.position = position.size;
  mutable_balance(order.account, instrument.settle).cash += party.realised_profit - party.fee;
}

void Ledger::save(ByteWriter& out) const {
  out.put(assets_);
  out.put(instruments_);
  out.put(accounts_);
  out.put(deposits_);
  out.put(fees_);
}

void Ledger::load(ByteReader& in) {
  in.get(assets_);
  in.get(instruments_);
  in.get(accounts_);
  in.get(deposits_);
  in.get(fees_);
}

}  // namespace venuebox::engine
