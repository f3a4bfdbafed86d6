#include "net/http_server.h"

#include <gtest/gtest.h>

#include "net/http_test.h"

namespace venuebox::net {
namespace {

using HttpServerTest = HttpTest;

TEST_F(HttpServerTest, AnswersWithTheWholeHead) {
  auto c = client();
  c.send(post("/order?a=1", "{}"));
  EXPECT_EQ(c.responses(1),
            "HTTP/1.1 200 OK\r\n"
            "Content-Type: text/plain\r\n"
            "Content-Length: 13\r\n"
            "Date: Thu, 08 Aug 2024 23:54:15 GMT\r\n"
            "\r\n"
            "/order?a=1 {}");
}

TEST_F(HttpServerTest, ShowsTheHandlerAllOfTheRequest) {
  handler.custom = [&](const Request& request, Response& response) {
    EXPECT_EQ(request.method, Method::del);
    EXPECT_EQ(request.path, "/v5/order");
    EXPECT_EQ(request.query, "x=%20");
    EXPECT_EQ(request.header("X-ApI-key"), "first");
    EXPECT_EQ(request.header_count("x-api-key"), 2u);
    EXPECT_EQ(request.header("absent"), std::nullopt);
    EXPECT_EQ(request.headers.size(), 3u);
    EXPECT_EQ(request.arrived, clock.now());
    EXPECT_EQ(request.number, 1u);
    EXPECT_EQ(request.peer, "127.0.0.1");
    EXPECT_EQ(request.listener, 0);
    response.status = 204;
    response.add_header("X-Echo", "a\r\nb");
  };
  auto c = client();
  c.send("DELETE /v5/order?x=%20 HTTP/1.1\r\nHost: h\r\nX-API-KEY: first \r\nx-api-key:2\r\n\r\n");
  EXPECT_EQ(
      c.responses(1),
      "HTTP/1.1 204 No Content\r\nDate: Thu, 08 Aug 2024 23:54:15 GMT\r\nX-Echo: a  b\r\n\r\n");
  EXPECT_EQ(handler.seen.size(), 1u);
}

TEST_F(HttpServerTest, TheDateFollowsTheDoorsClock) {
  auto c = client();
  c.send(get("/"));
  EXPECT_NE(c.responses(1).find("23:54:15 GMT"), std::string::npos);
  clock.advance(seconds(2));
  c.send(get("/"));
  EXPECT_NE(c.responses(1).find("23:54:17 GMT"), std::string::npos);
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrderAndTogether) {
  auto c = client();
  std::string requests;
  for (int i = 0; i < 100; ++i)
    requests += post("/" + std::to_string(i), std::string(100, 'b'));
  c.send(requests);
  const std::string answers = c.responses(100);
  ASSERT_EQ(handler.seen.size(), 100u);
  std::size_t at = 0;
  for (int i = 0; i < 100; ++i) {
    at = answers.find("\r\n\r\n/" + std::to_string(i) + " b", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
}

TEST_F(HttpServerTest, ReadsARequestByteByByte) {
  for (const std::string& request :
       {post("/split", "the body", "X-A: 1\r\nX-B:\r\n"), get("/none"),
        std::string("POST /chunks HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "3\r\nabc\r\n8;ext=1\r\ndefghijk\r\n0\r\nTrailer: t\r\n\r\n")}) {
    handler.seen.clear();
    auto c = client();
    for (const char byte : request) {
      ASSERT_TRUE(handler.seen.empty());
      c.send({&byte, 1});
      loop.turn();
    }
    EXPECT_EQ(status_of(c.responses(1)), 200);
    ASSERT_EQ(handler.seen.size(), 1u);
  }
  EXPECT_EQ(handler.seen[0], "/chunks|abcdefghijk");
}

TEST_F(HttpServerTest, ReadsChunksAroundTheBuffersEdges) {
  std::string request = "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string body;
  for (int i = 0; i < 20'000; ++i) {
    request += "1\r\n" + std::string(1, static_cast<char>('a' + i % 26)) + "\r\n";
    body += static_cast<char>('a' + i % 26);
  }
  request += "0\r\n\r\n" + get("/next");
  auto c = client();
  c.send(request);
  c.responses(2);
  ASSERT_EQ(handler.seen.size(), 2u);
  EXPECT_EQ(handler.seen[0], "/c|" + body);
  EXPECT_EQ(handler.seen[1], "/next|");
}

TEST_F(HttpServerTest, ReadsALargeBody) {
  std::string body(1'048'576, 'x');
  body.back() = 'y';
  auto c = client();
  c.send(post("/big", body) + get("/next"));
  c.responses(2);
  EXPECT_EQ(handler.seen[0], "/big|" + body);
  EXPECT_EQ(handler.seen[1], "/next|");
}

TEST_F(HttpServerTest, AnswersHeadWithoutBody) {
  auto c = client();
  c.send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n" + get("/y"));
  const std::string head = c.responses(1, true);
  EXPECT_NE(head.find("Content-Length: 3\r\n"), std::string::npos);
  EXPECT_EQ(body_of(c.responses(1)), "/y ");
}

TEST_F(HttpServerTest, SpeaksHttp10) {
  auto closing = client();
  closing.send("GET /old HTTP/1.0\r\n\r\n");
  const std::string closed = closing.until_closed();
  EXPECT_TRUE(closed.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_NE(closed.find("Connection: close\r\n"), std::string::npos);

  auto staying = client();
  for (int i = 0; i < 2; ++i) {
    staying.send("GET /old HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
    EXPECT_NE(staying.responses(1).find("Connection: keep-alive\r\n"), std::string::npos);
  }
}

TEST_F(HttpServerTest, ClosesWhenEitherSideWantsIt) {
  auto asking = client();
  asking.send(get("/a", "Connection: close\r\n") + get("/ignored"));
  EXPECT_NE(asking.until_closed().find("Connection: close\r\n"), std::string::npos);

  handler.custom = [](const Request&, Response& response) { response.close = true; };
  auto told = client();
  told.send(get("/b") + get("/ignored"));
  const std::string answer = told.until_closed();
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(answer.find("RESET"), std::string::npos);
  EXPECT_EQ(handler.seen, (std::vector<std::string>{"/a|", "/b|"}));
}

TEST_F(HttpServerTest, AnswersAClientThatHasEndedItsSide) {
  auto c = client();
  c.send(get("/last"));
  c.finish();
  EXPECT_EQ(body_of(c.until_closed()), "/last ");
  until([&] { return server.connections() == 0; });
}

TEST_F(HttpServerTest, SaysContinueOnlyToThoseWhoWait) {
  auto waiting = client();
  waiting.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(waiting.responses(1), "HTTP/1.1 100 Continue\r\n\r\n");
  waiting.send("body");
  EXPECT_EQ(body_of(waiting.responses(1)), "/ body");

  auto hasty = client();
  hasty.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nbody");
  EXPECT_EQ(status_of(hasty.responses(1)), 200);
}

TEST_F(HttpServerTest, NothingLeavesBeforeTheFlush) {
  may_flush = false;
  auto c = client();
  c.send(get("/held"));
  until([&] { return handler.seen.size() == 1; });
  c.send(get("/too"));
  until([&] { return handler.seen.size() == 2; });
  loop.turn();
  EXPECT_FALSE(c.closed());
  EXPECT_EQ(c.received, "");
  may_flush = true;
  EXPECT_EQ(body_of(c.responses(2)).substr(0, 6), "/held ");
}

TEST_F(HttpServerTest, DroppedAnswersAreNeverSent) {
  may_flush = false;
  auto dropped = client();
  auto idle = client();
  dropped.send(get("/lost"));
  until([&] { return handler.seen.size() == 1; });
  server.drop_pending();
  may_flush = true;
  EXPECT_EQ(dropped.until_closed(), "");
  idle.send(get("/fine"));
  EXPECT_EQ(status_of(idle.responses(1)), 200);
}

TEST_F(HttpServerTest, LocalhostIsBothFamiliesOnOnePort) {
  auto localhost = server.listen("localhost", 0);
  ASSERT_TRUE(localhost);
  EXPECT_EQ(localhost->listener, 1);
  int listener = -1;
  handler.custom = [&](const Request& request, Response&) { listener = request.listener; };
  for (const bool v6 : {false, true}) {
    if (v6 && !server.listen("::1", 0)) continue;  // A machine without IPv6.
    listener = -1;
    Client c(loop, localhost->port, v6);
    c.send(get("/"));
    EXPECT_EQ(status_of(c.responses(1)), 200);
    EXPECT_EQ(listener, 1);
  }
}

TEST_F(HttpServerTest, SaysWhyItCannotListen) {
  const auto taken = server.listen("127.0.0.1", endpoint.port);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().kind, ErrorKind::conflict);
  EXPECT_EQ(taken.error().where, "127.0.0.1:" + std::to_string(endpoint.port));
  EXPECT_NE(taken.error().detail.find("choose another port"), std::string::npos);

  EXPECT_NE(server.listen("example.org", 0).error().detail.find("numeric"), std::string::npos);
  EXPECT_NE(server.listen("192.0.2.1", 0).error().detail.find("0.0.0.0"), std::string::npos);
}

TEST_F(HttpServerTest, ShutdownSendsWhatIsOwedAndClosesTheRest) {
  auto idle = client();
  idle.send(get("/before"));
  idle.responses(1);
  bool done = false;
  handler.custom = [&](const Request&, Response& response) {
    server.shutdown([&] { done = true; });
    response.body = "bye";
  };
  auto last = client();
  last.send(get("/last"));
  const std::string answer = last.until_closed();
  EXPECT_EQ(body_of(answer), "bye");
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(idle.until_closed(), "");
  until([&] { return done; });
  EXPECT_EQ(server.connections(), 0u);
  EXPECT_TRUE(server.listen("127.0.0.1", endpoint.port));
}

TEST(HttpServer, MayEndWithOpenConnections) {
  Loop loop;
  ManualClock clock;
  EchoHandler handler;
  auto server = std::make_unique<HttpServer>(loop, clock, handler);
  const auto endpoint = server->listen("127.0.0.1", 0);
  Client c(loop, endpoint->port);
  c.send(get("/"));
  for (int i = 0; i < 1'000 && handler.seen.empty(); ++i)
    loop.turn(milliseconds(10));
  c.send(get("/unread"));
  server.reset();
  while (loop.turn())
    continue;
  EXPECT_EQ(handler.seen.size(), 1u);
}

}  // namespace
}  // namespace venuebox::net
