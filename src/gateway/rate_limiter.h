// What one account has left of its budgets, as windows that roll with the door's clock: a unit
// counts for one second and then is forgotten. Bounded: what is not used is dropped.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/time.h"
#include "model/ids.h"

namespace venuebox::gateway {

// What a call takes, and from which budget. Budgets are told apart by both names, which live as
// long as the program.
struct Cost {
  std::string_view budget;
  std::string_view part = {};  // of the budget's name: a venue's category, or empty
  int per_second = 0;
  int units = 1;  // at least 1
};

class RateLimiter {
 public:
  struct Verdict {
    int granted = 0;    // units, at most those that were asked for
    int remaining = 0;  // units left in the window, after these
    Timestamp reset;    // when the oldest unit of the window is forgotten
  };

  // Counts what it grants; what is refused is not counted.
  Verdict take(AccountId account, const Cost& cost, Timestamp now);

 private:
  // The times of the last units, a ring of as many as the limit allows.
  struct Window {
    std::vector<Timestamp> calls;
    std::size_t oldest = 0;
  };
  // Names are compared by text; there are few.
  std::map<std::tuple<AccountId, std::string_view, std::string_view>, Window> windows_;
};

}  // namespace venuebox::gateway
