// What positions are worth and what they demand, and which accounts have to be looked at again when
// a mark price moves. An account is examined after its own fills, and when a mark reaches one of
// the prices up to which its margin is known to last; so a moving mark costs what is near its end,
// and nothing for the rest.
#include "engine/engine.h"

namespace venuebox::engine {
namespace {
Int128 size_of(Int128 value) { return value < 0 ? -value : value; }

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
  open.held = size_of(open.values[0]) + size_of(open.values[1]);
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
  if (holding.is_isolated())
    return -div_ceil(std::max(Int128{0}, open.worst() - open.held), leverage);
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
      summary.order_initial.units +=
          div_ceil(std::max(Int128{0}, open.worst() - open.held), leverage);
      continue;
    }
    const Int128 initial = div_ceil(open.held, leverage);
    summary.position_initial.units += initial;
    summary.order_initial.units += div_ceil(open.worst(), leverage) - initial;
    summary.unrealised.units += unrealised(instrument, holding, open);
    for (const Int128 value : open.values)
      summary.maintenance.units += maintenance_margin(size_of(value), instrument);
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
      sum.maintenance += maintenance_margin(size_of(value), instrument);
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
          .maintenance = maintenance_margin(size_of(value), instrument),
          .legs = leg.size.raw != 0};
}

// ---- who has to be looked at again --------------------------------------------------------------

// The mark, less what continuous funding has run up to: what a position is worth moves with it.
std::int64_t Engine::watched_mark(InstrumentId id) const {
  const std::int64_t mark = mark_price(id).value_or(MarkPrice{}).raw;
  const Instrument& instrument = ledger_.instrument(id);
  if (instrument.funding.kind != FundingKind::continuous) return mark;
  const Int128 ran_up = samples_now(market(id), instrument).index_sum;
  return mark - static_cast<std::int64_t>(div_floor(ran_up, instrument.units_per_mark_lot));
}

// To be called when an account has less than before, or positions of another size.
void Engine::mark_dirty(AccountId id) {
  if (ledger_.account(id).open_legs != 0) look_at(id);
}

// By the end of the command; of users, and where there is somebody to take over.
void Engine::look_at(AccountId id) {
  Ledger::Account& account = ledger_.mutable_account(id);
  if (account.is_dirty || account.kind != AccountKindOf::user || !ledger_.insurance()) return;
  account.is_dirty = true;
  dirty_.push_back(id);
}

void Engine::examine_all() {
  for (std::uint32_t i = 0; i < ledger_.account_count(); ++i)
    mark_dirty(AccountId{i});
}

// After a fill of the account's own. Most leave what backs it far above what it must keep: while
// the fills since it was examined cannot have cost more than half of what was to spare then, and
// the position is no larger than the other half is reckoned for, nothing has to be looked at.
void Engine::filled(AccountId id, const Instrument& instrument, LegIndex index, Lots quantity,
                    Int128 notional) {
  Ledger::Account& account = ledger_.mutable_account(id);
  if (ledger_.balance(id, instrument.settle).cash.units < 0) return look_at(id);
  if (account.open_legs == 0) return;
  const Leg& leg = ledger_.leg(id, instrument.id, index);
  const std::int64_t size = leg.size.raw;
  const std::int64_t most = leg.watched_size.raw;
  const bool is_reckoned_with = most > 0 ? 0 <= size && size <= most : most <= size && size <= 0;
  if (instrument.is_spot() || !is_reckoned_with || account.cushion_asset != instrument.settle) {
    return mark_dirty(id);
  }
  // The fee, what lies between its price and the mark, and the margin that it adds.
  const Int128 at_mark = value_of(SignedLots{quantity.raw}, instrument);
  const Int128 harm = 2 * (notional + at_mark);
  if (account.cushion < harm) return mark_dirty(id);
  account.cushion -= harm;
}

