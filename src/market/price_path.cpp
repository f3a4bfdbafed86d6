#include "market/price_path.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "base/wide.h"
#include "market/draws.h"

namespace venuebox::market {
namespace {
constexpr std::int64_t kFromMonday = 3 * 1'440;  // 1970 began on a Thursday
constexpr double kRootOfWeeks = 7.211;           // of a year's

// Noise whose scale doubles from one week to two and a half years, as a walk's would; beyond that
// the path returns.
constexpr int kOctaves = 8;
constexpr double kRootOfTwo = 1.4142135623730951;

// A walk ranges over 1.6 times its standard deviation on average.
constexpr double kRangeOfWalk = 1.6;
constexpr double kStretchMost = 2.5;  // how far a drawn walk is stretched toward the extremes
constexpr double kWickLeast = 0.15;   // of a part's deviation
constexpr double kWick = 0.35;        // the same, times a normal number

// A part is as agitated as the whole, give or take; and as the whole's width leaves room for.
constexpr double kCalmest = 0.75;
constexpr double kAgitation = 0.5;
constexpr double kWidthLeast = 0.6;
constexpr double kWidthMost = 1.4;

// What each draw of a stretch is for; the last for each of its parts.
enum Purpose : int { kUp, kDown, kInsideUp, kInsideDown, kAgitated, kStep };

// The exponential function as far as it matters here: positive and rising, 1 at 0.
double rise(double x) { return x >= 0 ? 1 + x + x * x / 2 : 1 / (1 - x + x * x / 2); }

// A walk from the whole's open to its close: where its parts meet.
struct Walk {
  std::array<double, PricePath::kPartsMax + 1> at = {};
  std::size_t parts = 0;

  double straight(std::size_t i) const {
    return at[0] + (at[parts] - at[0]) * static_cast<double>(i) / static_cast<double>(parts);
  }
  // Stretches or shrinks what lies on one side of the straight line so that it just meets a limit.
  //   sign  1: above it, -1: below
  void fit(double limit, double sign) {
    double scale = kStretchMost;
    for (std::size_t i = 1; i < parts; ++i) {
      const double off = (at[i] - straight(i)) * sign;
      if (off > 0) scale = std::min(scale, (limit - straight(i)) * sign / off);
    }
    for (std::size_t i = 1; i < parts; ++i) {
      const double line = straight(i);
      if ((at[i] - line) * sign > 0) at[i] = line + (at[i] - line) * scale;
    }
  }
};
}  // namespace

PricePath::PricePath(std::uint64_t seed, std::string_view name, double volatility)
    : weeks_(seed, fmt::format("past/weeks/{}", name)),
      draws_(seed, fmt::format("past/parts/{}", name)),
      weekly_(volatility / kRootOfWeeks) {}

std::uint64_t PricePath::draw(std::int64_t start, int level, int purpose) const {
  const auto place =
      static_cast<std::uint64_t>(start) * kLevels + static_cast<std::uint64_t>(level);
  return draws_.at(place * 32 + static_cast<std::uint64_t>(purpose));
}

double PricePath::week_open(std::int64_t week) const {
  double sum = 0;
  double size = weekly_ / 2;
  for (int octave = 0; octave < kOctaves; ++octave) {
    const std::int64_t length = std::int64_t{1} << octave;
    const auto at = static_cast<std::int64_t>(div_floor(week, length));
    const double part = static_cast<double>(week - at * length) / static_cast<double>(length);
    const auto noise = [&](std::int64_t n) {
      return normal(weeks_.at(static_cast<std::uint64_t>(n * kOctaves + octave)));
    };
    sum += size * (noise(at) * (1 - part) + noise(at + 1) * part);
    size *= kRootOfTwo;
  }
  return rise(sum);
}

Stretch PricePath::week_of(std::int64_t minute) const {
  const auto week = static_cast<std::int64_t>(div_floor(minute + kFromMonday, kMinutes[0]));
  Stretch whole{.start = week * kMinutes[0] - kFromMonday, .level = 0};
  whole.open = week_open(week);
  whole.close = week_open(week + 1);
  const auto beyond = [&](Purpose purpose) {
    return 1 + weekly_ * 0.6 * std::abs(normal(draw(whole.start, 0, purpose)));
  };
  whole.deviation = weekly_ * whole.open;
  whole.high = std::max(whole.open, whole.close) * beyond(kUp);
  whole.low = std::min(whole.open, whole.close) / beyond(kDown);
  return whole;
}

std::size_t PricePath::parts_of(const Stretch& whole, std::span<Stretch, kPartsMax> parts) const {
  const int level = whole.level + 1;
  const std::int64_t length = kMinutes[level];
  const auto count = static_cast<std::size_t>(kMinutes[whole.level] / length);
  const double root = std::sqrt(static_cast<double>(count));
  const double width = (whole.high - whole.low) / kRangeOfWalk / root;
  const double deviation =
      std::clamp(whole.deviation / root, kWidthLeast * width, kWidthMost * width);

  Walk walk{.parts = count};
  walk.at[0] = whole.open;
  double sum = 0;
  std::array<double, kPartsMax + 1> steps = {};
  for (std::size_t i = 1; i <= count; ++i)
    steps[i] = sum += normal(draw(whole.start, whole.level, kStep + static_cast<int>(i)));
  walk.at[count] = whole.close;
  for (std::size_t i = 1; i < count; ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(count);
    walk.at[i] = walk.straight(i) + deviation * (steps[i] - part * sum);
  }
  // Parts meet a little inside of the extremes, which lie within one of them.
  const double top = std::max(whole.open, whole.close), bottom = std::min(whole.open, whole.close);
  const double up = unit(draw(whole.start, whole.level, kInsideUp)) * deviation;
  const double down = unit(draw(whole.start, whole.level, kInsideDown)) * deviation;
  walk.fit(std::max(top, whole.high - up), 1);
  walk.fit(std::min(bottom, whole.low + down), -1);

  for (std::size_t i = 1; i < count; ++i)
    walk.at[i] = std::clamp(walk.at[i], whole.low, whole.high);  // What rounding has left.

  std::size_t highest = 0, lowest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Stretch& part = parts[i];
    part = {.start = whole.start + static_cast<std::int64_t>(i) * length, .level = level};
    part.open = walk.at[i];
    part.close = walk.at[i + 1];
    part.deviation = deviation * (kCalmest + kAgitation * unit(draw(part.start, level, kAgitated)));
    const auto beyond = [&](Purpose purpose) {
      const double luck = std::abs(normal(draw(part.start, level, purpose)));
      return deviation * (kWickLeast + kWick * luck);
    };
    part.high = std::min(whole.high, std::max(part.open, part.close) + beyond(kUp));
    part.low = std::max(whole.low, std::min(part.open, part.close) - beyond(kDown));
    if (part.high > parts[highest].high) highest = i;
    if (part.low < parts[lowest].low) lowest = i;
  }
  parts[highest].high = whole.high;
  parts[lowest].low = whole.low;
  return count;
}

}  // namespace venuebox::market
