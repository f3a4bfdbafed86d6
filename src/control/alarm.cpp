#include "control/alarm.h"

namespace venuebox::control {
namespace {
// An alarm that rings so soon after the time is near enough: no second one is set. The same time,
// worked out in two turns, differs by what passed between two looks at the clock.
constexpr Nanoseconds kNear = microseconds(100);
}  // namespace

// An alarm that is not needed any more rings in vain; there are as many as were set, which is one
// for each time that became the first.
void Alarm::set() {
  const auto wait = boxes_.next_arrival();
  if (!wait) return;
  const Timestamp due = boxes_.door().now() + *wait;
  if (rings_ && *rings_ <= due + kNear) return;
  rings_ = due;
  loop_.after(*wait, [this, due] {
    if (rings_ == due) rings_.reset();
    boxes_.advance();
  });
}

}  // namespace venuebox::control
