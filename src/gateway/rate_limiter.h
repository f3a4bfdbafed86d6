// Calls per second of one account and operation, as a window that rolls with the door's clock: a
// call counts for one second and then is forgotten. Bounded: what is not used is dropped.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/ids.h"

namespace venuebox::gateway {

class RateLimiter {
 public:
  struct Verdict {
    bool allowed = true;
    int remaining = 0;  // calls left in the window, after this one
    Timestamp reset;    // when the oldest call of the window is forgotten
  };

  // Counts one call; a refused call is not counted.
  Verdict take(AccountId account, std::string_view operation, int calls_per_second, Timestamp now);

 private:
  // The times of the last calls, a ring of as many as the limit allows.
  struct Window {
    std::vector<Timestamp> calls;
    std::size_t oldest = 0;
  };
  // Operations are compared by text; there are few, and they live as long as the program.
  std::map<std::pair<AccountId, std::string_view>, Window> windows_;
};

}  // namespace venuebox::gateway
