// A fault as a value: whom it strikes, when, what it does, and for how long. The contract is design
// section 11; parse.h reads it from JSON.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "faults/action.h"
#include "faults/names.h"

namespace venuebox::faults {

// What is unset matches everything.
struct Selector {
  std::string venue = {};
  std::string account = {};
  std::string symbol = {};
  std::string operation = {};
  std::string channel = {};
  Transport transport = Transport::any;

  friend bool operator==(const Selector&, const Selector&) = default;
};

// Box time; `to` does not belong to it.
struct Window {
  Timestamp from = {};
  Timestamp to = kNever;
  friend bool operator==(const Window&, const Window&) = default;
};

// UTC by the box's clock; may reach into the next day.
struct Daily {
  int start_minute = 0;  // of the day
  int minutes = 0;
  friend bool operator==(const Daily&, const Daily&) = default;
};

// Likewise; may reach into the next week.
struct Weekly {
  int day = 0;  // Sunday is 0
  int start_minute = 0;
  int minutes = 0;
  friend bool operator==(const Weekly&, const Weekly&) = default;
};

// A probability for each hour of the day, UTC.
struct HourlyRate {
  std::array<std::optional<Ratio>, 24> hours = {};
  Ratio otherwise = {};

  Ratio at(int hour) const { return hours[static_cast<std::size_t>(hour)].value_or(otherwise); }
  friend bool operator==(const HourlyRate&, const HourlyRate&) = default;
};

// A chain of two states (Gilbert 1960): a quiet one that is left with `enter`, and a bad one that
// is left with `leave`; each occasion is a step, and those in the bad state are struck. A burst
// lasts 1/leave occasions on average, and enter/(enter + leave) of all are struck.
struct Burst {
  Ratio enter = {};
  Ratio leave = {};
  friend bool operator==(const Burst&, const Burst&) = default;
};

// From the n-th of these events on.
struct After {
  Happening event = Happening::fill;
  std::uint64_t n = 1;
  friend bool operator==(const After&, const After&) = default;
};

// All that is given must hold. The first group opens and shuts: what comes while it is shut is no
// occasion, and is not counted. The second counts and draws over the occasions.
struct Trigger {
  std::optional<Window> window = {};
  std::optional<Daily> daily = {};
  std::optional<Weekly> weekly = {};
  std::optional<After> after = {};
  std::optional<std::uint64_t> load_above_per_s = {};  // arrivals in the last second
  std::string with = {};                               // the other fault strikes as well

  std::vector<std::uint64_t> nth = {};  // which occasions, counted from 1; ascending
  std::uint64_t every = 0;              // each so many-th; 0: not given
  std::optional<Burst> burst = {};
  std::optional<HourlyRate> hourly_rate = {};
  std::optional<Ratio> probability = {};

  // Whether it chooses among occasions, rather than striking all of them.
  bool chooses() const {
    return !nth.empty() || every != 0 || burst || hourly_rate || probability || !with.empty();
  }
  friend bool operator==(const Trigger&, const Trigger&) = default;
};

inline constexpr std::size_t kFaultNameMax = 64;
inline constexpr std::size_t kFaultsMax = 2'000;  // of a plan, and of a list

struct Fault {
  std::string name = {};
  Selector where = {};
  Trigger when = {};
  Action action = {};
  std::optional<std::uint64_t> times = {};   // strikes; what lasts counts once
  std::optional<Nanoseconds> lifetime = {};  // `for_ms`: since it was added, box time
  int priority = 0;                          // higher goes first

  friend bool operator==(const Fault&, const Fault&) = default;
};

}  // namespace venuebox::faults
