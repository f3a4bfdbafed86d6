// What is signed of orders and requests, against published vectors and real clients' signatures.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "crypto/starknet/test_vectors.h"
#include "venues/paradex/keys.h"
#include "venues/paradex/request_signature.h"
#include "venues/paradex/signature_text.h"
#include "venues/paradex/test_signed_requests.h"

namespace venuebox::venues::paradex {

std::vector<SignedRequest> signed_requests() {
  const std::ifstream file(VENUEBOX_SOURCE_DIR "/src/venues/paradex/golden/signed_requests.json");
  std::stringstream text;
  text << file.rdbuf();
  JsonObject root;
  VENUEBOX_ASSERT(root.parse(text.str()));
  std::deque<std::string> storage;
  std::vector<SignedRequest> requests;
  const auto rows = json_list(root.find("requests")->text, storage).value();
  for (const JsonValue& row : rows) {
    JsonObject json;
    JsonObject headers;
    VENUEBOX_ASSERT(json.parse(row.text));
    VENUEBOX_ASSERT(headers.parse(json.find("headers")->text));
    const auto text_of = [&](std::string_view name) { return std::string(json.find(name)->text); };
    SignedRequest& request = requests.emplace_back();
    request.call = text_of("call");
    request.clock_ms = *gateway::integer_from_text(text_of("clock_ms"));
    request.method = text_of("method") == "PUT" ? net::Method::put : net::Method::post;
    request.target = text_of("path_and_query");
    if (json.find("body")->kind == JsonKind::text) request.body = text_of("body");
    for (const JsonObject::Member& header : headers.members())
      request.headers.emplace_back(header.key, header.value.text);
  }
  return requests;
}

SignedRequest signed_request(std::string_view call) {
  for (SignedRequest& request : signed_requests()) {
    if (request.call == call) return request;
  }
  ADD_FAILURE() << call << " is not in the file";
  return {};
}

OrderInBody order_of(const JsonObject& json) {
  gateway::Body body(json);
  return {{.timestamp_ms = *gateway::integer_from_text(body.number("signature_timestamp")),
           .market = body.text("market"),
           .side = body.text("side") == "BUY" ? Side::buy : Side::sell,
           .type = body.text("type"),
           .size = body.text("size"),
           .price = body.text("price"),
           .id = body.text("id")},
          body.text("signature")};
}

namespace {
using crypto::starknet::Felt;
using crypto::starknet::felt_of;
using crypto::starknet::Json;
using crypto::starknet::PrivateKey;
using crypto::starknet::PublicKey;
using crypto::starknet::Signature;
using crypto::starknet::Uint256;

PublicKey golden_key() {
  return PublicKey::from_x(crypto::starknet::felt_from_text(kPublicKey).value()).value();
}
Signer golden_signer(Chain chain = Chain::testnet) {
  return Signer(chain, crypto::starknet::felt_from_text(kAddress).value());
}
PrivateKey golden_private_key() {
  return starknet_key(crypto::ethereum::PrivateKey::from_hex(kWallet).value(), Chain::testnet);
}

// A good order of ours; what a test breaks in it, it says.
constexpr SignedOrder kGood{.timestamp_ms = 1'750'000'000'000,
                            .market = "BTC-USD-PERP",
                            .side = Side::buy,
                            .type = "LIMIT",
                            .size = "0.05",
                            .price = "65000"};
std::string signature_of(const SignedOrder& order, MarketPrice price = MarketPrice::zero) {
  const Felt hash = order_hash(golden_signer(), order, price).value();
  return signature_text(golden_private_key().sign(hash).value());
}
// Empty, or where the error is.
std::string checked(const SignedOrder& order, std::string_view signature) {
  const auto result = is_signed(golden_key(), golden_signer(), order, signature);
  if (result) return "";
  return (result.error().kind == ErrorKind::not_allowed ? "wrong " : "unreadable ") +
         result.error().where;
}

TEST(Domain, PublishedHashes) {
  EXPECT_EQ(hex_of(domain_hash(Chain::testnet)),
            "0x38b9242cb46eb19ff458c80a8f0eda7e8e26d8d6d54a63d9b5ed89750e39ef2");
  EXPECT_EQ(hex_of(domain_hash(Chain::mainnet)),
            "0x6f74f207280b65cf663fb8d7763fac1e7398cd6d7da5d7681dc300ee4278a0a");
}

TEST(RequestSignature, PublishedMessages) {
  for (const Json& v : crypto::starknet::vectors()["paradex_typed_data"]) {
    const std::string type = crypto::starknet::text_of(v["primary_type"]);
    const Chain chain = crypto::starknet::text_of(v["chain_id"]) == chain_id(Chain::mainnet)
                            ? Chain::mainnet
                            : Chain::testnet;
    const Signer signer(chain, felt_of(v["account"]));
    if (type == "Constant") {
      EXPECT_EQ(onboarding_hash(signer), felt_of(v["message_hash"]));
    }
    if (type == "Request") {
      const auto second = [&](const char* name) { return v["message"][name].get_int64().value(); };
      EXPECT_EQ(auth_hash(signer, second("timestamp"), second("expiration")),
                felt_of(v["message_hash"]));
    }
  }
}

TEST(OrderSignature, PublishedElementsAndMessages) {
  int orders = 0;
  for (const Json& v : crypto::starknet::vectors()["paradex_typed_data"]) {
    const std::string type = crypto::starknet::text_of(v["primary_type"]);
    if (type != "Order" && type != "ModifyOrder") continue;
    const Json message = v["message"];
    const auto text = [&](const char* name) { return crypto::starknet::text_of(message[name]); };
    const auto decimal = [&](const char* name) {
      return trimmed_text(std::stoll(text(name)), kSignedDecimals);
    };
    const std::string market = text("market"), order_type = text("orderType");
    const std::string size = decimal("size"), price = decimal("price");
    const std::string id = type == "ModifyOrder" ? text("id") : "";
    const SignedOrder order{.timestamp_ms = std::stoll(text("timestamp")),
                            .market = market,
                            .side = text("side") == "1" ? Side::buy : Side::sell,
                            .type = order_type,
                            .size = size,
                            .price = price,
                            .id = id};
    auto expected = crypto::starknet::felts_of(v["encoded_elements"]);
    expected.erase(expected.begin());  // the type's
    EXPECT_EQ(order_elements(order).value(), expected);
    const Chain chain = crypto::starknet::text_of(v["chain_id"]) == chain_id(Chain::mainnet)
                            ? Chain::mainnet
                            : Chain::testnet;
    EXPECT_EQ(order_hash(Signer(chain, felt_of(v["account"])), order).value(),
              felt_of(v["message_hash"]));
    ++orders;
  }
  EXPECT_EQ(orders, 6);
}

TEST(OrderSignature, EveryOrderOfARealClientIsSigned) {
  int orders = 0;
  for (const SignedRequest& request : signed_requests()) {
    if (request.target.find("/orders") == std::string::npos) continue;
    std::deque<std::string> storage;
    std::vector<std::string> bodies{request.body};
    if (request.body.starts_with('[')) {
      bodies.clear();
      const auto entries = json_list(request.body, storage).value();
      for (const JsonValue& entry : entries)
        bodies.emplace_back(entry.text);
    }
    for (const std::string& text : bodies) {
      JsonObject json;
      ASSERT_TRUE(json.parse(text));
      const OrderInBody in_body = order_of(json);
      EXPECT_EQ(checked(in_body.order, in_body.signature), "") << text;
      // The client's library makes the very same signature: its nonce is RFC 6979's.
      EXPECT_EQ(signature_of(in_body.order), in_body.signature) << text;
      ++orders;
    }
  }
  EXPECT_EQ(orders, 16);
}

TEST(OrderSignature, IsOfEveryFieldAndOfTheAccountAndTheChain) {
  const std::string signature = signature_of(kGood);
  ASSERT_EQ(checked(kGood, signature), "");
  SignedOrder other = kGood;
  other.timestamp_ms += 1;
  EXPECT_EQ(checked(other, signature), "wrong signature");
  other = kGood, other.market = "ETH-USD-PERP";
  EXPECT_EQ(checked(other, signature), "wrong signature");
  other = kGood, other.side = Side::sell;
  EXPECT_EQ(checked(other, signature), "wrong signature");
  other = kGood, other.type = "STOP_LIMIT";
  EXPECT_EQ(checked(other, signature), "wrong signature");
  other = kGood, other.size = "0.050001";
  EXPECT_EQ(checked(other, signature), "wrong signature");
  other = kGood, other.price = "65000.1";
  EXPECT_EQ(checked(other, signature), "wrong signature");
  other = kGood, other.id = "1";
  EXPECT_EQ(checked(other, signature), "wrong signature");
  EXPECT_FALSE(is_signed(golden_key(), golden_signer(Chain::mainnet), kGood, signature));
  EXPECT_FALSE(is_signed(golden_key(), Signer(Chain::testnet, Felt(1)), kGood, signature));
  const PublicKey stranger =
      PublicKey::from_x(PrivateKey::from_number(Uint256(7))->public_key()).value();
  EXPECT_FALSE(is_signed(stranger, golden_signer(), kGood, signature));
}

TEST(OrderSignature, ASubkeySignsUnderTheMainKeysAddress) {
  const PrivateKey subkey = PrivateKey::from_number(Uint256(7)).value();
  const Felt hash = order_hash(golden_signer(), kGood).value();
  const PublicKey key = PublicKey::from_x(subkey.public_key()).value();
  EXPECT_TRUE(is_signed(key, golden_signer(), kGood, signature_text(subkey.sign(hash).value())));
}

TEST(OrderSignature, CutsOffWhatLiesBehindEightDecimals) {
  SignedOrder order = kGood;
  order.size = "0.123456789", order.price = "1.000000009";
  const auto elements = order_elements(order).value();
  EXPECT_EQ(elements[4], Felt(12'345'678));
  EXPECT_EQ(elements[5], Felt(100'000'000));
  order.size = "1e3", order.price = "0.00000001";
  EXPECT_EQ(order_elements(order).value()[4], Felt(100'000'000'000));
  EXPECT_EQ(order_elements(order).value()[5], Felt(1));
}

TEST(OrderSignature, APriceOfAMarketOrderIsZeroOrTheOneThatWasSent) {
  SignedOrder stop = kGood;
  stop.type = "STOP_MARKET";
  EXPECT_EQ(checked(stop, signature_of(stop)), "");
  EXPECT_EQ(checked(stop, signature_of(stop, MarketPrice::as_sent)), "");
  EXPECT_NE(signature_of(stop), signature_of(stop, MarketPrice::as_sent));
  const std::string with_price = signature_of(stop, MarketPrice::as_sent);
  stop.price = "";
  EXPECT_EQ(checked(stop, with_price), "wrong signature");
  SignedOrder plain = kGood;
  plain.type = "MARKET";
  EXPECT_EQ(checked(plain, signature_of(plain)), "");
  EXPECT_EQ(checked(plain, signature_of(plain, MarketPrice::as_sent)), "wrong signature");
}

TEST(OrderSignature, NamesAFieldThatCannotBeSigned) {
  const std::string signature = signature_of(kGood);
  const auto broken = [&](auto change) {
    SignedOrder order = kGood;
    change(order);
    return checked(order, signature);
  };
  const std::string long_text(32, 'A');
  const std::string long_digits(38, '9');
  const std::string not_a_felt(80, '9');
  EXPECT_EQ(broken([](auto& order) { order.timestamp_ms = -1; }), "unreadable signature_timestamp");
  EXPECT_EQ(broken([&](auto& order) { order.market = long_text; }), "unreadable market");
  EXPECT_EQ(broken([&](auto& order) { order.type = long_text; }), "unreadable type");
  EXPECT_EQ(broken([](auto& order) { order.size = "-1"; }), "unreadable size");
  EXPECT_EQ(broken([](auto& order) { order.size = ""; }), "unreadable size");
  EXPECT_EQ(broken([](auto& order) { order.price = "much"; }), "unreadable price");
  EXPECT_EQ(broken([&](auto& order) { order.price = long_digits; }), "unreadable price");
  EXPECT_EQ(broken([&](auto& order) { order.id = not_a_felt; }), "unreadable id");
}

TEST(OrderSignature, RefusesNumbersThatNoSignatureHas) {
  const Signature good = signature_from_text(signature_of(kGood)).value();
  const auto tried = [&](const Uint256& r, const Uint256& s) {
    return checked(kGood, signature_text({r, s}));
  };
  std::uint64_t over = 0;
  const Uint256 beyond_r(0, 0, 0, std::uint64_t{1} << 59);  // 2^251
  const Uint256 all(~0ull, ~0ull, ~0ull, ~0ull);
  ASSERT_EQ(tried(good.r, good.s), "");
  EXPECT_EQ(tried(good.s, good.r), "wrong signature");
  for (const Uint256& number : {Uint256(), Uint256(1), crypto::starknet::kN, beyond_r, all}) {
    EXPECT_EQ(tried(number, good.s), "wrong signature") << hex_of(number);
    EXPECT_EQ(tried(good.r, number), "wrong signature") << hex_of(number);
  }
  // Not another spelling of a good s: only n - s is, which has no sign of its own.
  const Uint256 s_and_n = add_with_carry(good.s, crypto::starknet::kN, over);
  EXPECT_EQ(tried(good.r, s_and_n), "wrong signature");
}

TEST(SignatureText, IsAListOfTwoNumbersInText) {
  const Signature expected{Uint256(10), Uint256(255)};
  EXPECT_EQ(signature_text(expected), R"(["10","255"])");
  EXPECT_EQ(signature_from_text(R"(["10","255"])").value(), expected);
  EXPECT_EQ(signature_from_text(R"([ "0xa", "0xff" ])").value(), expected);
  const std::string long_number(200, '9');
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string("10,255"), std::string(R"("10")"),
        std::string(R"(["10"])"), std::string(R"(["10","255","1"])"), std::string("[10,255]"),
        std::string(R"(["10",null])"), std::string(R"(["","255"])"), std::string(R"(["-1","255"])"),
        std::string(R"(["1e3","255"])"), std::string(R"(["10","255")"),
        std::string(R"({"r":"10","s":"255"})"), R"(["10",")" + long_number + R"("])",
        std::string(600, ' ') + R"(["10","255"])"}) {
    EXPECT_FALSE(signature_from_text(text)) << text;
  }
}

}  // namespace
}  // namespace venuebox::venues::paradex
