#include "crypto/starknet/typed_data.h"

#include <gtest/gtest.h>

#include "crypto/starknet/ecdsa.h"
#include "crypto/starknet/message.h"
#include "crypto/starknet/test_vectors.h"

namespace venuebox::crypto::starknet {
namespace {

// Typed data as ccxt hands it over, for a vector of paradex_typed_data.
std::string paradex_json(const Json& v) {
  constexpr std::string_view kTypes = R"(
    "StarkNetDomain": [{"name": "name", "type": "felt"}, {"name": "chainId", "type": "felt"},
                       {"name": "version", "type": "felt"}],
    "Constant": [{"name": "action", "type": "felt"}],
    "Request": [{"name": "method", "type": "felt"}, {"name": "path", "type": "felt"},
                {"name": "body", "type": "felt"}, {"name": "timestamp", "type": "felt"},
                {"name": "expiration", "type": "felt"}],
    "Order": [{"name": "timestamp", "type": "felt"}, {"name": "market", "type": "felt"},
              {"name": "side", "type": "felt"}, {"name": "orderType", "type": "felt"},
              {"name": "size", "type": "felt"}, {"name": "price", "type": "felt"}],
    "ModifyOrder": [{"name": "timestamp", "type": "felt"}, {"name": "market", "type": "felt"},
                    {"name": "side", "type": "felt"}, {"name": "orderType", "type": "felt"},
                    {"name": "size", "type": "felt"}, {"name": "price", "type": "felt"},
                    {"name": "id", "type": "felt"}])";
  return fmt::format(
      R"({{"types": {{{}}}, "primaryType": "{}", "domain": {{"name": "Paradex", "chainId": "{}", )"
      R"("version": 1}}, "message": {}}})",
      kTypes, text_of(v["primary_type"]), text_of(v["chain_id"]),
      simdjson::to_string(v["message"]));
}

TEST(TypedData, PublishedMessagesOfParadex) {
  const PrivateKey key =
      PrivateKey::from_number(number_of(vectors()["paradex_account_derivation"]["l2_private_key"]))
          .value();
  int seen = 0;
  for (const Json& v : vectors()["paradex_typed_data"]) {
    SCOPED_TRACE(simdjson::to_string(v));
    const TypedData data = TypedData::parse(paradex_json(v)).value();
    EXPECT_EQ(data.revision(), 0);
    EXPECT_EQ(data.elements().value(), felts_of(v["encoded_elements"]));
    EXPECT_EQ(data.struct_hash().value(), felt_of(v["struct_hash"]));
    EXPECT_EQ(data.domain_hash().value(), felt_of(v["domain_hash"]));
    const Felt hash = data.message_hash(felt_of(v["account"])).value();
    EXPECT_EQ(hash, felt_of(v["message_hash"]));
    const Signature signature{number_of(v["signature"]["r"]), number_of(v["signature"]["s"])};
    EXPECT_TRUE(PublicKey::from_x(felt_of(v["public_key"]))->verifies(hash, signature));
    EXPECT_EQ(key.public_key(), felt_of(v["public_key"]));
    EXPECT_EQ(key.sign(hash).value(), signature);
    EXPECT_EQ(text_of(v["signature_header"]),
              fmt::format(R"(["{}","{}"])", decimal_of(signature.r), decimal_of(signature.s)));
    ++seen;
  }
  EXPECT_EQ(seen, 9);
}

constexpr std::string_view kBad[] = {
    "",
    "[]",
    "{}",
    R"({"types":{},"primaryType":"A","domain":{},"message":{}})",
    R"({"types":{"StarkNetDomain":[],"StarknetDomain":[],"A":[]},"primaryType":"A","domain":{},"message":{}})",
    R"({"types":{"StarkNetDomain":3},"primaryType":"A","domain":{},"message":{}})",
    R"({"types":{"StarkNetDomain":[{"name":"x"}]},"primaryType":"A","domain":{},"message":{}})",
    R"({"types":{"StarkNetDomain":[]},"primaryType":7,"domain":{},"message":{}})",
    R"({"types":{"StarkNetDomain":[]},"primaryType":"A","domain":[],"message":{}})",
};
TEST(TypedData, RefusesWhatIsNotTypedData) {
  for (const std::string_view json : kBad)
    EXPECT_FALSE(TypedData::parse(json)) << json;
}

// With one field of that type and value, in that revision.
Result<Felt> hash_of_field(int revision, std::string_view type, std::string_view value) {
  const std::string_view domain = revision == 0 ? "StarkNetDomain" : "StarknetDomain";
  const auto data = TypedData::parse(fmt::format(
      R"({{"types":{{"{}":[],"A":[{{"name":"f","type":"{}"}}],"B":[{{"name":"b","type":"felt"}}]}},)"
      R"("primaryType":"A","domain":{{}},"message":{{"f":{}}}}})",
      domain, type, value));
  if (!data) return data.error();
  const auto elements = data->elements();
  if (!elements) return elements.error();
  return (*elements)[1];
}

TEST(TypedData, FieldsOfRevision0) {
  EXPECT_EQ(hash_of_field(0, "felt", R"("LIMIT")").value(), short_felt("LIMIT"));
  EXPECT_EQ(hash_of_field(0, "felt", "5").value(), Felt(5));
  EXPECT_EQ(hash_of_field(0, "bool", "true").value(), Felt(1));
  EXPECT_EQ(hash_of_field(0, "selector", R"("transfer")").value(), selector("transfer"));
  const Felt two[]{Felt(1), Felt(2)};
  EXPECT_EQ(hash_of_field(0, "felt*", R"([1,"2"])").value(), pedersen_of_many(two));
  EXPECT_EQ(hash_of_field(0, "B", R"({"b":7})").value(),
            revision0::struct_hash(revision0::begun("B(b:felt)"), {Felt(7)}));
}

TEST(TypedData, FieldsOfRevision1) {
  EXPECT_EQ(hash_of_field(1, "i128", "-3").value(), Felt() - Felt(3));
  EXPECT_EQ(hash_of_field(1, "u128", R"("0x10")").value(), Felt(16));
  EXPECT_EQ(hash_of_field(1, "string", R"("abc")").value(), poseidon_of_many(byte_array("abc")));
  const Felt two[]{Felt(1), Felt(2)};
  EXPECT_EQ(hash_of_field(1, "felt*", "[1,2]").value(), poseidon_of_many(two));
  EXPECT_EQ(hash_of_field(1, "u256", R"({"low":1,"high":2})").value(),
            revision1::struct_hash(selector(R"("u256"("low":"u128","high":"u128"))"),
                                   {Felt(1), Felt(2)}));
}

TEST(TypedData, RefusesValuesThatDoNotFitTheirType) {
  struct Case {
    int revision;
    std::string_view type, value;
  };
  for (const auto& [revision, type, value] :
       {Case{0, "felt", "null"}, Case{0, "felt", "1.5"}, Case{0, "felt", "{}"},
        Case{0, "felt", R"("more than thirty-one characters ...")"}, Case{0, "felt*", "1"},
        Case{0, "B", "1"}, Case{0, "B", "{}"}, Case{1, "u128", "-1"},
        Case{1, "u128", R"("0x100000000000000000000000000000000")"},
        Case{1, "i128", R"("170141183460469231731687303715884105728")"}, Case{1, "bool", "1"},
        Case{1, "felt", "true"}, Case{1, "string", "1"}, Case{1, "enum", "1"}, Case{1, "C", "{}"},
        Case{1, "ContractAddress",
             R"("0x800000000000000000000000000000000000000000000000000000000000000")"}})
    EXPECT_FALSE(hash_of_field(revision, type, value)) << revision << " " << type << " " << value;
}

TEST(TypedData, TheErrorNamesTheField) {
  EXPECT_EQ(hash_of_field(0, "B", R"({"b":null})").error().where, "f.b");
}

}  // namespace
}  // namespace venuebox::crypto::starknet
