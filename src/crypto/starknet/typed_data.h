// Typed data as clients hand it to a wallet: JSON with types, domain and message (SNIP-12, revision
// 0 and 1). For tools and for messages whose types are not known beforehand; untrusted input.
//
// Not built: enumerations and Merkle trees, which no venue signs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json_reader.h"
#include "crypto/starknet/felt.h"

namespace venuebox::crypto::starknet {

class TypedData {
 public:
  struct Field {
    std::string name;
    std::string type;
  };
  using Types = std::map<std::string, std::vector<Field>, std::less<>>;

  static Result<TypedData> parse(std::string_view json);

  int revision() const { return revision_; }
  const std::string& primary_type() const { return primary_type_; }
  // With the fields of all structs in it: what its selector is taken of.
  Result<std::string> type_string(std::string_view type) const;

  Result<Felt> domain_hash() const;
  Result<Felt> struct_hash() const;  // of the message
  // The felts that this is the hash of, the type's first.
  Result<std::vector<Felt>> elements() const;
  Result<Felt> message_hash(const Felt& account) const;

 private:
  friend class TypedDataEncoder;

  Types types_;
  int revision_ = 0;
  std::string primary_type_;
  std::string domain_type_;
  std::string domain_;  // JSON objects
  std::string message_;
};

}  // namespace venuebox::crypto::starknet
