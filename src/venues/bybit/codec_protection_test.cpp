#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

struct TradingStopTest : testing::Test {
  TradingStopTest() {
    exchange.quote("linear", 599'900, 600'000, 100'000);
    open();
  }
  // 0.010 long at 60000, which is the last price.
  void open() {
    exchange.post("/v5/order/create",
                  R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market",)"
                  R"("qty":"0.010"})");
  }
  std::string set(std::string_view more, AccountId who = Exchange::kAlice) {
    return exchange.post(
        "/v5/position/trading-stop",
        fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","positionIdx":0,{}}})", more), who);
  }
  std::string position() {
    return at(exchange.get("/v5/position/list?category=linear&symbol=BTCUSDT"), "result/list/0");
  }
  std::size_t waiting() {
    return size_of_list(
        exchange.get("/v5/order/realtime?category=linear&symbol=BTCUSDT&orderFilter=StopOrder"),
        "result/list");
  }
  Exchange exchange;
};

TEST_F(TradingStopTest, ProtectsTheWholePosition) {
  const std::string answer = set(R"("tpslMode":"Full","takeProfit":"61000","stopLoss":"59000",)"
                                 R"("trailingStop":"500","slTriggerBy":"MarkPrice")");
  EXPECT_EQ(at(answer, "retCode"), "0") << answer;
  EXPECT_EQ(at(answer, "result"), "{}");
  EXPECT_EQ(at(position(), "takeProfit"), "61000.00");
  EXPECT_EQ(at(position(), "stopLoss"), "59000.00");
  EXPECT_EQ(at(position(), "trailingStop"), "500.00");
  EXPECT_EQ(waiting(), 3u);

  EXPECT_EQ(at(set(R"("tpslMode":"Full","stopLoss":"59500")"), "retCode"), "0");
  EXPECT_EQ(at(position(), "takeProfit"), "61000.00") << "what is not named stays";
  EXPECT_EQ(at(position(), "stopLoss"), "59500.00");
  const std::string orders =
      exchange.get("/v5/order/realtime?category=linear&symbol=BTCUSDT&orderFilter=StopOrder");
  std::set<std::string> kinds;
  for (int i = 0; i < 3; ++i) {
    const std::string row = at(orders, fmt::format("result/list/{}", i));
    kinds.insert(at(row, "stopOrderType"));
    if (at(row, "stopOrderType") == "StopLoss") {
      EXPECT_EQ(at(row, "triggerBy"), "MarkPrice") << "the same source as before";
      EXPECT_EQ(at(row, "tpslMode"), "Full");
      EXPECT_EQ(at(row, "closeOnTrigger"), "true");
    }
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"TakeProfit", "StopLoss", "TrailingStop"}));

  EXPECT_EQ(at(set(R"("takeProfit":"0","stopLoss":"0","trailingStop":"0")"), "retCode"), "0");
  EXPECT_EQ(at(position(), "takeProfit"), "");
  EXPECT_EQ(at(position(), "trailingStop"), "0");
  EXPECT_EQ(waiting(), 0u);
}

TEST_F(TradingStopTest, ProtectsParts) {
  const std::string pair = R"("tpslMode":"Partial","takeProfit":"61000","stopLoss":"59000",)"
                           R"("tpSize":"0.004","slSize":"0.004","tpOrderType":"Limit",)"
                           R"("tpLimitPrice":"61000")";
  EXPECT_EQ(at(set(pair), "retCode"), "0");
  EXPECT_EQ(at(set(R"("tpslMode":"Partial","stopLoss":"58000","slSize":"0.010")"), "retCode"), "0");
  EXPECT_EQ(waiting(), 3u);
  EXPECT_EQ(at(position(), "takeProfit"), "") << "parts have no place in the position's row";
  EXPECT_EQ(
      at(set(R"("tpslMode":"Partial","trailingStop":"100","activePrice":"60500")"), "retCode"),
      "0");
  EXPECT_EQ(at(position(), "trailingStop"), "100.00") << "there is one, and it is the whole's";
}

