// Bounds of the server: sizes, times, numbers, and clients that behave badly.
#include <deque>

#include <sys/resource.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <malloc.h>

#include "net/http_server.h"
#include "net/http_test.h"

namespace venuebox::net {
namespace {

// Time runs a thousand times faster here, so that timeouts can be awaited.
class QuickHttpTest : public HttpTest {
 protected:
  QuickHttpTest()
      : HttpTest({.head_timeout = milliseconds(10),
                  .body_timeout = milliseconds(30),
                  .idle_timeout = milliseconds(75),
                  .linger_timeout = milliseconds(5),
                  .sweep_interval = milliseconds(1)}) {}
};

class SmallHttpTest : public HttpTest {
 protected:
  SmallHttpTest()
      : HttpTest({.body_bytes_max = 100,
                  .connections_max = 3,
                  .unsent_bytes_max = std::size_t{64} * 1024,
                  .linger_timeout = milliseconds(5),
                  .sweep_interval = milliseconds(1)}) {}
};

class HttpLimitsTest : public HttpTest {
 protected:
  std::size_t refused_status(std::string_view bytes) {
    auto c = client();
    c.send(bytes);
    const std::string answer = c.until_closed();
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos) << answer;
    EXPECT_EQ(answer.find("RESET"), std::string::npos);
    return static_cast<std::size_t>(status_of(answer));
  }
};

TEST_F(HttpLimitsTest, RefusesWithTheRightStatusAndCloses) {
  EXPECT_EQ(refused_status("nonsense\r\n\r\n"), 400u);
  EXPECT_EQ(refused_status("\x16\x03\x01\x02"), 400u);
  EXPECT_EQ(refused_status("GET /" + std::string(10'000, 'a')), 414u);
  EXPECT_EQ(refused_status(get("/", "A: " + std::string(20'000, 'a') + "\r\n")), 431u);
  EXPECT_EQ(refused_status("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: br\r\n\r\n"), 501u);
  EXPECT_TRUE(handler.seen.empty());
  auto c = client();
  c.send(get("/fine"));
  EXPECT_EQ(status_of(c.responses(1)), 200);
}

TEST_F(HttpLimitsTest, RefusesALargeBodyBeforeReadingIt) {
  EXPECT_EQ(refused_status("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n"), 413u);
  EXPECT_EQ(refused_status(post("/", std::string(5'000'000, 'x'))), 413u);
  EXPECT_TRUE(handler.seen.empty());
}

TEST_F(HttpLimitsTest, AnswersWhatCameBeforeTheBadRequest) {
  auto c = client();
  c.send(get("/good") + "bad\r\n\r\n" + get("/never"));
  const std::string answers = c.until_closed();
  EXPECT_EQ(status_of(answers), 200);
  EXPECT_NE(answers.find("HTTP/1.1 400 Bad Request"), std::string::npos);
  EXPECT_EQ(handler.seen, std::vector<std::string>{"/good|"});
}

TEST_F(HttpLimitsTest, ForgivesLineEndsBetweenRequests) {
  auto c = client();
  c.send("\r\n" + post("/a", "b") + "\r\n\r\n" + get("/c") + "\r");
  c.responses(2);
  c.send("\n" + get("/d"));
  c.responses(1);
  EXPECT_EQ(handler.seen, (std::vector<std::string>{"/a|b", "/c|", "/d|"}));
}

TEST_F(HttpLimitsTest, SurvivesVanishingClients) {
  const std::string request = post("/x", "body");
  for (std::size_t cut = 0; cut <= request.size(); ++cut) {
    auto resetting = client();
    resetting.send(request.substr(0, cut));
    if (cut % 3 == 0) loop.turn();
    resetting.reset();
    auto finishing = client();
    finishing.send(request.substr(0, cut));
    finishing.finish();
    if (cut % 3 == 0) loop.turn();
  }
  until([&] { return server.connections() == 0; });
  auto c = client();
  c.send(get("/fine"));
  EXPECT_EQ(status_of(c.responses(1)), 200);
}

TEST_F(HttpLimitsTest, AClientThatVanishesWithItsAnswerPending) {
  may_flush = false;
  auto c = client();
  c.send(get("/a"));
  until([&] { return handler.seen.size() == 1; });
  c.reset();
  loop.turn(milliseconds(10));
  may_flush = true;
  until([&] { return server.connections() == 0; });
}

TEST_F(HttpLimitsTest, WaitsWhenDescriptorsRunOut) {
  auto first = client();
  auto second = client();
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  const int lowest_free = dup(0);
  ASSERT_GE(lowest_free, 0);
  close(lowest_free);
  const rlimit none_left{static_cast<rlim_t>(lowest_free), limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none_left), 0);
  for (int i = 0; i < 3; ++i)
    loop.turn();
  EXPECT_EQ(server.connections(), 0u);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  until([&] { return server.connections() == 2; });
}

std::size_t heap_bytes() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;  // The second are large pieces with pages of their own.
}

TEST_F(HttpLimitsTest, AThousandIdleConnectionsAreCheap) {
  constexpr std::size_t kConnections = 1'000;
  ASSERT_GT(raise_open_files_limit(), 2 * kConnections + 100);
  const std::size_t before = heap_bytes();
  std::deque<Client> clients;
  for (std::size_t i = 0; i < kConnections; ++i)
    clients.push_back(client());
  until([&] { return server.connections() == kConnections; });
  for (auto& c : clients)
    c.send(post("/order", std::string(300, 'x')));
  for (auto& c : clients) {
    c.responses(1);
    c.received = {};
  }
  handler.seen = {};
#ifndef __SANITIZE_ADDRESS__
  EXPECT_LT((heap_bytes() - before) / kConnections, 8'192u);
#else
  EXPECT_EQ(before, heap_bytes());  // The sanitizer's allocator does not count.
#endif
  auto one_more = client();
  one_more.send(get("/fine"));
  EXPECT_EQ(status_of(one_more.responses(1)), 200);
  clients.clear();
  until([&] { return server.connections() == 1; });
}

TEST_F(QuickHttpTest, SilentConnectionsAreClosed) {
  auto fresh = client();
  EXPECT_EQ(fresh.until_closed(), "");
  auto idle = client();
  idle.send(get("/"));
  idle.responses(1);
  EXPECT_EQ(idle.until_closed(), "");
}

TEST_F(QuickHttpTest, UnfinishedRequestsAreTimedOut) {
  auto head = client();
  head.send("GET / HT");
  EXPECT_EQ(status_of(head.until_closed()), 408);
  auto body = client();
  body.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf");
  EXPECT_EQ(status_of(body.until_closed()), 408);
  auto second = client();
  second.send(get("/fine") + "GET /second");
  EXPECT_EQ(status_of(second.responses(1)), 200);
  EXPECT_EQ(status_of(second.until_closed()), 408);
}

TEST_F(QuickHttpTest, AClientThatNeverReadsIsClosed) {
  handler.custom = [](const Request&, Response& response) { response.body.assign(32 << 20, 'x'); };
  auto c = client();
  c.send(get("/"));
  until([&] { return server.connections() == 1; });
  until([&] { return server.connections() == 0; });
}

TEST_F(QuickHttpTest, GivesTheMemoryOfLargeRequestsBack) {
  auto c = client();
  c.send(post("/", std::string(300'000, 'x')));
  c.responses(1);
  handler.seen = {};
  [[maybe_unused]] const std::size_t before = heap_bytes();
#ifndef __SANITIZE_ADDRESS__
  until([&] { return heap_bytes() + 300'000 < before; });
#else
  for (int i = 0; i < 10; ++i)
    loop.turn(milliseconds(10));
#endif
  c.send(post("/", "small"));
  EXPECT_EQ(body_of(c.responses(1)), "/ small");
}

TEST_F(SmallHttpTest, TurnsSurplusConnectionsAwayAndRecovers) {
  std::deque<Client> clients;
  for (int i = 0; i < 3; ++i)
    clients.push_back(client());
  auto surplus = client();
  const std::string refusal = surplus.until_closed();
  EXPECT_EQ(status_of(refusal), 503);
  EXPECT_EQ(body_of(refusal), "too many connections\n");
  for (auto& c : clients) {
    c.send(get("/in"));
    EXPECT_EQ(status_of(c.responses(1)), 200);
  }
  clients.pop_back();
  surplus.finish();
  until([&] { return server.connections() == 2; });
  auto welcome = client();
  welcome.send(get("/in"));
  EXPECT_EQ(status_of(welcome.responses(1)), 200);
}

// A client that asks for much and reads nothing holds up itself, within bounds, and nobody else.
TEST_F(SmallHttpTest, SlowReadersAreNotReadFrom) {
  handler.custom = [](const Request&, Response& response) { response.body.assign(30'000, 'x'); };
  constexpr std::size_t kRequests = 2'000;
  auto slow = client();
  std::string requests;
  for (std::size_t i = 0; i < kRequests; ++i)
    requests += get("/much");
  slow.send(requests);
  std::size_t seen = 0;
  until([&] {
    const bool stalled = handler.seen.size() == seen && seen > 0;
    seen = handler.seen.size();
    return stalled;
  });
  EXPECT_LT(seen, kRequests);
  auto other = client();
  other.send(get("/other"));
  EXPECT_EQ(status_of(other.responses(1)), 200);
  const std::string all = slow.responses(kRequests);
  EXPECT_EQ(handler.seen.size(), kRequests + 1);
}

}  // namespace
}  // namespace venuebox::net
