#include "venues/paradex/test_exchange.h"

namespace venuebox::venues::paradex {
namespace {

struct Market : Exchange {
  Market() { quote(649'990, 650'010, 1'000'000); }

  void trade(std::string_view side, std::string_view size) {
    post("/v1/orders", std::string(R"({"market":"BTC-USD-PERP","type":"MARKET","side":")")
                           .append(side)
                           .append(R"(","size":")")
                           .append(size)
                           .append("\"}"));
    EXPECT_EQ(response.status, 201) << response.body;
  }
  std::string address() const { return door.credential_of(kAlice)->key; }
};

void expect_members(const std::string& json, std::string_view row,
                    const std::vector<std::pair<const char*, std::string>>& members) {
  for (const auto& [member, value] : members)
    EXPECT_EQ(at(json, std::string(row) + member), value) << member;
}

TEST(ParadexAccount, ALongPositionGainsAsTheMarkRises) {
  Market market;
  EXPECT_EQ(market.get("/v1/positions"), R"({"results":[]})");
  market.trade("BUY", "2");
  market.quote(659'990, 660'010, 1'000'000);
  const std::string answer = market.get("/v1/positions?");
  expect_members(answer, "results/0/",
                 {{"id", market.address() + "-BTC-USD-PERP"},
                  {"account", market.address()},
                  {"status", "OPEN"},
                  {"side", "LONG"},
                  {"size", "2"},
                  {"average_entry_price", "65001"},
                  {"cost", "130002"},
                  {"unrealized_pnl", "1996"},  // The mark is the best bid, 65999.
                  {"unrealized_funding_pnl", "0"},
                  {"realized_positional_pnl", "-26.0004"},  // the fee
                  {"leverage", "10"},
                  {"closed_at", "0"},
                  {"created_at", "1750000000000"}});
  EXPECT_EQ(at(answer, "results/0/last_fill_id"), at(market.get("/v1/fills"), "results/0/id"));
  EXPECT_EQ(market.get("/v1/account/positions"), answer);
}

// ccxt turns the sign of shorts around.
TEST(ParadexAccount, AShortPositionHasANegativeSize) {
  Market market;
  market.trade("SELL", "0.25");
  const std::string answer = market.get("/v1/positions");
  EXPECT_EQ(at(answer, "results/0/side"), "SHORT");
  EXPECT_EQ(at(answer, "results/0/size"), "-0.25");
  EXPECT_EQ(at(answer, "results/0/average_entry_price"), "64999");
  EXPECT_EQ(at(answer, "results/0/cost"), "16249.75");
}

TEST(ParadexAccount, AClosedPositionStaysListed) {
  Market market;
  market.trade("BUY", "1");
  market.now = market.now + seconds(5);
  market.trade("SELL", "1");
  const std::string answer = market.get("/v1/positions");
  expect_members(answer, "results/0/",
                 {{"status", "CLOSED"}, {"size", "0"}, {"closed_at", "1750000005000"}});
  EXPECT_EQ(market.get("/v1/positions?status=OPEN"), R"({"results":[]})");
}

TEST(ParadexAccount, BalanceIsTheCollateralAlone) {
  Market market;
  market.execute(Deposit{Exchange::kAlice, {power_of_ten(14), AssetId{1}}});
  const std::string answer = market.get("/v1/balance");
  EXPECT_EQ(size_of_list(answer, "results"), 1u);
  expect_members(answer, "results/0/",
                 {{"token", "USDC"}, {"size", "1000000"}, {"last_updated_at", "1750000000000"}});
}

TEST(ParadexAccount, MarginFollowsPositionsAndOrders) {
  Market market;
  market.trade("BUY", "1");
  market.post(
      "/v1/orders",
      R"({"market":"BTC-USD-PERP","side":"BUY","type":"LIMIT","size":"1","price":"64000"})");
  const std::string answer = market.get("/v1/account");
  // The fee is 13.0002, and the mark is where it traded.
  expect_members(answer, "",
                 {{"account", market.address()},
                  {"account_value", "999986.9998"},
                  {"total_collateral", "999986.9998"},
                  {"maintenance_margin_requirement", "650.01"},
                  {"margin_cushion", "999336.9898"},
                  {"settlement_asset", "USDC"},
                  {"status", "ACTIVE"},
                  {"updated_at", "1750000000000"}});
  EXPECT_EQ(at(market.get("/v1/account/summary"), "account_value"), "999986.9998");
}

TEST(ParadexAccount, LeverageAndModeAreSetPerMarket) {
  Market market;
  const std::string path = "/v1/account/margin/BTC-USD-PERP";
  EXPECT_EQ(market.post(path, R"({"leverage":5,"margin_type":"ISOLATED"})"),
            R"({"account":")" + market.address() +
                R"(","market":"BTC-USD-PERP","leverage":5,"margin_type":"ISOLATED"})");
  const std::string margin = market.get("/v1/account/margin?market=BTC-USD-PERP");
  EXPECT_EQ(size_of_list(margin, "configs"), 1u);
  expect_members(margin, "configs/0/", {{"leverage", "5"}, {"margin_type", "ISOLATED"}});
  // To say the same again is no error.
  market.post(path, R"({"leverage":5,"margin_type":"ISOLATED"})");
  EXPECT_EQ(market.response.status, 200);
  EXPECT_TRUE(market.commands.empty());
  EXPECT_EQ(size_of_list(market.get("/v1/account/margin"), "configs"), 2u);
}

