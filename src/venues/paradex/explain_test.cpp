#include "venues/paradex/explain.h"

#include <gtest/gtest.h>

#include "crypto/starknet/typed_data.h"
#include "venues/paradex/keys.h"
#include "venues/paradex/order_signature.h"
#include "venues/paradex/test_signed_requests.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::SigningStep;

constexpr Timestamp kNow = timestamp_from_ms(1'750'000'000'000);

gateway::Credential golden() {
  JsonObject fields;
  VENUEBOX_ASSERT(fields.parse(fmt::format(R"({{"privateKey":"{}"}})", kWallet)));
  return credential_from("alice", fields).value();
}
std::string value_of(const std::vector<SigningStep>& steps, std::string_view chain,
                     std::string_view name) {
  for (const SigningStep& step : steps) {
    if (step.chain == chain && step.name == name) return step.value;
  }
  return "(absent)";
}

TEST(Explain, LeadsToTheSignatureOfARealClient) {
  const SignedRequest captured = signed_request("createOrder");
  JsonObject json;
  ASSERT_TRUE(json.parse(captured.body));
  const auto steps = explain_order(golden(), captured.body, kNow).value();
  EXPECT_EQ(value_of(steps, "testnet", "signature"), order_of(json).signature);
  EXPECT_EQ(value_of(steps, "testnet", "account"), kAddress);
  EXPECT_EQ(value_of(steps, "testnet", "message_hash"),
            "0x5b8b81b8b4fe71b653756e83babe355acb53ef4489e6734eb20986786393b06");
  EXPECT_EQ(value_of(steps, "testnet", "timestamp"), "1750000000000 = 0x1977420dc00");
  EXPECT_EQ(value_of(steps, "testnet", "market"), "BTC-USD-PERP = 0x4254432d5553442d50455250");
  EXPECT_EQ(value_of(steps, "testnet", "side"), "BUY = 0x1");
  EXPECT_EQ(value_of(steps, "testnet", "size"), "0.05 * 10^8 = 5000000 = 0x4c4b40");
  EXPECT_EQ(value_of(steps, "testnet", "price"), "65000 * 10^8 = 6500000000000 = 0x5e96630e800");
  EXPECT_EQ(value_of(steps, "mainnet", "chain_id"), "PRIVATE_SN_PARACLEAR_MAINNET");
  EXPECT_NE(value_of(steps, "mainnet", "public_key"), kPublicKey);
}

TEST(Explain, ItsTypedDataHashesToItsMessage) {
  for (const SignedRequest& request : signed_requests()) {
    if (!request.body.starts_with(R"({"market")")) continue;
    const auto steps = explain_order(golden(), request.body, kNow).value();
    for (const char* chain : {"testnet", "mainnet"}) {
      const auto data =
          crypto::starknet::TypedData::parse(value_of(steps, chain, "typed_data")).value();
      const auto account =
          crypto::starknet::felt_from_text(value_of(steps, chain, "account")).value();
      EXPECT_EQ(hex_of(data.message_hash(account).value()), value_of(steps, chain, "message_hash"))
          << request.body;
      EXPECT_EQ(data.type_string(data.primary_type()).value(), value_of(steps, chain, "type"));
    }
  }
}

TEST(Explain, AnOrderWithoutATimeIsSignedNow) {
  const auto steps = explain_order(
      golden(), R"({"market":"BTC-USD-PERP","side":"SELL","type":"MARKET","size":"1"})", kNow);
  ASSERT_TRUE(steps);
  EXPECT_EQ(value_of(*steps, "testnet", "signature_timestamp"), "1750000000000");
  EXPECT_EQ(value_of(*steps, "testnet", "price"), "0 = 0x0");
}

TEST(Explain, SecretsAreMarkedAndNowhereElse) {
  const auto steps = explain_order(golden(), signed_request("createOrder").body, kNow).value();
  std::vector<std::string> secrets;
  for (const SigningStep& step : steps) {
    if (step.kind == SigningStep::Kind::secret) secrets.push_back(step.value);
  }
  EXPECT_EQ(secrets.size(), 4u) << "a wallet's and a Starknet key on each of two chains";
  for (const SigningStep& step : steps) {
    if (step.kind == SigningStep::Kind::secret) continue;
    for (const std::string& secret : secrets)
      EXPECT_EQ(step.value.find(secret), std::string::npos) << step.name;
  }
}

TEST(Explain, NamesWhatIsNoOrder) {
  const auto wrong = [](std::string_view order) {
    const auto steps = explain_order(golden(), order, kNow);
    return steps ? "none" : steps.error().where;
  };
  EXPECT_EQ(wrong(R"({"side":"BUY"})"), "market");
  EXPECT_EQ(wrong(R"({"market":"A","side":"buy"})"), "side");
  EXPECT_EQ(wrong(R"({"market":"A","side":"BUY"})"), "type");
  EXPECT_EQ(wrong(R"({"market":"A","side":"BUY","type":"LIMIT","size":"x"})"), "size");
  EXPECT_EQ(wrong(R"({"market":"A","side":"BUY","type":"LIMIT","size":"1"})"), "price");
  EXPECT_EQ(wrong(R"({"market":"A","side":"BUY","type":"LIMIT","signature_timestamp":"x"})"),
            "signature_timestamp");
  EXPECT_EQ(wrong(R"({"market":5})"), "market");
  EXPECT_FALSE(explain_order(golden(), "[]", kNow));
}

TEST(Explain, TheSnippetForAShellIsTheOnboardingOfARealClient) {
  const std::string snippet = curl_example(golden());
  const SignedRequest captured = signed_request("onboarding");
  EXPECT_NE(snippet.find(captured.body), std::string::npos);
  for (const auto& [name, value] : captured.headers) {
    if (name.starts_with("PARADEX-STARKNET") || name.starts_with("PARADEX-ETHEREUM"))
      EXPECT_NE(snippet.find(name + ": " + value), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace venuebox::venues::paradex
