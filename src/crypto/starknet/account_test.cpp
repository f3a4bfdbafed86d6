#include "crypto/starknet/account.h"

#include <gtest/gtest.h>

#include "crypto/starknet/pedersen.h"
#include "crypto/starknet/test_vectors.h"

namespace venuebox::crypto::starknet {
namespace {

TEST(Account, PublishedKeysAreGround) {
  for (const Json& v : vectors()["grind_key"]) {
    const Uint256 seed = uint256_from_text("0x" + text_of(v["seed_hex"])).value();
    const auto bytes = bytes_of(seed);
    const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::string_view used = all.substr(32 - text_of(v["seed_hex"]).size() / 2);
    EXPECT_EQ(ground_key(used).number(), number_of(v["private_key"]));
  }
}

TEST(Account, PublishedAccountOfParadex) {
  const Json& v = vectors()["paradex_account_derivation"];
  const auto seed = bytes_of(number_of(v["grind_seed_is_r"]));
  const PrivateKey key = ground_key({reinterpret_cast<const char*>(seed.data()), seed.size()});
  EXPECT_EQ(key.number(), number_of(v["l2_private_key"]));
  EXPECT_EQ(key.public_key(), felt_of(v["l2_public_key"]));
  const AccountClasses classes{felt_of(v["paraclear_account_proxy_hash"]),
                               felt_of(v["paraclear_account_hash"])};
  EXPECT_EQ(pedersen_of_many(felts_of(v["constructor_calldata"])),
            felt_of(v["constructor_calldata_hash"]));
  EXPECT_EQ(account_address(classes, key.public_key()), felt_of(v["address"]));
}

TEST(Account, PublishedOnboardingOfExtended) {
  const Json& v = vectors()["extended_onboarding"];
  const auto seed = uint256_from_text(text_of(v["l1_signature"]).substr(0, 66)).value();
  const auto bytes = bytes_of(seed);
  const PrivateKey key = ground_key({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  EXPECT_EQ(key.number(), number_of(v["l2_private_key"]));
  EXPECT_EQ(key.public_key(), felt_of(v["l2_public_key"]));
  const Felt message = pedersen(felt_of(v["l1_address"]), key.public_key());
  EXPECT_EQ(message, felt_of(v["l2_message_pedersen_of_l1address_l2key"]));
  const Signature signature = key.sign(message).value();
  EXPECT_EQ(signature.r, number_of(v["l2_signature"]["r"]));
  EXPECT_EQ(signature.s, number_of(v["l2_signature"]["s"]));
}

}  // namespace
}  // namespace venuebox::crypto::starknet
