#include "crypto/starknet/ecdsa.h"
#include "crypto/starknet/generator.h"

namespace venuebox::crypto::starknet {
namespace {

constexpr Uint256 kHashEnd(0, 0, 0, std::uint64_t{1} << 59);  // 2^251

// Whether x(sum) modulo n is r, without dividing: x is below p, p is above n and below 2 n, and
// r is below 2^251, so x is r or r + n.
bool has_x(const Sum& sum, const Uint256& r) {
  if (sum.is_neutral()) return false;
  const auto is_x = [&](const Uint256& x) {
    return is_zero(Felt::modulo_p(x).residue() * sum.zz - sum.x);
  };
  if (is_x(r)) return true;
  std::uint64_t never = 0;
  const Uint256 other = add_with_carry(r, kN, never);
  return other < kP && is_x(other);
}

}  // namespace

Result<PublicKey> PublicKey::from_x(const Felt& x) {
  const auto point = point_with_x(x);
  if (!point)
    return invalid("public_key", hex_of(x) + " is not the x of any point of the STARK curve");
  return PublicKey(x, *point);
}

PublicKey::PublicKey(const Felt& x, const Affine& point) : x_(x) {
  std::vector<Sum> sums(std::size_t{1} << kTeeth);  // the first stays neutral
  Sum tooth(point);
  for (unsigned i = 0; i < kTeeth; ++i) {
    const std::size_t first = std::size_t{1} << i;
    for (std::size_t m = first; m < 2 * first; ++m)
      sums[m] = add(tooth, sums[m - first]);
    for (unsigned k = 0; k < kSpacing; ++k)
      tooth = doubled(tooth);
  }
  multiples_ = affine_of(std::span(sums).subspan(1));
}

Sum PublicKey::multiple(const Uint256& k) const {
  Sum sum;
  for (unsigned i = kSpacing; i-- > 0;) {
    sum = doubled(sum);
    std::size_t m = 0;
    for (unsigned tooth = 0; tooth < kTeeth; ++tooth)
      m |= static_cast<std::size_t>(k.bit(i + kSpacing * tooth)) << tooth;
    if (m != 0) sum = add(sum, multiples_[m - 1]);
  }
  return sum;
}

bool PublicKey::verifies(const Felt& hash, const Signature& signature) const {
  const auto& [r, s] = signature;
  const Uint256 z = hash.value();
  if (r.is_zero() || r >= kHashEnd || s.is_zero() || s >= kN || z >= kHashEnd) return false;
  const Scalar w = inverse(Scalar::modulo_n(s));
  if (w.value() >= kHashEnd) return false;  // The reference code refuses these too.
  const Sum a = multiple_of_generator(Scalar::modulo_n(z) * w);
  const Sum b = multiple((Scalar::modulo_n(r) * w).value());
  return has_x(add(a, b), r) || has_x(add(a, -b), r);
}

}  // namespace venuebox::crypto::starknet
