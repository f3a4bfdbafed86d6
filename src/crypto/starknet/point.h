// Points of the STARK curve y^2 = x^3 + x + beta over the field modulo p, a group of the prime
// order n. Sums are kept as (X, Y, ZZ, ZZZ) with x = X / ZZ and y = Y / ZZZ, which has the cheapest
// addition of an affine point. Formulas: Bernstein and Lange's database, "xyzz", madd-2008-s,
// add-2008-s, dbl-2008-s-1.
#pragma once

#include <span>
#include <vector>

#include "crypto/starknet/felt.h"

namespace venuebox::crypto::starknet {

inline constexpr Felt kBeta =
    hex_felt("6f21413efbe40de150e596d72f7a8c5609ad26c15c915c1f4cdfcb99cee9e89");

// A point other than the neutral one, which has no coordinates.
template <class P>
struct AffineOf {
  Residue<8, P> x, y;

  friend AffineOf operator-(const AffineOf& a) { return {a.x, -a.y}; }
};

// The bounds are those that an addition gives back when it is given them.
template <class P>
struct SumOf {
  Residue<72, P> x;
  Residue<24, P> y;
  Residue<10, P> zz, zzz;  // raw zeros for the neutral element

  SumOf() = default;
  explicit SumOf(const AffineOf<P>& a)
      : x(a.x), y(a.y), zz(Felt(1).residue().raw), zzz(Felt(1).residue().raw) {}

  bool is_neutral() const { return zz.raw.is_zero(); }
};

using Affine = AffineOf<AnyProcessor>;
using Sum = SumOf<AnyProcessor>;

inline constexpr Felt kGeneratorX =
    hex_felt("1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca");
inline constexpr Felt kGeneratorY =
    hex_felt("5668060aa49730b7be4801df46ec62de53ecd11abe43a32873000c36e8dc1f");
inline Affine generator() { return {kGeneratorX.residue(), kGeneratorY.residue()}; }

// a + b where neither is neutral and their x differ: the caller knows why. Free of branches.
template <class P>
SumOf<P> add_distinct(const SumOf<P>& a, const AffineOf<P>& b) {
  const auto p = b.x * a.zz - a.x;
  const auto r = b.y * a.zzz - a.y;
  const auto pp = square(p);
  const auto ppp = p * pp;
  const auto q = a.x * pp;
  SumOf<P> sum;
  sum.x = square(r) - (ppp + twice(q));
  sum.y = sum_of_products(r, q - sum.x, -a.y, ppp);
  sum.zz = a.zz * pp;
  sum.zzz = a.zzz * ppp;
  return sum;
}

// The same of two affine points, for half the price.
template <class P>
SumOf<P> add_distinct(const AffineOf<P>& a, const AffineOf<P>& b) {
  const auto p = b.x - a.x;
  const auto r = b.y - a.y;
  const auto pp = square(p);
  const auto ppp = p * pp;
  const auto q = a.x * pp;
  SumOf<P> sum;
  sum.x = square(r) - (ppp + twice(q));
  sum.y = sum_of_products(r, q - sum.x, -a.y, ppp);
  sum.zz = pp;
  sum.zzz = ppp;
  return sum;
}

template <class P>
SumOf<P> doubled(const SumOf<P>& a) {
  if (a.is_neutral()) return a;
  const auto u = twice(a.y);
  const auto v = square(u);
  const auto w = u * v;
  const auto s = a.x * v;
  const auto xx = square(shrunk(a.x));
  const auto m = xx + twice(xx) + square(a.zz);
  SumOf<P> sum;
  sum.x = square(m) - twice(s);
  sum.y = sum_of_products(m, s - sum.x, -a.y, w);
  sum.zz = v * a.zz;
  sum.zzz = w * a.zzz;
  return sum;
}

// a + b for any of them.
template <class P>
SumOf<P> add(const SumOf<P>& a, const AffineOf<P>& b) {
  if (a.is_neutral()) return SumOf<P>(b);
  if (is_zero(b.x * a.zz - a.x)) {
    if (is_zero(b.y * a.zzz - a.y)) return doubled(a);
    return {};
  }
  return add_distinct(a, b);
}
Sum add(const Sum& a, const Sum& b);
inline Sum operator-(const Sum& a) {
  Sum negative = a;
  negative.y = -a.y;
  return negative;
}

// The coordinates of sums other than the neutral one, all for a single inversion.
std::vector<Affine> affine_of(std::span<const Sum> sums);
inline Affine affine_of(const Sum& sum) { return affine_of(std::span(&sum, 1)).front(); }

bool is_on_curve(const Felt& x, const Felt& y);
// The point with this x and one of the two y, or nothing where the curve has none.
std::optional<Affine> point_with_x(const Felt& x);

}  // namespace venuebox::crypto::starknet
