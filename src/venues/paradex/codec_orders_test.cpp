#include "model/instrument.h"
#include "venues/paradex/ids.h"
#include "venues/paradex/test_exchange.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::Method;

constexpr auto kOrders = "/v1/orders";
constexpr auto kOrder =
    R"({"market":"BTC-USD-PERP","side":"BUY","type":"LIMIT","size":"0.01","price":"64000"})";

// The same order with one member said otherwise.
std::string with(std::string body, std::string_view from, std::string_view to) {
  const std::size_t place = body.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return body.replace(place, from.size(), to);
}
// And with further members.
std::string and_with(std::string_view more, std::string body = kOrder) {
  return with(std::move(body), "}", "," + std::string(more) + "}");
}

// BTC at 65000, as wide as the captured orders need.
struct Market : Exchange {
  Market() { quote(649'990, 650'010, 1'000'000); }
};

// ---- what real clients send ---------------------------------------------------------------------

std::string summary(const PlaceOrder& place, const View& view) {
  const Instrument& instrument = view.instruments()[place.instrument.raw];
  std::string text = place.side == Side::buy ? "buy" : "sell";
  text += place.type == OrderType::market ? " market" : " limit";
  if (place.quantity.raw > 0) text += " " + quantity_text(place.quantity, instrument);
  if (place.price.raw > 0) text += " at " + price_text(place.price, instrument);
  if (place.time_in_force == TimeInForce::ioc) text += " ioc";
  if (place.post_only) text += " post-only";
  if (place.reduce_only) text += " reduce-only";
  if (place.close_position) text += " whole";
  if (const auto& trigger = place.trigger) {
    text += trigger->direction == TriggerDirection::rises ? " rising to " : " falling to ";
    text += price_text(trigger->price, instrument);
  }
  if (!place.client_order_id.empty()) text.append(" named ").append(place.client_order_id.view());
  return text;
}

TEST(ParadexOrders, DecodesEveryCapturedOrder) {
  std::vector<std::string> decoded;
  for (const Captured& captured : captured_requests()) {
    if (captured.method != Method::post || !captured.target.starts_with(kOrders)) continue;
    Market market;
    market.quote(249'990, 250'010, 1'000'000, "ETH-USD-PERP");
    market.send(captured.method, captured.target, captured.body, Exchange::kAlice);
    EXPECT_EQ(market.response.status, 201) << captured.note << market.response.body;
    for (const CommandBody& command : market.commands)
      decoded.push_back(summary(std::get<PlaceOrder>(command), market.view()));
  }
  const std::vector<std::string> expected{
      "buy limit 0.05000 at 65000.0",
      "sell limit 0.05000 at 65000.1 named mockx-1",
      "buy limit 0.05000 at 64000.0 post-only",
      "buy limit 0.05000 at 64000.0 ioc",
      "buy limit 0.05000 at 64000.0",
      "buy market 0.05000 ioc",
      "sell market 0.05000 ioc reduce-only",
      "sell market 0.05000 ioc falling to 60000.0",
      "sell limit 0.05000 at 59900.0 falling to 60000.0",
      "sell market ioc reduce-only whole falling to 60000.0",
      "sell market ioc reduce-only whole rising to 70000.0",
      "sell limit at 59900.0 reduce-only whole falling to 60000.0",
      "buy limit 1.2345 at 2500.55",
      "buy limit 0.01000 at 64000.0",
      "sell limit 0.01000 at 66000.0 post-only",
      "buy limit 0.05000 at 65000.0",
  };
  EXPECT_EQ(decoded, expected);
}

TEST(ParadexOrders, EveryOtherCapturedRequestIsServed) {
  Market market;
  for (const Captured& captured : captured_requests()) {
    if (captured.method == Method::post && captured.target.starts_with(kOrders)) continue;
    const std::string answer =
        market.send(captured.method, captured.target, captured.body, Exchange::kAlice);
    // The orders that they name are another box's.
    const bool names_an_order =
        captured.target.find("1750000000000201703986670000") != std::string::npos ||
        captured.target.find("by_client_id") != std::string::npos;
    EXPECT_EQ(market.response.status / 100, names_an_order ? 4 : 2) << captured.target << answer;
    const std::string error = names_an_order ? at(answer, "error") : "";
    EXPECT_EQ(error.ends_with("ORDER_ID_NOT_FOUND"), names_an_order) << error;
  }
}

// ---- the life of an order -----------------------------------------------------------------------

