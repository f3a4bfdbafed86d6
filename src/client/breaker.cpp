#include "client/breaker.h"

namespace venuebox::client {

bool CircuitBreaker::allow(Timestamp now) {
  switch (state(now)) {
    case State::closed: return true;
    case State::open: return false;
    case State::half_open: return !std::exchange(is_trying_, true);
  }
  return false;
}

void CircuitBreaker::succeeded() {
  failures_ = 0;
  is_open_ = is_trying_ = false;
}

void CircuitBreaker::failed(Timestamp now) {
  ++failures_;
  if (!is_trying_ && failures_ < settings_.failures_max) return;
  is_open_ = true;
  is_trying_ = false;
  opened_ = now;
}

CircuitBreaker::State CircuitBreaker::state(Timestamp now) const {
  if (!is_open_) return State::closed;
  return now < opens_until() ? State::open : State::half_open;
}

}  // namespace venuebox::client
