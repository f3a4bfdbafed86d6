#include "venues/bybit/ids.h"
#include "venues/bybit/test_exchange.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {

constexpr auto kCreate = "/v5/order/create";
constexpr auto kCancel = "/v5/order/cancel";

std::string linear_order(std::string_view more) {
  return std::string(R"({"category":"linear","symbol":"BTCUSDT","side":"Buy",)")
      .append(R"("orderType":"Limit","price":"59900","qty":"0.01")")
      .append(more)
      .append("}");
}

// The same order with one member said otherwise.
std::string with(std::string body, std::string_view from, std::string_view to) {
  const std::size_t place = body.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return body.replace(place, from.size(), to);
}

std::string spot_order(std::string_view more = "") {
  return with(linear_order(more), "linear", "spot");
}

// ---- what real clients send ---------------------------------------------------------------------

// What a captured order asks for, or why it is refused, in a line.
std::string summary(Exchange& exchange, std::string_view answer) {
  if (at(answer, "retCode") != "0") {
    return at(answer, "retCode") + " " + at(answer, "retMsg");
  }
  std::string text;
  for (const CommandBody& command : exchange.commands) {
    if (const auto* place = std::get_if<PlaceOrder>(&command)) {
      const Instrument& instrument = exchange.view().instruments()[place->instrument.raw];
      text += category_name(instrument.kind);
      text += place->side == Side::buy ? " buy" : " sell";
      text += place->type == OrderType::market ? " market" : " limit";
      if (place->value.units > 0) text += " value " + trimmed_text(place->value.units, 14);
      if (place->quantity.raw > 0) text += " " + quantity_text(place->quantity, instrument);
      if (place->price.raw > 0) text += " at " + price_text(place->price, instrument);
      if (place->time_in_force == TimeInForce::ioc) text += " ioc";
      if (place->time_in_force == TimeInForce::fok) text += " fok";
      if (place->post_only) text += " post-only";
      if (place->reduce_only) text += " reduce-only";
      if (place->close_position) text += " whole";
      if (const auto& trigger = place->trigger) {
        text += trigger->direction == TriggerDirection::rises ? " rising to " : " falling to ";
        text += price_text(trigger->price, instrument);
      }
      if (place->take_profit) {
        text += " profit " + price_text(place->take_profit->trigger_price, instrument);
      }
      if (place->stop_loss) {
        text += " loss " + price_text(place->stop_loss->trigger_price, instrument);
      }
      if (!place->client_order_id.empty()) {
        text.append(" named ").append(place->client_order_id.view());
      }
    }
    text += ";";
  }
  return text;
}

