// Instruments by the control API: listed, looked at, halted and delisted, and what a connected
// client sees of it.
#include "client/blocking.h"
#include "client/exchange.h"
#include "client/network_transport.h"
#include "control/test_served.h"
#include "venues/all.h"

namespace venuebox::control {
namespace {
using net::Method;

struct InstrumentsTest : testing::Test {
  int send(Method method, std::string_view path, std::string_view body = "") {
    net::Request request;
    request.method = method;
    request.target = path;
    net::split_target(request);
    request.body = body;
    std::vector<net::Header> headers{{"Host", "127.0.0.1:8000"}};
    request.headers = headers;
    response.reset();
    served.router->handle(request, response);
    return response.status;
  }
  int list(std::string_view body) { return send(Method::post, "/_venuebox/instruments", body); }
  int change(std::string_view symbol, std::string_view body) {
    return send(Method::patch, "/_venuebox/instruments/bybit/" + std::string(symbol), body);
  }
  bool says(std::string_view text) const { return response.body.find(text) != std::string::npos; }

  Served served;
  net::Response response;
};

TEST_F(InstrumentsTest, AreShownWithAllTheirTerms) {
  ASSERT_EQ(send(Method::get, "/_venuebox/instruments?venue=bybit"), 200);
  for (const char* part :
       {R"("symbol":"BTCUSDT","kind":"linear","phase":"open","base":"BTC","quote":"USDT")",
        R"("tick":"0.10","lot":"0.001","quantity_min":"0.001","quantity_max":"1190.000")",
        R"("notional_min":"5","maker_fee":"0.0002","taker_fee":"0.00055","leverage_max":100)",
        R"("funding":{"kind":"interval","interval_ms":28800000)", R"("kind":"spot")",
        R"("kind":"inverse")", R"("last":null,"mark":null)"}) {
    EXPECT_TRUE(says(part)) << part << " in " << response.body;
  }
  ASSERT_EQ(send(Method::get, "/_venuebox/instruments?venue=okx"), 200);
  EXPECT_EQ(response.body, "[]");
}

TEST_F(InstrumentsTest, WhatIsLeftOutIsTakenFromTheOneItIsLike) {
  ASSERT_EQ(list(R"({"venue":"bybit","symbol":"NEWUSDT","like":"BTCUSDT"})"), 201) << response.body;
  EXPECT_TRUE(says(R"("symbol":"NEWUSDT","kind":"linear","phase":"open","base":"NEW")"));
  EXPECT_TRUE(says(R"("tick":"0.10","lot":"0.001")"));
  EXPECT_TRUE(says(R"("leverage_max":100)"));
  ASSERT_EQ(list(R"({"venue":"bybit","symbol":"NEWUSDT","kind":"spot","tick":"0.0001","lot":"0.1",)"
                 R"("quantity_min":"1","quantity_max":"5000000","maker_fee":"0",)"
                 R"("notional_min":"1","price_max":"100"})"),
            201)
      << response.body;
  EXPECT_TRUE(says(R"("tick":"0.0001","lot":"0.1","quantity_min":"1.0")")) << response.body;
  EXPECT_TRUE(says(R"("notional_min":"1","maker_fee":"0","taker_fee":"0.001")"));
  ASSERT_EQ(list(R"({"venue":"bybit","symbol":"NEWUSD","kind":"inverse","quote":"USD",)"
                 R"("leverage_max":20})"),
            201)
      << response.body;
  EXPECT_TRUE(says(R"("settle":"NEW")"));
  EXPECT_TRUE(says(R"("leverage_max":20)"));
}

TEST_F(InstrumentsTest, ErrorsNameTheMemberAndTheMend) {
  struct Row {
    int status;
    std::string_view body, where, detail;
  };
  const Row kRows[] = {
      {400, R"({"symbol":"NEWUSDT"})", "venue", "is missing"},
      {404, R"({"venue":"okx","symbol":"NEWUSDT"})", "venue", "no such venue"},
      {400, R"({"venue":"bybit"})", "symbol", "is missing"},
      {400, R"({"venue":"bybit","symbol":"new"})", "symbol", "must have"},
      {400, R"({"venue":"bybit","symbol":"NEWPERP"})", "base", "does not end in the quote"},
      {404, R"({"venue":"bybit","symbol":"NEWUSDT","like":"NONE"})", "like", "NONE"},
      {400, R"({"venue":"bybit","symbol":"NEWUSDT","kind":"future"})", "kind", "must be spot"},
      {400, R"({"venue":"bybit","symbol":"NEWUSDT","tick":"0"})", "tick", "must be a step > 0"},
      {400, R"({"venue":"bybit","symbol":"NEWUSDT","lot":"-1"})", "lot", "must be a step > 0"},
      {400, R"({"venue":"bybit","symbol":"NEWUSDT","quantity_min":"0.0001"})", "quantity_min",
       "in steps of 0.001"},
      {400, R"({"venue":"bybit","symbol":"NEWUSDT","taker_fee":"2"})", "taker_fee", "-1 to 1"},
      {400, R"({"venue":"bybit","symbol":"NEWUSDT","leverage_max":0})", "leverage_max", "between"},
      {400, R"({"venue":"bybit","symbol":"NEWUSDT","price":"5"})", "price", "pinned"},
      {400, R"({"venue":"bybit","symbol":"NEWUSDT","settle":"BTC"})", "settle", "quote"},
      {400, R"({"venue":"bybit","symbol":"NEWUSDT","tick":"0.0000000001"})", "NEWUSDT", "decimals"},
      {409, R"({"venue":"bybit","symbol":"BTCUSDT"})", "symbol", "listed already"},
      {400, R"({"venue":"bybit","symbol":"NEWUSDT","colour":"red"})", "colour", "not known"}};
  for (const Row& row : kRows) {
    EXPECT_EQ(list(row.body), row.status) << row.body << response.body;
    EXPECT_TRUE(says(row.where)) << response.body;
    EXPECT_TRUE(says(row.detail)) << response.body;
  }
}

TEST_F(InstrumentsTest, ChangeTheirPhase) {
  EXPECT_EQ(change("BTCUSDT", R"({"phase":"halted"})"), 400);
  EXPECT_TRUE(says("say which"));
  EXPECT_EQ(change("BTCUSDT", R"({"phase":"gone","kind":"linear"})"), 400);
  EXPECT_EQ(change("NONE", R"({"phase":"open"})"), 404);
  EXPECT_EQ(change("BTCUSDT", R"({"phase":"halted","kind":"linear"})"), 200);
  EXPECT_TRUE(says(R"("phase":"halted")"));
  EXPECT_EQ(change("BTCUSDT", R"({"phase":"halted","kind":"linear","price":"5"})"), 400);
  EXPECT_EQ(change("BTCUSDT", R"({"phase":"delisted","kind":"linear","price":"5.05"})"), 400);
  EXPECT_EQ(change("BTCUSDT", R"({"phase":"delisted","kind":"linear","price":"5.10"})"), 200);
  EXPECT_TRUE(says(R"("phase":"delisted")"));
  EXPECT_EQ(change("BTCUSDT", R"({"phase":"open","kind":"linear"})"), 409);
  EXPECT_TRUE(says("for good"));
}

// A client over a socket, which is connected all the while.
struct ConnectedClient : InstrumentsTest {
  bool knows(std::string_view symbol) {
    const auto loaded = client::blocking<std::vector<unified::Market>>(
        served.loop, [&](auto then) { exchange.load_markets(then); });
    EXPECT_TRUE(loaded) << loaded.text;
    return std::ranges::any_of(*loaded.value,
                               [&](const unified::Market& m) { return m.symbol == symbol; });
  }
  auto buy(std::string_view symbol) {
    unified::NewOrder wanted;
    wanted.symbol = symbol;
    wanted.quantity = decimal("0.01");
    wanted.price = decimal("5000");
    return client::blocking<client::PlacedOrder>(
        served.loop, [&](auto then) { exchange.create_order(wanted, then); });
  }

