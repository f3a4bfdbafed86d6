// The price of a base asset over all of time, without a memory: the open of each week is a sum of
// noise at several scales, and what happens within a week is drawn from the week's own open, high,
// low and close, downward to minutes. So any stretch of time costs a few draws, and the stretches
// of all lengths agree: a part is made so that the whole stays what it was.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/random.h"

namespace venuebox::market {

// Prices are in a unit of the path's own.
struct Stretch {
  std::int64_t start = 0;  // minutes since 1970
  int level = 0;           // 0: a week; how long it is, see PricePath::kMinutes
  double open = 0, high = 0, low = 0, close = 0;
  double deviation = 0;  // of its change: how agitated the path is here
};

class PricePath {
 public:
  // How long the stretches of each level are, in minutes; those of the last have no parts.
  static constexpr std::int64_t kMinutes[] = {10'080, 1'440, 720, 120, 60, 30, 15, 1};
  static constexpr int kLevels = 8;
  static constexpr std::size_t kPartsMax = 15;

  //   name        of the base asset
  //   volatility  of a year: 0.5 is 50 %
  PricePath(std::uint64_t seed, std::string_view name, double volatility);

  // The week that this minute lies in.
  Stretch week_of(std::int64_t minute) const;
  // The parts of a stretch above the last level, in order; returns how many there are. The first
  // opens as the whole does, each closes where the next opens, the last closes as the whole does,
  // and the extremes are those of the whole.
  std::size_t parts_of(const Stretch& whole, std::span<Stretch, kPartsMax> parts) const;

 private:
  double week_open(std::int64_t week) const;
  std::uint64_t draw(std::int64_t start, int level, int purpose) const;

  RandomStream weeks_;
  RandomStream draws_;
  double weekly_ = 0;  // standard deviation of a week's change
};

}  // namespace venuebox::market
