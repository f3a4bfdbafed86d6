// Bybit's intervals of candles, by its names.
#pragma once

#include <span>
#include <string_view>

#include "model/candles.h"

namespace venuebox::venues::bybit {

inline constexpr std::int64_t kMinuteMs = 60'000;

struct Interval {
  std::string_view name;  // "1" … "720", "D", "W", "M"
  CandleInterval length;
};

std::span<const Interval> intervals();
// Null: there is no such interval.
const Interval* find_interval(std::string_view name);

}  // namespace venuebox::venues::bybit
