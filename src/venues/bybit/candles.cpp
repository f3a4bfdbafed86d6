#include "venues/bybit/candles.h"

#include <algorithm>
#include <chrono>

namespace venuebox::venues::bybit {
namespace {
using Length = Interval::Length;

constexpr std::int64_t kDayMinutes = 1'440;
constexpr Interval kIntervals[] = {
    {"1", Length::minutes, 1},     {"3", Length::minutes, 3},     {"5", Length::minutes, 5},
    {"15", Length::minutes, 15},   {"30", Length::minutes, 30},   {"60", Length::minutes, 60},
    {"120", Length::minutes, 120}, {"240", Length::minutes, 240}, {"360", Length::minutes, 360},
    {"720", Length::minutes, 720}, {"D", Length::minutes, 1'440}, {"W", Length::week, 10'080},
    {"M", Length::month, 44'640},
};

std::int64_t floor_to(std::int64_t value, std::int64_t step) {
  return static_cast<std::int64_t>(div_floor(value, step)) * step;
}

// Those in which something traded, newest first, down to the first that begins before `from`.
std::vector<Candle> traded_candles(const View& view, InstrumentId id, const Interval& interval,
                                   std::int64_t from) {
  std::vector<Candle> traded;
  view.minutes(id, [&](const TradedMinute& minute) {
    const std::int64_t start = candle_start(minute.index, interval);
    if (traded.empty() || traded.back().start != start) {
      if (!traded.empty() && traded.back().start < from) return false;
      traded.push_back({start, minute.first, minute.high, minute.low, minute.last, {}, 0});
    }
    Candle& candle = traded.back();
    candle.open = minute.first;
    candle.high = std::max(candle.high, minute.high);
    candle.low = std::min(candle.low, minute.low);
    candle.volume += minute.volume;
    candle.turnover += minute.turnover;
    return true;
  });
  return traded;
}
}  // namespace

std::span<const Interval> intervals() { return kIntervals; }

const Interval* find_interval(std::string_view name) {
  const auto* interval = std::ranges::find(kIntervals, name, &Interval::name);
  return interval == std::end(kIntervals) ? nullptr : interval;
}

std::int64_t candle_start(std::int64_t minute, const Interval& interval) {
  constexpr std::int64_t kFromMonday = 3 * kDayMinutes;  // 1970 began on a Thursday
  switch (interval.length) {
    case Length::minutes: return floor_to(minute, interval.minutes);
    case Length::week: return floor_to(minute + kFromMonday, interval.minutes) - kFromMonday;
    case Length::month: break;
  }
  const auto day = std::chrono::days(floor_to(minute, kDayMinutes) / kDayMinutes);
  const std::chrono::year_month_day date{std::chrono::sys_days(day)};
  const std::chrono::sys_days first = date.year() / date.month() / std::chrono::day(1);
  return first.time_since_epoch().count() * kDayMinutes;
}

std::int64_t next_candle(std::int64_t start, const Interval& interval) {
  return candle_start(start + interval.minutes, interval);
}

std::vector<Candle> candles(const View& view, InstrumentId instrument, const Interval& interval,
                            std::int64_t from, std::int64_t to, std::int64_t limit) {
  const std::vector<Candle> traded = traded_candles(view, instrument, interval, from);
  std::vector<Candle> shown;
  auto next = traded.begin();
  std::int64_t start = candle_start(to, interval);
  for (; limit > 0 && start >= from; start = candle_start(start - 1, interval), --limit) {
    while (next != traded.end() && next->start > start)
      ++next;
    if (next == traded.end()) break;
    const Ticks close = next->close;
    shown.push_back(next->start == start ? *next
                                         : Candle{start, close, close, close, close, {}, 0});
  }
  return shown;
}

}  // namespace venuebox::venues::bybit
