// What funding, liquidation and deleveraging leave behind in Bybit's answers.
#include <fmt/format.h>

#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {
using Rows = std::vector<std::pair<const char*, std::string>>;

void expect_row(const std::string& row, const Rows& expected) {
  for (const auto& [key, value] : expected)
    EXPECT_EQ(at(row, key), value) << key;
}

struct RiskTest : testing::Test {
  RiskTest() { exchange.quote("linear", 599'990, 600'010, 1'000); }

  std::string order(std::string_view side, std::string_view quantity, std::string_view price,
                    AccountId who = Exchange::kAlice) {
    const std::string answer = exchange.post(
        "/v5/order/create",
        fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","side":"{}","orderType":"Limit",)"
                    R"("price":"{}","qty":"{}"}})",
                    side, price, quantity),
        who);
    EXPECT_EQ(at(answer, "retCode"), "0") << answer;
    return at(answer, "result/orderId");
  }
  void isolate_at(int leverage, AccountId who = Exchange::kAlice) {
    exchange.execute(SetMarginMode{who, std::nullopt, MarginMode::isolated});
    exchange.execute(SetLeverage{who, exchange.view().instruments().front().id, leverage});
  }
  std::string first(const std::string& target, AccountId who = Exchange::kAlice) {
    const std::string body = exchange.get(target, who);
    EXPECT_EQ(size_of_list(body, "result/list"), 1u) << body;
    return at(body, "result/list/0");
  }
  std::string position(AccountId who = Exchange::kAlice) {
    return first("/v5/position/list?category=linear&symbol=BTCUSDT", who);
  }

  Exchange exchange;
};

// ---- funding ------------------------------------------------------------------------------------

struct FundingTest : RiskTest {
  // The premium is 0 without an index, so that interest alone is paid: 0.01 % of 0.3 at 60001.
  FundingTest() {
    order("Buy", "0.300", "60001");
    exchange.advance(seconds(2 * 3'600));
  }
};

TEST_F(FundingTest, IsAnExecution) {
  const std::string row = first("/v5/execution/list?category=linear&execType=Funding");
  expect_row(row, {{"symbol", "BTCUSDT"},
                   {"side", "Buy"},
                   {"orderId", ""},
                   {"orderType", "UNKNOWN"},
                   {"createType", ""},
                   {"execQty", "0.300"},
                   {"execPrice", "60001"},
                   {"markPrice", "60001"},
                   {"execValue", "18000.3"},
                   {"execFee", "1.80003"},
                   {"feeRate", "0.0001"},
                   {"execTime", "1700006400000"},
                   {"closedSize", "0.000"}});
  EXPECT_EQ(size_of_list(exchange.get("/v5/execution/list?category=linear"), "result/list"), 2u)
      << "without a type all of them";
  EXPECT_EQ(at(first("/v5/execution/list?category=linear&execType=Trade"), "execFee"), "9.900165");
}

TEST_F(FundingTest, IsASettlementInTheLog) {
  const std::string row = first("/v5/account/transaction-log?type=SETTLEMENT");
  expect_row(row, {{"type", "SETTLEMENT"},
                   {"category", "linear"},
                   {"side", "Buy"},
                   {"qty", "0.300"},
                   {"size", "0.300"},
                   {"tradePrice", "60001"},
                   {"funding", "-1.80003"},
                   {"fee", "0"},
                   {"cashFlow", "0"},
                   {"change", "-1.80003"},
                   {"feeRate", "0.0001"},
                   {"cashBalance", "999988.299805"},
                   {"orderId", ""}});
  EXPECT_EQ(at(position(), "curRealisedPnl"), "-11.700195") << "with the fee of 9.900165";
  EXPECT_EQ(at(position(), "cumRealisedPnl"), "-11.700195");
}

TEST_F(FundingTest, IsReceivedByWhoIsShort) {
  Exchange other;
  other.quote("linear", 599'990, 600'010, 1'000);
  other.post("/v5/order/create",
             R"({"category":"linear","symbol":"BTCUSDT","side":"Sell","orderType":"Market",)"
             R"("qty":"0.300"})");
  other.advance(seconds(2 * 3'600));
  const auto row = [&](const char* target) { return at(other.get(target), "result/list/0"); };
  EXPECT_EQ(at(row("/v5/execution/list?category=linear&execType=Funding"), "execFee"), "-1.79997");
  EXPECT_EQ(at(row("/v5/execution/list?category=linear&execType=Funding"), "side"), "Sell");
  EXPECT_EQ(at(row("/v5/account/transaction-log?type=SETTLEMENT"), "funding"), "1.79997");
}

TEST_F(FundingTest, HasAHistoryOfItsRates) {
  exchange.advance(seconds(8 * 3'600));
  const std::string path = "/v5/market/funding/history?category=linear&symbol=BTCUSDT";
  EXPECT_EQ(
      at(exchange.get(path), "result/list"),
      R"([{"symbol":"BTCUSDT","fundingRate":"0.0001","fundingRateTimestamp":"1700035200000"},)"
      R"({"symbol":"BTCUSDT","fundingRate":"0.0001","fundingRateTimestamp":"1700006400000"}])");
  const auto rows = [&](const char* query) {
    return size_of_list(exchange.get(path + query), "result/list");
  };
  EXPECT_EQ(rows("&limit=1"), 1u);
  EXPECT_EQ(rows("&endTime=1700006400000"), 1u);
  EXPECT_EQ(rows("&startTime=1700006400001&endTime=1700035200000"), 1u);
  EXPECT_EQ(rows("&startTime=1700035200001&endTime=1700035200002"), 0u);
  EXPECT_EQ(at(exchange.get(path + "&startTime=2&endTime=1"), "retCode"), "10001");
}

TEST_F(FundingTest, IsAnnouncedByTheTicker) {
  const std::string row = first("/v5/market/tickers?category=linear&symbol=BTCUSDT");
  expect_row(row, {{"fundingRate", "0.0001"},
                   {"nextFundingTime", "1700035200000"},
                   {"fundingCap", "0.00375"},
                   {"fundingIntervalHour", "8"}});
  const std::string terms = first("/v5/market/instruments-info?category=linear&symbol=BTCUSDT");
  EXPECT_EQ(at(terms, "fundingInterval"), "480");
  EXPECT_EQ(at(terms, "upperFundingRate"), "0.00375");
  EXPECT_EQ(at(terms, "lowerFundingRate"), "-0.00375");
}

// ---- liquidation --------------------------------------------------------------------------------

// 0.3 long at 60001, isolated at 100: margin 180.003. It is worth its maintenance margin of 0.5 %
// where 180.003 + 0.3 m - 18000.3 = 0.0015 m, at 59699.487; and nothing at 59400.99.
struct LiquidationTest : RiskTest {
  LiquidationTest() {
    exchange.open_fund(1'000'000);
    isolate_at(100);
    order("Buy", "0.300", "60001");
  }
};

TEST_F(LiquidationTest, IsAnnouncedByThePosition) {
  expect_row(position(), {{"tradeMode", "1"},
                          {"leverage", "100"},
                          {"riskId", "1"},
                          {"riskLimitValue", "2000000"},
                          {"positionBalance", "180.003"},
                          {"positionIM", "180.003"},
                          {"positionMM", "90.0015"},
                          {"liqPrice", "59699.50"},
                          {"bustPrice", "59401.00"},
                          {"positionStatus", "Normal"},
                          {"adlRankIndicator", "5"}});
}

// At a mark of 59601 what backs it is 60.003 of 17880.3. What is left of it, and the fee of 0.055 %
// of the price, are spent at 17820.297 / 0.99945 / 0.3 = 59433.68, rounded up to 59433.70: a loss
// of 567.30 * 0.3, and a fee of 0.055 % of 17830.11.
TEST_F(LiquidationTest, IsTakenOverAtTheBankruptcyPrice) {
  const std::string resting = order("Buy", "0.010", "59000");
  exchange.requote("linear", 595'990, 596'010, 1'000);
  EXPECT_EQ(at(position(), "size"), "0");
  EXPECT_EQ(at(exchange.get("/v5/position/list?category=linear&settleCoin=USDT"), "result/list"),
            "[]");
  const std::string bust = first("/v5/execution/list?category=linear&execType=BustTrade");
  expect_row(bust, {{"side", "Sell"},
                    {"execType", "BustTrade"},
                    {"createType", "CreateByTakeOver_PassThrough"},
                    {"execPrice", "59433.70"},
                    {"execQty", "0.300"},
                    {"closedSize", "0.300"},
                    {"execFee", "9.8065605"},
                    {"feeRate", "0.00055"},
                    {"isMaker", "false"}});
  const auto history = [&](const std::string& id) {
    return first("/v5/order/history?category=linear&orderId=" + id);
  };
  expect_row(history(at(bust, "orderId")), {{"orderStatus", "Filled"},
                                            {"createType", "CreateByTakeOver_PassThrough"},
                                            {"side", "Sell"},
                                            {"cancelType", "UNKNOWN"}});
  expect_row(history(resting),
             {{"orderStatus", "Cancelled"}, {"cancelType", "CancelAllBeforeLiq"}});
  expect_row(first("/v5/position/closed-pnl?category=linear"), {{"execType", "BustTrade"},
                                                                {"side", "Sell"},
                                                                {"avgEntryPrice", "60001"},
                                                                {"avgExitPrice", "59433.7"},
                                                                {"closedPnl", "-179.9965605"}});
  expect_row(first("/v5/account/transaction-log?type=LIQUIDATION"),
             {{"cashFlow", "-170.19"},
              {"fee", "9.8065605"},
              {"change", "-179.9965605"},
              {"size", "0.000"},
              {"cashBalance", "999810.1032745"}});
}

// The fund got a fee of 9.8065605, and sells at 59599.00 what it took at 59433.70: 165.30 * 0.3,
// less 9.833835 for the trade.
TEST_F(LiquidationTest, FillsTheFund) {
  exchange.requote("linear", 595'990, 596'010, 1'000);
  const std::string pool = at(exchange.get("/v5/market/insurance?coin=USDT"), "result/list/0");
  expect_row(pool, {{"coin", "USDT"},
                    {"symbols", "BTCUSDT,ETHUSDT"},
                    {"balance", "1000049.5627255"},
                    {"value", "1000049.5627255"}});
  EXPECT_EQ(size_of_list(exchange.get("/v5/market/insurance"), "result/list"), 3u);
  EXPECT_EQ(at(exchange.get("/v5/market/insurance?coin=NOSUCH"), "retCode"), "10001");
}

// Without quotes between the two the log still adds up.
TEST_F(LiquidationTest, TheLogAddsUpOverAllOfIt) {
  exchange.advance(seconds(2 * 3'600));
  exchange.requote("linear", 595'990, 596'010, 1'000);
  const Int128 cash = exchange.view().balance(Exchange::kAlice, AssetId{0}).cash.units;
  const std::string body = exchange.get("/v5/account/transaction-log?currency=USDT");
  Int128 sum = 0;
  for (std::size_t i = 0; i < size_of_list(body, "result/list"); ++i) {
    const auto units = [&](const char* key) {
      const std::string text = at(body, fmt::format("result/list/{}/{}", i, key));
      return std::get<Int128>(units_from_text(text, 14));
    };
    EXPECT_TRUE(units("cashBalance") == cash - sum) << i;
    sum += units("change");
  }
  EXPECT_TRUE(sum == cash) << "trade, settlement, liquidation, deposit";
}

// ---- deleveraging -------------------------------------------------------------------------------

// Alice bought of Bob. At a mark of 59301 she owes 29.997 more than she has, the fund is empty and
// the book pays less than 59401.00, where nothing is left of her: Bob is closed there.
TEST_F(RiskTest, DeleveragingClosesTheOtherSide) {
  exchange.open_fund(0);
  exchange.execute(CancelAll{Exchange::kMarket, {}});
  isolate_at(100);
  order("Sell", "0.300", "60001", Exchange::kBob);
  order("Buy", "0.300", "60001");
  EXPECT_EQ(at(position(Exchange::kBob), "adlRankIndicator"), "5");
  exchange.quote("linear", 593'000, 593'010, 1'000);
  EXPECT_EQ(at(position(), "size"), "0");
  EXPECT_EQ(at(position(Exchange::kBob), "size"), "0");
  const std::string row =
      first("/v5/execution/list?category=linear&execType=AdlTrade", Exchange::kBob);
  expect_row(row, {{"side", "Buy"},
                   {"execType", "AdlTrade"},
                   {"createType", "CreateByAdl_PassThrough"},
                   {"execPrice", "59401.00"},
                   {"execQty", "0.300"},
                   {"execFee", "0"}});
  expect_row(
      first("/v5/order/history?category=linear&orderId=" + at(row, "orderId"), Exchange::kBob),
      {{"createType", "CreateByAdl_PassThrough"}});
  expect_row(first("/v5/position/closed-pnl?category=linear", Exchange::kBob),
             {{"execType", "AdlTrade"}, {"closedPnl", "180"}});
  expect_row(first("/v5/account/transaction-log?type=ADL", Exchange::kBob),
             {{"cashFlow", "180"}, {"fee", "0"}});
}

// An order is acknowledged as itself, though a liquidation fell due before it.
TEST_F(RiskTest, AnOrderIsNotTakenForWhatWasForced) {
  exchange.open_fund(1'000'000);
  isolate_at(100);
  order("Buy", "0.300", "60001");
  // Without cash beside it, what is paid at each interval eats what backs the position, until it is
  // liquidated as time passes.
  const AssetId usdt{0};
  const Money rest = exchange.view().margin(Exchange::kAlice, usdt).available();
  exchange.execute(TransferMoney{Exchange::kAlice, Exchange::kBob, rest});
  exchange.now = exchange.now + seconds(40 * 86'400);
  exchange.execute(Deposit{Exchange::kAlice, {1'000 * power_of_ten(14), usdt}});
  const std::string id = order("Buy", "0.010", "50000");
  EXPECT_EQ(at(position(), "size"), "0") << "liquidated on the way";
  const std::string row = first("/v5/order/realtime?category=linear&symbol=BTCUSDT");
  EXPECT_EQ(at(row, "orderId"), id);
  EXPECT_EQ(at(row, "createType"), "CreateByUser");
}

// ---- the wallet ---------------------------------------------------------------------------------

TEST_F(RiskTest, TheWalletShowsWhatIsNearestToItsEnd) {
  order("Buy", "1.000", "60001");
  const std::string account =
      at(exchange.get("/v5/account/wallet-balance?accountType=UNIFIED"), "result/list/0");
  // 6000.1 of initial and 300.005 of maintenance margin, of an equity of 999966.99945.
  expect_row(account, {{"accountIMRate", "0.006"},
                       {"accountMMRate", "0.0003"},
                       {"coin/0/totalPositionIM", "6000.1"},
                       {"coin/0/totalPositionMM", "300.005"}});
}

TEST_F(LiquidationTest, AnIsolatedWalletHasNoSums) {
  const std::string account =
      at(exchange.get("/v5/account/wallet-balance?accountType=UNIFIED"), "result/list/0");
  for (const char* key : {"accountIMRate", "accountMMRate", "totalMarginBalance",
                          "totalAvailableBalance", "totalInitialMargin", "totalMaintenanceMargin"})
    EXPECT_EQ(at(account, key), "") << key;
  expect_row(account, {{"coin/0/totalPositionIM", "180.003"},
                       {"coin/0/totalPositionMM", "90.0015"},
                       {"coin/0/walletBalance", "999990.099835"}});
}

TEST_F(RiskTest, FeesAreTheAccountsOwn) {
  exchange.execute(SetFeeRates{
      Exchange::kAlice, InstrumentKindOf::linear_perpetual, {Rate{-100'000}, Rate{300'000}}});
  EXPECT_EQ(at(exchange.get("/v5/account/fee-rate?category=linear&symbol=BTCUSDT"), "result/list"),
            R"([{"symbol":"BTCUSDT","takerFeeRate":"0.0003","makerFeeRate":"-0.0001"}])");
  order("Buy", "0.300", "60001");
  const std::string row = first("/v5/execution/list?category=linear");
  EXPECT_EQ(at(row, "execFee"), "5.40009");
  EXPECT_EQ(at(row, "feeRate"), "0.0003");
}

TEST_F(RiskTest, TransfersStandInTheLogOfBothSides) {
  exchange.execute(
      TransferMoney{Exchange::kAlice, Exchange::kBob, {7 * power_of_ten(14), AssetId{0}}});
  expect_row(first("/v5/account/transaction-log?type=TRANSFER_OUT"),
             {{"change", "-7"}, {"cashFlow", "-7"}, {"cashBalance", "999993"}});
  const std::string body =
      exchange.get("/v5/account/transaction-log?type=TRANSFER_IN&currency=USDT", Exchange::kBob);
  EXPECT_EQ(size_of_list(body, "result/list"), 2u) << "and the first deposit";
  EXPECT_EQ(at(body, "result/list/0/change"), "7");
}

}  // namespace
}  // namespace venuebox::venues::bybit
