// Conditional orders and brackets, from the body that asks for them to the row that shows them.
#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

struct ConditionalTest : testing::Test {
  ConditionalTest() {
    exchange.quote("linear", 599'900, 600'000, 100'000);
    exchange.quote("spot", 599'900, 600'000, 10'000'000);
    trade("linear");
    trade("spot");
  }

  // The last price becomes 60000.
  void trade(std::string_view category) {
    EXPECT_NE(
        create(category, "Buy", "Market", R"("marketUnit":"baseCoin")", "0.010", Exchange::kBob),
        "");
  }

  std::string post_order(std::string_view category, std::string_view side, std::string_view type,
                         std::string_view more, std::string_view quantity = "0.010",
                         AccountId who = Exchange::kAlice) {
    return exchange.post(
        "/v5/order/create",
        fmt::format(
            R"({{"category":"{}","symbol":"BTCUSDT","side":"{}","orderType":"{}","qty":"{}",{}}})",
            category, side, type, quantity, more),
        who);
  }
  std::string create(std::string_view category, std::string_view side, std::string_view type,
                     std::string_view more, std::string_view quantity = "0.010",
                     AccountId who = Exchange::kAlice) {
    const std::string answer = post_order(category, side, type, more, quantity, who);
    EXPECT_EQ(at(answer, "retCode"), "0") << answer;
    return at(answer, "result/orderId");
  }

  std::string row(const std::string& id, std::string_view category = "linear") {
    return at(exchange.get(fmt::format("/v5/order/realtime?category={}&orderId={}", category, id)),
              "result/list/0");
  }
  std::string status(const std::string& id, std::string_view category = "linear") {
    return at(row(id, category), "orderStatus");
  }
  // Ids of the open orders under a filter.
  std::size_t open(std::string_view category, std::string_view filter) {
    return size_of_list(
        exchange.get(fmt::format("/v5/order/realtime?category={}&symbol=BTCUSDT&orderFilter={}",
                                 category, filter)),
        "result/list");
  }
  // The market's own: takes the best offer or bid, so that the last price moves there.
  void move_last(std::string_view category, std::int64_t bid, std::int64_t ask, Side side) {
    exchange.execute(CancelAll{Exchange::kMarket, {}});
    exchange.quote(category, bid, ask, 100'000);
    PlaceOrder order;
    order.account = Exchange::kMarket;
    const auto kind =
        category == "spot" ? InstrumentKindOf::spot : InstrumentKindOf::linear_perpetual;
    order.instrument = exchange.view().find_instrument("BTCUSDT", kind)->id;
    order.side = side;
    order.price = Ticks{side == Side::buy ? ask : bid};
    order.quantity = Lots{100};
    order.time_in_force = TimeInForce::ioc;
    exchange.execute(order);
  }

  Exchange exchange;
};

TEST_F(ConditionalTest, WaitsForItsPrice) {
  const std::string id = create("linear", "Buy", "Limit",
                                R"("price":"60400","triggerPrice":"60500","triggerDirection":1,)"
                                R"("triggerBy":"LastPrice")");
  const std::vector<std::pair<const char*, std::string>> expected{
      {"orderStatus", "Untriggered"}, {"stopOrderType", "Stop"},
      {"triggerPrice", "60500.00"},   {"triggerDirection", "1"},
      {"triggerBy", "LastPrice"},     {"price", "60400.00"},
      {"createType", "CreateByUser"}, {"lastPriceOnCreated", "60000.00"},
  };
  const std::string waiting = row(id);
  for (const auto& [key, value] : expected)
    EXPECT_EQ(at(waiting, key), value) << key;
  EXPECT_EQ(open("linear", "StopOrder"), 1u);
  EXPECT_EQ(open("linear", "Order"), 0u);

  move_last("linear", 604'900, 605'000, Side::buy);
  EXPECT_EQ(status(id), "New");
  EXPECT_EQ(at(row(id), "stopOrderType"), "Stop");
  EXPECT_EQ(open("linear", "Order"), 1u);
}

TEST_F(ConditionalTest, TellsHowItEnded) {
  const auto stop = [&](std::string_view trigger, std::string_view price) {
    return create(
        "linear", "Buy", "Limit",
        fmt::format(R"("price":"{}","triggerPrice":"{}","triggerDirection":1)", price, trigger));
  };
  const std::string waiting = stop("62000", "60000");
  const std::string fired = stop("60500", "59000");
  const std::string poor =
      create("linear", "Buy", "Limit",
             R"("price":"60400","triggerPrice":"60500","triggerDirection":1)", "1000");
  move_last("linear", 604'900, 605'000, Side::buy);
  EXPECT_EQ(status(poor), "Rejected");
  EXPECT_EQ(at(row(poor), "rejectReason"), "EC_NoEnoughQtyToFill");
  exchange.post("/v5/order/cancel-all", R"({"category":"linear","symbol":"BTCUSDT"})");
  EXPECT_EQ(status(waiting), "Deactivated");
  EXPECT_EQ(at(row(waiting), "cancelType"), "CancelByUser");
  EXPECT_EQ(status(fired), "Cancelled") << "it had fired before";
}

TEST_F(ConditionalTest, RefusesAPriceThatIsReached) {
  const std::string rising =
      post_order("linear", "Buy", "Market", R"("triggerPrice":"59000","triggerDirection":1)");
  EXPECT_EQ(at(rising, "retCode"), "110092");
  EXPECT_EQ(at(rising, "retMsg"), "expect Rising, but trigger_price[59000.00] <= current[60000]");
  const std::string falling =
      post_order("linear", "Sell", "Market", R"("triggerPrice":"60100","triggerDirection":2)");
  EXPECT_EQ(at(falling, "retCode"), "110093");
  EXPECT_EQ(at(falling, "retMsg"), "expect Falling, but trigger_price[60100.00] >= current[60000]");
  EXPECT_EQ(at(post_order("spot", "Sell", "Limit",
                          R"("price":"60000","triggerPrice":"60000","orderFilter":"StopOrder")"),
               "retCode"),
            "170210");
}

TEST_F(ConditionalTest, SpotKnowsItsDirectionByTheLastPrice) {
  const auto stop = [&](std::string_view side, std::string_view trigger, std::string_view filter) {
    return create(
        "spot", side, "Limit",
        fmt::format(R"("price":"60000","triggerPrice":"{}","orderFilter":"{}")", trigger, filter));
  };
  const std::string profit = stop("Sell", "61000", "tpslOrder");
  const std::string loss = stop("Sell", "59000", "tpslOrder");
  const std::string entry = stop("Buy", "61000", "StopOrder");
  EXPECT_EQ(at(row(profit, "spot"), "triggerDirection"), "1");
  EXPECT_EQ(at(row(profit, "spot"), "stopOrderType"), "tpslOrder");
  EXPECT_EQ(at(row(loss, "spot"), "triggerDirection"), "2");
  EXPECT_EQ(at(row(entry, "spot"), "stopOrderType"), "Stop");
  EXPECT_EQ(at(row(entry, "spot"), "tpslMode"), "(absent)");
  EXPECT_EQ(open("spot", "tpslOrder"), 2u);
  EXPECT_EQ(open("spot", "StopOrder"), 1u);
  EXPECT_EQ(open("spot", "Order"), 0u);
  EXPECT_EQ(at(exchange.get("/v5/order/realtime?category=spot&orderFilter=Mine"), "retCode"),
            "170202");
}

TEST_F(ConditionalTest, SpotIsCancelledUnderItsOwnFilter) {
  const std::string id =
      create("spot", "Sell", "Limit",
             R"("price":"59000","triggerPrice":"59000","orderFilter":"StopOrder")");
  const auto cancel = [&](std::string_view filter) {
    return at(exchange.post("/v5/order/cancel",
                            fmt::format(R"({{"category":"spot","symbol":"BTCUSDT","orderId":"{}",)"
                                        R"("orderFilter":"{}"}})",
                                        id, filter)),
              "retCode");
  };
  EXPECT_EQ(cancel(""), "170213");
  EXPECT_EQ(cancel("Order"), "170213");
  EXPECT_EQ(cancel("tpslOrder"), "170213");
  EXPECT_EQ(cancel("Mine"), "170202");
  EXPECT_EQ(cancel("StopOrder"), "0");
  EXPECT_EQ(status(id, "spot"), "Deactivated");
}

TEST_F(ConditionalTest, CancelsAllOfAKind) {
  const auto place = [&] {
    create("spot", "Buy", "Limit", R"("price":"50000")");
    create("spot", "Sell", "Limit",
           R"("price":"59000","triggerPrice":"59000","orderFilter":"StopOrder")");
    create("spot", "Sell", "Limit",
           R"("price":"59000","triggerPrice":"59000","orderFilter":"tpslOrder")");
  };
  const auto cancel = [&](std::string_view category, std::string_view filter) {
    return size_of_list(
        exchange.post("/v5/order/cancel-all",
                      fmt::format(R"({{"category":"{}","symbol":"BTCUSDT","orderFilter":"{}"}})",
                                  category, filter)),
        "result/list");
  };
  place();
  EXPECT_EQ(cancel("spot", ""), 1u);
  EXPECT_EQ(cancel("spot", "StopOrder"), 1u);
  EXPECT_EQ(cancel("spot", "tpslOrder"), 1u);
  EXPECT_EQ(cancel("spot", "OcoOrder"), 0u);
  create("linear", "Buy", "Limit", R"("price":"50000")");
  create("linear", "Buy", "Market", R"("triggerPrice":"61000","triggerDirection":1)");
  EXPECT_EQ(cancel("linear", "StopOrder"), 1u);
  EXPECT_EQ(cancel("linear", "Order"), 1u);
  EXPECT_EQ(at(exchange.post("/v5/order/cancel-all",
                             R"({"category":"spot","symbol":"BTCUSDT","orderFilter":"Mine"})"),
               "retCode"),
            "170202");
}

TEST_F(ConditionalTest, BracketsComeToStand) {
  const std::string id =
      create("linear", "Buy", "Market",
             R"("takeProfit":"61000","stopLoss":"59000","tpslMode":"Partial",)"
             R"("tpOrderType":"Limit","tpLimitPrice":"61000.1","slTriggerBy":"MarkPrice")");
  const std::string entry = row(id);
  EXPECT_EQ(at(entry, "takeProfit"), "61000.00");
  EXPECT_EQ(at(entry, "tpLimitPrice"), "61000.10");
  EXPECT_EQ(at(entry, "tpTriggerBy"), "LastPrice");
  EXPECT_EQ(at(entry, "stopLoss"), "59000.00");
  EXPECT_EQ(at(entry, "slTriggerBy"), "MarkPrice");
  EXPECT_EQ(at(entry, "slLimitPrice"), "");
  EXPECT_EQ(at(entry, "tpslMode"), "Partial");
  const std::string legs =
      exchange.get("/v5/order/realtime?category=linear&symbol=BTCUSDT&orderFilter=StopOrder");
  ASSERT_EQ(size_of_list(legs, "result/list"), 2u);
  EXPECT_EQ(at(legs, "result/list/0/stopOrderType"), "PartialStopLoss");
  EXPECT_EQ(at(legs, "result/list/0/createType"), "CreateByPartialStopLoss");
  EXPECT_EQ(at(legs, "result/list/0/triggerBy"), "MarkPrice");
  EXPECT_EQ(at(legs, "result/list/0/reduceOnly"), "true");
  EXPECT_EQ(at(legs, "result/list/1/stopOrderType"), "PartialTakeProfit");
  EXPECT_EQ(at(legs, "result/list/1/orderType"), "Limit");
  EXPECT_EQ(at(legs, "result/list/1/price"), "61000.10");
}

TEST_F(ConditionalTest, ClosesAPositionOnItsTrigger) {
  create("linear", "Buy", "Market", R"("reduceOnly":false)");
  const std::string id = create("linear", "Sell", "Market",
                                R"("triggerPrice":"59000","triggerDirection":2,"reduceOnly":true,)"
                                R"("closeOnTrigger":true)",
                                "0");
  EXPECT_EQ(at(row(id), "closeOnTrigger"), "true");
  move_last("linear", 589'900, 590'000, Side::sell);
  EXPECT_EQ(status(id), "Filled");
  EXPECT_EQ(at(row(id), "cumExecQty"), "0.010");
}

TEST_F(ConditionalTest, PreventsSelfTradesAsAsked) {
  const std::string maker = create("linear", "Sell", "Limit", R"("price":"59995")");
  const std::string taker =
      create("linear", "Buy", "Limit", R"("price":"59995","smpType":"CancelMaker")");
  EXPECT_EQ(at(row(maker), "cancelType"), "CancelBySmp");
  EXPECT_EQ(at(row(maker), "rejectReason"), "EC_BySelfMatch");
  EXPECT_EQ(at(row(taker), "smpType"), "CancelMaker");
  EXPECT_EQ(status(taker), "New");
}

TEST_F(ConditionalTest, BoundsSlippage) {
  const auto price_of = [&](std::string_view more, std::string_view side = "Buy") {
    return at(row(create("linear", side, "Market", more)), "price");
  };
  EXPECT_EQ(price_of(R"("slippageToleranceType":"TickSize","slippageTolerance":"5")"), "60000.50");
  EXPECT_EQ(price_of(R"("slippageToleranceType":"Percent","slippageTolerance":"0.1")"), "60060.00");
  EXPECT_EQ(price_of(R"("slippageToleranceType":"Percent","slippageTolerance":"1")", "Sell"),
            "59390.10");
  for (const char* bad : {R"("slippageToleranceType":"TickSize","slippageTolerance":"0")",
                          R"("slippageToleranceType":"TickSize","slippageTolerance":"10001")",
                          R"("slippageToleranceType":"TickSize","slippageTolerance":"1.5")",
                          R"("slippageToleranceType":"Percent","slippageTolerance":"10.01")",
                          R"("slippageToleranceType":"Percent","slippageTolerance":"0.001")",
                          R"("slippageToleranceType":"Ticks","slippageTolerance":"1")"}) {
    EXPECT_EQ(at(post_order("linear", "Buy", "Market", bad), "retCode"), "10001") << bad;
  }
}

TEST_F(ConditionalTest, WatchesAnIndexThatIsKnown) {
  exchange.execute(SetIndexPrice{InstrumentId{0}, MarkPrice{600'000 * kMarkPerTick}});
  const std::string id =
      create("linear", "Buy", "Market",
             R"("triggerPrice":"60500","triggerDirection":1,"triggerBy":"IndexPrice")");
  EXPECT_EQ(at(row(id), "triggerBy"), "IndexPrice");
  EXPECT_EQ(at(exchange.get("/v5/market/tickers?category=linear&symbol=BTCUSDT"),
               "result/list/0/indexPrice"),
            "60000");
}

}  // namespace
}  // namespace venuebox::venues::bybit
