#include "venues/bybit/signing.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/engine.h"
#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

// A request at the door, and what authentication made of it.
struct Knock {
  gateway::Method method = gateway::Method::get;
  std::string target;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  gateway::Credential credential{AccountId{7}, "mockxBybitKey000001",
                                 "mockxBybitSecret0000000000000000001"};
  Timestamp door_time = timestamp_from_ms(1'700'000'000'123);

  int status = 0;
  std::string answer{};
  AccountId account{};

  bool admitted() {
    std::vector<net::Header> views;
    for (const auto& [name, value] : headers)
      views.push_back({name, value});
    gateway::Request request{.method = method,
                             .target = target,
                             .path = {},
                             .query = {},
                             .headers = views,
                             .body = body,
                             .arrived = {}};
    net::split_target(request);
    const engine::Engine engine;
    gateway::Response response;
    JsonObject json;
    std::vector<CommandBody> commands;
    gateway::Call call{.request = request,
                       .view = engine,
                       .response = response,
                       .account = {},
                       .account_name = {},
                       .now = {},
                       .door_time = door_time,
                       .json = json,
                       .commands = commands,
                       .box_key = 1};
    const auto find = [&](std::string_view key) -> const gateway::Credential* {
      return key == credential.key ? &credential : nullptr;
    };
    const bool admitted = authenticate(call, find, account);
    status = response.status;
    answer = response.body;
    return admitted;
  }
  std::string code() { return admitted() ? "admitted" : at(answer, "retCode"); }

  std::string& header(std::string_view name) {
    const auto found = std::ranges::find(headers, name, [](auto& h) { return h.first; });
    if (found != headers.end()) return found->second;
    return headers.emplace_back(name, "").second;
  }
  void drop(std::string_view name) {
    std::erase_if(headers, [&](const auto& header) { return header.first == name; });
  }
  void sign_again() {
    const std::size_t mark = std::min(target.find('?'), target.size());
    const std::string query = mark < target.size() ? target.substr(mark + 1) : "";
    const auto value = [&](std::string_view name) {
      const auto found = std::ranges::find(headers, name, [](auto& h) { return h.first; });
      return found == headers.end() ? std::string() : found->second;
    };
    const std::string timestamp = value("X-BAPI-TIMESTAMP");
    const std::string key = value("X-BAPI-API-KEY");
    const std::string window = value("X-BAPI-RECV-WINDOW");
    header("X-BAPI-SIGN") = sign(credential.secret, {timestamp, key, window,
                                                     method == gateway::Method::get ? query : body})
                                .view();
  }
};

Knock knock(const Captured& captured) {
  return {.method = captured.method,
          .target = captured.target,
          .body = captured.body,
          .headers = captured.headers};
}

Knock order_request() {
  for (const Captured& captured : captured_requests()) {
    if (captured.target == "/v5/order/create") return knock(captured);
  }
  return {};
}

TEST(Signing, AgreesWithEveryCapturedRequest) {
  int signed_requests = 0;
  int rsa_requests = 0;
  for (const Captured& captured : captured_requests()) {
    Knock request = knock(captured);
    if (captured.headers.empty()) continue;  // public
    ++signed_requests;
    request.credential.secret = captured.secret;
    const std::string expected = request.header("X-BAPI-SIGN");
    if (captured.secret.starts_with("-----BEGIN PUBLIC KEY")) {
      ++rsa_requests;
    } else {
      request.sign_again();
      EXPECT_EQ(request.header("X-BAPI-SIGN"), expected) << captured.call;
    }
    request.door_time = timestamp_from_ms(captured.clock_ms);
    EXPECT_TRUE(request.admitted()) << captured.call << request.answer;
    EXPECT_EQ(request.account, AccountId{7});
  }
  EXPECT_GT(signed_requests, 50);
  EXPECT_EQ(rsa_requests, 2);
}

