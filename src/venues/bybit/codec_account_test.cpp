#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

std::string order(std::string_view category, std::string_view side, std::string_view price,
                  std::string_view quantity) {
  return std::string(R"({"category":")")
      .append(category)
      .append(R"(","symbol":"BTCUSDT","orderType":"Limit","side":")")
      .append(side)
      .append(R"(","price":")")
      .append(price)
      .append(R"(","qty":")")
      .append(quantity)
      .append("\"}");
}

std::string coin(Exchange& exchange, std::string_view name) {
  return at(
      exchange.get("/v5/account/wallet-balance?accountType=UNIFIED&coin=" + std::string(name)),
      "result/list/0/coin/0");
}

std::string position(Exchange& exchange) {
  return at(exchange.get("/v5/position/list?category=linear&symbol=BTCUSDT"), "result/list/0");
}

TEST(Account, ShakesHandsAsAUnifiedAccount) {
  Exchange exchange;
  const std::string key = exchange.get("/v5/user/query-api");
  EXPECT_EQ(at(key, "result/uta"), "1");
  EXPECT_EQ(at(key, "result/unified"), "0");
  EXPECT_EQ(at(key, "result/permissions/Spot"), R"(["SpotTrade"])");
  const std::string info = exchange.get("/v5/account/info");
  EXPECT_EQ(at(info, "result/unifiedMarginStatus"), "6");
  EXPECT_EQ(at(info, "result/marginMode"), "REGULAR_MARGIN");
  EXPECT_EQ(at(exchange.get("/v5/asset/coin/query-info"), "result/rows"), "[]");
}

TEST(Account, ShowsBalances) {
  Exchange exchange;
  const std::string body = exchange.get("/v5/account/wallet-balance?accountType=UNIFIED");
  const std::string account = at(body, "result/list/0");
  EXPECT_EQ(at(account, "accountType"), "UNIFIED");
  ASSERT_EQ(size_of_list(account, "coin"), 2u) << "no row for an asset that is not there";
  EXPECT_EQ(at(account, "coin/0/coin"), "USDT");
  EXPECT_EQ(at(account, "coin/0/walletBalance"), "1000000");
  EXPECT_EQ(at(account, "coin/0/usdValue"), "1000000");
  EXPECT_EQ(at(account, "coin/0/availableToWithdraw"), "");
  EXPECT_EQ(at(account, "coin/1/walletBalance"), "100");
  EXPECT_EQ(at(account, "coin/1/usdValue"), "") << "nothing traded, so nobody knows its price";
  EXPECT_EQ(at(account, "totalEquity"), "1000000");
  EXPECT_EQ(at(account, "accountIMRate"), "0");
  EXPECT_EQ(at(exchange.get("/v5/account/wallet-balance?accountType=FUND"), "retCode"), "10001");
  EXPECT_EQ(at(exchange.get("/v5/account/wallet-balance"), "retCode"), "10001");
}

TEST(Account, ShowsWhatOrdersHold) {
  Exchange exchange;
  exchange.post("/v5/order/create", order("spot", "Buy", "59900", "0.5"));
  exchange.post("/v5/order/create", order("spot", "Sell", "60100", "2"));
  exchange.post("/v5/order/create", order("linear", "Buy", "59900", "1"));
  const std::string usdt = coin(exchange, "USDT");
  EXPECT_EQ(at(usdt, "walletBalance"), "1000000");
  EXPECT_EQ(at(usdt, "locked"), "29950");
  EXPECT_EQ(at(usdt, "totalOrderIM"), "5990");
  EXPECT_EQ(at(usdt, "totalPositionIM"), "0");
  EXPECT_EQ(at(coin(exchange, "BTC"), "locked"), "2");
  EXPECT_EQ(at(exchange.get("/v5/account/wallet-balance?accountType=UNIFIED"),
               "result/list/0/totalAvailableBalance"),
            "964060");
}

