#include "net/web_socket.h"

#include <gtest/gtest.h>

#include "net/socket_test.h"

namespace venuebox::net {
namespace {

using Texts = std::vector<std::string>;
using WebSocketTest = SocketTest;

TEST_F(WebSocketTest, AnswersTheHandshakeWithTheHandlersHeaders) {
  handler.custom = [&](const Request&, Response& response) {
    response.upgrade = &sockets;
    response.add_header("X-Limit", "5");
  };
  sockets.on_opened = [](WebSocket&, const Request& request) {
    EXPECT_EQ(request.path, "/v5/public");
    EXPECT_EQ(request.query, "a=1");
    EXPECT_EQ(request.header("X-Own"), "yes");
  };
  auto c = client();
  c.send(upgrade_request("/v5/public?a=1",
                         "X-Own: yes\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"
                         "Sec-WebSocket-Protocol: chat\r\n"));
  EXPECT_EQ(c.responses(1),
            "HTTP/1.1 101 Switching Protocols\r\n"
            "Date: Thu, 08 Aug 2024 23:54:15 GMT\r\n"
            "X-Limit: 5\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            "\r\n");
  EXPECT_EQ(sockets.opens, 1u);
}

TEST_F(WebSocketTest, RefusesWhatIsNoUpgrade) {
  const auto refusal = [&](std::string_view request) {
    auto c = client();
    c.send(request);
    return c.until_closed();
  };
  const auto without = [](std::string_view line, std::string_view instead = "") {
    std::string request = upgrade_request();
    return request.replace(request.find(line), line.size(), instead);
  };
  for (const std::string& request :
       {get("/ws"), without("Upgrade: websocket\r\n"), without(", Upgrade"), without("GET", "PUT"),
        without("HTTP/1.1", "HTTP/1.0"), without("websocket", "h2c")}) {
    const std::string answer = refusal(request);
    EXPECT_EQ(status_of(answer), 426) << request;
    EXPECT_NE(answer.find("\r\nUpgrade: websocket\r\n"), std::string::npos) << answer;
    EXPECT_EQ(answer.find("Sec-WebSocket-Version"), std::string::npos) << answer;
  }
  for (const std::string& request :
       {without("13", "12"), without("Sec-WebSocket-Version: 13\r\n")}) {
    const std::string answer = refusal(request);
    EXPECT_EQ(status_of(answer), 426) << request;
    EXPECT_NE(answer.find("\r\nSec-WebSocket-Version: 13\r\n"), std::string::npos) << answer;
  }
  for (const std::string& request :
       {without("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), without("dGhl"),
        without("dGhl", "dGh!"), without("ZQ==", "ZQ=A"),
        upgrade_request("/", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")}) {
    EXPECT_EQ(status_of(refusal(request)), 400) << request;
  }
  EXPECT_EQ(sockets.opens, 0u);
}

TEST_F(WebSocketTest, TakesTheHeadersOfAllClients) {
  auto c = client();
  c.send(
      "GET /ws HTTP/1.1\r\nhost: h\r\nUPGRADE: foo , WebSocket\r\nconnection: keep-alive\r\n"
      "Connection:\tUPGRADE\r\nsec-websocket-version: 13\r\n"
      "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  EXPECT_EQ(status_of(c.responses(1)), 101);
}

TEST_F(WebSocketTest, UpgradesAfterOtherRequests) {
  handler.custom = [&](const Request& request, Response& response) {
    if (request.path == "/ws") response.upgrade = &sockets;
  };
  SocketClient c(loop, client());
  c.tcp.send(get("/time") + upgrade_request() + client_frame(Opcode::text, "hasty"));
  const std::string answers = c.tcp.responses(2);
  EXPECT_EQ(status_of(answers), 200);
  EXPECT_NE(answers.find("HTTP/1.1 101 "), std::string::npos);
  until([&] { return sockets.seen.size() == 1; });
  EXPECT_EQ(sockets.seen[0], "text hasty");
}

TEST_F(WebSocketTest, EchoesInOrder) {
  sockets.on_received = [](WebSocket& socket, std::string_view message) {
    socket.send_text(message);
  };
  auto c = open();
  c.tcp.send(client_frame(Opcode::text, "one") + client_frame(Opcode::binary, "two") +
             client_frame(Opcode::text, "") + client_frame(Opcode::text, std::string(300, 'x')) +
             client_frame(Opcode::text, std::string(65'536, 'y')));
  EXPECT_EQ(c.next(), "text one");
  EXPECT_EQ(c.next(), "text two");
  EXPECT_EQ(c.next(), "text ");
  EXPECT_EQ(c.next(), "text " + std::string(300, 'x'));
  EXPECT_EQ(c.next(), "text " + std::string(65'536, 'y'));
  EXPECT_EQ(sockets.seen[1], "binary two");
}

TEST_F(WebSocketTest, ReadsAConversationByteByByte) {
  auto c = open();
  for (const char byte :
       client_frame(Opcode::text, "frag", false) + client_frame(Opcode::ping, "between") +
           client_frame(Opcode::continuation, "", false) +
           client_frame(Opcode::continuation, "ments") + client_frame(Opcode::pong, "unasked")) {
    c.tcp.send({&byte, 1});
    loop.turn();
  }
  EXPECT_EQ(c.next(), "pong between");
  until([&] { return !sockets.seen.empty(); });
  EXPECT_EQ(sockets.seen, Texts{"text fragments"});
}

TEST_F(WebSocketTest, JoinsMoreFragmentsThanTheBufferHolds) {
  auto c = open();
  std::string frames = client_frame(Opcode::text, "a", false);
  std::string whole = "a";
  for (int i = 0; i < 20'000; ++i) {
    frames += client_frame(Opcode::continuation, i % 4 == 0 ? "" : "b", false);
    if (i % 4 != 0) whole += 'b';
    if (i % 1'000 == 0) frames += client_frame(Opcode::ping, std::to_string(i));
  }
  frames += client_frame(Opcode::continuation, "c") + client_frame(Opcode::text, "next");
  c.tcp.send(frames);
  until([&] { return sockets.seen.size() == 2; });
  EXPECT_EQ(sockets.seen, (Texts{"text " + whole + "c", "text next"}));
  for (int i = 0; i < 20'000; i += 1'000)
    EXPECT_EQ(c.next(), "pong " + std::to_string(i));
}

TEST_F(WebSocketTest, SendsOneFrameToAll) {
  constexpr std::size_t kClients = 100;
  std::vector<SocketClient> clients;
  for (std::size_t i = 0; i < kClients; ++i)
    clients.push_back(open());
  for (int i = 0; i < 3; ++i) {
    std::string frame;
    append_text_frame(frame, "tick " + std::to_string(i));
    for (WebSocket* socket : sockets.open)
      socket->send(frame);
  }
  EXPECT_EQ(sockets.open[0]->unsent(), 3 * std::string("..tick 0").size());
  loop.turn();
  EXPECT_EQ(sockets.open[0]->unsent(), 0u);
  for (auto& c : clients) {
    for (int i = 0; i < 3; ++i)
      EXPECT_EQ(c.next(), "text tick " + std::to_string(i));
  }
}

TEST_F(WebSocketTest, SocketsSpeakToEachOtherFromAnywhere) {
  sockets.on_opened = [&](WebSocket& socket, const Request&) {
    socket.send_text("welcome");
    if (sockets.opens == 2) sockets.open[0]->send_text("another came");
  };
  auto first = open();
  auto second = open();
  EXPECT_EQ(first.next(), "text welcome");
  EXPECT_EQ(first.next(), "text another came");
  EXPECT_EQ(second.next(), "text welcome");

  sockets.on_received = [&](WebSocket&, std::string_view) {
    sockets.open[0]->send_text("farewell");
    sockets.open[0]->close(close_code::kPolicyViolation, "told by the other");
    EXPECT_EQ(sockets.closes, 0u);
  };
  sockets.on_closed = [&](WebSocket& socket) {
    socket.send_text("too late");
    socket.close(close_code::kNormal, "");
    if (!sockets.open.empty()) sockets.open[0]->send_text("the other is gone");
  };
  second.text("end it");
  EXPECT_EQ(first.next(), "text farewell");
  EXPECT_EQ(first.next(), "close 1008 told by the other");
  first.close(close_code::kPolicyViolation);
  EXPECT_EQ(first.next(), "end");
  first.tcp.finish();
  EXPECT_EQ(second.next(), "text the other is gone");
  EXPECT_EQ(sockets.closes, 1u);
}

TEST_F(WebSocketTest, NothingLeavesBeforeTheFlush) {
  auto c = open();
  may_flush = false;
  c.frame(Opcode::ping, "held");
  sockets.open[0]->send_text("first");
  until([&] { return sockets.open[0]->unsent() == 2 + 5 + 2 + 4; });
  EXPECT_FALSE(c.tcp.closed());
  EXPECT_EQ(c.tcp.received, "");
  may_flush = true;
  EXPECT_EQ(c.next(), "text first");
  EXPECT_EQ(c.next(), "pong held");
}

TEST_F(WebSocketTest, DroppedFramesAreNeverSent) {
  auto dropped = open();
  auto idle = open();
  may_flush = false;
  sockets.open[0]->send_text("lost");
  server.drop_pending();
  EXPECT_EQ(sockets.closes, 0u);
  may_flush = true;
  EXPECT_EQ(dropped.rest(), "end");
  until([&] { return sockets.closes == 1; });
  sockets.open[0]->send_text("fine");
  EXPECT_EQ(idle.next(), "text fine");
}

TEST_F(WebSocketTest, EchoesTheClientsClose) {
  for (const bool with_code : {true, false}) {
    sockets.closes = 0;
    sockets.seen.clear();
    auto c = open();
    sockets.open[0]->send_text("before");
    c.tcp.send(client_frame(Opcode::text, "last") +
               client_frame(Opcode::close, with_code ? close_payload(4'321, "done") : "") +
               client_frame(Opcode::text, "never seen"));
    EXPECT_EQ(c.next(), "text before");
    EXPECT_EQ(c.next(), with_code ? "close 4321 " : "close 0 ");
    EXPECT_EQ(c.next(), "end");
    EXPECT_EQ(sockets.closes, 0u) << "the client has not ended its side";
    sockets.open[0]->send_text("too late");
    c.tcp.finish();
    until([&] { return sockets.closes == 1; });
    EXPECT_EQ(sockets.seen, Texts{"text last"});
    EXPECT_EQ(server.connections(), 0u);
  }
}

TEST_F(WebSocketTest, NothingIsReceivedAfterTheApplicationsClose) {
  sockets.on_received = [](WebSocket& socket, std::string_view) {
    socket.send_text("goodbye");
    socket.close(close_code::kNormal, "enough");
    socket.send_text("unheard");
    socket.close(close_code::kInternalError, "second");
  };
  auto c = open();
  c.tcp.send(client_frame(Opcode::text, "one") + client_frame(Opcode::text, "two") +
             client_frame(Opcode::ping, "three"));
  EXPECT_EQ(c.next(), "text goodbye");
  EXPECT_EQ(c.next(), "close 1000 enough");
  c.text("four");
  c.close(close_code::kNormal);
  EXPECT_EQ(c.next(), "end");
  c.tcp.finish();
  until([&] { return sockets.closes == 1; });
  EXPECT_EQ(sockets.seen, Texts{"text one"});
}

TEST_F(WebSocketTest, AForgottenHandlerHearsNothingMore) {
  SocketClient client = open();
  client.text("before");
  until([&] { return !sockets.seen.empty(); });
  sockets.open.at(0)->forget_handler();
  client.text("after");
  client.close(close_code::kNormal);
  EXPECT_EQ(client.next(), "close 1000 ");
  EXPECT_EQ(client.next(), "end");
  EXPECT_EQ(sockets.seen, (std::vector<std::string>{"text before"}));
  EXPECT_EQ(sockets.closes, 0u);
}

TEST_F(WebSocketTest, CutsALongReasonBetweenCharacters) {
  auto c = open();
  std::string reason;
  for (int i = 0; i < 50; ++i)
    reason += "\xe2\x82\xac";  // Three bytes: 41 of them are 123.
  sockets.open[0]->close(close_code::kTryAgainLater, "x" + reason);
  EXPECT_EQ(c.next(), "close 1013 x" + reason.substr(0, 40 * 3));
}

TEST_F(WebSocketTest, ClosesWithTheCodeOfTheFault) {
  const auto masked = [](std::string_view head, std::string_view rest = {}) {
    return std::string(head).append("\0\0\0\0", 4).append(rest);
  };
  using std::literals::operator""sv;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"\x81\x01x", "close 1002 frame without mask from a client"},
      {masked("\xc1\x80"), "close 1002 reserved bit set"},
      {masked("\x83\x80"), "close 1002 unknown opcode"},
      {masked("\x80\x80"sv), "close 1002 continuation of no message"},
      {masked("\x09\x80"), "close 1002 fragmented control frame"},
      {masked("\x81\x81", "\xff"), "close 1007 text is not UTF-8"},
      {masked("\x81\xff\x00\x00\x00\x00\x00\x01\x00\x01"sv), "close 1009 message too long"},
  };
  for (const auto& [bytes, expected] : cases) {
    auto c = open();
    c.tcp.send(bytes + client_frame(Opcode::text, "never seen"));
    EXPECT_EQ(c.next(), expected);
    EXPECT_EQ(c.next(), "end");
    c.tcp.finish();
    until([&] { return sockets.open.empty(); });
  }
  EXPECT_EQ(sockets.closes, cases.size());
  EXPECT_TRUE(sockets.seen.empty());
}

TEST_F(WebSocketTest, AClientThatHalfClosesGetsWhatIsOwed) {
  sockets.on_received = [](WebSocket& socket, std::string_view message) {
    socket.send_text(message);
  };
  auto c = open();
  c.text("question");
  c.tcp.finish();
  EXPECT_EQ(c.rest(), "text question|end");
  until([&] { return sockets.closes == 1; });
}

TEST_F(WebSocketTest, AClientThatVanishes) {
  auto resetting = open();
  auto sent_to = open();
  resetting.tcp.reset();
  until([&] { return sockets.closes == 1; });
  sent_to.tcp.reset();
  sockets.open[0]->send_text("anyone?");
  EXPECT_EQ(sockets.closes, 1u);
  until([&] { return sockets.closes == 2; });
  EXPECT_EQ(server.connections(), 0u);
}

TEST_F(WebSocketTest, SurvivesAStormOfReconnections) {
  sockets.on_opened = [](WebSocket& socket, const Request&) { socket.send_text("welcome"); };
  const std::string bytes = upgrade_request() + client_frame(Opcode::text, "subscribe") +
                            client_frame(Opcode::close, close_payload(1'000, ""));
  constexpr std::size_t kClients = 500;
  for (std::size_t i = 0; i < kClients; ++i) {
    auto c = client();
    c.send(std::string_view(bytes).substr(0, i * bytes.size() / kClients));
    if (i % 7 == 0) loop.turn();
    if (i % 2 == 0) c.reset();
  }
  until([&] { return server.connections() == 0 && sockets.open.empty(); });
  EXPECT_GT(sockets.opens, kClients / 10);
  EXPECT_EQ(sockets.closes, sockets.opens);
  auto c = open();
  EXPECT_EQ(c.next(), "text welcome");
}

TEST_F(WebSocketTest, ShutdownClosesWith1001AndWaitsForTheAnswer) {
  auto c = open();
  auto already_closing = open();
  sockets.open[1]->close(close_code::kNormal, "before");
  bool done = false;
  std::size_t closes_by_then = 0;
  server.shutdown([&] {
    done = true;
    closes_by_then = sockets.closes;
  });
  sockets.open[0]->send_text("last");
  EXPECT_EQ(c.next(), "text last");
  EXPECT_EQ(c.next(), "close 1001 the server is shutting down");
  EXPECT_EQ(already_closing.next(), "close 1000 before");
  EXPECT_FALSE(done);
  c.close(close_code::kGoingAway);
  EXPECT_EQ(c.next(), "end");
  EXPECT_FALSE(done);
  already_closing.tcp.finish();
  until([&] { return done; });
  EXPECT_EQ(closes_by_then, 2u);
}

TEST(WebSocket, EndsWithTheServer) {
  Loop loop;
  ManualClock clock;
  RecordingSockets sockets;
  EchoHandler handler;
  handler.custom = [&](const Request&, Response& response) { response.upgrade = &sockets; };
  auto server = std::make_unique<HttpServer>(loop, clock, handler);
  const auto endpoint = server->listen("127.0.0.1", 0);
  Client c(loop, endpoint->port);
  c.send(upgrade_request());
  for (int i = 0; i < 1'000 && sockets.opens == 0; ++i)
    loop.turn(milliseconds(10));
  sockets.on_closed = [](WebSocket& socket) { socket.send_text("nobody hears this"); };
  server.reset();
  EXPECT_EQ(sockets.closes, 1u);
  while (loop.turn())
    continue;
  EXPECT_EQ(sockets.closes, 1u);
}

}  // namespace
}  // namespace venuebox::net
