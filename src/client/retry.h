// Whether a call that failed is made again, and when. Only where that is safe: what a venue refused
// it would refuse again, and a trading call whose outcome nobody knows is never repeated blindly.
#pragma once

#include <optional>

#include "base/random.h"
#include "gateway/client_dialect.h"

namespace venuebox::client {

struct RetrySettings {
  int attempts_max = 3;
  Nanoseconds backoff = seconds(1);            // doubles with each attempt: 1, 2, 4 s
  Nanoseconds after_rate_limit = seconds(60);  // when the venue does not say how long
};

// How one attempt ended, when not well.
struct Failure {
  enum class Kind : std::uint8_t {
    answered,  // by the venue; see `answer`
    not_sent,  // nothing of the call can have arrived
    lost,      // it may have arrived, and no answer came
  };
  Kind kind = Kind::answered;
  gateway::VenueAnswer answer = {};
};

// Absent: not again. The wait has a jitter of up to a quarter, drawn from `random`.
//   attempts    made so far, this one included
//   is_trading  the call changes something at the venue
std::optional<Nanoseconds> wait_before_retry(const RetrySettings& settings, int attempts,
                                             const Failure& failure, bool is_trading,
                                             RandomStream& random);

}  // namespace venuebox::client