TEST(ParadexOrders, AnAcceptedOrderIsNewAndThenOpen) {
  Market market;
  const std::string answer = market.post(kOrders, and_with(R"("client_id":"c-1")"));
  EXPECT_EQ(market.response.status, 201);
  EXPECT_EQ(at(answer, "status"), "NEW");
  EXPECT_EQ(at(answer, "account"), market.door.credential_of(Exchange::kAlice)->key);
  for (const auto& [member, value] :
       std::vector<std::pair<const char*, const char*>>{{"market", "BTC-USD-PERP"},
                                                        {"side", "BUY"},
                                                        {"type", "LIMIT"},
                                                        {"price", "64000"},
                                                        {"size", "0.01"},
                                                        {"remaining_size", "0.01"},
                                                        {"avg_fill_price", ""},
                                                        {"cancel_reason", ""},
                                                        {"client_id", "c-1"},
                                                        {"instruction", "GTC"},
                                                        {"stp", "EXPIRE_TAKER"},
                                                        {"trigger_price", "0"},
                                                        {"flags", "[]"},
                                                        {"created_at", "1750000000000"}}) {
    EXPECT_EQ(at(answer, member), value) << member;
  }
  const std::string open = market.get("/v1/orders?market=BTC-USD-PERP");
  EXPECT_EQ(size_of_list(open, "results"), 1u);
  EXPECT_EQ(at(open, "results/0/status"), "OPEN");
  EXPECT_EQ(at(open, "results/0/id"), at(answer, "id"));
  EXPECT_EQ(at(market.get("/v1/orders/open"), "results/0/id"), at(answer, "id"));
  EXPECT_EQ(at(market.get("/v1/orders?market=ETH-USD-PERP"), "results"), "[]");
}

TEST(ParadexOrders, WhatFillsAtOnceIsToldAsNewAndFoundClosed) {
  Market market;
  const std::string answer = market.post(kOrders, with(kOrder, R"("LIMIT")", R"("MARKET")"));
  EXPECT_EQ(at(answer, "status"), "NEW");
  EXPECT_EQ(at(answer, "remaining_size"), "0.01");
  EXPECT_EQ(at(answer, "price"), "0");
  const std::string now = market.get("/v1/orders/" + at(answer, "id"));
  EXPECT_EQ(at(now, "status"), "CLOSED");
  EXPECT_EQ(at(now, "remaining_size"), "0");
  EXPECT_EQ(at(now, "cancel_reason"), "");
  EXPECT_EQ(at(now, "avg_fill_price"), "65001");
}

// An order that passes the checks of its terms is taken, and told later why it ended.
TEST(ParadexOrders, RiskEndsAnOrderThatWasTaken) {
  Market market;
  const auto ends_with = [&](const std::string& body) {
    const std::string answer = market.post(kOrders, body);
    EXPECT_EQ(market.response.status, 201) << answer;
    EXPECT_EQ(at(answer, "status"), "NEW");
    EXPECT_EQ(at(answer, "cancel_reason"), "");
    const std::string now = market.get("/v1/orders/" + at(answer, "id"));
    EXPECT_EQ(at(now, "status"), "CLOSED");
    return at(now, "cancel_reason");
  };
  EXPECT_EQ(ends_with(and_with(R"("instruction":"IOC")")), "NO_LIQUIDITY");
  EXPECT_EQ(ends_with(and_with(R"("flags":["REDUCE_ONLY"])")), "REDUCE_ONLY_WILL_INCREASE");
  EXPECT_EQ(ends_with(with(and_with(R"("instruction":"POST_ONLY")"), "64000", "65001")),
            "POST_ONLY_WOULD_CROSS");
  market.execute(SetLeverage{Exchange::kAlice, InstrumentId{0}, 1});
  EXPECT_EQ(ends_with(with(kOrder, "0.01", "20")), "NOT_ENOUGH_MARGIN");
}

TEST(ParadexOrders, ABareCurlPlacesAnOrder) {
  Market market;
  gateway::Request request;
  request.method = Method::post;
  request.path = request.target = kOrders;
  request.body =
      R"({"market":"BTC-USD-PERP","side":"SELL","order_type":"LIMIT","size":0.5,"price":66000})";
  market.response.reset();
  market.door.handle(request, market.response, market,
                     {.box_time = market.now, .door_time = market.now, .box_key = 77});
  EXPECT_EQ(market.response.status, 201) << market.response.body;
  EXPECT_EQ(size_of_list(market.get("/v1/orders"), "results"), 1u);
}

