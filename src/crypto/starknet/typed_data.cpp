#include "crypto/starknet/typed_data.h"

#include <set>

#include <fmt/core.h>

#include "crypto/starknet/message.h"
#include "crypto/starknet/typed_data_encoder.h"

namespace venuebox::crypto::starknet {
namespace {

constexpr std::size_t kTypesMax = 64;
constexpr std::size_t kFieldsMax = 64;  // of one type

// Types of revision 1 that need no declaration.
const TypedData::Types& preset_types() {
  static const TypedData::Types kTypes{
      {"u256", {{"low", "u128"}, {"high", "u128"}}},
      {"TokenAmount", {{"token_address", "ContractAddress"}, {"amount", "u256"}}},
      {"NftId", {{"collection_address", "ContractAddress"}, {"token_id", "u256"}}},
  };
  return kTypes;
}

Result<std::string> text_member(const JsonObject& object, std::string_view key,
                                const std::string& where) {
  const JsonValue* value = object.find(key);
  if (!value || value->kind != JsonKind::text)
    return invalid(where + std::string(key), "missing, or not a text");
  return std::string(value->text);
}

Result<std::string> object_member(const JsonObject& object, std::string_view key) {
  const JsonValue* value = object.find(key);
  if (!value || value->kind != JsonKind::object)
    return invalid(std::string(key), "missing, or not an object");
  return std::string(value->text);
}

Result<std::vector<TypedData::Field>> fields_of(const JsonObject::Member& type) {
  const std::string where = fmt::format("types.{}", type.key);
  if (type.value.kind != JsonKind::list) return invalid(where, "not a list of fields");
  std::deque<std::string> storage;
  const auto list = json_list(type.value.text, storage);
  if (!list) return list.error();
  if (list->size() > kFieldsMax)
    return invalid(where, fmt::format("more than {} fields", kFieldsMax));
  std::vector<TypedData::Field> fields;
  for (const JsonValue& element : *list) {
    JsonObject field;
    if (element.kind != JsonKind::object) return invalid(where, "a field that is not an object");
    if (const auto parsed = field.parse(element.text); !parsed) return parsed.error();
    const auto name = text_member(field, "name", where + ".");
    if (!name) return name.error();
    const auto field_type = text_member(field, "type", where + ".");
    if (!field_type) return field_type.error();
    fields.push_back({*name, *field_type});
  }
  return fields;
}

Result<TypedData::Types> types_of(const std::string& json) {
  JsonObject object;
  if (const auto parsed = object.parse(json); !parsed) return parsed.error();
  if (object.members().size() > kTypesMax)
    return invalid("types", fmt::format("more than {} types", kTypesMax));
  TypedData::Types types;
  for (const JsonObject::Member& member : object.members()) {
    auto fields = fields_of(member);
    if (!fields) return fields.error();
    types.emplace(member.key, std::move(*fields));
  }
  return types;
}

// Without the stars of lists.
std::string_view element_type(std::string_view type) {
  while (type.ends_with('*'))
    type.remove_suffix(1);
  return type;
}

// `type` and the structs in it, and in those.
void add_structs(const TypedData::Types& types, std::string_view type,
                 std::set<std::string, std::less<>>& seen) {
  const auto known = types.find(type);
  if (known == types.end() || !seen.insert(std::string(type)).second) return;
  for (const TypedData::Field& field : known->second)
    add_structs(types, element_type(field.type), seen);
}

}  // namespace

Result<TypedData> TypedData::parse(std::string_view json) {
  JsonObject object;
  if (const auto parsed = object.parse(json); !parsed) return parsed.error();
  TypedData data;
  const auto types = object_member(object, "types");
  if (!types) return types.error();
  auto read = types_of(*types);
  if (!read) return read.error();
  data.types_ = std::move(*read);
  auto primary = text_member(object, "primaryType", "");
  if (!primary) return primary.error();
  auto domain = object_member(object, "domain");
  if (!domain) return domain.error();
  auto message = object_member(object, "message");
  if (!message) return message.error();
  data.primary_type_ = std::move(*primary);
  data.domain_ = std::move(*domain);
  data.message_ = std::move(*message);

  // The spelling of the domain's type tells the revision.
  const bool is_first = data.types_.contains("StarkNetDomain");
  if (is_first == data.types_.contains("StarknetDomain"))
    return invalid("types", "has to have StarkNetDomain (revision 0) or StarknetDomain (1)");
  data.domain_type_ = is_first ? "StarkNetDomain" : "StarknetDomain";
  data.revision_ = is_first ? 0 : 1;
  if (!is_first) {
    for (const auto& [name, fields] : preset_types())
      data.types_.try_emplace(name, fields);
  }
  return data;
}

Result<std::string> TypedData::type_string(std::string_view type) const {
  std::set<std::string, std::less<>> structs;
  add_structs(types_, type, structs);
  if (structs.empty()) return invalid("types", fmt::format("'{}' is not declared", type));
  const std::string_view quote = revision_ == 0 ? "" : "\"";
  std::string text;
  const auto append = [&](std::string_view name) {
    text += fmt::format("{0}{1}{0}(", quote, name);
    std::string_view separator;
    for (const Field& field : types_.find(name)->second) {
      text += fmt::format("{0}{1}{2}{1}:{1}{3}{1}", separator, quote, field.name, field.type);
      separator = ",";
    }
    text += ")";
  };
  append(type);  // The others follow by name.
  for (const std::string& other : structs) {
    if (other != type) append(other);
  }
  return text;
}

Result<std::vector<Felt>> TypedData::elements() const {
  return TypedDataEncoder(*this).elements(primary_type_, message_, 0);
}

Result<Felt> TypedData::struct_hash() const {
  const auto all = elements();
  if (!all) return all.error();
  return TypedDataEncoder(*this).hash(*all);
}

Result<Felt> TypedData::domain_hash() const {
  TypedDataEncoder encoder(*this);
  const auto elements = encoder.elements(domain_type_, domain_, 0);
  if (!elements) return elements.error();
  return encoder.hash(*elements);
}

Result<Felt> TypedData::message_hash(const Felt& account) const {
  const auto domain = domain_hash();
  if (!domain) return domain.error();
  const auto message = struct_hash();
  if (!message) return message.error();
  const Felt elements[]{kMessagePrefix, *domain, account, *message};
  return TypedDataEncoder(*this).hash(elements);
}

}  // namespace venuebox::crypto::starknet