TEST(Orders, DecodesEveryCapturedOrder) {
  std::vector<std::string> decoded;
  for (const Captured& captured : captured_requests()) {
    if (!captured.target.starts_with(kCreate)) continue;
    Exchange exchange;
    exchange.quote("linear", 359'000, 370'000, 10'000);
    exchange.quote("spot", 359'000, 370'000, 100'000'00);
    // So that reduce-only orders have something to reduce.
    exchange.post(kCreate,
                  R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market",)"
                  R"("qty":"0.1"})");
    decoded.push_back(summary(exchange, exchange.post(captured.target, captured.body)));
  }
  const std::vector<std::string> expected{
      "linear buy limit 0.010 at 36000.00 named cli-1;",
      "linear buy limit 0.010 at 36000.00;",
      "linear sell market 0.010 ioc;",
      "linear buy limit 0.010 at 36000.00 post-only;",
      "linear buy limit 0.010 at 36000.00 ioc;",
      "linear buy limit 0.010 at 36000.00 fok;",
      "linear sell limit 0.010 at 38000.00 reduce-only;",
      "linear sell market 0.010 ioc reduce-only;",
      "linear buy market 0.010 ioc rising to 38000.00;",
      "linear sell limit 0.010 at 35900.00 falling to 36000.00;",
      "linear sell market 0.010 ioc reduce-only falling to 35000.00;",
      "linear buy limit 0.010 at 36000.00 profit 39000.00 loss 35000.00;",
      "10001 position idx not match position mode",
      "inverse buy limit 100 at 36000.00;",
      "spot buy limit 0.010000 at 36000.0 named spot-1;",
      "spot buy market 0.010000 ioc;",
      "spot buy market value 370 ioc;",
      "spot buy market value 370 ioc;",
      "spot sell market 0.010000 ioc;",
      "spot sell limit 0.010000 at 35900.0 falling to 36000.0;",
      "linear buy limit 0.010 at 36000.00;linear sell limit 0.010 at 38000.00 post-only;",
      "linear buy limit 0.010 at 36000.00;",
  };
  EXPECT_EQ(decoded, expected);
}

TEST(Orders, AnswersEveryOtherCapturedRequest) {
  Exchange exchange;
  exchange.quote("linear", 359'000, 370'000, 10'000);
  std::map<std::string, int> codes;
  for (const Captured& captured : captured_requests()) {
    if (captured.target.starts_with(kCreate)) continue;
    const std::string answer =
        exchange.send(captured.method, captured.target, captured.body, Exchange::kAlice);
    const std::string code = at(answer, "retCode");
    if (code != "0") ++codes[captured.call + " " + code];
  }
  // Cancelling orders that are not there, and settings that are as asked for already.
  const std::map<std::string, int> expected{
      {"cancelOrder 110001", 2}, {"editOrder 110001", 1},   {"transfer 131207", 1},
      {"cancelOrder 170213", 1}, {"setLeverage 110043", 1}, {"setPositionMode 110025", 1}};
  EXPECT_EQ(codes, expected);
}

// ---- placing ------------------------------------------------------------------------------------

TEST(Orders, AcknowledgesAnOrder) {
  Exchange exchange;
  const std::string answer =
      exchange.post(kCreate, linear_order(R"(,"orderLinkId":"cli-1","unknown":{"a":[1]})"));
  EXPECT_EQ(at(answer, "retCode"), "0");
  EXPECT_EQ(at(answer, "retMsg"), "OK");
  EXPECT_EQ(at(answer, "result/orderLinkId"), "cli-1");
  EXPECT_EQ(
      at(answer, "result/orderId"),
      shown_order_id(OrderId{1}, InstrumentKindOf::linear_perpetual, Exchange::kBoxKey).view());
  EXPECT_EQ(exchange.response.tag.symbol, "BTCUSDT");
  const std::string spot = exchange.post(kCreate, spot_order());
  EXPECT_EQ(at(spot, "result/orderId"), "1900000000000000002");
  EXPECT_EQ(at(spot, "result/orderLinkId"), "");
}

TEST(Orders, AcknowledgesWhatEndsAtOnce) {
  Exchange exchange;
  exchange.quote("linear", 590'000, 598'000, 5);
  for (const char* force : {"PostOnly", "IOC", "FOK"}) {
    const std::string body =
        linear_order(std::string(R"(,"timeInForce":")").append(force).append("\""));
    EXPECT_EQ(at(exchange.post(kCreate, body), "retCode"), "0") << force;
  }
}

TEST(Orders, RefusesBadMembersByName) {
  Exchange exchange;
  const std::string good = linear_order("");
  const struct {
    std::string body;
    const char* code;
    const char* text;
  } kCases[] = {
      {"", "10001", "Request parameter error"},
      {"[]", "10001", "Request parameter error"},
      {good.substr(0, good.size() - 1), "10001", "Request parameter error"},
      {linear_order(R"(,"qty":"1")"), "10001", "'qty' stands twice"},
      {with(good, "linear", "futures"), "10001", "category"},
      {with(good, R"("linear")", "7"), "10001", "category"},
      {with(good, "BTCUSDT", "NOSUCH"), "10001", "symbol"},
      {with(spot_order(), "BTCUSDT", "NOSUCH"), "170121", "Invalid symbol."},
      {with(good, "Buy", "buy"), "10001", "side"},
      {with(good, "Limit", "Stop"), "10001", "orderType"},
      {with(good, R"("59900")", "59900"), "10001", "price"},
      {with(good, R"("0.01")", "0.01"), "10001", "qty"},
      {with(good, R"("0.01")", "null"), "10001", "Qty invalid"},
      {with(good, "59900", ""), "10001", "price"},
      {with(good, "59900", "x"), "10001", "price"},
      {with(good, "59900", "59900.05"), "10001", "params error: price invalid"},
      {with(good, "59900", "-1"), "10001", "price"},
      {with(good, "59900", "0"), "10001", "price"},
      {with(good, "59900", "2000000"), "110003", "price"},
      {with(good, "59900", "1e30"), "110003", "price"},
      {with(spot_order(), "59900", "59900.05"), "170134", "Order price decimal too long."},
      {with(spot_order(), "59900", "2000000"), "170132", "too high"},
      {with(good, "0.01", "0.0105"), "10001", "Qty invalid"},
      {with(good, "0.01", "0"), "10001", "Qty invalid"},
      {with(good, "0.01", "-0.01"), "10001", "Qty invalid"},
      {with(good, "0.01", "1191"), "10001", "maximum limit"},
      {with(good, "0.01", "1" + std::string(30, '0')), "10001", "maximum limit"},
      {with(good, "0.01", "1" + std::string(300, '0')), "10001", "maximum limit"},
      {with(spot_order(), "0.01", "0.0100005"), "170137", "decimal too long"},
      {with(spot_order(), "0.01", "0.000001"), "170136", "lower than the minimum"},
      {with(spot_order(), "0.01", "84"), "170124", "too large"},
      {with(spot_order(), "0.01", "0.00005"), "170140", "lower limit"},
      {with(good, "59900", "100"), "110094", "minimum order value 5USDT"},
      {with(good, "0.01", "1000"), "110007", "ab not enough"},
      {with(spot_order(), "0.01", "50"), "170131", "Insufficient balance."},
      {linear_order(R"(,"timeInForce":"GTD")"), "10001", "timeInForce"},
      {linear_order(R"(,"timeInForce":"RPI")"), "10001", "RPI not supported"},
      {linear_order(R"(,"orderLinkId":"a b")"), "10001", "orderLinkId"},
      {linear_order(R"(,"orderLinkId":")" + std::string(37, 'a') + "\""), "10001", "orderLinkId"},
      {linear_order(R"(,"reduceOnly":"true")"), "10001", "reduceOnly"},
      {linear_order(R"(,"reduceOnly":true)"), "110017", "reduce-only"},
      {linear_order(R"(,"positionIdx":2)"), "10001", "position idx not match position mode"},
      {linear_order(R"(,"stopLoss":"1.05")"), "10001", "stopLoss invalid"},
      {linear_order(R"(,"takeProfit":60000)"), "10001", "takeProfit invalid"},
      {linear_order(R"(,"takeProfit":"59000")"), "10001", "takeProfit or stopLoss invalid"},
      {linear_order(R"(,"stopLoss":"60000")"), "10001", "takeProfit or stopLoss invalid"},
      {linear_order(R"(,"takeProfit":"60000","tpOrderType":"Stop")"), "10001", "tpOrderType"},
      {linear_order(R"(,"takeProfit":"60000","tpLimitPrice":"60000")"), "10001", "tpLimitPrice"},
      {linear_order(R"(,"takeProfit":"60000","tpOrderType":"Limit","tpLimitPrice":"60000")"),
       "10001", "tpslMode"},
      {linear_order(R"(,"takeProfit":"60000","tpOrderType":"Limit","tpslMode":"Partial")"), "10001",
       "tpLimitPrice"},
      {linear_order(R"(,"takeProfit":"60000","tpTriggerBy":"BidPrice")"), "10001", "tpTriggerBy"},
      {linear_order(R"(,"tpslMode":"Half")"), "10001", "tpslMode"},
      {linear_order(R"(,"triggerPrice":"60000")"), "10001", "triggerDirection"},
      {linear_order(R"(,"triggerPrice":"60000","triggerDirection":3)"), "10001",
       "triggerDirection"},
      {linear_order(R"(,"triggerPrice":"-1","triggerDirection":1)"), "10001", "triggerPrice"},
      {linear_order(R"(,"triggerPrice":"1e30","triggerDirection":1)"), "10001", "triggerPrice"},
      {linear_order(R"(,"triggerPrice":"60000","triggerDirection":1,"triggerBy":"Bid")"), "10001",
       "triggerBy"},
      {linear_order(R"(,"triggerPrice":"60000","triggerDirection":1,"triggerBy":"IndexPrice")"),
       "10001", "IndexPrice without an index not supported"},
      {linear_order(R"(,"smpType":"CancelNone")"), "10001", "smpType invalid"},
      {linear_order(R"(,"closeOnTrigger":true)"), "110017", "reduce-only"},
      {linear_order(R"(,"slippageToleranceType":"TickSize")"), "10001", "slippageToleranceType"},
      {with(good, R"("0.01")", R"("0","reduceOnly":true)"), "10001", "Qty invalid"},
      {spot_order(R"(,"takeProfit":"60000")"), "10001", "takeProfit of spot not supported"},
      {spot_order(R"(,"isLeverage":1)"), "10001", "isLeverage not supported"},
      {spot_order(R"(,"orderFilter":"tpslOrder")"), "170203", "Please enter the TP/SL price."},
      {spot_order(R"(,"orderFilter":"OcoOrder")"), "170202", "Invalid orderFilter parameter."},
      {spot_order(R"(,"triggerPrice":"60000")"), "170202", "Invalid orderFilter parameter."},
  };
  for (const auto& c : kCases) {
    const std::string answer = exchange.post(kCreate, c.body);
    EXPECT_EQ(at(answer, "retCode"), c.code) << c.body << "\n" << answer;
    EXPECT_NE(at(answer, "retMsg").find(c.text), std::string::npos) << c.body << "\n" << answer;
    EXPECT_EQ(at(answer, "result"), "{}");
    EXPECT_EQ(exchange.response.status, 200);
  }
  EXPECT_EQ(size_of_list(exchange.get("/v5/order/realtime?category=linear&symbol=BTCUSDT"),
                         "result/list"),
            0u);
}

