#include "gateway/address_limiter.h"

#include <gtest/gtest.h>

namespace venuebox::gateway {
namespace {

constexpr AddressRule kRule{.requests = 3, .window = seconds(5), .ban = seconds(600)};

struct AddressLimiterTest : testing::Test {
  bool at(std::int64_t ms, std::string_view address = "10.0.0.1") {
    return limiter.admits(address, kRule, timestamp_from_ms(ms));
  }
  AddressLimiter limiter;
};

TEST_F(AddressLimiterTest, RollsWithTheClock) {
  EXPECT_TRUE(at(1'000));
  EXPECT_TRUE(at(2'000));
  EXPECT_TRUE(at(3'000));
  EXPECT_TRUE(at(6'000)) << "the first is five seconds old";
  EXPECT_FALSE(at(6'999));
}

TEST_F(AddressLimiterTest, KeepsOutForAWhile) {
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(at(1'000));
  EXPECT_FALSE(at(1'000));
  EXPECT_FALSE(at(600'999)) << "asking again does not make it longer, nor shorter";
  EXPECT_TRUE(at(601'000));
  EXPECT_TRUE(at(1'000, "10.0.0.2"));
}

TEST_F(AddressLimiterTest, ForgetsWhenTheClockWasSetBack) {
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(at(100'000));
  EXPECT_TRUE(at(1'000));
}

}  // namespace
}  // namespace venuebox::gateway
