#include "faults/calendar.h"

#include <algorithm>

namespace venuebox::faults {
namespace {
constexpr std::int64_t kMinuteNs = 60'000'000'000;
constexpr std::int64_t kDayMinutes = 1'440;
constexpr std::int64_t kWeekMinutes = 7 * kDayMinutes;
constexpr std::int64_t kThursday = 4;  // 1970-01-01 was one.

constexpr std::int64_t floored(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0); }
constexpr std::int64_t modulo(std::int64_t a, std::int64_t b) { return (a % b + b) % b; }

std::int64_t minute_of(Timestamp time) { return floored(time.ns, kMinuteNs); }

// `minutes` from `start` on, in a circle of `round`.
bool within(std::int64_t minute, std::int64_t start, std::int64_t minutes, std::int64_t round) {
  return modulo(minute - start, round) < minutes;
}
}  // namespace

bool holds(const Window& window, Timestamp time) { return time >= window.from && time < window.to; }

bool holds(const Daily& daily, Timestamp time) {
  return within(minute_of(time), daily.start_minute, daily.minutes, kDayMinutes);
}

bool holds(const Weekly& weekly, Timestamp time) {
  const std::int64_t start = (weekly.day - kThursday) * kDayMinutes + weekly.start_minute;
  return within(minute_of(time), start, weekly.minutes, kWeekMinutes);
}

bool times_hold(const Trigger& when, Timestamp time) {
  return (!when.window || holds(*when.window, time)) && (!when.daily || holds(*when.daily, time)) &&
         (!when.weekly || holds(*when.weekly, time));
}

int hour_of(Timestamp time) { return static_cast<int>(modulo(minute_of(time), kDayMinutes) / 60); }

bool times_can_hold(const Trigger& when) {
  const Timestamp from = when.window ? when.window->from : Timestamp{};
  if (times_hold(when, from)) return true;
  // Between two full minutes nothing but a window begins.
  const std::int64_t first = minute_of(from) + 1;
  for (std::int64_t minute = first; minute < first + kWeekMinutes; ++minute) {
    if (times_hold(when, {minute * kMinuteNs})) return true;
  }
  return false;
}

}  // namespace venuebox::faults
