#include <algorithm>

#include "faults/bytes/frame.h"

namespace venuebox::faults {

void FrameFilter::pass(std::string_view message, const FrameDecision& decision, Timestamp now,
                       std::vector<std::string>& out) {
  advance(now, out);
  if (!decision.drops) {
    const Timestamp due = now + decision.delay;
    if (decision.behind > 0) {
      wait({due + decision.behind_most, decision.behind, std::string(message)}, out);
    } else if (decision.delay > Nanoseconds{}) {
      wait({due, 0, std::string(message)}, out);
    } else {
      out.emplace_back(message);
      count_sent(out);
    }
  }
  for (std::size_t i = 0; i < decision.copies; ++i) {
    const Timestamp due = now + decision.delay + decision.copies_after;
    if (due > now) {
      wait({due, 0, std::string(message)}, out);
    } else {
      out.emplace_back(message);
      count_sent(out);
    }
  }
}

void FrameFilter::advance(Timestamp now, std::vector<std::string>& out) {
  while (next_due() <= now) {
    const auto first = std::ranges::min_element(waiting_, {}, &Waiting::due);
    out.push_back(std::move(first->message));
    waiting_.erase(first);
    count_sent(out);
  }
}

Timestamp FrameFilter::next_due() const {
  const auto first = std::ranges::min_element(waiting_, {}, &Waiting::due);
  return first == waiting_.end() ? kNever : first->due;
}

void FrameFilter::wait(Waiting waiting, std::vector<std::string>& out) {
  if (waiting_.size() == kWaitingMax) {
    out.push_back(std::move(waiting_.front().message));
    waiting_.erase(waiting_.begin());
  }
  waiting_.push_back(std::move(waiting));
}

void FrameFilter::count_sent(std::vector<std::string>& out) {
  for (Waiting& each : waiting_) {
    if (each.behind > 0 && --each.behind == 0) each.due = Timestamp{INT64_MIN};
  }
  // What has just become free goes at once, in the order in which it came.
  std::erase_if(waiting_, [&](Waiting& each) {
    const bool free = each.due == Timestamp{INT64_MIN};
    if (free) out.push_back(std::move(each.message));
    return free;
  });
}

}  // namespace venuebox::faults