// ---- conditional orders -------------------------------------------------------------------------

TEST(ParadexOrders, AStopWaitsForTheMark) {
  Market market;
  const std::string stop = market.post(
      kOrders,
      R"({"market":"BTC-USD-PERP","side":"BUY","type":"STOP_MARKET","size":"0.1","trigger_price":"66000"})");
  EXPECT_EQ(at(stop, "type"), "STOP_MARKET");
  EXPECT_EQ(at(stop, "flags/0"), "STOP_CONDITION_ABOVE_TRIGGER");
  EXPECT_EQ(at(market.get("/v1/orders"), "results/0/status"), "UNTRIGGERED");
  market.quote(660'500, 660'700, 1'000'000);
  market.advance(seconds(1));
  const std::string now = market.get("/v1/orders/" + at(stop, "id"));
  EXPECT_EQ(at(now, "status"), "CLOSED");
  EXPECT_EQ(at(now, "avg_fill_price"), "66070");
  EXPECT_EQ(at(now, "trigger_price"), "66000");
}

TEST(ParadexOrders, WhatProtectsAPositionClosesItWhole) {
  Market market;
  market.post(kOrders, with(with(kOrder, "LIMIT", "MARKET"), "0.01", "0.3"));
  const std::string loss = market.post(
      kOrders,
      R"({"market":"BTC-USD-PERP","side":"SELL","type":"STOP_LOSS_MARKET","size":"0","trigger_price":"64000"})");
  EXPECT_EQ(at(loss, "flags/0"), "REDUCE_ONLY");
  EXPECT_EQ(at(loss, "size"), "0");
  market.quote(639'000, 639'100, 1'000'000);
  market.advance(seconds(1));
  EXPECT_EQ(at(market.get("/v1/orders/" + at(loss, "id")), "status"), "CLOSED");
  const std::string position = market.get("/v1/positions");
  EXPECT_EQ(at(position, "results/0/status"), "CLOSED");
  EXPECT_EQ(at(position, "results/0/size"), "0");
}

TEST(ParadexOrders, WhatProtectsAPositionEndsWithIt) {
  Market market;
  constexpr auto kProtecting =
      R"({"market":"BTC-USD-PERP","side":"SELL","type":"TAKE_PROFIT_LIMIT","size":"0","price":"70000","trigger_price":"70000"})";
  // Before there is a position it waits by itself.
  const std::string early = at(market.post(kOrders, kProtecting), "id");
  market.post(kOrders, with(with(kOrder, "LIMIT", "MARKET"), "0.01", "0.3"));
  const std::string whole = at(market.post(kOrders, kProtecting), "id");
  const std::string part = at(market.post(kOrders, with(kProtecting, R"("0")", R"("0.1")")), "id");
  market.post(kOrders, with(with(with(kOrder, "LIMIT", "MARKET"), "0.01", "0.3"), "BUY", "SELL"));
  for (const std::string& id : {whole, part}) {
    const std::string order = market.get("/v1/orders/" + id);
    EXPECT_EQ(at(order, "status"), "CLOSED");
    EXPECT_EQ(at(order, "cancel_reason"), "REDUCE_ONLY_WILL_INCREASE");
  }
  EXPECT_EQ(at(market.get("/v1/orders/" + early), "status"), "UNTRIGGERED");
}

TEST(ParadexOrders, AWaitingOrderIsModifiedAtItsTrigger) {
  Market market;
  constexpr auto kStop =
      R"({"market":"BTC-USD-PERP","side":"BUY","type":"STOP_LIMIT","size":"0.1","price":"66000","trigger_price":"66000"})";
  const std::string id = at(market.post(kOrders, kStop), "id");
  const std::string answer =
      market.put("/v1/orders/" + id, with(kStop, R"("66000"})", R"("66100"})"));
  EXPECT_EQ(market.response.status, 200) << answer;
  EXPECT_EQ(at(answer, "trigger_price"), "66100");
  EXPECT_EQ(at(answer, "status"), "UNTRIGGERED");
}

// ---- modifying ----------------------------------------------------------------------------------

