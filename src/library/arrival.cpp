#include "library/arrival.h"

#include <algorithm>

namespace venuebox::library {
namespace {
using client::TransportError;

// About what the head of an answer takes on the wire.
constexpr std::size_t kHeadBytes = 200;
}  // namespace

Arrival arrival_of(const net::Delivery& how, gateway::ClientResponse answer, Nanoseconds deadline) {
  const std::size_t size = answer.body.size();
  const std::size_t awaited = how.content_length.value_or(size);
  const std::size_t whole = kHeadBytes + size;
  std::size_t leaving = std::min(how.bytes_max, kHeadBytes + std::min(how.body_bytes_max, size));
  Nanoseconds after = how.wait;
  if (how.rest_after.raw > 0 && leaving < whole) {
    leaving = whole;
    after += how.rest_after;
  }
  const std::size_t pauses = leaving == 0 ? 0 : (leaving - 1) / how.piece_bytes;
  after += Nanoseconds{how.piece_every.raw * static_cast<std::int64_t>(pauses)};

  const bool ends =
      how.after == net::Delivery::After::reset || how.after == net::Delivery::After::half_closed;
  const bool is_complete = leaving >= kHeadBytes + awaited;
  if (after > deadline || (!is_complete && !ends)) {
    return {deadline, TransportError{TransportError::Kind::timeout, true,
                                     "the box of this process had not answered by the deadline"}};
  }
  if (!is_complete) {
    return {after, TransportError{TransportError::Kind::closed, true,
                                  "the box of this process ended the connection within its "
                                  "answer"}};
  }
  answer.body.resize(awaited);
  return {after, std::move(answer)};
}

}  // namespace venuebox::library
