// How long a test waits for what must come to pass. Counted in time, not in turns of the loop: those
// come back at once while bytes move.
#pragma once

#include <chrono>

namespace venuebox::net {

class Patience {
 public:
  bool lasts() const { return std::chrono::steady_clock::now() < end_; }

 private:
  std::chrono::steady_clock::time_point end_ =
      std::chrono::steady_clock::now() + std::chrono::minutes(1);
};

}  // namespace venuebox::net
