// How long to wait before something that failed is tried again: 1, 2, 4 … 60 seconds, each up to a
// quarter longer by chance, so that clients do not come back all at once.
#pragma once

#include <algorithm>
#include <string_view>

#include "base/random.h"
#include "base/time.h"

namespace venuebox::client {

struct ReconnectSettings {
  Nanoseconds first = seconds(1);
  Nanoseconds most = seconds(60);           // before the jitter
  Nanoseconds healthy_after = seconds(60);  // that it held for, and the waits begin anew
};

class Reconnect {
 public:
  Reconnect(ReconnectSettings settings, std::uint64_t seed, std::string_view purpose)
      : settings_(settings), jitter_(seed, purpose) {}

  // The wait before the next attempt; the one after it is twice as long.
  //   held  for how long what has failed now had worked; 0: it never did
  Nanoseconds next(Nanoseconds held) {
    if (held >= settings_.healthy_after || wait_.raw == 0) wait_ = settings_.first;
    const std::int64_t base = std::min(wait_, settings_.most).raw;
    wait_ = {std::min(base * 2, settings_.most.raw)};
    const auto quarter = static_cast<std::uint64_t>(base) / 4;
    return {base + static_cast<std::int64_t>(jitter_.below(quarter + 1))};
  }
  void reset() { wait_ = {}; }
  // The venue itself asked for patience.
  Nanoseconds longest() {
    wait_ = settings_.most;
    return next({});
  }

 private:
  ReconnectSettings settings_;
  RandomStream jitter_;
  Nanoseconds wait_;
};

}  // namespace venuebox::client
