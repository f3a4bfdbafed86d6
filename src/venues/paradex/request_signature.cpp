#include "venues/paradex/request_signature.h"

#include "base/assert.h"

namespace venuebox::venues::paradex {

using crypto::starknet::Felt;
using crypto::starknet::PedersenChain;
using crypto::starknet::short_felt;
namespace revision0 = crypto::starknet::revision0;

Felt onboarding_hash(const Signer& signer) {
  static const Felt kStruct =
      revision0::struct_hash(revision0::begun("Constant(action:felt)"), {short_felt("Onboarding")});
  return signer.message_hash(kStruct);
}

Felt auth_hash(const Signer& signer, std::int64_t timestamp, std::int64_t expiration) {
  VENUEBOX_ASSERT(timestamp >= 0);
  VENUEBOX_ASSERT(expiration >= 0);
  const Felt no_body;
  static const PedersenChain kRequest =
      revision0::begun("Request(method:felt,path:felt,body:felt,timestamp:felt,expiration:felt)")
          .add(short_felt("POST"))
          .add(short_felt("/v1/auth"))
          .add(no_body);
  return signer.message_hash(revision0::struct_hash(
      kRequest,
      {Felt(static_cast<std::uint64_t>(timestamp)), Felt(static_cast<std::uint64_t>(expiration))}));
}

}  // namespace venuebox::venues::paradex
