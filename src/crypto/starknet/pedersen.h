// Pedersen, the hash of Starknet's typed data of revision 0, and chains of it.
#pragma once

#include <span>

#include "crypto/starknet/felt.h"

namespace venuebox::crypto::starknet {

// The first call builds tables of multiples, 10 MB in some 15 ms.
Felt pedersen(const Felt& a, const Felt& b);

// The hash of a list, element by element: what begins equally is hashed once and copied.
//   static const PedersenChain kOrder = PedersenChain().add(selector("Order(...)"));
//   Felt hash = PedersenChain(kOrder).add(...).add(...).hash();
class PedersenChain {
 public:
  PedersenChain& add(const Felt& element) {
    hash_ = pedersen(hash_, element);
    ++size_;
    return *this;
  }
  // Of all that was added; their number is hashed last.
  Felt hash() const { return pedersen(hash_, Felt(size_)); }

 private:
  Felt hash_;
  std::uint64_t size_ = 0;
};

inline Felt pedersen_of_many(std::span<const Felt> elements) {
  PedersenChain chain;
  for (const Felt& element : elements)
    chain.add(element);
  return chain.hash();
}

}  // namespace venuebox::crypto::starknet
