#include "market/synthetic.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "market/draws.h"
#include "market/opening.h"

namespace venuebox::market {
namespace {
static_assert(Arrivals::kSpan == FairPrices::kStep);
constexpr std::uint64_t kStepsPerSecond = 4;

// Each basis wanders about its mean by a basis point, and half of a deviation is gone in 20
// minutes. Changed each second.
constexpr double kBasisPull = 5.8e-4;
constexpr double kBasisShock = 3.4e-6;

constexpr double kSpotLiquidity = 0.5;  // of the perpetual's

constexpr double kThinning = 0.1;  // of the way to the regime's liquidity, per step

constexpr double kOrderMin = 10;  // quote; venues refuse less than half of it
constexpr double kReach = 8e-4;   // how far beyond the best price they go, times the agitation

// Who buys is often followed by one who buys.
constexpr double kMoodFollows = 0.12;
constexpr double kMoodCounts = 0.8;
constexpr double kFear = 0.3;  // how many more sell in a crash
}  // namespace

Synthetic::Synthetic(std::uint64_t seed, std::string_view venue, std::vector<InstrumentId> replayed,
                     Timestamp start)
    : seed_(seed), venue_(venue), replayed_(std::move(replayed)), fair_(seed), due_(start) {}

void Synthetic::add(const View& view, InstrumentId id, std::optional<double> price) {
  const Instrument& instrument = view.instruments()[id.raw];
  const std::size_t base = fair_.add(view.assets()[instrument.base.raw].name, price);
  const BaseProfile& profile = fair_.profile(base);
  const std::string name = stage_name(venue_, instrument);
  const auto stream = [&](std::string_view purpose) {
    return RandomStream(seed_, fmt::format("{}/{}", purpose, name));
  };
  const double liquidity = profile.liquidity * (instrument.is_spot() ? kSpotLiquidity : 1);
  Stage stage{.instrument = instrument,
              .base = base,
              .anchor = {},
              .basis_draws = stream("basis"),
              .taker_draws = stream("takers"),
              .arrivals = {stream("arrivals"), takers_per_second(profile, instrument)},
              .makers = {instrument, stream("makers"), liquidity, profile.volatility},
              .basis = mean_basis(instrument)};
  for (const InstrumentId anchor : replayed_) {
    if (view.instruments()[anchor.raw].base == instrument.base) stage.anchor = anchor;
  }
  stages_.push_back(std::move(stage));
}

// With the draws of the step that was last: a stage that was not there has used none of them.
void Synthetic::open(Desk& desk, InstrumentId id) {
  const auto stage = std::ranges::find(stages_, id, [](const Stage& s) { return s.instrument.id; });
  if (stage == stages_.end() || steps_ == 0) return;
  show_index(desk, *stage);
  quote(desk, *stage, steps_ - 1);
}

std::optional<double> Synthetic::fair_price(std::string_view base) const {
  return fair_.price_of(base);
}

TradingPhase Synthetic::phase_of(const Stage& stage, const View& view) {
  return view.instruments()[stage.instrument.id.raw].phase;
}

Timestamp Synthetic::next_due() const {
  return arrived_ < arrivals_.size() ? arrivals_[arrived_].time : due_;
}

void Synthetic::step(Desk& desk) {
  if (arrived_ < arrivals_.size()) return take(desk, stages_[arrivals_[arrived_++].stage]);
  run_step(desk);
}

// A quarter of a second: prices move, makers follow, and it is drawn who will come until the next.
void Synthetic::run_step(Desk& desk) {
  if (steps_ > 0) fair_.step();
  const RegimeTerms& regime = terms_of(fair_.regime());
  liquidity_ += kThinning * (regime.liquidity - liquidity_);
  arrivals_.clear();
  arrived_ = 0;
  const bool is_second = steps_ % kStepsPerSecond == 0;
  for (std::uint32_t i = 0; i < stages_.size(); ++i) {
    Stage& stage = stages_[i];
    const TradingPhase phase = phase_of(stage, desk.view());
    if (phase == TradingPhase::delisted) continue;
    if (is_second && !stage.anchor) {
      const double mean = mean_basis(stage.instrument);
      stage.basis +=
          kBasisPull * (mean - stage.basis) + kBasisShock * normal(stage.basis_draws.at(steps_));
    }
    if (fair_ticks(stage, desk.view()) <= 0) continue;
    if (is_second) show_index(desk, stage);
    // What stood before a halt stands after it, and is moved to where it should be then.
    if (phase != TradingPhase::open) continue;
    quote(desk, stage, steps_);
    stage.arrivals.run(steps_, regime.takers, [&](Nanoseconds offset) {
      arrivals_.push_back({due_ + offset, i});
    });
  }
  std::ranges::stable_sort(arrivals_, {}, &Arrival::time);
  ++steps_;
  due_ = due_ + FairPrices::kStep;
}

void Synthetic::quote(Desk& desk, Stage& stage, std::uint64_t step) {
  const double fair = fair_ticks(stage, desk.view());
  if (fair <= 0) return;
  const double spread = terms_of(fair_.regime()).spread;
  stage.makers.quote(desk, {fair, fair_.agitation(), spread, liquidity_}, step);
}

// 0: there is none.
double Synthetic::fair_ticks(const Stage& stage, const View& view) const {
  const double tick = size_of(stage.instrument.tick);
  if (!stage.anchor) return fair_.price(stage.base) * (1 + stage.basis) / tick;
  const auto mark = view.mark_price(*stage.anchor);
  if (!mark) return 0;
  const Instrument& anchor = view.instruments()[stage.anchor->raw];
  return static_cast<double>(mark->raw) / kMarkPerTick * size_of(anchor.tick) / tick;
}

// The index of a perpetual is the fair price that all venues share, without this one's basis.
void Synthetic::show_index(Desk& desk, const Stage& stage) const {
  const Instrument& instrument = stage.instrument;
  if (instrument.is_spot() || stage.anchor) return;
  const double ticks = fair_.price(stage.base) / size_of(instrument.tick);
  desk.execute(SetIndexPrice{instrument.id, MarkPrice{std::llround(ticks * kMarkPerTick)}});
}

void Synthetic::take(Desk& desk, Stage& stage) {
  if (phase_of(stage, desk.view()) != TradingPhase::open) return;
  const Instrument& instrument = stage.instrument;
  const std::uint64_t number = stage.takers++;
  const double fear = fair_.regime() == Regime::crash ? kFear : 0;
  const double buyers = 0.5 + 0.5 * (kMoodCounts * stage.mood - fear);
  const Side side = unit(stage.taker_draws.at(3 * number)) < buyers ? Side::buy : Side::sell;
  stage.mood += kMoodFollows * ((side == Side::buy ? 1 : -1) - stage.mood);

  BookLevel best;
  if (desk.view().depth(instrument.id, opposite(side), {&best, 1}) == 0) return;
  const double share = fair_.profile(stage.base).liquidity;
  const double luck = (1 - unit(stage.taker_draws.at(3 * number + 1))) *
                      (1 - unit(stage.taker_draws.at(3 * number + 2)));
  const double wanted = std::max(kOrderMin, share * std::min(kMostTaken, kLeastTaken / luck));
  const std::int64_t least = instrument.quantity_min.raw;
  const double lots = wanted / stage.makers.notional(best.price, Lots{1});
  const auto quantity = std::clamp<std::int64_t>(std::llround(std::min(lots, 1e15)), least,
                                                 instrument.quantity_max.raw);
  const std::int64_t reach = 1 + std::llround(static_cast<double>(best.price.raw) * kReach *
                                              std::max(1.0, fair_.agitation()));
  const std::int64_t limit = side == Side::buy
                                 ? std::min(best.price.raw + reach, instrument.price_max.raw)
                                 : std::max<std::int64_t>(1, best.price.raw - reach);
  const std::int64_t lots_each = desk.view().instruments()[instrument.id.raw].lot_multiple;
  const Lots whole{std::max(lots_each, quantity / lots_each * lots_each)};
  PlaceOrder order = market_order(kTaker, instrument, side, Ticks{limit}, whole);
  order.time_in_force = TimeInForce::ioc;
  stage.makers.observe(desk.view());
  stage.makers.notice(desk.view(), desk.execute(order));
}

// Whoever was about to come, comes as much later.
void Synthetic::resume_at(Timestamp time) {
  const Nanoseconds pause = time - next_due();
  if (pause.raw <= 0) return;
  due_ = due_ + pause;
  for (Arrival& arrival : arrivals_)
    arrival.time = arrival.time + pause;
}

void Synthetic::show_again(Desk& desk, InstrumentId instrument) {
  for (Stage& stage : stages_) {
    if (stage.instrument.id == instrument) stage.makers.show_again(desk);
  }
}

void Synthetic::save(ByteWriter& out) const {
  out.put(due_.ns);
  out.put(steps_);
  put_double(out, liquidity_);
  fair_.save(out);
  out.put(static_cast<std::uint32_t>(stages_.size()));
  for (const Stage& stage : stages_) {
    put_double(out, stage.basis);
    put_double(out, stage.mood);
    out.put(stage.takers);
    stage.arrivals.save(out);
    stage.makers.save(out);
  }
  out.put(static_cast<std::uint32_t>(arrivals_.size() - arrived_));
  for (std::size_t i = arrived_; i < arrivals_.size(); ++i) {
    out.put(arrivals_[i].time.ns);
    out.put(arrivals_[i].stage);
  }
}

void Synthetic::load(ByteReader& in) {
  in.get(due_.ns);
  in.get(steps_);
  get_double(in, liquidity_);
  fair_.load(in);
  std::uint32_t stages = 0;
  in.get(stages);
  if (stages != stages_.size()) return;  // What is left unread tells that it does not fit.
  for (Stage& stage : stages_) {
    get_double(in, stage.basis);
    get_double(in, stage.mood);
    in.get(stage.takers);
    stage.arrivals.load(in);
    stage.makers.load(in);
  }
  std::uint32_t waiting = 0;
  in.get(waiting);
  arrivals_.clear();
  arrived_ = 0;
  for (std::uint32_t i = 0; i < waiting && in.ok(); ++i) {
    Arrival& arrival = arrivals_.emplace_back();
    in.get(arrival.time.ns);
    in.get(arrival.stage);
    arrival.stage = std::min(arrival.stage, static_cast<std::uint32_t>(stages_.size()) - 1);
  }
}

}  // namespace venuebox::market
