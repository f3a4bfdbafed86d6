// From an Ethereum wallet to a Starknet account: the private key, and the address of the contract
// that holds it.
#pragma once

#include <span>
#include <string_view>

#include "crypto/starknet/ecdsa.h"

namespace venuebox::crypto::starknet {

// A private key from a secret, without favouring any: hashes of the seed and a running number until
// one is below a multiple of n. The seed of Paradex and Extended is the r of an Ethereum signature,
// all 32 bytes of it.
PrivateKey ground_key(std::string_view seed);

// Where a contract of that class lies that is deployed with these arguments, by nobody.
Felt contract_address(const Felt& salt, const Felt& class_hash, std::span<const Felt> arguments);

// The classes of an account's contract, as a venue's configuration tells them.
struct AccountClasses {
  Felt proxy;    // Paradex: paraclear_account_proxy_hash
  Felt account;  // Paradex: paraclear_account_hash
};
// Of an account behind a proxy, which is given the key at once and no guardian.
Felt account_address(const AccountClasses& classes, const Felt& public_key);

}  // namespace venuebox::crypto::starknet
