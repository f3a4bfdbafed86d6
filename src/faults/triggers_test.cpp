// Each trigger of the contract, by which occasions it strikes.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "faults/test_plan.h"

namespace venuebox::faults {
namespace {

std::string with_when(std::string_view when) {
  return fmt::format(R"({{"name":"f","when":{},"action":{{"type":"latency"}}}})", when);
}

struct Counted {
  std::string_view when;
  std::string_view pattern;
};

TEST(Triggers, CountOccasions) {
  const Counted rows[] = {
      {"{}", "xxxxxxxxxx"},
      {R"({"nth":[3,5]})", "..x.x....."},
      {R"({"nth":2})", ".x........"},
      {R"({"every":3})", "..x..x..x."},
      {R"({"every":2,"nth":[4,5,6]})", "...x.x...."},
      {R"({"probability":1})", "xxxxxxxxxx"},
      {R"({"probability":0})", ".........."},
      {R"({"burst":{"enter":1,"leave":1}})", "x.x.x.x.x."},
      {R"({"burst":{"enter":1,"leave":0}})", "xxxxxxxxxx"},
      {R"({"burst":{"enter":0,"leave":1}})", ".........."},
      {R"({"burst":{"enter":1,"leave":1},"every":3})", "..x.....x."},
  };
  for (const Counted& row : rows) {
    TestPlan test({with_when(row.when)});
    EXPECT_EQ(test.pattern(10), row.pattern) << row.when;
  }
}

struct Timed {
  std::string_view when;
  std::string_view time;
  bool strikes;
};

TEST(Triggers, HoldAtTheirTimesOnly) {
  constexpr std::string_view kWindow =
      R"({"window":{"from":"2025-01-01T02:00:00Z","to":"2025-01-01T03:00:00Z"}})";
  constexpr std::string_view kDaily = R"({"daily":{"start":"02:00","minutes":30}})";
  constexpr std::string_view kOverMidnight = R"({"daily":{"start":"23:50","minutes":20}})";
  constexpr std::string_view kWholeDay = R"({"daily":{"start":"07:00","minutes":1440}})";
  constexpr std::string_view kWeekly =
      R"({"weekly":{"day":"sunday","start":"00:00","minutes":120}})";
  constexpr std::string_view kOverWeekEnd =
      R"({"weekly":{"day":"saturday","start":"23:00","minutes":120}})";
  const Timed rows[] = {
      {kWindow, "2025-01-01T01:59:59.999Z", false},
      {kWindow, "2025-01-01T02:00:00Z", true},
      {kWindow, "2025-01-01T02:59:59.999999999Z", true},
      {kWindow, "2025-01-01T03:00:00Z", false},
      {R"({"window":{"to":"2025-01-01T03:00:00Z"}})", "1970-01-01T00:00:00Z", true},
      {R"({"window":{"from":"2025-01-01T03:00:00Z"}})", "2199-01-01T00:00:00Z", true},
      {kDaily, "2025-06-02T01:59:59Z", false},
      {kDaily, "2025-06-02T02:00:00Z", true},
      {kDaily, "2025-06-03T02:29:59Z", true},
      {kDaily, "2025-06-03T02:30:00Z", false},
      {kOverMidnight, "2025-06-02T23:49:59Z", false},
      {kOverMidnight, "2025-06-02T23:50:00Z", true},
      {kOverMidnight, "2025-06-03T00:09:59Z", true},
      {kOverMidnight, "2025-06-03T00:10:00Z", false},
      {kWholeDay, "2025-06-02T06:59:59Z", true},
      {kWeekly, "2025-05-31T23:59:59Z", false},
      {kWeekly, "2025-06-01T00:00:00Z", true},
      {kWeekly, "2025-06-01T01:59:59Z", true},
      {kWeekly, "2025-06-01T02:00:00Z", false},
      {kWeekly, "2025-06-02T00:30:00Z", false},
      {kOverWeekEnd, "2025-05-31T22:59:59Z", false},
      {kOverWeekEnd, "2025-05-31T23:00:00Z", true},
      {kOverWeekEnd, "2025-06-01T00:59:59Z", true},
      {kOverWeekEnd, "2025-06-01T01:00:00Z", false},
      {R"({"hourly_rate":{"9":1,"default":0}})", "2025-06-02T08:59:59Z", false},
      {R"({"hourly_rate":{"9":1,"default":0}})", "2025-06-02T09:00:00Z", true},
      {R"({"hourly_rate":{"9":1,"default":0}})", "2025-06-02T09:59:59Z", true},
      {R"({"hourly_rate":{"9":1}})", "2025-06-02T10:00:00Z", false},
      {R"({"hourly_rate":{"9":0,"default":1}})", "2025-06-02T10:00:00Z", true},
      {R"({"hourly_rate":{"9":0,"default":1}})", "2025-06-02T09:30:00Z", false},
      {R"({"daily":{"start":"00:00","minutes":60},
           "weekly":{"day":"sunday","start":"00:00","minutes":1440}})",
       "2025-06-02T00:30:00Z", false},
      {R"({"daily":{"start":"00:00","minutes":60},
           "weekly":{"day":"sunday","start":"00:00","minutes":1440}})",
       "2025-06-01T00:30:00Z", true},
  };
  for (const Timed& row : rows) {
    TestPlan test({with_when(row.when)});
    test.now = at(row.time);
    EXPECT_EQ(test.is_struck(), row.strikes) << row.when << " at " << row.time;
  }
}

