#include "faults/damage.h"

#include <gtest/gtest.h>

namespace venuebox::faults {
namespace {
const std::string kText = R"({"topic":"publicTrade.BTCUSDT"})";

TEST(Damage, ChangesAsManyBytesAsItIsTold) {
  for (std::uint64_t draw = 0; draw < 100; ++draw) {
    const std::string damaged = with_other_bytes(kText, 3, draw);
    ASSERT_EQ(damaged.size(), kText.size());
    int changed = 0;
    for (std::size_t i = 0; i < kText.size(); ++i)
      changed += damaged[i] != kText[i];
    EXPECT_EQ(changed, 3) << damaged;
  }
  EXPECT_EQ(with_other_bytes("ab", 100, 1).size(), 2u);
  EXPECT_EQ(with_other_bytes(kText, 3, 1), with_other_bytes(kText, 3, 1));
}

TEST(Damage, CutsTheEndOff) {
  for (std::uint64_t draw = 0; draw < 100; ++draw) {
    const std::string damaged = without_its_end(kText, draw);
    EXPECT_GE(damaged.size(), 1u);
    EXPECT_LT(damaged.size(), kText.size());
    EXPECT_TRUE(kText.starts_with(damaged));
  }
}

TEST(Damage, PutsAByteThatNoTextHas) {
  for (std::uint64_t draw = 0; draw < 20; ++draw)
    EXPECT_NE(not_utf8(kText, draw).find('\xff'), std::string::npos);
  EXPECT_EQ(not_utf8("", 1), "");
}

}  // namespace
}  // namespace venuebox::faults
