// OpenSSL's low-level SHA-256 is deprecated in favour of EVP, but still its own: a plain value that
// can be copied, where EVP allocates, copies and wipes a context behind pointers for every message.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/hmac.h"

#include <cstring>
#include <string>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "base/hash.h"
#include "base/hex.h"

namespace venuebox::crypto {
namespace {
constexpr std::size_t kKeysMax = 64;  // per thread

void update(SHA256_CTX& state, std::string_view bytes) {
  SHA256_Update(&state, bytes.data(), bytes.size());
}

Digest256 ended(SHA256_CTX& state) {
  Digest256 digest;
  SHA256_Final(digest.data(), &state);
  OPENSSL_cleanse(&state, sizeof state);
  return digest;
}

// What hashing is like once a key, padded to a block and masked, has gone in (RFC 2104): this is
// all that a message needs of its key.
struct KeyedStates {
  SHA256_CTX inner;
  SHA256_CTX outer;
};

KeyedStates keyed_states(std::string_view key) {
  std::array<unsigned char, SHA256_CBLOCK> block{};
  if (key.size() > block.size()) {
    const Digest256 digest = sha256(key);
    std::memcpy(block.data(), digest.data(), digest.size());
  } else if (!key.empty()) {
    std::memcpy(block.data(), key.data(), key.size());
  }
  const auto started = [&](unsigned char mask) {
    std::array<unsigned char, SHA256_CBLOCK> masked;
    for (std::size_t i = 0; i < block.size(); ++i)
      masked[i] = block[i] ^ mask;
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Update(&state, masked.data(), masked.size());
    OPENSSL_cleanse(masked.data(), masked.size());
    return state;
  };
  const KeyedStates states{started(0x36), started(0x5c)};
  OPENSSL_cleanse(block.data(), block.size());
  return states;
}

// A key that was used, and what came of it. Wiped when another takes its place.
class KnownKey {
 public:
  KnownKey() = default;
  KnownKey(const KnownKey&) = delete;
  KnownKey& operator=(const KnownKey&) = delete;
  ~KnownKey() { wipe(); }

  const KeyedStates& states_of(std::string_view key) {
    if (!is_set_ || key_ != key) {
      wipe();
      key_ = key;
      states_ = keyed_states(key);
      is_set_ = true;
    }
    return states_;
  }

 private:
  void wipe() {
    OPENSSL_cleanse(key_.data(), key_.size());
    OPENSSL_cleanse(&states_, sizeof states_);
  }

  bool is_set_ = false;
  std::string key_;
  KeyedStates states_;
};

// Keys that share a place replace each other.
const KeyedStates& states_of(std::string_view key) {
  thread_local std::array<KnownKey, kKeysMax> known;
  return known[hash_of(key) % kKeysMax].states_of(key);
}
}  // namespace

Digest256 sha256(std::string_view message) {
  SHA256_CTX state;
  SHA256_Init(&state);
  update(state, message);
  return ended(state);
}

Digest256 hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts) {
  const KeyedStates& states = states_of(key);
  SHA256_CTX inner = states.inner;
  for (const std::string_view part : parts)
    update(inner, part);
  const Digest256 digest = ended(inner);
  SHA256_CTX outer = states.outer;
  SHA256_Update(&outer, digest.data(), digest.size());
  return ended(outer);
}

FixedText<64> hex_text(const Digest256& digest) {
  std::array<char, 64> text;
  char* at = text.data();
  for (const std::uint8_t byte : digest)
    at = put_hex(at, byte);
  return FixedText<64>({text.data(), text.size()});
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace venuebox::crypto
