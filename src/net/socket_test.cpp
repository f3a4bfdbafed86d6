#include "net/socket_test.h"

#include <utility>

#include <fmt/core.h>

#include "net/test_patience.h"

namespace venuebox::net {
namespace {

constexpr Mask kMask = 0x3d'21'fa'37;

}  // namespace

void RecordingSockets::opened(WebSocket& socket, const Request& request) {
  ++opens;
  open.push_back(&socket);
  if (on_opened) on_opened(socket, request);
}

void RecordingSockets::received(WebSocket& socket, std::string_view message, bool is_text) {
  seen.push_back((is_text ? "text " : "binary ") + std::string(message));
  if (on_received) on_received(socket, message);
}

void RecordingSockets::closed(WebSocket& socket) {
  ++closes;
  EXPECT_EQ(std::erase(open, &socket), 1u) << "closed twice, or never opened";
  if (on_closed) on_closed(socket);
}

void SocketClient::frame(Opcode opcode, std::string_view payload) {
  tcp.send(client_frame(opcode, payload));
}

void SocketClient::close(std::uint16_t code, std::string_view reason) {
  frame(Opcode::close, close_payload(code, reason));
}

std::string SocketClient::next() {
  constexpr std::string_view kReset = "RESET";
  for (const Patience patience; patience.lasts();) {
    const bool ended = tcp.closed();
    const bool reset = ended && tcp.received.ends_with(kReset);
    const std::size_t size = tcp.received.size() - (reset ? kReset.size() : 0);
    const auto event = decoder_.decode(std::span(tcp.received).first(size));
    if (event != FrameDecoder::Event::none) {
      std::string text = event_text(event, decoder_);
      tcp.received.erase(0, decoder_.release());
      return text;
    }
    if (ended) return reset ? "reset" : "end";
    loop_.turn(milliseconds(10));
  }
  ADD_FAILURE() << "nothing came";
  return {};
}

std::string SocketClient::rest() {
  std::string all;
  for (;;) {
    const std::string event = next();
    all += event;
    if (event.empty() || event == "end" || event == "reset") return all;
    all += '|';
  }
}

SocketTest::SocketTest(HttpOptions options) : HttpTest(options) {
  handler.custom = [this](const Request&, Response& response) { response.upgrade = &sockets; };
}

SocketClient SocketTest::open() {
  SocketClient c(loop, client());
  c.tcp.send(upgrade_request());
  EXPECT_EQ(status_of(c.tcp.responses(1)), 101);
  return c;
}

std::string upgrade_request(std::string_view target, std::string_view headers) {
  return get(target, fmt::format("Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                 "Sec-WebSocket-Version: 13\r\n{}",
                                 headers));
}

std::string client_frame(Opcode opcode, std::string_view payload, bool final) {
  std::string frame;
  append_masked_frame(frame, opcode, payload, kMask);
  if (!final) frame[0] = static_cast<char>(frame[0] & ~kFinalBit);
  return frame;
}

std::string event_text(FrameDecoder::Event event, const FrameDecoder& decoder) {
  using Event = FrameDecoder::Event;
  switch (event) {
    case Event::none: return "none";
    case Event::text: return fmt::format("text {}", decoder.payload());
    case Event::binary: return fmt::format("binary {}", decoder.payload());
    case Event::ping: return fmt::format("ping {}", decoder.payload());
    case Event::pong: return fmt::format("pong {}", decoder.payload());
    case Event::close: return fmt::format("close {} {}", decoder.code(), decoder.payload());
    case Event::failed: return fmt::format("failed {} {}", decoder.code(), decoder.reason());
  }
  return {};
}

}  // namespace venuebox::net
