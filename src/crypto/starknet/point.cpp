#include "crypto/starknet/point.h"

namespace venuebox::crypto::starknet {
namespace {

Felt right_side(const Felt& x) { return (x * x + Felt(1)) * x + kBeta; }

}  // namespace

Sum add(const Sum& a, const Sum& b) {
  if (a.is_neutral()) return b;
  if (b.is_neutral()) return a;
  const auto u1 = a.x * b.zz;
  const auto s1 = a.y * b.zzz;
  const auto p = b.x * a.zz - u1;
  const auto r = b.y * a.zzz - s1;
  if (is_zero(p)) return is_zero(r) ? doubled(a) : Sum();
  const auto pp = square(p);
  const auto ppp = p * pp;
  const auto q = u1 * pp;
  Sum sum;
  sum.x = square(r) - (ppp + twice(q));
  sum.y = sum_of_products(r, q - sum.x, -s1, ppp);
  sum.zz = a.zz * b.zz * pp;
  sum.zzz = a.zzz * b.zzz * ppp;
  return sum;
}

std::vector<Affine> affine_of(std::span<const Sum> sums) {
  // Montgomery's trick: products[i] is that of all ZZZ before i; the inverse of the whole product
  // then gives each single inverse for two multiplications.
  std::vector<Residue<16>> products;
  products.reserve(sums.size());
  Residue<16> product = Felt(1).residue();
  for (const Sum& sum : sums) {
    VENUEBOX_ASSERT(!sum.is_neutral());
    products.push_back(product);
    product = product * sum.zzz;
  }
  Residue<16> rest = inverse(Felt(reduced(product))).residue();
  std::vector<Affine> affine(sums.size());
  for (std::size_t i = sums.size(); i-- > 0;) {
    const Residue<16> zzz_inverse = rest * products[i];
    rest = rest * sums[i].zzz;
    const Residue<16> z_inverse = zzz_inverse * sums[i].zz;
    affine[i].x = reduced(sums[i].x * square(z_inverse));
    affine[i].y = reduced(sums[i].y * zzz_inverse);
  }
  return affine;
}

bool is_on_curve(const Felt& x, const Felt& y) { return y * y == right_side(x); }

std::optional<Affine> point_with_x(const Felt& x) {
  const auto y = square_root(right_side(x));
  if (!y) return std::nullopt;
  return Affine{x.residue(), y->residue()};
}

}  // namespace venuebox::crypto::starknet
