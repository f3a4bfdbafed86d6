// Sums, differences and products modulo p, free of branches and of table look-ups, so that they may
// be used on secrets.
//
// 2^256 is nearly 32 p, so sums and differences are left unreduced: the type says how large a value
// can have become, in eighths of p, and the compiler refuses an expression that could leave 256
// bits.
#pragma once

#include "crypto/starknet/product.h"

namespace venuebox::crypto::starknet {

// A number below Bound / 8 * p that stands for number / 2^256 modulo p; Processor multiplies.
template <unsigned Bound, class Processor = AnyProcessor>
struct Residue {
  static_assert(Bound >= 8 && Bound <= 8 * 31, "32 p needs more than 256 bits: shrink first");
  Uint256 raw;

  constexpr Residue() = default;
  constexpr explicit Residue(const Uint256& value) : raw(value) {}
  // A smaller bound is a larger one's, too.
  template <unsigned Smaller>
  requires(Smaller < Bound) constexpr Residue(const Residue<Smaller, Processor>& other)
      : raw(other.raw) {}
};

// As elements are stored.
using Reduced = Residue<8>;

// The multiple of p that keeps a difference positive when something below Bound / 8 * p is
// subtracted, and its bound.
constexpr unsigned kept_positive(unsigned bound) { return (bound + 7) / 8 * 8; }
template <unsigned Bound>
inline constexpr Uint256 kEnoughP{kept_positive(Bound) / 8, 0, 0, kTop*(kept_positive(Bound) / 8)};

// Of a product, or a sum of products, below AB / 64 * p^2: Montgomery's division leaves
// (1 + AB / 64 * p / 2^256) * p of it, and p / 2^256 is a little more than 1 / 32.
constexpr unsigned product_bound(unsigned ab) { return 9 + ab / 256; }

template <unsigned A, unsigned B, class P>
constexpr Residue<A + B, P> operator+(const Residue<A, P>& a, const Residue<B, P>& b) {
  return Residue<A + B, P>(wrapped_sum(a.raw, b.raw));
}
template <unsigned B, class P>
constexpr auto operator-(const Residue<B, P>& b) {
  return Residue<kept_positive(B), P>(wrapped_difference(kEnoughP<B>, b.raw));
}
template <unsigned A, unsigned B, class P>
constexpr auto operator-(const Residue<A, P>& a, const Residue<B, P>& b) {
  return Residue<A + kept_positive(B), P>(
      wrapped_sum(wrapped_difference(a.raw, b.raw), kEnoughP<B>));
}
template <unsigned A, unsigned B, class P>
constexpr auto operator*(const Residue<A, P>& a, const Residue<B, P>& b) {
  return Residue<product_bound(A * B), P>(P::multiply(a.raw, b.raw));
}
template <unsigned A, class P>
constexpr auto square(const Residue<A, P>& a) {
  return Residue<product_bound(A * A), P>(P::square(a.raw));
}
// a * b + c * d, for a single division.
template <unsigned A, unsigned B, unsigned C, unsigned D, class P>
constexpr auto sum_of_products(const Residue<A, P>& a, const Residue<B, P>& b,
                               const Residue<C, P>& c, const Residue<D, P>& d) {
  static_assert(B + D <= 8 * 31, "b + d has to have 256 bits");
  return Residue<product_bound(A * B + C * D), P>(P::multiply_add(a.raw, b.raw, c.raw, d.raw));
}
template <unsigned A, class P>
constexpr auto twice(const Residue<A, P>& a) {
  return a + a;
}

// The same modulo p, below 2 p: takes off p once less often than 2^251 fits into it, so that what
// is left is positive.
template <unsigned A, class P>
constexpr Residue<16, P> shrunk(const Residue<A, P>& a) {
  const std::uint64_t fits = a.raw.limbs[3] >> 59;
  const std::uint64_t times = fits - (fits != 0);
  return Residue<16, P>(wrapped_difference(a.raw, Uint256(times, 0, 0, times * kTop)));
}
// The one number below p.
template <unsigned A, class P>
constexpr Residue<8, P> reduced(const Residue<A, P>& a) {
  std::uint64_t is_below = 0;
  const Uint256 small = shrunk(a).raw;
  const Uint256 less = subtract_with_borrow(small, kP, is_below);
  return Residue<8, P>(select(-is_below, small, less));
}

template <unsigned A, class P>
constexpr bool is_zero(const Residue<A, P>& a) {
  return reduced(a).raw.is_zero();
}

}  // namespace venuebox::crypto::starknet
