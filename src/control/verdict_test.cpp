// What a client believes, held against the venue through the control API.
#include <gtest/gtest.h>

#include "control/test_served.h"
#include "faults/parse.h"

namespace venuebox::control {
namespace {

struct VerdictTest : testing::Test {
  VerdictTest() {
    boxes_settings.rate_limits = gateway::RateLimits::off;
    boxes_settings.clock.mode = box::ClockMode::manual;
    boxes_settings.verify_signatures["bybit"] = false;
    box::BoxConfig config;
    config.venues = {"bybit"};
    config.symbols = {"BTC"};
    config.market = *market::MarketSpec::from_text("pinned");
    boxes.emplace(door, boxes_settings);
    auto made = boxes->create(config, boxes_settings.clock, store::make_memory_store());
    VENUEBOX_ASSERT(bool(made));
    box = *made;
    api.emplace(*boxes, ApiSettings{"1.2.3", "", "http://127.0.0.1", config, boxes_settings.clock});
    router.emplace(*boxes, *api);
    const auto* listed = box->exchanges()[0]->engine().find_instrument(
        "BTCUSDT", InstrumentKindOf::linear_perpetual);
    const market::Quote quote{Ticks{600'000}, Ticks{600'010}, {}, Lots{100}, Lots{100}};
    VENUEBOX_ASSERT(bool(box->set_quote(0, listed->id, quote)));
  }

  std::string send(std::string_view target, std::string_view body) {
    const net::Header headers[] = {{"Host", "127.0.0.1"}};
    net::Request request;
    request.method = net::Method::post;
    request.target = target;
    net::split_target(request);
    request.body = body;
    request.headers = headers;
    response.reset();
    router->handle(request, response);
    return response.body;
  }
  void place(std::string_view price, std::string_view name) {
    send("/bybit/v5/order/create",
         fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","side":"Buy",)"
                     R"("orderType":"Limit","qty":"0.010","price":"{}","orderLinkId":"{}"}})",
                     price, name));
  }
  std::string verdict(std::string_view rest) {
    return send("/_venuebox/verdict",
                fmt::format(R"({{"venue":"bybit","account":"alice",{}}})", rest));
  }

  ManualClock door{timestamp_from_ms(1'700'000'000'000)};
  box::BoxSettings boxes_settings;
  std::optional<Boxes> boxes;
  box::Box* box = nullptr;
  std::optional<Api> api;
  std::optional<Router> router;
  net::Response response;
};

TEST_F(VerdictTest, FindsNothingWhereBothAgree) {
  place("60002.00", "a");
  place("50000.00", "b");
  EXPECT_EQ(verdict(R"("orders":[{"client_order_id":"a","status":"closed","filled":"0.01"},)"
                    R"({"client_order_id":"b","status":"open","filled":0}],)"
                    R"("positions":{"BTCUSDT":"0.010"},"balances":{"BTC":"100"})"),
            "[]");
}

TEST_F(VerdictTest, NamesTheRequestAndTheFaultThatLedToADifference) {
  const auto fault =
      faults::fault_from_json(R"({"name":"third","where":{"operation":"place_order"},)"
                              R"("action":{"type":"partial_fill","fill_ratio":0.3}})");
  ASSERT_TRUE(fault);
  ASSERT_TRUE(box->plan().put(*fault, box->now()));
  place("60002.00", "a");
  const std::string found =
      verdict(R"("orders":[{"client_order_id":"a","status":"closed","filled":"0.01"}])");
  EXPECT_EQ(
      found,
      R"([{"path":"orders.a.status","venue_knows":"open","client_believes":"closed",)"
      R"("request":{"number":1,"arrived":"1970-01-01T00:00:00.000Z","operation":"place_order",)"
      R"("method":"POST","target":"/bybit/v5/order/create","status":200},)"
      R"("faults":[{"fault":"third","type":"partial_fill","n":1}]},)"
      R"({"path":"orders.a.filled","venue_knows":"0.003","client_believes":"0.01",)"
      R"("request":{"number":1,"arrived":"1970-01-01T00:00:00.000Z","operation":"place_order",)"
      R"("method":"POST","target":"/bybit/v5/order/create","status":200},)"
      R"("faults":[{"fault":"third","type":"partial_fill","n":1}]}])");
}

TEST_F(VerdictTest, KnowsOrdersAndPositionsThatTheClientForgot) {
  place("60002.00", "a");
  place("50000.00", "b");
  const std::string found = verdict(R"("orders":[],"positions":{})");
  EXPECT_NE(found.find(R"({"path":"orders.b","venue_knows":"open","client_believes":"unknown")"),
            std::string::npos)
      << found;
  EXPECT_EQ(found.find(R"("path":"orders.a")"), std::string::npos) << "it has ended";
  EXPECT_NE(found.find(R"("path":"positions.BTCUSDT","venue_knows":"0.010","client_believes":"0")"),
            std::string::npos)
      << found;
}

TEST_F(VerdictTest, KnowsOrdersThatNeverArrived) {
  const std::string found =
      verdict(R"("orders":[{"client_order_id":"a","status":"open"},)"
              R"({"client_order_id":"b","status":"rejected"}],"balances":{"USDT":"5"})");
  EXPECT_NE(found.find(R"("path":"orders.a","venue_knows":"unknown","client_believes":"open")"),
            std::string::npos)
      << found;
  EXPECT_EQ(found.find("orders.b"), std::string::npos) << found;
  EXPECT_NE(found.find(R"("path":"balances.USDT","venue_knows":"1000000","client_believes":"5")"),
            std::string::npos)
      << found;
}

TEST_F(VerdictTest, RefusesABeliefThatCannotBeRead) {
  const std::pair<const char*, const char*> kWrong[] = {
      {R"("orders":{})", "orders"},
      {R"("orders":[{"client_order_id":"a","status":"done"}])", "orders[0].status"},
      {R"("orders":[{"status":"open"}])", "orders[0].client_order_id"},
      {R"("orders":[{"client_order_id":"a","filled":"x"}])", "orders[0].filled"},
      {R"("positions":{"DOGE":"1"})", "positions.DOGE"},
      {R"("balances":{"USDT":"much"})", "balances.USDT"},
      {R"("balance":{})", "balance"}};
  for (const auto& [rest, field] : kWrong) {
    const std::string answer = verdict(rest);
    EXPECT_GE(response.status, 400) << rest;
    EXPECT_NE(answer.find(fmt::format("\"{}\"", field)), std::string::npos) << answer;
  }
  send("/_venuebox/verdict", R"({"venue":"acme"})");
  EXPECT_EQ(response.status, 404);
}

}  // namespace
}  // namespace venuebox::control
