#include "crypto/rsa.h"

#include <gtest/gtest.h>

#include "crypto/test_rsa_key.h"

namespace venuebox::crypto {
namespace {

// Made with `openssl genpkey`, `openssl pkey -pubout` and `openssl dgst -sha256 -sign`; the private
// keys were not kept.
constexpr std::string_view kKey =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqhPaAkgCyN2t5FTWIzio\n"
    "zFqSkLQVZ4ByVSSzYwjq3QZIXS4mmBi90wRR4i/vKrOT8lYWm257GFM3F2eFRRfs\n"
    "/0XaR/19O/F65pvt9lzuR4C9e6oY3HSopN4K5CF5R3onPvwXQ3yjuE4iIY4tATO1\n"
    "T4pdyAQYHJKQ93YAAJ4EjcxYcXDNODBj6hCQHnbqSNGU++RW5vBqT97t3vLKC3wr\n"
    "uF1nyjAyeTiR0i83Atz3FeGzmedIj8tdFTdOgXGgZGatBimAqGAYu2nmI3r8S6MI\n"
    "DRu/GZGmXxvaZsoSuW5nevASZoTBM1Zh/0DS/BV2vBITHoiZPqg9418gzEWqQmat\n"
    "LwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
constexpr std::string_view kSignature =  // of "message"
    "KOnuvdhfAK6k+49FNBzc+u2Py9rW/bVynMwUa0MFoNfFgcm4nFl3A06qaSkvTsYqWC6A2AsYXT5p7IbN"
    "DOVHZKv9Njs5/cCluecc7SD2UgBeLm3MVFvad1l51MzU99KyKKiEVhUgh+ITOrO0orvSRfvcjzi/p0bK"
    "BChoIjJq6xgW5X67oqJBmhZgh7NhfwhvcWGR+VxMsWujuGomjEoNonU4Q1N7tmOiLwSDMcmh8F2lOjcV"
    "RRUFwa34JRgwE9NrIGkHlsqFz/OrAlIdEAdVKty0U0451LzVwurQbdAUfON31vxzEC+OgApuNAf0ggGM"
    "eUWiR7zIv4ADzg6hlRe2Xw==";
constexpr std::string_view kShortKey =  // 1024 bits
    "-----BEGIN PUBLIC KEY-----\n"
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDGh//Hy952tSTYuT1JQE6A4xsM\n"
    "xOcU14hXhGiHwy4zZR4sjUO3c9B9pgrxIR3yIXEH4ukdUEu7jTc+IGWsuRZeHi8c\n"
    "O4qxClv0cqkC3G89eXue3h6rz8Zsij+kCy8FcC3OxczCKRYLJpu0mn15weMW4eyT\n"
    "U+NBjKqAXggT9E1UDwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
constexpr std::string_view kCurveKey =  // not RSA
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEWJIU8XyWIyb1o5YBNDjJdJq1Xk0D\n"
    "NR0U5wLR/LpTh8AKByVhhPM8UyBjpZBYcmSFFZt/W53wIOWyjPUT0RWsQw==\n"
    "-----END PUBLIC KEY-----\n";

TEST(Rsa, VerifiesASignature) {
  for (int round = 0; round < 2; ++round) {  // The second time the key is known.
    EXPECT_TRUE(rsa_sha256_verifies(kKey, "message", kSignature));
    EXPECT_FALSE(rsa_sha256_verifies(kKey, "message.", kSignature));
  }
}

TEST(Rsa, RefusesAChangedSignature) {
  for (std::size_t i = 0; i < kSignature.size(); ++i) {
    std::string changed(kSignature);
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(rsa_sha256_verifies(kKey, "message", changed)) << i;
  }
  const std::string text(kSignature);
  for (const std::string& broken :
       {std::string(), std::string("="), std::string("===="), text.substr(4), text + "AAAA",
        " " + text.substr(1), text + "\n", std::string(100'000, 'A')}) {
    EXPECT_FALSE(rsa_sha256_verifies(kKey, "message", broken)) << broken.substr(0, 20);
  }
}

TEST(Rsa, KnowsItsKeys) {
  EXPECT_TRUE(is_rsa_public_key(kKey));
  EXPECT_FALSE(is_rsa_public_key(kShortKey));
  EXPECT_FALSE(is_rsa_public_key(kCurveKey));
  EXPECT_FALSE(is_rsa_public_key(""));
  EXPECT_FALSE(is_rsa_public_key("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"));
  EXPECT_FALSE(rsa_sha256_verifies(kShortKey, "message", kSignature));
}

TEST(Rsa, SignsWhatItVerifies) {
  const TestRsaKey key = make_rsa_key(2'048);
  for (const std::string& message :
       {std::string(), std::string("message"), std::string(9'999, 'm')}) {
    const std::string signature = rsa_sha256_signature(key.private_pem, message);
    EXPECT_EQ(signature.size(), 344u) << "256 bytes in base64";
    EXPECT_TRUE(rsa_sha256_verifies(key.public_pem, message, signature));
    EXPECT_FALSE(rsa_sha256_verifies(key.public_pem, message + ".", signature));
    EXPECT_EQ(rsa_sha256_signature(key.private_pem, message), signature) << "nothing is drawn";
  }
}

TEST(Rsa, SignsWithNothingButAPrivateKey) {
  const TestRsaKey key = make_rsa_key(2'048);
  EXPECT_EQ(rsa_sha256_signature(make_rsa_key(1'024).private_pem, "message"), "");
  for (const std::string& none :
       {std::string(), key.public_pem, key.locked_pem, key.private_pem.substr(0, 200),
        std::string("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")}) {
    EXPECT_EQ(rsa_sha256_signature(none, "message"), "") << none.size();
  }
}

// RFC 4648, section 10.
TEST(Base64, PublishedVectors) {
  EXPECT_EQ(bytes_from_base64("Zg=="), "f");
  EXPECT_EQ(bytes_from_base64("Zm8="), "fo");
  EXPECT_EQ(bytes_from_base64("Zm9v"), "foo");
  EXPECT_EQ(bytes_from_base64("Zm9vYmFy"), "foobar");
  for (const char* none : {"", "Zg", "Zg=", "Z===", "Zm9v\n", "Zm 9", "Zg==Zg=="}) {
    EXPECT_EQ(bytes_from_base64(none), "") << none;
  }
}

}  // namespace
}  // namespace venuebox::crypto