// Liquidates what lacks margin, or else finds at which marks to look again. The slack of an account
// is shared out evenly among its positions: while none uses up its share, all is well.
void Engine::examine(AccountId id) {
  Ledger::Account& account = ledger_.mutable_account(id);
  account.is_dirty = false;
  account.cushion = 0;
  examined_.clear();
  for (std::uint32_t i = 0; i < account.holdings.size(); ++i) {
    const Holding& holding = account.holdings[i];
    if (holding.legs[0].size.raw == 0 && holding.legs[1].size.raw == 0) continue;
    const Instrument& instrument = ledger_.instruments()[i];
    if (holding.is_isolated()) {
      for (const LegIndex leg : {LegIndex{0}, kShortLeg}) {
        const Endangered alone{id, instrument.settle, instrument.id, leg};
        const Backing back = backing(alone);
        if (!back.is_enough() && liquidate(alone)) return look_at(id);
        if (back.legs != 0) {
          const std::int64_t lots = holding.legs[leg].size.raw;
          watch(id, instrument, leg, back.equity - back.maintenance, lots);
        }
      }
      continue;
    }
    if (std::ranges::find(examined_, instrument.settle) != examined_.end()) continue;
    examined_.push_back(instrument.settle);
    const Backing back = cross_backing(id, instrument.settle);
    if (!back.is_enough() && liquidate({id, instrument.settle})) return look_at(id);
    const Int128 spare = back.equity - back.maintenance;
    const Int128 slack = div_floor(spare / 2, back.legs);
    account.cushion = examined_.size() == 1 ? spare / 2 : Int128{0};
    account.cushion_asset = instrument.settle;
    for (std::uint32_t at = i; at < account.holdings.size(); ++at) {
      const Instrument& other = ledger_.instruments()[at];
      const Holding& beside = account.holdings[at];
      if (beside.is_isolated() || other.settle != instrument.settle || other.is_spot()) continue;
      for (const LegIndex leg : {LegIndex{0}, kShortLeg})
        watch(id, other, leg, slack, 2 * beside.legs[leg].size.raw);
    }
  }
  forgive_debts(id);
}

// Whoever closes at a worse price than a liquidation would have, or pays a fee that is not there,
// may end owing something. With no position left that could make up for it, the fund pays.
void Engine::forgive_debts(AccountId id) {
  const Ledger::Account& account = ledger_.account(id);
  for (const Asset& asset : ledger_.assets()) {
    const Money owed = -ledger_.balance(id, asset.id).cash;
    if (owed.units <= 0 || has_position(account, asset.id)) continue;
    const AccountId fund = *ledger_.insurance();
    ledger_.transfer(fund, id, owed);
    records_.add_transfer(id, {.sequence = sequence_,
                               .after = FillId{fills_created_},
                               .amount = owed,
                               .other = fund,
                               .time = time_});
    events_.emplace_back(Transferred{fund, id, owed});
  }
}

bool Engine::has_position(const Ledger::Account& account, AssetId settle) const {
  for (std::size_t i = 0; i < account.holdings.size(); ++i) {
    if (ledger_.instruments()[i].settle != settle) continue;
    for (const Leg& leg : account.holdings[i].legs) {
      if (leg.size.raw != 0) return true;
    }
  }
  return false;
}

// Remembers the first mark at which a position of up to this size may have lost `slack`.
// Maintenance margin that grows on the way is counted at the highest tier's rate, and what shrinks
// is not counted.
void Engine::watch(AccountId account, const Instrument& instrument, LegIndex index, Int128 slack,
                   std::int64_t size) {
  Leg& leg = ledger_.mutable_holding(account, instrument.id).legs[index];
  leg.watched_size = {};
  if (leg.size.raw == 0) return;
  leg.watched_size = SignedLots{size};
  const bool is_long = size > 0;
  const Int128 lots = size_of(size);
  const std::int64_t mark = watched_mark(instrument.id);
  const Int128 whole = kRateOne + instrument.tiers.back().maintenance.raw;
  const Int128 loss = std::max(Int128{0}, slack - 1);
  const auto with_margin = [&](Int128 units) {
    return units > kInt128Max / kRateOne ? units / 2 : div_floor(units * kRateOne, whole);
  };
  Int128 bound = 0;
  if (instrument.is_inverse()) {
    const Int128 coins = multiply(multiply(lots, instrument.inverse_units), kMarkPerTick);
    const Int128 value = div_floor(coins, mark);
    const Int128 left = is_long ? value + with_margin(loss) : value - loss;
    if (left <= 0) return;
    bound = is_long ? div_ceil(coins, left) - 1 : div_floor(coins, left) + 1;
    bound = is_long ? std::min<Int128>(bound, mark - 1) : std::max<Int128>(bound, mark + 1);
  } else {
    const Int128 each = multiply(lots, instrument.units_per_mark_lot);
    // One less, since what continuous funding ran up to is rounded.
    const Int128 far = std::max(Int128{0}, div_floor(is_long ? loss : with_margin(loss), each) - 1);
    bound = is_long ? mark - far - 1 : mark + far + 1;
  }
  const std::int64_t price_most = multiply(instrument.price_max.raw, 2 * kMarkPerTick);
  if (bound > price_most || bound < -price_most) return;
  const bool is_kept = leg.watch != 0 && (is_long ? leg.watch >= bound && leg.watch < mark
                                                  : leg.watch <= bound && leg.watch > mark);
  if (is_kept) return;
  leg.watch = static_cast<std::int64_t>(bound);
  Market& market = this->market(instrument.id);
  market.watched_mark = mark;
  const std::uint64_t id = std::uint64_t{account.raw} << 1 | index;
  const DueQueue::Entry entry{is_long ? -leg.watch : leg.watch, id};
  const auto stands = [&](const DueQueue::Entry& e) { return is_watched(instrument.id, e); };
  (is_long ? market.falling : market.rising).push(entry, stands);
}

