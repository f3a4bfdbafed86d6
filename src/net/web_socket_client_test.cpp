#include "net/web_socket_client.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "net/client_test.h"
#include "net/handshake.h"
#include "net/socket_test.h"

namespace venuebox::net {
namespace {

using Texts = std::vector<std::string>;

class Recorder final : public WebSocketClientHandler {
 public:
  void opened() override {
    seen.emplace_back("opened");
    if (on_opened) on_opened();
  }
  void received(std::string_view message, bool is_text) override {
    seen.push_back((is_text ? "text " : "binary ") + std::string(message));
    if (on_received) on_received();
  }
  void closed(const WebSocketEnd& given) override {
    EXPECT_FALSE(end) << "told twice";
    end = given;
    seen.push_back(given.error ? std::string(kind_name(given.error->kind))
                               : "closed " + std::to_string(given.code) + " " + given.reason);
    if (on_closed) on_closed();
  }

  std::function<void()> on_opened, on_received, on_closed;
  Texts seen;
  std::optional<WebSocketEnd> end;
};

class WebSocketClientTest : public SocketTest {
 protected:
  WebSocketClientTest() : scripted(loop) {}

  std::string own_url(std::string_view path = "") {
    return "ws://127.0.0.1:" + std::to_string(endpoint.port) + std::string(path);
  }
  void connect(std::string_view url, std::string_view target = "/") {
    client.emplace(
        loop, WebSocketTarget{*base_url_from(url), std::string(target), headers}, recorder,
        [this] { return static_cast<Mask>(random.next()); }, options);
  }
  // Connected to the own server.
  WebSocket& connected() {
    connect(own_url());
    until([&] { return !recorder.seen.empty() && !sockets.open.empty(); });
    return *sockets.open.front();
  }
  // Connected to a server that sends `first` behind its answer to the upgrade.
  Peer upgraded(std::string_view first = "") {
    connect(scripted.url());
    Peer peer = scripted.accept();
    peer.send(answer_to(peer.read_head()) + std::string(first));
    until([&] { return !recorder.seen.empty(); });
    return peer;
  }
  static std::string answer_to(const std::string& request, std::string_view more = "") {
    constexpr std::string_view kName = "Sec-WebSocket-Key: ";
    constexpr std::size_t kKeyBytes = 24;
    const std::string key = request.substr(request.find(kName) + kName.size(), kKeyBytes);
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\n" +
           std::string(more) + "Sec-WebSocket-Accept: " + accept_key(key) + "\r\n\r\n";
  }
  static std::string frame(Opcode opcode, std::string_view payload) {
    std::string bytes;
    append_frame(bytes, opcode, payload);
    return bytes;
  }
  void wait_for_end() {
    until([&] { return recorder.end.has_value(); });
  }

