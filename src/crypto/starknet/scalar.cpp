#include "crypto/starknet/scalar.h"

#include "crypto/starknet/inverse.h"

namespace venuebox::crypto::starknet {
namespace {

constexpr std::uint64_t kMinusInverse = 0xbb6b3c4ce8bde631;  // -1 / n modulo 2^64
// 2^512 modulo n, which takes a number into Montgomery form.
constexpr Uint256 kIntoMontgomery =
    hex256("7d9e57c2333766ebaf0ab4cf78bbabb509cf64d14ce60b96021b3f1ea1c688d");

// value, below 2 n, modulo n.
Uint256 reduced(const Uint256& value) {
  std::uint64_t is_below = 0;
  const Uint256 less = subtract_with_borrow(value, kN, is_below);
  return select(-is_below, value, less);
}

// a * b / 2^256 modulo n, row by row. Below n for b below n and any a of 256 bits: then the sum is
// below 2^256 * n + 2^256 * n before the division.
Uint256 multiply(const Uint256& a, const Uint256& b) {
  std::array<std::uint64_t, 5> t = {};
  for (int i = 0; i < 4; ++i) {
    UInt128 sum = 0;
    for (int j = 0; j < 4; ++j) {
      sum += static_cast<UInt128>(a.limbs[i]) * b.limbs[j] + t[j];
      t[j] = static_cast<std::uint64_t>(sum);
      sum >>= 64;
    }
    const std::uint64_t top = t[4] + static_cast<std::uint64_t>(sum);
    const std::uint64_t m = t[0] * kMinusInverse;
    sum = (static_cast<UInt128>(m) * kN.limbs[0] + t[0]) >> 64;
    for (int j = 1; j < 4; ++j) {
      sum += static_cast<UInt128>(m) * kN.limbs[j] + t[j];
      t[j - 1] = static_cast<std::uint64_t>(sum);
      sum >>= 64;
    }
    sum += top;
    t[3] = static_cast<std::uint64_t>(sum);
    t[4] = static_cast<std::uint64_t>(sum >> 64);
  }
  return reduced({t[0], t[1], t[2], t[3]});
}

}  // namespace

Scalar Scalar::modulo_n(const Uint256& value) { return Scalar(multiply(value, kIntoMontgomery)); }

Uint256 Scalar::value() const { return multiply(raw_, Uint256(1)); }

Scalar operator+(const Scalar& a, const Scalar& b) {
  std::uint64_t never = 0;  // n has 252 bits.
  return Scalar(reduced(add_with_carry(a.raw_, b.raw_, never)));
}

Scalar operator*(const Scalar& a, const Scalar& b) { return Scalar(multiply(a.raw_, b.raw_)); }

Scalar inverse(const Scalar& a) { return Scalar::modulo_n(inverse_modulo_n(a.value())); }

// a^(n - 2), by Fermat; which bits of the exponent are set is no secret.
Scalar inverse_in_constant_time(const Scalar& a) {
  std::uint64_t never = 0;
  const Uint256 exponent = subtract_with_borrow(kN, Uint256(2), never);
  Scalar result = a;  // for the topmost bit
  for (int bit = 250; bit >= 0; --bit) {
    result = result * result;
    if (exponent.bit(static_cast<unsigned>(bit))) result = result * a;
  }
  return result;
}

}  // namespace venuebox::crypto::starknet