TEST(Signing, VerifiesRsaSignatures) {
  for (const Captured& captured : captured_requests()) {
    if (!captured.secret.starts_with("-----BEGIN PUBLIC KEY")) continue;
    Knock request = knock(captured);
    request.credential.secret = captured.secret;
    EXPECT_EQ(request.code(), "admitted");
    request.header("X-BAPI-RECV-WINDOW") = "5001";
    EXPECT_EQ(request.code(), "10004") << "what was signed is not what came";
    request.header("X-BAPI-RECV-WINDOW") = "5000";
    request.header("X-BAPI-SIGN") = std::string(64, 'a');
    EXPECT_EQ(request.code(), "10004");
  }
}

TEST(Signing, NamesTheOriginOfAWrongSignature) {
  Knock request = order_request();
  request.header("X-BAPI-SIGN")[0] ^= 1;
  EXPECT_EQ(request.code(), "10004");
  EXPECT_EQ(request.status, 200);
  EXPECT_EQ(at(request.answer, "retMsg"),
            "error sign! origin_string[1700000000123mockxBybitKey0000015000" + request.body + "]");
  request.header("X-BAPI-SIGN") = "short";
  EXPECT_EQ(request.code(), "10004");
  request = order_request();
  request.body.back() = '\xff';  // not UTF-8; the answer is JSON all the same
  EXPECT_EQ(request.code(), "10004");
}

TEST(Signing, RequiresItsHeadersOnce) {
  for (const char* name : {"X-BAPI-API-KEY", "X-BAPI-TIMESTAMP", "X-BAPI-SIGN"}) {
    Knock request = order_request();
    request.drop(name);
    EXPECT_EQ(request.code(), "10001") << name;
    EXPECT_EQ(request.status, 401);
    EXPECT_NE(request.answer.find("openapi sign params error!"), std::string::npos);
  }
  Knock unsigned_request = order_request();
  unsigned_request.headers.clear();
  EXPECT_EQ(unsigned_request.code(), "10001");
  EXPECT_EQ(at(unsigned_request.answer, "retMsg"),
            "empty value: apiTimestamp[] apiKey[] apiSignature[]: openapi sign params error!");
  for (const char* name :
       {"X-BAPI-API-KEY", "X-BAPI-TIMESTAMP", "X-BAPI-SIGN", "X-BAPI-RECV-WINDOW"}) {
    Knock request = order_request();
    request.headers.emplace_back(name, request.header(name));
    EXPECT_EQ(request.code(), "10001") << name;
  }
}

TEST(Signing, RefusesUnknownKeys) {
  Knock request = order_request();
  request.header("X-BAPI-API-KEY") = "nobodyHasThisKey00";
  EXPECT_EQ(request.code(), "10003");
  EXPECT_EQ(request.status, 401);
  EXPECT_EQ(at(request.answer, "retMsg"), "API key is invalid.");
}