TEST(Orders, TakesWhatChangesNothing) {
  Exchange exchange;
  for (const char* more :
       {R"(,"positionIdx":0,"smpType":"None","closeOnTrigger":false,"reduceOnly":false)",
        R"(,"triggerPrice":"","takeProfit":"0","stopLoss":null,"tpslMode":"Full","mmp":false)",
        R"(,"isLeverage":0,"timeInForce":"GTC","orderLinkId":"","positionIdx":"0")"}) {
    EXPECT_EQ(at(exchange.post(kCreate, linear_order(more)), "retCode"), "0") << more;
  }
}

TEST(Orders, RefusesADuplicateClientId) {
  Exchange exchange;
  const std::string more = R"(,"orderLinkId":"twice")";
  EXPECT_EQ(at(exchange.post(kCreate, linear_order(more)), "retCode"), "0");
  EXPECT_EQ(at(exchange.post(kCreate, linear_order(more)), "retCode"), "110072");
  EXPECT_EQ(at(exchange.post(kCreate, spot_order(more)), "retCode"), "170141");
  EXPECT_EQ(at(exchange.post(kCreate, linear_order(more), Exchange::kBob), "retCode"), "0");
}

TEST(Orders, SpotValueIsBounded) {
  Exchange exchange;
  exchange.quote("spot", 590'000, 600'000, 1'000'000);
  const auto buy_for = [&](std::string_view value) {
    const std::string body =
        std::string(R"({"category":"spot","symbol":"BTCUSDT","side":"Buy","orderType":"Market",)")
            .append(R"("qty":")")
            .append(value)
            .append("\"}");
    return at(exchange.post(kCreate, body), "retCode");
  };
  EXPECT_EQ(buy_for("1000"), "0");
  EXPECT_EQ(buy_for("0"), "170136");
  EXPECT_EQ(buy_for("-5"), "170136");
  EXPECT_EQ(buy_for("4.99"), "170140");
  EXPECT_EQ(buy_for("10.00000001"), "170137");
  EXPECT_EQ(buy_for("1e20"), "170124");
  EXPECT_EQ(buy_for("1" + std::string(30, '0')), "170124");
}

