#include "crypto/starknet/message.h"

#include <gtest/gtest.h>

#include "crypto/starknet/ecdsa.h"
#include "crypto/starknet/test_vectors.h"

namespace venuebox::crypto::starknet {
namespace {

TEST(Message, PartsGiveTheSameHashes) {
  for (const Json& v : vectors()["paradex_typed_data"]) {
    if (text_of(v["primary_type"]) != "Order") continue;
    const Felt domain = revision0::domain_hash(
        short_felt("Paradex"), short_string(text_of(v["chain_id"])).value(), Felt(1));
    EXPECT_EQ(domain, felt_of(v["domain_hash"]));
    const PedersenChain order = revision0::begun(
        "Order(timestamp:felt,market:felt,side:felt,orderType:felt,size:felt,price:felt)");
    const std::vector<Felt> e = felts_of(v["encoded_elements"]);
    const Felt struct_hash = revision0::struct_hash(order, {e[1], e[2], e[3], e[4], e[5], e[6]});
    EXPECT_EQ(struct_hash, felt_of(v["struct_hash"]));
    const PedersenChain begun = revision0::message_begun(domain, felt_of(v["account"]));
    EXPECT_EQ(revision0::message_hash(begun, struct_hash), felt_of(v["message_hash"]));
  }
}

Felt extended_selector(std::string_view name) {
  for (const Json& v : vectors()["extended_type_selectors"]) {
    if (text_of(v["name"]) == name) return selector(text_of(v["string"]));
  }
  ADD_FAILURE() << "no type " << name;
  return {};
}

Felt extended_domain(const Json& chain_id) {
  return revision1::domain_hash(short_felt("Perpetuals"), short_felt("v0"),
                                short_string(text_of(chain_id)).value());
}

// A number that may be negative: then p and the number.
Felt amount_of(const Json& json) {
  const std::string text = text_of(json);
  if (text.front() != '-') return felt_of(json);
  return Felt() - felt_from_text(text.substr(1)).value();
}

TEST(Message, PublishedDomainsOfExtended) {
  int seen = 0;
  for (const Json& v : vectors()["extended_domain_hash"]) {
    if (v["revision"].error() != simdjson::SUCCESS) continue;  // the one that is marked as wrong
    EXPECT_EQ(extended_domain(v["chainId"]), felt_of(v["hash"]));
    ++seen;
  }
  EXPECT_EQ(seen, 2);
}

TEST(Message, PublishedOrdersOfExtended) {
  for (const Json& v : vectors()["extended_orders"]) {
    SCOPED_TRACE(simdjson::to_string(v));
    const Json& o = v["order"];
    const Felt base = amount_of(o["base_amount"]);
    const Felt quote = amount_of(o["quote_amount"]);
    EXPECT_EQ((std::vector{base, quote}), felts_of(v["elements_mod_p"]));
    const Felt order = revision1::struct_hash(
        extended_selector("Order"),
        {felt_of(o["position_id"]), felt_of(o["base_asset_id"]), base, felt_of(o["quote_asset_id"]),
         quote, felt_of(o["fee_asset_id"]), felt_of(o["fee_amount"]), felt_of(o["expiration"]),
         felt_of(o["salt"])});
    EXPECT_EQ(order, felt_of(v["struct_hash"]));
    const Felt public_key = felt_of(v["public_key"]);
    const Felt hash = revision1::message_hash(extended_domain(v["chain_id"]), public_key, order);
    EXPECT_EQ(hash, felt_of(v["message_hash"]));
    if (v["signature"].error() != simdjson::SUCCESS) continue;
    const Signature signature{number_of(v["signature"]["r"]), number_of(v["signature"]["s"])};
    EXPECT_EQ(PrivateKey::from_number(number_of(v["private_key"]))->sign(hash).value(), signature);
    EXPECT_TRUE(PublicKey::from_x(public_key)->verifies(hash, signature));
  }
}

TEST(Message, PublishedTransfersAndWithdrawalsOfExtended) {
  const Json& t = vectors()["extended_transfer"];
  const Json& tf = t["fields"];
  const Felt transfer = revision1::struct_hash(
      extended_selector("TransferArgs"),
      {felt_of(tf["recipient"]), felt_of(tf["position_id_sender"]), felt_of(tf["collateral_id"]),
       felt_of(tf["amount"]), felt_of(tf["expiration"]), felt_of(tf["salt"])});
  EXPECT_EQ(
      revision1::message_hash(extended_domain(t["chain_id"]), felt_of(t["public_key"]), transfer),
      felt_of(t["message_hash"]));
  const Json& w = vectors()["extended_withdraw"];
  const Json& wf = w["fields"];
  const Felt withdrawal = revision1::struct_hash(
      extended_selector("WithdrawArgs"),
      {felt_of(wf["recipient"]), felt_of(wf["position_id"]), felt_of(wf["collateral_id"]),
       felt_of(wf["amount"]), felt_of(wf["expiration"]), felt_of(wf["salt"])});
  EXPECT_EQ(
      revision1::message_hash(extended_domain(w["chain_id"]), felt_of(w["public_key"]), withdrawal),
      felt_of(w["message_hash"]));
}

}  // namespace
}  // namespace venuebox::crypto::starknet
