// The client end of a WebSocket (RFC 6455), over TCP or TLS: one object is one connection, from
// dialling to goodbye. Whether and when to connect again is for others to decide.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "net/frame.h"
#include "net/http_client.h"
#include "net/web_socket.h"

namespace venuebox::net {

struct WebSocketClientOptions {
  // Outlives the client.
  const NetworkGuard* guard = &network_guard(false);
  // PEM certificates to trust instead of the system's; empty: the system's.
  std::string ca_file = {};
  std::size_t head_bytes_max = 64 * 1024;
  std::size_t message_bytes_max = 16 * 1024 * 1024;  // its fragments together
  std::size_t unsent_bytes_max = 1024 * 1024;        // what would exceed it is not sent
  // For one address of a host, before the next one is tried.
  Nanoseconds connect_timeout = seconds(5);
  Nanoseconds open_timeout = seconds(10);  // from the beginning until the upgrade is answered
  Nanoseconds close_timeout = seconds(5);  // for the server to say goodbye too, and to close
};

struct WebSocketTarget {
  BaseUrl url = {};
  std::string target = "/";  // path and query as on the wire, behind url.path
  HeaderList headers = {};
};

// How a connection ended. Without an error both sides have said goodbye.
struct WebSocketEnd {
  std::uint16_t code = 0;                 // the server's; 0: it said none
  std::string reason = {};                // the server's words
  int status = 0;                         // of an upgrade that was refused
  std::optional<ClientError> error = {};  // may_have_arrived: a message was sent before
};

// Any of its functions may destroy the client.
class WebSocketClientHandler {
 public:
  virtual ~WebSocketClientHandler() = default;

  virtual void opened() = 0;
  // One whole message; fragments are joined, and text is valid UTF-8. Pings are answered already.
  virtual void received(std::string_view message, bool is_text) = 0;
  // Once, and the last that is heard; opened() or not.
  virtual void closed(const WebSocketEnd& end) = 0;
};

// Belongs to the loop's thread, and ends before the loop and the handler.
class WebSocketClient {
 public:
  // Gives random bits. RFC 6455, section 10.3, wants masks that nobody can foresee; tests hand in a
  // seeded stream.
  using Draw = std::function<Mask()>;

  // Begins to connect; the handler hears of it in a later turn.
  WebSocketClient(Loop& loop, WebSocketTarget target, WebSocketClientHandler& handler, Draw draw,
                  WebSocketClientOptions options = {});
  // Ends the connection without a goodbye. The handler hears nothing more.
  ~WebSocketClient();
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  // One text message. False when it is not sent: the socket is not open, or too much waits already.
  bool send_text(std::string_view text);
  // Likewise; carries up to 125 bytes. The pong is not told of.
  bool ping(std::string_view payload);
  // Says goodbye after all that was sent; closed() follows. Before opened() it only ends the
  // attempt. The reason is cut to 123 bytes.
  void close(std::uint16_t code = close_code::kNormal, std::string_view reason = {});
  // Bytes that the socket has not taken yet.
  std::size_t unsent() const;

  struct Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace venuebox::net
