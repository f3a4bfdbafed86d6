#include "venues/paradex/keys.h"

#include <gtest/gtest.h>

#include "venues/paradex/test_signed_requests.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::Credential;

Result<Credential> credential_of(std::string_view fields) {
  JsonObject json;
  VENUEBOX_ASSERT(json.parse(fields));
  return credential_from("dora", json);
}
std::string wrong_field(std::string_view fields) {
  const auto credential = credential_of(fields);
  return credential ? "none" : credential.error().where;
}

TEST(Keys, FollowFromTheWalletAsCcxtDerivesThem) {
  const auto wallet = crypto::ethereum::PrivateKey::from_hex(kWallet).value();
  const auto key = starknet_key(wallet, Chain::testnet);
  EXPECT_EQ(hex_of(key.number()),
            "0x309a820f62498eccdbff76be02526418823b87e2551cedb873e37fd29a897aa");
  EXPECT_EQ(hex_of(key.public_key()), kPublicKey);
  EXPECT_EQ(hex_of(address_of(key.public_key())), kAddress);
  EXPECT_NE(starknet_key(wallet, Chain::mainnet).number(), key.number());
}

TEST(Keys, OnTheMainnetAsCcxtDerivesThem) {  // ccxt 4.5.84 with l1_chain_id "1", 2025-11-22.
  const auto wallet = crypto::ethereum::PrivateKey::from_hex(
      "0x0000000000000000000000000000000000000000000000000000000000000001");
  const auto key = starknet_key(*wallet, Chain::mainnet);
  EXPECT_EQ(hex_of(key.number()),
            "0x105f2dca6db3b2731ec4352fe72e445b9b6ddedee3da6e57b14472d58a9ca3");
  EXPECT_EQ(hex_of(address_of(key.public_key())),
            "0x3b52e4e32dab43a9c6bf4bd0f62e993fcf4ef512afc83ed6e605c46a53de22e");
}

TEST(Keys, ACredentialIsAFunctionOfTheName) {
  const Credential alice = demo_credential("alice");
  EXPECT_EQ(alice.key, demo_credential("alice").key);
  EXPECT_EQ(alice.secret, demo_credential("alice").secret);
  EXPECT_NE(alice.key, demo_credential("bob").key);
  EXPECT_NE(alice.secret, demo_credential("bob").secret);
  const auto x = crypto::starknet::felt_from_text(alice.public_key).value();
  EXPECT_EQ(alice.key, hex_of(address_of(x)));
}

TEST(Keys, ClientsAreToldTheirWallet) {
  const auto fields =
      credential_fields(*credential_of(fmt::format(R"({{"privateKey":"{}"}})", kWallet)));
  const std::vector<std::pair<std::string, std::string>> expected{
      {"walletAddress", std::string(kWalletAddress)}, {"privateKey", std::string(kWallet)}};
  EXPECT_EQ(fields, expected);
}

TEST(Keys, WhoKeepsHisWalletGivesThePublicKey) {
  const auto credential = credential_of(fmt::format(R"({{"publicKey":"{}"}})", kPublicKey));
  ASSERT_TRUE(credential);
  EXPECT_EQ(credential->key, kAddress);
  EXPECT_EQ(credential->secret, "");
  const std::vector<std::pair<std::string, std::string>> expected{
      {"address", std::string(kAddress)}, {"publicKey", std::string(kPublicKey)}};
  EXPECT_EQ(credential_fields(*credential), expected);
  const auto elsewhere =
      credential_of(fmt::format(R"({{"publicKey":"{}","address":"0x00AB"}})", kPublicKey));
  EXPECT_EQ(elsewhere->key, "0xab");
}

TEST(Keys, WhatIsLeftOutFollowsFromTheName) {
  EXPECT_EQ(credential_of("{}")->key, demo_credential("dora").key);
}

TEST(Keys, RefusesWhatCannotBeAKey) {
  EXPECT_EQ(wrong_field(R"({"privateKey":"0x12"})"), "privateKey");
  EXPECT_EQ(wrong_field(R"({"publicKey":"x"})"), "publicKey");
  // 5 is no x of the curve.
  EXPECT_EQ(wrong_field(R"({"publicKey":"0x5"})"), "publicKey");
  EXPECT_EQ(wrong_field(fmt::format(R"({{"publicKey":"{}","address":"0xg"}})", kPublicKey)),
            "address");
  EXPECT_EQ(wrong_field(R"({"address":"0x5"})"), "publicKey");
  EXPECT_EQ(
      wrong_field(fmt::format(R"({{"publicKey":"{}","privateKey":"{}"}})", kPublicKey, kWallet)),
      "publicKey");
}

TEST(Keys, AVerifierIsPreparedOfAKeyAlone) {
  Credential credential = demo_credential("alice");
  credential.prepared = prepare(credential);
  ASSERT_NE(credential.prepared, nullptr);
  EXPECT_EQ(hex_of(verifier_of(credential).key.x()), credential.public_key);
  EXPECT_EQ(prepare({.account = {}, .key = "0x1", .secret = "", .public_key = "0x5"}), nullptr);
  EXPECT_EQ(prepare({.account = {}, .key = "0x1", .secret = ""}), nullptr);
}

}  // namespace
}  // namespace venuebox::venues::paradex
