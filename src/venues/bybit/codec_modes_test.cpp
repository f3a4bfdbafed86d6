#include <fmt/format.h>

#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

struct ModesTest : testing::Test {
  ModesTest() { exchange.quote("linear", 599'990, 600'010, 1'000); }

  std::string code(std::string_view path, std::string_view body) {
    last = exchange.post(path, body);
    return at(last, "retCode");
  }
  std::string mode(std::string_view what, std::string_view number) {
    return code("/v5/position/switch-mode", fmt::format(R"({{{},"mode":{}}})", what, number));
  }
  std::string margin_mode(std::string_view name) {
    return code("/v5/account/set-margin-mode", fmt::format(R"({{"setMarginMode":"{}"}})", name));
  }
  std::string add_margin(std::string_view margin, std::string_view more = "") {
    return code(
        "/v5/position/add-margin",
        fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","margin":"{}"{}}})", margin, more));
  }
  std::string order(std::string_view side, std::string_view quantity, int index,
                    std::string_view more = "") {
    return code("/v5/order/create",
                fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","side":"{}",)"
                            R"("orderType":"Market","qty":"{}","positionIdx":{}{}}})",
                            side, quantity, index, more));
  }
  std::string position(std::size_t row = 0) {
    return at(exchange.get("/v5/position/list?category=linear&symbol=BTCUSDT"),
              fmt::format("result/list/{}", row));
  }

  Exchange exchange;
  std::string last;
};

constexpr std::string_view kBitcoin = R"("category":"linear","symbol":"BTCUSDT")";
constexpr std::string_view kEther = R"("category":"linear","symbol":"ETHUSDT")";
constexpr std::string_view kAll = R"("category":"linear","coin":"USDT")";

// ---- position mode ------------------------------------------------------------------------------

TEST_F(ModesTest, SwitchesThePositionModeOfASymbol) {
  EXPECT_EQ(mode(kBitcoin, "0"), "110025");
  EXPECT_EQ(mode(kBitcoin, "3"), "0");
  EXPECT_EQ(at(last, "result"), "{}");
  EXPECT_EQ(mode(kBitcoin, "3"), "110025");
  EXPECT_EQ(at(position(0), "positionIdx"), "1");
  EXPECT_EQ(at(position(1), "positionIdx"), "2");
  EXPECT_EQ(at(exchange.get("/v5/position/list?category=linear&symbol=ETHUSDT"),
               "result/list/0/positionIdx"),
            "0");
  EXPECT_EQ(mode(kBitcoin, "0"), "0");
}

TEST_F(ModesTest, SwitchesAllSymbolsOfACoinThatAreFree) {
  order("Buy", "0.010", 0);
  EXPECT_EQ(mode(kAll, "3"), "0") << "ether is free to change";
  EXPECT_EQ(at(position(), "positionIdx"), "0") << "bitcoin has a position";
  EXPECT_EQ(mode(kEther, "3"), "110025");
  EXPECT_EQ(mode(kAll, "3"), "110024") << "and now nothing changes";
}

TEST_F(ModesTest, KeepsTheModeUnderOrdersAndPositions) {
  exchange.post("/v5/order/create",
                R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit",)"
                R"("price":"50000","qty":"0.010"})");
  EXPECT_EQ(mode(kBitcoin, "3"), "110028");
  exchange.post("/v5/order/cancel-all", R"({"category":"linear","symbol":"BTCUSDT"})");
  order("Buy", "0.010", 0);
  EXPECT_EQ(mode(kBitcoin, "3"), "110024");
}

TEST_F(ModesTest, RefusesModesThatAreNone) {
  EXPECT_EQ(mode(R"("category":"inverse","symbol":"BTCUSD")", "3"), "110029");
  EXPECT_EQ(mode(R"("category":"inverse","symbol":"BTCUSD")", "0"), "110025");
  EXPECT_EQ(mode(kBitcoin, "1"), "10001");
  EXPECT_EQ(mode(R"("category":"linear")", "3"), "10001");
  EXPECT_EQ(mode(R"("category":"linear","coin":"BTC")", "3"), "10001");
  EXPECT_EQ(mode(R"("category":"spot","symbol":"BTCUSDT")", "3"), "10001");
  EXPECT_EQ(mode(R"("category":"linear","symbol":"NOSUCH")", "3"), "10001");
}

