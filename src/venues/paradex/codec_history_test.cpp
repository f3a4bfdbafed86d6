#include "venues/paradex/ids.h"
#include "venues/paradex/test_exchange.h"

namespace venuebox::venues::paradex {
namespace {

std::string order(std::string_view side, std::string_view size, std::string_view more = "") {
  return std::string(R"({"market":"BTC-USD-PERP","type":"MARKET","side":")")
      .append(side)
      .append(R"(","size":")")
      .append(size)
      .append("\"")
      .append(more)
      .append("}");
}

struct Market : Exchange {
  Market() { quote(649'990, 650'010, 1'000'000); }

  // Returns the order's id.
  std::string trade(std::string_view side, std::string_view size, AccountId account = kAlice) {
    return at(post("/v1/orders", order(side, size), account), "id");
  }
};

// All pages of a list, walked by their cursors; the member of each row.
std::vector<std::string> walk(Market& market, const std::string& target, std::string_view member) {
  std::vector<std::string> found;
  std::string cursor;
  do {
    const std::string page = market.get(target + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (std::size_t i = 0; i < size_of_list(page, "results"); ++i)
      found.push_back(at(page, "results/" + std::to_string(i) + "/" + std::string(member)));
    EXPECT_NE(page.find(R"("prev":null)"), std::string::npos) << page;
    cursor = at(page, "next");  // empty of null
  } while (!cursor.empty() && cursor != "(absent)");
  EXPECT_EQ(cursor, "");
  return found;
}

TEST(ParadexHistory, AFillShowsWhatItCost) {
  Market market;
  const std::string id = market.trade("BUY", "0.5");
  const std::string fills = market.get("/v1/fills?market=BTC-USD-PERP");
  for (const auto& [member, value] : std::vector<std::pair<const char*, std::string>>{
           {"account", market.door.credential_of(Exchange::kAlice)->key},
           {"side", "BUY"},
           {"liquidity", "TAKER"},
           {"market", "BTC-USD-PERP"},
           {"order_id", id},
           {"price", "65001"},
           {"size", "0.5"},
           {"fee", "6.5001"},  // 0.0002 of 32500.5
           {"fee_currency", "USDC"},
           {"realized_pnl", "0"},
           {"realized_funding", "0"},
           {"remaining_size", "0"},
           {"fill_type", "FILL"},
           {"flags", "[]"},
           {"created_at", "1750000000000"}}) {
    EXPECT_EQ(at(fills, std::string("results/0/") + member), value) << member;
  }
  EXPECT_EQ(at(market.get("/v1/account/fills"), "results/0/order_id"), id);
  EXPECT_EQ(at(market.get("/v1/fills", Exchange::kBob), "results"), "[]");
}

TEST(ParadexHistory, AMakerIsPaidARebate) {
  Market market;
  market.post(
      "/v1/orders",
      R"({"market":"BTC-USD-PERP","side":"BUY","type":"LIMIT","size":"1","price":"65000"})");
  market.trade("SELL", "1", Exchange::kBob);
  const std::string fill = market.get("/v1/fills");
  EXPECT_EQ(at(fill, "results/0/liquidity"), "MAKER");
  EXPECT_EQ(at(fill, "results/0/fee"), "-3.25");  // 0.00005 of 65000
}

TEST(ParadexHistory, PagesHoldEveryRowOnce) {
  Market market;
  std::vector<std::string> orders;
  for (int i = 0; i < 7; ++i)
    orders.insert(orders.begin(), market.trade("BUY", "0.01"));
  EXPECT_EQ(walk(market, "/v1/fills?page_size=3", "order_id"), orders);
  EXPECT_EQ(walk(market, "/v1/fills?page_size=7", "order_id"), orders);
  EXPECT_EQ(walk(market, "/v1/orders-history?page_size=2", "id"), orders);
}

TEST(ParadexHistory, TimesAndMarketsNarrowAList) {
  Market market;
  market.trade("BUY", "0.01");
  market.advance(seconds(10));
  const std::string later = market.trade("BUY", "0.02");
  for (const char* list : {"/v1/fills", "/v1/orders-history"}) {
    const auto rows = [&](std::string_view query) {
      return size_of_list(market.get(std::string(list).append(query)), "results");
    };
    EXPECT_EQ(rows("?start_at=1750000005000"), 1u) << list;
    EXPECT_EQ(rows("?end_at=1750000005000"), 1u) << list;
    EXPECT_EQ(rows("?start_at=1750000000000&end_at=1750000010000"), 2u) << list;
    EXPECT_EQ(rows("?market=ETH-USD-PERP"), 0u) << list;
  }
}

TEST(ParadexHistory, OrdersAreFoundByWhatTheyAre) {
  Market market;
  market.trade("BUY", "0.01");
  market.post(
      "/v1/orders",
      R"({"market":"BTC-USD-PERP","side":"SELL","type":"LIMIT","size":"1","price":"66000","client_id":"x"})");
  const auto rows = [&](std::string_view query) {
    return size_of_list(market.get(std::string("/v1/orders-history?").append(query)), "results");
  };
  EXPECT_EQ(rows(""), 2u);
  EXPECT_EQ(rows("side=SELL"), 1u);
  EXPECT_EQ(rows("status=CLOSED"), 1u);
  EXPECT_EQ(rows("status=OPEN"), 1u);
  EXPECT_EQ(rows("type=MARKET"), 1u);
  EXPECT_EQ(rows("client_id=x"), 1u);
  EXPECT_EQ(rows("client_id=y"), 0u);
  EXPECT_EQ(rows("side=SELL&type=MARKET"), 0u);
}

TEST(ParadexHistory, ABadQueryIsNamed) {
  Market market;
  for (const char* query : {"page_size=0", "page_size=5001", "page_size=x", "cursor=-1",
                            "start_at=99999999999999999999", "end_at=-1"}) {
    const std::string answer = market.get(std::string("/v1/fills?") + query);
    const std::string name = std::string(query).substr(0, std::string_view(query).find('='));
    EXPECT_EQ(at(answer, "error"), "INVALID_REQUEST_PARAMETER") << query;
    EXPECT_EQ(at(answer, "message"), name + ": invalid") << query;
  }
  EXPECT_EQ(at(market.get("/v1/fills?market=X"), "error"), "MARKET_NOT_FOUND");
  EXPECT_EQ(at(market.get("/v1/liquidations?from=x"), "error"), "INVALID_REQUEST_PARAMETER");
}

// Funding runs up by the second, and is paid as the position changes.
TEST(ParadexHistory, FundingIsPaidWithTheFillThatChangesThePosition) {
  Market market;
  market.set_index(65'000);
  market.trade("BUY", "1");
  market.advance(seconds(8 * 3'600));
  const std::string before = market.get("/v1/positions");
  const std::string unpaid = at(before, "results/0/unrealized_funding_pnl");
  EXPECT_TRUE(unpaid.starts_with("-")) << unpaid;
  EXPECT_EQ(at(market.get("/v1/funding/payments"), "results"), "[]");
  market.trade("SELL", "0.4");
  const std::string payments = market.get("/v1/funding/payments?market=BTC-USD-PERP");
  const std::string fills = market.get("/v1/fills");
  EXPECT_EQ(at(payments, "results/0/payment"), unpaid);
  EXPECT_EQ(at(payments, "results/0/fill_id"), at(fills, "results/0/id"));
  EXPECT_EQ(at(fills, "results/0/realized_funding"), unpaid);
  EXPECT_EQ(at(fills, "results/1/realized_funding"), "0");
  EXPECT_EQ(at(market.get("/v1/positions"), "results/0/unrealized_funding_pnl"), "0");
}

TEST(ParadexHistory, DepositsAreTransfers) {
  Market market;
  const std::string transfers = market.get("/v1/transfers?");
  EXPECT_EQ(size_of_list(transfers, "results"), 1u);
  EXPECT_EQ(at(transfers, "results/0/amount"), "1000000");
  EXPECT_EQ(at(transfers, "results/0/token"), "USDC");
  EXPECT_EQ(at(transfers, "results/0/kind"), "DEPOSIT");
  EXPECT_EQ(at(transfers, "results/0/direction"), "IN");
}

TEST(ParadexHistory, WhatDoesNotHappenInABoxIsAnEmptyPage) {
  Market market;
  for (const char* path : {"/v1/transactions", "/v1/tradebusts", "/v1/algo/orders-history"}) {
    EXPECT_EQ(market.get(path), R"({"next":null,"prev":null,"results":[]})") << path;
  }
  EXPECT_EQ(market.get("/v1/algo/orders"), R"({"results":[]})");
  EXPECT_EQ(at(market.get("/v1/algo/orders/1"), "error"), "ORDER_ID_NOT_FOUND");
  const std::string twap = market.post("/v1/algo/orders", R"({"algo_type":"TWAP"})");
  EXPECT_EQ(at(twap, "error"), "NOT_SUPPORTED");
  EXPECT_EQ(market.response.status, 501);
}

TEST(ParadexHistory, ALiquidationIsListed) {
  Market market;
  market.open_fund(1'000'000);
  market.execute(SetLeverage{Exchange::kAlice, InstrumentId{0}, 50});
  for (int i = 0; i < 7; ++i) {
    market.quote(649'990, 650'010, 10'000'000);
    market.trade("BUY", "100");
  }
  EXPECT_EQ(at(market.get("/v1/liquidations?from=1"), "results"), "[]");
  market.advance(seconds(1));
  market.quote(600'000, 600'010, 10'000'000);
  const std::string rows = market.get("/v1/liquidations?from=1");
  EXPECT_GT(size_of_list(rows, "results"), 0u);
  EXPECT_EQ(at(rows, "results/0/created_at"), "1750000001000");
  EXPECT_EQ(at(market.get("/v1/liquidations?from=1750000002000"), "results"), "[]");
  EXPECT_EQ(at(market.get("/v1/liquidations?to=1750000000000"), "results"), "[]");
}

}  // namespace
}  // namespace venuebox::venues::paradex
