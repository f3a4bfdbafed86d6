// WebSocket connections (RFC 6455) of an HttpServer, as the application sees them: whole messages
// in, encoded frames out. What is sent gathers during a turn of the loop and leaves at flush(), one
// write per connection, together with the answers of that turn.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "net/message.h"

namespace venuebox::net {

// Status codes of RFC 6455, section 7.4.1.
namespace close_code {
inline constexpr std::uint16_t kNormal = 1000;
inline constexpr std::uint16_t kGoingAway = 1001;
inline constexpr std::uint16_t kProtocolError = 1002;
inline constexpr std::uint16_t kUnsupportedData = 1003;
inline constexpr std::uint16_t kInvalidText = 1007;
inline constexpr std::uint16_t kPolicyViolation = 1008;
inline constexpr std::uint16_t kTooBig = 1009;
inline constexpr std::uint16_t kInternalError = 1011;
inline constexpr std::uint16_t kServiceRestart = 1012;
inline constexpr std::uint16_t kTryAgainLater = 1013;
}  // namespace close_code

// One connection that was upgraded. Lives from SocketHandler::opened() until closed() returns, and
// may be spoken to at any time between, from any callback or none; once it is ending, what is sent
// is dropped. Nothing here calls the handler back.
class WebSocket {
 public:
  // A frame as append_text_frame() makes it; the same bytes may go to any number of sockets.
  virtual void send(std::string_view frame) = 0;
  // One text message, encoded here.
  virtual void send_text(std::string_view text) = 0;
  // Says goodbye after all that was sent; nothing is received any more, and closed() follows once
  // the client has answered and gone, or the linger timeout has passed, sent or not. The reason is
  // UTF-8, cut to 123 bytes between two characters.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  // Ends without a goodbye after all that was sent: `after` is not `kept`. Of a silent one not even
  // pings are answered.
  virtual void end_rudely(Delivery::After after) = 0;
  // Bytes that wait to be sent, those of this turn included. Nothing bounds what the application
  // sends: it is to close whom it sees fall behind.
  virtual std::size_t unsent() const = 0;
  // Without any frame from the client for this long the socket is closed with 1001; zero: never.
  // Rounded up to sweeps. The default is HttpOptions::idle_timeout.
  virtual void set_idle_timeout(Nanoseconds timeout) = 0;
  // Pings the client so often, and closes the socket with 1001 when no pong has come so long after
  // a ping; zero: never. Both are rounded up to sweeps. The default is never.
  virtual void set_heartbeat(Nanoseconds every, Nanoseconds answer_within) = 0;
  // From now on nobody is told of what comes in or of the end: for a handler that ends first.
  virtual void forget_handler() = 0;

 protected:
  ~WebSocket() = default;
};

// Outlives the server.
class SocketHandler {
 public:
  virtual ~SocketHandler() = default;

  // The handshake is answered with 101. `request` is the upgrade request.
  virtual void opened(WebSocket& socket, const Request& request) = 0;
  // One whole message; fragments are joined, and text is valid UTF-8. Pings are answered by the
  // server itself.
  virtual void received(WebSocket& socket, std::string_view message, bool is_text) = 0;
  // Once for each opened(), whatever ended the connection, in a turn after the end or by the
  // server's destructor. Nothing can be sent any more.
  virtual void closed(WebSocket& socket) = 0;
};

// Appends the unmasked, final text frame of a server.
void append_text_frame(std::string& out, std::string_view text);

}  // namespace venuebox::net