  gateway::Credential alice = venues::find("bybit")->demo_credential("alice");
  client::LoopScheduler scheduler{served.loop, served.door};
  client::NetworkTransport transport{served.loop, *net::base_url_from(served.url), {}};
  client::Exchange exchange{*venues::find("bybit")->client,
                            gateway::ClientKeys{alice.key, alice.secret}, transport, scheduler};
};

TEST_F(ConnectedClient, SeesAnInstrumentComeAndGo) {
  constexpr std::string_view kNew = "NEW/USDT:USDT";
  EXPECT_FALSE(knows(kNew));
  ASSERT_EQ(list(R"({"venue":"bybit","symbol":"NEWUSDT","like":"BTCUSDT"})"), 201);
  ASSERT_EQ(
      send(Method::put, "/_venuebox/markets/bybit/NEWUSDT/quote", R"({"bid":"4999","ask":"5000"})"),
      200)
      << response.body;
  EXPECT_TRUE(knows(kNew));
  const auto bought = buy(kNew);
  EXPECT_TRUE(bought) << bought.text;
  const auto& engine = served.box->exchanges()[0]->engine();
  const InstrumentId id = engine.find_instrument("NEWUSDT", InstrumentKindOf::linear_perpetual)->id;
  const AccountId owner{market::kAccounts};
  EXPECT_EQ(engine.position(owner, id).size.raw, 10);
  ASSERT_EQ(change("NEWUSDT", R"({"phase":"delisted"})"), 200);
  EXPECT_EQ(engine.position(owner, id).size.raw, 0);
  const auto refused = buy(kNew);
  EXPECT_FALSE(refused);
  EXPECT_NE(refused.text.find("not live"), std::string::npos) << refused.text;
  EXPECT_FALSE(knows(kNew));
}

}  // namespace
}  // namespace venuebox::control
