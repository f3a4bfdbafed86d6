#include "base/wide.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace venuebox {
namespace {

TEST(Wide, DivisionsSayWhereTheRemainderGoes) {
  EXPECT_EQ(div_floor(7, 2), 3);
  EXPECT_EQ(div_floor(-7, 2), -4);
  EXPECT_EQ(div_ceil(7, 2), 4);
  EXPECT_EQ(div_ceil(-7, 2), -3);
  EXPECT_EQ(div_half_even(5, 2), 2);
  EXPECT_EQ(div_half_even(7, 2), 4);
  EXPECT_EQ(div_half_even(-5, 2), -2);
  EXPECT_EQ(div_half_even(8, 3), 3);
}

TEST(Wide, DivisionsBracketTheTruth) {
  EXPECT_TRUE(rc::check("floor <= a/b <= ceil, at most one apart", [](std::int64_t a) {
    const std::int64_t b = *rc::gen::inRange<std::int64_t>(1, 1'000'000);
    const Int128 low = div_floor(a, b);
    const Int128 high = div_ceil(a, b);
    RC_ASSERT(low * b <= a && a <= high * b);
    RC_ASSERT(high - low == (a % b == 0 ? 0 : 1));
    const Int128 near = div_half_even(a, b);
    RC_ASSERT(near == low || near == high);
  }));
}

TEST(WideDeathTest, OverflowIsABrokenInvariant) {
  EXPECT_DEATH(static_cast<void>(multiply(kInt128Max, 2)), "broken invariant");
  EXPECT_DEATH(static_cast<void>(div_floor(1, 0)), "broken invariant");
}

}  // namespace
}  // namespace venuebox
