#include "crypto/starknet/typed_data_encoder.h"

#include <fmt/core.h>

#include "crypto/starknet/message.h"

namespace venuebox::crypto::starknet {
namespace {

constexpr int kDepthMax = 16;  // structs and lists inside each other
constexpr std::size_t kElementsMax = 4096;

Uint256 power_of_two(unsigned bit) {
  Uint256 power;
  power.limbs[bit / 64] = std::uint64_t{1} << (bit % 64);
  return power;
}

// A number below the end, or its opposite down to -end.
Result<Felt> signed_number(std::string_view text, const Uint256& end) {
  const bool is_negative = text.starts_with('-');
  const auto size = uint256_from_text(text.substr(is_negative));
  if (!size) return size.error();
  if (*size > end || (*size == end && !is_negative)) return invalid("", "out of the type's range");
  const Felt felt = Felt::modulo_p(*size);
  return is_negative ? Felt() - felt : felt;
}

Result<Felt> unsigned_number(std::string_view text, const Uint256& end) {
  const auto number = uint256_from_text(text);
  if (!number) return number.error();
  if (*number >= end) return invalid("", "out of the type's range");
  return Felt::modulo_p(*number);
}

Error at(std::string_view name, Error error) {
  const std::string_view separator = error.where.empty() ? "" : ".";
  error.where = fmt::format("{}{}{}", name, separator, error.where);
  return error;
}

}  // namespace

Result<std::vector<Felt>> TypedDataEncoder::elements(std::string_view type, std::string_view object,
                                                     int depth) {
  if (depth > kDepthMax) return invalid("", fmt::format("deeper than {} structs", kDepthMax));
  auto type_hash = type_hashes_.find(type);
  if (type_hash == type_hashes_.end()) {
    const auto text = data_.type_string(type);
    if (!text) return text.error();
    type_hash = type_hashes_.emplace(type, selector(*text)).first;
  }
  JsonObject members;
  if (const auto parsed = members.parse(object); !parsed) return parsed.error();
  std::vector<Felt> elements{type_hash->second};
  for (const TypedData::Field& field : data_.types_.find(type)->second) {
    const JsonValue* member = members.find(field.name);
    if (!member) return invalid(field.name, fmt::format("missing from a {}", type));
    const auto felt = value(field.type, *member, depth);
    if (!felt) return at(field.name, felt.error());
    elements.push_back(*felt);
  }
  return elements;
}

Felt TypedDataEncoder::hash(std::span<const Felt> elements) const {
  return data_.revision_ == 0 ? pedersen_of_many(elements) : poseidon_of_many(elements);
}

Result<Felt> TypedDataEncoder::value(const std::string& type, const JsonValue& json, int depth) {
  if (data_.types_.contains(type)) {
    if (json.kind != JsonKind::object) return invalid("", "not an object");
    const auto all = elements(type, json.text, depth + 1);
    if (!all) return all.error();
    return hash(*all);
  }
  if (type.ends_with('*')) return list(type.substr(0, type.size() - 1), json, depth + 1);
  return plain(type, json);
}

Result<Felt> TypedDataEncoder::list(const std::string& type, const JsonValue& json, int depth) {
  if (json.kind != JsonKind::list) return invalid("", "not a list");
  if (depth > kDepthMax) return invalid("", fmt::format("deeper than {} lists", kDepthMax));
  std::deque<std::string> storage;
  const auto values = json_list(json.text, storage);
  if (!values) return values.error();
  if (values->size() > kElementsMax)
    return invalid("", fmt::format("more than {} elements", kElementsMax));
  std::vector<Felt> felts;
  for (const JsonValue& element : *values) {
    const auto felt = value(type, element, depth);
    if (!felt) return at(fmt::format("{}", felts.size()), felt.error());
    felts.push_back(*felt);
  }
  return hash(felts);
}

// As starknet.js reads them; in revision 0 every other type is a felt.
Result<Felt> TypedDataEncoder::plain(const std::string& type, const JsonValue& json) const {
  const bool is_text = json.kind == JsonKind::text;
  if (json.kind == JsonKind::boolean && (type == "bool" || data_.revision_ == 0))
    return Felt(json.text == "true" ? 1 : 0);
  if (!is_text && json.kind != JsonKind::number)
    return invalid("", fmt::format("neither text nor number, for a {}", type));
  if (type == "selector")
    return is_text && !json.text.starts_with("0x") ? selector(json.text)
                                                   : felt_from_text(json.text);
  if (data_.revision_ == 0 || type == "felt" || type == "shortstring")
    return is_text ? felt_from_json_text(json.text) : felt_from_text(json.text);
  if (type == "string") {
    if (!is_text) return invalid("", "not a text");
    return hash(byte_array(json.text));
  }
  if (type == "u128" || type == "timestamp") return unsigned_number(json.text, power_of_two(128));
  if (type == "i128") return signed_number(json.text, power_of_two(127));
  if (type == "ContractAddress" || type == "ClassHash")
    return unsigned_number(json.text, power_of_two(251));
  return Error{ErrorKind::unsupported, "", fmt::format("type '{}' is not declared", type)};
}

}  // namespace venuebox::crypto::starknet
