// Faults of the wire over real sockets: what the client end makes of each.
#include "client/blocking.h"
#include "client/network_stream.h"
#include "client/network_transport.h"
#include "client/watcher.h"
#include "control/test_served.h"
#include "faults/parse.h"
#include "net/http_client.h"
#include "venues/all.h"

namespace venuebox::control {
namespace {
using net::ClientErrorKind;
using Answer = net::ClientResult<net::HttpClientResponse>;

struct WireFaultsOverSockets : Served, testing::Test {
  void strike(std::string_view json) {
    auto fault = faults::fault_from_json(json);
    ASSERT_TRUE(fault) << fault.error().text();
    ASSERT_TRUE(box->plan().put(*fault, box->now()));
  }
  // Asks for the time while one action strikes each answer.
  Answer ask(std::string_view action, Nanoseconds deadline = seconds(10)) {
    strike(
        fmt::format(R"({{"name":"f","where":{{"operation":"fetch_time"}},"action":{}}})", action));
    return ask(deadline);
  }
  Answer ask(Nanoseconds deadline = seconds(10)) {
    std::optional<Answer> answer;
    http.send({.url = *net::base_url_from(url), .target = "/v5/market/time", .deadline = deadline},
              [&](Answer given) { answer.emplace(std::move(given)); });
    while (!answer)
      loop.turn(milliseconds(10));
    return std::move(*answer);
  }

  net::HttpClient http{loop};
};

TEST_F(WireFaultsOverSockets, WhatIsOnlySlowArrivesWholeAndKeepsTheConnection) {
  const std::string plain = ask()->body;
  for (const char* action : {R"({"type":"latency","ms":20})", R"({"type":"hang","hold_ms":20})",
                             R"({"type":"hang","hold_ms":20,"at":"body"})",
                             R"({"type":"slow_drip","bytes":50,"every_ms":1})",
                             R"({"type":"bandwidth","bytes_per_s":20000})"}) {
    Answer answer = ask(action);
    ASSERT_TRUE(answer) << action << ": " << answer.error().text;
    EXPECT_EQ(answer->body, plain) << action;
  }
  EXPECT_EQ(server->connections(), 1u);
}

TEST_F(WireFaultsOverSockets, OthersAreServedMeanwhile) {
  strike(R"({"name":"f","when":{"nth":[1]},"action":{"type":"latency","ms":60000}})");
  bool is_answered = false;
  net::HttpClient patient{loop};
  patient.send({.url = *net::base_url_from(url), .target = "/v5/market/time"},
               [&](const Answer&) { is_answered = true; });
  until([&] { return box->plan().timeline().total() == 1; });
  EXPECT_TRUE(ask());
  EXPECT_FALSE(is_answered);
}

TEST_F(WireFaultsOverSockets, WhatEndsTheConnectionIsNoAnswer) {
  for (const char* action :
       {R"({"type":"connection_reset"})", R"({"type":"connection_reset","at":"after"})",
        R"({"type":"connection_reset","at":"body","after_bytes":5})", R"({"type":"half_close"})",
        R"({"type":"half_close","after_bytes":60})"}) {
    Answer answer = ask(action);
    ASSERT_FALSE(answer) << action;
    EXPECT_EQ(answer.error().kind, ClientErrorKind::closed) << answer.error().text;
    EXPECT_TRUE(answer.error().may_have_arrived) << action;
  }
}

TEST_F(WireFaultsOverSockets, WhatHangsTimesOut) {
  for (const char* action : {R"({"type":"hang"})", R"({"type":"hang","at":"body"})",
                             R"({"type":"wrong_length","by":10})"}) {
    Answer answer = ask(action, milliseconds(100));
    ASSERT_FALSE(answer) << action;
    EXPECT_EQ(answer.error().kind, ClientErrorKind::timeout) << answer.error().text;
  }
}

TEST_F(WireFaultsOverSockets, WhatIsNoJsonArrivesAsItIs) {
  const std::string plain = ask()->body;
  EXPECT_EQ(ask(R"({"type":"truncated_body","keep":0.5})")->body,
            plain.substr(0, plain.size() / 2));
  EXPECT_EQ(ask(R"({"type":"garbage","kind":"text","bytes":8})")->body, "upstream");
  EXPECT_EQ(ask(R"({"type":"empty_body"})")->body, "");
  Answer page = ask(R"({"type":"html_error_page","status":"520"})");
  EXPECT_EQ(page->status, 520);
  EXPECT_EQ(*page->header("Server"), "cloudflare");
  EXPECT_NE(page->body.find("Error code 520"), std::string::npos);
}

TEST_F(WireFaultsOverSockets, AWatcherResyncsABookWhoseNumbersHaveAGap) {
  quote(600'000, 600'010);
  const gateway::ClientDialect& dialect = *venues::find("bybit")->client;
  RandomStream random{1, "masks"};
  client::LoopScheduler scheduler{loop, door};
  client::NetworkTransport transport{loop, *net::base_url_from(url), {}};
  client::NetworkStreams streams{
      loop, *net::base_url_from(url), {}, [&] { return static_cast<net::Mask>(random.next()); }};
  client::Exchange exchange{dialect, std::nullopt, transport, scheduler};
  ASSERT_TRUE(client::blocking<std::vector<unified::Market>>(
      loop, [&](auto then) { exchange.load_markets(then); }));
  client::Watcher watcher{dialect, std::nullopt, streams, scheduler, {}};
  watcher.set_markets(exchange.markets());
  std::string bid;
  ASSERT_TRUE(watcher.watch_order_book(kSymbol, 50, [&](const unified::OrderBook& book) {
    if (!book.bids.empty()) bid = trimmed_text(book.bids[0].price.units, book.bids[0].price.scale);
  }));
  until([&] { return bid == "60000"; });
  strike(R"({"name":"f","where":{"channel":"book"},"when":{"nth":[1]},)"
         R"("action":{"type":"sequence_gap"}})");
  quote(600'020, 600'030);
  loop.turn();
  quote(600'040, 600'050);
  until([&] { return watcher.counts().resyncs == 1 && bid == "60004"; });
}

}  // namespace
}  // namespace venuebox::control
