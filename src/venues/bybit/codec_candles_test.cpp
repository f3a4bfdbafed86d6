#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

// 2023-11-14 22:13:20 UTC, a Tuesday: where Exchange begins.
struct CandlesTest : testing::Test {
  void trade(std::int64_t price, std::int64_t lots) {
    PlaceOrder order;
    order.account = Exchange::kMarket;
    order.instrument = exchange.view().find_instrument("BTCUSDT", kKind)->id;
    order.quantity = Lots{lots};
    order.price = Ticks{price};
    for (const Side side : {Side::sell, Side::buy}) {
      order.side = side;
      exchange.execute(order);
    }
  }
  std::string candles(std::string_view query) {
    const std::string body =
        exchange.get(fmt::format("/v5/market/kline?category=linear&symbol=BTCUSDT&{}", query));
    EXPECT_EQ(at(body, "retCode"), "0") << body;
    return at(body, "result/list");
  }
  static constexpr auto kKind = InstrumentKindOf::linear_perpetual;
  Exchange exchange;
};

TEST_F(CandlesTest, AreNewestFirstAndStandStillBetweenTrades) {
  trade(600'000, 10);
  trade(600'500, 1);
  trade(599'900, 2);
  exchange.now = exchange.now + seconds(120);
  trade(600'100, 3);
  EXPECT_EQ(candles("interval=1"),
            R"([["1700000100000","60010.00","60010.00","60010.00","60010.00","0.003","180.03"],)"
            R"(["1700000040000","59990.00","59990.00","59990.00","59990.00","0.000","0"],)"
            R"(["1699999980000","60000.00","60050.00","59990.00","59990.00","0.013","780.03"]])");
  EXPECT_EQ(candles("interval=5"),
            R"([["1700000100000","60010.00","60010.00","60010.00","60010.00","0.003","180.03"],)"
            R"(["1699999800000","60000.00","60050.00","59990.00","59990.00","0.013","780.03"]])");
  const std::string both = R"("60000.00","60050.00","59990.00","60010.00","0.016","960.06"])";
  EXPECT_EQ(candles("interval=60"), R"([["1699999200000",)" + both + "]");
  EXPECT_EQ(candles("interval=D"), R"([["1699920000000",)" + both + "]");
  EXPECT_EQ(candles("interval=W"), R"([["1699833600000",)" + both + "]") << "a Monday";
  EXPECT_EQ(candles("interval=M"), R"([["1698796800000",)" + both + "]") << "1 November";
}

TEST_F(CandlesTest, AreCutToWhatIsAskedFor) {
  const auto starts = [&](std::string_view query) {
    const std::string list = candles(query);
    std::vector<std::string> found;
    for (std::size_t i = 0; i < size_of_list(list, ""); ++i)
      found.push_back(at(list, fmt::format("{}/0", i)));
    return found;
  };
  trade(600'000, 10);
  exchange.now = exchange.now + seconds(300);
  using Starts = std::vector<std::string>;
  EXPECT_EQ(starts("interval=1").size(), 6u);
  EXPECT_EQ(starts("interval=1&limit=2"), (Starts{"1700000280000", "1700000220000"}));
  EXPECT_EQ(starts("interval=1&start=1700000030000&limit=2"),
            (Starts{"1700000040000", "1699999980000"}))
      << "from the candle that holds the start";
  EXPECT_EQ(starts("interval=1&start=1699999980000&end=1700000040000"),
            (Starts{"1700000040000", "1699999980000"}));
  EXPECT_EQ(starts("interval=1&end=1699999980000"), (Starts{"1699999980000"}));
  EXPECT_EQ(starts("interval=1&end=1600000000000"), Starts{});
  EXPECT_EQ(starts("interval=1&start=1800000000000"), Starts{});
}

TEST_F(CandlesTest, AreNoneBeforeTheFirstTrade) { EXPECT_EQ(candles("interval=1"), "[]"); }

TEST_F(CandlesTest, RefusesBadParameters) {
  for (const char* query :
       {"interval=2", "", "interval=1&limit=0", "interval=1&limit=1001", "interval=1&start=x",
        "interval=1&end=-1", "interval=1&start=99999999999999999999"}) {
    EXPECT_EQ(at(exchange.get(fmt::format("/v5/market/kline?symbol=BTCUSDT&{}", query)), "retCode"),
              "10001")
        << query;
  }
  EXPECT_EQ(at(exchange.get("/v5/market/kline?symbol=NOSUCH&interval=1"), "retCode"), "10001");
}

TEST_F(CandlesTest, OpenInterestIsThatOfNow) {
  exchange.quote("linear", 599'900, 600'000, 1'000);
  exchange.post("/v5/order/create",
                R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market",)"
                R"("qty":"0.25"})");
  const std::string path = "/v5/market/open-interest?category=linear&symbol=BTCUSDT";
  const std::string body = exchange.get(path + "&intervalTime=1h");
  ASSERT_EQ(size_of_list(body, "result/list"), 1u);
  EXPECT_EQ(at(body, "result/list/0/openInterest"), "0.250");
  EXPECT_EQ(at(body, "result/list/0/timestamp"), "1700000000000");
  EXPECT_EQ(
      size_of_list(exchange.get(path + "&intervalTime=1h&endTime=1699999999999"), "result/list"),
      0u);
  EXPECT_EQ(at(exchange.get(path), "retCode"), "10001");
  EXPECT_EQ(at(exchange.get(path + "&intervalTime=1h&limit=201"), "retCode"), "10001");
}

TEST_F(CandlesTest, NoFundingWasPaidYet) {
  const std::string path = "/v5/market/funding/history?category=linear&symbol=BTCUSDT";
  EXPECT_EQ(at(exchange.get(path), "result/list"), "[]");
  EXPECT_EQ(at(exchange.get(path + "&startTime=1&endTime=2"), "retCode"), "0");
  EXPECT_EQ(at(exchange.get(path + "&startTime=1"), "retCode"), "10001");
  EXPECT_EQ(at(exchange.get("/v5/market/funding/history?category=spot&symbol=BTCUSDT"), "retCode"),
            "10001");
}

// ---- limits of a market -------------------------------------------------------------------------

// The second tier asks 0.1666666 % more, of what lies above 2,000,000 alone: 3333.332 are taken
// off.
TEST_F(CandlesTest, RiskLimitsAreTheTiers) {
  const std::string body = exchange.get("/v5/market/risk-limit?category=linear&symbol=BTCUSDT");
  ASSERT_EQ(size_of_list(body, "result/list"), 12u);
  EXPECT_EQ(at(body, "result/list/0/initialMargin"), "0.01");
  EXPECT_EQ(at(body, "result/list/0/maintenanceMargin"), "0.005");
  EXPECT_EQ(at(body, "result/list/0/maxLeverage"), "100.00");
  EXPECT_EQ(at(body, "result/list/0/riskLimitValue"), "2000000");
  EXPECT_EQ(at(body, "result/list/0/isLowestRisk"), "1");
  EXPECT_EQ(at(body, "result/list/0/mmDeduction"), "");
  EXPECT_EQ(at(body, "result/list/1/id"), "2");
  EXPECT_EQ(at(body, "result/list/1/riskLimitValue"), "4000000");
  EXPECT_EQ(at(body, "result/list/1/maintenanceMargin"), "0.006666666");
  EXPECT_EQ(at(body, "result/list/1/isLowestRisk"), "0");
  EXPECT_EQ(at(body, "result/list/1/mmDeduction"), "3333.332");
  EXPECT_EQ(size_of_list(exchange.get("/v5/market/risk-limit?category=linear"), "result/list"),
            24u);
  EXPECT_EQ(at(exchange.get("/v5/market/risk-limit?category=spot"), "retCode"), "10001");
}

TEST_F(CandlesTest, PriceLimitsAreThoseThatAreEnforced) {
  const std::string path = "/v5/market/price-limit?category=linear&symbol=BTCUSDT";
  EXPECT_EQ(at(exchange.get(path), "result/buyLmt"), "1999999.80");
  EXPECT_EQ(at(exchange.get(path), "result/sellLmt"), "0.10");
  Instrument banded = exchange.view().instruments()[0];
  banded.id = InstrumentId{6};
  banded.symbol = "BANDUSDT";
  banded.price_band = Rate{20'000'000};  // 2 %
  exchange.execute(ListInstrument{banded});
  PlaceOrder order;
  order.account = Exchange::kMarket;
  order.instrument = banded.id;
  order.quantity = Lots{10};
  order.price = Ticks{599'900};
  exchange.execute(order);
  order.side = Side::sell;
  order.price = Ticks{600'100};
  exchange.execute(order);
  const std::string body = exchange.get("/v5/market/price-limit?symbol=BANDUSDT");
  EXPECT_EQ(at(body, "result/buyLmt"), "61200.00");
  EXPECT_EQ(at(body, "result/sellLmt"), "58800.00");
  const auto buy_at = [&](std::string_view price) {
    return at(exchange.post("/v5/order/create",
                            fmt::format(R"({{"category":"linear","symbol":"BANDUSDT","side":"Buy",)"
                                        R"("orderType":"Limit","price":"{}","qty":"0.001"}})",
                                        price)),
              "retCode");
  };
  EXPECT_EQ(buy_at("61200.10"), "110003");
  EXPECT_EQ(buy_at("61200"), "0");
}

}  // namespace
}  // namespace venuebox::venues::bybit
