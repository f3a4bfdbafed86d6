// Numbers modulo n, the order of the STARK curve's group: private keys and signatures are made of
// them. In Montgomery form; sums and products are free of branches and table look-ups.
#pragma once

#include "crypto/starknet/uint256.h"

namespace venuebox::crypto::starknet {

inline constexpr Uint256 kN =
    hex256("800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f");

class Scalar {
 public:
  constexpr Scalar() = default;
  static Scalar modulo_n(const Uint256& value);

  Uint256 value() const;  // below n
  bool is_zero() const { return raw_.is_zero(); }

  friend Scalar operator+(const Scalar& a, const Scalar& b);
  friend Scalar operator*(const Scalar& a, const Scalar& b);
  friend bool operator==(const Scalar&, const Scalar&) = default;

 private:
  constexpr explicit Scalar(const Uint256& raw) : raw_(raw) {}
  Uint256 raw_;  // value * 2^256 modulo n, below n
};

// 1 / a, and 0 for 0: in a time that depends on a, for what is public ...
Scalar inverse(const Scalar& a);
// ... and in one that does not, for nonces.
Scalar inverse_in_constant_time(const Scalar& a);

}  // namespace venuebox::crypto::starknet
