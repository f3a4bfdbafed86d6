// The hashes, and the text that goes into them, against the published vectors.
#include <gtest/gtest.h>

#include "crypto/starknet/pedersen.h"
#include "crypto/starknet/poseidon.h"
#include "crypto/starknet/test_vectors.h"
#include "crypto/starknet/text.h"

namespace venuebox::crypto::starknet {
namespace {

TEST(Pedersen, PublishedVectors) {
  for (const Json& v : vectors()["pedersen"])
    EXPECT_EQ(pedersen(felt_of(v["a"]), felt_of(v["b"])), felt_of(v["hash"])) << v;
}

TEST(Pedersen, PublishedChains) {
  for (const Json& v : vectors()["pedersen_hash_on_elements"])
    EXPECT_EQ(pedersen_of_many(felts_of(v["elements"])), felt_of(v["hash"])) << v;
  const Json& subkey = vectors()["paradex_subkey_registration"];
  EXPECT_EQ(pedersen_of_many(felts_of(subkey["elements"])), felt_of(subkey["hash"]));
}

TEST(Pedersen, ACopiedChainGoesOnByItself) {
  const PedersenChain prefix = PedersenChain().add(Felt(1)).add(Felt(2));
  const Felt elements[]{Felt(1), Felt(2), Felt(3)};
  EXPECT_EQ(PedersenChain(prefix).add(Felt(3)).hash(), pedersen_of_many(elements));
  EXPECT_EQ(prefix.hash(), pedersen_of_many(std::span(elements).first(2)));
}

TEST(Poseidon, PublishedPermutations) {
  for (const Json& v : vectors()["poseidon_permutation"]) {
    const std::vector<Felt> in = felts_of(v["in"]);
    const PoseidonState out = poseidon_permutation({in[0], in[1], in[2]});
    EXPECT_EQ(std::vector<Felt>(out.begin(), out.end()), felts_of(v["out"])) << v;
  }
}

TEST(Poseidon, PublishedHashes) {
  for (const Json& v : vectors()["poseidon_hash1"])
    EXPECT_EQ(poseidon(felt_of(v["a"])), felt_of(v["hash"])) << v;
  for (const Json& v : vectors()["poseidon_hash2"])
    EXPECT_EQ(poseidon(felt_of(v["a"]), felt_of(v["b"])), felt_of(v["hash"])) << v;
  for (const Json& v : vectors()["poseidon_hash_many"])
    EXPECT_EQ(poseidon_of_many(felts_of(v["elements"])), felt_of(v["hash"])) << v;
}

TEST(Poseidon, PublishedRoundConstants) {
  const Json& published = vectors()["poseidon_round_constants"];
  std::vector<Felt> constants;
  Felt sum;
  for (int i = 0; i < kPoseidonConstants; ++i) {
    constants.push_back(poseidon_constant(i));
    sum = sum + constants.back();
  }
  const std::vector<Felt> first = felts_of(published["first"]);
  const std::vector<Felt> last = felts_of(published["last"]);
  EXPECT_TRUE(std::ranges::equal(std::span(constants).first(first.size()), first));
  EXPECT_TRUE(std::ranges::equal(std::span(constants).last(last.size()), last));
  EXPECT_EQ(sum, felt_of(published["sum_mod_p"]));
  EXPECT_EQ(std::size(constants), std::size_t(published["count"].get_int64().value()));
}

TEST(Text, PublishedSelectors) {
  for (const Json& v : vectors()["starknet_keccak"])
    EXPECT_EQ(selector(text_of(v["string"])), felt_of(v["selector"])) << v;
  for (const Json& v : vectors()["extended_type_selectors"])
    EXPECT_EQ(selector(text_of(v["string"])), felt_of(v["selector"])) << v;
}

TEST(Text, PublishedShortStrings) {
  for (const Json& v : vectors()["short_strings"])
    EXPECT_EQ(short_string(text_of(v["string"])).value(), felt_of(v["felt"])) << v;
  EXPECT_EQ(short_string("").value(), Felt());
  EXPECT_EQ(short_string("StarkNet Message").value(), short_felt("StarkNet Message"));
  EXPECT_TRUE(short_string(std::string(31, 'x')));
  EXPECT_FALSE(short_string(std::string(32, 'x')));
}

TEST(Text, JsonTextIsANumberOrAShortString) {
  EXPECT_EQ(felt_from_json_text("").value(), Felt());
  EXPECT_EQ(felt_from_json_text("17").value(), Felt(17));
  EXPECT_EQ(felt_from_json_text("0x11").value(), Felt(17));
  EXPECT_EQ(felt_from_json_text("0x").value(), short_felt("0x"));
  EXPECT_EQ(felt_from_json_text("-1").value(), short_felt("-1"));
  EXPECT_EQ(felt_from_json_text("LIMIT").value(), short_felt("LIMIT"));
  EXPECT_FALSE(felt_from_json_text("0x" + std::string(63, 'f')));  // beyond p
}

TEST(Text, ByteArrayOfAPublishedPayload) {
  const Json& v = vectors()["paradex_fullnode_payload_hash"];
  const std::vector<Felt> felts = byte_array(text_of(v["payload"]));
  EXPECT_EQ(felts, felts_of(v["felts"]));
  EXPECT_EQ(poseidon_of_many(felts), felt_of(v["hash"]));
}

}  // namespace
}  // namespace venuebox::crypto::starknet
