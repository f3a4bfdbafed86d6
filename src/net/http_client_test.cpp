#include "net/http_client.h"

#include <gtest/gtest.h>

#include "net/client_test.h"

namespace venuebox::net {
namespace {

using Texts = std::vector<std::string>;

TEST_F(HttpClientTest, SendsARequestAndReadsItsAnswer) {
  HttpClientRequest order = request(Method::post, "/order?a=1");
  order.headers = {{"X-Key", "k"}};
  order.body = "{}";
  const auto call = send(order);
  Peer peer = server.accept();
  EXPECT_EQ(peer.read_until("{}"), "POST /order?a=1 HTTP/1.1\r\nHost: " + order.url.authority() +
                                       "\r\nX-Key: k\r\nContent-Length: 2\r\n\r\n{}");
  peer.send(response("done", "X-Limit: 5\r\n", 201));
  EXPECT_EQ(wait(call), "201 done");
  EXPECT_EQ(*(*call->answer)->header("x-limit"), "5");
}

TEST_F(HttpClientTest, CallsWaitForAConnectionInTheirOrder) {
  options.connections_per_host_max = 1;
  const auto first = get("/1");
  const auto second = get("/2");
  const auto third = get("/3");
  Peer peer = server.accept();
  for (const auto& [call, target] : {std::pair{first, "/1"}, {second, "/2"}, {third, "/3"}}) {
    EXPECT_EQ(peer.read_head().substr(0, 7), "GET " + std::string(target) + " ");
    peer.send(response(target));
    EXPECT_EQ(wait(call), "200 " + std::string(target));
  }
  EXPECT_FALSE(server.is_called());
}

TEST_F(HttpClientTest, OpensNoMoreConnectionsThanAllowed) {
  options.connections_per_host_max = 2;
  std::vector<CalledPtr> calls;
  for (int i = 0; i < 5; ++i)
    calls.push_back(get());
  Peer one = server.accept();
  Peer two = server.accept();
  one.read_head();
  two.read_head();
  EXPECT_FALSE(server.is_called());
  for (int i = 0; i < 4; ++i) {
    one.send(response("x"));
    if (i < 3) one.read_head();
  }
  two.send(response("y"));
  for (const auto& call : calls)
    EXPECT_EQ(wait(call).substr(0, 3), "200");
  EXPECT_FALSE(server.is_called());
}

TEST_F(HttpClientTest, ClosesWhatCannotBeKept) {
  for (const auto& answer : {response("x", "Connection: close\r\n"), response("x") + "more",
                             std::string("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx")}) {
    const auto call = get();
    Peer peer = server.accept();
    peer.read_head();
    peer.send(answer);
    EXPECT_EQ(wait(call), "200 x");
    until([&] { return peer.ended(); });
  }
}

TEST_F(HttpClientTest, ReadsAnAnswerThatEndsByClosing) {
  const auto call = get();
  Peer peer = server.accept();
  peer.read_head();
  peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall");
  peer.close();
  EXPECT_EQ(wait(call), "200 all");
}

TEST_F(HttpClientTest, ConnectsAnewWhenAKeptConnectionWasClosed) {
  for (const bool rudely : {false, true}) {
    const auto first = get();
    Peer kept = server.accept();
    kept.read_head();
    kept.send(response("1"));
    EXPECT_EQ(wait(first), "200 1");
    rudely ? kept.reset() : kept.close();
    // Even an order: nothing of it went down the dead connection.
    const auto order = post("{}");
    Peer fresh = server.accept();
    fresh.read_until("{}");
    fresh.send(response("2", "Connection: close\r\n"));
    EXPECT_EQ(wait(order), "200 2");
  }
}

// The server closes while the request is on its way: what a client cannot tell from an order that
// was taken and whose answer was lost.
class CrossingTest : public HttpClientTest {
 protected:
  // A kept connection that has swallowed the call's request, and closed.
  void cross(const std::function<CalledPtr()>& call_again) {
    const auto first = get("/first");
    Peer kept = server.accept();
    kept.read_head();
    kept.send(response("1"));
    EXPECT_EQ(wait(first), "200 1");
    call = call_again();
    kept.read_head();
  }
  CalledPtr call;
};

TEST_F(CrossingTest, AGetIsAskedOnceMore) {
  cross([&] { return get("/again"); });
  Peer fresh = server.accept();
  EXPECT_EQ(fresh.read_head().substr(0, 10), "GET /again");
  fresh.send(response("2"));
  EXPECT_EQ(wait(call), "200 2");
}

TEST_F(CrossingTest, ButOnlyOnce) {
  cross([&] { return get("/again"); });
  server.accept().read_head();
  EXPECT_EQ(wait(call), "closed?");
  EXPECT_FALSE(server.is_called());
}

TEST_F(CrossingTest, AnOrderIsNotAskedAgainAndItsOutcomeIsUnknown) {
  cross([&] { return post("{\"secret\":1}"); });
  EXPECT_EQ(wait(call), "closed?");
  const std::string text = call->answer->error().text;
  EXPECT_NE(text.find("unknown"), std::string::npos) << text;
  EXPECT_EQ(text.find("secret"), std::string::npos) << text;
  EXPECT_FALSE(server.is_called());
}

TEST_F(HttpClientTest, AFreshConnectionThatClosesIsNotTriedAgain) {
  const auto call = get();
  server.accept().read_head();
  EXPECT_EQ(wait(call), "closed?");
  EXPECT_FALSE(server.is_called());
}

TEST_F(HttpClientTest, AnAnswerThatIsCutOffIsNoAnswer) {
  const std::string whole = response("0123456789");
  for (const std::size_t size : {std::size_t{1}, whole.size() / 2, whole.size() - 1}) {
    const auto call = post("{}");
    Peer peer = server.accept();
    peer.read_until("{}");
    peer.send(whole.substr(0, size));
    peer.close();
    EXPECT_EQ(wait(call), "closed?");
  }
}

TEST_F(HttpClientTest, HostileAnswersEndTheCallAndTheConnection) {
  options.head_bytes_max = 1'000;
  options.body_bytes_max = 1'000;
  const std::string big(2'000, 'x');
  const std::pair<std::string, std::string> cases[] = {
      {"<html>", "garbled?"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "garbled?"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "garbled?"},
      {"HTTP/1.1 200 OK\r\nA: " + big, "too_large?"},
      {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + big, "too_large?"},
      {response(big), "too_large?"},
  };
  for (const auto& [bytes, expected] : cases) {
    const auto call = post("{}");
    Peer peer = server.accept();
    peer.read_until("{}");
    peer.send(bytes);
    EXPECT_EQ(wait(call), expected) << bytes;
    until([&] { return peer.ended(); });
  }
}

TEST_F(HttpClientTest, ADripIsEndedByTheDeadline) {
  HttpClientRequest slow = request(Method::get);
  slow.deadline = milliseconds(30);
  const auto call = send(slow);
  Peer peer = server.accept();
  peer.read_head();
  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
  until([&] {
    peer.send("x");
    return call->is_over();
  });
  EXPECT_EQ(outcome(call), "timeout?");
}

TEST_F(HttpClientTest, TheDeadlineSaysWhetherAnythingWasSent) {
  options.connections_per_host_max = 1;
  HttpClientRequest order = request(Method::post);
  const auto first = send(order);
  Peer peer = server.accept();
  peer.read_head();
  order.deadline = milliseconds(1);
  const auto waiting = send(order);
  EXPECT_EQ(wait(waiting), "timeout_before_send");
  peer.send(response("x"));
  EXPECT_EQ(wait(first), "200 x");
  order.deadline = milliseconds(50);
  const auto sent = send(order);
  peer.read_head();
  EXPECT_EQ(wait(sent), "timeout?");
  until([&] { return peer.ended(); });
}

TEST_F(HttpClientTest, RedirectsAreNamedAndNotFollowed) {
  const std::tuple<std::string, std::string> cases[] = {
      {"Location: https://other.example:8443/path?token=secret\r\n", "other.example:8443"},
      {"Location: /elsewhere?token=secret\r\n", "another path of its own"},
      {"Location: javascript:secret\r\n", "a place that is no URL"},
      {"", "an unnamed place"},
  };
  for (const auto& [location, place] : cases) {
    const auto call = get();
    Peer peer = server.accept();
    peer.read_head();
    peer.send(response("", location + "Connection: close\r\n", 307));
    EXPECT_EQ(wait(call), "redirect?");
    const std::string text = call->answer->error().text;
    EXPECT_NE(text.find("redirects to " + place + ","), std::string::npos) << text;
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
  }
}

TEST_F(HttpClientTest, SaysWhyNothingCouldBeConnectedTo) {
  {
    ScriptedServer gone(loop);
    url = gone.url();
  }
  const auto call = post("{}");
  EXPECT_EQ(wait(call), "connect");
  EXPECT_EQ(call->answer->error().text,
            url.substr(7) +
                ": cannot connect (Connection refused); check that it is up and that host and port "
                "are right");
}

TEST_F(HttpClientTest, RefusesWhatCannotBeWritten) {
  HttpClientRequest bad = request(Method::get);
  bad.headers = {{"X-Key", "secret\r\n"}};
  const auto call = send(bad);
  EXPECT_EQ(wait(call), "invalid_request");
  EXPECT_EQ(call->answer->error().text.find("secret"), std::string::npos);
}

TEST_F(HttpClientTest, ClosesConnectionsThatStayIdle) {
  options.idle_timeout = milliseconds(5);
  const auto call = get();
  Peer peer = server.accept();
  peer.read_head();
  peer.send(response("x"));
  EXPECT_EQ(wait(call), "200 x");
  until([&] { return peer.ended(); });
}

TEST_F(HttpClientTest, EndingTellsEveryCallWhetherItMayHaveArrived) {
  options.connections_per_host_max = 1;
  const auto kept = get();
  Peer peer = server.accept();
  peer.read_head();
  peer.send(response("x"));
  EXPECT_EQ(wait(kept), "200 x");
  const auto sent = post("{}");
  peer.read_until("{}");
  const auto waiting = post("{}");
  const auto fresh = post("{}");
  client_.reset();
  EXPECT_EQ(outcome(sent), "closed?");
  EXPECT_EQ(outcome(waiting), "closed");
  EXPECT_EQ(outcome(fresh), "closed");
  until([&] { return peer.ended(); });
}

TEST_F(HttpClientTest, MayBeEndedByTheAnswerAtAnyPoint) {
  for (int turns = 0; turns < 20; ++turns) {
    const auto call = get();
    const auto other = get();
    for (int i = 0; i < turns; ++i)
      loop.turn();
    client_.reset();
    EXPECT_TRUE(call->is_over());
    EXPECT_TRUE(other->is_over());
  }
  client().send(request(Method::get), [&](auto) { client_.reset(); });
  const auto other = get();
  Peer peer = server.accept();
  until([&] { return !client_.has_value() || peer.ended(); });
}

TEST_F(HttpClientTest, ALoopMayEndWithCallsUnderWay) {
  auto call = std::make_shared<Called>();
  {
    Loop other;
    HttpClient ended(other);
    ended.send(request(Method::get), [call](auto answer) { call->answer.emplace(answer); });
    other.turn();
    other.turn();
  }
  EXPECT_EQ(outcome(call).substr(0, 6), "closed");
}

}  // namespace
}  // namespace venuebox::net
