// Actions that count per account or go on for a while: rate limits, bans, budgets, maintenance.
#include <gtest/gtest.h>

#include "faults/test_plan.h"

namespace venuebox::faults {
namespace {
const Tag kAlice{.venue = "bybit", .account = "alice", .operation = "place_order"};
const Tag kBob{.venue = "bybit", .account = "bob", .operation = "place_order"};

TEST(RateLimit, LetsTenPassInAMinuteByDefault) {
  TestPlan test({R"({"name":"f","action":{"type":"RATE_LIMIT"}})"});
  EXPECT_EQ(test.pattern(12, kAlice), "..........xx");
  EXPECT_EQ(test.strikes.front().drawn, 60'000);
  test.now = test.now + milliseconds(59'999);
  EXPECT_EQ(test.pattern(1, kAlice), "x");
  EXPECT_EQ(test.strikes.front().drawn, 1);
  test.now = test.now + milliseconds(1);
  EXPECT_EQ(test.pattern(11, kAlice), "..........x");
}

TEST(RateLimit, ServesABurstOfAHundredOnlyToItsThreshold) {
  TestPlan test({R"({"name":"f","action":{"type":"rate_limit","calls_per_minute":60}})"});
  int served = 0;
  for (int i = 0; i < 100; ++i) {
    if (!test.is_struck(kAlice)) {
      ++served;
    } else {
      EXPECT_GT(test.strikes.front().drawn, 0);
    }
    test.now = test.now + milliseconds(10);
  }
  EXPECT_EQ(served, 60);
}

TEST(RateLimit, CountsEachAccountForItself) {
  TestPlan test({R"({"name":"f","action":{"type":"rate_limit","threshold":1}})"});
  EXPECT_EQ(test.pattern(2, kAlice), ".x");
  EXPECT_EQ(test.pattern(2, kBob), ".x");
}

TEST(RateLimit, StrikesAtOnceWhereTheTriggerChooses) {
  TestPlan test({R"({"name":"f","when":{"nth":[2]},"action":{"type":"rate_limit"}})"});
  EXPECT_EQ(test.pattern(3, kAlice), ".x.");
  TestPlan told({R"({"name":"f","action":{"type":"rate_limit","threshold":0,
                                          "retry_after_ms":7000}})"});
  EXPECT_EQ(told.pattern(1, kAlice), "x");
  EXPECT_EQ(told.strikes.front().drawn, 7'000);
}

TEST(RateLimit, ForgetsTheAccountNotSeenForLongest) {
  TestPlan test({R"({"name":"f","action":{"type":"rate_limit","threshold":1}})"});
  EXPECT_EQ(test.pattern(2, kAlice), ".x");
  for (std::size_t i = 0; i + 1 < kTalliesMax; ++i) {
    const std::string name = "account" + std::to_string(i);
    ASSERT_FALSE(test.is_struck({.venue = "bybit", .account = name}));
  }
  EXPECT_EQ(test.pattern(1, kAlice), "x");
  test.request({.venue = "bybit", .account = "one more"});
  EXPECT_EQ(test.pattern(1, kAlice), "x");
  EXPECT_EQ(test.pattern(1, {.venue = "bybit", .account = "account0"}), ".");
}

TEST(Ban, LastsOnceItHasStruck) {
  TestPlan test({R"({"name":"f","where":{"account":"alice"},"when":{"nth":[2]},
                     "action":{"type":"ban","lasts_ms":1000}})"});
  EXPECT_EQ(test.pattern(4, kAlice), ".xxx");
  test.now = test.now + milliseconds(400);
  EXPECT_EQ(test.pattern(1, kAlice), "x");
  EXPECT_EQ(test.strikes.front().drawn, 600);
  EXPECT_EQ(test.pattern(1, kBob), ".");
  test.now = test.now + milliseconds(600);
  EXPECT_EQ(test.pattern(1, kAlice), ".");
}

TEST(Ban, FollowsRefusalsThatWereIgnored) {
  TestPlan test({R"({"name":"limit","action":{"type":"rate_limit","threshold":1}})",
                 R"({"name":"ban","when":{"with":"limit"},
                     "action":{"type":"ban","after_ignored":2,"lasts_ms":120000}})"});
  using Names = std::vector<std::string>;
  EXPECT_EQ(test.request(kAlice), Names{});
  EXPECT_EQ(test.request(kAlice), Names{"limit"});
  EXPECT_EQ(test.request(kAlice), Names{"limit"});
  EXPECT_EQ(test.request(kAlice), Names{"ban"});
  test.now = test.now + seconds(59);
  EXPECT_EQ(test.request(kAlice), Names{"ban"});
  test.now = test.now + seconds(61);
  EXPECT_EQ(test.request(kAlice), Names{});
}

TEST(Ban, OfAnAddressStrikesAllAccounts) {
  TestPlan test({R"({"name":"f","when":{"nth":1},"action":{"type":"ban","scope":"address"}})"});
  EXPECT_EQ(test.pattern(1, kAlice), "x");
  EXPECT_EQ(test.pattern(1, kBob), "x");
}

TEST(Budget, LetsOneCallPassInEachRefill) {
  TestPlan test({R"({"name":"f","action":{"type":"budget_spent","budget":2}})"});
  EXPECT_EQ(test.pattern(4, kAlice), "..xx");
  EXPECT_EQ(test.strikes.front().drawn, 10'000);
  EXPECT_FALSE(test.is_struck({.venue = "bybit", .account = "alice", .operation = "cancel_order"}));
  test.now = test.now + seconds(10);
  EXPECT_EQ(test.pattern(2, kAlice), ".x");
  TestPlan strict({R"({"name":"f","action":{"type":"budget_spent","cancels_pass":false}})"});
  EXPECT_TRUE(
      strict.is_struck({.venue = "bybit", .account = "alice", .operation = "cancel_order"}));
}

TEST(Maintenance, GoesThroughItsPhases) {
  TestPlan test({R"({"name":"f","times":1,"action":{"type":"maintenance","announced_ms":1000,
      "closed_ms":1000,"cancel_only_ms":1000,"post_only_ms":1000}})"});
  for (const std::string_view phase : {"announced", "closed", "cancel_only", "post_only"}) {
    ASSERT_TRUE(test.is_struck(kAlice)) << phase;
    EXPECT_EQ(test.strikes.front().action.choice("phase"), phase);
    test.now = test.now + milliseconds(1'000);
  }
  EXPECT_FALSE(test.is_struck(kAlice));
}

TEST(Maintenance, ClosesTheVenueWhileItsTriggerHolds) {
  TestPlan test({R"({"name":"f","when":{"daily":{"start":"12:00","minutes":30}},
                     "action":{"type":"MAINTENANCE","message":"back at 12:30"}})"});
  EXPECT_EQ(test.pattern(3, kAlice), "xxx");
  EXPECT_EQ(test.strikes.front().action.choice("phase"), "closed");
  EXPECT_EQ(test.strikes.front().action.text("message"), "back at 12:30");
  test.now = test.now + seconds(1'800);
  EXPECT_EQ(test.pattern(3, kAlice), "...");
}

TEST(Stall, StrikesEveryFrameOfItsAccountUntilItIsOver) {
  TestPlan test({R"({"name":"f","when":{"nth":2},"action":{"type":"stall","lasts_ms":5000}})"});
  const Tag frame{.venue = "bybit",
                  .account = "alice",
                  .operation = "stream",
                  .channel = "orders",
                  .transport = Transport::ws};
  EXPECT_EQ(test.pattern(3, frame), ".xx");
  test.now = test.now + milliseconds(5'000);
  EXPECT_EQ(test.pattern(1, frame), ".");
}

}  // namespace
}  // namespace venuebox::faults