TEST(ParadexAccount, ABadLeverageIsRefused) {
  Market market;
  const auto refusal = [&](std::string_view market_name, std::string_view body) {
    const std::string answer =
        market.post(std::string("/v1/account/margin/").append(market_name), body);
    return at(answer, "error") + " " + at(answer, "message");
  };
  for (const char* leverage : {"0", "51", "-1", "99999999999999999999", "1.5"}) {
    const std::string body = std::string(R"({"leverage":)") + leverage + "}";
    EXPECT_EQ(refusal("BTC-USD-PERP", body), "VALIDATION_ERROR leverage: out of range") << leverage;
  }
  EXPECT_EQ(refusal("BTC-USD-PERP", "{}"), "VALIDATION_ERROR leverage: is required");
  EXPECT_EQ(refusal("BTC-USD-PERP", R"({"leverage":true})"), "BINDING_ERROR leverage: wrong type");
  EXPECT_EQ(refusal("BTC-USD-PERP", R"({"leverage":5,"margin_type":"PORTFOLIO"})"),
            "VALIDATION_ERROR margin_type: must be CROSS or ISOLATED");
  EXPECT_EQ(refusal("X", R"({"leverage":5})"), "MARKET_NOT_FOUND market not found");
}

TEST(ParadexAccount, TellsWhoItIs) {
  Market market;
  const std::string info = market.get("/v1/account/info");
  expect_members(info, "results/0/",
                 {{"account", market.address()},
                  {"kind", "main"},
                  {"public_key", market.door.credential_of(Exchange::kAlice)->public_key},
                  {"username", "alice"},
                  {"fees/maker_rate", "-0.00005"},
                  {"fees/taker_rate", "0.0002"}});
  EXPECT_EQ(market.get("/v1/account/subaccounts"), info);
  EXPECT_EQ(at(market.get("/v1/account/profile"), "username"), "alice");
  EXPECT_EQ(market.get("/v1/account/settings").front(), '{');
}

TEST(ParadexAccount, PrivateCallsShareTheirBudgets) {
  Exchange exchange({.verify_signatures = false, .rate_limits = gateway::RateLimits::account});
  for (int i = 0; i < 60; ++i) {
    exchange.get("/v1/balance");
    exchange.get("/v1/positions");
  }
  EXPECT_EQ(exchange.response.status, 200);
  const std::string answer = exchange.get("/v1/account");
  EXPECT_EQ(exchange.response.status, 429);
  EXPECT_EQ(at(answer, "error"), "(absent)");  // ccxt goes by the message alone
  EXPECT_EQ(at(answer, "message"), "Rate limit exceeded");
  exchange.del("/v1/orders");
  EXPECT_EQ(exchange.response.status, 204);
}

}  // namespace
}  // namespace venuebox::venues::paradex