TEST(ParadexOrders, AModifiedOrderKeepsItsId) {
  Market market;
  const std::string id = at(market.post(kOrders, kOrder), "id");
  const std::string answer = market.put(
      "/v1/orders/" + id,
      and_with(R"("id":")" + id + "\"", with(with(kOrder, "64000", "63999.5"), "0.01", "0.02")));
  EXPECT_EQ(market.response.status, 200) << answer;
  EXPECT_EQ(at(answer, "id"), id);
  EXPECT_EQ(at(answer, "price"), "63999.5");
  EXPECT_EQ(at(answer, "size"), "0.02");
  EXPECT_EQ(at(answer, "status"), "OPEN");
  EXPECT_EQ(at(answer, "request_info/request_type"), "MODIFY_ORDER");
  // Saying the same again is no error.
  market.put("/v1/orders/" + id, with(with(kOrder, "64000", "63999.5"), "0.01", "0.02"));
  EXPECT_EQ(market.response.status, 200);
}

TEST(ParadexOrders, AModificationThatDoesNotFitIsRefused) {
  Market market;
  const std::string id = at(market.post(kOrders, kOrder), "id");
  const std::string path = "/v1/orders/" + id;
  const auto refusal = [&](const std::string& body) {
    const std::string answer = market.put(path, body);
    EXPECT_NE(market.response.status, 200);
    return at(answer, "error") + " " + at(answer, "message");
  };
  EXPECT_EQ(refusal(with(kOrder, "BUY", "SELL")), "VALIDATION_ERROR side: is not the order's");
  EXPECT_EQ(refusal(with(kOrder, "BTC", "ETH")), "VALIDATION_ERROR market: is not the order's");
  EXPECT_EQ(refusal(with(kOrder, "LIMIT", "MARKET")), "VALIDATION_ERROR type: is not the order's");
  EXPECT_EQ(refusal(and_with(R"("id":"1")")), "VALIDATION_ERROR id: is not that of the path");
  EXPECT_EQ(refusal(with(kOrder, "64000", "64000.05")),
            "VALIDATION_ERROR price: must be a multiple of 0.1");
  market.del(path);
  EXPECT_EQ(refusal(kOrder), "ORDER_IS_NOT_OPEN order is not open");
  EXPECT_EQ(market.put(path, kOrder, Exchange::kBob).substr(0, 29),
            R"({"error":"ORDER_ID_NOT_FOUND")");
}

// ---- cancelling ---------------------------------------------------------------------------------

TEST(ParadexOrders, CancelsByEitherIdAndAnswersNothing) {
  Market market;
  const std::string id = at(market.post(kOrders, kOrder), "id");
  market.post(kOrders, and_with(R"("client_id":"a b/ü")"));
  EXPECT_EQ(market.del("/v1/orders/" + id + "?"), "");
  EXPECT_EQ(market.response.status, 204);
  EXPECT_EQ(market.del("/v1/orders/by_client_id/a%20b%2F%C3%BC?clientOrderId=x"), "");
  EXPECT_EQ(market.response.status, 204);
  EXPECT_EQ(at(market.get("/v1/orders"), "results"), "[]");
  EXPECT_EQ(at(market.get("/v1/orders/" + id), "cancel_reason"), "USER_CANCELED");
  EXPECT_EQ(at(market.get("/v1/orders/by_client_id/a%20b%2F%C3%BC"), "status"), "CLOSED");
}

TEST(ParadexOrders, WhatIsNotThereCannotBeCancelled) {
  Market market;
  const std::string id = at(market.post(kOrders, and_with(R"("client_id":"c")")), "id");
  const auto refusal = [&](std::string_view target, AccountId account = Exchange::kAlice) {
    const std::string answer = market.del(target, {}, account);
    return std::to_string(market.response.status) + " " + at(answer, "error");
  };
  EXPECT_EQ(refusal("/v1/orders/" + id, Exchange::kBob), "404 ORDER_ID_NOT_FOUND");
  EXPECT_EQ(refusal("/v1/orders/1"), "404 ORDER_ID_NOT_FOUND");
  EXPECT_EQ(refusal("/v1/orders/by_client_id/d"), "404 CLIENT_ORDER_ID_NOT_FOUND");
  EXPECT_EQ(refusal("/v1/orders/by_client_id/c?market=ETH-USD-PERP"),
            "404 CLIENT_ORDER_ID_NOT_FOUND");
  EXPECT_EQ(refusal("/v1/orders?market=NO-USD-PERP"), "404 MARKET_NOT_FOUND");
  market.del("/v1/orders/" + id);
  EXPECT_EQ(refusal("/v1/orders/" + id), "400 ORDER_IS_CLOSED");
  EXPECT_EQ(refusal("/v1/orders/by_client_id/c"), "400 ORDER_IS_CLOSED");
}