TEST(Orders, ClosesThePositionWithZeroQuantity) {
  Exchange exchange;
  exchange.quote("linear", 599'000, 600'000, 1'000);
  exchange.post(kCreate, with(linear_order(""), "59900", "61000"));
  const std::string close =
      R"({"category":"linear","symbol":"BTCUSDT","side":"Sell","orderType":"Market","qty":"0",)"
      R"("reduceOnly":true,"closeOnTrigger":true})";
  EXPECT_EQ(at(exchange.post(kCreate, close), "retCode"), "0");
  EXPECT_EQ(exchange.view().position(Exchange::kAlice, InstrumentId{0}).size.raw, 0);
  EXPECT_EQ(at(exchange.post(kCreate, close), "retCode"), "110017");
}

// ---- cancelling ---------------------------------------------------------------------------------

TEST(Orders, CancelsByEitherId) {
  Exchange exchange;
  const std::string first = exchange.post(kCreate, linear_order(R"(,"orderLinkId":"by-number")"));
  exchange.post(kCreate, linear_order(R"(,"orderLinkId":"by-name")"));
  const std::string id = at(first, "result/orderId");
  // The number counts when both are given.
  const std::string body = R"({"category":"linear","symbol":"BTCUSDT","orderId":")" + id +
                           R"(","orderLinkId":"by-name"})";
  const std::string answer = exchange.post(kCancel, body);
  EXPECT_EQ(at(answer, "retCode"), "0");
  EXPECT_EQ(at(answer, "result"), R"({"orderId":")" + id + R"(","orderLinkId":"by-number"})");
  EXPECT_EQ(at(exchange.post(kCancel, body), "retCode"), "110001");

  const std::string by_name = R"({"category":"linear","symbol":"BTCUSDT","orderLinkId":"by-name"})";
  EXPECT_EQ(at(exchange.post(kCancel, by_name), "result/orderLinkId"), "by-name");
  EXPECT_EQ(at(exchange.post(kCancel, by_name), "retCode"), "110001");
}

