// Funding: what the market is sampled for, the rate it comes to, and what positions pay.
#include "engine/engine.h"

namespace venuebox::engine {
namespace {
constexpr std::int64_t kSecondNs = seconds(1).raw;

// 149/150 of a distance is left after each second.
constexpr int kDecayBits = 32;
constexpr std::uint64_t kDecay = (std::uint64_t{149} << kDecayBits) / 150;

std::int64_t decay_over(std::int64_t seconds) {
  std::uint64_t left = std::uint64_t{1} << kDecayBits;
  std::uint64_t power = kDecay;
  for (; seconds > 0 && left > 0; seconds >>= 1) {
    if (seconds & 1) left = static_cast<std::uint64_t>(UInt128{left} * power >> kDecayBits);
    power = static_cast<std::uint64_t>(UInt128{power} * power >> kDecayBits);
  }
  return static_cast<std::int64_t>(left);
}

Int128 premium_of(const Samples& samples) {
  if (samples.mid.raw == 0 || samples.index.raw == 0) return 0;
  return div_half_even(multiply(samples.mid.raw - samples.index.raw, kRateOne), samples.index.raw);
}

// What lies between two funding times ends at the next whole multiple of the interval since 1970.
Timestamp funding_after(Timestamp time, Nanoseconds interval) {
  return {(time.ns / interval.raw + 1) * interval.raw};
}
}  // namespace

// What the samples are by now: nothing has changed since they were taken.
Samples Engine::samples_now(const Market& market, const Instrument& instrument) const {
  Samples samples = market.samples;
  const std::int64_t passed = second_ - samples.second;
  if (passed <= 0) return samples;
  samples.second = second_;
  const Int128 premium = premium_of(samples);
  if (samples.mid.raw != 0 && samples.index.raw != 0) {
    const Int128 target = Int128{samples.mid.raw} << Samples::kAverageBits;
    samples.average =
        target + (multiply(samples.average - target, decay_over(passed)) >> kDecayBits);
    samples.premium += multiply(premium, passed);
    samples.seconds += passed;
  }
  const FundingTerms& terms = instrument.funding;
  if (terms.kind == FundingKind::continuous && samples.index.raw != 0) {
    const Samples present{.premium = premium, .seconds = 1};
    const Int128 lot = multiply(samples.index.raw, instrument.units_per_mark_lot);
    const Int128 each = div_floor(multiply(lot, funding_rate(present, terms).raw),
                                  Int128{kRateOne} * (terms.interval.raw / kSecondNs));
    samples.index_sum += multiply(each, passed);
  }
  return samples;
}

// Takes in what has passed, and goes on with the present middle and index.
void Engine::sample(InstrumentId id) {
  Market& market = this->market(id);
  const Ticks bid = market.book.best(Side::buy);
  const Ticks ask = market.book.best(Side::sell);
  const MarkPrice mid{bid.raw == 0 || ask.raw == 0 ? 0 : (bid.raw + ask.raw) * (kMarkPerTick / 2)};
  if (mid == market.samples.mid && market.index == market.samples.index) return;
  market.samples = samples_now(market, ledger_.instrument(id));
  market.samples.second = second_;
  market.samples.mid = mid;
  if (market.samples.average == 0) {
    market.samples.average = Int128{mid.raw} << Samples::kAverageBits;
  }
  market.samples.index = market.index;
}

// The mean premium, pulled towards the interest by at most the clamp, within the cap.
//   source  docs/venues/bybit.md, "Funding"; the usual formula of perpetuals
Rate Engine::funding_rate(const Samples& samples, const FundingTerms& terms) const {
  const Int128 premium = samples.seconds == 0 ? 0 : div_half_even(samples.premium, samples.seconds);
  const Int128 interest =
      std::clamp<Int128>(terms.interest.raw - premium, -terms.clamp.raw, terms.clamp.raw);
  const Int128 rate = std::clamp<Int128>(premium + interest, -terms.cap.raw, terms.cap.raw);
  return Rate{static_cast<std::int64_t>(rate)};
}

FundingState Engine::funding(InstrumentId id) const {
  const Instrument& instrument = ledger_.instrument(id);
  const Market& market = this->market(id);
  const Samples samples = samples_now(market, instrument);
  FundingState state;
  state.last = market.last_funding;
  state.next = market.next_funding;
  state.index = samples.index_sum;
  if (instrument.funding.kind == FundingKind::interval) {
    state.rate = funding_rate(samples, instrument.funding);
  } else if (instrument.funding.kind == FundingKind::continuous) {
    state.rate = funding_rate({.premium = premium_of(samples), .seconds = 1}, instrument.funding);
  }
  return state;
}

void Engine::begin_funding(InstrumentId id) {
  const Instrument& instrument = ledger_.instrument(id);
  Market& market = this->market(id);
  market.samples.second = second_;
  if (instrument.is_spot() || instrument.funding.kind != FundingKind::interval) return;
  market.next_funding = funding_after(time_, instrument.funding.interval);
  remember_due(market.next_funding, kFundingTimer | id.raw);
}

// An interval ended. Holders pay what is rounded up and receive what is rounded down; what that
// leaves over is the insurance fund's, or without one the venue's.
void Engine::settle_funding(InstrumentId id) {
  const Instrument& instrument = ledger_.instrument(id);
  Market& market = this->market(id);
  market.samples = samples_now(market, instrument);
  const Rate rate = funding_rate(market.samples, instrument.funding);
  market.samples.premium = 0;
  market.samples.seconds = 0;
  market.next_funding = funding_after(time_, instrument.funding.interval);
  remember_due(market.next_funding, kFundingTimer | id.raw);
  const auto mark = mark_price(id);
  if (!mark) return;
  market.last_funding = rate;
  records_.add_funding(id, {time_, rate, *mark});
  events_.emplace_back(FundingSettled{id, rate, *mark});
  Int128 over = 0;
  each_open_leg(id, [&](AccountId account, LegIndex leg, SignedLots size) {
    const Int128 value = value_at_mark(size, *mark, instrument).units;
    const Int128 amount = div_ceil(multiply(value, rate.raw), kRateOne);
    over += amount;
    pay(account, instrument, leg, amount, rate, *mark);
  });
  ledger_.collect({over, instrument.settle});
}

// What has run up on a position since it last paid; positive: it owes.
Int128 Engine::accrued(const Leg& leg, const Instrument& instrument) const {
  if (instrument.funding.kind != FundingKind::continuous || leg.size.raw == 0) return 0;
  const Int128 now = samples_now(market(instrument.id), instrument).index_sum;
  return multiply(leg.size.raw, now - leg.funding_index);
}

void Engine::pay_accrued(AccountId account, const Instrument& instrument, LegIndex index) {
  Leg& leg = ledger_.mutable_holding(account, instrument.id).legs[index];
  const Int128 amount = accrued(leg, instrument);
  leg.funding_index = samples_now(market(instrument.id), instrument).index_sum;
  if (amount == 0) return;
  const MarkPrice mark = mark_price(instrument.id).value_or(MarkPrice{});
  pay(account, instrument, index, amount, funding(instrument.id).rate, mark);
}

void Engine::pay(AccountId account, const Instrument& instrument, LegIndex index, Int128 amount,
                 Rate rate, MarkPrice mark) {
  const Holding& holding = ledger_.holding(account, instrument.id);
  const SignedLots size = holding.legs[index].size;
  const PositionSide side = side_of(index, holding.position_mode);
  ledger_.pay_funding(account, instrument.id, index, amount);
  const Money paid{amount, instrument.settle};
  events_.emplace_back(FundingPaid{account, instrument.id, side, size, paid});
  if (!ledger_.is_user(account)) return;
  Execution row;
  row.side = size.raw > 0 ? Side::buy : Side::sell;
  row.position_side = side;
  row.quantity = Lots{std::abs(size.raw)};
  row.rate = rate;
  row.mark = mark;
  record(account, ExecutionKind::funding, instrument, paid, row);
  mark_dirty(account);
}

// What moved an account's money at an instrument without a fill, among its executions.
void Engine::record(AccountId account, ExecutionKind kind, const Instrument& instrument, Money paid,
                    Execution row) {
  row.id = FillId{++fills_created_};
  row.kind = kind;
  row.instrument = instrument.id;
  row.fee = paid;
  row.realised_profit = {0, instrument.settle};
  row.time = time_;
  records_.add_execution(account, row, client_ids_);
}

}  // namespace venuebox::engine
