#include "market/fair_prices.h"

#include <cmath>

#include <gtest/gtest.h>

#include "market/arrivals.h"

namespace venuebox::market {
namespace {

TEST(Draws, AreNormalEnough) {
  const RandomStream stream(1, "test");
  double sum = 0, squares = 0;
  constexpr int kCount = 100'000;
  for (std::uint64_t i = 0; i < kCount; ++i) {
    const double draw = normal(stream.at(i));
    sum += draw;
    squares += draw * draw;
  }
  EXPECT_NEAR(sum / kCount, 0, 0.01);
  EXPECT_NEAR(squares / kCount, 1, 0.02);
}

TEST(FairPrices, DoNotDependOnWhoElseIsListed) {
  FairPrices alone(7), among(7);
  const std::size_t own = alone.add("ETH");
  for (const char* base : {"BTC", "NOSUCH", "ETH"})
    among.add(base);
  for (int i = 0; i < 10'000; ++i) {
    alone.step();
    among.step();
  }
  EXPECT_EQ(alone.price(own), among.price(among.add("ETH")));
  EXPECT_NE(alone.price(own), 2'600);
}

TEST(FairPrices, BasesMoveTogether) {
  FairPrices fair(3);
  const std::size_t bitcoin = fair.add("BTC");
  const std::size_t ether = fair.add("ETH");
  double both = 0, one = 0, other = 0;
  for (int second = 0; second < 3'600; ++second) {
    const double before = fair.price(bitcoin), before_ether = fair.price(ether);
    for (int i = 0; i < 4; ++i)
      fair.step();
    const double a = fair.price(bitcoin) / before - 1, b = fair.price(ether) / before_ether - 1;
    both += a * b;
    one += a * a;
    other += b * b;
  }
  const double correlation = both / std::sqrt(one * other);
  EXPECT_GT(correlation, 0.6);
  EXPECT_LT(correlation, 0.98);
}

// Twenty days of each seed: the regimes come, in the proportions that are documented, and prices
// neither vanish nor explode.
TEST(FairPrices, RegimesSwitchAndPricesStayInReach) {
  double steps[4] = {};
  for (const std::uint64_t seed : {1, 2, 3}) {
    FairPrices fair(seed);
    const std::size_t bitcoin = fair.add("BTC");
    EXPECT_EQ(fair.regime(), Regime::normal);
    for (int i = 0; i < 20 * 86'400 * 4; ++i) {
      fair.step();
      steps[static_cast<std::size_t>(fair.regime())] += 1.0 / (3 * 20 * 86'400 * 4);
    }
    EXPECT_GT(fair.price(bitcoin), 30'000);
    EXPECT_LT(fair.price(bitcoin), 120'000);
  }
  EXPECT_NEAR(steps[0], 0.47, 0.05);
  EXPECT_NEAR(steps[1], 0.48, 0.05);
  EXPECT_NEAR(steps[2], 0.05, 0.02);
  EXPECT_NEAR(steps[3], 0.00115, 0.0006);
}

TEST(FairPrices, VolatilityClusters) {
  FairPrices fair(5);
  const std::size_t bitcoin = fair.add("BTC");
  std::vector<double> moves;
  double mean = 0;
  for (int i = 0; i < 40'000; ++i) {
    const double before = fair.price(bitcoin);
    fair.step();
    moves.push_back(std::abs(fair.price(bitcoin) / before - 1));
    mean += moves.back() / 40'000;
  }
  double now_and_then = 0, now = 0;
  for (std::size_t i = 4; i < moves.size(); ++i) {
    now_and_then += (moves[i] - mean) * (moves[i - 4] - mean);
    now += (moves[i] - mean) * (moves[i] - mean);
  }
  EXPECT_GT(now_and_then / now, 0.1);
}

TEST(Arrivals, ComeInClustersAndAsOftenAsTheyShould) {
  Arrivals arrivals(RandomStream(1, "test"), 5);
  std::vector<std::int64_t> times;
  constexpr std::uint64_t kSpans = 40'000;  // 10,000 seconds
  for (std::uint64_t span = 0; span < kSpans; ++span) {
    const auto begin = static_cast<std::int64_t>(span) * Arrivals::kSpan.raw;
    arrivals.run(span, 1, [&](Nanoseconds offset) {
      EXPECT_LT(offset, Arrivals::kSpan);
      ASSERT_TRUE(times.empty() || begin + offset.raw >= times.back());
      times.push_back(begin + offset.raw);
    });
  }
  EXPECT_NEAR(static_cast<double>(times.size()) / 10'000, 5, 0.75);
  double sum = 0, squares = 0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double gap = static_cast<double>(times[i] - times[i - 1]) / 1e9;
    sum += gap;
    squares += gap * gap;
  }
  const double count = static_cast<double>(times.size() - 1);
  const double variation = std::sqrt(squares / count - sum / count * sum / count) / (sum / count);
  EXPECT_GT(variation, 1.3) << "those that come independently have 1";
}

}  // namespace
}  // namespace venuebox::market
