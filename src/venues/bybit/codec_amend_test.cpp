#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

constexpr auto kAmend = "/v5/order/amend";

// Places a limit order to buy 0.010 at 59900 and hands back its id.
std::string place(Exchange& exchange, std::string_view more = "",
                  std::string_view category = "linear", AccountId who = Exchange::kAlice) {
  const std::string body =
      fmt::format(R"({{"category":"{}","symbol":"BTCUSDT","side":"Buy","orderType":"Limit",)"
                  R"("price":"59900","qty":"0.010"{}}})",
                  category, more);
  const std::string answer = exchange.post("/v5/order/create", body, who);
  EXPECT_EQ(at(answer, "retCode"), "0") << answer;
  return at(answer, "result/orderId");
}

std::string amend(Exchange& exchange, const std::string& id, std::string_view more,
                  std::string_view category = "linear", AccountId who = Exchange::kAlice) {
  return exchange.post(
      kAmend,
      fmt::format(R"({{"category":"{}","symbol":"BTCUSDT","orderId":"{}"{}}})", category, id, more),
      who);
}

std::string row(Exchange& exchange, const std::string& id, std::string_view category = "linear") {
  return at(exchange.get(fmt::format("/v5/order/realtime?category={}&orderId={}", category, id)),
            "result/list/0");
}

TEST(Amend, ChangesPriceAndQuantity) {
  Exchange exchange;
  const std::string id = place(exchange, R"(,"orderLinkId":"mine")");
  const std::string answer = amend(exchange, id, R"(,"price":"59800.10","qty":"0.020")");
  EXPECT_EQ(at(answer, "retCode"), "0") << answer;
  EXPECT_EQ(at(answer, "result"), R"({"orderId":")" + id + R"(","orderLinkId":"mine"})");
  EXPECT_EQ(at(row(exchange, id), "price"), "59800.10");
  EXPECT_EQ(at(row(exchange, id), "qty"), "0.020");
  const std::string by_name = exchange.post(
      kAmend, R"({"category":"linear","symbol":"BTCUSDT","orderLinkId":"mine","qty":"0.005"})");
  EXPECT_EQ(at(by_name, "result/orderId"), id);
  EXPECT_EQ(at(row(exchange, id), "qty"), "0.005");

  const std::string spot = place(exchange, "", "spot");
  EXPECT_EQ(at(amend(exchange, spot, R"(,"price":"59800")", "spot"), "result/orderId"), spot);
  EXPECT_EQ(at(row(exchange, spot, "spot"), "price"), "59800.0");
}

