// How fast a client may call: a bucket of tokens that refills with time. Knows no clock of its own.
#pragma once

#include <algorithm>

#include "base/time.h"
#include "base/wide.h"

namespace venuebox::client {

struct PacingSettings {
  std::int64_t capacity = 100;
  std::int64_t refill_per_second = 10;
};

// Belongs to one thread.
class TokenBucket {
 public:
  explicit TokenBucket(PacingSettings settings = {});

  // Takes `tokens`, at once or, in debt, ahead of time: returns how long the caller has to wait
  // before it may act; zero: now. Callers that wait are served in the order in which they took.
  Nanoseconds take(std::int64_t tokens, Timestamp now);
  // As many as there are at `now`; below zero while callers wait.
  std::int64_t tokens(Timestamp now) const;

 private:
  // In tokens * 10^9, so that nothing is lost between two calls.
  Int128 level_at(Timestamp now) const;

  PacingSettings settings_;
  Int128 level_;
  Timestamp since_;
  bool has_begun_ = false;
};

}  // namespace venuebox::client
