#include "crypto/ethereum.h"

#include <gtest/gtest.h>

namespace venuebox::crypto::ethereum {
namespace {

std::string hex_of(const Digest256& digest) { return std::string(hex_text(digest).view()); }

Digest256 key_hash(std::uint64_t chain_id) {
  const std::string_view action[]{"STARK Key"};
  return message_hash(domain_hash("Paradex", "1", chain_id),
                      struct_hash("Constant(string action)", action));
}

struct Vector {
  std::string key;
  std::uint64_t chain_id;
  std::string address;
  std::string hash;
  std::string signature;  // r, s and v
};

// Computed on 2025-11-22 with ccxt 4.5.84 (ethGetAddressFromPrivateKey, ethEncodeStructuredData,
// signMessage); the addresses' case is that of EIP-55. The first is also in
// starknet/golden/vectors.json. The keys are public dummies.
std::vector<Vector> vectors() {
  return {
      {"0x061c09c0c0d825be19aa63c2e6b3b7a5e0ba74f34c7bbd4b82e3daf23b49fce5", 11'155'111,
       "0x6cfBDc0671d367Ff662893577a04A9C719eb3459",
       "af7a452df1d98575210fe5bd0c759c73bd5eb1d79671856b875569a2c2c1601f",
       "f45cf0ea58908053eda862b3a7f1d3b9280a63796fcfd98bdb1e7c23a1278d56"
       "78bb5370df5214d15113ab5d5f3cac34f625a1398bb626bc6d541067990772521c"},
      {"0x0000000000000000000000000000000000000000000000000000000000000001", 1,
       "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf",
       "b1e196638d6734e2fcec9d9e3aa0e54468ba0593fc1d602e217e1dad02ba2d90",
       "0720632465781d98fbc3057289e9f0e08107fbcf31cb83d5006b30e21ad6fefb"
       "458b277ca478787d42bf5020bcb74683b79514af6e90c6121660c7c94973e0671b"},
      {"0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", 1,
       "0x80C0dbf239224071c59dD8970ab9d542E3414aB2",
       "b1e196638d6734e2fcec9d9e3aa0e54468ba0593fc1d602e217e1dad02ba2d90",
       "c96f22cf3104d6605e592e5b46639e4396c4cff440abbb5f1c3540d483059420"
       "4503d3fc7dad5844975fb92ce02ff4744ceb2b423ffae448be1b88924a336e331b"},
      {"4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318", 11'155'111,
       "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23",
       "af7a452df1d98575210fe5bd0c759c73bd5eb1d79671856b875569a2c2c1601f",
       "5a7b95435be3b11ac00c894516a341ca333c5762dc2108298d0cc4550bfce04a"
       "6bf303c592d22ea1c52ff21ba1e96e50d0ea1c660638a89d426a88ff3ed46aca1b"},
  };
}

TEST(Ethereum, HashesSignsAndIsAddressedAsWalletsDo) {
  for (const Vector& v : vectors()) {
    const PrivateKey key = PrivateKey::from_hex(v.key).value();
    EXPECT_EQ(key.address(), v.address);
    const Digest256 hash = key_hash(v.chain_id);
    EXPECT_EQ(hex_of(hash), v.hash);
    const Signature signature = key.sign(hash);
    EXPECT_EQ(hex_of(signature.r) + hex_of(signature.s), v.signature.substr(0, 128)) << v.key;
    EXPECT_EQ(signature.v, std::stoi(v.signature.substr(128), nullptr, 16)) << v.key;
  }
}

TEST(Ethereum, WritesAKeyAsItReadsIt) {
  const std::string key = vectors()[0].key;
  EXPECT_EQ(PrivateKey::from_hex(key)->hex(), key);
  EXPECT_EQ(PrivateKey::from_hex(key.substr(2))->hex(), key);
}

TEST(Ethereum, RefusesWhatIsNoKey) {
  const std::string zeros(63, '0');
  // The last one is the order of the group.
  for (const std::string& text :
       {std::string(), std::string("0x"), zeros + "0", zeros, zeros + "00", zeros + "g",
        std::string("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")}) {
    const auto key = PrivateKey::from_hex(text);
    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error().where, "privateKey");
  }
}

}  // namespace
}  // namespace venuebox::crypto::ethereum
