// Inverse perpetuals on every route: quantities in USD, everything else in coin.
#include <fmt/format.h>

#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

struct InverseTest : testing::Test {
  InverseTest() { exchange.quote("inverse", 599'990, 600'000, 100'000); }

  std::string order(std::string_view side, std::string_view quantity) {
    const std::string answer = exchange.post(
        "/v5/order/create",
        fmt::format(R"({{"category":"inverse","symbol":"BTCUSD","side":"{}","orderType":"Market",)"
                    R"("qty":"{}"}})",
                    side, quantity));
    EXPECT_EQ(at(answer, "retCode"), "0") << answer;
    return at(answer, "result/orderId");
  }
  std::string first(const std::string& target) { return at(exchange.get(target), "result/list/0"); }
  void expect_row(const std::string& row,
                  const std::vector<std::pair<const char*, std::string>>& expected) {
    for (const auto& [key, value] : expected)
      EXPECT_EQ(at(row, key), value) << key;
  }

  Exchange exchange;
};

TEST_F(InverseTest, IsListedInCoin) {
  const std::string row = first("/v5/market/instruments-info?category=inverse&symbol=BTCUSD");
  expect_row(row, {{"contractType", "InversePerpetual"},
                   {"baseCoin", "BTC"},
                   {"quoteCoin", "USD"},
                   {"settleCoin", "BTC"},
                   {"lotSizeFilter/minOrderQty", "1"},
                   {"lotSizeFilter/qtyStep", "1"},
                   {"lotSizeFilter/minNotionalValue", "(absent)"},
                   {"priceFilter/tickSize", "0.10"}});
  const std::string tier = first("/v5/market/risk-limit?category=inverse&symbol=BTCUSD");
  expect_row(tier, {{"riskLimitValue", "150"},
                    {"maintenanceMargin", "0.5"},
                    {"initialMargin", "1"},
                    {"maxLeverage", "100.00"}});
}

// 6000 USD bought at 60000.00 are 0.1 BTC.
TEST_F(InverseTest, APositionIsWorthCoins) {
  const std::string id = order("Buy", "6000");
  expect_row(first("/v5/position/list?category=inverse&symbol=BTCUSD"), {{"side", "Buy"},
                                                                         {"size", "6000"},
                                                                         {"avgPrice", "60000"},
                                                                         {"positionValue", "0.1"},
                                                                         {"positionIM", "0.01"},
                                                                         {"positionMM", "0.0005"},
                                                                         {"markPrice", "60000"},
                                                                         {"unrealisedPnl", "0"}});
  EXPECT_EQ(size_of_list(exchange.get("/v5/position/list?category=inverse"), "result/list"), 1u)
      << "needs neither symbol nor coin";
  EXPECT_EQ(size_of_list(exchange.get("/v5/position/list?category=inverse&settleCoin=ETH"),
                         "result/list"),
            0u);
  expect_row(first("/v5/order/history?category=inverse&orderId=" + id),
             {{"symbol", "BTCUSD"},
              {"qty", "6000"},
              {"cumExecQty", "6000"},
              {"cumExecValue", "0.1"},
              {"avgPrice", "60000"},
              {"cumExecFee", "0.000055"},
              {"cumFeeDetail", R"({"BTC":"0.000055"})"}});
  expect_row(first("/v5/execution/list?category=inverse&symbol=BTCUSD"),
             {{"execQty", "6000"}, {"execValue", "0.1"}, {"execFee", "0.000055"}});
  const std::string coin =
      at(exchange.get("/v5/account/wallet-balance?accountType=UNIFIED&coin=BTC"),
         "result/list/0/coin/0");
  expect_row(coin, {{"walletBalance", "99.999945"},
                    {"totalPositionIM", "0.01"},
                    {"totalPositionMM", "0.0005"},
                    {"usdValue", "5999996.7"},
                    {"marginCollateral", "true"}});
}

// Sold at 62500.00 the 6000 USD are 0.096 BTC: 0.004 less the fee of 0.0000528.
TEST_F(InverseTest, ProfitIsPaidInCoin) {
  order("Buy", "6000");
  exchange.requote("inverse", 625'000, 625'010, 100'000);
  EXPECT_EQ(at(first("/v5/position/list?category=inverse&symbol=BTCUSD"), "unrealisedPnl"),
            "0.004");
  order("Sell", "6000");
  expect_row(first("/v5/position/closed-pnl?category=inverse&symbol=BTCUSD"),
             {{"closedSize", "6000"},
              {"cumEntryValue", "0.1"},
              {"avgEntryPrice", "60000"},
              {"cumExitValue", "0.096"},
              {"avgExitPrice", "62500"},
              {"closedPnl", "0.0039472"}});
  expect_row(first("/v5/account/transaction-log?category=inverse"),
             {{"currency", "BTC"},
              {"cashFlow", "0.004"},
              {"fee", "0.0000528"},
              {"cashBalance", "100.0038922"}});
}

TEST_F(InverseTest, ShortsEarnAsThePriceFalls) {
  exchange.requote("inverse", 600'000, 600'010, 100'000);
  order("Sell", "6000");
  exchange.requote("inverse", 499'990, 500'000, 100'000);
  order("Buy", "6000");
  // 0.12 BTC at 50000.00 for 0.1 at 60000.00; a fee of 0.000066.
  expect_row(first("/v5/position/closed-pnl?category=inverse"),
             {{"cumEntryValue", "0.1"}, {"cumExitValue", "0.12"}, {"closedPnl", "0.019934"}});
}

TEST_F(InverseTest, TurnoverIsCoin) {
  order("Buy", "6000");
  expect_row(first("/v5/market/tickers?category=inverse&symbol=BTCUSD"),
             {{"volume24h", "6000"},
              {"turnover24h", "0.1"},
              {"openInterest", "6000"},
              {"openInterestValue", "0.1"},
              {"fundingRate", "0.0001"}});
  const std::string candle = first("/v5/market/kline?category=inverse&symbol=BTCUSD&interval=1");
  EXPECT_EQ(at(candle, "5"), "6000");
  EXPECT_EQ(at(candle, "6"), "0.1");
  EXPECT_EQ(at(first("/v5/market/recent-trade?category=inverse&symbol=BTCUSD"), "size"), "6000");
  EXPECT_EQ(at(exchange.get("/v5/market/orderbook?category=inverse&symbol=BTCUSD"), "result/b"),
            R"([["59999.00","100000"]])");
  EXPECT_EQ(
      at(exchange.get("/v5/market/price-limit?category=inverse&symbol=BTCUSD"), "result/buyLmt"),
      "1999999.80");
  EXPECT_EQ(at(exchange.get("/v5/market/open-interest?category=inverse&symbol=BTCUSD"
                            "&intervalTime=1h"),
               "result/list/0/openInterest"),
            "6000");
}

// 0.01 % of 0.1 BTC, which a long position pays.
TEST_F(InverseTest, FundingIsPaidInCoin) {
  order("Buy", "6000");
  exchange.advance(seconds(2 * 3'600));
  expect_row(first("/v5/execution/list?category=inverse&execType=Funding"),
             {{"execQty", "6000"}, {"execValue", "0.1"}, {"execFee", "0.00001"}});
  expect_row(first("/v5/account/transaction-log?type=SETTLEMENT"),
             {{"currency", "BTC"}, {"funding", "-0.00001"}, {"category", "inverse"}});
}

// A conditional market order has no price to be worth anything at.
TEST_F(InverseTest, WaitingOrdersAreShown) {
  const std::string answer = exchange.post(
      "/v5/order/create",
      R"({"category":"inverse","symbol":"BTCUSD","side":"Sell","orderType":"Market","qty":"100",)"
      R"("triggerPrice":"50000","triggerDirection":2})");
  EXPECT_EQ(at(answer, "retCode"), "0") << answer;
  expect_row(first("/v5/order/realtime?category=inverse&symbol=BTCUSD"),
             {{"orderStatus", "Untriggered"}, {"leavesQty", "100"}, {"leavesValue", "0"}});
  EXPECT_EQ(at(exchange.post("/v5/order/cancel-all", R"({"category":"inverse","symbol":"BTCUSD"})"),
               "retCode"),
            "0");
  EXPECT_EQ(size_of_list(exchange.get("/v5/order/realtime?category=inverse"), "result/list"), 0u);
}

TEST_F(InverseTest, LeverageIsSetOfItsOwn) {
  EXPECT_EQ(at(exchange.post("/v5/position/set-leverage",
                             R"({"category":"inverse","symbol":"BTCUSD","buyLeverage":"25",)"
                             R"("sellLeverage":"25"})"),
               "retCode"),
            "0");
  EXPECT_EQ(at(first("/v5/position/list?category=inverse&symbol=BTCUSD"), "leverage"), "25");
  EXPECT_EQ(at(first("/v5/position/list?category=linear&symbol=BTCUSDT"), "leverage"), "10");
}

// Nobody holds dollars, and so no wallet shows any.
TEST_F(InverseTest, DollarsAreNoCoin) {
  const std::string wallet =
      at(exchange.get("/v5/account/wallet-balance?accountType=UNIFIED"), "result/list/0/coin");
  EXPECT_EQ(wallet.find("\"USD\""), std::string::npos) << wallet;
  const std::string pools = at(exchange.get("/v5/market/insurance"), "result/list");
  EXPECT_EQ(pools.find("\"USD\""), std::string::npos) << pools;
  EXPECT_NE(pools.find(R"("coin":"BTC","symbols":"BTCUSD")"), std::string::npos) << pools;
}

}  // namespace
}  // namespace venuebox::venues::bybit
