// Numbers drawn from random bits, by arithmetic that every machine does alike: no logarithm, no
// exponential, which libraries round differently. And such numbers to bytes, bit for bit.
#pragma once

#include <bit>
#include <cstdint>

#include "base/bytes.h"

namespace venuebox::market {

// Uniform in [0, 1) with 53 bits.
inline double unit(std::uint64_t draw) { return static_cast<double>(draw >> 11) * 0x1p-53; }

// About normal, with mean 0 and variance 1, and never beyond 3.5: the sum of four uniform numbers
// of 16 bits each.
inline double normal(std::uint64_t draw) {
  std::uint64_t sum = 0;
  for (int shift = 0; shift < 64; shift += 16)
    sum += (draw >> shift) & 0xffff;
  constexpr double kRootOfThree = 1.7320508075688772;
  return (static_cast<double>(sum) * 0x1p-16 - (2 - 0x1p-15)) * kRootOfThree;
}

inline void put_double(ByteWriter& out, double value) {
  out.put(std::bit_cast<std::uint64_t>(value));
}
inline void get_double(ByteReader& in, double& value) {
  std::uint64_t bits = 0;
  in.get(bits);
  value = std::bit_cast<double>(bits);
}

}  // namespace venuebox::market
