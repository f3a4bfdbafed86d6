// Which of an account's positions in one instrument is meant: in hedge mode there are two.
#pragma once

#include <cstdint>

#include "model/account.h"

namespace venuebox::engine {

// Which of a holding's positions: the one there is, in hedge mode the long one; or the short one.
using LegIndex = std::uint8_t;
inline constexpr LegIndex kShortLeg = 1;

constexpr LegIndex leg_of(PositionSide side) {
  return side == PositionSide::short_side ? kShortLeg : 0;
}
constexpr PositionSide side_of(LegIndex leg, PositionMode mode) {
  if (mode == PositionMode::one_way) return PositionSide::both;
  return leg == kShortLeg ? PositionSide::short_side : PositionSide::long_side;
}
constexpr bool has_side(PositionMode mode, PositionSide side) {
  return (mode == PositionMode::one_way) == (side == PositionSide::both);
}

}  // namespace venuebox::engine
