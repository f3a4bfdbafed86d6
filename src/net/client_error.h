// Why a call of the client end has no answer, told apart by what its caller can do about it. A
// trading call needs one thing above all: whether the other side may have acted on it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "base/assert.h"

namespace venuebox::net {

enum class ClientErrorKind : std::uint8_t {
  invalid_request,      // cannot be written down as HTTP
  refused_by_guard,     // the network guard would not have this name or address
  resolve,              // the name has no address
  connect,              // no address of the host could be connected to
  tls,                  // no connection that can be trusted
  timeout_before_send,  // the deadline passed while the request had not left
  timeout,              // the deadline passed while the answer was awaited
  closed,               // the connection ended before the whole answer was there
  garbled,              // what came is not HTTP/1.x, or contradicts itself
  too_large,            // the answer exceeds a bound of the options
  redirect,             // the answer points elsewhere; that is never followed
  not_upgraded,         // the server would not make the connection a WebSocket
};

struct ClientError {
  ClientErrorKind kind = ClientErrorKind::closed;
  // A byte of the request has left: without an answer its outcome is unknown.
  bool may_have_arrived = false;
  // Host, cause and mend. Never holds a header, a body or a target, where secrets stand.
  std::string text;
};

template <class T>
class [[nodiscard]] ClientResult {
 public:
  ClientResult(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  ClientResult(ClientError error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() {
    VENUEBOX_ASSERT(state_.index() == 0);
    return *std::get_if<0>(&state_);
  }
  T* operator->() { return &**this; }
  const ClientError& error() const {
    VENUEBOX_ASSERT(state_.index() == 1);
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, ClientError> state_;
};

}  // namespace venuebox::net
