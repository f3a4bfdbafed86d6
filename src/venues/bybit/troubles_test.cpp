#include "venues/bybit/troubles.h"

#include <gtest/gtest.h>

namespace venuebox::venues::bybit {
namespace {
TEST(Troubles, EveryTroubleHasAStatusACodeAndWords) {
  ASSERT_EQ(troubles().size(), gateway::kTroubles);
  for (std::size_t i = 0; i < gateway::kTroubles; ++i) {
    const gateway::TroubleWords& row = troubles()[i];
    EXPECT_EQ(row.trouble, static_cast<gateway::Trouble>(i));
    EXPECT_GE(row.status, 200) << name_of(row.trouble);
    EXPECT_FALSE(row.code.empty()) << name_of(row.trouble);
    EXPECT_FALSE(row.text.empty()) << name_of(row.trouble);
  }
}
}  // namespace
}  // namespace venuebox::venues::bybit
