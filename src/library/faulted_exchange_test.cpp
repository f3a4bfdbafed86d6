// What users assert of a client under faults: the client library against a box of this process that
// is struck, in virtual time and from a seed.
#include "library/test_faulted_exchange.h"

namespace venuebox::library {
namespace {

TEST_F(FaultedExchange, ThreeTriesCarryFetchesThroughThirtyPercentOfConnectionErrors) {
  strike(R"({"name":"errors","where":{"operation":"fetch_ticker"},"when":{"probability":0.3},)"
         R"("action":{"type":"CONNECTION_ERROR"}})");
  int succeeded = 0;
  for (int i = 0; i < 100; ++i)
    succeeded += ticker() ? 1 : 0;
  EXPECT_GT(succeeded, 90);
  EXPECT_GT(box->plan().timeline().total(), 20u) << "or nothing was to be got through";
}

TEST_F(FaultedExchange, APartialFillLeavesTheRestOpen) {
  strike(R"({"name":"partly","action":{"type":"partial_fill","fill_ratio":0.3}})");
  const auto placed = place("1", "60001");
  ASSERT_TRUE(placed) << placed.text;
  scheduler.run_for(seconds(60));
  const auto told = order(placed.value->id);
  ASSERT_TRUE(told) << told.text;
  EXPECT_EQ(text_of(told.value->filled), "0.3");
  EXPECT_EQ(text_of(told.value->quantity), "1");
  EXPECT_EQ(told.value->state, unified::OrderState::open);
}

TEST_F(FaultedExchange, LostAcknowledgementsDoubleNoOrder) {
  strike(R"({"name":"lost","where":{"operation":"place_order"},"when":{"probability":0.5},)"
         R"("action":{"type":"response_lost","how":"reset"}})");
  int known = 0;
  for (int i = 0; i < 40; ++i)
    known += place("0.01", "50000") ? 1 : 0;
  EXPECT_EQ(known, 40) << "each is looked for by its client order id";
  const auto open = ask<std::vector<unified::OrderRow>>(
      [&](auto then) { exchange->fetch_open_orders(kSymbol, std::move(then)); });
  ASSERT_TRUE(open) << open.text;
  EXPECT_EQ(open.value->size(), 40u);
  EXPECT_GT(box->plan().timeline().total(), 10u);
}

// What the venue has not got, its user sends again: three tries in all.
TEST_F(FaultedExchange, OrdersGetThroughTheMixOfEverydayFailures) {
  strike(R"({"name":"everyday","where":{"operation":"place_order"},"action":{"type":"MIXED"}})");
  int succeeded = 0;
  for (int i = 0; i < 1'000; ++i) {
    if (i % 50 == 0) {
      // What was filled in part stands in the market's way until it goes.
      ask<client::Nothing>(
          [&](auto then) { exchange->cancel_all_orders(kSymbol, std::move(then)); });
      quote();
      scheduler.run_for(seconds(1));  // It shows when time passes.
    }
    bool is_taken = false;
    for (int tries = 0; tries < 3 && !is_taken; ++tries)
      is_taken = bool(place("0.01", "60001"));
    succeeded += is_taken ? 1 : 0;
  }
  EXPECT_GT(succeeded, 950);
  EXPECT_GT(box->plan().timeline().total(), 100u) << "or nothing was to be got through";
}

TEST_F(FaultedExchange, SlippageNeverExceedsItsBound) {
  strike(R"({"name":"slips","action":{"type":"slippage","max_slippage":0.01}})");
  for (int i = 0; i < 50; ++i) {
    const auto placed = place("0.01", "63000");
    ASSERT_TRUE(placed) << placed.text;
  }
  const auto fills = ask<std::vector<unified::FillRow>>(
      [&](auto then) { exchange->fetch_my_trades(kSymbol, 100, std::move(then)); });
  ASSERT_TRUE(fills) << fills.text;
  EXPECT_GE(fills.value->size(), 50u);
  const Decimal best = *decimal("60001");
  bool has_slipped = false;
  for (const unified::FillRow& fill : *fills.value) {
    EXPECT_TRUE(compare(fill.price, *decimal("60601.1")) <= 0) << text_of(fill.price);
    has_slipped |= compare(fill.price, best) > 0;
  }
  EXPECT_TRUE(has_slipped);
}

// One run among several of a test.
struct FaultedRun final : FaultedExchange {
  void TestBody() override {}
};

// Equal runs are equal, and what fails more often succeeds less.
TEST(FaultedExchanges, FailMoreTheHigherTheRateIsAndAlikeInEveryRun) {
  const auto successes = [](std::string_view rate) {
    FaultedRun run;
    run.strike(R"({"name":"errors","where":{"operation":"place_order"},"when":{"probability":)" +
               std::string(rate) + R"(},"action":{"type":"overloaded"}})");
    int succeeded = 0;
    for (int i = 0; i < 100; ++i)
      succeeded += run.place("0.01", "50000") ? 1 : 0;
    return succeeded;
  };
  int before = 101;
  for (const std::string_view rate : {"0.01", "0.05", "0.1", "0.2", "0.5", "0.9"}) {
    const int now = successes(rate);
    EXPECT_EQ(now, successes(rate)) << rate;
    EXPECT_LE(now, before) << rate;
    before = now;
  }
  EXPECT_LT(before, 100) << "at the highest rate retries are not enough";
}

}  // namespace
}  // namespace venuebox::library