TEST_F(TradingStopTest, RefusesInTheVenuesWords) {
  const struct {
    const char* more;
    const char* code;
    const char* text;
  } kCases[] = {
      {R"("tpslMode":"Full")", "34040", "not modified"},
      {R"("takeProfit":"0")", "34040", "not modified"},
      {R"("takeProfit":"59000")", "10001", "takeProfit or stopLoss invalid"},
      {R"("stopLoss":"60100")", "10001", "takeProfit or stopLoss invalid"},
      {R"("takeProfit":61000)", "10001", "takeProfit invalid"},
      {R"("takeProfit":"61000.05")", "10001", "takeProfit invalid"},
      {R"("takeProfit":"1e40")", "10001", "takeProfit invalid"},
      {R"("takeProfit":"61000","tpOrderType":"Limit","tpLimitPrice":"61000")", "10001", "tpslMode"},
      {R"("tpslMode":"Half","takeProfit":"61000")", "10001", "tpslMode"},
      {R"("tpslMode":"Partial","takeProfit":"61000")", "10001", "tpSize"},
      {R"("tpslMode":"Partial","takeProfit":"61000","tpSize":"0.011")", "10001", "maximum limit"},
      {R"("tpslMode":"Partial","takeProfit":"61000","tpSize":"0")", "10001", "Qty invalid"},
      {R"("tpslMode":"Partial","takeProfit":"61000","tpSize":"0.001","stopLoss":"59000",)"
       R"("slSize":"0.002")",
       "10001", "tpSize must equal slSize"},
      {R"("tpslMode":"Partial","takeProfit":"61000","tpSize":"0.001","trailingStop":"9")", "10001",
       "trailingStop beside"},
      {R"("activePrice":"61000")", "10001", "trailingStop invalid"},
      {R"("trailingStop":"-5")", "10001", "trailingStop invalid"},
      {R"("trailingStop":"5","activePrice":"x")", "10001", "activePrice invalid"},
  };
  for (const auto& c : kCases) {
    const std::string answer = set(c.more);
    EXPECT_EQ(at(answer, "retCode"), c.code) << c.more << answer;
    EXPECT_NE(at(answer, "retMsg").find(c.text), std::string::npos) << c.more << answer;
  }
  EXPECT_EQ(waiting(), 0u);
  const std::string flat = set(R"("takeProfit":"61000")", Exchange::kBob);
  EXPECT_EQ(at(flat, "retCode"), "10001");
  EXPECT_EQ(at(flat, "retMsg"), "can not set tp/sl/ts for zero position");
  const std::string spot = exchange.post(
      "/v5/position/trading-stop", R"({"category":"spot","symbol":"BTCUSDT","takeProfit":"1"})");
  EXPECT_EQ(at(spot, "retMsg"), "params error: category invalid");
  const std::string hedge = exchange.post(
      "/v5/position/trading-stop",
      R"({"category":"linear","symbol":"BTCUSDT","takeProfit":"61000","positionIdx":1})");
  EXPECT_EQ(at(hedge, "retMsg"), "position idx not match position mode");
}

TEST_F(TradingStopTest, GoesWithThePosition) {
  set(R"("takeProfit":"61000")");
  const std::string leg =
      at(exchange.get("/v5/order/realtime?category=linear&symbol=BTCUSDT&orderFilter=StopOrder"),
         "result/list/0/orderId");
  exchange.post("/v5/order/create",
                R"({"category":"linear","symbol":"BTCUSDT","side":"Sell","orderType":"Market",)"
                R"("qty":"0","reduceOnly":true,"closeOnTrigger":true})");
  const std::string row =
      at(exchange.get("/v5/order/realtime?category=linear&orderId=" + leg), "result/list/0");
  EXPECT_EQ(at(row, "orderStatus"), "Deactivated");
  EXPECT_EQ(at(row, "cancelType"), "CancelByTpSlTsClear");
}

// ---- the dead-man switch ------------------------------------------------------------------------

TEST_F(TradingStopTest, DeadManSwitchCancelsWhatItWasArmedFor) {
  const auto arm = [&](std::string_view body) {
    return exchange.post("/v5/order/disconnected-cancel-all", body);
  };
  for (const char* bad :
       {R"({"timeWindow":2,"product":"SPOT"})", R"({"timeWindow":301})", R"({"timeWindow":true})",
        R"({"product":"SPOT"})", R"({"timeWindow":9.5})", R"({"timeWindow":10,"product":"COINS"})",
        R"({"timeWindow":"1e400"})"}) {
    EXPECT_EQ(at(arm(bad), "retCode"), "10001") << bad;
  }
  EXPECT_EQ(at(exchange.get("/v5/account/info"), "result/dcpStatus"), "OFF");
  const std::string answer = arm(R"({"timeWindow":10,"product":"DERIVATIVES"})");
  EXPECT_EQ(at(answer, "retCode"), "0");
  EXPECT_EQ(at(answer, "retMsg"), "success");
  EXPECT_EQ(at(exchange.get("/v5/account/info"), "result/dcpStatus"), "ON");
  EXPECT_EQ(at(exchange.get("/v5/account/info"), "result/timeWindow"), "10");

  const auto rest = [&](std::string_view category) {
    return at(exchange.post("/v5/order/create",
                            fmt::format(R"({{"category":"{}","symbol":"BTCUSDT","side":"Buy",)"
                                        R"("orderType":"Limit","price":"50000","qty":"0.01"}})",
                                        category)),
              "result/orderId");
  };
  const std::string linear = rest("linear");
  rest("spot");
  exchange.now = exchange.now + seconds(11);
  // What fell due stands in front of the next command's own events, which still tell of it alone.
  const std::string later = rest("linear");
  const std::string row =
      at(exchange.get("/v5/order/realtime?category=linear&orderId=" + linear), "result/list/0");
  EXPECT_EQ(at(row, "orderStatus"), "Cancelled");
  EXPECT_EQ(at(row, "cancelType"), "CancelByDCP");
  EXPECT_NE(later, linear);
  EXPECT_EQ(size_of_list(exchange.get("/v5/order/realtime?category=spot"), "result/list"), 1u);
  EXPECT_EQ(at(exchange.get("/v5/account/info"), "result/dcpStatus"), "OFF");
}

}  // namespace
}  // namespace venuebox::venues::bybit
