// Reads golden/vectors.json for the tests. The file was made on 2025-11-21 with the libraries that
// stand at its head, each checked against the others; its keys are dummies.
#pragma once

#include <string>

#include <simdjson.h>

#include "crypto/starknet/felt.h"

namespace venuebox::crypto::starknet {

using Json = simdjson::dom::element;

inline const Json& vectors() {
  static simdjson::dom::parser parser;
  static const Json root =
      parser.load(VENUEBOX_SOURCE_DIR "/src/crypto/starknet/golden/vectors.json").value();
  return root;
}

inline std::string text_of(const Json& json) {
  return json.is_string() ? std::string(json.get_string().value())
                          : std::to_string(json.get_int64().value());
}
inline Uint256 number_of(const Json& json) { return uint256_from_text(text_of(json)).value(); }
inline Felt felt_of(const Json& json) { return felt_from_text(text_of(json)).value(); }
inline std::vector<Felt> felts_of(const Json& json) {
  std::vector<Felt> felts;
  for (const Json& one : json.get_array())
    felts.push_back(felt_of(one));
  return felts;
}

// What GoogleTest prints of a failed comparison.
inline void PrintTo(const Felt& felt, std::ostream* out) { *out << hex_of(felt); }
inline void PrintTo(const Uint256& number, std::ostream* out) { *out << hex_of(number); }

}  // namespace venuebox::crypto::starknet
