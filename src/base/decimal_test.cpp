#include "base/decimal.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace venuebox {
namespace {

Int128 units(std::string_view text, int scale) {
  return std::get<Int128>(units_from_text(text, scale));
}
DecimalError error(std::string_view text, int scale) {
  return std::get<DecimalError>(units_from_text(text, scale));
}

TEST(Decimal, ReadsWhatVenuesWrite) {
  EXPECT_EQ(units("37000.10", 2), 3'700'010);
  EXPECT_EQ(units("37000.1", 2), 3'700'010);
  EXPECT_EQ(units("-0.5", 1), -5);
  EXPECT_EQ(units("1e-3", 3), 1);
  EXPECT_EQ(units("1E3", 0), 1'000);
  EXPECT_EQ(units("1.2300000000000000000000000000000000000000", 2), 123);
  EXPECT_EQ(units("0", 8), 0);
  EXPECT_EQ(units("0e99999999", 8), 0);
}

TEST(Decimal, RefusesEverythingElse) {
  for (const char* text :
       {"", ".", "-", "+", "1.2.3", "1e", "1e+", "0x10", " 1", "1 ", "1,5", "NaN", "inf", "١"}) {
    EXPECT_EQ(error(text, 2), DecimalError::malformed) << text;
  }
  EXPECT_EQ(error("0.001", 2), DecimalError::too_precise);
  EXPECT_EQ(error("1e-31", 30), DecimalError::too_precise);
  EXPECT_EQ(error("1" + std::string(40, '0'), 0), DecimalError::too_large);
  EXPECT_EQ(error("1e38", 0), DecimalError::too_large);
  EXPECT_EQ(error("1" + std::string(37, '0'), 8), DecimalError::too_large);
}

TEST(Decimal, PrintsEveryDigitOrDropsTrailingZeros) {
  EXPECT_EQ(fixed_text(3'700'010, 2), "37000.10");
  EXPECT_EQ(trimmed_text(3'700'010, 2), "37000.1");
  EXPECT_EQ(fixed_text(-5, 3), "-0.005");
  EXPECT_EQ(trimmed_text(1'000, 3), "1");
  EXPECT_EQ(trimmed_text(0, 8), "0");
  EXPECT_EQ(fixed_text(0, 2), "0.00");
  EXPECT_EQ(fixed_text(kInt128Max, 0), "170141183460469231731687303715884105727");
  EXPECT_EQ(fixed_text(-kInt128Max - 1, 0), "-170141183460469231731687303715884105728");
}

TEST(Decimal, ComparesByWorth) {
  // In their order; each text is another number than the one before.
  const std::vector<std::string> rising{"-170141183460469231731687303715884105727",
                                        "-10",
                                        "-1.5",
                                        "-1.000000000000000000000000000001",
                                        "-0.000000000000000000000000000001",
                                        "0",
                                        "0.000000000000000000000000000001",
                                        "1.49999",
                                        "1.5",
                                        "15",
                                        "170141183460469231731687303715884105727"};
  const auto read = [](const std::string& text) {
    return std::get<Decimal>(decimal_from_text(text));
  };
  for (std::size_t i = 0; i < rising.size(); ++i) {
    for (std::size_t j = 0; j < rising.size(); ++j) {
      EXPECT_TRUE(compare(read(rising[i]), read(rising[j])) == (i <=> j)) << rising[i] << rising[j];
    }
  }
  EXPECT_TRUE(is_eq(compare(Decimal{15, 1}, Decimal{1'500, 3})));
}

TEST(Decimal, TextAndBackIsTheSameNumber) {
  EXPECT_TRUE(rc::check("units -> text -> units", [] {
    const auto high = *rc::gen::arbitrary<std::int64_t>();
    const auto low = *rc::gen::arbitrary<std::int64_t>();
    const int scale = *rc::gen::inRange(0, 31);
    const Int128 value = static_cast<Int128>(high) * 1'000'000'007 + low;
    RC_ASSERT(units(fixed_text(value, scale), scale) == value);
    RC_ASSERT(units(trimmed_text(value, scale), scale) == value);
  }));
}

Decimal decimal(std::string_view text) { return std::get<Decimal>(decimal_from_text(text)); }

TEST(Decimal, ComparesByWorthAndNotByDigits) {
  const Decimal finest{kInt128Max, 30};
  EXPECT_TRUE(compare({150, 2}, {15, 1}) == 0);
  EXPECT_TRUE(compare({0, 0}, {0, 30}) == 0);
  EXPECT_TRUE(compare(decimal("-2"), decimal("-1.99")) < 0);
  EXPECT_TRUE(compare(decimal("0.1"), decimal("-5")) > 0);
  EXPECT_TRUE(compare(decimal("999999999"), finest) > 0) << "which does not fit at its scale";
  EXPECT_TRUE(compare(finest, decimal("999999999")) < 0);
  EXPECT_TRUE(compare(decimal("-999999999"), finest) < 0);
  EXPECT_TRUE(compare(finest, decimal("-999999999")) > 0);
}

TEST(Decimal, AddsAndMultipliesExactlyOrNotAtAll) {
  const auto text = [](const std::optional<Decimal>& value) {
    return value ? trimmed_text(value->units, value->scale) : "none";
  };
  EXPECT_EQ(text(sum(decimal("1.5"), decimal("-0.25"))), "1.25");
  EXPECT_EQ(text(sum(decimal("1.5"), negated(decimal("1.5")))), "0");
  EXPECT_EQ(text(sum({kInt128Max, 0}, {1, 0})), "none");
  EXPECT_EQ(text(sum({kInt128Max, 0}, {1, 1})), "none");
  EXPECT_EQ(text(product(decimal("-1.5"), decimal("0.02"))), "-0.03");
  EXPECT_EQ(text(product({kInt128Max, 0}, {2, 0})), "none");
  EXPECT_EQ(text(product({3, 20}, {3, 20})), "none") << "finer than anything that is printed";
}

TEST(Decimal, TellsMultiplesOfAStep) {
  EXPECT_TRUE(is_multiple(decimal("37000.10"), decimal("0.1")));
  EXPECT_TRUE(is_multiple(decimal("0"), decimal("0.1")));
  EXPECT_TRUE(is_multiple(decimal("-0.3"), decimal("0.1")));
  EXPECT_FALSE(is_multiple(decimal("37000.15"), decimal("0.1")));
  EXPECT_FALSE(is_multiple(decimal("5"), decimal("10")));
  EXPECT_FALSE(is_multiple({1, 30}, {1'000'000'000, 0}));
}

}  // namespace
}  // namespace venuebox
