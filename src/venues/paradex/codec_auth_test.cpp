// Coming in: onboarding and tokens at a whole door, forged and stale ones among them.
#include "venues/paradex/codec_auth.h"

#include <gtest/gtest.h>

#include "engine/test_desk.h"
#include "gateway/door.h"
#include "venues/paradex/authenticate.h"
#include "venues/paradex/jwt.h"
#include "venues/paradex/keys.h"
#include "venues/paradex/paradex.h"
#include "venues/paradex/request_signature.h"
#include "venues/paradex/signature_text.h"
#include "venues/paradex/test_signed_requests.h"

namespace venuebox::venues::paradex {
namespace {
using crypto::starknet::PrivateKey;
using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint64_t kBox = 77;
constexpr AccountId kAlice = engine::TestDesk::kAlice;

std::string_view at(const JsonObject& json, std::string_view name) {
  const JsonValue* value = json.find(name);
  return value ? value->text : "(absent)";
}

struct ParadexAuthTest : testing::Test {
  ParadexAuthTest() {
    door.set_onboarding([this](const gateway::Credential& credential) -> Result<AccountId> {
      if (is_full) return Error{ErrorKind::conflict, "key", "no more room"};
      gateway::Credential owned = credential;
      owned.account = AccountId{9};
      door.add_credential(owned, credential.key);
      return owned.account;
    });
  }

  // Its wallet's account is alice's.
  void know_the_client() {
    gateway::Credential credential = credential_of_client();
    credential.account = kAlice;
    ASSERT_TRUE(door.add_credential(credential, "alice"));
  }
  static gateway::Credential credential_of_client() {
    JsonObject fields;
    EXPECT_TRUE(fields.parse(fmt::format(R"({{"privateKey":"{}"}})", kWallet)));
    return credential_from("alice", fields).value();
  }

  gateway::Response& send(const SignedRequest& sent) {
    std::vector<net::Header> headers;
    for (const auto& [name, value] : sent.headers)
      headers.push_back({name, value});
    net::Request request;
    request.method = sent.method;
    request.target = sent.target;
    request.headers = headers;
    request.body = sent.body;
    net::split_target(request);
    response.reset();
    door.handle(request, response, desk, {desk.clock, door_time, kBox});
    return response;
  }
  // What the answer's error is; empty: none.
  std::string error_of(const SignedRequest& sent) {
    send(sent);
    if (response.status == 200) return "";
    JsonObject json;
    EXPECT_TRUE(json.parse(response.body)) << response.body;
    return std::string(at(json, "error"));
  }

  // Whom a private request with these headers acts for; none: the response says why.
  std::optional<AccountId> asked_by(const Headers& sent) {
    std::vector<net::Header> headers;
    for (const auto& [name, value] : sent)
      headers.push_back({name, value});
    net::Request request;
    request.target = request.path = "/v1/orders";
    request.headers = headers;
    response.reset();
    JsonObject json;
    std::vector<CommandBody> commands;
    gateway::Call call{.request = request,
                       .view = desk.view(),
                       .response = response,
                       .account = {},
                       .account_name = {},
                       .now = desk.clock,
                       .door_time = door_time,
                       .json = json,
                       .commands = commands,
                       .box_key = kBox};
    AccountId account;
    const auto find = [this](std::string_view key) { return door.find(key); };
    if (!authenticate(call, find, account)) return std::nullopt;
    return account;
  }

