#include "load/tally.h"

#include <gtest/gtest.h>

namespace venuebox::load {
namespace {

TEST(Percentile, IsTheNearestRank) {
  std::vector<Nanoseconds> latencies;
  for (int i = 10; i >= 1; --i)
    latencies.push_back(milliseconds(i));
  EXPECT_EQ(percentile(latencies, 500), milliseconds(5));
  EXPECT_EQ(percentile(latencies, 901), milliseconds(10));
  EXPECT_EQ(percentile(latencies, 900), milliseconds(9));
  EXPECT_EQ(percentile(latencies, 0), milliseconds(1));
  EXPECT_EQ(percentile({}, 500), Nanoseconds{});
}

TEST(Tally, CountsByOperationFailureAndTime) {
  const Timestamp start = timestamp_from_ms(1'000'000);
  Tally tally(start, seconds(120));
  ASSERT_EQ(tally.slots().size(), 60u);
  tally.add({.operation = Operation::place_order,
             .began = start + seconds(3),
             .took = milliseconds(40),
             .failure = {},
             .requests = 3});
  tally.add({.operation = Operation::fetch_ticker,
             .began = start + seconds(600),
             .took = seconds(5),
             .failure = "timeout",
             .requests = 1,
             .rate_limited = 1});
  EXPECT_EQ(tally.total().attempted, 2u);
  EXPECT_EQ(tally.total().failed(), 1u);
  EXPECT_EQ(tally.of(Operation::place_order).successful, 1u);
  EXPECT_EQ(tally.failures().at("timeout"), 1u);
  EXPECT_EQ(tally.requests(), 4u);
  EXPECT_EQ(tally.retries(), 2u);
  EXPECT_EQ(tally.retried(), 1u);
  EXPECT_EQ(tally.slots()[1].count.successful, 1u);
  EXPECT_EQ(tally.slots()[59].rate_limited, 1u) << "what began late counts at the end";
}

TEST(Tally, HasWholeSecondsAndNoEmptySlots) {
  const Tally tally(Timestamp{}, seconds(61));
  EXPECT_EQ(tally.slot_length(), seconds(2));
  EXPECT_EQ(tally.slots().size(), 31u);
}

}  // namespace
}  // namespace venuebox::load
