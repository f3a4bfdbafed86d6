#include <gtest/gtest.h>

#include "control/test_api.h"

namespace venuebox::control {
namespace {

using net::Method;

TEST_F(ControlTest, TellsItsHealth) {
  EXPECT_EQ(send(Method::get, "/_venuebox/health"), 200);
  EXPECT_EQ(
      response.body,
      R"({"status":"ok","version":"1.2.3","uptime_ms":0,"boxes":1,"venues":["bybit","paradex"]})");
}

TEST_F(ControlTest, RoutesToVenuesBoxesAndNothingElse) {
  EXPECT_EQ(send(Method::get, "/bybit/v5/market/time"), 200);
  EXPECT_EQ(send(Method::get, "/box/none/bybit/v5/market/time"), 404);
  EXPECT_EQ(send(Method::get, "/okx/api/v5/public/time"), 404);
  EXPECT_TRUE(says("/bybit"));
  EXPECT_EQ(send(Method::get, "/"), 404);
  EXPECT_EQ(send(Method::get, "/_venuebox/none"), 404);
  EXPECT_EQ(send(Method::del, "/_venuebox/health"), 405);
  EXPECT_EQ(send(Method::get, "/_venuebox/journal"), 501);
  EXPECT_EQ(response.content_type, "application/problem+json");
}

TEST_F(ControlTest, AVenueCanHaveAPortToItself) {
  listener = 1;
  EXPECT_EQ(send(Method::get, "/v5/market/time"), 404);
  router->set_listener_venue(1, "bybit");
  EXPECT_EQ(send(Method::get, "/v5/market/time"), 200);
  EXPECT_TRUE(says("timeSecond"));
}

TEST_F(ControlTest, KeepsForeignPagesOut) {
  EXPECT_EQ(send(Method::get, "/_venuebox/health", "", {{"Host", "evil.example"}}), 403);
  EXPECT_EQ(send(Method::get, "/_venuebox/health", "", {}), 403);
  EXPECT_EQ(send(Method::get, "/_venuebox/health", "",
                 {{"Host", "localhost:8000"}, {"Origin", "https://evil.example"}}),
            403);
  EXPECT_EQ(send(Method::get, "/_venuebox/health", "",
                 {{"Host", "localhost:8000"}, {"Origin", "http://localhost:8000"}}),
            200);
  EXPECT_EQ(send(Method::get, "/bybit/v5/market/time", "",
                 {{"Host", "x"}, {"Origin", "https://page.example"}}),
            200);
  EXPECT_NE(response.headers.find("Access-Control-Allow-Origin: *"), std::string::npos);
}

struct TokenTest : ControlTest {
  TokenTest() {
    api = std::make_unique<Api>(
        *boxes, ApiSettings{"1", "t0ken", "http://127.0.0.1:8000", boxes->find("default")->config(),
                            settings.clock});
    router = std::make_unique<Router>(*boxes, *api);
  }
};

TEST_F(TokenTest, StandsInForTheHost) {
  EXPECT_EQ(send(Method::get, "/_venuebox/health", "",
                 {{"Host", "box.example:8000"}, {"Authorization", "Bearer t0ken"}}),
            200);
  EXPECT_EQ(send(Method::get, "/metrics", "", {{"Host", "box.example:8000"}}), 401);
}

TEST_F(TokenTest, IsAskedForWhenSet) {
  EXPECT_EQ(send(Method::get, "/_venuebox/health"), 401);
  EXPECT_EQ(send(Method::get, "/_venuebox/health", "",
                 {{"Host", "127.0.0.1:8000"}, {"Authorization", "Bearer t0ken"}}),
            200);
}

TEST_F(ControlTest, BoxesComeAndGo) {
  EXPECT_EQ(
      send(Method::post, "/_venuebox/boxes", R"({"name":"two","seed":7,"market":"synthetic"})"),
      201);
  EXPECT_TRUE(says(R"("url":"http://127.0.0.1:8000/box/two")"));
  EXPECT_TRUE(says(R"("control":"http://127.0.0.1:8000/box/two/_venuebox")"));
  EXPECT_EQ(send(Method::get, "/box/two/bybit/v5/market/orderbook?category=linear&symbol=BTCUSDT"),
            200);
  EXPECT_FALSE(says(R"("a":[])")) << "it has a market of its own";
  EXPECT_EQ(send(Method::post, "/_venuebox/boxes", R"({"name":"two"})"), 409);
  EXPECT_EQ(send(Method::get, "/box/two/_venuebox/state_hash"), 200);
  const std::string by_prefix = response.body;
  EXPECT_EQ(send(Method::get, "/_venuebox/boxes/two/state_hash"), 200);
  EXPECT_EQ(response.body, by_prefix);
  EXPECT_EQ(send(Method::del, "/_venuebox/boxes/two"), 204);
  EXPECT_EQ(send(Method::del, "/_venuebox/boxes/two"), 404);
  EXPECT_EQ(send(Method::del, "/_venuebox/boxes/default"), 400);
}

TEST_F(ControlTest, BoxesAreCheckedBeforeTheyAreMade) {
  for (const char* body :
       {"{}", "[]", "{", R"({"name":"UPPER"})", R"({"name":"spotty"})", R"({"name":""})",
        R"({"name":"a","seed":-1})", R"({"name":"a","seed":"x"})", R"({"name":"a","venues":"b"})",
        R"({"name":"a","venues":["okx"]})", R"({"name":"a","symbols":["NONE"]})",
        R"({"name":"a","market":"live"})", R"({"name":"a","market":"replay:/none"})",
        R"({"name":"a","clock":"fast"})", R"({"name":"a","clock":"scaled"})",
        R"({"name":"a","clock":"wall:2"})", R"({"name":"a","markte":"pinned"})",
        R"({"name":"a","venues":["bybit","bybit"]})"}) {
    const int status = send(Method::post, "/_venuebox/boxes", body);
    EXPECT_TRUE(status == 400 || status == 404) << body << " gives " << status;
    EXPECT_EQ(response.content_type, "application/problem+json");
  }
  EXPECT_EQ(boxes->all().size(), 1u);
}

TEST_F(ControlTest, ASubAccountBeginsWithNothingAndIsGivenWhatCanBeSpent) {
  EXPECT_EQ(send(Method::post, "/_venuebox/accounts", R"({"name":"desk-1","parent":"alice"})"),
            201);
  EXPECT_FALSE(says("1000000"));
  EXPECT_EQ(send(Method::post, "/_venuebox/accounts", R"({"name":"desk-2","parent":"nobody"})"),
            404);
  const auto& engine = boxes->find("default")->exchanges()[0]->engine();
  const AccountId alice{market::kAccounts};
  const AccountId desk{engine.account_count() - 1};
  EXPECT_EQ(engine.parent(desk), alice);

  const std::string path = "/_venuebox/accounts/alice/transfer";
  EXPECT_EQ(send(Method::post, path,
                 R"({"venue":"bybit","to":"desk-1","asset":"USDT","amount":"250.5"})"),
            200);
  const AssetId usdt = engine.find_asset("USDT")->id;
  EXPECT_EQ(engine.balance(desk, usdt).cash.units, 2505 * power_of_ten(13));
  EXPECT_EQ(engine.balance(alice, usdt).cash.units, 9'997'495 * power_of_ten(13));
  EXPECT_EQ(send(Method::post, path,
                 R"({"venue":"bybit","to":"desk-1","asset":"USDT","amount":"1000000"})"),
            409);
  EXPECT_TRUE(says("999749.5"));
  for (const char* body : {R"({"venue":"bybit","to":"alice","asset":"USDT","amount":"1"})",
                           R"({"venue":"bybit","to":"desk-1","asset":"USDT","amount":"-1"})",
                           R"({"venue":"bybit","to":"desk-1","asset":"USDT"})"}) {
    EXPECT_EQ(send(Method::post, path, body), 400) << body;
  }
}

TEST_F(ControlTest, AnAccountGetsFeesOfItsOwn) {
  const std::string path = "/_venuebox/accounts/alice/fees";
  EXPECT_EQ(send(Method::post, path,
                 R"({"venue":"bybit","category":"linear","maker":"-0.0001","taker":"0.0003"})"),
            200);
  const auto& engine = boxes->find("default")->exchanges()[0]->engine();
  const Instrument* perpetual =
      engine.find_instrument("BTCUSDT", InstrumentKindOf::linear_perpetual);
  const FeeRates rates = engine.fee_rates(market::kInsurance, perpetual->id);
  EXPECT_EQ(engine.fee_rates(AccountId{market::kAccounts}, perpetual->id),
            (FeeRates{Rate{-100'000}, Rate{300'000}}));
  EXPECT_EQ(rates, (FeeRates{perpetual->maker_fee, perpetual->taker_fee}));
  for (const char* body : {R"({"venue":"bybit","category":"linear","maker":"2","taker":"0"})",
                           R"({"venue":"bybit","category":"linear","maker":"x","taker":"0"})",
                           R"({"venue":"bybit","category":"option","maker":"0","taker":"0"})",
                           R"({"venue":"bybit","category":"linear","maker":"0"})",
                           R"({"category":"linear","maker":"0","taker":"0"})"}) {
    EXPECT_EQ(send(Method::post, path, body), 400) << body;
  }
  EXPECT_EQ(send(Method::post, "/_venuebox/accounts/nobody/fees",
                 R"({"venue":"bybit","category":"linear","maker":"0","taker":"0"})"),
            404);
}

TEST_F(ControlTest, QuotesAreShownAndTradedAt) {
  EXPECT_EQ(send(Method::put, "/_venuebox/markets/bybit/BTCUSDT/quote?category=linear",
                 R"({"bid":"60000","ask":"60001.5","last":60001,"bid_size":"2"})"),
            200);
  EXPECT_EQ(send(Method::get, "/bybit/v5/market/tickers?category=linear&symbol=BTCUSDT"), 200);
  EXPECT_TRUE(says(R"("bid1Price":"60000.00","bid1Size":"2.000","ask1Price":"60001.50")"));
  EXPECT_TRUE(says(R"("lastPrice":"60001.00")"));
  EXPECT_EQ(send(Method::get, "/bybit/v5/market/orderbook?category=spot&symbol=BTCUSDT"), 200);
  EXPECT_TRUE(says(R"("a":[])"));
  EXPECT_EQ(send(Method::put, "/_venuebox/markets/bybit/BTCUSDT/quote",
                 R"({"bid":"60000","ask":"60001"})"),
            200);
  EXPECT_TRUE(says(R"("instruments":2)"));
  for (const char* body : {R"({"bid":"1"})", R"({"bid":"2","ask":"1"})", R"({"bid":"0","ask":"1"})",
                           R"({"bid":"1.01","ask":"2"})", R"({"bid":"1","ask":"2","bid_size":"0"})",
                           R"({"bid":"1","ask":"2","last":"x"})", R"({"bid":true,"ask":"2"})"}) {
    EXPECT_EQ(send(Method::put, "/_venuebox/markets/bybit/BTCUSDT/quote", body), 400) << body;
  }
  const char* quote = R"({"bid":"1","ask":"2"})";
  EXPECT_EQ(send(Method::put, "/_venuebox/markets/bybit/NONE/quote", quote), 404);
  EXPECT_EQ(send(Method::put, "/_venuebox/markets/okx/BTCUSDT/quote", quote), 404);
}

TEST_F(ControlTest, ClocksMoveForwards) {
  EXPECT_EQ(send(Method::get, "/_venuebox/clock"), 200);
  EXPECT_TRUE(says(R"("mode":"manual")") && says("2025-01-01T00:00:00.000Z"));
  EXPECT_EQ(send(Method::post, "/_venuebox/clock", R"({"advance_ms":1500})"), 200);
  EXPECT_TRUE(says("2025-01-01T00:00:01.500Z"));
  EXPECT_EQ(send(Method::post, "/_venuebox/clock", R"({"set_ms":1000})"), 400);
  EXPECT_EQ(send(Method::post, "/_venuebox/clock", R"({"set_ms":1735689602000})"), 200);
  EXPECT_EQ(send(Method::post, "/_venuebox/clock", R"({"mode":"scaled","scale":60})"), 200);
  EXPECT_TRUE(says(R"("scale":60)"));
}

TEST_F(ControlTest, AccountsShowTheirSecretOnce) {
  EXPECT_EQ(send(Method::post, "/_venuebox/accounts",
                 R"({"name":"dave","balances":{"USDT":"1000.5"},)"
                 R"("credentials":{"bybit":{"apiKey":"k","secret":"abcdefghijkl"}}})"),
            201);
  EXPECT_TRUE(says(R"("balances":{"USDT":"1000.5"})")) << response.body;
  EXPECT_TRUE(says("abcdefghijkl"));
  EXPECT_EQ(send(Method::get, "/_venuebox/accounts"), 200);
  EXPECT_FALSE(says("abcdefghijkl"));
  EXPECT_TRUE(says("abc...***"));
  EXPECT_EQ(send(Method::post, "/_venuebox/accounts/dave/deposit",
                 R"({"venue":"bybit","asset":"USDT","amount":"0.5"})"),
            200);
  EXPECT_TRUE(says(R"("USDT":"1001")"));
  EXPECT_EQ(send(Method::post, "/_venuebox/accounts", R"({"name":"dave"})"), 409);
  for (const char* body : {R"({"name":"my bot"})", R"({"name":"x","balance":{}})",
                           R"({"name":"x","credentials":{"bybit":{"apiKey":123}}})"}) {
    EXPECT_EQ(send(Method::post, "/_venuebox/accounts", body), 400) << body;
  }
  EXPECT_EQ(send(Method::post, "/_venuebox/accounts/eve/deposit",
                 R"({"venue":"bybit","asset":"USDT","amount":"1"})"),
            404);
}

TEST_F(ControlTest, RequestsCanBeLookedUp) {
  send(Method::get, "/bybit/v5/market/time");
  send(Method::get, "/bybit/v5/none");
  EXPECT_EQ(send(Method::get, "/_venuebox/requests?operation=fetch_time"), 200);
  EXPECT_TRUE(says(R"("target":"/bybit/v5/market/time")"));
  EXPECT_FALSE(says("none"));
  EXPECT_EQ(send(Method::get, "/_venuebox/requests?status=404&limit=1"), 200);
  EXPECT_TRUE(says("none"));
  EXPECT_EQ(send(Method::get, "/_venuebox/requests?limit=0"), 400);
  EXPECT_EQ(send(Method::get, "/metrics"), 200);
  EXPECT_TRUE(says("venuebox_requests_total{box=\"default\"} 2"));
}

TEST_F(ControlTest, ResetAndInstruments) {
  EXPECT_EQ(send(Method::post, "/_venuebox/reset"), 200);
  EXPECT_TRUE(says("state_hash"));
  EXPECT_EQ(send(Method::get, "/_venuebox/instruments"), 200);
  EXPECT_TRUE(says(R"("symbol":"BTCUSDT","kind":"linear")"));
}

}  // namespace
}  // namespace venuebox::control
