#include "gateway/rate_limiter.h"

#include <algorithm>

namespace venuebox::gateway {
namespace {
constexpr Nanoseconds kWindow = seconds(1);
constexpr std::size_t kWindowsMax = 4'096;  // then those that are over are dropped
}  // namespace

RateLimiter::Verdict RateLimiter::take(AccountId account, const Cost& cost, Timestamp now) {
  const auto limit = static_cast<std::size_t>(cost.per_second);
  // A ring slot is free when its unit is a second old, or when the clock was set back before it.
  const auto is_over = [&](Timestamp call) { return now - call >= kWindow || call > now; };
  if (windows_.size() >= kWindowsMax) {
    std::erase_if(windows_, [&](const auto& entry) {
      return std::ranges::all_of(entry.second.calls, is_over);
    });
  }
  Window& window = windows_[{account, cost.budget, cost.part}];
  window.calls.reserve(limit);
  std::size_t active = 0;
  for (const Timestamp call : window.calls)
    active += is_over(call) ? 0 : 1;
  Verdict verdict{.granted = 0, .remaining = 0, .reset = now + kWindow};
  for (; verdict.granted < cost.units && active < limit; ++verdict.granted, ++active) {
    if (window.calls.size() < limit) {
      window.calls.push_back(now);
    } else {
      window.calls[window.oldest] = now;
      window.oldest = (window.oldest + 1) % limit;
    }
  }
  verdict.remaining = static_cast<int>(limit - active);
  for (const Timestamp call : window.calls) {
    if (!is_over(call)) verdict.reset = std::min(verdict.reset, call + kWindow);
  }
  return verdict;
}

}  // namespace venuebox::gateway
