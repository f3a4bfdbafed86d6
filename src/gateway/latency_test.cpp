#include "gateway/latency.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace venuebox::gateway {
namespace {

constexpr std::uint64_t kMany = 20'000;

std::vector<std::int64_t> times(std::string_view text, std::string_view purpose = "test") {
  const auto model = LatencyModel::from_text(text);
  EXPECT_TRUE(model) << text;
  const RandomStream stream(1, purpose);
  std::vector<std::int64_t> all;
  for (std::uint64_t n = 0; n < kMany; ++n)
    all.push_back(model->at(stream, n).raw);
  return all;
}

// The value below which so many of a hundred lie, in nanoseconds.
std::int64_t percentile(std::vector<std::int64_t> values, std::size_t percent) {
  std::ranges::sort(values);
  return values[values.size() * percent / 100];
}

std::string error_of(std::string_view text) {
  const auto model = LatencyModel::from_text(text);
  return model ? "" : model.error().text();
}

TEST(LatencyModel, ReadsWhatItWrites) {
  for (const char* text :
       {"none", "fixed:20ms", "fixed:0.25ms", "normal:20ms:5ms", "lognormal:5ms:0.4",
        "none+spikes:0.01:500ms", "lognormal:1500ms:0.5+spikes:0.000000001:3600000ms"}) {
    const auto model = LatencyModel::from_text(text);
    ASSERT_TRUE(model) << text << model.error().text();
    EXPECT_EQ(model->text(), text);
  }
  EXPECT_EQ(LatencyModel::from_text("fixed:1.5s")->text(), "fixed:1500ms");
  EXPECT_EQ(LatencyModel::from_text("fixed:250us")->text(), "fixed:0.25ms");
  EXPECT_EQ(LatencyModel::from_text("spikes:1:1s")->text(), "none+spikes:1:1000ms");
}

TEST(LatencyModel, SaysWhatIsWrong) {
  for (const char* text : {"", "fast", "none:1ms", "fixed", "fixed:", "fixed:1ms:2ms", "normal:1ms",
                           "lognormal:1ms", "uniform:1ms:2ms"})
    EXPECT_TRUE(error_of(text).contains("fixed:TIME") || error_of(text).contains("is not a time"))
        << text << ": " << error_of(text);
  for (const char* text : {"fixed:20", "fixed:-1ms", "fixed:ms", "fixed:3601s", "fixed:0.0000001ms",
                           "normal:1ms:x", "fixed:20m"})
    EXPECT_TRUE(error_of(text).contains("such as 20ms")) << text << ": " << error_of(text);
  for (const char* text : {"lognormal:1ms:4", "lognormal:1ms:-1", "lognormal:1ms:0.0000001"})
    EXPECT_TRUE(error_of(text).contains("0 to 3")) << text << ": " << error_of(text);
  for (const char* text : {"none+", "none+spikes:2:1s", "none+fixed:1ms", "fixed:1ms+spikes:0.1"})
    EXPECT_NE(error_of(text), "") << text;
  EXPECT_TRUE(error_of("spikes:0.1:1s+fixed:1ms").contains("come last"));
}

TEST(LatencyModel, TheNthTimeDependsOnNothingElse) {
  const auto model = *LatencyModel::from_text("lognormal:20ms:0.5+spikes:0.1:1s");
  const auto all = times("lognormal:20ms:0.5+spikes:0.1:1s");
  EXPECT_EQ(model.at(RandomStream(1, "test"), 77).raw, all[77]);
  EXPECT_NE(times("lognormal:20ms:0.5+spikes:0.1:1s", "other"), all);
}

// Written down, so that another compiler or machine would show.
TEST(LatencyModel, GivesTheSameNanosecondsEverywhere) {
  const auto log_normal = times("lognormal:20ms:0.5");
  const auto normal = times("normal:20ms:5ms");
  EXPECT_EQ(std::vector(log_normal.begin(), log_normal.begin() + 3),
            (std::vector<std::int64_t>{36'781'420, 7'973'618, 14'988'110}));
  EXPECT_EQ(std::vector(normal.begin(), normal.begin() + 3),
            (std::vector<std::int64_t>{26'092'605, 10'804'061, 17'115'249}));
}

TEST(LatencyModel, FixedIsFixed) {
  const auto all = times("fixed:20ms");
  EXPECT_EQ(std::ranges::count(all, 20'000'000), std::ptrdiff_t{kMany});
}

// One standard deviation holds 68 % of a normal distribution, two hold 95 %.
TEST(LatencyModel, NormalHasItsMeanAndDeviation) {
  const auto all = times("normal:20ms:5ms");
  EXPECT_NEAR(static_cast<double>(percentile(all, 50)), 20e6, 0.2e6);
  EXPECT_NEAR(static_cast<double>(percentile(all, 16)), 15e6, 0.2e6);
  EXPECT_NEAR(static_cast<double>(percentile(all, 84)), 25e6, 0.2e6);
  EXPECT_NEAR(static_cast<double>(percentile(all, 98)), 30.27e6, 0.3e6);
  const auto wide = times("normal:1ms:5ms");
  EXPECT_EQ(std::ranges::min(wide), 0);
}

// The logarithm is normal: e^0.5 = 1.6487, e^(0.5 * 2.054) = 2.793.
TEST(LatencyModel, LogNormalHasItsMedianAndTail) {
  const auto all = times("lognormal:20ms:0.5");
  EXPECT_NEAR(static_cast<double>(percentile(all, 50)), 20e6, 0.3e6);
  EXPECT_NEAR(static_cast<double>(percentile(all, 16)), 20e6 / 1.6487, 0.3e6);
  EXPECT_NEAR(static_cast<double>(percentile(all, 84)), 20e6 * 1.6487, 0.6e6);
  EXPECT_NEAR(static_cast<double>(percentile(all, 98)), 20e6 * 2.793, 2e6);
  EXPECT_EQ(percentile(times("lognormal:20ms:0"), 99), 20'000'000);
  const auto wild = times("lognormal:3600s:3");
  EXPECT_EQ(std::ranges::max(wild), kLatencyMax.raw);
  EXPECT_GE(std::ranges::min(wild), 0);
}

TEST(LatencyModel, SpikesComeOnTopAsOftenAsTheyShould) {
  const auto all = times("fixed:20ms+spikes:0.05:500ms");
  const auto spikes = std::ranges::count(all, 520'000'000);
  EXPECT_EQ(std::ranges::count(all, 20'000'000) + spikes, std::ptrdiff_t{kMany});
  EXPECT_NEAR(static_cast<double>(spikes), 0.05 * kMany, 100);
  EXPECT_EQ(std::ranges::count(times("spikes:1:1s"), 1'000'000'000), std::ptrdiff_t{kMany});
}

}  // namespace
}  // namespace venuebox::gateway
