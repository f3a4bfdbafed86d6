#include "model/candles.h"

#include <chrono>

namespace venuebox {
namespace {
using Calendar = CandleInterval::Calendar;

constexpr std::int64_t kDayMinutes = 1'440;

std::int64_t floor_to(std::int64_t value, std::int64_t step) {
  return static_cast<std::int64_t>(div_floor(value, step)) * step;
}

// The longest that fit into the interval a whole number of times.
Resolution resolution_of(CandleInterval interval) {
  if (interval.calendar != Calendar::minutes) return Resolution::day;
  for (const Resolution resolution : {Resolution::day, Resolution::hour, Resolution::quarter}) {
    if (interval.minutes % minutes_of(resolution) == 0) return resolution;
  }
  return Resolution::minute;
}

// What traded in the box, newest first, down to the first that begins before `from`.
struct Traded {
  std::vector<Candle> candles;
  bool is_all = true;  // nothing that traded before them is forgotten
};

Traded traded_candles(const View& view, InstrumentId id, CandleInterval interval,
                      std::int64_t from) {
  Traded traded;
  std::vector<Candle>& found = traded.candles;
  traded.is_all = view.traded(id, resolution_of(interval), [&](const Candle& part) {
    const std::int64_t start = candle_start(part.start, interval);
    if (found.empty() || found.back().start != start) {
      if (!found.empty() && found.back().start < from) return false;
      found.push_back(part);
      found.back().start = start;
      return true;
    }
    Candle whole = part;
    append(whole, found.back());
    whole.start = start;
    found.back() = whole;
    return true;
  });
  return traded;
}

Candle flat(std::int64_t start, Ticks price) { return {start, price, price, price, price, {}, 0}; }

std::optional<Ticks> past_close(const View& view, InstrumentId id) {
  const Past* past = view.past();
  if (!past) return std::nullopt;
  const auto last = past->candle(id, past->end_minute() - 1, past->end_minute());
  return last ? std::optional(last->close) : std::nullopt;
}

// The simulated part of a candle; absent where there is none.
std::optional<Candle> past_part(const View& view, InstrumentId id, CandleInterval interval,
                                std::int64_t start) {
  const Past* past = view.past();
  if (!past || start >= past->end_minute()) return std::nullopt;
  return past->candle(id, start, next_candle(start, interval));
}
}  // namespace

std::int64_t candle_start(std::int64_t minute, CandleInterval interval) {
  constexpr std::int64_t kFromMonday = 3 * kDayMinutes;  // 1970 began on a Thursday
  switch (interval.calendar) {
    case Calendar::minutes: return floor_to(minute, interval.minutes);
    case Calendar::week: return floor_to(minute + kFromMonday, interval.minutes) - kFromMonday;
    case Calendar::month: break;
  }
  const auto day = std::chrono::days(floor_to(minute, kDayMinutes) / kDayMinutes);
  const std::chrono::year_month_day date{std::chrono::sys_days(day)};
  const std::chrono::sys_days first = date.year() / date.month() / std::chrono::day(1);
  return first.time_since_epoch().count() * kDayMinutes;
}

std::int64_t next_candle(std::int64_t start, CandleInterval interval) {
  return candle_start(start + interval.minutes, interval);
}

std::vector<Candle> candles(const View& view, InstrumentId instrument, CandleInterval interval,
                            std::int64_t from, std::int64_t to, std::int64_t limit) {
  const Traded traded = traded_candles(view, instrument, interval, from);
  const std::optional<Ticks> opened = past_close(view, instrument);
  std::vector<Candle> shown;
  auto next = traded.candles.begin();
  std::int64_t start = candle_start(to, interval);
  for (; limit > 0 && start >= from; start = candle_start(start - 1, interval), --limit) {
    while (next != traded.candles.end() && next->start > start)
      ++next;
    const bool is_known = next != traded.candles.end();
    if (!is_known && !traded.is_all) break;
    std::optional<Candle> candle = past_part(view, instrument, interval, start);
    if (is_known && next->start == start) {
      if (candle && traded.is_all) {
        append(*candle, *next);
      } else {
        candle = *next;
      }
    }
    if (!candle) {
      const std::optional<Ticks> before = is_known ? next->close : opened;
      if (!before || (!is_known && start < view.past()->end_minute())) break;
      candle = flat(start, *before);
    }
    shown.push_back(*candle);
  }
  return shown;
}

std::optional<Ticks> last_shown_price(const View& view, InstrumentId instrument) {
  if (const auto last = view.last_price(instrument)) return last;
  return past_close(view, instrument);
}

DayStatistics day_with_past(const View& view, InstrumentId instrument) {
  DayStatistics day = view.day_statistics(instrument);
  const Past* past = view.past();
  if (!past) return day;
  const std::int64_t now = view.time().ns / seconds(60).raw;
  const auto part = past->candle(instrument, now + 1 - kDayMinutes, past->end_minute());
  if (!part) return day;
  day.first = part->open;
  day.high = std::max(day.high, part->high);
  day.low = day.low.raw == 0 ? part->low : std::min(day.low, part->low);
  day.volume += part->volume;
  day.turnover += part->turnover;
  return day;
}

}  // namespace venuebox
