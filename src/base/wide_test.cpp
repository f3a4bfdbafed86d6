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

// a spans all that money can be, b all that divides it.
TEST(Wide, WideDividendsDivideExactly) {
  EXPECT_TRUE(rc::check("floor(a/b) * b <= a", [](std::int64_t high, std::uint64_t low) {
    const Int128 a = static_cast<Int128>(high / 1024) << 64 | low;
    const std::int64_t b = *rc::gen::inRange<std::int64_t>(1, INT64_MAX);
    const Int128 quotient = div_floor(a, b);
    RC_ASSERT(quotient * b <= a && a - quotient * b < b);
    RC_ASSERT(div_toward_zero(a, b) == a / b);
    RC_ASSERT(div_ceil(a, b) - quotient == (quotient * b == a ? 0 : 1));
  }));
}

TEST(Wide, ASharesProductMayBeWiderThanTheWords) {
  EXPECT_TRUE(rc::check("a * b / c", [](std::int64_t a) {
    const std::int64_t c = *rc::gen::inRange<std::int64_t>(1, INT64_MAX);
    const std::int64_t b = *rc::gen::inRange<std::int64_t>(0, c);
    RC_ASSERT(share_floor(a, b, c) == div_floor(multiply(a, b), c));
    // The same share of something so much larger, but for what the floor takes off.
    const Int128 scale = static_cast<Int128>(1) << 60;
    const Int128 wide = share_floor(a * scale, b, c);
    RC_ASSERT(div_floor(wide, scale) == share_floor(a, b, c));
  }));
}

TEST(WideDeathTest, OverflowIsABrokenInvariant) {
  EXPECT_DEATH(static_cast<void>(multiply(kInt128Max, 2)), "broken invariant");
  EXPECT_DEATH(static_cast<void>(div_floor(1, 0)), "broken invariant");
}

}  // namespace
}  // namespace venuebox
