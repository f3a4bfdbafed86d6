#include "market/opening.h"

#include <fmt/core.h>

#include "market/makers.h"

namespace venuebox::market {
namespace {
constexpr double kPerpetualBasis = 1e-4;  // a perpetual is a little dearer than what it is on
constexpr double kSpotTakers = 0.3;       // spot is traded less than perpetuals

// The mean of takers' orders as a multiple of the least (1 / (u * v) of two uniform numbers, cut at
// the most), and the part of it that finds somebody, measured over a day; of spot, whose book is
// thinner, it is less.
constexpr double kMeanTaken = 60;
constexpr double kFilled = 0.8;
constexpr double kFilledOfSpot = 0.6;
}  // namespace

std::string stage_name(std::string_view venue, const Instrument& instrument) {
  return fmt::format("{}/{}/{}", venue, instrument.symbol,
                     instrument.is_spot() ? "spot" : "perpetual");
}

double mean_basis(const Instrument& instrument) {
  return instrument.is_spot() ? 0 : kPerpetualBasis;
}

double takers_per_second(const BaseProfile& profile, const Instrument& instrument) {
  return profile.takers * (instrument.is_spot() ? kSpotTakers : 1);
}

double opening_ticks(const BaseProfile& profile, const Instrument& instrument) {
  return profile.start_price * (1 + mean_basis(instrument)) / size_of(instrument.tick);
}

double turnover_per_second(const BaseProfile& profile, const Instrument& instrument) {
  const double filled = instrument.is_spot() ? kFilledOfSpot : kFilled;
  const double mean = filled * kMeanTaken * kLeastTaken * profile.liquidity;
  return takers_per_second(profile, instrument) * mean;
}

double value_of_lot(double price, const Instrument& instrument) {
  const double lot = size_of(instrument.lot);
  return instrument.is_inverse() ? lot : lot * price * size_of(instrument.tick);
}

}  // namespace venuebox::market
