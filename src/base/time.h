// Points in time and lengths of it, in whole nanoseconds. Whose clock a Timestamp comes from is
// said where it is declared; reading a clock is only possible through Clock.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/count.h"
#include "base/result.h"

namespace venuebox {

using Nanoseconds = Count<struct NanosecondUnit>;

constexpr Nanoseconds nanoseconds(std::int64_t n) { return {n}; }
constexpr Nanoseconds microseconds(std::int64_t n) { return {n * 1'000}; }
constexpr Nanoseconds milliseconds(std::int64_t n) { return {n * 1'000'000}; }
constexpr Nanoseconds seconds(std::int64_t n) { return {n * 1'000'000'000}; }

// Nanoseconds since 1970-01-01T00:00:00Z.
struct Timestamp {
  std::int64_t ns = 0;

  friend constexpr auto operator<=>(Timestamp, Timestamp) = default;
  friend constexpr Timestamp operator+(Timestamp t, Nanoseconds d) { return {t.ns + d.raw}; }
  friend constexpr Nanoseconds operator-(Timestamp a, Timestamp b) { return {a.ns - b.ns}; }
  constexpr std::int64_t ms() const { return ns / 1'000'000; }
};

constexpr Timestamp timestamp_from_ms(std::int64_t ms) { return {ms * 1'000'000}; }

inline constexpr Timestamp kNever{INT64_MAX};

// "2024-08-08T23:54:15.030Z"
std::string iso_text(Timestamp time);
// Reads ISO 8601: a date, which is its midnight in UTC, or date and time with their zone.
Result<Timestamp> timestamp_from_iso(std::string_view text);
// "Thu, 08 Aug 2024 23:54:15 GMT", as the HTTP Date header has it.
std::string http_date_text(Timestamp time);

// The only way to read a clock. The real one is in library/, so that nothing below can look at the
// wall.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
};

// A clock that shows what it was told: for tests, and for boxes whose time is stepped.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start = {}) : now_(start) {}
  Timestamp now() const override { return now_; }
  void set(Timestamp time) { now_ = time; }
  void advance(Nanoseconds step) { now_ = now_ + step; }

 private:
  Timestamp now_;
};

}  // namespace venuebox
