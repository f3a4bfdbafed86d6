// Which accounts have to be looked at again when a mark price moves. An account is examined after
// its own fills, and when a mark reaches one of the prices up to which its margin is known to last;
// so a moving mark costs what is near its end, and nothing for the rest. docs/margin.md, "How it is
// looked at".
#include "engine/engine.h"

namespace venuebox::engine {
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
  const Int128 lots = magnitude(size);
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
  if (bound == 0) bound = is_long ? 1 : -1;  // A little earlier, since 0 stands for none.
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

}  // namespace venuebox::engine