TEST(ParadexOrders, CancelsAllOrThoseOfAMarket) {
  Market market;
  market.quote(24'000, 26'000, 1'000'000, "ETH-USD-PERP");
  market.post(kOrders, kOrder);
  market.post(kOrders, with(with(with(kOrder, "BTC", "ETH"), "0.01", "1"), "64000", "250"));
  EXPECT_EQ(market.del("/v1/orders?market=BTC-USD-PERP"), "");
  EXPECT_EQ(market.response.status, 204);
  EXPECT_EQ(at(market.get("/v1/orders"), "results/0/market"), "ETH-USD-PERP");
  market.del("/v1/orders");
  EXPECT_EQ(at(market.get("/v1/orders"), "results"), "[]");
  market.del("/v1/orders");
  EXPECT_EQ(market.response.status, 204);
}

TEST(ParadexOrders, CancelsABatchAndTellsOfEach) {
  Market market;
  const std::string one = at(market.post(kOrders, kOrder), "id");
  const std::string two = at(market.post(kOrders, and_with(R"("client_id":"two")")), "id");
  const std::string gone = at(market.post(kOrders, kOrder), "id");
  market.del("/v1/orders/" + gone);
  const std::string answer =
      market.del("/v1/orders/batch", R"({"order_ids":[")" + one + R"(",")" + gone + R"(","77",")" +
                                         one + R"("],"client_order_ids":["two","nobody"]})");
  EXPECT_EQ(market.response.status, 200) << answer;
  const auto told = [&](int i) {
    const std::string row = "results/" + std::to_string(i);
    return at(answer, row + "/id") + " " + at(answer, row + "/status");
  };
  EXPECT_EQ(told(0), one + " QUEUED_FOR_CANCELLATION");
  EXPECT_EQ(told(1), gone + " ALREADY_CLOSED");
  EXPECT_EQ(told(2), "77 NOT_FOUND");
  EXPECT_EQ(told(3), one + " QUEUED_FOR_CANCELLATION");
  EXPECT_EQ(told(4), two + " QUEUED_FOR_CANCELLATION");
  EXPECT_EQ(at(answer, "results/5/client_id"), "nobody");
  EXPECT_EQ(at(market.get("/v1/orders"), "results"), "[]");
}

// ---- batches ------------------------------------------------------------------------------------

std::string batch_of(int count) {
  std::string list;
  for (int i = 0; i < count; ++i)
    list += (i == 0 ? "[" : ",") + std::string(kOrder);
  return list.empty() ? "[]" : list + "]";
}

TEST(ParadexOrders, ABatchHasOneToTenOrders) {
  Market market;
  for (const int count : {0, 11}) {
    EXPECT_EQ(at(market.post("/v1/orders/batch", batch_of(count)), "error"),
              "BATCH_SIZE_OUT_OF_RANGE");
  }
  const std::string answer = market.post("/v1/orders/batch", batch_of(10));
  EXPECT_EQ(market.response.status, 201);
  EXPECT_EQ(size_of_list(answer, "orders"), 10u);
  EXPECT_EQ(at(answer, "errors"), "[]");
}

TEST(ParadexOrders, AnEntryThatCannotBeReadTakesTheBatchWithIt) {
  Market market;
  const std::string bad = with(kOrder, "64000", "64000.01");
  EXPECT_EQ(
      at(market.post("/v1/orders/batch", "[" + std::string(kOrder) + "," + bad + "]"), "error"),
      "VALIDATION_ERROR");
  for (const char* body : {"[1]", "[[]]", "{}", "[{}", "", "null"}) {
    EXPECT_EQ(at(market.post("/v1/orders/batch", body), "error"), "BINDING_ERROR") << body;
  }
  EXPECT_TRUE(market.commands.empty());
  EXPECT_EQ(at(market.get("/v1/orders"), "results"), "[]");
}

TEST(ParadexOrders, WhatTheExchangeRefusesIsAnErrorOfTheBatch) {
  Market market;
  const std::string named = and_with(R"("client_id":"same")");
  const std::string answer = market.post("/v1/orders/batch", "[" + named + "," + named + "]");
  EXPECT_EQ(market.response.status, 201);
  EXPECT_EQ(size_of_list(answer, "orders"), 1u);
  EXPECT_EQ(at(answer, "errors/0/error"), "DUPLICATED_CLIENT_ID");
}

}  // namespace
}  // namespace venuebox::venues::paradex
