// 128-bit whole numbers: the width in which money is counted, and its divisions. There is no bare
// division on money; each of these says which way the remainder goes.
#pragma once

#include <cstdint>
#include <type_traits>

#include "base/assert.h"

namespace venuebox {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

inline constexpr Int128 kInt128Max = static_cast<Int128>(~static_cast<UInt128>(0) >> 1);

constexpr Int128 magnitude(Int128 value) { return value < 0 ? -value : value; }

// The quotient rounded toward zero, b > 0. Most money fits two words and most divisors one, for
// which the processor has an instruction and the compiler's library a long way round.
constexpr Int128 div_toward_zero(Int128 a, Int128 b) {
  const auto short_a = static_cast<std::int64_t>(a);
  const auto short_b = static_cast<std::int64_t>(b);
  if (short_b != b) return a / b;
  if (short_a == a) return short_a / short_b;
#ifdef __x86_64__
  if (!std::is_constant_evaluated()) {
    const UInt128 size = static_cast<UInt128>(a < 0 ? -a : a);
    const auto high = static_cast<std::uint64_t>(size >> 64);
    if (high < static_cast<std::uint64_t>(short_b)) {
      std::uint64_t quotient = 0;
      std::uint64_t remainder = 0;
      asm("divq %4"
          : "=a"(quotient), "=d"(remainder)
          : "a"(static_cast<std::uint64_t>(size)), "d"(high), "r"(short_b)
          : "cc");
      return a < 0 ? -static_cast<Int128>(quotient) : static_cast<Int128>(quotient);
    }
  }
#endif
  return a / b;
}

// Largest whole number that is at most a / b. Requires b > 0.
constexpr Int128 div_floor(Int128 a, Int128 b) {
  VENUEBOX_ASSERT(b > 0);
  const Int128 quotient = div_toward_zero(a, b);
  return quotient - (quotient * b > a ? 1 : 0);
}

// Smallest whole number that is at least a / b. Requires b > 0.
constexpr Int128 div_ceil(Int128 a, Int128 b) {
  VENUEBOX_ASSERT(b > 0);
  const Int128 quotient = div_toward_zero(a, b);
  return quotient + (quotient * b < a ? 1 : 0);
}

// Nearest whole number to a / b, the even one of two equally near. Requires b > 0.
constexpr Int128 div_half_even(Int128 a, Int128 b) {
  const Int128 low = div_floor(a, b);
  const Int128 twice = 2 * (a - low * b);
  return low + ((twice > b || (twice == b && low % 2 != 0)) ? 1 : 0);
}

// The product, which the caller has bounded: overflow is a broken invariant, not a wrong number.
constexpr Int128 multiply(Int128 a, Int128 b) {
  const auto short_a = static_cast<std::int64_t>(a);
  const auto short_b = static_cast<std::int64_t>(b);
  if (short_a == a && short_b == b) return static_cast<Int128>(short_a) * short_b;
  Int128 product = 0;
  VENUEBOX_ASSERT(!__builtin_mul_overflow(a, b, &product));
  return product;
}

// Largest whole number that is at most a * b / c, for 0 <= b <= c: the share of a that b is of c,
// without the product ever being too wide.
constexpr Int128 share_floor(Int128 a, std::int64_t b, std::int64_t c) {
  VENUEBOX_ASSERT(0 <= b && b <= c && c > 0);
  Int128 product = 0;
  if (!__builtin_mul_overflow(a, static_cast<Int128>(b), &product)) return div_floor(product, c);
  const Int128 whole = div_floor(a, c);
  return whole * b + div_floor((a - whole * c) * b, c);
}

}  // namespace venuebox
