// What clients send to be verified: each input is, by its first byte, typed data in JSON, or a
// public key, a hash and a signature of 32 bytes each. Nothing may crash, what is typed data hashes
// equally twice, and a signature that verifies has a twin that does, and a neighbour that does not.
// Built by clang with libFuzzer (preset `fuzz`), and by any compiler as a test that runs the
// corpus.
#include <string_view>

#include "../pieces.h"
#include "crypto/starknet/ecdsa.h"
#include "crypto/starknet/typed_data.h"

namespace {
using namespace venuebox::crypto::starknet;

void read_typed_data(std::string_view json) {
  const auto data = TypedData::parse(json);
  if (!data) return;
  const Felt account(7);
  const auto hash = data->message_hash(account);
  const auto again = TypedData::parse(json)->message_hash(account);
  require(static_cast<bool>(hash) == static_cast<bool>(again), "hashed only once");
  if (hash) require(*hash == *again, "another hash the second time");
}

void verify(std::string_view bytes) {
  if (bytes.size() < 4 * 32) return;
  const auto number = [&](std::size_t i) { return uint256_from_bytes(bytes.substr(32 * i, 32)); };
  const auto x = Felt::below_p(number(0));
  const auto hash = Felt::below_p(number(1));
  if (!x || !hash) return;
  const auto key = PublicKey::from_x(*x);
  if (!key) return;
  const Signature signature{number(2), number(3)};
  if (!key->verifies(*hash, signature)) return;
  std::uint64_t over = 0;
  const Signature twin{signature.r, subtract_with_borrow(kN, signature.s, over)};
  require(key->verifies(*hash, twin), "(r, n - s) does not verify");
  require(!key->verifies(*hash + Felt(1), signature), "the next hash verifies as well");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  data[0] == 's' ? verify(rest) : read_typed_data(rest);
  return 0;
}