TEST(Triggers, DoNotCountWhatComesWhileTheyAreShut) {
  TestPlan test({with_when(R"({"daily":{"start":"12:00","minutes":1},"nth":[2]})")});
  test.now = at("2025-06-02T11:00:00Z");
  EXPECT_EQ(test.pattern(5), ".....");
  test.now = kNoon;
  EXPECT_EQ(test.pattern(3), ".x.");
}

TEST(Triggers, DrawWithTheirProbability) {
  const std::pair<std::string_view, double> rows[] = {
      {R"({"probability":0.1})", 0.1},
      {R"({"probability":0.999})", 0.999},
      {R"({"hourly_rate":{"12":0.25,"default":1}})", 0.25},
      {R"({"burst":{"enter":0.01,"leave":0.2}})", 0.01 / 0.21},
  };
  for (const auto& [when, expected] : rows) {
    TestPlan test({with_when(when)});
    const std::string pattern = test.pattern(50'000);
    const auto struck = static_cast<double>(std::ranges::count(pattern, 'x')) / 50'000;
    EXPECT_NEAR(struck, expected, 0.01) << when;
  }
}

TEST(Triggers, BurstsLastAsLongAsTheirChainSays) {
  TestPlan test({with_when(R"({"burst":{"enter":0.01,"leave":0.2}})")});
  const std::string pattern = test.pattern(100'000);
  int bursts = 0;
  for (std::size_t i = 1; i < pattern.size(); ++i)
    bursts += pattern[i] == 'x' && pattern[i - 1] == '.';
  const double length = static_cast<double>(std::ranges::count(pattern, 'x')) / bursts;
  EXPECT_NEAR(length, 5, 0.4);
  EXPECT_NEAR(bursts, 100'000 * 0.01 * 0.2 / 0.21, 60);
}

TEST(Triggers, WaitForTheNthEventOfTheSelectedAccount) {
  TestPlan test({R"({"name":"f","where":{"account":"alice"},
                     "when":{"after":{"event":"fill","n":2}},"action":{"type":"latency"}})"});
  const Tag alice{.account = "alice", .operation = "place_order"};
  test.plan.observe(Happening::fill, {.account = "bob"});
  test.plan.observe(Happening::fill, {.account = "bob"});
  test.plan.observe(Happening::fill, alice);
  test.plan.observe(Happening::order_accepted, alice);
  EXPECT_FALSE(test.is_struck(alice));
  test.plan.observe(Happening::fill, alice);
  EXPECT_TRUE(test.is_struck(alice));
  EXPECT_TRUE(test.is_struck(alice));
}

TEST(Triggers, StrikeAboveTheLoadOfTheLastSecond) {
  TestPlan test({with_when(R"({"load_above":{"per_s":3}})")});
  EXPECT_EQ(test.pattern(5), "...xx");
  test.now = test.now + milliseconds(500);
  EXPECT_EQ(test.pattern(1), "x");
  test.now = test.now + milliseconds(500);  // The first five are a second old.
  EXPECT_EQ(test.pattern(3), "..x");
  test.now = test.now + seconds(10);
  EXPECT_EQ(test.pattern(4), "...x");
}

TEST(Triggers, GoWithAnotherFault) {
  TestPlan test({R"({"name":"limit","when":{"every":2},"action":{"type":"rate_limit"}})",
                 R"({"name":"slow","when":{"with":"limit"},"action":{"type":"latency"}})"});
  using Names = std::vector<std::string>;
  EXPECT_EQ(test.request(), Names{});
  EXPECT_EQ(test.request(), (Names{"slow", "limit"}));
  EXPECT_EQ(test.request(), Names{});
}

TEST(Triggers, GoWithAnotherFaultAcrossTheLayersOfOneRequest) {
  TestPlan test({R"({"name":"limit","when":{"nth":1},"action":{"type":"rate_limit"}})",
                 R"({"name":"slow","when":{"with":"limit"},"action":{"type":"latency"}})"});
  std::vector<Strike> strikes;
  test.plan.strike({.request = 7}, kNoon, Layer::exchange, strikes);
  test.plan.strike({.request = 7}, kNoon, Layer::http, strikes);
  EXPECT_EQ(strikes.size(), 2u);
  test.plan.strike({.request = 8}, kNoon, Layer::http, strikes);
  EXPECT_EQ(strikes.size(), 2u);
}

TEST(Triggers, OfStreamsGoByHowTheOtherFaredLast) {
  TestPlan test({R"({"name":"limit","when":{"nth":1},"action":{"type":"rate_limit"}})",
                 R"({"name":"lag","when":{"with":"limit"},"action":{"type":"delay"}})"});
  const Tag frame{.operation = "stream", .transport = Transport::ws};
  std::vector<Strike> strikes;
  const auto frames_struck = [&] {
    strikes.clear();
    test.plan.strike(frame, kNoon, Layer::stream, strikes);
    return strikes.size();
  };
  EXPECT_EQ(frames_struck(), 0u);
  test.request({.operation = "fetch_time"}, kRequestLayers);
  EXPECT_EQ(frames_struck(), 1u);
  EXPECT_EQ(frames_struck(), 1u);
  test.request({.operation = "fetch_time"}, kRequestLayers);
  EXPECT_EQ(frames_struck(), 0u);
}

}  // namespace
}  // namespace venuebox::faults
