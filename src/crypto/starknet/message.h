// What is signed on Starknet: the hash of a domain, an account and a struct. Revision 0 chains
// Pedersen hashes, revision 1 takes Poseidon over all of it (SNIP-12). Here are the parts, for a
// venue that knows its types; typed_data.h reads them from JSON.
#pragma once

#include <initializer_list>

#include "crypto/starknet/pedersen.h"
#include "crypto/starknet/poseidon.h"
#include "crypto/starknet/text.h"

namespace venuebox::crypto::starknet {

inline constexpr Felt kMessagePrefix = short_felt("StarkNet Message");

namespace revision0 {

// A struct begins with the hash of its type; keep the chain, and what is hashed anew are the
// fields.
//   static const PedersenChain kOrder = begun("Order(timestamp:felt,market:felt)");
//   Felt order = struct_hash(kOrder, {timestamp, market});
inline PedersenChain begun(std::string_view type) { return PedersenChain().add(selector(type)); }

Felt struct_hash(PedersenChain begun, std::initializer_list<Felt> fields);

// StarkNetDomain(name, chainId, version).
Felt domain_hash(const Felt& name, const Felt& chain_id, const Felt& version);

// What all messages of one account in one domain begin with: keep it with the account.
inline PedersenChain message_begun(const Felt& domain_hash, const Felt& account) {
  return PedersenChain().add(kMessagePrefix).add(domain_hash).add(account);
}
inline Felt message_hash(PedersenChain message_begun, const Felt& struct_hash) {
  return message_begun.add(struct_hash).hash();
}

}  // namespace revision0

namespace revision1 {

inline Felt struct_hash(const Felt& type_hash, std::initializer_list<Felt> fields) {
  std::vector<Felt> elements{type_hash};
  elements.insert(elements.end(), fields);
  return poseidon_of_many(elements);
}

// StarknetDomain(name, version, chainId, revision), the revision being 1, a number. Until the
// middle of 2025 Extended's library hashed the text "1" there.
Felt domain_hash(const Felt& name, const Felt& version, const Felt& chain_id);

// account: its address; with Extended its public key.
inline Felt message_hash(const Felt& domain_hash, const Felt& account, const Felt& struct_hash) {
  const Felt elements[]{kMessagePrefix, domain_hash, account, struct_hash};
  return poseidon_of_many(elements);
}

}  // namespace revision1
}  // namespace venuebox::crypto::starknet
