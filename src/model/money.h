// Prices, quantities and money as whole numbers. A price is ticks and a quantity lots of its
// instrument; money is a count of its asset's units, of which one is 10^-Asset::scale.
#pragma once

#include <tuple>

#include "base/assert.h"
#include "base/wide.h"
#include "model/ids.h"

namespace venuebox {

using Ticks = Count<struct TickUnit>;         // price, in multiples of the instrument's tick size
using MarkPrice = Count<struct MarkUnit>;     // price between ticks, in 1/kMarkPerTick of a tick
using Lots = Count<struct LotUnit>;           // quantity, in multiples of the lot size; >= 0
using SignedLots = Count<struct SignedUnit>;  // position: > 0 long, < 0 short
using Rate = Count<struct PartsPerBillion>;   // fee, funding and margin rates, 10^-9

inline constexpr std::int64_t kMarkPerTick = 10'000;
inline constexpr std::int64_t kRateOne = 1'000'000'000;

struct Money {
  Int128 units = 0;
  AssetId asset;

  friend bool operator==(const Money&, const Money&) = default;
  Money& operator+=(const Money& other) {
    VENUEBOX_ASSERT(asset == other.asset);
    units += other.units;
    return *this;
  }
  Money& operator-=(const Money& other) {
    VENUEBOX_ASSERT(asset == other.asset);
    units -= other.units;
    return *this;
  }
  friend Money operator+(Money a, const Money& b) { return a += b; }
  friend Money operator-(Money a, const Money& b) { return a -= b; }
  Money operator-() const { return {-units, asset}; }

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.units, s.asset);
  }
};

}  // namespace venuebox
