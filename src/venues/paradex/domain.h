// Where Paradex's signatures count: the domain of one chain, and an account's address in it.
#pragma once

#include <string_view>

#include "crypto/starknet/account.h"
#include "crypto/starknet/message.h"

namespace venuebox::venues::paradex {

enum class Chain : std::uint8_t { testnet, mainnet };
inline constexpr Chain kServedChain = Chain::testnet;  // what /v1/system/config says

std::string_view environment_name(Chain chain);  // "testnet", "prod"
std::string_view chain_id(Chain chain);          // starknet_chain_id
std::uint64_t ethereum_chain_id(Chain chain);    // l1_chain_id: of the wallet behind a Starknet key

// `paraclear_account_proxy_hash` and `paraclear_account_hash` there: every client derives its
// address with them. The testnet's; those of the mainnet are the same as far as is known.
inline constexpr std::string_view kProxyClassHash =
    "0x3530cc4759d78042f1b543bf797f5f3d647cde0388c33734cf91b7f7b9314a9";
inline constexpr std::string_view kAccountClassHash =
    "0x41cb0280ebadaa75f996d8d92c6f265f6d040bb3ba442e5f86a554f1765244e";

// StarkNetDomain("Paradex", chain id, 1).
crypto::starknet::Felt domain_hash(Chain chain);

// The address of a key's own account; a subkey signs under that of its main key instead.
crypto::starknet::Felt address_of(const crypto::starknet::Felt& public_key);

// Who signs, and where: the beginning of all his messages, hashed once.
class Signer {
 public:
  Signer(Chain chain, const crypto::starknet::Felt& address)
      : begun_(crypto::starknet::revision0::message_begun(domain_hash(chain), address)) {}

  crypto::starknet::Felt message_hash(const crypto::starknet::Felt& struct_hash) const {
    return crypto::starknet::revision0::message_hash(begun_, struct_hash);
  }

 private:
  crypto::starknet::PedersenChain begun_;
};

}  // namespace venuebox::venues::paradex
