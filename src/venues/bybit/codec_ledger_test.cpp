#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

struct LedgerTest : testing::Test {
  LedgerTest() { exchange.quote("linear", 599'900, 600'000, 1'000); }

  std::string order(std::string_view side, std::string_view quantity,
                    std::string_view category = "linear") {
    const std::string answer = exchange.post(
        "/v5/order/create",
        fmt::format(R"({{"category":"{}","symbol":"BTCUSDT","side":"{}","orderType":"Market",)"
                    R"("marketUnit":"baseCoin","qty":"{}"}})",
                    category, side, quantity));
    EXPECT_EQ(at(answer, "retCode"), "0") << answer;
    return at(answer, "result/orderId");
  }
  Exchange exchange;
};

TEST_F(LedgerTest, ShowsWhatClosingEarned) {
  order("Buy", "0.030");
  exchange.execute(CancelAll{Exchange::kMarket, {}});
  exchange.quote("linear", 609'900, 610'000, 10);
  exchange.quote("linear", 609'800, 610'100, 1'000);
  const std::string id = order("Sell", "0.020");
  const std::string body = exchange.get("/v5/position/closed-pnl?category=linear&symbol=BTCUSDT");
  ASSERT_EQ(size_of_list(body, "result/list"), 1u) << "opening earns nothing";
  const std::string row = at(body, "result/list/0");
  // 0.030 bought at 60000.00; 0.010 sold at 60990.00 and 0.010 at 60980.00, 0.055 % on each.
  const std::vector<std::pair<const char*, std::string>> expected{
      {"orderId", id},
      {"symbol", "BTCUSDT"},
      {"side", "Sell"},
      {"qty", "0.020"},
      {"closedSize", "0.020"},
      {"orderType", "Market"},
      {"execType", "Trade"},
      {"cumEntryValue", "1200"},
      {"avgEntryPrice", "60000"},
      {"cumExitValue", "1219.7"},
      {"avgExitPrice", "60985"},
      {"closedPnl", "19.029165"},
      {"fillCount", "2"},
      {"leverage", "10"},
      {"createdTime", "1700000000000"},
  };
  for (const auto& [key, value] : expected)
    EXPECT_EQ(at(row, key), value) << key;
}

TEST_F(LedgerTest, ShortsEarnTheOtherWayRound) {
  order("Sell", "0.010");
  const std::string id = order("Buy", "0.030");  // turns the position round
  const std::string row =
      at(exchange.get("/v5/position/closed-pnl?category=linear"), "result/list/0");
  EXPECT_EQ(at(row, "orderId"), id);
  EXPECT_EQ(at(row, "closedSize"), "0.010");
  EXPECT_EQ(at(row, "cumEntryValue"), "599.9");
  EXPECT_EQ(at(row, "cumExitValue"), "600");
  EXPECT_EQ(at(row, "closedPnl"), "-0.43") << "a loss of 0.10, and the fee on what was closed";
}

TEST_F(LedgerTest, PagesAndWindowsClosedProfits) {
  for (int i = 0; i < 3; ++i) {
    order("Buy", "0.010");
    order("Sell", "0.010");
  }
  std::set<std::string> seen;
  std::string cursor;
  do {
    const std::string body = exchange.get(
        fmt::format("/v5/position/closed-pnl?category=linear&limit=2&cursor={}", cursor));
    for (std::size_t i = 0; i < size_of_list(body, "result/list"); ++i)
      EXPECT_TRUE(seen.insert(at(body, fmt::format("result/list/{}/orderId", i))).second);
    cursor = at(body, "result/nextPageCursor");
  } while (!cursor.empty() && seen.size() < 10);
  EXPECT_EQ(seen.size(), 3u);
  const auto rows = [&](const char* query, AccountId who = Exchange::kAlice) {
    return size_of_list(
        exchange.get(fmt::format("/v5/position/closed-pnl?category=linear{}", query), who),
        "result/list");
  };
  EXPECT_EQ(rows("&startTime=1700000000001"), 0u);
  EXPECT_EQ(rows("&symbol=ETHUSDT"), 0u);
  EXPECT_EQ(rows("", Exchange::kBob), 0u);
  for (const char* bad : {"?category=spot", "", "?category=linear&limit=101",
                          "?category=linear&symbol=NOSUCH", "?category=linear&startTime=x"}) {
    EXPECT_EQ(at(exchange.get(fmt::format("/v5/position/closed-pnl{}", bad)), "retCode"), "10001")
        << bad;
  }
}

TEST_F(LedgerTest, LogsWhatTradesDid) {
  order("Buy", "0.030");
  order("Sell", "0.010");
  const std::string body = exchange.get("/v5/account/transaction-log?category=linear");
  ASSERT_EQ(size_of_list(body, "result/list"), 2u);
  const std::string sale = at(body, "result/list/0");
  const std::vector<std::pair<const char*, std::string>> expected{
      {"symbol", "BTCUSDT"},
      {"category", "linear"},
      {"side", "Sell"},
      {"type", "TRADE"},
      {"qty", "0.010"},
      {"size", "0.020"},
      {"currency", "USDT"},
      {"funding", ""},
      {"tradePrice", "59990.00"},
      {"fee", "0.329945"},
      {"cashFlow", "-0.1"},
      {"change", "-0.429945"},
      {"feeRate", "0.00055"},
      {"cashBalance", "999998.580055"},
      {"transactionTime", "1700000000000"},
  };
  for (const auto& [key, value] : expected)
    EXPECT_EQ(at(sale, key), value) << key;
  EXPECT_EQ(at(body, "result/list/1/size"), "0.030");
  EXPECT_EQ(at(body, "result/list/1/cashFlow"), "0");
}

TEST_F(LedgerTest, LogsBothCoinsOfASpotTrade) {
  exchange.quote("spot", 599'900, 600'000, 1'000'000);
  order("Buy", "0.5", "spot");
  const auto row = [&](const char* currency) {
    const std::string body = exchange.get(
        fmt::format("/v5/account/transaction-log?category=spot&currency={}", currency));
    EXPECT_EQ(size_of_list(body, "result/list"), 1u) << currency;
    return at(body, "result/list/0");
  };
  EXPECT_EQ(at(row("USDT"), "cashFlow"), "-30000");
  EXPECT_EQ(at(row("USDT"), "fee"), "0");
  EXPECT_EQ(at(row("BTC"), "cashFlow"), "0.5");
  EXPECT_EQ(at(row("BTC"), "fee"), "0.0005");
  EXPECT_EQ(at(row("BTC"), "change"), "0.4995");
  EXPECT_NE(at(row("BTC"), "id"), at(row("USDT"), "id"));
}

// Money is not made by the log: what it says adds up to what the account has.
TEST_F(LedgerTest, AddsUpToTheBalance) {
  exchange.quote("spot", 599'900, 600'000, 1'000'000);
  order("Buy", "0.5", "spot");
  order("Buy", "0.030");
  order("Sell", "0.050");
  order("Sell", "0.2", "spot");
  exchange.execute(Deposit{Exchange::kAlice, {5 * power_of_ten(14), AssetId{0}}});
  order("Buy", "0.010");
  const Int128 cash = exchange.view().balance(Exchange::kAlice, AssetId{0}).cash.units;
  Int128 sum = 0;
  std::string cursor;
  do {
    const std::string body = exchange.get(
        fmt::format("/v5/account/transaction-log?currency=USDT&limit=1&cursor={}", cursor));
    ASSERT_EQ(size_of_list(body, "result/list"), 1u);
    const auto units = [&](const char* key) {
      return std::get<Int128>(units_from_text(at(body, fmt::format("result/list/0/{}", key)), 14));
    };
    EXPECT_EQ(units("cashBalance"), cash - sum) << "the balance after it";
    sum += units("change");
    cursor = at(body, "result/nextPageCursor");
  } while (!cursor.empty());
  EXPECT_EQ(sum, cash) << "from the first deposit on";
}

TEST_F(LedgerTest, FiltersTheLog) {
  order("Buy", "0.030");
  const auto rows = [&](const char* query) {
    return size_of_list(exchange.get(fmt::format("/v5/account/transaction-log?{}", query)),
                        "result/list");
  };
  EXPECT_EQ(rows(""), 3u);
  EXPECT_EQ(rows("type=TRADE"), 1u);
  EXPECT_EQ(rows("type=TRANSFER_IN"), 2u);
  EXPECT_EQ(rows("type=TRANSFER_IN&currency=BTC"), 1u);
  EXPECT_EQ(rows("type=TRANSFER_IN&category=linear"), 0u) << "a transfer is of no market";
  EXPECT_EQ(rows("accountType=UNIFIED&baseCoin=BTC&type=TRADE"), 1u);
  EXPECT_EQ(rows("baseCoin=ETH"), 0u);
  EXPECT_EQ(rows("type=SETTLEMENT"), 0u);
  EXPECT_EQ(rows("category=inverse"), 0u);
  EXPECT_EQ(rows("startTime=1700000000001"), 0u);
  for (const char* bad :
       {"accountType=FUND", "category=none", "limit=51", "cursor=x", "startTime=2&endTime=1"}) {
    EXPECT_EQ(at(exchange.get(fmt::format("/v5/account/transaction-log?{}", bad)), "retCode"),
              "10001")
        << bad;
  }
}

TEST_F(LedgerTest, GivesDemoMoney) {
  const auto apply = [&](std::string_view body) {
    return at(exchange.post("/v5/account/demo-apply-money", body), "retCode");
  };
  EXPECT_EQ(apply(R"({"adjustType":0,"utaDemoApplyMoney":[{"coin":"USDT","amountStr":"1000.5"},)"
                  R"({"coin":"BTC","amountStr":"15"}]})"),
            "0");
  const auto cash = [&](std::uint16_t asset) {
    return trimmed_text(exchange.view().balance(Exchange::kAlice, AssetId{asset}).cash.units, 14);
  };
  EXPECT_EQ(cash(0), "1001000.5");
  EXPECT_EQ(cash(1), "115");
  const auto one = [](std::string_view coin, std::string_view amount) {
    return fmt::format(R"({{"utaDemoApplyMoney":[{{"coin":"BTC","amountStr":"1"}},{{"coin":"{}",)"
                       R"("amountStr":{}}}]}})",
                       coin, amount);
  };
  for (const std::string& bad :
       {one("USDT", R"("100001")"), one("USDT", R"("0")"), one("USDT", R"("-1")"), one("USDT", "5"),
        one("USDT", R"("")"), one("SOL", R"("1")"), one("USDC", R"("1")"), one("BTC", R"("1")"),
        one("USDT", R"("1e-15")"),
        std::string(R"({"adjustType":1,"utaDemoApplyMoney":[{"coin":"BTC","amountStr":"1"}]})"),
        std::string(R"({"adjustType":0})"), std::string(R"({"utaDemoApplyMoney":[]})"),
        std::string(R"({"utaDemoApplyMoney":[7]})")}) {
    EXPECT_EQ(apply(bad), "10001") << bad;
  }
  EXPECT_EQ(cash(1), "115") << "nothing is half done";
}

TEST_F(LedgerTest, HasNothingToTransferTo) {
  const auto transfer = [&](std::string_view from, std::string_view to, std::string_view amount) {
    return at(exchange.post("/v5/asset/transfer/inter-transfer",
                            fmt::format(R"({{"transferId":"a1b2","coin":"USDT","amount":"{}",)"
                                        R"("fromAccountType":"{}","toAccountType":"{}"}})",
                                        amount, from, to)),
              "retCode");
  };
  EXPECT_EQ(transfer("UNIFIED", "FUND", "10"), "131207");
  EXPECT_EQ(transfer("FUND", "FUND", "10"), "131211");
  EXPECT_EQ(transfer("UNIFIED", "FUND", "0"), "10001");
  EXPECT_EQ(transfer("UNIFIED", "", "10"), "10001");
  EXPECT_EQ(at(exchange.post("/v5/asset/transfer/inter-transfer", "{}"), "retCode"), "10001");

  const std::string path = "/v5/asset/transfer/query-account-coins-balance?accountType=";
  const std::string fund = exchange.get(path + "FUND&coin=USDT");
  EXPECT_EQ(at(fund, "result/balance"),
            R"([{"coin":"USDT","transferBalance":"0","walletBalance":"0","bonus":""}])");
  EXPECT_EQ(at(exchange.get(path + "UNIFIED&coin=USDT"), "result/balance/0/walletBalance"),
            "1000000");
  EXPECT_EQ(at(exchange.get(path + "SPOT"), "retCode"), "10001");
  EXPECT_EQ(at(exchange.get(path + "FUND&coin=NOSUCH"), "retCode"), "10001");
}

}  // namespace
}  // namespace venuebox::venues::bybit