  engine::TestDesk desk;
  gateway::Door door{venue, {}};
  Timestamp door_time = timestamp_from_ms(1'750'000'000'000);
  gateway::Response response;
  bool is_full = false;
};

// The request with one header changed; empty: without it.
SignedRequest with(SignedRequest request, std::string_view name, std::string_view value) {
  std::erase_if(request.headers, [&](const auto& header) { return header.first == name; });
  if (!value.empty()) request.headers.emplace_back(name, value);
  return request;
}

// The request to authenticate, signed anew for other times.
SignedRequest signed_for(std::int64_t timestamp, std::int64_t expiration) {
  const auto wallet = crypto::ethereum::PrivateKey::from_hex(kWallet).value();
  const Signer signer(Chain::testnet, crypto::starknet::felt_from_text(kAddress).value());
  const auto signature =
      starknet_key(wallet, Chain::testnet).sign(auth_hash(signer, timestamp, expiration)).value();
  SignedRequest request = signed_request("authenticateRest");
  request = with(request, "PARADEX-TIMESTAMP", std::to_string(timestamp));
  request = with(request, "PARADEX-SIGNATURE-EXPIRATION", std::to_string(expiration));
  return with(request, "PARADEX-STARKNET-SIGNATURE", signature_text(signature));
}

TEST_F(ParadexAuthTest, AStrangerIsOnboardedOnceAndThenAuthenticated) {
  const SignedRequest auth = signed_request("authenticateRest");
  EXPECT_EQ(error_of(auth), "NOT_ONBOARDED");
  EXPECT_EQ(send(signed_request("onboarding")).body, "{}");
  ASSERT_NE(door.find(kAddress), nullptr);
  EXPECT_EQ(door.find(kAddress)->public_key, kPublicKey);
  JsonObject json;
  ASSERT_TRUE(json.parse(send(auth).body)) << response.body;
  const std::string token(at(json, "jwt_token"));
  EXPECT_EQ(token, issued_token(kBox, kAddress, door_time));
  EXPECT_EQ(asked_by({{"Authorization", "Bearer " + token}}), AccountId{9});
}

TEST_F(ParadexAuthTest, AReplayedOnboardingChangesNothing) {
  EXPECT_EQ(error_of(signed_request("onboarding")), "");
  is_full = true;
  EXPECT_EQ(error_of(signed_request("onboarding")), "");
  EXPECT_EQ(door.credentials().size(), 1u);
}

TEST_F(ParadexAuthTest, OnboardingAsksForTheKeyItsAddressAndItsSignature) {
  const SignedRequest good = signed_request("onboarding");
  const auto with_body = [&](std::string_view body) {
    SignedRequest request = good;
    request.body = body;
    return request;
  };
  EXPECT_EQ(error_of(with_body("{")), "BINDING_ERROR");
  EXPECT_EQ(error_of(with_body(R"({"public_key":5})")), "BINDING_ERROR");
  EXPECT_EQ(error_of(with_body("{}")), "PUBLIC_KEY_INVALID");
  EXPECT_EQ(error_of(with_body(R"({"public_key":"0x5"})")), "PUBLIC_KEY_INVALID")
      << "it is off the curve";
  const std::string p = "0x800000000000011000000000000000000000000000000000000000000000001";
  EXPECT_EQ(error_of(with_body(R"({"public_key":")" + p + "\"}")), "PUBLIC_KEY_INVALID");
  const auto stranger = hex_of(PrivateKey::from_number(crypto::starknet::Uint256(7))->public_key());
  EXPECT_EQ(error_of(with_body(R"({"public_key":")" + stranger + "\"}")),
            "INVALID_STARKNET_ADDRESS");
  EXPECT_EQ(error_of(with(good, "PARADEX-STARKNET-ACCOUNT", "0x1")), "INVALID_STARKNET_ADDRESS");
  EXPECT_EQ(error_of(with(good, "PARADEX-STARKNET-ACCOUNT", "")), "INVALID_STARKNET_ADDRESS");
  EXPECT_EQ(error_of(with(good, "PARADEX-STARKNET-SIGNATURE", "[]")), "INVALID_STARKNET_SIGNATURE");
  EXPECT_EQ(error_of(with(good, "PARADEX-STARKNET-SIGNATURE", R"(["0","0"])")),
            "STARKNET_SIGNATURE_VERIFICATION_FAILED");
  EXPECT_TRUE(door.credentials().empty());
  is_full = true;
  EXPECT_EQ(error_of(good), "SERVICE_UNAVAILABLE");
}

TEST_F(ParadexAuthTest, TellsWhoIsOnboarded) {
  SignedRequest query;
  query.method = net::Method::get;
  query.target =
      fmt::format("/v1/onboarding?account_signer_type=starknet&public_key={}", kPublicKey);
  const auto exists = [&] {
    JsonObject json;
    EXPECT_TRUE(json.parse(send(query).body)) << response.body;
    EXPECT_EQ(at(json, "address"), kAddress);
    return std::string(at(json, "exists"));
  };
  EXPECT_EQ(exists(), "false");
  know_the_client();
  EXPECT_EQ(exists(), "true");
  query.target = "/v1/onboarding?public_key=0x5";
  EXPECT_EQ(error_of(query), "INVALID_REQUEST_PARAMETER");
  query.target = "/v1/onboarding?account_signer_type=eip191&eth_address=0x5";
  EXPECT_EQ(error_of(query), "NOT_SUPPORTED");
}

TEST_F(ParadexAuthTest, ThePathMayEndInTheKey) {
  know_the_client();
  SignedRequest request = signed_request("authenticateRest");
  request.target =
      "/v1/auth/" + std::string(kPublicKey.substr(0, 2)) + "0" + std::string(kPublicKey.substr(2));
  EXPECT_EQ(error_of(request), "") << "leading zeros do not matter";
  request.target = "/v1/auth/0x5";
  EXPECT_EQ(error_of(request), "PUBLIC_KEY_INVALID");
}

