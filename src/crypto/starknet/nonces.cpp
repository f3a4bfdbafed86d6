#include "crypto/starknet/nonces.h"

#include "crypto/starknet/scalar.h"

namespace venuebox::crypto::starknet {
namespace {

Uint256 candidate_from(const Rfc6979::Bytes& bytes) {
  const Uint256 whole =
      uint256_from_bytes({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  Uint256 upper;
  for (int i = 0; i < 4; ++i)
    upper.limbs[i] = whole.limbs[i] >> 4 | (i < 3 ? whole.limbs[i + 1] << 60 : 0);
  const std::uint64_t begins_with_zero = -((std::uint64_t{bytes[0]} - 1) >> 63);
  return select(begins_with_zero, whole, upper);
}

}  // namespace

Uint256 Nonces::next() {
  for (;;) {
    const Uint256 candidate = candidate_from(draws_.next());
    if (!candidate.is_zero() && candidate < kN) return candidate;
  }
}

}  // namespace venuebox::crypto::starknet
