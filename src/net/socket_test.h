// What the tests of WebSockets share: a handler that records, and clients that speak frames over
// the plain sockets of http_test.h.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "net/frame_decoder.h"
#include "net/http_test.h"
#include "net/web_socket.h"

namespace venuebox::net {

class RecordingSockets final : public SocketHandler {
 public:
  void opened(WebSocket& socket, const Request& request) override;
  void received(WebSocket& socket, std::string_view message, bool is_text) override;
  void closed(WebSocket& socket) override;

  std::function<void(WebSocket&, const Request&)> on_opened;
  std::function<void(WebSocket&, std::string_view)> on_received;
  std::function<void(WebSocket&)> on_closed;
  std::vector<WebSocket*> open;   // in the order in which they came
  std::vector<std::string> seen;  // "text …" or "binary …" of each message
  std::size_t opens = 0;
  std::size_t closes = 0;
};

class SocketClient {
 public:
  SocketClient(Loop& loop, Client client) : tcp(std::move(client)), loop_(loop) {}

  void text(std::string_view text) { frame(Opcode::text, text); }
  void frame(Opcode opcode, std::string_view payload);
  void close(std::uint16_t code, std::string_view reason = "");
  // What comes next: "text …", "binary …", "ping …", "pong …", "close CODE REASON" (code 0 when it
  // has none), "end", "reset", or "failed …" for a frame that the server should not have sent.
  std::string next();
  // Everything up to the end of the connection, joined with '|'.
  std::string rest();

  Client tcp;

 private:
  Loop& loop_;
  FrameDecoder decoder_{FrameDecoder::End::client, std::size_t{16} << 20};
};

// A base, so that it outlives the server, which tells of every end.
struct SocketTestHandler {
  RecordingSockets sockets;
};

class SocketTest : protected SocketTestHandler, public HttpTest {
 protected:
  explicit SocketTest(HttpOptions options = {});

  // A client after the handshake.
  SocketClient open();
};

// The example of RFC 6455, section 1.3; further header lines end with CRLF.
std::string upgrade_request(std::string_view target = "/ws", std::string_view headers = "");
// A frame as a client sends it.
std::string client_frame(Opcode opcode, std::string_view payload, bool final = true);
std::string event_text(FrameDecoder::Event event, const FrameDecoder& decoder);

}  // namespace venuebox::net
