// Who signs for an account. Clients hold an Ethereum wallet's key and derive a Starknet key from
// its signature; the venue knows the public half of that, and its address names the account.
//
// A credential's `key` is that address, `public_key` the Starknet key's x, `secret` the wallet's
// key or empty. Addresses and keys are 0x and lower-case digits without leading zeros.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/ethereum.h"
#include "crypto/starknet/ecdsa.h"
#include "gateway/venue.h"
#include "venues/paradex/domain.h"

namespace venuebox::venues::paradex {

// The Starknet key of a wallet, which differs between the chains: what the wallet signs for it
// names its own.
crypto::starknet::PrivateKey starknet_key(const crypto::ethereum::PrivateKey& wallet, Chain chain);

// An address or a public key as credentials have it; fails where the text is no felt.
Result<std::string> canonical_felt(std::string_view text);

// Of a wallet that is a function of the name. Public knowledge: whoever reads this can trade as
// alice in a box, which is what it is for.
gateway::Credential demo_credential(std::string_view account_name);
// walletAddress and privateKey, as ccxt calls the wallet's; address and publicKey where only the
// client has the wallet.
std::vector<std::pair<std::string, std::string>> credential_fields(const gateway::Credential&);
// `privateKey`: the wallet's. Or `publicKey`, the Starknet key's, with `address` where that is not
// derived from it. Fails where a key is none, or off the curve.
Result<gateway::Credential> credential_from(std::string_view account_name,
                                            const JsonObject& fields);

// What verifies an account's signatures.
struct Verifier {
  crypto::starknet::PublicKey key;
  Signer signer;
};
// Null for a public key that is none.
std::shared_ptr<const void> prepare(const gateway::Credential& credential);
// What was prepared of the credential; it has a public key, which was checked when it came in.
const Verifier& verifier_of(const gateway::Credential& credential);

}  // namespace venuebox::venues::paradex
