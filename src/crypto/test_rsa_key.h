// For tests: a fresh RSA key in the texts that people keep it in, so that no private key has to be
// kept beside the source.
#pragma once

#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/assert.h"

namespace venuebox::crypto {

struct TestRsaKey {
  std::string private_pem;  // PKCS #8
  std::string locked_pem;   // the same under a passphrase
  std::string public_pem;
};

inline TestRsaKey make_rsa_key(unsigned bits) {
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(BIO* bio) const { BIO_free(bio); }
  };
  const std::unique_ptr<EVP_PKEY, Free> key(EVP_RSA_gen(bits));
  VENUEBOX_ASSERT(key != nullptr);
  const auto written = [&](auto write) {
    const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
    VENUEBOX_ASSERT(bio != nullptr && write(bio.get(), key.get()) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
  };
  return {
      .private_pem = written([](BIO* out, EVP_PKEY* k) {
        return PEM_write_bio_PKCS8PrivateKey(out, k, nullptr, nullptr, 0, nullptr, nullptr);
      }),
      .locked_pem = written([](BIO* out, EVP_PKEY* k) {
        return PEM_write_bio_PKCS8PrivateKey(out, k, EVP_aes_128_cbc(), "open sesame", 11, nullptr,
                                             nullptr);
      }),
      .public_pem = written([](BIO* out, EVP_PKEY* k) { return PEM_write_bio_PUBKEY(out, k); })};
}

}  // namespace venuebox::crypto
