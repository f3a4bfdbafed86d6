// Throw-away authorities and certificates for the tests of TLS, made on the spot by OpenSSL.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace venuebox::net {

struct CertificateTerms {
  std::string_view names = "IP:127.0.0.1";  // as in OpenSSL's subjectAltName
  std::string_view from = "20000101000000Z";
  std::string_view until = "99991231235959Z";
};

template <auto Free>
struct FreeWith {
  void operator()(auto* given) const { Free(given); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<&EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, FreeWith<&X509_free>>;

struct Identity {
  KeyPtr key;
  CertificatePtr certificate;
};

class TestAuthority {
 public:
  TestAuthority();

  Identity issue(const CertificateTerms& terms) const;
  // Its certificate in PEM.
  std::string pem() const;

 private:
  Identity identity_;
};

}  // namespace venuebox::net