TEST_F(ParadexAuthTest, ASignatureIsForItsTimesAlone) {
  know_the_client();
  const SignedRequest good = signed_request("authenticateRest");
  EXPECT_EQ(error_of(good), "");
  EXPECT_EQ(error_of(with(good, "PARADEX-TIMESTAMP", "1750000001")),
            "STARKNET_SIGNATURE_VERIFICATION_FAILED");
  EXPECT_EQ(error_of(with(good, "PARADEX-SIGNATURE-EXPIRATION", "1750000181")),
            "STARKNET_SIGNATURE_VERIFICATION_FAILED");
  EXPECT_EQ(error_of(with(good, "PARADEX-STARKNET-SIGNATURE", "")), "INVALID_STARKNET_SIGNATURE");
  EXPECT_EQ(error_of(with(good, "PARADEX-STARKNET-SIGNATURE", R"(["1","1"])")),
            "STARKNET_SIGNATURE_VERIFICATION_FAILED");
}

TEST_F(ParadexAuthTest, TimesHaveToBeNear) {
  know_the_client();
  const std::int64_t now = door_time.ms() / 1'000;
  const std::int64_t week = 7 * 24 * 3'600;
  EXPECT_EQ(error_of(signed_for(now, now + week)), "");
  EXPECT_EQ(error_of(signed_for(now, now + week + 1)), "INVALID_SIGNATURE_EXPIRATION");
  EXPECT_EQ(error_of(signed_for(now - 60, now + 1)), "");
  EXPECT_EQ(error_of(signed_for(now - 60, now)), "INVALID_SIGNATURE_EXPIRATION");
  EXPECT_EQ(error_of(signed_for(now + 30, now + 60)), "");
  EXPECT_EQ(error_of(signed_for(now + 31, now + 60)), "INVALID_TIMESTAMP");
  const SignedRequest good = signed_request("authenticateRest");
  for (const char* text : {"", "-1", "1e9", "1750000000.5", "99999999999999999999"}) {
    EXPECT_EQ(error_of(with(good, "PARADEX-TIMESTAMP", text)), "INVALID_TIMESTAMP") << text;
    EXPECT_EQ(error_of(with(good, "PARADEX-SIGNATURE-EXPIRATION", text)),
              "INVALID_SIGNATURE_EXPIRATION")
        << text;
  }
}

TEST_F(ParadexAuthTest, APrivateRequestNeedsALiveTokenOfThisBox) {
  know_the_client();
  const std::string token = issued_token(kBox, kAddress, door_time);
  EXPECT_EQ(asked_by({{"Authorization", "Bearer " + token}}), kAlice);
  EXPECT_EQ(asked_by({{"authorization", "bearer " + token}}), kAlice);
  const auto refusal = [&](const Headers& headers) {
    EXPECT_EQ(asked_by(headers), std::nullopt);
    JsonObject json;
    EXPECT_TRUE(json.parse(response.body)) << response.body;
    return fmt::format("{} {}: {}", response.status, at(json, "error"), at(json, "message"));
  };
  const std::string missing = "401 UNAUTHORIZED_ERROR: missing or malformed jwt";
  const std::string expired = "401 UNAUTHORIZED_ERROR: invalid or expired jwt";
  EXPECT_EQ(refusal({}), missing);
  EXPECT_EQ(refusal({{"Authorization", token}}), missing);
  EXPECT_EQ(refusal({{"Authorization", "Bearer "}}), missing);
  EXPECT_EQ(refusal({{"Authorization", "Bearer nonsense"}}), missing);
  EXPECT_EQ(refusal({{"Authorization", "Bearer " + token}, {"Authorization", "Bearer " + token}}),
            missing);
  EXPECT_EQ(refusal({{"Authorization", "Bearer " + issued_token(kBox + 1, kAddress, door_time)}}),
            expired);
  EXPECT_EQ(refusal({{"Authorization", "Bearer " + issued_token(kBox, "0x1", door_time)}}),
            "400 ACCOUNT_NOT_FOUND: account not found");
  door_time = door_time + kTokenLife;
  EXPECT_EQ(refusal({{"Authorization", "Bearer " + token}}), expired);
}

TEST_F(ParadexAuthTest, WhileSignaturesAreOffEverybodyIsLetIn) {
  gateway::Door open{venue, {.verify_signatures = false}};
  gateway::Credential credential = credential_of_client();
  credential.account = kAlice;
  open.add_credential(credential, "alice");
  open.set_anonymous(kAlice);
  net::Request request;
  request.method = net::Method::post;
  request.target = request.path = "/v1/auth";
  open.handle(request, response, desk, {desk.clock, door_time, kBox});
  EXPECT_EQ(response.body,
            fmt::format(R"({{"jwt_token":"{}"}})", issued_token(kBox, kAddress, door_time)));
}

}  // namespace
}  // namespace venuebox::venues::paradex
