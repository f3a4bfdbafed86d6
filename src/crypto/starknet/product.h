// Products of 256-bit numbers modulo p = 2^251 + 17 * 2^192 + 1, in Montgomery form, written for
// that prime: what all of this folder's time goes into. Free of branches and table look-ups.
#pragma once

#include "crypto/starknet/product_x86_64.h"
#include "crypto/starknet/uint256.h"

namespace venuebox::crypto::starknet {

inline constexpr Uint256 kP =
    hex256("800000000000011000000000000000000000000000000000000000000000001");
// The top limb of p, whose others are 1, 0 and 0: p = 1 + kTop * 2^192.
inline constexpr std::uint64_t kTop = kP.limbs[3];

using Product = std::array<std::uint64_t, 8>;

// a * b + p * 2^256: the reduction then has enough to subtract from, and the 1 of p goes where no
// carry can come of it.
constexpr Product offset_product(const Uint256& a, const Uint256& b) {
  Product t = {};
  UInt128 sum = 0;
  for (int j = 0; j < 4; ++j) {
    sum += static_cast<UInt128>(a.limbs[0]) * b.limbs[j];
    t[j] = static_cast<std::uint64_t>(sum);
    sum >>= 64;
  }
  t[4] = static_cast<std::uint64_t>(sum) + 1;
  for (int i = 1; i < 4; ++i) {
    sum = 0;
    for (int j = 0; j < 4; ++j) {
      sum += static_cast<UInt128>(a.limbs[i]) * b.limbs[j] + t[i + j];
      t[i + j] = static_cast<std::uint64_t>(sum);
      sum >>= 64;
    }
    t[i + 4] = static_cast<std::uint64_t>(sum);
  }
  t[7] += kTop;
  return t;
}

// a * b + c * d + p * 2^256, for a sum below 2^512 - p * 2^256.
constexpr Product offset_products(const Uint256& a, const Uint256& b, const Uint256& c,
                                  const Uint256& d) {
  Product t = offset_product(a, b);
  for (int i = 0; i < 4; ++i) {
    UInt128 sum = 0;
    for (int j = 0; j < 8 - i; ++j) {
      if (j < 4) sum += static_cast<UInt128>(c.limbs[i]) * d.limbs[j];
      sum += t[i + j];
      t[i + j] = static_cast<std::uint64_t>(sum);
      sum >>= 64;
    }
  }
  return t;
}

// product / 2^256 modulo p, of a product with the offset above. Since p is 1 modulo 2^192, the
// multiple q * p that shares the product's low half has that half itself for q, but for its top
// limb; what is left to subtract from the high half is q * kTop / 2^64, and a borrow.
constexpr Uint256 montgomery_reduced(const Product& t) {
  UInt128 sum = static_cast<UInt128>(t[0]) * kTop;
  const auto low = static_cast<std::uint64_t>(sum);
  const std::uint64_t q3 = t[3] - low;
  std::uint64_t borrow = t[3] < low;
  Uint256 excess;
  sum = (sum >> 64) + static_cast<UInt128>(t[1]) * kTop;
  excess.limbs[0] = static_cast<std::uint64_t>(sum);
  sum = (sum >> 64) + static_cast<UInt128>(t[2]) * kTop;
  excess.limbs[1] = static_cast<std::uint64_t>(sum);
  sum = (sum >> 64) + static_cast<UInt128>(q3) * kTop;
  excess.limbs[2] = static_cast<std::uint64_t>(sum);
  excess.limbs[3] = static_cast<std::uint64_t>(sum >> 64);
  Uint256 result;
  for (int i = 0; i < 4; ++i) {
    const UInt128 step = static_cast<UInt128>(t[i + 4]) - excess.limbs[i] - borrow;
    result.limbs[i] = static_cast<std::uint64_t>(step);
    borrow = static_cast<std::uint64_t>(step >> 64) & 1;
  }
  return result;
}

constexpr Uint256 wrapped_sum(const Uint256& a, const Uint256& b) {
#ifdef VENUEBOX_STARKNET_X86_64
  if
    !consteval { return x86_64::sum(a, b); }
#endif
  std::uint64_t ignored = 0;
  return add_with_carry(a, b, ignored);
}
constexpr Uint256 wrapped_difference(const Uint256& a, const Uint256& b) {
#ifdef VENUEBOX_STARKNET_X86_64
  if
    !consteval { return x86_64::difference(a, b); }
#endif
  std::uint64_t ignored = 0;
  return subtract_with_borrow(a, b, ignored);
}

// Multiplication on every processor, and at compile time.
struct AnyProcessor {
  static constexpr Uint256 multiply(const Uint256& a, const Uint256& b) {
#ifdef VENUEBOX_STARKNET_X86_64
    if
      !consteval { return x86_64::Mul::multiply(a, b); }
#endif
    return montgomery_reduced(offset_product(a, b));
  }
  static constexpr Uint256 square(const Uint256& a) {
#ifdef VENUEBOX_STARKNET_X86_64
    if
      !consteval { return x86_64::Mul::square(a); }
#endif
    return montgomery_reduced(offset_product(a, a));
  }
  // a * b + c * d
  static constexpr Uint256 multiply_add(const Uint256& a, const Uint256& b, const Uint256& c,
                                        const Uint256& d) {
#ifdef VENUEBOX_STARKNET_X86_64
    if
      !consteval { return x86_64::Mul::multiply_add(a, b, c, d); }
#endif
    return montgomery_reduced(offset_products(a, b, c, d));
  }
};

}  // namespace venuebox::crypto::starknet
