// Whole load tests: what users assert of them, and that they repeat.
#include "load/run.h"

#include <gtest/gtest.h>

#include "load/report.h"

namespace venuebox::load {
namespace {

Report must_run(const Settings& settings) {
  auto report = run(settings);
  EXPECT_TRUE(report) << report.error().text();
  return std::move(*report);
}

Settings short_test() {
  Settings settings;
  settings.clients = 3;
  settings.duration_s = 300;
  settings.rate = 60;
  settings.rate_limit = 0;
  return settings;
}

TEST(LoadTest, WithoutFaultsEverythingSucceedsAtTheRate) {
  const Report report = must_run(short_test());
  const Tally& tally = report.tally;
  EXPECT_EQ(tally.total().failed(), 0u) << json_of(report);
  EXPECT_EQ(tally.total().attempted, 900u) << "3 clients, 60 a minute, 5 minutes";
  EXPECT_EQ(tally.requests(), 900u);
  EXPECT_EQ(tally.partial_fills(), 0u);
  EXPECT_GT(tally.of(Operation::cancel_order).successful, 20u) << "those that waited";
  EXPECT_LT(percentile(tally.total().latencies, 1'000).raw, seconds(1).raw);
}

TEST(LoadTest, EqualSeedsGiveEqualReportsAndOthersDiffer) {
  Settings settings = short_test();
  settings.modes = {{.name = "RANDOM", .probability = faults::Ratio{200'000'000}}};
  const Report first = must_run(settings);
  const Report again = must_run(settings);
  EXPECT_EQ(json_of(first), json_of(again));
  EXPECT_EQ(plot_of(first), plot_of(again));
  EXPECT_GT(first.tally.total().failed(), 0u);
  EXPECT_GT(first.tally.retries(), 0u);
  settings.seed = 2;
  EXPECT_NE(must_run(settings).state_hash, first.state_hash);
}

TEST(LoadTest, TheRateLimitHoldsForEachAccount) {
  Settings settings = short_test();
  settings.clients = 1;
  settings.rate = 120;
  settings.rate_limit = 60;
  const Report report = must_run(settings);
  EXPECT_GT(report.tally.rate_limited(), 0u) << json_of(report);
  const std::int64_t minutes = (report.end - report.start).raw / seconds(60).raw + 1;
  // Calls without a key are nobody's, and have a window of their own.
  std::uint64_t passed = 0;
  for (const Operation operation : {Operation::fetch_balance, Operation::place_order,
                                    Operation::fetch_order, Operation::cancel_order})
    passed += report.tally.of(operation).successful;
  EXPECT_LE(passed, static_cast<std::uint64_t>(60 * minutes)) << summary_of(report);
  EXPECT_GT(passed, static_cast<std::uint64_t>(50 * (minutes - 1))) << summary_of(report);
}

TEST(LoadTest, AMaintenanceRefusesAllCallsWhileItLasts) {
  Settings settings = short_test();
  settings.duration_s = 1'800;
  settings.rate = 12;
  settings.maintenance = faults::Daily{.start_minute = 120, .minutes = 10};
  const Report report = must_run(settings);
  EXPECT_EQ(iso_text(report.start), "2025-01-02T01:50:00.000Z");
  // Slots are 30 s long; the maintenance is those from 20 to 39.
  for (std::size_t i = 0; i < report.tally.slots().size(); ++i) {
    const Count& count = report.tally.slots()[i].count;
    if (i == 19 || i == 20 || i == 39 || i == 40) continue;  // requests on their way at the edges
    EXPECT_EQ(count.successful == 0, i > 20 && i < 39) << i;
  }
  EXPECT_GT(report.tally.failures().at("maintenance"), 100u);
}

TEST(LoadTest, PartialFillsAreSeen) {
  Settings settings = short_test();
  settings.modes = {{.name = "PARTIAL_FILL", .probability = faults::Ratio{500'000'000}}};
  const Report report = must_run(settings);
  EXPECT_GT(report.tally.partial_fills(), 50u);
}

// Ten clients of a hundred orders each.
TEST(LoadTest, TenClientsDegradeMonotonicallyAndAlikeInEveryRun) {
  Settings settings;
  settings.clients = 10;
  settings.orders_each = 100;
  settings.rate = 60;
  settings.rate_limit = 0;
  std::uint64_t before = 1'001;
  for (const std::int64_t percent : {1, 5, 10, 20, 50}) {
    settings.modes = {{.name = "RANDOM", .probability = faults::Ratio{percent * 10'000'000}}};
    const Report report = must_run(settings);
    EXPECT_EQ(report.tally.total().attempted, 1'000u);
    EXPECT_LT(report.tally.total().successful, before) << percent;
    EXPECT_EQ(json_of(must_run(settings)), json_of(report)) << percent;
    before = report.tally.total().successful;
  }
  EXPECT_GT(before, 200u) << "at half of all requests some still succeed";
}

}  // namespace
}  // namespace venuebox::load