TEST(Amend, MayTradeAtOnce) {
  Exchange exchange;
  exchange.quote("linear", 599'000, 600'000, 1'000);
  const std::string id = place(exchange);
  EXPECT_EQ(at(amend(exchange, id, R"(,"price":"60000")"), "result/orderId"), id);
  EXPECT_EQ(at(row(exchange, id), "orderStatus"), "Filled");
}

TEST(Amend, ChangesTriggersAndStops) {
  Exchange exchange;
  const std::string id = place(exchange, R"(,"triggerPrice":"60500","triggerDirection":1,)"
                                         R"("takeProfit":"61000","stopLoss":"59000")");
  EXPECT_EQ(
      at(amend(exchange, id, R"(,"triggerPrice":"60600","takeProfit":"61500","stopLoss":"0")"),
         "retCode"),
      "0");
  EXPECT_EQ(at(row(exchange, id), "triggerPrice"), "60600.00");
  EXPECT_EQ(at(row(exchange, id), "takeProfit"), "61500.00");
  EXPECT_EQ(at(row(exchange, id), "stopLoss"), "");
  EXPECT_EQ(at(amend(exchange, id, R"(,"tpTriggerBy":"MarkPrice")"), "retCode"), "0");
  EXPECT_EQ(at(row(exchange, id), "takeProfit"), "61500.00") << "what is not named stays";
  EXPECT_EQ(at(row(exchange, id), "tpTriggerBy"), "MarkPrice");
}

TEST(Amend, RefusesWhatItCannotChange) {
  Exchange exchange;
  exchange.quote("linear", 599'900, 600'000, 1'000);
  const std::string id = place(exchange);
  const struct {
    const char* more;
    const char* code;
    const char* text;
  } kCases[] = {
      {"", "10001", "The order remains unchanged"},
      {R"(,"price":"59900","qty":"0.01")", "10001", "The order remains unchanged"},
      {R"(,"price":"59900.05")", "10001", "price invalid"},
      {R"(,"price":59900)", "10001", "price invalid"},
      {R"(,"price":"1e30")", "110003", "price"},
      {R"(,"qty":"0.0105")", "10001", "Qty invalid"},
      {R"(,"qty":"0")", "10001", "Qty invalid"},
      {R"(,"qty":"1191")", "10001", "maximum limit"},
      {R"(,"qty":"1100")", "110007", "ab not enough"},
      {R"(,"price":"100")", "110094", "minimum order value 5USDT"},
      {R"(,"triggerPrice":"60000")", "10001", "the order has no such term"},
      {R"(,"triggerPrice":"x")", "10001", "triggerPrice"},
      {R"(,"takeProfit":"59000")", "10001", "takeProfit or stopLoss invalid"},
      {R"(,"takeProfit":"61000","tpOrderType":"Limit","tpLimitPrice":"61000")", "10001",
       "tpslMode"},
      {R"(,"takeProfit":"61000","tpslMode":"Partial")", "10001", "another tpslMode"},
  };
  for (const auto& c : kCases) {
    const std::string answer = amend(exchange, id, c.more);
    EXPECT_EQ(at(answer, "retCode"), c.code) << c.more << answer;
    EXPECT_NE(at(answer, "retMsg").find(c.text), std::string::npos) << c.more << answer;
  }
  EXPECT_EQ(at(amend(exchange, id, R"(,"qty":"0.02")", "linear", Exchange::kBob), "retCode"),
            "110001");
  EXPECT_EQ(at(amend(exchange, "1900000000000000001", R"(,"qty":"0.02")", "spot"), "retCode"),
            "170213");
  EXPECT_EQ(at(exchange.post(kAmend, R"({"category":"linear","symbol":"BTCUSDT"})"), "retCode"),
            "10001");
  EXPECT_EQ(at(row(exchange, id), "price"), "59900.00");
}

TEST(Amend, QuotesTheTriggerThatIsReached) {
  Exchange exchange;
  exchange.quote("linear", 599'900, 600'000, 1'000);
  exchange.post("/v5/order/create",
                R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market",)"
                R"("qty":"0.01"})");
  const std::string id = place(exchange, R"(,"triggerPrice":"60500","triggerDirection":1)");
  const std::string answer = amend(exchange, id, R"(,"triggerPrice":"59000")");
  EXPECT_EQ(at(answer, "retCode"), "110092");
  EXPECT_EQ(at(answer, "retMsg"), "expect Rising, but trigger_price[59000.00] <= current[60000]");
}

TEST(Amend, AnswersEachEntryOfABatch) {
  Exchange exchange;
  const std::string first = place(exchange, R"(,"orderLinkId":"first")");
  const std::string answer = exchange.post(
      "/v5/order/amend-batch",
      R"({"category":"linear","request":[{"symbol":"BTCUSDT","orderLinkId":"first","qty":"0.02"},)"
      R"({"symbol":"BTCUSDT","orderId":"id2","qty":"0.02"},)"
      R"({"symbol":"BTCUSDT","orderLinkId":"first","qty":0.03},)"
      R"({"symbol":"BTCUSDT","orderLinkId":"first","qty":"0.02"}]})");
  EXPECT_EQ(at(answer, "retCode"), "0");
  EXPECT_EQ(at(answer, "result/list/0/orderId"), first);
  EXPECT_EQ(at(answer, "result/list/0/orderLinkId"), "first");
  EXPECT_EQ(at(answer, "result/list/0/createAt"), "(absent)");
  EXPECT_EQ(at(answer, "result/list/1/orderId"), "");
  const std::vector<std::string> expected{"0", "110001", "10001", "10001"};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(at(answer, fmt::format("retExtInfo/list/{}/code", i)), expected[i]);
  }
  EXPECT_EQ(at(row(exchange, first), "qty"), "0.020");
}

}  // namespace
}  // namespace venuebox::venues::bybit
