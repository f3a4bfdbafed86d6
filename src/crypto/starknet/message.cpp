#include "crypto/starknet/message.h"

namespace venuebox::crypto::starknet {

Felt revision0::struct_hash(PedersenChain begun, std::initializer_list<Felt> fields) {
  for (const Felt& field : fields)
    begun.add(field);
  return begun.hash();
}

Felt revision0::domain_hash(const Felt& name, const Felt& chain_id, const Felt& version) {
  static const PedersenChain kDomain = begun("StarkNetDomain(name:felt,chainId:felt,version:felt)");
  return struct_hash(kDomain, {name, chain_id, version});
}

Felt revision1::domain_hash(const Felt& name, const Felt& version, const Felt& chain_id) {
  static const Felt kDomain =
      selector(R"("StarknetDomain"("name":"shortstring","version":"shortstring",)"
               R"("chainId":"shortstring","revision":"shortstring"))");
  return struct_hash(kDomain, {name, version, chain_id, Felt(1)});
}

}  // namespace venuebox::crypto::starknet
