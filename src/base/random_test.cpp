#include "base/random.h"

#include <set>

#include <gtest/gtest.h>

namespace venuebox {
namespace {

TEST(Random, ADrawDependsOnSeedPurposeAndNumberAlone) {
  RandomStream walk(1, "fair/BTC");
  const std::uint64_t first = walk.next();
  const std::uint64_t second = walk.next();
  EXPECT_EQ(walk.at(0), first);
  EXPECT_EQ(walk.at(1), second);
  EXPECT_EQ(walk.position(), 2u);
  RandomStream again(1, "fair/BTC");
  again.seek(1);
  EXPECT_EQ(again.next(), second);
  EXPECT_NE(RandomStream(2, "fair/BTC").at(0), first);
  EXPECT_NE(RandomStream(1, "fair/ETH").at(0), first);
}

TEST(Random, SpreadsEvenly) {
  RandomStream stream(7, "dice");
  int counts[6] = {};
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 60'000; ++i)
    ++counts[stream.below(6)];
  for (const int count : counts)
    EXPECT_NEAR(count, 10'000, 500);
  for (std::uint64_t i = 0; i < 10'000; ++i)
    seen.insert(stream.at(i));
  EXPECT_EQ(seen.size(), 10'000u);
}

}  // namespace
}  // namespace venuebox
