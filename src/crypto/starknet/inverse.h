// Inversion modulo an odd number by the greatest common divisor, some ten times quicker than by
// Fermat's little theorem. Its time depends on the number: not for secrets.
#pragma once

#include "crypto/starknet/uint256.h"

namespace venuebox::crypto::starknet {

// 1 / x modulo p or n, of the number itself and not of a Montgomery form; 0 for 0. Requires x below
// the modulus.
Uint256 inverse_modulo_p(const Uint256& x);
Uint256 inverse_modulo_n(const Uint256& x);

}  // namespace venuebox::crypto::starknet
