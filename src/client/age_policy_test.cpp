#include "client/age_policy.h"

#include "client/test_acme.h"

namespace venuebox::client {
namespace {
using gateway::Verdict;
using Outcome = AgedOrder::Outcome;

struct AgePolicyTest : AcmeTest {
  AgePolicyTest() { renew({.age_max = seconds(300)}); }
  void renew(AgeSettings settings) {
    policy = std::make_unique<AgePolicy>(exchange, scheduler, settings);
    policy->start();
  }
  void fill(const std::string& name, const char* quantity) {
    unified::FillRow fill;
    fill.id = "f";
    fill.client_order_id = name;
    fill.quantity = decimal(quantity);
    exchange.own().take(fill);
  }
  std::unique_ptr<AgePolicy> policy;
};

TEST_F(AgePolicyTest, CancelsOnceWhatHasWaitedTooLong) {
  place("42");
  venue.forget();
  scheduler.run_for(seconds(299));
  EXPECT_TRUE(venue.sent.empty());
  place("43");
  venue.forget();
  scheduler.run_for(seconds(2));
  EXPECT_EQ(venue.sent, std::vector<std::string>{"/cancel/42"});
  scheduler.run_for(seconds(297));
  EXPECT_EQ(venue.count("/cancel/43"), 0) << "each by its own age";
  scheduler.run_for(seconds(600));
  EXPECT_EQ(venue.count("/cancel/42"), 1);
  EXPECT_EQ(venue.count("/cancel/43"), 1);
  ASSERT_EQ(policy->outcomes().size(), 2u);
  EXPECT_EQ(policy->outcomes()[0].outcome, Outcome::cancelled);
  EXPECT_EQ(policy->outcomes()[0].order.id, "42");
}

TEST_F(AgePolicyTest, IsOffUnlessItIsGivenAnAge) {
  renew({});
  policy = std::make_unique<AgePolicy>(exchange, scheduler);
  policy->start();
  place("42");
  venue.forget();
  scheduler.run_for(seconds(100'000));
  EXPECT_TRUE(venue.sent.empty());
}

TEST_F(AgePolicyTest, PartlyFilledOrdersAreMeantWhereThatIsAsked) {
  for (const bool also_partly_filled : {false, true}) {
    exchange.own() = {};
    renew({.age_max = seconds(300), .also_partly_filled = also_partly_filled});
    fill(place("42"), "0.5");
    venue.forget();
    scheduler.run_for(seconds(600));
    EXPECT_EQ(venue.count("/cancel/42"), also_partly_filled ? 1 : 0);
  }
}

TEST_F(AgePolicyTest, OutcomesAreTold) {
  struct Case {
    TransportResult answer;
    Outcome outcome;
    int cancels;  // within three ages
  };
  const Case cases[] = {{says("ok"), Outcome::cancelled, 1},
                        {says("", Verdict::unknown_order), Outcome::already_ended, 1},
                        {kLost, Outcome::unknown, 1},
                        {says("", Verdict::refused), Outcome::refused, 3}};
  for (const Case& row : cases) {
    exchange.own() = {};
    renew({.age_max = seconds(300)});
    std::vector<AgedOrder> told;
    policy->on_outcome = [&](const AgedOrder& aged) { told.push_back(aged); };
    place("42");
    venue.pages["/cancel/42"] = row.answer;
    venue.forget();
    scheduler.run_for(seconds(950));
    EXPECT_EQ(venue.count("/cancel/42"), row.cancels);
    ASSERT_EQ(told.size(), static_cast<std::size_t>(row.cancels));
    EXPECT_EQ(told[0].outcome, row.outcome);
    EXPECT_EQ(told[0].text.empty(), row.outcome == Outcome::cancelled);
  }
}

TEST_F(AgePolicyTest, WhatNobodyIsSureOfIsLeftAlone) {
  venue.pages["/buy"] = kLost;
  venue.pages["/order/client/venuebox-1"] = says("", Verdict::not_authorised);
  ask<PlacedOrder>([&](auto then) { exchange.create_order(limit(), then); });
  const std::string filled = place("43");
  fill(filled, "1");
  venue.forget();
  scheduler.run_for(seconds(1'000));
  EXPECT_TRUE(venue.sent.empty());
}

}  // namespace
}  // namespace venuebox::client
