// What positions are worth and what they demand.
#include "engine/engine.h"

namespace venuebox::engine {
namespace {
MarkPrice median(MarkPrice a, MarkPrice b, MarkPrice c) {
  return std::max(std::min(a, b), std::min(std::max(a, b), c));
}
}  // namespace

std::optional<MarkPrice> Engine::mark_price(InstrumentId id) const {
  const Market& market = this->market(id);
  if (!market.mark_is_known) {
    market.mark = find_mark(id);
    market.mark_is_known = true;
  }
  return market.mark.raw == 0 ? std::nullopt : std::optional(market.mark);
}

MarkPrice Engine::find_mark(InstrumentId id) const {
  const Market& market = this->market(id);
  const Ticks bid = market.book.best(Side::buy);
  const Ticks ask = market.book.best(Side::sell);
  const Ticks last = market.last;
  const bool has_mid = bid.raw != 0 && ask.raw != 0;
  const MarkPrice mid{(bid.raw + ask.raw) * (kMarkPerTick / 2)};
  if (market.index.raw != 0) {
    if (!has_mid) return market.index;
    const bool is_sampled = market.samples.second == second_;
    const Int128 average =
        is_sampled ? market.samples.average : samples_now(market, ledger_.instrument(id)).average;
    if (average == 0) return mid;
    const auto steady = static_cast<std::int64_t>(average >> Samples::kAverageBits);
    return median(market.index, mid, MarkPrice{steady});
  }
  if (!has_mid) return MarkPrice{last.raw * kMarkPerTick};
  return last.raw == 0 ? mid : MarkPrice{std::clamp(last, bid, ask).raw * kMarkPerTick};
}

// Signed as the size, in settlement units; 0 while no mark is known: nothing can have traded then.
Int128 Engine::value_of(SignedLots size, const Instrument& instrument) const {
  if (size.raw == 0) return 0;
  const auto mark = mark_price(instrument.id);
  return mark ? value_at_mark(size, *mark, instrument).units : 0;
}

Int128 Engine::unrealised(const Instrument& instrument, const Leg& leg) const {
  return unrealised(instrument, leg, value_of(leg.size, instrument));
}

//   value  of the position at mark
Int128 Engine::unrealised(const Instrument& instrument, const Leg& leg, Int128 value) const {
  if (leg.size.raw == 0) return 0;
  return profit_between(leg.entry_value, value, instrument) - accrued(leg, instrument);
}

Int128 Engine::unrealised(const Instrument& instrument, const Holding& holding,
                          const Exposed& open) const {
  return unrealised(instrument, holding.legs[0], open.values[0]) +
         unrealised(instrument, holding.legs[1], open.values[1]);
}

// Of two positions side by side both count.
Engine::Exposed Engine::exposed(const Holding& holding, const Instrument& instrument) const {
  const Int128 buys = exposed_units(holding.exposure.buy_value, instrument);
  const Int128 sells = exposed_units(holding.exposure.sell_value, instrument);
  Exposed open;
  open.values = {value_of(holding.legs[0].size, instrument),
                 value_of(holding.legs[1].size, instrument)};
  open.held = magnitude(open.values[0]) + magnitude(open.values[1]);
  if (holding.position_mode == PositionMode::one_way) {
    open.buys = open.values[0] + buys;
    open.sells = sells - open.values[0];
  } else {
    open.buys = open.sells = open.held + buys + sells;
  }
  return open;
}

// What another perpetual of the same asset adds to what may be spent, or takes of it.
Int128 Engine::room_beside(const Instrument& instrument, const Holding& holding) const {
  const Exposed open = exposed(holding, instrument);
  const int leverage = leverage_of(holding, instrument);
  if (holding.is_isolated()) return -div_ceil(open.opening(), leverage);
  return unrealised(instrument, holding, open) - div_ceil(open.worst(), leverage);
}

MarginSummary Engine::margin(AccountId account, AssetId settle) const {
  const Balance balance = ledger_.balance(account, settle);
  const Money nothing{0, settle};
  MarginSummary summary{balance.cash, balance.held, balance.isolated, nothing,
                        nothing,      nothing,      nothing};
  const auto& holdings = ledger_.account(account).holdings;
  for (std::size_t i = 0; i < holdings.size(); ++i) {
    const Instrument& instrument = ledger_.instruments()[i];
    if (instrument.is_spot() || instrument.settle != settle) continue;
    const Holding& holding = holdings[i];
    const Exposed open = exposed(holding, instrument);
    const int leverage = leverage_of(holding, instrument);
    if (holding.is_isolated()) {
      summary.order_initial.units += div_ceil(open.opening(), leverage);
      continue;
    }
    const Int128 initial = div_ceil(open.held, leverage);
    summary.position_initial.units += initial;
    summary.order_initial.units += div_ceil(open.worst(), leverage) - initial;
    summary.unrealised.units += unrealised(instrument, holding, open);
    for (const Int128 value : open.values)
      summary.maintenance.units += maintenance_margin(magnitude(value), instrument);
  }
  return summary;
}

// What backs all cross positions of one settlement asset, and what they must keep.
Engine::Backing Engine::cross_backing(AccountId account, AssetId settle) const {
  const Balance balance = ledger_.balance(account, settle);
  Backing sum{.equity = balance.cash.units - balance.isolated.units};
  const auto& holdings = ledger_.account(account).holdings;
  std::uint32_t left = ledger_.account(account).open_legs;
  for (std::size_t i = 0; i < holdings.size() && left > 0; ++i) {
    const Holding& holding = holdings[i];
    const Instrument& instrument = ledger_.instruments()[i];
    for (const Leg& leg : holding.legs) {
      if (leg.size.raw == 0) continue;
      --left;
      if (holding.is_isolated() || instrument.settle != settle) continue;
      const Int128 value = value_of(leg.size, instrument);
      sum.equity += profit_between(leg.entry_value, value, instrument) - accrued(leg, instrument);
      sum.maintenance += maintenance_margin(magnitude(value), instrument);
      ++sum.legs;
    }
  }
  return sum;
}

Engine::Backing Engine::backing(const Endangered& endangered) const {
  if (!endangered.instrument) return cross_backing(endangered.account, endangered.settle);
  const Instrument& instrument = ledger_.instrument(*endangered.instrument);
  const Leg& leg = ledger_.leg(endangered.account, instrument.id, endangered.leg);
  const Int128 value = value_of(leg.size, instrument);
  return {.equity = leg.margin + unrealised(instrument, leg),
          .maintenance = maintenance_margin(magnitude(value), instrument),
          .legs = leg.size.raw != 0};
}

// What would be liquidated together with this position.
Engine::Endangered Engine::with(AccountId account, const Instrument& instrument,
                                LegIndex leg) const {
  if (!ledger_.holding(account, instrument.id).is_isolated()) return {account, instrument.settle};
  return {account, instrument.settle, instrument.id, leg};
}

// At v the position's equity is what else backs it plus profit(v); it is liquidated where that is
// what else must be kept plus rate * |v| - deduction, which is linear in v within a tier.
PositionRisk Engine::risk(AccountId account, const Position& position) const {
  const Instrument& instrument = ledger_.instrument(position.instrument);
  const Holding& holding = ledger_.holding(account, instrument.id);
  const LegIndex index = leg_of(position.side);
  const Leg& leg = holding.legs[index];
  const Money nothing{0, instrument.settle};
  PositionRisk risk{.value = nothing,
                    .unrealised = nothing,
                    .initial = nothing,
                    .maintenance = nothing,
                    .tier = instrument.tiers.empty() ? nullptr : &instrument.tiers.front(),
                    .liquidation_price = {},
                    .bankruptcy_price = {}};
  if (position.size.raw == 0 || instrument.is_spot()) return risk;
  const Int128 value = value_of(position.size, instrument);
  const Int128 notional = magnitude(value);
  risk.value.units = notional;
  risk.unrealised.units = unrealised(instrument, leg);
  risk.initial.units = div_ceil(notional, leverage_of(holding, instrument));
  risk.maintenance.units = maintenance_margin(notional, instrument);
  risk.tier = &tier_of(notional, instrument);
  risk.deleveraging_rank = deleveraging_rank(account, instrument, index);

  const Backing back = backing(with(account, instrument, index));
  const Int128 beside = back.equity - risk.unrealised.units - accrued(leg, instrument);
  const Int128 kept_beside = back.maintenance - risk.maintenance.units;
  const int gains = instrument.is_inverse() ? -1 : 1;  // of value, per unit
  const int sign = position.size.raw > 0 ? 1 : -1;
  const auto mark_where = [&](Int128 wanted, std::int64_t rate,
                              auto fits) -> std::optional<MarkPrice> {
    const Int128 divisor = gains * kRateOne - sign * Int128{rate};
    Int128 scaled = 0;
    if (__builtin_mul_overflow(divisor < 0 ? -wanted : wanted, Int128{kRateOne}, &scaled)) {
      return std::nullopt;
    }
    const Int128 at = div_half_even(scaled, magnitude(divisor)) * sign;
    if (at <= 0 || !fits(at)) return std::nullopt;
    const Int128 lots = magnitude(position.size.raw);
    const Int128 mark =
        instrument.is_inverse()
            ? div_half_even(multiply(multiply(lots, instrument.inverse_units), kMarkPerTick), at)
            : div_half_even(at, multiply(lots, instrument.units_per_mark_lot));
    if (mark <= 0 || mark > multiply(instrument.price_max.raw, kMarkPerTick)) return std::nullopt;
    return MarkPrice{static_cast<std::int64_t>(mark)};
  };
  const Int128 base = gains * leg.entry_value - beside;
  risk.bankruptcy_price = mark_where(base, 0, [](Int128) { return true; });
  Int128 below = 0;
  for (const RiskTier& tier : instrument.tiers) {
    const bool is_last = &tier == &instrument.tiers.back();
    const auto in_tier = [&](Int128 at) {
      return at > below && (is_last || at <= tier.notional_max);
    };
    risk.liquidation_price =
        mark_where(base + kept_beside - tier.deduction, tier.maintenance.raw, in_tier);
    if (risk.liquidation_price) break;
    below = tier.notional_max;
  }
  return risk;
}

// Profit on what the position cost times its effective leverage; a loss divided by it. What is
// highest is closed first.
Int128 Engine::deleveraging_score(AccountId account, const Instrument& instrument,
                                  LegIndex index) const {
  constexpr Int128 kScale = 1'000'000;
  const Leg& leg = ledger_.leg(account, instrument.id, index);
  const Int128 equity = std::max(Int128{1}, backing(with(account, instrument, index)).equity);
  const Int128 cost = std::max(Int128{1}, magnitude(leg.entry_value));
  const Int128 value = magnitude(value_of(leg.size, instrument));
  const Int128 profit = div_floor(multiply(unrealised(instrument, leg), kScale), cost);
  const Int128 leverage = std::max(Int128{1}, div_floor(multiply(value, kScale), equity));
  return profit > 0 ? multiply(profit, leverage)
                    : div_floor(multiply(profit, kScale * kScale), leverage);
}

// In fifths of all users' positions of the same side.
int Engine::deleveraging_rank(AccountId account, const Instrument& instrument,
                              LegIndex index) const {
  if (!ledger_.is_user(account)) return 0;
  const std::int64_t own = ledger_.position_size(account, instrument.id, index);
  const Int128 score = deleveraging_score(account, instrument, index);
  std::int64_t all = 0;
  std::int64_t ahead = 0;
  each_open_leg(instrument.id, [&](AccountId other, LegIndex leg, SignedLots size) {
    if (!ledger_.is_user(other) || (size.raw > 0) != (own > 0)) return;
    ++all;
    ahead += deleveraging_score(other, instrument, leg) > score;
  });
  return 5 - static_cast<int>(ahead * 5 / all);
}

}  // namespace venuebox::engine
