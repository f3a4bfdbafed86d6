// What a plan remembers of one fault from one occasion to the next. All of it is bounded, and all
// of it goes into a snapshot.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "faults/action.h"

namespace venuebox::faults {

inline constexpr std::size_t kTalliesMax = 1'000;  // then the one not used for longest is forgotten

// Of one account, venue or channel: what is counted of it, and what it is still under.
struct Tally {
  Timestamp since;          // when what lasts began
  Timestamp until;          // what lasts ends; in the past: nothing does
  std::uint64_t count = 0;  // calls let through, or refusals ignored
  // When calls passed, nanoseconds: of a rate limit a ring, of a spent budget the latest.
  std::vector<std::int64_t> calls;
  std::uint32_t oldest = 0;  // in it
  std::uint64_t used = 0;    // at which occasion of the fault

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.since.ns, s.until.ns, s.count, s.calls, s.oldest, s.used);
  }
};

// Arrivals of the last second, in ten slices of box time.
struct Arrivals {
  static constexpr std::size_t kSlices = 10;
  std::int64_t slice = 0;             // the newest, counted from the epoch
  std::vector<std::uint32_t> counts;  // empty until the first arrival

  // Counts one; returns how many there were in the last second, it included.
  std::uint64_t add(Timestamp now) {
    const std::int64_t current = now.ns / 100'000'000;
    if (counts.empty()) counts.assign(kSlices, 0), slice = current;
    for (int i = 0; slice < current && i < static_cast<int>(kSlices); ++i)
      counts[static_cast<std::size_t>(++slice) % kSlices] = 0;
    slice = std::max(slice, current);
    ++counts[static_cast<std::size_t>(slice) % kSlices];
    std::uint64_t sum = 0;
    for (const std::uint32_t count : counts)
      sum += count;
    return sum;
  }

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.slice, s.counts);
  }
};

struct FaultState {
  Timestamp added;
  std::uint64_t occasions = 0;  // the running number
  std::uint64_t begun = 0;      // strikes that count toward `times`
  std::uint64_t events = 0;     // of the kind that `after` waits for
  bool in_burst = false;
  Arrivals arrivals;
  std::map<std::string, Tally> tallies;

  // The latest time it was asked, for what goes with it and for further layers of the same request.
  std::uint64_t last_call = 0;
  std::uint64_t last_request = 0;
  bool last_struck = false;
  std::optional<ActionType> last_drawn;  // of a compound action

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.added.ns, s.occasions, s.begun, s.events, s.in_burst, s.arrivals, s.tallies,
                    s.last_call, s.last_request, s.last_struck, s.last_drawn);
  }
};

}  // namespace venuebox::faults
