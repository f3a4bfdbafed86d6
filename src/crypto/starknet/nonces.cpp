#include "crypto/starknet/nonces.h"

#include <cstring>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/starknet/scalar.h"

namespace venuebox::crypto::starknet {
namespace {

// Not crypto/hmac.h's, which looks keys up in a table: these are secret.
std::array<std::uint8_t, 32> hmac(const std::array<std::uint8_t, 32>& key,
                                  const std::uint8_t* message, std::size_t size) {
  std::array<std::uint8_t, 32> digest;
  unsigned written = 0;
  VENUEBOX_ASSERT(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), message, size,
                       digest.data(), &written) != nullptr);
  return digest;
}

Uint256 candidate_from(const std::array<std::uint8_t, 32>& bytes) {
  const Uint256 whole =
      uint256_from_bytes({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  Uint256 upper;
  for (int i = 0; i < 4; ++i)
    upper.limbs[i] = whole.limbs[i] >> 4 | (i < 3 ? whole.limbs[i + 1] << 60 : 0);
  const std::uint64_t begins_with_zero = -((std::uint64_t{bytes[0]} - 1) >> 63);
  return select(begins_with_zero, whole, upper);
}

}  // namespace

Nonces::Nonces(const Uint256& key, const Uint256& hash) {
  k_.fill(0);
  v_.fill(1);
  std::array<std::uint8_t, 64> seed;
  std::memcpy(seed.data(), bytes_of(key).data(), 32);
  std::memcpy(seed.data() + 32, bytes_of(hash).data(), 32);
  stir(0, seed.data(), seed.size());
  stir(1, seed.data(), seed.size());
  OPENSSL_cleanse(seed.data(), seed.size());
}

Nonces::~Nonces() {
  OPENSSL_cleanse(k_.data(), k_.size());
  OPENSSL_cleanse(v_.data(), v_.size());
}

void Nonces::stir(std::uint8_t separator, const std::uint8_t* more, std::size_t size) {
  std::array<std::uint8_t, 32 + 1 + 64> message;
  std::memcpy(message.data(), v_.data(), 32);
  message[32] = separator;
  if (size != 0) std::memcpy(message.data() + 33, more, size);
  k_ = hmac(k_, message.data(), 33 + size);
  v_ = hmac(k_, v_.data(), v_.size());
  OPENSSL_cleanse(message.data(), message.size());
}

Uint256 Nonces::next() {
  for (;;) {
    if (has_drawn_) stir(0, nullptr, 0);
    has_drawn_ = true;
    v_ = hmac(k_, v_.data(), v_.size());
    const Uint256 candidate = candidate_from(v_);
    if (!candidate.is_zero() && candidate < kN) return candidate;
  }
}

}  // namespace venuebox::crypto::starknet
