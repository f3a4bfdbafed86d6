// Turns the values of typed data into felts. Inside crypto/starknet only; see typed_data.h.
#pragma once

#include "crypto/starknet/typed_data.h"

namespace venuebox::crypto::starknet {

class TypedDataEncoder {
 public:
  explicit TypedDataEncoder(const TypedData& data) : data_(data) {}

  // The type's hash, and a felt for each field of the object.
  Result<std::vector<Felt>> elements(std::string_view type, std::string_view object, int depth);
  // Pedersen's or Poseidon's, as the revision has it.
  Felt hash(std::span<const Felt> elements) const;

 private:
  Result<Felt> value(const std::string& type, const JsonValue& json, int depth);
  Result<Felt> list(const std::string& type, const JsonValue& json, int depth);
  Result<Felt> plain(const std::string& type, const JsonValue& json) const;

  const TypedData& data_;
  std::map<std::string, Felt, std::less<>> type_hashes_;  // of the types seen so far
};

}  // namespace venuebox::crypto::starknet