  ScriptedServer scripted;
  Recorder recorder;
  RandomStream random{1, "masks"};
  HeaderList headers;
  WebSocketClientOptions options;
  std::optional<WebSocketClient> client;
};

TEST_F(WebSocketClientTest, SpeaksWithOurOwnServer) {
  sockets.on_received = [](WebSocket& socket, std::string_view message) {
    socket.send_text("echo " + std::string(message));
  };
  sockets.on_opened = [](WebSocket&, const Request& request) {
    EXPECT_EQ(request.target, "/bybit/v5/public?a=1");
    EXPECT_EQ(request.header("X-Key"), "k");
  };
  headers = {{"X-Key", "k"}};
  connect(own_url("/bybit"), "/v5/public?a=1");
  recorder.on_opened = [&] {
    EXPECT_TRUE(client->send_text("one"));
    EXPECT_TRUE(client->send_text("two"));
  };
  until([&] { return recorder.seen.size() == 3; });
  EXPECT_EQ(recorder.seen, (Texts{"opened", "text echo one", "text echo two"}));
  client->close(close_code::kNormal, "enough");
  EXPECT_FALSE(client->send_text("late"));
  wait_for_end();
  EXPECT_EQ(recorder.seen.back(), "closed 1000 ");
  EXPECT_EQ(sockets.seen, (Texts{"text one", "text two"}));
}

TEST_F(WebSocketClientTest, AnswersPingsAndTheServersGoodbye) {
  Peer peer = upgraded(frame(Opcode::ping, "are you there") + frame(Opcode::text, "x"));
  EXPECT_EQ(recorder.seen.front(), "opened");
  FrameDecoder decoder(FrameDecoder::End::server, 1'000);
  std::string pong = peer.read_some();
  EXPECT_EQ(event_text(decoder.decode(pong), decoder), "pong are you there");
  peer.send(frame(Opcode::close, close_payload(1012, "restart")));
  std::string goodbye = peer.read_some();
  FrameDecoder next(FrameDecoder::End::server, 1'000);
  EXPECT_EQ(event_text(next.decode(goodbye), next), "close 1012 ");
  EXPECT_FALSE(recorder.end) << "before the server has closed";
  peer.close();
  wait_for_end();
  EXPECT_EQ(recorder.seen, (Texts{"opened", "text x", "closed 1012 restart"}));
}

TEST_F(WebSocketClientTest, DrawsAMaskForEveryFrame) {
  Peer peer = upgraded();
  client->send_text("same");
  client->send_text("same");
  const std::string frames = peer.read_some();
  ASSERT_EQ(frames.size(), 2u * (2 + 4 + 4));
  EXPECT_NE(frames.substr(2, 4), frames.substr(12, 4));
}

TEST_F(WebSocketClientTest, ReadsEveryByteForItself) {
  connect(scripted.url());
  Peer peer = scripted.accept();
  const std::string bytes = answer_to(peer.read_head()) + frame(Opcode::text, "hello") +
                            frame(Opcode::binary, std::string(300, 'b'));
  for (const char byte : bytes) {
    peer.send({&byte, 1});
    loop.turn();
  }
  until([&] { return recorder.seen.size() == 3; });
  EXPECT_EQ(recorder.seen, (Texts{"opened", "text hello", "binary " + std::string(300, 'b')}));
}

TEST_F(WebSocketClientTest, RefusesAnAnswerThatIsNotToItsRequest) {
  const std::function<std::string(const std::string&)> answers[] = {
      [](const std::string&) { return answer_to("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="); },
      [](const std::string& request) {
        return answer_to(request, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
      },
      [](const std::string&) {
        return std::string("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
      },
      [](const std::string&) { return std::string("<html>"); },
  };
  for (const auto& answer : answers) {
    recorder = {};
    connect(scripted.url());
    Peer peer = scripted.accept();
    peer.send(answer(peer.read_head()));
    wait_for_end();
    EXPECT_EQ(recorder.seen, (Texts{"garbled"}));
  }
}

TEST_F(WebSocketClientTest, TellsWithWhatTheUpgradeWasRefused) {
  handler.custom = [](const Request&, Response& response) { response.status = 429; };
  connect(own_url());
  wait_for_end();
  EXPECT_EQ(recorder.seen, (Texts{"not_upgraded"}));
  EXPECT_EQ(recorder.end->status, 429);
  EXPECT_FALSE(recorder.end->error->may_have_arrived);
}

TEST_F(WebSocketClientTest, TellsOfAnEndWithoutGoodbye) {
  {
    Peer peer = upgraded();
    client->send_text("order");
    EXPECT_FALSE(peer.read_some().empty());
  }
  wait_for_end();
  EXPECT_EQ(recorder.seen, (Texts{"opened", "closed"}));
  EXPECT_TRUE(recorder.end->error->may_have_arrived);
}

TEST_F(WebSocketClientTest, SaysWhatWasWrongWithAFrame) {
  options.message_bytes_max = 10;
  const std::pair<std::string, std::string> cases[] = {
      {frame(Opcode::text, std::string(11, 'x')), "too_large"},
      {frame(Opcode::text, "\xff"), "garbled"},
      {client_frame(Opcode::text, "masked"), "garbled"},
  };
  for (const auto& [bytes, expected] : cases) {
    recorder = {};
    Peer peer = upgraded(bytes);
    EXPECT_FALSE(peer.read_some().empty()) << "a goodbye";
    peer.close();
    wait_for_end();
    EXPECT_EQ(recorder.seen, (Texts{"opened", expected}));
  }
}

TEST_F(WebSocketClientTest, WaitsForNoServerForEver) {
  options.open_timeout = milliseconds(10);
  connect(scripted.url());
  Peer silent = scripted.accept();
  wait_for_end();
  EXPECT_EQ(recorder.seen, (Texts{"timeout"}));

  recorder = {};
  options = {};
  options.close_timeout = milliseconds(10);
  Peer peer = upgraded();
  client->close();
  wait_for_end();
  EXPECT_EQ(recorder.seen, (Texts{"opened", "timeout"}));
}

TEST_F(WebSocketClientTest, SendsNoMoreThanMayWait) {
  options.unsent_bytes_max = 1'000;
  const Peer peer = upgraded();
  EXPECT_FALSE(client->send_text(std::string(1'000, 'x')));
  EXPECT_TRUE(client->send_text(std::string(900, 'x')));
  EXPECT_FALSE(client->send_text(std::string(900, 'x')));
  until([&] { return client->unsent() == 0; });
  EXPECT_TRUE(client->send_text(std::string(900, 'x')));
}

TEST_F(WebSocketClientTest, GoesNowhereWithoutTheNetwork) {
  connect("wss://stream.bybit.com");
  wait_for_end();
  EXPECT_EQ(recorder.seen, (Texts{"refused_by_guard"}));
}

TEST_F(WebSocketClientTest, MayBeGivenUpAtAnyPoint) {
  for (int turns = 0; turns < 12; ++turns) {
    recorder = {};
    connect(own_url());
    for (int i = 0; i < turns; ++i)
      loop.turn();
    client->close();
    wait_for_end();
    const bool was_open = recorder.seen.front() == "opened";
    EXPECT_EQ(recorder.seen.back(), was_open ? "closed 1000 " : "closed");
  }
}

TEST_F(WebSocketClientTest, MayBeDestroyedAtAnyPoint) {
  for (int turns = 0; turns < 12; ++turns) {
    recorder = {};
    connect(own_url());
    for (int i = 0; i < turns; ++i)
      loop.turn();
    client.reset();
    loop.turn();
    EXPECT_FALSE(recorder.end);
  }
  const auto destroy = [&] { client.reset(); };
  sockets.on_opened = [](WebSocket& socket, const Request&) { socket.send_text("x"); };
  for (auto when : {&Recorder::on_opened, &Recorder::on_received, &Recorder::on_closed}) {
    recorder = {};
    recorder.*when = destroy;
    connect(own_url());
    if (when == &Recorder::on_closed) client->close();
    until([&] { return !client.has_value(); });
  }
  until([&] { return sockets.open.empty(); });
}

}  // namespace
}  // namespace venuebox::net
