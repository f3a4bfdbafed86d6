#include "crypto/hmac.h"

#include <string>

#include <gtest/gtest.h>

namespace venuebox::crypto {
namespace {

std::string hex_of(const Digest256& digest) { return std::string(hex_text(digest).view()); }

std::string bytes_from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

TEST(Sha256, PublishedVectors) {  // FIPS 180-4, appendix B.
  EXPECT_EQ(hex_of(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_of(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

struct Vector {
  std::string key;
  std::string message;
  std::string digest;
};

// RFC 4231, test cases 1 to 4, 6 and 7 (5 truncates).
std::vector<Vector> vectors() {
  return {
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {bytes_from_hex("0102030405060708090a0b0c0d0e0f10111213141516171819"),
       std::string(50, '\xcd'), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. The "
       "key needs to be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
}

TEST(HmacSha256, PublishedVectors) {
  // Twice, because the second round meets contexts that are already keyed.
  for (int round = 0; round < 2; ++round) {
    for (const Vector& v : vectors()) {
      EXPECT_EQ(hex_of(hmac_sha256(v.key, {v.message})), v.digest);
      const std::string_view message = v.message;
      EXPECT_EQ(hex_of(hmac_sha256(v.key, {message.substr(0, 3), "", message.substr(3)})),
                v.digest);
    }
  }
}

TEST(HmacSha256, EmptyKeyAndMessage) {
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(hex_of(hmac_sha256("", {})),
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  }
}

TEST(HmacSha256, MoreKeysThanAreKept) {
  const std::string first = hex_of(hmac_sha256("key 0", {"message"}));
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(hex_of(hmac_sha256("key " + std::to_string(i), {"message"})) == first, i == 0);
  }
  EXPECT_EQ(hex_of(hmac_sha256("key 0", {"message"})), first);
}

TEST(EqualInConstantTime, ComparesTexts) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace venuebox::crypto
