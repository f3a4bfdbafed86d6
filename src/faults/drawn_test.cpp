// What strikes draw: delays, slippage, outcomes, and which action of a mode.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "faults/modes.h"
#include "faults/test_plan.h"

namespace venuebox::faults {
namespace {
const Tag kOrder{.operation = "place_order"};

// What `count` requests draw from the only fault.
std::vector<std::int64_t> drawn(std::string_view action, int count) {
  TestPlan test({fmt::format(R"({{"name":"f","action":{}}})", action)});
  std::vector<std::int64_t> values;
  for (int i = 0; i < count; ++i) {
    const Tag frame{.operation = "stream", .transport = Transport::ws};
    if (test.is_struck(kOrder) || test.is_struck(frame)) {
      values.push_back(test.strikes.front().drawn);
    }
  }
  return values;
}

double mean(const std::vector<std::int64_t>& values) {
  double sum = 0;
  for (const std::int64_t value : values)
    sum += static_cast<double>(value);
  return sum / static_cast<double>(values.size());
}

double deviation(const std::vector<std::int64_t>& values) {
  double sum = 0;
  for (const std::int64_t value : values)
    sum +=
        (static_cast<double>(value) - mean(values)) * (static_cast<double>(value) - mean(values));
  return std::sqrt(sum / static_cast<double>(values.size()));
}

TEST(Latency, IsDrawnFromItsDistribution) {
  const auto fixed = drawn(R"({"type":"latency","ms":250})", 10);
  EXPECT_EQ(fixed, std::vector<std::int64_t>(10, 250));

  const auto normal =
      drawn(R"({"type":"latency","distribution":"normal","ms":500,"deviation_ms":50})", 2'000);
  EXPECT_NEAR(mean(normal), 500, 5);
  EXPECT_NEAR(deviation(normal), 50, 3);

  auto lognormal =
      drawn(R"({"type":"latency","distribution":"lognormal","ms":200,"sigma":0.5})", 2'000);
  EXPECT_NEAR(mean(lognormal), 200 * std::exp(0.125), 8);
  std::ranges::sort(lognormal);
  EXPECT_NEAR(static_cast<double>(lognormal[1'000]), 200, 10);

  const auto spikes = drawn(
      R"({"type":"latency","distribution":"spikes","ms":10,"spike_ms":3000,"spike_probability":0.1})",
      2'000);
  const auto high = std::ranges::count(spikes, 3'000);
  EXPECT_EQ(high + std::ranges::count(spikes, 10), 2'000);
  EXPECT_NEAR(static_cast<double>(high), 200, 45);
}

TEST(Latency, IsNeverLongerThanItsMaximumOrNegative) {
  for (const std::string_view distribution : {"normal", "lognormal"}) {
    const auto values =
        drawn(fmt::format(R"({{"type":"latency","distribution":"{}","ms":100,"deviation_ms":200,
                         "sigma":3,"max_ms":150}})",
                          distribution),
              1'000);
    EXPECT_EQ(std::ranges::max(values), 150);
    EXPECT_GE(std::ranges::min(values), 0);
    EXPECT_LT(std::ranges::min(values), 50);
  }
}

TEST(Drawn, StaysWithinItsBounds) {
  const auto delays = drawn(R"({"type":"delay","ms":100,"jitter_ms":10})", 1'000);
  EXPECT_EQ(std::ranges::min(delays), 100);
  EXPECT_EQ(std::ranges::max(delays), 110);
  const auto slippage = drawn(R"({"type":"slippage","max_slippage":0.02})", 1'000);
  EXPECT_GE(std::ranges::min(slippage), 0);
  EXPECT_LE(std::ranges::max(slippage), 20'000'000);
  EXPECT_NEAR(mean(slippage), 10'000'000, 600'000);
  const auto outcomes = drawn(R"({"type":"unknown_outcome","accepted":0.25})", 2'000);
  EXPECT_NEAR(mean(outcomes), 0.25, 0.03);
}

TEST(Drawn, ChoicesAreMadeAnewEachTime) {
  TestPlan test({R"({"name":"f","action":{"type":"html_error_page"}})"});
  TestPlan nginx({R"({"name":"f","action":{"type":"html_error_page","proxy":"nginx"}})"});
  std::map<std::string_view, int> statuses;
  for (int i = 0; i < 400; ++i) {
    test.request(kOrder);
    ++statuses[test.strikes.front().action.choice("status")];
    nginx.request(kOrder);
    EXPECT_NE(nginx.strikes.front().action.choice("status"), "520");
  }
  EXPECT_EQ(statuses.size(), 4u);
  for (const auto& [status, count] : statuses)
    EXPECT_NEAR(count, 100, 35) << status;
}

std::map<ActionType, int> drawn_types(std::string_view mode, int count, const Tag& tag) {
  TestPlan test({fmt::format(R"({{"name":"f","action":{}}})", mode)});
  std::map<ActionType, int> types;
  for (int i = 0; i < count; ++i) {
    test.request(tag);
    for (const Strike& strike : test.strikes)
      ++types[strike.action.type];
  }
  return types;
}

TEST(Mixed, HasItsSharesOverAHundredThousandDraws) {
  auto types = drawn_types(R"({"type":"MIXED"})", 100'000, kOrder);
  const std::pair<ActionType, double> shares[] = {
      {ActionType::rate_limit, 0.05},  {ActionType::connection_reset, 0.02},
      {ActionType::hang, 0.01},        {ActionType::invalid_order, 0.01},
      {ActionType::partial_fill, 0.1}, {ActionType::slippage, 0.05},
  };
  for (const auto& [type, share] : shares) {
    const double bound = 4 * std::sqrt(share * (1 - share) * 100'000);
    EXPECT_NEAR(types[type], share * 100'000, bound) << name_of(type);
  }
  EXPECT_EQ(types.size(), std::size(shares));
}

TEST(Mixed, LeavesOutWhatCannotBefallTheRequest) {
  auto types = drawn_types(R"({"type":"MIXED"})", 100'000, {.operation = "fetch_ticker"});
  EXPECT_EQ(types.size(), 3u);
  EXPECT_NEAR(types[ActionType::rate_limit], 5'000, 280);
}

TEST(Random, DrawsUniformlyOfWhatCanBefallTheRequest) {
  auto types = drawn_types(R"({"type":"RANDOM","base_failure_rate":1})", 20'000, kOrder);
  // An invalid response is a truncated body or garbage.
  EXPECT_EQ(types.size(), 11u);
  types[ActionType::invalid_response] =
      types[ActionType::garbage] + types[ActionType::truncated_body];
  EXPECT_NEAR(types[ActionType::garbage], 1'000, 130);
  for (const Share& share : shares_of(ActionType::random))
    EXPECT_NEAR(types[share.type], 2'000, 180) << name_of(share.type);
  const auto of_ticker = drawn_types(R"({"type":"RANDOM","base_failure_rate":1})", 1'000,
                                     {.operation = "fetch_ticker"});
  EXPECT_EQ(of_ticker.size(), 7u);
  int sum = 0;
  for (const auto& [type, count] : of_ticker)
    sum += count;
  EXPECT_EQ(sum, 1'000);
}

TEST(Random, StandsForAllLayersOfARequest) {
  TestPlan test({R"({"name":"f","action":{"type":"RANDOM","base_failure_rate":0.5}})"});
  TestPlan whole({R"({"name":"f","action":{"type":"RANDOM","base_failure_rate":0.5}})"});
  for (std::uint64_t request = 1; request <= 500; ++request) {
    const Tag tag{.operation = "place_order", .request = request};
    std::vector<Strike> strikes;
    for (const Layer layer : {Layer::door, Layer::exchange, Layer::trading, Layer::http})
      test.plan.strike(tag, kNoon, layer, strikes);
    whole.request();
    ASSERT_EQ(strikes.size(), whole.strikes.size());
    if (!strikes.empty()) {
      EXPECT_EQ(strikes[0].action, whole.strikes[0].action);
    }
  }
  EXPECT_EQ(test.plan.timeline().statistics_json(), whole.plan.timeline().statistics_json());
}

TEST(Modes, AreFaultsByTheirNames) {
  for (const Alias& alias : all_aliases()) {
    const auto mode = fault_of_mode(alias.name, Ratio{300'000'000});
    ASSERT_TRUE(mode) << alias.name;
    EXPECT_EQ(mode->action.type, alias.type);
    EXPECT_EQ(fault(json_of(*mode)), *mode);
  }
  EXPECT_EQ(fault_of_mode("TIMEOUT")->when.probability, kBaseFailureRate);
  EXPECT_EQ(fault_of_mode("TIMEOUT")->name, "timeout");
  EXPECT_FALSE(fault_of_mode("RATE_LIMIT", kWhole)->when.probability);
  EXPECT_EQ(fault_of_mode("MIXED")->action.ratio("base_failure_rate"), Ratio{240'000'000});
  const auto unknown = fault_of_mode("SUNSHINE");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().where, "mode");
}

}  // namespace
}  // namespace venuebox::faults
