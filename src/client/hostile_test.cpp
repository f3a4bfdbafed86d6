// An Exchange against a server that means harm or is broken, over a real socket, with Bybit's
// dialect: every misfortune is a typed refusal or an unknown outcome, told in words without
// secrets, and none of them is answered by a storm of requests.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/test_canaries.h"
#include "client/exchange.h"
#include "client/network_transport.h"
#include "client/test_hostile_server.h"
#include "client/test_transport.h"
#include "venues/all.h"

namespace venuebox::client {
namespace {
using gateway::Verdict;
using Kind = CallOutcome::Kind;

constexpr const char* kSymbol = "BTC/USDT:USDT";
constexpr const char* kKey = kCanaryKey;
constexpr const char* kSecret = kCanarySecret;

std::string bybit_answer(std::string_view result, int code = 0, std::string_view words = "OK") {
  return json_answer(fmt::format(
      R"({{"retCode":{},"retMsg":"{}","time":1700000000000,"result":{}}})", code, words, result));
}

std::string markets_answer(const std::string& request) {
  if (request.find("category=spot") != std::string::npos) {
    return bybit_answer(R"({"category":"spot","list":[]})");
  }
  return bybit_answer(
      R"({"category":"linear","list":[{"symbol":"BTCUSDT","contractType":"LinearPerpetual",)"
      R"("status":"Trading","baseCoin":"BTC","quoteCoin":"USDT","settleCoin":"USDT",)"
      R"("priceFilter":{"tickSize":"0.1"},"lotSizeFilter":{"qtyStep":"0.001",)"
      R"("minOrderQty":"0.001","maxOrderQty":"100","minNotionalValue":"5"}}]})");
}

std::string header_in(const std::string& request, std::string_view name) {
  const std::size_t at = request.find(std::string(name) + ": ");
  if (at == std::string::npos) return {};
  const std::size_t start = at + name.size() + 2;
  return request.substr(start, request.find("\r\n", start) - start);
}

// The sockets are real, and waiting is not: it is over once the sockets have nothing to say.
class HostileTest : public testing::Test {
 protected:
  void SetUp() override { connect(server.url()); }