// Both at 60001.00 and 59999.00 of a book that stands.
TEST_F(ModesTest, HedgedPositionsStandSideBySide) {
  mode(kBitcoin, "3");
  EXPECT_EQ(order("Buy", "0.030", 0), "10001");
  EXPECT_EQ(at(last, "retMsg"), "position idx not match position mode");
  EXPECT_EQ(order("Buy", "0.030", 1), "0");
  EXPECT_EQ(order("Sell", "0.010", 2), "0");
  EXPECT_EQ(at(position(0), "side"), "Buy");
  EXPECT_EQ(at(position(0), "size"), "0.030");
  EXPECT_EQ(at(position(1), "side"), "Sell");
  EXPECT_EQ(at(position(1), "size"), "0.010");
  EXPECT_EQ(size_of_list(exchange.get("/v5/position/list?category=linear&settleCoin=USDT"),
                         "result/list"),
            2u);
  EXPECT_EQ(order("Sell", "0.030", 1, R"(,"reduceOnly":true)"), "0");
  EXPECT_EQ(at(position(0), "size"), "0");
  EXPECT_EQ(at(position(1), "size"), "0.010");
  EXPECT_EQ(size_of_list(exchange.get("/v5/position/list?category=linear&settleCoin=USDT"),
                         "result/list"),
            1u);
  const std::string orders = exchange.get("/v5/order/history?category=linear");
  EXPECT_EQ(at(orders, "result/list/0/positionIdx"), "1");
  EXPECT_EQ(at(orders, "result/list/1/positionIdx"), "2");
  // The log has a size for each: 0.030 bought, 0.010 sold short, 0.030 sold.
  const std::string log = exchange.get("/v5/account/transaction-log?category=linear");
  EXPECT_EQ(at(log, "result/list/0/size"), "0.000");
  EXPECT_EQ(at(log, "result/list/1/size"), "-0.010");
  EXPECT_EQ(at(log, "result/list/2/size"), "0.030");
}

TEST_F(ModesTest, EachHedgedSideHasItsOwnStops) {
  mode(kBitcoin, "3");
  order("Buy", "0.030", 1);
  order("Sell", "0.010", 2);
  const auto stop = [&](std::string_view more) {
    return code(
        "/v5/position/trading-stop",
        fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","tpslMode":"Full",{}}})", more));
  };
  EXPECT_EQ(stop(R"("positionIdx":0,"stopLoss":"59000")"), "10001");
  EXPECT_EQ(stop(R"("positionIdx":1,"stopLoss":"59000")"), "0");
  EXPECT_EQ(stop(R"("positionIdx":2,"stopLoss":"61000")"), "0");
  EXPECT_EQ(at(position(0), "stopLoss"), "59000.00");
  EXPECT_EQ(at(position(1), "stopLoss"), "61000.00");
}

TEST_F(ModesTest, BatchesNameTheirSides) {
  mode(kBitcoin, "3");
  const std::string answer = exchange.post(
      "/v5/order/create-batch",
      R"({"category":"linear","request":[)"
      R"({"symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.010","positionIdx":1},)"
      R"({"symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.010"},)"
      R"({"symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.010","positionIdx":3}]})");
  EXPECT_EQ(at(answer, "retExtInfo/list/0/code"), "0");
  EXPECT_EQ(at(answer, "retExtInfo/list/1/msg"), "position idx not match position mode");
  EXPECT_EQ(at(answer, "retExtInfo/list/2/msg"), "params error: positionIdx invalid");
}

// ---- margin mode --------------------------------------------------------------------------------

TEST_F(ModesTest, SetsTheMarginModeOfTheAccount) {
  const auto shown = [&] { return at(exchange.get("/v5/account/info"), "result/marginMode"); };
  EXPECT_EQ(margin_mode("REGULAR_MARGIN"), "0") << "as it is";
  EXPECT_EQ(shown(), "REGULAR_MARGIN");
  EXPECT_EQ(margin_mode("ISOLATED_MARGIN"), "0");
  EXPECT_EQ(at(last, "result/reasons"), "[]");
  EXPECT_EQ(shown(), "ISOLATED_MARGIN");
  EXPECT_EQ(margin_mode("PORTFOLIO_MARGIN"), "3400045");
  EXPECT_EQ(size_of_list(last, "result/reasons"), 1u);
  EXPECT_EQ(margin_mode("CROSS"), "10001");
  EXPECT_EQ(margin_mode("REGULAR_MARGIN"), "0");
  EXPECT_EQ(shown(), "REGULAR_MARGIN");
}

TEST_F(ModesTest, KeepsTheMarginModeUnderOrders) {
  exchange.post("/v5/order/create",
                R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit",)"
                R"("price":"50000","qty":"0.010"})");
  EXPECT_EQ(margin_mode("ISOLATED_MARGIN"), "3400045");
  EXPECT_EQ(at(last, "retMsg"), "Set margin mode failed");
  EXPECT_EQ(at(last, "result/reasons/0/reasonCode"), "3400102");
}

