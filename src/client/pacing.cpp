#include "client/pacing.h"

namespace venuebox::client {
namespace {
constexpr std::int64_t kPerToken = 1'000'000'000;
}  // namespace

TokenBucket::TokenBucket(PacingSettings settings)
    : settings_(settings), level_(static_cast<Int128>(settings.capacity) * kPerToken) {
  VENUEBOX_ASSERT(settings.capacity > 0 && settings.refill_per_second > 0);
}

Int128 TokenBucket::level_at(Timestamp now) const {
  if (!has_begun_ || now <= since_) return level_;
  const Int128 grown =
      level_ + static_cast<Int128>((now - since_).raw) * settings_.refill_per_second;
  return std::min(grown, static_cast<Int128>(settings_.capacity) * kPerToken);
}

Nanoseconds TokenBucket::take(std::int64_t tokens, Timestamp now) {
  level_ = level_at(now);
  since_ = has_begun_ ? std::max(since_, now) : now;
  has_begun_ = true;
  level_ -= static_cast<Int128>(tokens) * kPerToken;
  if (level_ >= 0) return {};
  return {static_cast<std::int64_t>(div_ceil(-level_, settings_.refill_per_second))};
}

std::int64_t TokenBucket::tokens(Timestamp now) const {
  return static_cast<std::int64_t>(div_floor(level_at(now), kPerToken));
}

}  // namespace venuebox::client
