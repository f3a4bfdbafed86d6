// Answers that come later than their requests were handled.
#include <gtest/gtest.h>

#include "net/http_server.h"
#include "net/http_test.h"

namespace venuebox::net {
namespace {

// Holds the answers to what begins with /wait, and echoes the rest.
class HeldAnswerTest : public HttpTest {
 protected:
  explicit HeldAnswerTest(HttpOptions options = {}) : HttpTest(options) {
    handler.custom = [this](const Request& request, Response& response) {
      if (request.path.starts_with("/wait")) {
        held.push_back(response.hold());
      } else {
        response.body = request.target;
      }
    };
  }

  // Takes turns until so many are held.
  void await_held(std::size_t count) {
    until([&] { return held.size() == count; });
  }
  void send(std::size_t which, std::string_view body) {
    Response response;
    response.body = body;
    held[which]->send(response);
  }
  // As long as it takes to be sure that nothing comes.
  void take_turns() {
    for (int i = 0; i < 5; ++i)
      loop.turn();
  }

  std::vector<std::unique_ptr<HeldAnswer>> held;
};

// Time runs a thousand times faster here, so that timeouts can be awaited.
class QuickHeldAnswerTest : public HeldAnswerTest {
 protected:
  QuickHeldAnswerTest()
      : HeldAnswerTest({.head_timeout = milliseconds(10),
                        .body_timeout = milliseconds(30),
                        .idle_timeout = milliseconds(20),
                        .linger_timeout = milliseconds(5),
                        .sweep_interval = milliseconds(1)}) {}
};

TEST_F(HeldAnswerTest, ComesWhenItIsSentAndLooksLikeAnyOther) {
  auto c = client();
  c.send(post("/wait", "{}"));
  await_held(1);
  take_turns();
  EXPECT_FALSE(c.closed());
  EXPECT_EQ(c.received, "");
  EXPECT_TRUE(held[0]->is_awaited());
  clock.advance(seconds(2));
  send(0, "late");
  EXPECT_EQ(c.responses(1),
            "HTTP/1.1 200 OK\r\n"
            "Content-Type: application/json\r\n"
            "Content-Length: 4\r\n"
            "Date: Thu, 08 Aug 2024 23:54:17 GMT\r\n"
            "\r\n"
            "late");
  EXPECT_FALSE(held[0]->is_awaited());
  c.send(get("/next"));
  EXPECT_EQ(body_of(c.responses(1)), "/next") << "the connection is kept";
}

TEST_F(HeldAnswerTest, LeavesWithTheFlushOfItsTurn) {
  auto c = client();
  c.send(get("/wait"));
  await_held(1);
  may_flush = false;
  send(0, "a");
  take_turns();
  EXPECT_FALSE(c.closed());
  EXPECT_EQ(c.received, "");
  may_flush = true;
  EXPECT_EQ(body_of(c.responses(1)), "a");
}

TEST_F(HeldAnswerTest, IsDroppedWithWhatIsPending) {
  auto c = client();
  c.send(get("/wait"));
  await_held(1);
  may_flush = false;
  send(0, "not durable");
  server.drop_pending();
  EXPECT_EQ(c.until_closed(), "");
}

TEST_F(HeldAnswerTest, WhatFollowsOnItsConnectionWaits) {
  auto c = client();
  c.send(get("/first") + get("/wait/a") + post("/second", "b") + get("/wait/c") + get("/third"));
  await_held(1);
  EXPECT_EQ(body_of(c.responses(1)), "/first");
  take_turns();
  EXPECT_EQ(handler.seen.size(), 2u);
  send(0, "a");
  const std::string answers = c.responses(2);
  EXPECT_LT(answers.find("\r\n\r\na"), answers.find("\r\n\r\n/second"));
  await_held(2);
  send(1, "c");
  c.responses(2);
  EXPECT_EQ(handler.seen,
            (std::vector<std::string>{"/first|", "/wait/a|", "/second|b", "/wait/c|", "/third|"}));
}

TEST_F(HeldAnswerTest, OnlySoMuchIsReadBehindIt) {
  constexpr std::size_t kMany = 40;
  std::string flood;
  for (std::size_t i = 0; i < kMany; ++i)
    flood += post("/flood", std::string(1'000'000, 'x'));
  auto c = client();
  c.send(get("/wait"));
  await_held(1);
  std::size_t taken = 0;
  for (std::size_t more = 1; more > 0;) {
    more = c.send_some(std::string_view(flood).substr(taken));
    taken += more;
    take_turns();
  }
  EXPECT_LT(taken, flood.size()) << "the rest stays with the client";
  send(0, "a");
  c.send(std::string_view(flood).substr(taken));
  c.responses(1 + kMany);
  EXPECT_EQ(handler.seen.size(), 1 + kMany);
}

TEST_F(HeldAnswerTest, SentWhileItsRequestIsHandled) {
  handler.custom = [](const Request& request, Response& response) {
    Response answer;
    answer.body = request.target;
    response.hold()->send(answer);
  };
  auto c = client();
  c.send(get("/a") + get("/b"));
  const std::string answers = c.responses(2);
  EXPECT_NE(answers.find("\r\n\r\n/a"), std::string::npos);
  EXPECT_NE(answers.find("\r\n\r\n/b"), std::string::npos);
}

TEST_F(HeldAnswerTest, KeepsToItsRequestsWishes) {
  auto closing = client();
  closing.send(get("/wait", "Connection: close\r\n"));
  auto old = client();
  old.send("GET /wait HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  await_held(2);
  auto head = client();
  head.send("HEAD /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  await_held(3);
  for (std::size_t i = 0; i < 3; ++i)
    send(i, "body");
  const std::string texts[] = {closing.until_closed(), old.responses(1), head.responses(1, true)};
  for (const std::string& text : texts)
    EXPECT_NE(text.find("Content-Length: 4\r\n"), std::string::npos) << text;
  EXPECT_NE((texts[0] + texts[1]).find("Connection: close\r\n"), std::string::npos);
  EXPECT_NE((texts[0] + texts[1]).find("Connection: keep-alive\r\n"), std::string::npos);
  EXPECT_EQ(body_of(texts[2]), "");
}

TEST_F(HeldAnswerTest, GoesNowhereWhenTheClientHasGone) {
  auto leaving = client();
  leaving.send(get("/wait"));
  auto resetting = client();
  resetting.send(get("/wait") + get("/behind"));
  await_held(2);
  leaving.finish();
  resetting.reset();
  until([&] { return server.connections() == 0; });
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_FALSE(held[i]->is_awaited());
    send(i, "nobody");
  }
  EXPECT_EQ(leaving.until_closed(), "");
  EXPECT_EQ(handler.seen.size(), 2u);
}

TEST_F(HeldAnswerTest, DroppedEndsTheConnectionAfterWhatWasSent) {
  auto c = client();
  c.send(get("/wait"));
  auto pipelined = client();
  await_held(1);
  pipelined.send(get("/first") + get("/wait") + get("/never"));
  await_held(2);
  held.clear();
  EXPECT_EQ(c.until_closed(), "");
  EXPECT_EQ(body_of(pipelined.until_closed()), "/first");
  EXPECT_EQ(handler.seen.size(), 3u);
}

TEST_F(HeldAnswerTest, DroppedWhileItsRequestIsHandled) {
  handler.custom = [](const Request&, Response& response) { response.hold(); };
  auto c = client();
  c.send(get("/a") + get("/b"));
  EXPECT_EQ(c.until_closed(), "");
  EXPECT_EQ(handler.seen, std::vector<std::string>{"/a|"});
}

TEST_F(HeldAnswerTest, ManyAreHeldAndAnsweredInAnyOrder) {
  constexpr std::size_t kMany = 300;
  std::vector<Client> clients;
  for (std::size_t i = 0; i < kMany; ++i) {
    clients.push_back(client());
    clients.back().send(get("/wait"));
    await_held(i + 1);
  }
  for (std::size_t i = kMany; i-- > 0;)
    send(i, std::to_string(i));
  for (std::size_t i = 0; i < kMany; ++i)
    EXPECT_EQ(body_of(clients[i].responses(1)), std::to_string(i));
}

TEST_F(HeldAnswerTest, OutlivesItsServer) {
  Loop other_loop;
  std::vector<std::unique_ptr<HeldAnswer>> kept;
  EchoHandler holding;
  holding.custom = [&](const Request&, Response& response) { kept.push_back(response.hold()); };
  auto brief = std::make_unique<HttpServer>(other_loop, clock, holding);
  const auto at = brief->listen("127.0.0.1", 0);
  ASSERT_TRUE(at);
  Client c(other_loop, at->port);
  c.send(get("/"));
  while (kept.empty())
    ASSERT_TRUE(other_loop.turn(seconds(60)));
  brief.reset();
  EXPECT_FALSE(kept[0]->is_awaited());
  Response response;
  kept[0]->send(response);
  EXPECT_EQ(c.until_closed(), "");
}

TEST_F(QuickHeldAnswerTest, NoTimeoutStrikesIt) {
  auto waiting = client();
  waiting.send(get("/wait"));
  await_held(1);
  auto idle = client();
  idle.send(get("/x"));
  idle.responses(1);
  EXPECT_EQ(idle.until_closed(), "") << "by then the other is as old";
  send(0, "still there");
  EXPECT_EQ(body_of(waiting.responses(1)), "still there");
  EXPECT_EQ(waiting.until_closed(), "") << "idle from then on";
}

TEST_F(HeldAnswerTest, AShutdownWaitsForItAndThenCloses) {
  auto c = client();
  c.send(get("/wait"));
  await_held(1);
  bool done = false;
  server.shutdown([&] { done = true; });
  take_turns();
  EXPECT_FALSE(done);
  send(0, "last");
  const std::string answer = c.until_closed();
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos) << answer;
  EXPECT_EQ(body_of(answer), "last");
  until([&] { return done; });
}

TEST_F(QuickHeldAnswerTest, AShutdownDoesNotWaitForEver) {
  auto c = client();
  c.send(get("/wait"));
  await_held(1);
  bool done = false;
  server.shutdown([&] { done = true; });
  until([&] { return done; });
  EXPECT_EQ(c.until_closed(), "");
  EXPECT_FALSE(held[0]->is_awaited());
}

}  // namespace
}  // namespace venuebox::net