bool Engine::is_watched(InstrumentId id, const DueQueue::Entry& entry) const {
  const AccountId account{static_cast<std::uint32_t>(entry.id >> 1)};
  const Leg& leg = ledger_.leg(account, id, entry.id & 1);
  return leg.watch != 0 && (leg.watch == entry.key || leg.watch == -entry.key);
}

// The book or the index changed: samples go on from here, and accounts whose bound the mark has
// reached are examined.
void Engine::follow_mark(InstrumentId id) {
  if (ledger_.instrument(id).is_spot()) return;
  Market& market = this->market(id);
  if (market.index.raw != 0) sample(id);
  if (market.falling.empty() && market.rising.empty()) return;
  const std::int64_t mark = watched_mark(id);
  if (mark == market.watched_mark) return;
  market.watched_mark = mark;
  const auto stands = [&](const DueQueue::Entry& e) { return is_watched(id, e); };
  const auto wake = [&](DueQueue& queue, auto is_reached) {
    for (const auto* top = queue.top(stands); top && is_reached(top->key);
         top = queue.top(stands)) {
      const AccountId account{static_cast<std::uint32_t>(top->id >> 1)};
      ledger_.mutable_holding(account, id).legs[top->id & 1].watch = 0;
      queue.pop();
      mark_dirty(account);
    }
  };
  wake(market.falling, [&](std::int64_t key) { return mark <= -key; });
  wake(market.rising, [&](std::int64_t key) { return mark >= key; });
}

// ---- what is told of it -------------------------------------------------------------------------

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
  const Int128 notional = size_of(value);
  risk.value.units = notional;
  risk.unrealised.units = unrealised(instrument, leg);
  risk.initial.units = div_ceil(notional, leverage_of(holding, instrument));
  risk.maintenance.units = maintenance_margin(notional, instrument);
  risk.tier = &tier_of(notional, instrument);
  risk.deleveraging_rank = deleveraging_rank(account, instrument, index);

  Endangered endangered{account, instrument.settle};
  if (holding.is_isolated()) endangered = {account, instrument.settle, instrument.id, index};
  const Backing back = backing(endangered);
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
    const Int128 at = div_half_even(scaled, size_of(divisor)) * sign;
    if (at <= 0 || !fits(at)) return std::nullopt;
    const Int128 lots = size_of(position.size.raw);
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
  const bool is_isolated = ledger_.holding(account, instrument.id).is_isolated();
  Endangered endangered{account, instrument.settle};
  if (is_isolated) endangered = {account, instrument.settle, instrument.id, index};
  const Int128 equity = std::max(Int128{1}, backing(endangered).equity);
  const Int128 cost = std::max(Int128{1}, size_of(leg.entry_value));
  const Int128 value = size_of(value_of(leg.size, instrument));
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
  for (std::uint32_t i = 0; i < ledger_.account_count(); ++i) {
    const AccountId other{i};
    if (!ledger_.is_user(other)) continue;
    for (const LegIndex leg : {LegIndex{0}, kShortLeg}) {
      const std::int64_t size = ledger_.position_size(other, instrument.id, leg);
      if (size == 0 || (size > 0) != (own > 0)) continue;
      ++all;
      ahead += deleveraging_score(other, instrument, leg) > score;
    }
  }
  return 5 - static_cast<int>(ahead * 5 / all);
}

}  // namespace venuebox::engine
