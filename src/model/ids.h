// The names of things inside one exchange. Numbers are given in the order of creation, so they
// repeat in every run; what a venue shows for them (UUID, hex) is computed from them.
#pragma once

#include "base/count.h"
#include "base/text.h"

namespace venuebox {

using AssetId = Id<struct AssetKind, std::uint16_t>;
using InstrumentId = Id<struct InstrumentKind, std::uint32_t>;
using AccountId = Id<struct AccountKind, std::uint32_t>;
using OrderId = Id<struct OrderKind, std::uint64_t>;  // 0 is no order
using FillId = Id<struct FillKind, std::uint64_t>;

inline constexpr AccountId kNoAccount{~0u};  // in refusals that are nobody's

// What the client calls its order. The longest that a venue of ours allows is 64 characters.
using ClientOrderId = FixedText<64>;

}  // namespace venuebox
