// What a client is told when it is struck, as exact bytes: the door's and the exchange's faults.
#include <gtest/gtest.h>

#include "box/test_box.h"
#include "faults/parse.h"

namespace venuebox::box {
namespace {

constexpr std::string_view kOpenOrders = "/v5/order/realtime?category=linear&symbol=BTCUSDT";
constexpr std::string_view kWallet = "/v5/account/wallet-balance?accountType=UNIFIED";
constexpr std::string_view kTicker = "/v5/market/tickers?category=linear&symbol=BTCUSDT";

struct Words : testing::Test {
  void add(std::string_view json) {
    auto fault = faults::fault_from_json(json);
    ASSERT_TRUE(fault) << fault.error().text();
    ASSERT_TRUE(running.box->plan().put(*fault, running.box->now()));
  }
  // One fault alone, of which all that is said is the action.
  void strike(std::string_view action) {
    while (running.box->plan().size() > 0)
      ASSERT_TRUE(running.box->plan().remove(running.box->plan().faults().back().name));
    add(fmt::format(R"({{"name":"struck","action":{}}})", action));
  }
  std::string get(std::string_view path) { return running.send(net::Method::get, path); }
  std::string place(std::string_view id = "a") { return running.place("Buy", "59000.00", id); }
  bool is_open(std::string_view id) {
    return get(kOpenOrders).find(fmt::format(R"("orderLinkId":"{}")", id)) != std::string::npos;
  }
  // Status, headers, body.
  std::string told() const {
    return fmt::format("{} {}{}", running.response.status, running.response.headers,
                       running.response.body);
  }
  std::string envelope(int status, int code, std::string_view text,
                       std::string_view headers = "") const {
    return fmt::format(
        R"({} {}{{"retCode":{},"retMsg":"{}","result":{{}},"retExtInfo":{{}},"time":{}}})", status,
        headers, code, text, running.box->now().ms());
  }
  std::string page(int status, std::string_view title, std::string_view heading) const {
    return fmt::format(
        "{} <html>\r\n<head><title>{} {}</title></head>\r\n<body>\r\n<center><h1>{}</h1></center>"
        "\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
        status, status, title, heading);
  }

