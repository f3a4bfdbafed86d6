#include "crypto/rsa.h"

#include <array>
#include <memory>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/assert.h"
#include "base/hash.h"

namespace venuebox::crypto {
namespace {
constexpr int kKeyBitsMin = 2'048;
constexpr std::size_t kKeysMax = 16;  // per thread
constexpr std::size_t kPemBytesMax = 8 * 1'024;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

// A text and the key that was read from it; none when it is no key.
struct ReadKey {
  std::string pem;
  Key key;
};

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// Without this OpenSSL asks the terminal for the passphrase of a key that has one.
int no_passphrase(char*, int, int, void*) { return -1; }

enum class Half : std::uint8_t { public_key, private_key };

Key read_key(std::string_view pem, Half half) {
  struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
  };
  if (pem.size() > kPemBytesMax) return nullptr;
  const std::unique_ptr<BIO, FreeBio> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  VENUEBOX_ASSERT(bio != nullptr);
  Key key(half == Half::public_key
              ? PEM_read_bio_PUBKEY(bio.get(), nullptr, no_passphrase, nullptr)
              : PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();  // A text that is no key leaves its complaints behind.
  const bool fits =
      key && EVP_PKEY_is_a(key.get(), "RSA") == 1 && EVP_PKEY_get_bits(key.get()) >= kKeyBitsMin;
  return fits ? std::move(key) : nullptr;
}

// Null when the text is no key. Texts that share a place replace each other.
EVP_PKEY* key_of(std::string_view pem) {
  thread_local std::array<ReadKey, kKeysMax> cache;
  ReadKey& place = cache[hash_of(pem) % kKeysMax];
  if (place.pem != pem || pem.empty()) {
    place.key = read_key(pem, Half::public_key);
    place.pem = pem;
  }
  return place.key.get();
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
}  // namespace

bool is_rsa_public_key(std::string_view pem) { return key_of(pem) != nullptr; }

bool rsa_sha256_verifies(std::string_view public_pem, std::string_view message,
                         std::string_view signature) {
  EVP_PKEY* const key = key_of(public_pem);
  const std::string signed_bytes = bytes_from_base64(signature);
  if (!key || signed_bytes.empty()) return false;
  const Context context(EVP_MD_CTX_new());
  VENUEBOX_ASSERT(context != nullptr);
  // PKCS #1 v1.5 is the padding of RSA keys unless another is set.
  VENUEBOX_ASSERT(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1);
  const int verified = EVP_DigestVerify(context.get(), bytes(signed_bytes), signed_bytes.size(),
                                        bytes(message), message.size());
  ERR_clear_error();
  return verified == 1;
}

std::string rsa_sha256_signature(std::string_view private_pem, std::string_view message) {
  const Key key = read_key(private_pem, Half::private_key);
  if (!key) return {};
  const Context context(EVP_MD_CTX_new());
  VENUEBOX_ASSERT(context != nullptr);
  // A PEM that is well formed can still hold numbers that are no key, so this may fail.
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())), '\0');
  std::size_t size = signature.size();
  const bool is_signed =
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     bytes(message), message.size()) == 1;
  ERR_clear_error();
  if (!is_signed) return {};
  std::string text((size + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends it with a zero
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes(signature),
                  static_cast<int>(size));
  text.pop_back();
  return text;
}

std::string bytes_from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > kPemBytesMax) return {};
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  // OpenSSL skips spaces at the ends, which would make two texts of one signature.
  const auto is_letter = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  };
  for (const char c : text.substr(0, text.size() - padding)) {
    if (!is_letter(c)) return {};
  }
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes(text),
                                   static_cast<int>(text.size()));
  if (size != static_cast<int>(out.size())) return {};
  return out.substr(0, out.size() - padding);
}

}  // namespace venuebox::crypto
