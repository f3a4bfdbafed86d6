// Whole numbers of 256 bits: what stands on the wire, before it is known to be a field element, a
// scalar or neither. Values only; the arithmetic modulo something is in residue.h and scalar.h.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/wide.h"

namespace venuebox::crypto::starknet {

struct Uint256 {
  std::array<std::uint64_t, 4> limbs = {};  // least significant first

  constexpr Uint256() = default;
  constexpr explicit Uint256(std::uint64_t value) : limbs{value, 0, 0, 0} {}
  constexpr Uint256(std::uint64_t a0, std::uint64_t a1, std::uint64_t a2, std::uint64_t a3)
      : limbs{a0, a1, a2, a3} {}

  friend constexpr bool operator==(const Uint256&, const Uint256&) = default;
  friend constexpr std::strong_ordering operator<=>(const Uint256& a, const Uint256& b) {
    for (int i = 3; i > 0; --i) {
      if (a.limbs[i] != b.limbs[i]) return a.limbs[i] <=> b.limbs[i];
    }
    return a.limbs[0] <=> b.limbs[0];
  }

  constexpr bool is_zero() const { return (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0; }
  constexpr bool bit(unsigned at) const { return (limbs[at / 64] >> (at % 64)) & 1; }
  // `count` bits, at most 32, from bit `at` upwards; beyond bit 255 there are zeros.
  constexpr std::uint32_t bits(unsigned at, unsigned count) const {
    const unsigned limb = at / 64;
    const unsigned shift = at % 64;
    if (limb > 3) return 0;
    std::uint64_t value = limbs[limb] >> shift;
    if (shift + count > 64 && limb < 3) value |= limbs[limb + 1] << (64 - shift);
    return static_cast<std::uint32_t>(value & ((std::uint64_t{1} << count) - 1));
  }
};

// The number of the whole line of hexadecimal digits, at compile time.
consteval Uint256 hex256(std::string_view digits) {
  Uint256 value;
  for (const char c : digits) {
    for (int i = 3; i > 0; --i)
      value.limbs[i] = value.limbs[i] << 4 | value.limbs[i - 1] >> 60;
    value.limbs[0] =
        value.limbs[0] << 4 | static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return value;
}

// a + b and a - b modulo 2^256; the carry or borrow, 0 or 1, goes to `over`. Free of branches.
constexpr Uint256 add_with_carry(const Uint256& a, const Uint256& b, std::uint64_t& over) {
  Uint256 sum;
  UInt128 carry = 0;
  for (int i = 0; i < 4; ++i) {
    carry += static_cast<UInt128>(a.limbs[i]) + b.limbs[i];
    sum.limbs[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  over = static_cast<std::uint64_t>(carry);
  return sum;
}
constexpr Uint256 subtract_with_borrow(const Uint256& a, const Uint256& b, std::uint64_t& over) {
  Uint256 difference;
  std::uint64_t borrow = 0;
  for (int i = 0; i < 4; ++i) {
    const UInt128 step = static_cast<UInt128>(a.limbs[i]) - b.limbs[i] - borrow;
    difference.limbs[i] = static_cast<std::uint64_t>(step);
    borrow = static_cast<std::uint64_t>(step >> 64) & 1;
  }
  over = borrow;
  return difference;
}
// `yes` where mask is all ones, `no` where it is zero. Free of branches.
constexpr Uint256 select(std::uint64_t mask, const Uint256& yes, const Uint256& no) {
  Uint256 chosen;
  for (int i = 0; i < 4; ++i)
    chosen.limbs[i] = (yes.limbs[i] & mask) | (no.limbs[i] & ~mask);
  return chosen;
}

// Big-endian bytes, at most 32 of them.
Uint256 uint256_from_bytes(std::string_view bytes);
std::array<std::uint8_t, 32> bytes_of(const Uint256& value);

// Decimal digits, or hexadecimal ones behind 0x. Fails for anything else, signs and blanks
// included, and for numbers of more than 256 bits.
Result<Uint256> uint256_from_text(std::string_view text);
// 0x and lower-case digits without leading zeros, as the venues write numbers.
std::string hex_of(const Uint256& value);
std::string decimal_of(const Uint256& value);

}  // namespace venuebox::crypto::starknet
