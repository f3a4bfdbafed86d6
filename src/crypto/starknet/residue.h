// Sums, differences and products modulo p, free of branches and of table look-ups, so that they may
// be used on secrets.
//
// 2^256 is nearly 32 p, so sums and differences are left unreduced: the type says how large a value
// can have become, and the compiler refuses an expression that could leave 256 bits.
#pragma once

#include "crypto/starknet/product.h"

namespace venuebox::crypto::starknet {

// A number below Bound * p that stands for number / 2^256 modulo p; Processor multiplies.
template <unsigned Bound, class Processor = AnyProcessor>
struct Residue {
  static_assert(Bound >= 1 && Bound <= 31, "32 p needs more than 256 bits: shrink first");
  Uint256 raw;

  constexpr Residue() = default;
  constexpr explicit Residue(const Uint256& value) : raw(value) {}
  // A smaller bound is a larger one's, too.
  template <unsigned Smaller>
  requires(Smaller < Bound) constexpr Residue(const Residue<Smaller, Processor>& other)
      : raw(other.raw) {}
};

// Times * p: added before a subtraction, it keeps the difference positive.
template <unsigned Times>
inline constexpr Uint256 kTimesP{Times, 0, 0, kTop* Times};

template <unsigned A, unsigned B, class P>
constexpr Residue<A + B, P> operator+(const Residue<A, P>& a, const Residue<B, P>& b) {
  return Residue<A + B, P>(wrapped_sum(a.raw, b.raw));
}
template <unsigned B, class P>
constexpr Residue<B, P> operator-(const Residue<B, P>& b) {
  return Residue<B, P>(wrapped_difference(kTimesP<B>, b.raw));
}
template <unsigned A, unsigned B, class P>
constexpr Residue<A + B, P> operator-(const Residue<A, P>& a, const Residue<B, P>& b) {
  return Residue<A + B, P>(wrapped_sum(wrapped_difference(a.raw, b.raw), kTimesP<B>));
}
// Below (1 + A * B * p / 2^256) * p, where p / 2^256 is a little more than 1 / 32.
template <unsigned A, unsigned B, class P>
constexpr Residue<2 + A * B / 32, P> operator*(const Residue<A, P>& a, const Residue<B, P>& b) {
  return Residue<2 + A * B / 32, P>(P::multiply(a.raw, b.raw));
}
template <unsigned A, class P>
constexpr Residue<2 + A * A / 32, P> square(const Residue<A, P>& a) {
  return Residue<2 + A * A / 32, P>(P::square(a.raw));
}
template <unsigned A, class P>
constexpr auto twice(const Residue<A, P>& a) {
  return a + a;
}

// The same modulo p, below 2 p: takes p off as often as 2^251 fits into it, and adds it once.
template <unsigned A, class P>
constexpr Residue<2, P> shrunk(const Residue<A, P>& a) {
  const std::uint64_t times = a.raw.limbs[3] >> 59;
  Uint256 more = a.raw;
  more.limbs[3] += kTop - times * kTop;
  return Residue<2, P>(wrapped_sum(wrapped_difference(more, Uint256(times)), Uint256(1)));
}
// The one number below p.
template <unsigned A, class P>
constexpr Residue<1, P> reduced(const Residue<A, P>& a) {
  std::uint64_t is_below = 0;
  const Uint256 small = shrunk(a).raw;
  const Uint256 less = subtract_with_borrow(small, kP, is_below);
  return Residue<1, P>(select(-is_below, small, less));
}

template <unsigned A, class P>
constexpr bool is_zero(const Residue<A, P>& a) {
  return reduced(a).raw.is_zero();
}

}  // namespace venuebox::crypto::starknet
