#include "net/test_certificates.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace venuebox::net {
namespace {

void set_time(ASN1_TIME* time, std::string_view text) {
  EXPECT_EQ(ASN1_TIME_set_string(time, std::string(text).c_str()), 1);
}

void add_extension(X509* certificate, X509* issuer, int kind, std::string_view value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, &context, kind, std::string(value).c_str());
  EXPECT_NE(extension, nullptr) << value;
  EXPECT_EQ(X509_add_ext(certificate, extension, -1), 1);
  X509_EXTENSION_free(extension);
}

// Without a signature.
Identity draft(std::string_view name, const CertificateTerms& terms, long serial) {
  Identity made{KeyPtr(EVP_EC_gen("P-256")), CertificatePtr(X509_new())};
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
  set_time(X509_getm_notBefore(certificate), terms.from);
  set_time(X509_getm_notAfter(certificate), terms.until);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.data()),
                             static_cast<int>(name.size()), -1, 0);
  return made;
}

void sign(X509* certificate, const Identity& issuer) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate.get()));
  EXPECT_GT(X509_sign(certificate, issuer.key.get(), EVP_sha256()), 0);
}

}  // namespace

TestAuthority::TestAuthority() : identity_(draft("Test Authority", {}, 1)) {
  X509* own = identity_.certificate.get();
  add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(own, own, NID_key_usage, "critical,keyCertSign");
  sign(own, identity_);
}

Identity TestAuthority::issue(const CertificateTerms& terms) const {
  Identity made = draft("Test Server", terms, 2);
  add_extension(made.certificate.get(), identity_.certificate.get(), NID_subject_alt_name,
                terms.names);
  sign(made.certificate.get(), identity_);
  return made;
}

std::string TestAuthority::pem() const {
  BIO* memory = BIO_new(BIO_s_mem());
  EXPECT_EQ(PEM_write_bio_X509(memory, identity_.certificate.get()), 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory, &bytes);
  std::string text(bytes, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

}  // namespace venuebox::net
