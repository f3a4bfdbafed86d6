// Multiples of the generator G, from tables that are built when they are first needed.
#pragma once

#include "crypto/starknet/point.h"
#include "crypto/starknet/scalar.h"

namespace venuebox::crypto::starknet {

// k * G, in a time that depends on k: for checking signatures.
Sum multiple_of_generator(const Scalar& k);

// k * G or -k * G, which have the same x, for k other than 0: neither branches nor memory addresses
// depend on k. For private keys and nonces.
Affine secret_multiple_of_generator(const Scalar& k);

}  // namespace venuebox::crypto::starknet
