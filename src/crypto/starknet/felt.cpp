#include "crypto/starknet/felt.h"

#include "crypto/starknet/inverse.h"

namespace venuebox::crypto::starknet {
namespace {
constexpr OddModulus kModulus{kP, 1};  // p is 1 modulo 2^62.
}  // namespace

Felt inverse(const Felt& a) { return Felt::modulo_p(inverse_modulo(a.value(), kModulus)); }

Result<Felt> felt_from_text(std::string_view text) {
  const auto number = uint256_from_text(text);
  if (!number) return number.error();
  const auto felt = Felt::below_p(*number);
  if (!felt) return invalid("", "beyond the field: it has to be below 2^251 + 17 * 2^192 + 1");
  return *felt;
}

}  // namespace venuebox::crypto::starknet
