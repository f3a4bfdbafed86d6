#include "crypto/hmac.h"

#include <memory>
#include <string>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/assert.h"
#include "base/hash.h"

namespace venuebox::crypto {
namespace {
constexpr std::size_t kKeyedContextsMax = 64;  // per thread

struct FreeContext {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MAC_CTX, FreeContext>;

// A key and the context that has already taken it in.
struct Keyed {
  std::string key;
  Context context;
};

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Context make_context(std::string_view key) {
  struct FreeMac {
    void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  };
  const std::unique_ptr<EVP_MAC, FreeMac> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  VENUEBOX_ASSERT(mac != nullptr);
  Context context(EVP_MAC_CTX_new(mac.get()));
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_END};
  // An empty key is a key; OpenSSL takes a null pointer for "the same key as before".
  const unsigned char* start = key.empty() ? bytes(" ") : bytes(key);
  VENUEBOX_ASSERT(EVP_MAC_init(context.get(), start, key.size(), parameters) == 1);
  return context;
}

// A context that holds `key` and no message yet. Keys that share a place replace each other.
EVP_MAC_CTX* ready_context(std::string_view key) {
  thread_local std::array<Keyed, kKeyedContextsMax> cache;
  Keyed& place = cache[hash_of(key) % kKeyedContextsMax];
  if (place.context && place.key == key) {
    VENUEBOX_ASSERT(EVP_MAC_init(place.context.get(), nullptr, 0, nullptr) == 1);
  } else {
    place.context = make_context(key);
    place.key = key;
  }
  return place.context.get();
}
}  // namespace

Digest256 sha256(std::string_view message) {
  Digest256 digest;
  VENUEBOX_ASSERT(EVP_Digest(message.data(), message.size(), digest.data(), nullptr, EVP_sha256(),
                             nullptr) == 1);
  return digest;
}

Digest256 hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts) {
  EVP_MAC_CTX* const context = ready_context(key);
  for (const std::string_view part : parts) {
    VENUEBOX_ASSERT(EVP_MAC_update(context, bytes(part), part.size()) == 1);
  }
  Digest256 digest;
  std::size_t size = 0;
  VENUEBOX_ASSERT(EVP_MAC_final(context, digest.data(), &size, digest.size()) == 1);
  VENUEBOX_ASSERT(size == digest.size());
  return digest;
}

FixedText<64> hex_text(const Digest256& digest) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::array<char, 64> text;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    text[2 * i] = kHex[digest[i] >> 4];
    text[2 * i + 1] = kHex[digest[i] & 15];
  }
  return FixedText<64>({text.data(), text.size()});
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace venuebox::crypto
