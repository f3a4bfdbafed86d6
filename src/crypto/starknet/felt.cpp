#include "crypto/starknet/felt.h"

#include "crypto/starknet/inverse.h"

namespace venuebox::crypto::starknet {
namespace {
// 2^768 modulo p: makes Montgomery's form again of what the inverse of such a form has become.
constexpr Reduced kBackIntoMontgomery{
    hex256("38e5f79873c0a6df47d84f8363000187545706677ffcc06cc7177d1406df18e")};
}  // namespace

Felt inverse(const Felt& a) {
  return Felt(reduced(Reduced(inverse_modulo_p(a.residue().raw)) * kBackIntoMontgomery));
}

Felt quotient(const Residue<248>& a, const Residue<248>& b) {
  const Reduced inverse_b(inverse_modulo_p(reduced(b).raw));
  return Felt(reduced(a * inverse_b * kBackIntoMontgomery));
}

Result<Felt> felt_from_text(std::string_view text) {
  const auto number = uint256_from_text(text);
  if (!number) return number.error();
  const auto felt = Felt::below_p(*number);
  if (!felt) return invalid("", "beyond the field: it has to be below 2^251 + 17 * 2^192 + 1");
  return *felt;
}

}  // namespace venuebox::crypto::starknet