// 0.3 at 60001 and leverage 10: 1800.03 are set aside, of which 500 more make 2300.03.
TEST_F(ModesTest, AddsAndReducesIsolatedMargin) {
  EXPECT_EQ(add_margin("10"), "110015") << "cross";
  margin_mode("ISOLATED_MARGIN");
  EXPECT_EQ(add_margin("10"), "110033") << "flat";
  order("Buy", "0.300", 0);
  EXPECT_EQ(at(position(), "positionBalance"), "1800.03");
  EXPECT_EQ(add_margin("500"), "0");
  EXPECT_EQ(at(last, "result/category"), "linear");
  EXPECT_EQ(at(last, "result/symbol"), "BTCUSDT");
  EXPECT_EQ(at(last, "result/positionBalance"), "2300.03");
  EXPECT_EQ(add_margin("-500", R"(,"positionIdx":0)"), "0");
  EXPECT_EQ(at(position(), "positionBalance"), "1800.03");
  EXPECT_EQ(add_margin("-1"), "110011") << "the initial margin stays";
  EXPECT_EQ(add_margin("1000000"), "110014");
  EXPECT_EQ(add_margin("0"), "110027");
  EXPECT_EQ(add_margin("x"), "10001");
  EXPECT_EQ(add_margin("1", R"(,"positionIdx":1)"), "10001");
  EXPECT_EQ(at(exchange.post("/v5/position/add-margin",
                             R"({"category":"spot","symbol":"BTCUSDT","margin":"1"})"),
               "retCode"),
            "10001");
}

TEST_F(ModesTest, SwitchingBackGivesTheMarginBack) {
  margin_mode("ISOLATED_MARGIN");
  order("Buy", "0.300", 0);
  EXPECT_EQ(margin_mode("REGULAR_MARGIN"), "0");
  EXPECT_EQ(at(position(), "tradeMode"), "0");
  EXPECT_EQ(at(exchange.get("/v5/account/wallet-balance?accountType=UNIFIED&coin=USDT"),
               "result/list/0/coin/0/totalPositionIM"),
            "1800.03")
      << "the initial margin of a cross position";
}

// ---- what a unified account has no use for ------------------------------------------------------

TEST_F(ModesTest, AnswersWhatUnifiedAccountsDoNotUse) {
  EXPECT_EQ(code("/v5/position/switch-isolated",
                 R"({"category":"linear","symbol":"BTCUSDT","tradeMode":1,"buyLeverage":"10",)"
                 R"("sellLeverage":"10"})"),
            "100028");
  const auto risk_limit = [&](std::string_view id) {
    return code("/v5/position/set-risk-limit",
                fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","riskId":{}}})", id));
  };
  EXPECT_EQ(risk_limit("2"), "0");
  EXPECT_EQ(at(last, "result"), R"({"category":"linear","riskId":2,"riskLimitValue":"4000000"})");
  EXPECT_EQ(at(position(), "riskId"), "1") << "the tier goes by the position";
  EXPECT_EQ(risk_limit("13"), "110031");
  EXPECT_EQ(risk_limit("0"), "110031");
  const auto automatic = [&](std::string_view on) {
    return code(
        "/v5/position/set-auto-add-margin",
        fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","autoAddMargin":{}}})", on));
  };
  EXPECT_EQ(automatic("0"), "0");
  EXPECT_EQ(automatic("1"), "10001");
  EXPECT_EQ(automatic("2"), "10001");
}

// Leverage 100 reaches as far as the first tier, 2,000,000.
TEST_F(ModesTest, LeverageGoesByTheTier) {
  exchange.requote("linear", 599'990, 600'010, 100'000);
  const auto leverage = [&](std::string_view to) {
    return code("/v5/position/set-leverage",
                fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","buyLeverage":"{0}",)"
                            R"("sellLeverage":"{0}"}})",
                            to));
  };
  EXPECT_EQ(leverage("100"), "0");
  EXPECT_EQ(order("Buy", "34", 0), "110090") << "2,040,034";
  EXPECT_EQ(leverage("20"), "0");
  EXPECT_EQ(order("Buy", "34", 0), "0");
  EXPECT_EQ(at(position(), "riskId"), "2");
  EXPECT_EQ(at(position(), "riskLimitValue"), "4000000");
  EXPECT_EQ(leverage("100"), "110013");
}

}  // namespace
}  // namespace venuebox::venues::bybit
