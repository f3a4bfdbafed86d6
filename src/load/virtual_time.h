// Time that passes only when told: one clock for a box and for all of its clients' timers, so that
// an hour of both takes as long as its work does.
#pragma once

#include <algorithm>
#include <map>

#include "client/transport.h"

namespace venuebox::load {

// Belongs to one thread.
class VirtualTime final : public client::Scheduler, public Clock {
 public:
  explicit VirtualTime(Timestamp start) : now_(start) {}

  Timestamp now() const override { return now_; }
  void after(Nanoseconds wait, std::function<void()> work) override {
    waiting_.emplace(now_ + wait, std::move(work));
  }
  // Runs what comes due until then, in order of time and then of having been asked for, what that
  // brings included.
  void run_until(Timestamp end) {
    while (!waiting_.empty() && waiting_.begin()->first <= end) {
      auto next = waiting_.extract(waiting_.begin());
      now_ = std::max(now_, next.key());
      next.mapped()();
    }
    now_ = std::max(now_, end);
  }

 private:
  Timestamp now_;
  std::multimap<Timestamp, std::function<void()>> waiting_;
};

}  // namespace venuebox::load
