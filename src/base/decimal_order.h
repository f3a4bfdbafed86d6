// The order of decimal numbers, whatever scales they were written at.
#pragma once

#include <compare>

#include "base/decimal.h"

namespace venuebox {

// By what they are worth: 1.5 and 1.50 are equivalent.
inline std::weak_ordering compare(const Decimal& a, const Decimal& b) {
  const bool lifts_a = a.scale < b.scale;
  const Decimal& coarse = lifts_a ? a : b;
  const Int128 factor = power_of_ten(lifts_a ? b.scale - a.scale : a.scale - b.scale);
  Int128 lifted = 0;
  if (!__builtin_mul_overflow(coarse.units, factor, &lifted)) {
    return lifts_a ? lifted <=> b.units : a.units <=> lifted;
  }
  // What does not fit at the finer scale is farther from 0 than anything that does.
  const bool is_coarse_above = coarse.units > 0;
  return lifts_a == is_coarse_above ? std::weak_ordering::greater : std::weak_ordering::less;
}

}  // namespace venuebox