  Running running{store::make_memory_store()};
};

TEST_F(Words, OfTheDoor) {
  const std::pair<std::string_view, std::string> rows[] = {
      {R"({"type":"expire_auth"})", envelope(200, 33004, "Your api key has expired.")},
      {R"({"type":"revoke_key"})", envelope(401, 10003, "API key is invalid.")},
      {R"({"type":"reject_nonce","kind":"duplicate"})",
       envelope(200, 10014, "Invalid duplicate request.")},
      {R"({"type":"authentication_failure","kind":"signature"})",
       envelope(200, 10004, "error sign! origin_string[category=linear&symbol=BTCUSDT]")},
      {R"({"type":"authentication_failure","kind":"unknown_key"})",
       envelope(401, 10003, "API key is invalid.")},
      {R"({"type":"authentication_failure","kind":"address"})",
       envelope(200, 10010, "Unmatched IP, please check your API key's bound IP addresses.")},
      {R"({"type":"authentication_failure","kind":"permission"})",
       envelope(200, 10005, "Permission denied, please check your API key permissions.")},
  };
  for (const auto& [action, expected] : rows) {
    strike(action);
    get(kOpenOrders);
    EXPECT_EQ(told(), expected) << action;
  }
}

TEST_F(Words, OfATimestampQuoteTheClocksThatTheVenueCompared) {
  for (const std::string_view kind : {"too_old", "gap"}) {
    strike(fmt::format(R"({{"type":"reject_nonce","kind":"{}"}})", kind));
    get(kOpenOrders);
    EXPECT_EQ(told(),
              envelope(200, 10002,
                       "invalid request, please check your server timestamp or recv_window param. "
                       "req_timestamp[],server_timestamp[1700000000000],recv_window[]"));
  }
}

TEST_F(Words, OfLimitsCarryTheWait) {
  const auto limits = [&](int limit, int wait_ms) {
    return fmt::format(
        "X-Bapi-Limit: {}\r\nX-Bapi-Limit-Status: 0\r\nX-Bapi-Limit-Reset-Timestamp: {}\r\n", limit,
        running.box->now().ms() + wait_ms);
  };
  const std::string_view visits = "Too many visits. Exceeded the API Rate Limit.";
  strike(R"({"type":"rate_limit","threshold":0,"retry_after_ms":2500})");
  get(kTicker);
  EXPECT_EQ(told(), envelope(200, 10006, visits, limits(600, 2'500)));
  place();
  EXPECT_EQ(told(), envelope(200, 10006, visits, limits(10, 2'500)));
  strike(R"({"type":"budget_spent","refill_ms":10000})");
  place();
  EXPECT_EQ(told(), envelope(200, 10006, visits, limits(10, 10'000)));
}

TEST_F(Words, OfAVenueThatServesNobody) {
  const std::pair<std::string_view, std::string> rows[] = {
      {R"({"type":"ban"})", envelope(200, 10008, "Common banned, please check your account mode.")},
      {R"({"type":"ban","scope":"address"})", "403 access too frequent"},
      {R"({"type":"overloaded"})", envelope(200, 10016, "Server error.")},
      {R"({"type":"maintenance"})",
       page(503, "Service Temporarily Unavailable", "System maintenance in progress.")},
      {R"({"type":"maintenance","message":"Back at 04:00"})",
       page(503, "Service Temporarily Unavailable", "Back at 04:00")},
      {R"({"type":"unknown_outcome","accepted":0,"status":"500"})",
       page(500, "Internal Server Error", "Internal Server Error")},
      {R"({"type":"unknown_outcome","accepted":0,"status":"502"})",
       page(502, "Bad Gateway", "Bad Gateway")},
      {R"({"type":"unknown_outcome","accepted":0,"status":"503"})",
       page(503, "Service Temporarily Unavailable", "Service Temporarily Unavailable")},
      {R"({"type":"unknown_outcome","accepted":0,"status":"504"})",
       page(504, "Gateway Time-out", "Gateway Time-out")},
  };
  for (const auto& [action, expected] : rows) {
    strike(action);
    get(kOpenOrders);
    EXPECT_EQ(told(), expected) << action;
  }
}

TEST_F(Words, OfTradingThatSaysNo) {
  const std::tuple<std::string_view, int, std::string_view> rows[] = {
      {R"({"type":"insufficient_balance"})", 110007, "ab not enough for new order"},
      {R"({"type":"invalid_symbol"})", 10001, "params error: symbol invalid"},
      {R"({"type":"invalid_order","reason":"quantity_too_small"})", 10001,
       "The number of contracts exceeds minimum limit allowed"},
      {R"({"type":"invalid_order","reason":"price_outside_band"})", 110003,
       "Order price exceeds the allowable range."},
      {R"({"type":"maintenance","phase":"cancel_only"})", 110066,
       "Trading is currently not allowed."},
      {R"({"type":"maintenance","phase":"post_only"})", 110066,
       "Trading is currently not allowed."},
  };
  for (const auto& [action, code, text] : rows) {
    strike(action);
    place();
    EXPECT_EQ(told(), envelope(200, code, text)) << action;
  }
  strike(R"({"type":"invalid_symbol"})");
  get(kTicker);
  EXPECT_EQ(told(), envelope(200, 10001, "Not supported symbols"));
  ASSERT_TRUE(running.box->plan().remove("struck"));
  EXPECT_FALSE(is_open("a"));
}

TEST_F(Words, OfAMarketAreThoseOfThatMarket) {
  strike(R"({"type":"insufficient_balance"})");
  running.send(net::Method::post, "/v5/order/create",
               R"({"category":"spot","symbol":"BTCUSDT","side":"Buy","orderType":"Limit",)"
               R"("qty":"0.01","price":"59000.00"})");
  EXPECT_EQ(told(), envelope(200, 170131, "Insufficient balance."));
}

TEST_F(Words, InAPostOnlyPhasePostOnlyOrdersPass) {
  strike(R"({"type":"maintenance","phase":"post_only"})");
  const auto text = running.send(
      net::Method::post, "/v5/order/create",
      R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit",)"
      R"("qty":"0.010","price":"59000.00","timeInForce":"PostOnly","orderLinkId":"p"})");
  EXPECT_NE(text.find(R"("retCode":0)"), std::string::npos) << text;
  EXPECT_TRUE(is_open("p"));
}

TEST_F(Words, AnnouncedMaintenanceIsListedAndHindersNobody) {
  strike(R"({"type":"maintenance","announced_ms":60000,"closed_ms":30000})");
  EXPECT_NE(place().find(R"("retCode":0)"), std::string::npos);
  EXPECT_NE(get("/v5/system/status").find(R"("state":"scheduled")"), std::string::npos);
  running.turn(seconds(70));
  EXPECT_NE(get("/v5/system/status").find(R"("state":"ongoing")"), std::string::npos);
  get(kTicker);
  EXPECT_EQ(running.response.status, 503);
}

TEST_F(Words, WhatIsCarriedOutIsThereWhateverIsSaid) {
  strike(R"({"type":"unknown_outcome","accepted":1,"status":"503"})");
  place("a");
  EXPECT_EQ(running.response.status, 503);
  strike(R"({"type":"error_although_accepted"})");
  place("b");
  EXPECT_EQ(told(), envelope(200, 10000, "Server Timeout"));
  strike(R"({"type":"response_lost","how":"502"})");
  place("c");
  EXPECT_EQ(told(), page(502, "Bad Gateway", "Bad Gateway"));
  strike(R"({"type":"response_lost","how":"reset"})");
  place("d");
  ASSERT_TRUE(running.response.delivery);
  EXPECT_EQ(running.response.delivery->bytes_max, 0u);
  EXPECT_EQ(running.response.delivery->after, net::Delivery::After::reset);
  strike(R"({"type":"unknown_outcome","accepted":0,"status":"503"})");
  place("e");
  ASSERT_TRUE(running.box->plan().remove("struck"));
  for (const char* id : {"a", "b", "c", "d"})
    EXPECT_TRUE(is_open(id)) << id;
  EXPECT_FALSE(is_open("e"));
}

TEST_F(Words, AHistoryLacksWhatIsYoung) {
  place("a");
  running.turn(seconds(6));
  strike(R"({"type":"history_gap","hide_ms":5000})");
  place("b");
  EXPECT_TRUE(is_open("a"));
  EXPECT_FALSE(is_open("b"));
  running.turn(seconds(6));
  EXPECT_TRUE(is_open("b"));
}

TEST_F(Words, APageComesAgain) {
  for (const char* id : {"a", "b", "c"})
    place(id);
  const std::string first = get(std::string(kOpenOrders) + "&limit=1");
  const std::size_t at = first.find(R"("nextPageCursor":")") + 18;
  const std::string cursor = first.substr(at, first.find('"', at) - at);
  ASSERT_FALSE(cursor.empty());
  const std::string second = fmt::format("{}&limit=1&cursor={}", kOpenOrders, cursor);
  EXPECT_NE(get(second), first);
  strike(R"({"type":"history_gap","hide_ms":1,"cursor_repeats":true})");
  running.turn(seconds(1));
  EXPECT_NE(get(second).find(R"("orderLinkId":"c")"), std::string::npos);
  EXPECT_NE(running.response.body.find(cursor), std::string::npos);
}

TEST_F(Words, BalancesAreZeroOrOld) {
  strike(R"({"type":"balance_mismatch","kind":"zero"})");
  EXPECT_NE(get(kWallet).find(R"("totalWalletBalance":"0")"), std::string::npos)
      << running.response.body;
  strike(R"({"type":"balance_mismatch","kind":"lag","lag_ms":5000})");
  const std::string before = get(kWallet);
  ASSERT_TRUE(running.box->deposit("alice", "bybit", "USDT", "5"));
  running.turn(seconds(1));
  const std::string rows = before.substr(0, before.rfind(R"("time")"));
  EXPECT_TRUE(get(kWallet).starts_with(rows));
  running.turn(seconds(10));
  EXPECT_FALSE(get(kWallet).starts_with(rows));
}

TEST_F(Words, MarketDataAreOldAndTheirTimesStandStillOrMove) {
  strike(R"({"type":"stale_data","age_ms":30000})");
  const std::string before = get(kTicker);
  running.turn(seconds(20));
  EXPECT_EQ(get(kTicker), before);
  strike(R"({"type":"stale_data","age_ms":30000,"time_frozen":false})");
  get(kTicker);
  EXPECT_NE(running.response.body, before);
  const std::string_view now = running.response.body;
  EXPECT_EQ(now.substr(0, now.rfind(R"("time")")), before.substr(0, before.rfind(R"("time")")));
}

TEST_F(Words, AClockThatIsOffIsToldAndJudges) {
  strike(R"({"type":"clock_skew","ms":10000})");
  EXPECT_NE(get("/v5/market/time").find(R"("timeSecond":"1700000010")"), std::string::npos);
  get(kTicker);
  EXPECT_NE(
      running.response.body.find(fmt::format(R"("time":{})", running.box->now().ms() + 10'000)),
      std::string::npos);
}

TEST_F(Words, ASignatureIsJudgedByTheClockThatIsOff) {
  BoxSettings strict = settings();
  strict.verify_signatures["bybit"] = true;
  Running signing(store::make_memory_store(), config(), strict);
  const gateway::Venue& venue = signing.box->exchanges()[0]->door().venue();
  const gateway::Credential alice = venue.demo_credential("alice");
  const net::Header headers[] = {{"X-BAPI-API-KEY", alice.key},
                                 {"X-BAPI-TIMESTAMP", "1700000000000"},
                                 {"X-BAPI-SIGN", "wrong"}};
  net::Request request;
  request.path = request.target = "/v5/user/query-api";
  request.headers = headers;
  const auto told = [&] {
    signing.response.reset();
    signing.box->handle(0, request, signing.response);
    return signing.response.body;
  };
  EXPECT_NE(told().find(R"("retCode":10004)"), std::string::npos) << signing.response.body;
  auto fault =
      faults::fault_from_json(R"({"name":"skew","action":{"type":"clock_skew","ms":10000}})");
  ASSERT_TRUE(fault);
  ASSERT_TRUE(signing.box->plan().put(*fault, signing.box->now()));
  EXPECT_NE(told().find("req_timestamp[1700000000000],server_timestamp[1700000010000]"),
            std::string::npos)
      << signing.response.body;
}

TEST_F(Words, AClosedVenueIsClosedToStrangersToo) {
  BoxSettings strict = settings();
  strict.verify_signatures["bybit"] = true;
  Running closed(store::make_memory_store(), config(), strict);
  EXPECT_NE(closed.send(net::Method::get, kOpenOrders).find(R"("retCode":10001)"),
            std::string::npos);
  auto fault = faults::fault_from_json(R"({"name":"shut","action":{"type":"maintenance"}})");
  ASSERT_TRUE(fault);
  ASSERT_TRUE(closed.box->plan().put(*fault, closed.box->now()));
  closed.send(net::Method::get, kOpenOrders);
  EXPECT_EQ(closed.response.status, 503);
}

TEST_F(Words, TheShapeOfAnAnswerDrifts) {
  strike(R"({"type":"schema_drift","kind":"null","field":"lastPrice"})");
  EXPECT_NE(get(kTicker).find(R"("lastPrice":null)"), std::string::npos) << running.response.body;
}

}  // namespace
}  // namespace venuebox::box
