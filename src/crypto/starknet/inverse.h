// Inversion modulo an odd number by the greatest common divisor, some ten times quicker than by
// Fermat's little theorem. Its time depends on the number: not for secrets.
#pragma once

#include "crypto/starknet/uint256.h"

namespace venuebox::crypto::starknet {

struct OddModulus {
  Uint256 value;              // below 2^253
  std::uint64_t inverse = 0;  // of value, modulo 2^62
};

// 1 / x modulo the modulus, which shares no factor with x; 0 for 0. Requires x < modulus.
Uint256 inverse_modulo(const Uint256& x, const OddModulus& modulus);

}  // namespace venuebox::crypto::starknet
