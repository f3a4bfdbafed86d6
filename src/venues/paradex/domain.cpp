#include "venues/paradex/domain.h"

namespace venuebox::venues::paradex {

using crypto::starknet::Felt;
using crypto::starknet::felt_from_text;

namespace {
constexpr std::uint64_t kDomainVersion = 1;
}  // namespace

std::string_view environment_name(Chain chain) {
  return chain == Chain::mainnet ? "prod" : "testnet";
}

std::string_view chain_id(Chain chain) {
  return chain == Chain::mainnet ? "PRIVATE_SN_PARACLEAR_MAINNET" : "PRIVATE_SN_POTC_SEPOLIA";
}

std::uint64_t ethereum_chain_id(Chain chain) { return chain == Chain::mainnet ? 1 : 11'155'111; }

Felt domain_hash(Chain chain) {
  return crypto::starknet::revision0::domain_hash(
      crypto::starknet::short_felt("Paradex"),
      crypto::starknet::short_string(chain_id(chain)).value(), Felt(kDomainVersion));
}

Felt address_of(const Felt& public_key) {
  static const crypto::starknet::AccountClasses kClasses{felt_from_text(kProxyClassHash).value(),
                                                         felt_from_text(kAccountClassHash).value()};
  return crypto::starknet::account_address(kClasses, public_key);
}

}  // namespace venuebox::venues::paradex
