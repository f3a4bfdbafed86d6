// What the venue says when trading says no: code and words, exactly, of everything that a client
// can bring the engine to refuse.
#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

struct RefusalsTest : testing::Test {
  RefusalsTest() {
    exchange.quote("linear", 599'900, 600'000, 100'000);
    exchange.quote("spot", 599'900, 600'000, 10'000'000);
  }

  std::string order(std::string_view category, std::string_view price, std::string_view quantity,
                    std::string_view more = "") {
    return exchange.post(
        "/v5/order/create",
        fmt::format(R"({{"category":"{}","symbol":"BTCUSDT","side":"Buy","orderType":"Limit",)"
                    R"("price":"{}","qty":"{}"{}}})",
                    category, price, quantity, more));
  }
  static void expect(const std::string& answer, const char* code, const char* words) {
    EXPECT_EQ(at(answer, "retCode"), code) << answer;
    EXPECT_EQ(at(answer, "retMsg"), words);
    EXPECT_EQ(at(answer, "result"), "{}");
    EXPECT_EQ(at(answer, "retExtInfo"), "{}");
  }
  Exchange exchange;
};

TEST_F(RefusalsTest, OrdersThatDoNotFitTheMarket) {
  expect(order("linear", "59900.05", "0.01"), "10001", "params error: price invalid");
  expect(order("spot", "59900.05", "0.01"), "170134", "Order price decimal too long.");
  expect(order("linear", "2000000", "0.01"), "110003", "Order price exceeds the allowable range.");
  expect(order("spot", "2000000", "0.01"), "170132", "Order price too high.");
  expect(order("spot", "0", "0.01"), "170133", "Order price lower than the minimum.");
  expect(order("linear", "59900", "0.0105"), "10001", "Qty invalid");
  expect(order("spot", "59900", "0.0100005"), "170137", "Order quantity decimal too long.");
  expect(order("spot", "59900", "0.000001"), "170136", "Order quantity lower than the minimum.");
  expect(order("linear", "59900", "1191"), "10001",
         "The number of contracts exceeds maximum limit allowed: too large");
  expect(order("spot", "59900", "84"), "170124", "Order amount too large.");
  expect(order("linear", "100", "0.01"), "110094", "Order does not meet minimum order value 5USDT");
  expect(order("spot", "59900", "0.00005"), "170140", "Order value exceeded lower limit.");
  expect(order("linear", "59900", "1000"), "110007", "ab not enough for new order");
  expect(order("spot", "59900", "50"), "170131", "Insufficient balance.");
}

TEST_F(RefusalsTest, ThingsThatAreNotThere) {
  for (const char* path : {"/v5/order/cancel", "/v5/order/amend"}) {
    expect(exchange.post(path, R"({"category":"linear","symbol":"BTCUSDT","orderLinkId":"none"})"),
           "110001", "order not exists or too late to cancel");
    expect(exchange.post(path, R"({"category":"spot","symbol":"BTCUSDT","orderLinkId":"none"})"),
           "170213", "Order does not exist.");
    expect(exchange.post(path, R"({"category":"linear","symbol":"NONE","orderLinkId":"none"})"),
           "10001", "params error: symbol invalid");
    expect(exchange.post(path, R"({"category":"spot","symbol":"NONE","orderLinkId":"none"})"),
           "170121", "Invalid symbol.");
  }
  expect(exchange.get("/v5/market/tickers?category=linear&symbol=NONE"), "10001",
         "Not supported symbols");
}

TEST_F(RefusalsTest, ReducingWhatIsNotThere) {
  expect(order("linear", "59000", "0.01", R"(,"reduceOnly":true)"), "110017",
         "current position is zero, cannot fix reduce-only order qty");
  order("linear", "60000", "0.01");
  expect(order("linear", "59000", "0.01", R"(,"reduceOnly":true)"), "110017",
         "orderQty will be truncated to zero");
}

TEST_F(RefusalsTest, NamesThatAreTaken) {
  order("linear", "59000", "0.01", R"(,"orderLinkId":"a")");
  expect(order("linear", "59000", "0.01", R"(,"orderLinkId":"a")"), "110072",
         "OrderLinkedID is duplicate");
  expect(order("spot", "59000", "0.01", R"(,"orderLinkId":"a")"), "170141",
         "Duplicate clientOrderId.");
}

TEST_F(RefusalsTest, Settings) {
  const auto leverage = [&](const char* value) {
    return exchange.post("/v5/position/set-leverage",
                         fmt::format(R"({{"category":"linear","symbol":"BTCUSDT",)"
                                     R"("buyLeverage":"{0}","sellLeverage":"{0}"}})",
                                     value));
  };
  expect(leverage("10"), "110043", "leverage not modified");
  expect(leverage("101"), "110013", "cannot set leverage due to risk limit level");
  expect(order("linear", "59000", "0.01", R"(,"positionIdx":1)"), "10001",
         "position idx not match position mode");
  expect(exchange.post("/v5/position/trading-stop",
                       R"({"category":"linear","symbol":"BTCUSDT","tpslMode":"Full"})"),
         "34040", "not modified");
}

TEST_F(RefusalsTest, MoreOrdersThanFit) {
  for (const char* category : {"linear", "spot"}) {
    for (int i = 0; i < 500; ++i)
      ASSERT_EQ(at(order(category, "5000", "0.001"), "retCode"), "0") << i;
  }
  expect(order("linear", "5000", "0.001"), "110020", "You can't have more than 500 active orders.");
  expect(order("spot", "5000", "0.001"), "170810",
         "Cannot exceed maximum of 500 conditional, TP/SL and active orders.");
  const char* const waits = R"(,"triggerPrice":"70000","triggerDirection":1)";
  for (int i = 0; i < 10; ++i)
    ASSERT_EQ(at(order("linear", "5000", "0.001", waits), "retCode"), "0") << i;
  expect(order("linear", "5000", "0.001", waits), "110009",
         "The number of stop orders exceeds the maximum allowable limit");
}

TEST_F(RefusalsTest, MarketsThatDoNotTrade) {
  exchange.execute(SetInstrumentPhase{InstrumentId{0}, TradingPhase::halted});
  expect(order("linear", "59000", "0.01"), "110066", "Trading is currently not allowed.");
}

TEST_F(RefusalsTest, MarketsThatAreGone) {
  for (const Instrument& instrument : exchange.view().instruments().first(2))
    exchange.execute(SetInstrumentPhase{instrument.id, TradingPhase::delisted});
  expect(order("linear", "59000", "0.01"), "110074", "This contract is not live.");
  expect(order("spot", "59000", "0.01"), "170121", "Invalid symbol.");
}

// Spot's own words for a price outside the band quote the limit.
TEST_F(RefusalsTest, PricesOutsideTheBand) {
  Instrument banded = exchange.view().instruments()[1];
  banded.id = InstrumentId{6};
  banded.symbol = "BANDUSDT";
  banded.price_band = Rate{10'000'000};  // 1 %
  exchange.execute(ListInstrument{banded});
  PlaceOrder maker;
  maker.account = Exchange::kMarket;
  maker.instrument = banded.id;
  maker.quantity = Lots{1'000'000};
  for (const auto& [side, price] : {std::pair{Side::buy, 599'900}, {Side::sell, 600'100}}) {
    maker.side = side;
    maker.price = Ticks{price};
    exchange.execute(maker);
  }
  const auto at_price = [&](const char* side, const char* price) {
    return exchange.post(
        "/v5/order/create",
        fmt::format(R"({{"category":"spot","symbol":"BANDUSDT","side":"{}","orderType":"Limit",)"
                    R"("price":"{}","qty":"0.01"}})",
                    side, price));
  };
  expect(at_price("Buy", "60600.1"), "170193", "Buy order price cannot be higher than 60600.0.");
  expect(at_price("Sell", "59399.9"), "170194", "Sell order price cannot be lower than 59400.0.");
  EXPECT_EQ(at(at_price("Buy", "60600"), "retCode"), "0");
}

// Post-only, IOC and FOK are taken, and end: that is not a refusal (codec_history_test.cpp).

}  // namespace
}  // namespace venuebox::venues::bybit
