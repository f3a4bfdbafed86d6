// Candles of what traded in the box, by Bybit's intervals.
#pragma once

#include <span>
#include <vector>

#include "model/view.h"

namespace venuebox::venues::bybit {

inline constexpr std::int64_t kMinuteMs = 60'000;

// Candles begin at whole multiples of their length since 1970, weeks on Mondays, months on their
// first day, all UTC.
struct Interval {
  enum class Length : std::uint8_t { minutes, week, month };
  std::string_view name;  // "1" … "720", "D", "W", "M"
  Length length = Length::minutes;
  std::int64_t minutes = 0;  // of a month: the longest
};

std::span<const Interval> intervals();
// Null: there is no such interval.
const Interval* find_interval(std::string_view name);

// Minutes since 1970: in which the candle of `minute` begins, and in which the next one does.
std::int64_t candle_start(std::int64_t minute, const Interval& interval);
std::int64_t next_candle(std::int64_t start, const Interval& interval);

struct Candle {
  std::int64_t start = 0;  // minutes since 1970
  Ticks open, high, low, close;
  Lots volume;
  Int128 turnover = 0;  // as in DayStatistics
};

// Newest first, from the one of the minute `to` back to that of `from`, `limit` of them at most.
// Where nothing traded a candle stands at the price before it, as at Bybit; before the first trade
// that the box remembers there are none.
std::vector<Candle> candles(const View& view, InstrumentId instrument, const Interval& interval,
                            std::int64_t from, std::int64_t to, std::int64_t limit);

}  // namespace venuebox::venues::bybit
