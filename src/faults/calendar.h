// When a trigger's times hold, UTC by the box's clock.
#pragma once

#include "faults/fault.h"

namespace venuebox::faults {

bool holds(const Window& window, Timestamp time);
bool holds(const Daily& daily, Timestamp time);
bool holds(const Weekly& weekly, Timestamp time);
// All three, where they are given.
bool times_hold(const Trigger& when, Timestamp time);

int hour_of(Timestamp time);

// Whether there is a time at which they hold together; looks at every minute of a week.
bool times_can_hold(const Trigger& when);

}  // namespace venuebox::faults
