// Where Paradex's signatures count: the domain of one chain, and an account's address in it.
#pragma once

#include <string_view>

#include "crypto/starknet/account.h"
#include "crypto/starknet/message.h"

namespace venuebox::venues::paradex {

// What `starknet_chain_id` of GET /v1/system/config says; clients' domains follow it.
inline constexpr std::string_view kTestnetChain = "PRIVATE_SN_POTC_SEPOLIA";
inline constexpr std::string_view kMainnetChain = "PRIVATE_SN_PARACLEAR_MAINNET";
inline constexpr std::string_view kServedChain = kTestnetChain;

// `l1_chain_id` there: Ethereum's chain of the wallet that a Starknet key is derived from.
inline constexpr std::uint64_t kTestnetEthereumChain = 11'155'111;
inline constexpr std::uint64_t kMainnetEthereumChain = 1;

// `paraclear_account_proxy_hash` and `paraclear_account_hash` there: every client derives its
// address with them.
inline constexpr std::string_view kProxyClassHash =
    "0x3530cc4759d78042f1b543bf797f5f3d647cde0388c33734cf91b7f7b9314a9";
inline constexpr std::string_view kAccountClassHash =
    "0x41cb0280ebadaa75f996d8d92c6f265f6d040bb3ba442e5f86a554f1765244e";

// StarkNetDomain("Paradex", chain id, 1).
crypto::starknet::Felt domain_hash(std::string_view chain_id);

// The address of a key's own account; a subkey signs under that of its main key instead.
crypto::starknet::Felt address_of(const crypto::starknet::Felt& public_key);

// Who signs, and where: the beginning of all his messages, hashed once.
class Signer {
 public:
  Signer(std::string_view chain_id, const crypto::starknet::Felt& address)
      : begun_(crypto::starknet::revision0::message_begun(domain_hash(chain_id), address)) {}

  crypto::starknet::Felt message_hash(const crypto::starknet::Felt& struct_hash) const {
    return crypto::starknet::revision0::message_hash(begun_, struct_hash);
  }

 private:
  crypto::starknet::PedersenChain begun_;
};

}  // namespace venuebox::venues::paradex
