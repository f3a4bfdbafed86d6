// Candles: what a stretch of time traded, and into which stretches venues part time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <tuple>

#include "base/wide.h"
#include "model/ids.h"

namespace venuebox {

struct Candle {
  std::int64_t start = 0;  // minutes since 1970, UTC
  Ticks open, high, low, close;
  Lots volume;
  // Sum of price * quantity, in ticks * lots; of inverse contracts of their value, in settlement
  // units.
  Int128 turnover = 0;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.start, s.open, s.high, s.low, s.close, s.volume, s.turnover);
  }
  friend bool operator==(const Candle&, const Candle&) = default;
};

// Adds what traded right after `candle` to it.
inline void append(Candle& candle, const Candle& later) {
  candle.high = std::max(candle.high, later.high);
  candle.low = std::min(candle.low, later.low);
  candle.close = later.close;
  candle.volume += later.volume;
  candle.turnover += later.turnover;
}

// The lengths in which an exchange keeps what traded.
enum class Resolution : std::uint8_t { minute, quarter, hour, day };
inline constexpr std::int64_t kMinutesOf[] = {1, 15, 60, 1'440};

constexpr std::int64_t minutes_of(Resolution resolution) {
  return kMinutesOf[static_cast<std::size_t>(resolution)];
}

// Candles begin at whole multiples of their length since 1970, weeks on Mondays, months on their
// first day, all UTC.
struct CandleInterval {
  enum class Calendar : std::uint8_t { minutes, week, month };
  Calendar calendar = Calendar::minutes;
  std::int64_t minutes = 1;  // of a month: the longest
};

// Minutes since 1970: in which the candle of `minute` begins, and in which the next one does.
std::int64_t candle_start(std::int64_t minute, CandleInterval interval);
std::int64_t next_candle(std::int64_t start, CandleInterval interval);

}  // namespace venuebox
