#include "crypto/starknet/ecdsa.h"

#include <gtest/gtest.h>

#include "crypto/starknet/generator.h"
#include "crypto/starknet/test_vectors.h"

namespace venuebox::crypto::starknet {
namespace {

TEST(Generator, PublishedMultiples) {
  for (const Json& v : vectors()["curve"]["multiples_of_G"]) {
    const Affine point = affine_of(multiple_of_generator(Scalar::modulo_n(number_of(v["k"]))));
    EXPECT_EQ(Felt(reduced(point.x)), felt_of(v["x"]));
    EXPECT_EQ(Felt(reduced(point.y)), felt_of(v["y"]));
  }
}

TEST(PrivateKey, PublishedPublicKeys) {
  for (const Json& v : vectors()["public_keys"]) {
    const Uint256 d = number_of(v["private_key"]);
    EXPECT_EQ(PrivateKey::from_number(d)->public_key(), felt_of(v["x"]));
    const Affine point = affine_of(multiple_of_generator(Scalar::modulo_n(d)));
    EXPECT_EQ(Felt(reduced(point.y)), felt_of(v["y"]));
  }
}

TEST(PrivateKey, SignsAsPublished) {
  for (const Json& v : vectors()["signatures"]) {
    const PrivateKey key = PrivateKey::from_number(number_of(v["private_key"])).value();
    const Felt public_key = felt_of(v["public_key_x"]);
    const Felt hash = felt_of(v["msg_hash"]);
    const Signature signature = key.sign(hash).value();
    EXPECT_EQ(signature.r, number_of(v["r"]));
    EXPECT_EQ(signature.s, number_of(v["s"]));
    EXPECT_EQ(key.public_key(), public_key);
    const PublicKey verifier = PublicKey::from_x(public_key).value();
    EXPECT_TRUE(verifier.verifies(hash, signature));
    EXPECT_FALSE(verifier.verifies(hash + Felt(1), signature));
  }
}

TEST(PublicKey, PublishedChecks) {
  for (const Json& v : vectors()["verify"]) {
    const PublicKey key = PublicKey::from_x(felt_of(v["public_key_x"])).value();
    const Signature signature{number_of(v["r"]), number_of(v["s"])};
    EXPECT_EQ(key.verifies(felt_of(v["msg_hash"]), signature), v["valid"].get_bool().value()) << v;
  }
}

TEST(PublicKey, RefusesWhatIsNotOnTheCurve) {
  int refused = 0;
  for (std::uint64_t x = 0; x < 100; ++x) {
    const auto key = PublicKey::from_x(Felt(x));
    if (!key) ++refused;
    EXPECT_EQ(static_cast<bool>(key), point_with_x(Felt(x)).has_value());
  }
  EXPECT_GT(refused, 30);  // Half of all numbers, more or less.
  EXPECT_LT(refused, 70);
}

TEST(PrivateKey, RefusesNumbersOutOfRange) {
  EXPECT_FALSE(PrivateKey::from_number(Uint256()));
  EXPECT_FALSE(PrivateKey::from_number(kN));
  std::uint64_t over = 0;
  const Uint256 largest = subtract_with_borrow(kN, Uint256(1), over);
  const PrivateKey key = PrivateKey::from_number(largest).value();
  EXPECT_EQ(key.public_key(), kGeneratorX);  // -G
}

TEST(PrivateKey, RefusesHashesThatNobodyVerifies) {
  const PrivateKey key = PrivateKey::from_number(Uint256(7)).value();
  const Felt first_too_large = Felt::modulo_p(Uint256(0, 0, 0, std::uint64_t{1} << 59));
  EXPECT_FALSE(key.sign(first_too_large));
  EXPECT_TRUE(key.sign(first_too_large - Felt(1)));
}

}  // namespace
}  // namespace venuebox::crypto::starknet