TEST(Orders, CancelsOnlyOnesOwn) {
  Exchange exchange;
  const std::string id = at(exchange.post(kCreate, linear_order("")), "result/orderId");
  const auto cancel = [&](std::string_view category, std::string_view symbol, AccountId who) {
    const std::string body = std::string(R"({"category":")")
                                 .append(category)
                                 .append(R"(","symbol":")")
                                 .append(symbol)
                                 .append(R"(","orderId":")")
                                 .append(id)
                                 .append("\"}");
    return at(exchange.post(kCancel, body, who), "retCode");
  };
  EXPECT_EQ(cancel("linear", "BTCUSDT", Exchange::kBob), "110001");
  EXPECT_EQ(cancel("linear", "ETHUSDT", Exchange::kAlice), "110001");
  EXPECT_EQ(cancel("spot", "BTCUSDT", Exchange::kAlice), "170213");
  EXPECT_EQ(cancel("linear", "NOSUCH", Exchange::kAlice), "10001");
  EXPECT_EQ(at(exchange.post(kCancel, R"({"category":"linear","symbol":"BTCUSDT"})"), "retCode"),
            "10001");
  EXPECT_EQ(cancel("linear", "BTCUSDT", Exchange::kAlice), "0");
}

TEST(Orders, CancelsAllOfAScope) {
  Exchange exchange;
  const auto place = [&] {
    exchange.post(kCreate, linear_order(R"(,"orderLinkId":"one-)" +
                                        std::to_string(exchange.view().sequence()) + "\""));
    exchange.post(kCreate, with(linear_order(""), "BTCUSDT", "ETHUSDT"));
    exchange.post(kCreate, spot_order());
  };
  const auto cancel = [&](std::string_view body) {
    const std::string answer = exchange.post("/v5/order/cancel-all", body);
    EXPECT_EQ(at(answer, "retCode"), "0") << answer;
    EXPECT_EQ(at(answer, "result/success"), "1");
    return size_of_list(answer, "result/list");
  };
  place();
  EXPECT_EQ(cancel(R"({"category":"linear","symbol":"BTCUSDT","settleCoin":"USDT"})"), 1u);
  EXPECT_EQ(cancel(R"({"category":"linear","baseCoin":"ETH"})"), 1u);
  EXPECT_EQ(cancel(R"({"category":"linear","settleCoin":"USDT"})"), 0u);
  EXPECT_EQ(cancel(R"({"category":"linear","settleCoin":"USDT","orderFilter":"StopOrder"})"), 0u);
  EXPECT_EQ(cancel(R"({"category":"spot"})"), 1u);
  place();
  const std::string answer =
      exchange.post("/v5/order/cancel-all", R"({"category":"linear","settleCoin":"USDT"})");
  EXPECT_EQ(size_of_list(answer, "result/list"), 2u);
  EXPECT_NE(answer.find("\"orderLinkId\":\"one-"), std::string::npos);
  for (const char* body : {R"({"category":"linear"})", R"({"category":"linear","symbol":"NOSUCH"})",
                           R"({"category":"linear","settleCoin":"NOSUCH"})", R"({})"}) {
    EXPECT_EQ(at(exchange.post("/v5/order/cancel-all", body), "retCode"), "10001") << body;
  }
}

