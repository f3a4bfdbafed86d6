// Answers that leave late, in part, in pieces, or with an end that no client expects.
#include <gtest/gtest.h>

#include "net/http_server.h"
#include "net/http_test.h"
#include "net/socket_test.h"

namespace venuebox::net {
namespace {
using After = Delivery::After;

const std::string kWhole =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: 10\r\n"
    "Date: Thu, 08 Aug 2024 23:54:15 GMT\r\n"
    "\r\n"
    "0123456789";
const std::string kHead = kWhole.substr(0, kWhole.size() - 10);

// What begins with /odd is answered by `how`, the rest as ever.
class DeliveryTest : public HttpTest {
 protected:
  explicit DeliveryTest(HttpOptions options = {}) : HttpTest(options) {
    handler.custom = [this](const Request& request, Response& response) {
      response.body = "0123456789";
      if (request.path.starts_with("/odd")) response.delivery = how;
    };
  }
  // As long as it takes to be sure that nothing comes.
  void take_turns() {
    for (int i = 0; i < 5; ++i)
      loop.turn();
  }
  // What comes until as much as this has come.
  std::string received(Client& c, std::size_t bytes) {
    until([&] { return c.closed() || c.received.size() >= bytes; });
    return std::exchange(c.received, {});
  }

  Delivery how;
};

TEST_F(DeliveryTest, AnAnswerThatWaitsIsWholeAndKeepsTheConnection) {
  how.wait = milliseconds(30);
  auto c = client();
  auto other = client();
  c.send(get("/odd") + get("/next"));
  until([&] { return !handler.seen.empty(); });
  other.send(get("/other"));
  EXPECT_EQ(other.responses(1), kWhole) << "others are served meanwhile";
  EXPECT_EQ(handler.seen.size(), 2u) << "and what came behind it waits";
  EXPECT_EQ(c.responses(2), kWhole + kWhole);
  EXPECT_EQ(handler.seen.back(), "/next|");
}

TEST_F(DeliveryTest, AWaitEndsWithTheClient) {
  how.wait = seconds(3'600);
  auto c = client();
  c.send(get("/odd"));
  until([&] { return !handler.seen.empty(); });
  c.finish();
  until([&] { return server.connections() == 0; });
}

TEST_F(DeliveryTest, NothingLeavesOfWhatIsNotDurable) {
  how.wait = milliseconds(1);
  auto c = client();
  c.send(get("/odd"));
  may_flush = false;
  until([&] { return !handler.seen.empty(); });
  server.drop_pending();
  EXPECT_EQ(c.until_closed(), "");
}

TEST_F(DeliveryTest, PiecesLeaveOneAfterTheOther) {
  how.piece_bytes = 100;
  how.piece_every = milliseconds(2);
  auto c = client();
  c.send(get("/odd") + get("/next"));
  EXPECT_EQ(received(c, 1), kWhole.substr(0, 100));
  EXPECT_EQ(received(c, kWhole.size() - 100 + kWhole.size()), kWhole.substr(100) + kWhole);
}

TEST_F(DeliveryTest, ALengthCanBeAnother) {
  how.content_length = 25;
  auto c = client();
  c.send(get("/odd"));
  std::string told = kWhole;
  told.replace(told.find("10\r\n"), 2, "25");
  EXPECT_EQ(received(c, told.size()), told);
  take_turns();
  EXPECT_FALSE(c.closed());
}

TEST_F(DeliveryTest, AResetLetsSoManyBytesPass) {
  how.after = After::reset;
  how.bytes_max = 0;
  auto none = client();
  none.send(get("/odd"));
  EXPECT_EQ(none.until_closed(), "RESET");
  how.bytes_max = 20;
  auto some = client();
  some.send(get("/odd"));
  EXPECT_EQ(some.until_closed(), kWhole.substr(0, 20) + "RESET");
  how.bytes_max = Delivery::kWhole;
  how.body_bytes_max = 4;
  auto body = client();
  body.send(get("/odd"));
  EXPECT_EQ(body.until_closed(), kHead + "0123RESET");
}

TEST_F(DeliveryTest, AResetComesBehindTheAnswersBeforeIt) {
  how.after = After::reset;
  how.bytes_max = 0;
  auto c = client();
  c.send(get("/first") + get("/odd") + get("/never"));
  EXPECT_EQ(c.until_closed(), kWhole + "RESET");
  EXPECT_EQ(handler.seen.size(), 2u);
}

TEST_F(DeliveryTest, AHalfClosedConnectionEndsForTheClientAndIsHeardNoMore) {
  how.after = After::half_closed;
  how.body_bytes_max = 4;
  auto c = client();
  c.send(get("/odd"));
  EXPECT_EQ(c.until_closed(), kHead + "0123");
  c.send(get("/never"));
  take_turns();
  EXPECT_EQ(handler.seen.size(), 1u);
  EXPECT_EQ(server.connections(), 1u);
  c.finish();
  until([&] { return server.connections() == 0; });
}

TEST_F(DeliveryTest, SilenceLastsUntilTheClientGivesUp) {
  how.after = After::silent;
  how.body_bytes_max = 0;
  auto c = client();
  c.send(get("/odd"));
  EXPECT_EQ(received(c, kHead.size()), kHead);
  c.send(get("/never") + std::string(200'000, 'x'));
  take_turns();
  EXPECT_FALSE(c.closed());
  EXPECT_EQ(c.received, "");
  EXPECT_EQ(handler.seen.size(), 1u);
  c.finish();
  until([&] { return server.connections() == 0; });
}

TEST_F(DeliveryTest, TheRestCanFollowAfterAPause) {
  how.body_bytes_max = 3;
  how.rest_after = milliseconds(20);
  auto c = client();
  c.send(get("/odd") + get("/next"));
  EXPECT_EQ(received(c, 1), kHead + "012");
  EXPECT_EQ(received(c, 7 + kWhole.size()), "3456789" + kWhole);
}

TEST_F(DeliveryTest, AShutdownEndsSilence) {
  how.after = After::silent;
  how.bytes_max = 0;
  auto c = client();
  c.send(get("/odd"));
  until([&] { return !handler.seen.empty(); });
  take_turns();
  bool done = false;
  server.shutdown([&] { done = true; });
  until([&] { return done; });
  EXPECT_EQ(c.until_closed(), "");
}

TEST_F(DeliveryTest, AnAnswerThatWasHeldCanLeaveSoToo) {
  std::unique_ptr<HeldAnswer> held;
  handler.custom = [&](const Request&, Response& response) { held = response.hold(); };
  auto c = client();
  c.send(get("/odd"));
  until([&] { return held != nullptr; });
  Response response;
  response.body = "0123456789";
  response.delivery = Delivery{.bytes_max = 15, .after = After::reset};
  held->send(response);
  EXPECT_EQ(c.until_closed(), kWhole.substr(0, 15) + "RESET");
}

// Time runs a thousand times faster here, so that timeouts can be awaited.
class QuickDeliveryTest : public DeliveryTest {
 protected:
  QuickDeliveryTest()
      : DeliveryTest({.idle_timeout = milliseconds(5),
                      .linger_timeout = milliseconds(5),
                      .silence_timeout = milliseconds(40),
                      .sweep_interval = milliseconds(1)}) {}
};

TEST_F(QuickDeliveryTest, NoOtherTimeoutStrikesAndSilenceEndsByItsOwn) {
  how.wait = milliseconds(50);
  auto waiting = client();
  waiting.send(get("/odd"));
  EXPECT_EQ(waiting.responses(1), kWhole) << "after ten times what an idle connection has";
  how = {.bytes_max = 0, .after = After::silent};
  auto silent = client();
  silent.send(get("/odd"));
  EXPECT_EQ(silent.until_closed(), "");
}

TEST_F(QuickDeliveryTest, AShutdownWaitsForItButNotForEver) {
  how.wait = seconds(3'600);
  auto c = client();
  c.send(get("/odd"));
  until([&] { return !handler.seen.empty(); });
  bool done = false;
  server.shutdown([&] { done = true; });
  until([&] { return done; });
  EXPECT_EQ(c.until_closed(), "");
}

class RudeEnd : public SocketTest {};

TEST_F(RudeEnd, AWebSocketEndsWithoutAGoodbye) {
  for (const auto& [after, seen] : {std::pair(After::reset, "text last|reset"),
                                    std::pair(After::half_closed, "text last|end")}) {
    SocketClient c = open();
    sockets.open.back()->send_text("last");
    sockets.open.back()->end_rudely(after);
    sockets.open.back()->send_text("never");
    EXPECT_EQ(c.rest(), seen);
  }
}

TEST_F(RudeEnd, ASilentWebSocketAnswersNoPingAndEndsWithItsClient) {
  SocketClient c = open();
  sockets.open.back()->send_text("last");
  sockets.open.back()->end_rudely(After::silent);
  EXPECT_EQ(c.next(), "text last");
  c.frame(Opcode::ping, "there?");
  for (int i = 0; i < 5; ++i)
    loop.turn();
  EXPECT_FALSE(c.tcp.closed());
  EXPECT_EQ(c.tcp.received, "");
  c.tcp.finish();
  until([&] { return sockets.closes == 1; });
}

}  // namespace
}  // namespace venuebox::net
