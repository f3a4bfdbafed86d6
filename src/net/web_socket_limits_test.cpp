// Bounds of WebSockets: sizes, times, memory, and clients that do not read.
#include <deque>

#include <gtest/gtest.h>
#include <malloc.h>

#include "net/socket_test.h"

namespace venuebox::net {
namespace {

using WebSocketLimitsTest = SocketTest;

// Time runs a thousand times faster here, so that timeouts can be awaited.
class QuickSocketTest : public SocketTest {
 protected:
  QuickSocketTest()
      : SocketTest({.unsent_bytes_max = kUnsentMax,
                    .idle_timeout = milliseconds(75),
                    .linger_timeout = milliseconds(5),
                    .sweep_interval = milliseconds(1)}) {}

  // Sends until the kernel takes no more, and some.
  void stuff(WebSocket& socket, std::size_t bytes) {
    while (socket.unsent() < bytes) {
      socket.send_text(std::string(60'000, 'x'));
      server.flush();
    }
  }

  static constexpr std::size_t kUnsentMax = std::size_t{64} * 1024;
};

TEST_F(QuickSocketTest, ASilentClientIsTold) {
  auto c = open();
  EXPECT_EQ(c.next(), "close 1001 no frame for too long");
  c.close(close_code::kGoingAway);
  EXPECT_EQ(c.next(), "end");
  until([&] { return sockets.closes == 1; });
}

TEST_F(QuickSocketTest, EveryFrameKeepsASocketAwake) {
  auto c = open();
  auto asleep = open();
  until([&] {
    c.frame(Opcode::pong, "");
    for (int i = 0; i < 20; ++i)
      loop.turn(milliseconds(1));
    return sockets.closes == 1;
  });
  EXPECT_EQ(sockets.open.size(), 1u);
  sockets.open[0]->send_text("awake");
  EXPECT_EQ(c.next(), "text awake");
}

TEST_F(QuickSocketTest, TheApplicationChoosesTheIdleTimeout) {
  auto never = open();
  sockets.open[0]->set_idle_timeout(Nanoseconds{});
  auto later = open();
  sockets.open[1]->set_idle_timeout(milliseconds(150));
  auto normal = open();
  const std::vector<WebSocket*> all = sockets.open;
  until([&] { return sockets.closes == 1; });
  EXPECT_EQ(sockets.open, (std::vector<WebSocket*>{all[0], all[1]}));
  until([&] { return sockets.closes == 2; });
  EXPECT_EQ(sockets.open, std::vector<WebSocket*>{all[0]});
}

TEST_F(QuickSocketTest, AClientThatAnswersPingsIsPingedAgain) {
  auto c = open();
  sockets.open[0]->set_heartbeat(milliseconds(5), milliseconds(60));
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(c.next(), "ping ");
    c.frame(Opcode::pong, "");
  }
}

TEST_F(QuickSocketTest, AClientThatLeavesAPingUnansweredIsTold) {
  auto c = open();
  sockets.open[0]->set_idle_timeout(Nanoseconds{});
  sockets.open[0]->set_heartbeat(milliseconds(5), milliseconds(20));
  EXPECT_EQ(c.next(), "ping ");
  c.text("a frame is no pong");
  EXPECT_EQ(c.next(), "close 1001 no answer to a ping");
}

TEST_F(QuickSocketTest, AClientThatNeverAnswersTheCloseIsCutOff) {
  auto c = open();
  sockets.open[0]->close(close_code::kNormal, "");
  until([&] { return sockets.closes == 1; });
  EXPECT_EQ(c.rest(), "close 1000 |end");
}

TEST_F(QuickSocketTest, AClientThatNeverEndsItsSideIsCutOff) {
  auto c = open();
  c.close(close_code::kNormal);
  EXPECT_EQ(c.next(), "close 1000 ");
  until([&] { return sockets.closes == 1; });
}

TEST_F(QuickSocketTest, ClosingASocketThatCannotDrainTakesTheLingerTimeout) {
  auto c = open();
  sockets.open[0]->set_idle_timeout(Nanoseconds{});
  stuff(*sockets.open[0], 1'000'000);
  sockets.open[0]->close(close_code::kTryAgainLater, "too slow");
  until([&] { return sockets.closes == 1; });
  EXPECT_EQ(server.connections(), 0u);
}

TEST_F(QuickSocketTest, AWriteWithoutProgressEndsTheConnection) {
  auto c = open();
  sockets.open[0]->set_idle_timeout(Nanoseconds{});
  stuff(*sockets.open[0], 1'000'000);
  until([&] { return sockets.closes == 1; });
}

TEST_F(QuickSocketTest, AHalfClosedClientThatDoesNotReadIsCutOff) {
  auto c = open();
  stuff(*sockets.open[0], kUnsentMax / 2);
  c.tcp.finish();
  until([&] { return sockets.closes == 1; });
}

TEST_F(QuickSocketTest, ShutdownDoesNotWaitForever) {
  auto silent = open();
  auto unread = open();
  stuff(*sockets.open[1], 1'000'000);
  bool done = false;
  server.shutdown([&] { done = sockets.closes == 2; });
  until([&] { return done; });
  EXPECT_EQ(silent.rest(), "close 1001 the server is shutting down|end");
}

TEST_F(WebSocketLimitsTest, APingFloodGrowsNothing) {
  constexpr std::size_t kUnsentMax = 1024 * 1024;
  auto c = open();
  const std::string ping = client_frame(Opcode::ping, std::string(kControlBytesMax, 'p'));
  std::string pings;
  while (pings.size() < 65'536)
    pings += ping;
  // Until the server has stopped reading, and what lies between the two is full.
  std::size_t sent = 0;
  std::size_t most = 0;
  int refusals = 0;
  until([&] {
    const std::size_t count = c.tcp.send_some(std::string_view(pings).substr(sent % ping.size()));
    sent += count;
    refusals = count == 0 ? refusals + 1 : 0;
    most = std::max(most, sockets.open[0]->unsent());
    return refusals == 20;
  });
  EXPECT_GT(most, kUnsentMax);
  EXPECT_LT(most, kUnsentMax + 2 * ping.size());
}

// A client that asks for much and reads late holds up itself only, and gets everything.
TEST_F(QuickSocketTest, SlowReadersAreNotReadFrom) {
  sockets.on_received = [](WebSocket& socket, std::string_view) {
    socket.send_text(std::string(30'000, 'x'));
  };
  constexpr std::size_t kMessages = 2'000;
  auto slow = open();
  sockets.open[0]->set_idle_timeout(Nanoseconds{});
  std::string messages;
  for (std::size_t i = 0; i < kMessages; ++i)
    messages += client_frame(Opcode::text, "more");
  slow.tcp.send(messages);
  std::size_t seen = 0;
  until([&] {
    const bool stalled = sockets.seen.size() == seen && seen > 0;
    seen = sockets.seen.size();
    return stalled;
  });
  EXPECT_LT(seen, kMessages);
  auto other = open();
  other.text("one");
  EXPECT_EQ(other.next().size(), 30'005u);
  for (std::size_t i = 0; i < kMessages; ++i)
    ASSERT_EQ(slow.next().size(), 30'005u) << i;
}

TEST_F(QuickSocketTest, AReaderThatFallsBehindForAWhileMissesNothing) {
  auto c = open();
  c.text(std::string(9'000, 'm'));  // The buffer that this needs is given back in a quiet moment.
  until([&] { return !sockets.seen.empty(); });
  stuff(*sockets.open[0], 100'000);
  for (int sweep = 0; sweep < 10; ++sweep)
    loop.turn(milliseconds(1));
  sockets.open[0]->send_text("last");
  server.flush();
  std::string next;
  do {
    next = c.next();
  } while (next.starts_with("text x"));
  EXPECT_EQ(next, "text last");
}

TEST_F(WebSocketLimitsTest, RefusesALargeMessageBeforeReadingIt) {
  constexpr std::size_t kMessageBytesMax = std::size_t{64} * 1024;
  auto largest = open();
  largest.frame(Opcode::binary, std::string(kMessageBytesMax, 'x'));
  until([&] { return sockets.seen.size() == 1; });
  EXPECT_EQ(sockets.seen[0].size(), kMessageBytesMax + 7);

  auto announced = open();
  announced.tcp.send(
      client_frame(Opcode::text, std::string(kMessageBytesMax + 1, 'x')).substr(0, 14));
  EXPECT_EQ(announced.next(), "close 1009 message too long");

  auto joined = open();
  joined.tcp.send(client_frame(Opcode::text, std::string(kMessageBytesMax, 'x'), false) +
                  client_frame(Opcode::continuation, "x"));
  EXPECT_EQ(joined.next(), "close 1009 message too long");
  // What is still on its way does not reset the connection.
  joined.tcp.send(std::string(1'000'000, 'x'));
  EXPECT_EQ(joined.next(), "end");
}

std::size_t heap_bytes() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;  // The second are large pieces with pages of their own.
}

TEST_F(WebSocketLimitsTest, AThousandIdleSocketsAreCheap) {
  constexpr std::size_t kSockets = 1'000;
  ASSERT_GT(raise_open_files_limit(), 2 * kSockets + 100);
  sockets.open.reserve(kSockets + 1);
  handler.seen.reserve(kSockets + 1);
  const std::size_t before = heap_bytes();
  std::deque<Client> clients;
  for (std::size_t i = 0; i < kSockets; ++i) {
    clients.push_back(client());
    clients.back().send(upgrade_request());
    clients.back().responses(1);
    clients.back().received = {};
  }
  std::string frame;
  append_text_frame(frame, std::string(200, 'x'));
  for (WebSocket* socket : sockets.open)
    socket->send(frame);
  until([&] { return sockets.open.back()->unsent() == 0; });
#ifndef __SANITIZE_ADDRESS__
  EXPECT_LT((heap_bytes() - before) / kSockets, 8'192u);
#else
  EXPECT_EQ(before, heap_bytes());  // The sanitizer's allocator does not count.
#endif
}

TEST_F(QuickSocketTest, GivesTheMemoryOfWhatWasSentBack) {
  auto c = open();
  sockets.open[0]->set_idle_timeout(Nanoseconds{});
  sockets.open[0]->send_text(std::string(500'000, 'x'));
  [[maybe_unused]] const std::size_t before = heap_bytes();
  EXPECT_EQ(c.next().size(), 500'005u);
  std::string().swap(c.tcp.received);
#ifndef __SANITIZE_ADDRESS__
  until([&] { return heap_bytes() + 400'000 < before; });
#else
  for (int i = 0; i < 10; ++i)
    loop.turn(milliseconds(10));
#endif
  sockets.open[0]->send_text("small");
  EXPECT_EQ(c.next(), "text small");
}

TEST_F(QuickSocketTest, GivesTheMemoryOfLargeMessagesBackInTheMiddleOfAnother) {
  auto c = open();
  sockets.open[0]->set_idle_timeout(Nanoseconds{});
  c.frame(Opcode::binary, std::string(60'000, 'x'));
  const std::string second = client_frame(Opcode::text, "fragment", false);
  const std::string third = client_frame(Opcode::continuation, "ed");
  c.tcp.send(second + third.substr(0, 3));
  until([&] { return sockets.seen.size() == 1; });
  sockets.seen = {};
  [[maybe_unused]] const std::size_t before = heap_bytes();
#ifndef __SANITIZE_ADDRESS__
  until([&] { return heap_bytes() + 50'000 < before; });
#else
  for (int i = 0; i < 10; ++i)
    loop.turn(milliseconds(10));
#endif
  c.tcp.send(third.substr(3));
  until([&] { return sockets.seen.size() == 1; });
  EXPECT_EQ(sockets.seen[0], "text fragmented");
}

}  // namespace
}  // namespace venuebox::net