TEST(Account, ShowsAPosition) {
  Exchange exchange;
  EXPECT_EQ(at(position(exchange), "size"), "0") << "a row even when flat";
  EXPECT_EQ(at(position(exchange), "side"), "");
  EXPECT_EQ(at(position(exchange), "leverage"), "10");

  exchange.quote("linear", 599'990, 600'010, 200);
  exchange.quote("linear", 599'980, 600'020, 1'000);
  exchange.post("/v5/order/create", order("linear", "Buy", "60100", "0.3"));
  const std::string row = position(exchange);
  // 0.2 at 60001.00 and 0.1 at 60002.00; the mark is the middle of 59999.00 and 60002.00.
  const std::vector<std::pair<const char*, std::string>> expected{
      {"symbol", "BTCUSDT"},
      {"side", "Buy"},
      {"size", "0.300"},
      {"avgPrice", "60001.333333"},
      {"positionValue", "18000.4"},
      {"markPrice", "60002"},
      {"unrealisedPnl", "0.2"},
      {"positionIM", "1800.06"},
      {"positionMM", "90.003"},
      {"liqPrice", ""},
      {"curRealisedPnl", "-9.90022"},
      {"cumRealisedPnl", "-9.90022"},
      {"positionIdx", "0"},
      {"openTime", "1700000000"},
  };
  for (const auto& [key, value] : expected)
    EXPECT_EQ(at(row, key), value) << key;

  const std::string usdt = coin(exchange, "USDT");
  EXPECT_EQ(at(usdt, "walletBalance"), "999990.09978");
  EXPECT_EQ(at(usdt, "equity"), "999990.29978");
  EXPECT_EQ(at(usdt, "totalPositionIM"), "1800.06");
  EXPECT_EQ(at(usdt, "totalPositionMM"), "90.003");
  EXPECT_EQ(at(usdt, "unrealisedPnl"), "0.2");
  EXPECT_EQ(at(usdt, "cumRealisedPnl"), "-9.90022");
  const std::string account =
      at(exchange.get("/v5/account/wallet-balance?accountType=UNIFIED"), "result/list/0");
  EXPECT_EQ(at(account, "totalPerpUPL"), "0.2");
  EXPECT_EQ(at(account, "accountIMRate"), "0.0018");
  // 100 BTC at the last price of the perpetual, since spot has none.
  EXPECT_EQ(at(account, "coin/1/usdValue"), "6000200");

  const auto rows = [&](const char* query) {
    return size_of_list(exchange.get(std::string("/v5/position/list?").append(query)),
                        "result/list");
  };
  EXPECT_EQ(rows("category=linear&settleCoin=USDT&limit=200"), 1u);
  EXPECT_EQ(rows("category=linear&symbol=ETHUSDT"), 1u);
  EXPECT_EQ(rows("category=inverse"), 0u);
}

TEST(Account, ShowsAShortPosition) {
  Exchange exchange;
  exchange.quote("linear", 599'990, 600'010, 1'000);
  exchange.post("/v5/order/create", order("linear", "Sell", "59000", "0.3"));
  EXPECT_EQ(at(position(exchange), "side"), "Sell");
  EXPECT_EQ(at(position(exchange), "size"), "0.300");
  EXPECT_EQ(at(position(exchange), "avgPrice"), "59999");
  EXPECT_EQ(at(position(exchange), "positionValue"), "17999.7");
}

TEST(Account, RefusesQueriesThatNameNothing) {
  Exchange exchange;
  for (const char* target :
       {"/v5/position/list", "/v5/position/list?category=linear",
        "/v5/position/list?category=spot&symbol=BTCUSDT",
        "/v5/position/list?category=linear&symbol=NOSUCH",
        "/v5/position/list?category=linear&settleCoin=USDT&limit=201",
        "/v5/account/fee-rate?category=linear&symbol=NOSUCH", "/v5/account/fee-rate?category=x"}) {
    EXPECT_EQ(at(exchange.get(target), "retCode"), "10001") << target;
  }
}

TEST(Account, ShowsFeeRates) {
  Exchange exchange;
  const std::string linear = exchange.get("/v5/account/fee-rate?category=linear&symbol=BTCUSDT");
  EXPECT_EQ(at(linear, "result/list"),
            R"([{"symbol":"BTCUSDT","takerFeeRate":"0.00055","makerFeeRate":"0.0002"}])");
  const std::string spot = exchange.get("/v5/account/fee-rate?category=spot");
  EXPECT_EQ(size_of_list(spot, "result/list"), 2u);
  EXPECT_EQ(at(spot, "result/list/0/makerFeeRate"), "0.001");
}

TEST(Account, SetsLeverage) {
  Exchange exchange;
  const auto set = [&](std::string_view buy, std::string_view sell, std::string_view symbol) {
    return exchange.post("/v5/position/set-leverage",
                         std::string(R"({"category":"linear","symbol":")")
                             .append(symbol)
                             .append(R"(","buyLeverage":")")
                             .append(buy)
                             .append(R"(","sellLeverage":")")
                             .append(sell)
                             .append("\"}"));
  };
  EXPECT_EQ(at(set("5", "5.00", "BTCUSDT"), "result"), "{}");
  EXPECT_EQ(at(position(exchange), "leverage"), "5");
  const struct {
    const char* buy;
    const char* sell;
    const char* symbol;
    const char* code;
  } kCases[] = {{"5", "5", "BTCUSDT", "110043"},       {"1000", "1000", "BTCUSDT", "110013"},
                {"0", "0", "BTCUSDT", "110013"},       {"-3", "-3", "BTCUSDT", "110013"},
                {"1e18", "1e18", "BTCUSDT", "110013"}, {"5", "6", "BTCUSDT", "10001"},
                {"5.5", "5.5", "BTCUSDT", "10001"},    {"x", "x", "BTCUSDT", "10001"},
                {"", "5", "BTCUSDT", "10001"},         {"7", "7", "NOSUCH", "10001"}};
  for (const auto& c : kCases) {
    EXPECT_EQ(at(set(c.buy, c.sell, c.symbol), "retCode"), c.code) << c.buy << " " << c.sell;
  }
  EXPECT_EQ(at(position(exchange), "leverage"), "5");
}

// ---- what belongs to the venue rather than to one route -----------------------------------------

TEST(Venue, SaysWhatIsNotBuilt) {
  Exchange exchange;
  for (const gateway::Route& route : venue.routes) {
    const bool is_empty = !route.answer && !route.decode && !route.encode && !route.cost;
    EXPECT_NE(is_built(route), is_empty) << route.path << " is built by half";
    EXPECT_FALSE(route.operation.empty()) << route.path;
    EXPECT_EQ(route.access == gateway::Access::open, route.calls_per_second == 0) << route.path;
  }
  const std::string answer = exchange.get("/v5/market/mark-price-kline?symbol=BTCUSDT");
  EXPECT_EQ(at(answer, "retCode"), "10001");
  EXPECT_EQ(at(answer, "retMsg"),
            "params error: /v5/market/mark-price-kline not supported by venuebox");
}

TEST(Venue, RefusesAtTheDoor) {
  Exchange exchange;
  gateway::Response response;
  gateway::Request request;
  gateway::Call call{.request = request,
                     .view = exchange.view(),
                     .response = response,
                     .account = {},
                     .account_name = {},
                     .now = exchange.now,
                     .door_time = exchange.door_time,
                     .json = exchange.json,
                     .commands = exchange.commands,
                     .box_key = 1};
  exchange.commands.clear();
  venue.refuse_unknown_path(call, true);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(at(response.body, "retCode"), "10017");

  response.reset();
  venue.refuse(call, RejectReason::rate_limited);
  EXPECT_EQ(response.status, 200) << "clients read retCode only of 200";
  EXPECT_EQ(at(response.body, "retCode"), "10006");

  PlaceOrder spot;
  spot.instrument = exchange.view().find_instrument("BTCUSDT", InstrumentKindOf::spot)->id;
  exchange.commands.emplace_back(spot);
  response.reset();
  venue.refuse(call, RejectReason::insufficient_balance);
  EXPECT_EQ(at(response.body, "retCode"), "170131");

  response.reset();
  venue.limit_headers(response, 10, 9, timestamp_from_ms(1'700'000'001'000));
  EXPECT_EQ(response.headers,
            "X-Bapi-Limit: 10\r\nX-Bapi-Limit-Status: 9\r\n"
            "X-Bapi-Limit-Reset-Timestamp: 1700000001000\r\n");
}

}  // namespace
}  // namespace venuebox::venues::bybit
