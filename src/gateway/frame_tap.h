// Where what a venue's streams send can be stopped, changed or put off on its way to each listener.
#pragma once

#include "gateway/stream.h"
#include "net/web_socket.h"

namespace venuebox::gateway {

// One message for one connection. Views live until the call ends, the socket until closed().
struct Frame {
  net::WebSocket& socket;
  std::uint64_t connection = 0;           // StreamCall::connection
  std::optional<AccountId> account = {};  // as which it acts
  const Channel* channel = nullptr;       // null: it answers a message
  bool is_snapshot = false;               // with it a channel begins for this connection
  bool answers_request = false;           // which the door has let in, or not
  std::string_view text = {};             // not encoded yet
};

// What becomes of a wish to subscribe.
enum class SubscriptionFate : std::uint8_t {
  granted,
  refused,     // as one topic too many
  unanswered,  // there is no subscription, and the message gets no answer
  pretended,   // it is acknowledged, and nothing follows
};

class FrameTap {
 public:
  // In place of sending it.
  virtual void send(const Frame& frame) = 0;
  // `frame` has a channel and no text.
  virtual SubscriptionFate subscribe(const Frame& frame) = 0;
  // The wish has come true.
  virtual void subscribed(const Frame& frame) = 0;
  // A connection acts for the account from now on.
  virtual void logged_in(AccountId account) = 0;
  virtual void closed(std::uint64_t connection) = 0;

 protected:
  ~FrameTap() = default;
};

}  // namespace venuebox::gateway
