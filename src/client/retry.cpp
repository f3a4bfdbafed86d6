#include "client/retry.h"

namespace venuebox::client {
namespace {
using gateway::Verdict;

// The back-off before the next attempt, up to a quarter longer, so that clients do not come back
// all at once.
Nanoseconds backoff(const RetrySettings& settings, int attempts, RandomStream& random) {
  const std::int64_t base = settings.backoff.raw << (attempts - 1);
  const auto jitter = random.below(static_cast<std::uint64_t>(base) / 4 + 1);
  return {base + static_cast<std::int64_t>(jitter)};
}
}  // namespace

std::optional<Nanoseconds> wait_before_retry(const RetrySettings& settings, int attempts,
                                             const Failure& failure, bool is_trading,
                                             RandomStream& random) {
  if (attempts >= settings.attempts_max) return std::nullopt;
  switch (failure.kind) {
    case Failure::Kind::not_sent: return backoff(settings, attempts, random);
    case Failure::Kind::lost:
      return is_trading ? std::nullopt : std::optional(backoff(settings, attempts, random));
    case Failure::Kind::answered: break;
  }
  const gateway::VenueAnswer& answer = failure.answer;
  switch (answer.verdict) {
    case Verdict::rate_limited:
      return answer.retry_after.raw > 0 ? answer.retry_after : settings.after_rate_limit;
    case Verdict::unavailable:
      if (answer.retry_after.raw > 0) return answer.retry_after;
      return backoff(settings, attempts, random);
    case Verdict::uncertain:
    case Verdict::garbled:
      return is_trading ? std::nullopt : std::optional(backoff(settings, attempts, random));
    default: return std::nullopt;
  }
}

}  // namespace venuebox::client
