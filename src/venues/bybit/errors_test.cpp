#include "venues/bybit/errors.h"

#include <gtest/gtest.h>

namespace venuebox::venues::bybit {
namespace {

TEST(Errors, EveryReasonHasACodeAndAText) {
  for (int i = 0; i < kRejectReasons; ++i) {
    const auto reason = static_cast<RejectReason>(i);
    for (const auto kind : {InstrumentKindOf::spot, InstrumentKindOf::linear_perpetual}) {
      const VenueError& error = venue_error(reason, kind);
      EXPECT_GT(error.code, 0) << name_of(reason);
      EXPECT_FALSE(error.text.empty()) << name_of(reason);
    }
  }
}

TEST(Errors, AreThoseThatClientsKnow) {
  const auto linear = [](RejectReason reason) {
    return venue_error(reason, InstrumentKindOf::linear_perpetual).code;
  };
  const auto spot = [](RejectReason reason) {
    return venue_error(reason, InstrumentKindOf::spot).code;
  };
  EXPECT_EQ(linear(RejectReason::insufficient_margin), 110007);
  EXPECT_EQ(spot(RejectReason::insufficient_balance), 170131);
  EXPECT_EQ(linear(RejectReason::unknown_order), 110001);
  EXPECT_EQ(spot(RejectReason::unknown_order), 170213);
  EXPECT_EQ(linear(RejectReason::duplicate_client_order_id), 110072);
  EXPECT_EQ(spot(RejectReason::duplicate_client_order_id), 170141);
  EXPECT_EQ(linear(RejectReason::reduce_only_without_position), 110017);
  EXPECT_EQ(linear(RejectReason::leverage_unchanged), 110043);
  EXPECT_EQ(linear(RejectReason::leverage_above_tier), 110013);
  EXPECT_EQ(linear(RejectReason::position_above_tier), 110090);
  EXPECT_EQ(linear(RejectReason::mode_unchanged), 110025);
  EXPECT_EQ(linear(RejectReason::orders_are_open), 110028);
  EXPECT_EQ(linear(RejectReason::position_is_open), 110024);
  EXPECT_EQ(linear(RejectReason::position_mode_mismatch), 10001);
  EXPECT_EQ(linear(RejectReason::margin_not_isolated), 110015);
  EXPECT_EQ(linear(RejectReason::margin_below_requirement), 110011);
  EXPECT_EQ(linear(RejectReason::rate_limited), 10006);
  EXPECT_EQ(spot(RejectReason::unknown_instrument), 170121);
}

}  // namespace
}  // namespace venuebox::venues::bybit
