// Stops calling a venue that does not answer: open after so many failures in a row, and after a
// while half open, which lets one call try. Knows no clock of its own.
#pragma once

#include "base/time.h"

namespace venuebox::client {

struct BreakerSettings {
  int failures_max = 5;
  Nanoseconds open_for = seconds(60);
};

// Belongs to one thread. Every call that allow() let through is followed by one of the three below.
class CircuitBreaker {
 public:
  enum class State : std::uint8_t { closed, open, half_open };

  explicit CircuitBreaker(BreakerSettings settings = {}) : settings_(settings) {}

  // Whether a call may be made now.
  bool allow(Timestamp now);
  // The venue answered, whatever it said; or it did not.
  void succeeded();
  void failed(Timestamp now);
  // The venue was not asked after all, which says nothing of it.
  void abandoned() { is_trying_ = false; }

  State state(Timestamp now) const;
  // When the next call may try; meaningless unless open.
  Timestamp opens_until() const { return opened_ + settings_.open_for; }

 private:
  BreakerSettings settings_;
  int failures_ = 0;  // in a row
  bool is_open_ = false;
  bool is_trying_ = false;  // the one call of the half-open state is under way
  Timestamp opened_;
};

}  // namespace venuebox::client
