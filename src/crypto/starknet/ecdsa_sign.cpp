#include <openssl/crypto.h>

#include "crypto/starknet/ecdsa.h"
#include "crypto/starknet/generator.h"
#include "crypto/starknet/nonces.h"

namespace venuebox::crypto::starknet {
namespace {
constexpr Uint256 kHashEnd(0, 0, 0, std::uint64_t{1} << 59);  // 2^251
}  // namespace

Result<PrivateKey> PrivateKey::from_number(const Uint256& d) {
  if (d.is_zero() || d >= kN)
    return invalid("private_key", "has to be at least 1 and below the order of the STARK curve");
  return PrivateKey(d);
}

Felt PrivateKey::public_key() const {
  return Felt(reduced(secret_multiple_of_generator(Scalar::modulo_n(number_)).x));
}

Result<Signature> PrivateKey::sign(const Felt& hash) const {
  const Uint256 z = hash.value();
  if (z >= kHashEnd) return invalid("hash", "2^251 and above cannot be signed; change the message");
  const Scalar d = Scalar::modulo_n(number_);
  Nonces nonces(number_, z);
  for (;;) {
    Uint256 drawn = nonces.next();
    Scalar k = Scalar::modulo_n(drawn);
    const Affine point = secret_multiple_of_generator(k);
    const Scalar r = Scalar::modulo_n(Felt(reduced(point.x)).value());
    const Scalar sum = Scalar::modulo_n(z) + r * d;
    const Scalar s = inverse_in_constant_time(k) * sum;
    OPENSSL_cleanse(&drawn, sizeof drawn);
    OPENSSL_cleanse(&k, sizeof k);
    // What the reference code would not verify is not handed out; these are public, or never used.
    if (r.is_zero() || r.value() >= kHashEnd || s.is_zero()) continue;
    if (inverse(s).value() >= kHashEnd) continue;
    return Signature{r.value(), s.value()};
  }
}

}  // namespace venuebox::crypto::starknet