TEST(Signing, AcceptsOnlyFreshRequests) {
  // server - recv_window <= timestamp < server + 1000
  for (const auto& [sent, expected] : {std::pair{-5'001, "10002"},
                                       {-5'000, "admitted"},
                                       {0, "admitted"},
                                       {999, "admitted"},
                                       {1'000, "10002"}}) {
    Knock request = order_request();
    request.header("X-BAPI-TIMESTAMP") = std::to_string(request.door_time.ms() + sent);
    request.sign_again();
    EXPECT_EQ(request.code(), expected) << sent;
    if (expected == std::string_view("admitted")) continue;
    EXPECT_EQ(at(request.answer, "retMsg"),
              fmt::format("invalid request, please check your server timestamp or recv_window "
                          "param. req_timestamp[{}],server_timestamp[{}],recv_window[5000]",
                          request.door_time.ms() + sent, request.door_time.ms()));
    EXPECT_EQ(request.status, 200);
  }
}

TEST(Signing, TakesTheClientsWindow) {
  Knock request = order_request();
  request.header("X-BAPI-TIMESTAMP") = std::to_string(request.door_time.ms() - 20'000);
  request.header("X-BAPI-RECV-WINDOW") = "20000";
  request.sign_again();
  EXPECT_EQ(request.code(), "admitted");
  request.header("X-BAPI-TIMESTAMP") = std::to_string(request.door_time.ms() - 5'000);
  request.drop("X-BAPI-RECV-WINDOW");  // 5000 by default, and not part of what is signed
  request.sign_again();
  EXPECT_EQ(request.code(), "admitted");
  for (const char* window : {"-1", "5 s", "1e9", "99999999999999999999"}) {
    request.header("X-BAPI-RECV-WINDOW") = window;
    request.sign_again();
    EXPECT_EQ(request.code(), "10001") << window;
  }
  request.header("X-BAPI-RECV-WINDOW") = "5000";
  for (const char* timestamp : {"now", "1700000000123.0", "-1", "99999999999999999999"}) {
    request.header("X-BAPI-TIMESTAMP") = timestamp;
    request.sign_again();
    EXPECT_EQ(request.code(), "10001") << timestamp;
  }
}

TEST(Signing, RefusesBodiesOfGets) {
  Knock request = order_request();
  request.method = gateway::Method::get;
  request.body = "{}";
  EXPECT_FALSE(request.admitted());
  EXPECT_EQ(request.status, 403);
}

TEST(Credentials, AreFunctionsOfTheName) {
  const gateway::Credential alice = demo_credential("alice");
  EXPECT_EQ(alice.key.size(), 18u);
  EXPECT_EQ(alice.secret.size(), 36u);
  EXPECT_TRUE(std::ranges::all_of(alice.key + alice.secret,
                                  [](unsigned char c) { return std::isalnum(c) != 0; }));
  EXPECT_EQ(demo_credential("alice").secret, alice.secret);
  EXPECT_NE(demo_credential("bob").key, alice.key);
  EXPECT_NE(demo_credential("bob").secret, alice.secret);
  const auto fields = credential_fields(alice);
  ASSERT_EQ(fields.size(), 2u);
  EXPECT_EQ(fields[0], std::pair(std::string("apiKey"), alice.key));
  EXPECT_EQ(fields[1], std::pair(std::string("secret"), alice.secret));
}

TEST(Credentials, CanBeGiven) {
  JsonObject given;
  ASSERT_TRUE(given.parse(R"({"apiKey":"mine"})"));
  const auto credential = credential_from("alice", given);
  ASSERT_TRUE(credential);
  EXPECT_EQ(credential->key, "mine");
  EXPECT_EQ(credential->secret, demo_credential("alice").secret);
}

TEST(Credentials, MayBeAPublicKey) {
  std::string pem;
  for (const Captured& captured : captured_requests()) {
    if (captured.secret.starts_with("-----BEGIN PUBLIC KEY")) pem = captured.secret;
  }
  const auto read = [](std::string_view fields_json) {
    JsonObject fields;
    EXPECT_TRUE(fields.parse(fields_json));
    return credential_from("alice", fields);
  };
  std::string json;
  JsonWriter(json).open().text("rsaPublicKey", pem).close();
  const auto credential = read(json);
  ASSERT_TRUE(credential) << credential.error().text();
  EXPECT_EQ(credential->secret, pem);
  EXPECT_EQ(credential_fields(*credential)[1], std::pair(std::string("rsaPublicKey"), pem));
  const auto wrong = read(R"({"rsaPublicKey":"-----BEGIN PUBLIC KEY-----"})");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().text().find("2048 bits"), std::string::npos);
  json.clear();
  JsonWriter(json).open().text("secret", pem).close();
  EXPECT_FALSE(read(json)) << "it would be taken for a secret that everybody knows";
}

}  // namespace
}  // namespace venuebox::venues::bybit
