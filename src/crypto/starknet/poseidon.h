// Poseidon, the hash of Starknet's typed data of revision 1: a permutation of three field elements,
// of which two take input.
#pragma once

#include <array>
#include <span>

#include "crypto/starknet/felt.h"

namespace venuebox::crypto::starknet {

// What is added to the elements of the state before the rounds, in turn: hashes of running numbers.
inline constexpr int kPoseidonConstants = 273;
Felt poseidon_constant(int index);

using PoseidonState = std::array<Felt, 3>;

PoseidonState poseidon_permutation(const PoseidonState& state);

Felt poseidon(const Felt& x);
Felt poseidon(const Felt& x, const Felt& y);
// Of any number of elements; of two it is not the hash above.
Felt poseidon_of_many(std::span<const Felt> elements);

}  // namespace venuebox::crypto::starknet