// ---- batches ------------------------------------------------------------------------------------

TEST(Orders, AnswersEachEntryOfABatch) {
  Exchange exchange;
  const std::string body =
      R"({"category":"linear","request":[)"
      R"({"symbol":"BTCUSDT","side":"Buy","orderType":"Limit","price":"59900","qty":"0.01",)"
      R"("orderLinkId":"first"},)"
      R"({"symbol":"BTCUSDT","side":"Buy","orderType":"Limit","price":"59900.05","qty":"0.01"},)"
      R"({"symbol":"BTCUSDT","side":"Buy","orderType":"Limit","price":"59900","qty":"1000"},)"
      R"({"symbol":"BTCUSDT","side":"Sell","orderType":"Limit","price":"70000","qty":"0.01"}]})";
  const std::string answer = exchange.post("/v5/order/create-batch", body);
  EXPECT_EQ(at(answer, "retCode"), "0");
  ASSERT_EQ(size_of_list(answer, "result/list"), 4u);
  ASSERT_EQ(size_of_list(answer, "retExtInfo/list"), 4u);
  const std::vector<std::string> expected{"0", "10001", "110007", "0"};
  for (int i = 0; i < 4; ++i) {
    const std::string n = std::to_string(i);
    EXPECT_EQ(at(answer, "retExtInfo/list/" + n + "/code"), expected[i]);
    EXPECT_EQ(at(answer, "result/list/" + n + "/orderId").empty(), expected[i] != "0");
    EXPECT_EQ(at(answer, "result/list/" + n + "/symbol"), "BTCUSDT");
  }
  EXPECT_EQ(at(answer, "result/list/0/orderLinkId"), "first");
  EXPECT_EQ(at(answer, "result/list/0/createAt"), "1700000000000");
  EXPECT_EQ(at(answer, "retExtInfo/list/0/msg"), "OK");

  const std::string cancel = exchange.post(
      "/v5/order/cancel-batch",
      R"({"category":"linear","request":[{"symbol":"BTCUSDT","orderId":"id1"},)"
      R"({"symbol":"BTCUSDT","orderLinkId":"first"},{"symbol":"BTCUSDT","orderLinkId":"first"}]})");
  EXPECT_EQ(at(cancel, "retExtInfo/list/0/code"), "110001");
  EXPECT_EQ(at(cancel, "retExtInfo/list/1/code"), "0");
  EXPECT_EQ(at(cancel, "result/list/1/orderLinkId"), "first");
  EXPECT_EQ(at(cancel, "retExtInfo/list/2/code"), "110001");
  EXPECT_EQ(at(cancel, "result/list/1/createAt"), "(absent)");
}

TEST(Orders, RefusesWhatIsNoBatch) {
  Exchange exchange;
  std::string many = R"({"category":"spot","request":[{})";
  for (int i = 0; i < 10; ++i)
    many += ",{}";
  many += "]}";
  for (const std::string& body : {many, std::string(R"({"category":"linear"})"),
                                  std::string(R"({"category":"linear","request":[]})"),
                                  std::string(R"({"category":"linear","request":{}})"),
                                  std::string(R"({"category":"linear","request":[1]})"),
                                  std::string(R"({"category":"linear","request":[{"a":1,"a":2}]})"),
                                  std::string(R"({"request":[{}]})")}) {
    EXPECT_EQ(at(exchange.post("/v5/order/create-batch", body), "retCode"), "10001") << body;
    EXPECT_TRUE(exchange.commands.empty());
  }
}

}  // namespace
}  // namespace venuebox::venues::bybit
