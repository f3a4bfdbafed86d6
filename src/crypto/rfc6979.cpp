#include "crypto/rfc6979.h"

#include <cstring>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/assert.h"

namespace venuebox::crypto {
namespace {

// Not crypto/hmac.h's, which looks keys up in a table: these are secret.
Rfc6979::Bytes hmac(const Rfc6979::Bytes& key, const std::uint8_t* message, std::size_t size) {
  Rfc6979::Bytes digest;
  unsigned written = 0;
  VENUEBOX_ASSERT(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), message, size,
                       digest.data(), &written) != nullptr);
  return digest;
}

}  // namespace

Rfc6979::Rfc6979(const Bytes& key, const Bytes& hash) {
  k_.fill(0);
  v_.fill(1);
  std::array<std::uint8_t, 64> seed;
  std::memcpy(seed.data(), key.data(), 32);
  std::memcpy(seed.data() + 32, hash.data(), 32);
  stir(0, seed.data(), seed.size());
  stir(1, seed.data(), seed.size());
  OPENSSL_cleanse(seed.data(), seed.size());
}

Rfc6979::~Rfc6979() {
  OPENSSL_cleanse(k_.data(), k_.size());
  OPENSSL_cleanse(v_.data(), v_.size());
}

void Rfc6979::stir(std::uint8_t separator, const std::uint8_t* more, std::size_t size) {
  std::array<std::uint8_t, 32 + 1 + 64> message;
  std::memcpy(message.data(), v_.data(), 32);
  message[32] = separator;
  if (size != 0) std::memcpy(message.data() + 33, more, size);
  k_ = hmac(k_, message.data(), 33 + size);
  v_ = hmac(k_, v_.data(), v_.size());
  OPENSSL_cleanse(message.data(), message.size());
}

Rfc6979::Bytes Rfc6979::next() {
  if (has_drawn_) stir(0, nullptr, 0);
  has_drawn_ = true;
  v_ = hmac(k_, v_.data(), v_.size());
  return v_;
}

}  // namespace venuebox::crypto
