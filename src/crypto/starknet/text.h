// How text becomes felts: selectors, which are hashes of names, and short strings, which are not.
#pragma once

#include <string_view>
#include <vector>

#include "crypto/starknet/felt.h"

namespace venuebox::crypto::starknet {

inline constexpr std::size_t kShortStringMax = 31;  // bytes

// Keccak-256 of the name, its lower 250 bits.
Felt selector(std::string_view name);

// The bytes as one big-endian number; the empty text is 0. Fails for more than 31 bytes.
Result<Felt> short_string(std::string_view text);
// Of a text that is known to be short.
consteval Felt short_felt(std::string_view text) {
  Uint256 value;
  for (const char c : text) {
    for (int i = 3; i > 0; --i)
      value.limbs[i] = value.limbs[i] << 8 | value.limbs[i - 1] >> 56;
    value.limbs[0] = value.limbs[0] << 8 | static_cast<unsigned char>(c);
  }
  return Felt::modulo_p(value);
}

// What a client's library makes of a JSON value in typed data of revision 0: a number, also one in
// text, decimal or with 0x, is itself; any other text is a short string.
Result<Felt> felt_from_json_text(std::string_view text);

// A text of any length as Cairo passes it: the number of full pieces of 31 bytes, the pieces, the
// rest and its length.
std::vector<Felt> byte_array(std::string_view text);

}  // namespace venuebox::crypto::starknet
