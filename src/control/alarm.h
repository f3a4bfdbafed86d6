// Wakes the loop when something on its way to or from a box arrives, for boxes whose clock runs by
// itself: so that it is as late as it should be, whatever else happens.
#pragma once

#include "control/boxes.h"
#include "net/loop.h"

namespace venuebox::control {

// Belongs to the loop's thread, and ends after the loop has.
class Alarm {
 public:
  Alarm(net::Loop& loop, Boxes& boxes) : loop_(loop), boxes_(boxes) {}
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  // To be called at the end of a turn, after the boxes have committed.
  void set();

 private:
  net::Loop& loop_;
  Boxes& boxes_;
  std::optional<Timestamp> rings_;  // by the door's clock
};

}  // namespace venuebox::control