  void connect(const std::string& url, NetworkSettings network = {},
               gateway::ClientKeys keys = {kKey, kSecret}, CallerSettings caller = {}) {
    exchange.reset();
    transport = std::make_unique<NetworkTransport>(loop, *net::base_url_from(url), network);
    ExchangeSettings settings;
    settings.caller = caller;
    exchange = std::make_unique<Exchange>(*venues::find("bybit")->client, keys, *transport,
                                          scheduler, settings);
  }
  void load_markets() {
    server.answer = markets_answer;
    const auto reply =
        ask<std::vector<unified::Market>>([&](auto then) { exchange->load_markets(then); });
    ASSERT_TRUE(reply) << reply.text;
    server.requests.clear();
  }
  void turn() {
    server.turn();
    elsewhere.turn();
    for (HostileServer* other : others)
      other->turn();
    idle_turns = loop.turn() ? 0 : idle_turns + 1;
    scheduler.run_for(idle_turns < kIdleTurns ? Nanoseconds{} : seconds(1));
  }
  template <class T>
  Reply<T> ask(const std::function<void(Then<T>)>& start, int turns_after = 200) {
    std::optional<Reply<T>> reply;
    start([&](Reply<T> given) { reply = std::move(given); });
    for (int turns = 0; !reply && turns < 20'000; ++turns)
      turn();
    EXPECT_TRUE(reply) << "no answer";
    // Nothing goes on behind it.
    for (int turns = 0; turns < turns_after; ++turns)
      turn();
    if (!reply) return {};
    for (const char* secret : {kKey, kSecret})
      EXPECT_EQ(reply->text.find(secret), std::string::npos) << reply->text;
    return *reply;
  }
  Reply<PlacedOrder> place() {
    unified::NewOrder order;
    order.symbol = kSymbol;
    order.quantity = {1, 2};
    order.price = Decimal{30'000, 0};
    return ask<PlacedOrder>([&](auto then) { exchange->create_order(order, then); });
  }
  Reply<unified::Balances> balance(int turns_after = 200) {
    return ask<unified::Balances>([&](auto then) { exchange->fetch_balance(then); }, turns_after);
  }

  // Both ends live in this thread, so that what was sent has arrived a few turns later.
  static constexpr int kIdleTurns = 20;

  net::Loop loop;
  TestScheduler scheduler;
  int idle_turns = 0;
  HostileServer server;
  HostileServer elsewhere;
  std::vector<HostileServer*> others;
  std::unique_ptr<NetworkTransport> transport;
  std::unique_ptr<Exchange> exchange;
};

const std::string kTruncated =
    "HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{\"retCode\":0,\"ret";

TEST_F(HostileTest, ATruncatedAnswerLeavesAnOrderUnknownAndIsNotRepeated) {
  load_markets();
  server.answer = [](const std::string&) { return kTruncated; };
  const auto reply = place();
  EXPECT_EQ(reply.kind, Kind::unknown);
  EXPECT_EQ(server.count("POST /v5/order/create"), 1);
  EXPECT_EQ(server.count("GET /v5/order/realtime"), 3) << "the look-up, and no more attempts";
  EXPECT_EQ(server.requests.size(), 4u);
}

TEST_F(HostileTest, ATruncatedAnswerToAQuestionIsAskedAgainThreeTimesInAll) {
  server.answer = [](const std::string&) { return kTruncated; };
  const auto reply = balance();
  EXPECT_EQ(reply.kind, Kind::refused);
  EXPECT_EQ(reply.transport_error, TransportError::Kind::closed);
  EXPECT_FALSE(reply.value->is_available);
  EXPECT_EQ(server.requests.size(), 3u);
}

TEST_F(HostileTest, AnswersOfWrongTypesAreGarbled) {
  load_markets();
  const char* const bodies[] = {
      R"({"retCode":"zero","retMsg":"OK","time":1,"result":{}})",
      R"({"retCode":0,"retMsg":"OK","time":"now","result":{"orderId":"1"}})",
      R"({"retCode":0,"retMsg":"OK","time":1700000000000,"result":[1,2]})",
      R"({"retCode":0,"retMsg":"OK","time":1700000000000,"result":{"orderId":{"a":1}}})",
      R"({"retCode":0,"retMsg":"OK","time":1700000000000,"result":{}})",
      R"([{"retCode":0}])",
      R"({"retCode":0)",
      "",
      "<html>sign in</html>",
      "\xff\xfe\x00"};
  for (const char* body : bodies) {
    connect(server.url());
    load_markets();
    server.answer = [body](const std::string&) { return json_answer(body); };
    const auto order = place();
    EXPECT_EQ(order.kind, Kind::unknown) << body;
    EXPECT_EQ(server.count("POST /v5/order/create"), 1) << body;
    EXPECT_LE(server.requests.size(), 4u) << body;
    connect(server.url());
    server.requests.clear();
    const auto balances = balance();
    EXPECT_EQ(balances.kind, Kind::refused) << body;
    EXPECT_EQ(balances.verdict, Verdict::garbled) << body;
    EXPECT_LE(server.requests.size(), 3u) << body;
  }
}

TEST_F(HostileTest, ARedirectIsNotFollowed) {
  load_markets();
  elsewhere.answer = [](const std::string&) { return bybit_answer("{}"); };
  for (const int status : {301, 302, 307, 308}) {
    server.requests.clear();
    server.answer = [&](const std::string&) {
      return fmt::format(
          "HTTP/1.1 {} Moved\r\nLocation: {}/v5/order/create\r\n"
          "Content-Length: 0\r\n\r\n",
          status, elsewhere.url());
    };
    const auto order = place();
    EXPECT_EQ(order.kind, Kind::refused) << status;
    EXPECT_EQ(order.transport_error, TransportError::Kind::redirect) << status;
    const auto balances = balance();
    EXPECT_EQ(balances.transport_error, TransportError::Kind::redirect) << status;
    EXPECT_EQ(server.requests.size(), 2u) << "each asked once";
  }
  EXPECT_EQ(elsewhere.connections, 0) << "no packet";
}

TEST_F(HostileTest, ACertificateThatIsNotTrustedGetsNoRequest) {
  const net::TestAuthority trusted;
  const net::TestAuthority stranger;
  const auto file =
      std::filesystem::temp_directory_path() / fmt::format("venuebox_hostile_{}.pem", ::getpid());
  std::ofstream(file) << trusted.pem();
  struct Case {
    const net::TestAuthority& issuer;
    net::CertificateTerms terms;
    const char* words;
  };
  const Case cases[] = {{stranger, {}, "is not trusted"},
                        {trusted, {.names = "DNS:example.com"}, "for another host"},
                        {trusted, {.until = "20010101000000Z"}, "has expired"}};
  for (const Case& row : cases) {
    const net::Identity identity = row.issuer.issue(row.terms);
    HostileServer venue(&identity);
    others = {&venue};
    connect(venue.url(), {.allow_network = false, .ca_file = file});
    const auto reply = balance();
    EXPECT_EQ(reply.kind, Kind::refused);
    EXPECT_EQ(reply.transport_error, TransportError::Kind::connect);
    EXPECT_NE(reply.text.find(row.words), std::string::npos) << reply.text;
    EXPECT_TRUE(venue.requests.empty());
    EXPECT_LE(venue.connections, 3);
    others.clear();
  }
  const net::Identity identity = trusted.issue({});
  HostileServer venue(&identity);
  venue.answer = [](const std::string&) {
    return bybit_answer(R"({"list":[{"accountType":"UNIFIED","coin":[]}]})");
  };
  others = {&venue};
  connect(venue.url(), {.allow_network = false, .ca_file = file});
  EXPECT_TRUE(balance()) << "and the right one does";
  others.clear();
  std::filesystem::remove(file);
}

TEST_F(HostileTest, AClockThatIsAnHourOffIsSaidAndNotTriedAgain) {
  load_markets();
  server.answer = [](const std::string&) {
    return bybit_answer("{}", 10002, "invalid request, please check your server timestamp");
  };
  const auto order = place();
  EXPECT_EQ(order.kind, Kind::refused);
  EXPECT_EQ(order.verdict, Verdict::stale_clock);
  EXPECT_EQ(balance().verdict, Verdict::stale_clock);
  EXPECT_EQ(server.requests.size(), 2u);
}

TEST_F(HostileTest, AClockThatIsAnHourOffIsAdjustedWhereThatIsAsked) {
  CallerSettings settings;
  settings.adjust_for_time_difference = true;
  connect(server.url(), {}, {kKey, kSecret}, settings);
  load_markets();
  const std::int64_t hour_ms = 3'600'000;
  std::int64_t venue_ms = 0;
  server.answer = [&](const std::string& request) {
    venue_ms = scheduler.now().ms() + hour_ms;
    if (request.starts_with("GET /v5/market/time")) {
      return bybit_answer(fmt::format(R"({{"timeSecond":"{}","timeNano":"{}000000"}})",
                                      venue_ms / 1'000, venue_ms));
    }
    const std::int64_t signed_ms = std::stoll(header_in(request, "X-BAPI-TIMESTAMP"));
    const bool is_fresh = std::abs(signed_ms - venue_ms) < 60'000;
    return is_fresh ? bybit_answer(R"({"orderId":"1"})") : bybit_answer("{}", 10002, "timestamp");
  };
  EXPECT_TRUE(place());
  EXPECT_EQ(server.requests.size(), 3u);
  EXPECT_TRUE(place());
  EXPECT_EQ(server.requests.size(), 4u) << "it is known from then on";
}

TEST_F(HostileTest, KeysWithSpacesAndLineBreaksSendNothing) {
  struct Case {
    gateway::ClientKeys keys;
    const char* text;
  };
  const Case cases[] = {
      {{std::string(kKey) + " " + kSecret, kSecret},
       "BYBIT_API_KEY (can...***) has a space or line break inside; copy the key alone"},
      {{kKey, std::string(kSecret) + "\r\nX-Evil: 1"},
       "BYBIT_API_SECRET (can...***) has a space or line break inside; copy the key alone"},
      {{std::string(" ") + kKey, kSecret},
       "BYBIT_API_KEY (...***) has a space or line break inside; copy the key alone"}};
  for (const Case& row : cases) {
    connect(server.url(), {}, row.keys);
    load_markets();
    for (const auto& [kind, text] :
         {std::pair{place().kind, place().text}, std::pair{balance().kind, balance().text}}) {
      EXPECT_EQ(kind, Kind::refused);
      EXPECT_EQ(text, row.text);
    }
    EXPECT_TRUE(server.requests.empty());
  }
  connect(server.url(), {}, {std::string(kKey) + "\n", std::string(kSecret) + "\r\n"});
  server.answer = [](const std::string&) {
    return bybit_answer(R"({"list":[{"accountType":"UNIFIED","coin":[]}]})");
  };
  EXPECT_TRUE(balance()) << "a line end behind a key is none of it";
  EXPECT_EQ(header_in(server.requests.at(0), "X-BAPI-API-KEY"), kKey);
}

TEST_F(HostileTest, AVenueThatRepeatsTheKeysIsNotRepeated) {
  load_markets();
  server.answer = [](const std::string& request) {
    return bybit_answer(
        "{}", 10004,
        "error sign! origin_string[" + header_in(request, "X-BAPI-API-KEY") + kSecret + "]");
  };
  const auto order = place();  // which looks for the keys in all words
  EXPECT_EQ(order.verdict, Verdict::not_authorised);
  EXPECT_NE(order.text.find("origin_string[can...***can...***]"), std::string::npos) << order.text;
  EXPECT_EQ(server.requests.size(), 1u);
}

TEST_F(HostileTest, AVenueThatOnlyHangsUpIsLeftAlone) {
  load_markets();
  server.answer = [](const std::string&) { return "Connection: close"; };
  const Timestamp start = scheduler.now();
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(balance(0).kind, Kind::refused);
  EXPECT_LT(scheduler.now() - start, seconds(60));
  EXPECT_EQ(server.requests.size(), 5u) << "five in a row, and then none for a minute";
}

}  // namespace
}  // namespace venuebox::client
