#include "engine/plain_accounts.h"

#include <fmt/core.h>

namespace venuebox::engine {
namespace {
bool is_inverse(const Instrument& instrument) {
  return instrument.kind == InstrumentKindOf::inverse_perpetual;
}

// From the terms as listed, rather than from what the listing computed of them.
Int128 value_of(Ticks price, Int128 lots, const Instrument& i, const View& view) {
  const Asset& settle = view.assets()[i.settle.raw];
  const int scale = i.tick.scale + i.lot.scale;
  if (!is_inverse(i)) {
    return lots * i.lot.units * price.raw * i.tick.units * power_of_ten(settle.scale - scale);
  }
  return div_half_even(lots * i.lot.units * power_of_ten(settle.scale + i.tick.scale - i.lot.scale),
                       Int128{price.raw} * i.tick.units);
}
}  // namespace

void PlainAccounts::take(const Event& event, const View& view) {
  if (const auto* opened = std::get_if<AccountOpened>(&event)) {
    if (opened->kind == AccountKindOf::insurance && !fund_) fund_ = opened->account;
  } else if (const auto* deposit = std::get_if<Deposited>(&event)) {
    cash(deposit->account, deposit->amount.asset) += deposit->amount.units;
  } else if (const auto* moved = std::get_if<Transferred>(&event)) {
    cash(moved->account, moved->amount.asset) -= moved->amount.units;
    cash(moved->to, moved->amount.asset) += moved->amount.units;
  } else if (const auto* accepted = std::get_if<OrderAccepted>(&event)) {
    sides_[accepted->order.id] = accepted->order.position_side;
  } else if (const auto* fill = std::get_if<Fill>(&event)) {
    take(*fill, view);
  } else if (const auto* paid = std::get_if<FundingPaid>(&event)) {
    const Instrument& instrument = view.instruments()[paid->instrument.raw];
    Held& held = positions_[{paid->account, paid->instrument, paid->position_side}];
    if (held.size != paid->size.raw) wrong_ = "funding was paid on another size";
    held.funding += paid->amount.units;
    cash(paid->account, paid->amount.asset) -= paid->amount.units;
    // What rounding leaves over is the fund's; continuous funding has no rounding.
    if (instrument.funding.kind == FundingKind::interval && fund_) {
      cash(*fund_, paid->amount.asset) += paid->amount.units;
    }
  } else if (const auto* loss = std::get_if<LossShared>(&event)) {
    cash(loss->account, loss->amount.asset) -= loss->amount.units;
    if (fund_) cash(*fund_, loss->amount.asset) += loss->amount.units;
  }
}

void PlainAccounts::take(const Fill& fill, const View& view) {
  trade(fill, fill.maker, opposite(fill.taker_side), view);
  trade(fill, fill.taker, fill.taker_side, view);
}

void PlainAccounts::trade(const Fill& fill, const FillParty& party, Side side, const View& view) {
  const Instrument& i = view.instruments()[fill.instrument.raw];
  const bool buys = side == Side::buy;
  const Int128 value = value_of(fill.price, fill.quantity.raw, i, view);
  cash(party.account, party.fee.asset) -= party.fee.units;
  if (i.kind == InstrumentKindOf::spot) {
    const Int128 base = Int128{fill.quantity.raw} * i.lot.units *
                        power_of_ten(view.assets()[i.base.raw].scale - i.lot.scale);
    cash(party.account, i.base) += buys ? base : -base;
    cash(party.account, i.quote) += buys ? -value : value;
    return;
  }
  Held& held = positions_[{party.account, fill.instrument, sides_[party.order]}];
  Int128 left = fill.quantity.raw;
  Int128 left_value = value;
  const bool reduces = held.size != 0 && (held.size > 0) != buys;
  if (reduces) {
    const Int128 closed = std::min(left, magnitude(held.size));
    const Int128 closed_value = closed == left ? value : value_of(fill.price, closed, i, view);
    const Int128 entry = div_floor(held.entry * closed, magnitude(held.size));
    const Int128 exit = held.size > 0 ? closed_value : -closed_value;
    const Int128 profit = is_inverse(i) ? entry - exit : exit - entry;
    if (profit != party.realised_profit.units) wrong_ = "a fill realised another profit";
    held.size += held.size > 0 ? -closed : closed;
    held.entry -= entry;
    held.realised += profit;
    cash(party.account, i.settle) += profit;
    left -= closed;
    left_value -= closed_value;
  }
  held.size += buys ? left : -left;
  held.entry += buys ? left_value : -left_value;
  held.fees += party.fee.units;
  if (held.size != party.position.raw) wrong_ = "a fill tells of another position";
}

std::string PlainAccounts::compare(const View& view) const {
  if (!wrong_.empty()) return wrong_;
  for (const auto& [key, units] : cash_) {
    const Int128 shown = view.balance(key.first, key.second).cash.units;
    if (shown == units) continue;
    return fmt::format("account {} has {} units of {}, and {} by its history", key.first.raw,
                       fixed_text(shown, 0), view.assets()[key.second.raw].name,
                       fixed_text(units, 0));
  }
  for (const auto& [key, held] : positions_) {
    const PositionMode mode = view.position_mode(key.account, key.instrument);
    // Of a mode that was left everything is flat, and its sums have another name.
    if ((mode == PositionMode::one_way) != (key.side == PositionSide::both)) continue;
    const Position shown = view.position(key.account, key.instrument, key.side);
    if (shown.size.raw != held.size || shown.entry_value.units != held.entry) {
      return fmt::format("account {}: the position in {} is not what its fills come to",
                         key.account.raw, view.instruments()[key.instrument.raw].symbol);
    }
  }
  return {};
}

}  // namespace venuebox::engine
