#include "market/fair_prices.h"

#include <algorithm>
#include <cmath>

#include "market/draws.h"

namespace venuebox::market {
namespace {
constexpr double kStepsPerSecond = 4;
constexpr double kStepsPerDay = 86'400 * kStepsPerSecond;
constexpr double kRootOfStepsPerYear = 11'231.0;  // of 365 days

// clang-format off
//                                   volatility  liquidity  spread  takers
constexpr RegimeTerms kRegimes[] = {{0.5,        1.3,       0.7,    0.6},    // calm
                                    {1.0,        1.0,       1.0,    1.0},    // normal
                                    {2.2,        0.5,       4.0,    2.2},    // wild
                                    {5.0,        0.12,     25.0,    4.0}};   // crash

// How long a regime lasts on average, and what follows it; of the day about 47 % are calm, 48 %
// normal, 5 % wild, and a crash comes once or twice.
struct Stay {
  double seconds;
  Regime likely;
  Regime other;
  double part_of_likely;
};
constexpr Stay kStays[] = {{1'800, Regime::normal, Regime::normal, 1},
                           {1'200, Regime::calm,   Regime::wild,   0.65},
                           {  300, Regime::normal, Regime::crash,  0.88},
                           {   60, Regime::wild,   Regime::wild,   1}};

// Prices in USDT are those of the middle of 2024, rounded; a year's volatility and the correlations
// are of the order of those of that year.
constexpr BaseProfile kProfiles[] = {
    // base     price   volatility  correlation  liquidity  takers/s
    {"BTC",    60'000,  0.55,       0.95,        1.0,       14},
    {"ETH",     2'600,  0.65,       0.90,        0.35,      9},
    {"SOL",       150,  0.90,       0.80,        0.12,      4},
    {"XRP",       0.6,  0.80,       0.70,        0.08,      2.5},
    {"DOGE",      0.1,  1.00,       0.75,        0.06,      2},
    {"BNB",       570,  0.60,       0.75,        0.05,      1},
    {"ADA",      0.35,  0.85,       0.75,        0.03,      0.6},
    {"LTC",        65,  0.75,       0.75,        0.03,      0.6},
    {"LINK",       11,  0.90,       0.75,        0.03,      0.6},
    {"AVAX",       24,  0.95,       0.80,        0.03,      0.6},
    {"DOT",       4.5,  0.85,       0.75,        0.03,      0.6},
    {"SUI",       1.5,  1.20,       0.70,        0.03,      0.6}};
// clang-format on

// The variance follows what happened: GARCH(1,1), with half of a burst gone in half a minute.
constexpr double kNews = 0.05;
constexpr double kMemory = 0.945;
constexpr double kHeatMax = 25;

constexpr double kCommonJumpsPerDay = 8;
constexpr double kOwnJumpsPerDay = 6;
constexpr double kLeastJump = 8e-4;
constexpr double kMostJump = 150e-4;

// Prices fall in a crash, and rise a little at all other times, so that on average they stay.
constexpr double kCrashDrift = -0.3e-4;
constexpr double kCrashPart = 0.00115;  // of all time
constexpr double kRecovery = -kCrashDrift * kCrashPart / (1 - kCrashPart);
}  // namespace

const RegimeTerms& terms_of(Regime regime) { return kRegimes[static_cast<std::size_t>(regime)]; }

BaseProfile profile_of(std::uint64_t seed, std::string_view base) {
  for (const BaseProfile& profile : kProfiles) {
    if (profile.base == base) return profile;
  }
  constexpr double kMagnitudes[] = {0.1, 1, 10};
  const RandomStream draws(seed, "fair/start/" + std::string(base));
  BaseProfile profile;
  profile.start_price =
      kMagnitudes[draws.at(0) % std::size(kMagnitudes)] * (1 + 9 * unit(draws.at(1)));
  return profile;
}

FairPrices::FairPrices(std::uint64_t seed)
    : seed_(seed), regimes_(seed, "fair/regime"), common_(seed, "fair/common") {}

std::size_t FairPrices::add(std::string_view base, std::optional<double> price) {
  for (std::size_t i = 0; i < walks_.size(); ++i) {
    if (walks_[i].base == base) return i;
  }
  const BaseProfile profile = profile_of(seed_, base);
  walks_.push_back({std::string(base), profile, RandomStream(seed_, "fair/" + std::string(base)),
                    price.value_or(profile.start_price)});
  return walks_.size() - 1;
}

std::optional<double> FairPrices::price_of(std::string_view base) const {
  const auto walk = std::ranges::find(walks_, base, &Walk::base);
  return walk == walks_.end() ? std::nullopt : std::optional(walk->price);
}

void FairPrices::step() {
  switch_regime();
  const double common = normal(common_.at(2 * steps_));
  heat_ = std::min(kHeatMax, (1 - kNews - kMemory) + (kNews * common * common + kMemory) * heat_);
  agitation_ = terms_of(regime_).volatility * std::sqrt(heat_);
  const double drift = regime_ == Regime::crash ? kCrashDrift : kRecovery;
  const double common_jump = jump(common_, kCommonJumpsPerDay);
  for (Walk& walk : walks_) {
    const double share = walk.profile.correlation;
    const double shock =
        share * common + std::sqrt(1 - share * share) * normal(walk.draws.at(2 * steps_));
    const double scale = walk.profile.volatility / kRootOfStepsPerYear * agitation_;
    const double own_jump = jump(walk.draws, kOwnJumpsPerDay);
    walk.price *= 1 + scale * shock + drift + common_jump + own_jump;
  }
  ++steps_;
}

void FairPrices::switch_regime() {
  const Stay& stay = kStays[static_cast<std::size_t>(regime_)];
  if (unit(regimes_.at(2 * steps_)) * stay.seconds * kStepsPerSecond >= 1) return;
  const bool likely = unit(regimes_.at(2 * steps_ + 1)) < stay.part_of_likely;
  regime_ = likely ? stay.likely : stay.other;
}

// Mostly nothing; else a part of the price, where twice the size is a quarter as likely. An
// agitated market jumps more often.
double FairPrices::jump(const RandomStream& draws, double per_day) const {
  const std::uint64_t draw = draws.at(2 * steps_ + 1);
  const double chance = per_day / kStepsPerDay * agitation_;
  const double hit = unit(draw);
  if (hit >= chance) return 0;
  const double size = std::min(kMostJump, kLeastJump / std::sqrt((hit + chance * 1e-3) / chance));
  return draw & 1 ? size : -size;
}

void FairPrices::save(ByteWriter& out) const {
  out.put(steps_);
  out.put(regime_);
  put_double(out, heat_);
  put_double(out, agitation_);
  for (const Walk& walk : walks_)
    put_double(out, walk.price);
}

void FairPrices::load(ByteReader& in) {
  in.get(steps_);
  in.get(regime_);
  get_double(in, heat_);
  get_double(in, agitation_);
  for (Walk& walk : walks_)
    get_double(in, walk.price);
}

}  // namespace venuebox::market
