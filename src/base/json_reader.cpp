#include "base/json_reader.h"

#include <algorithm>

#include <simdjson.h>

#include "base/json_plain.h"

namespace venuebox {
namespace {
constexpr int kDepthMax = 16;
constexpr std::size_t kMembersMax = 256;

namespace ondemand = simdjson::ondemand;

Error malformed(std::string detail) { return invalid("body", std::move(detail)); }
Error malformed(simdjson::error_code code) { return malformed(simdjson::error_message(code)); }

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ')
    token.remove_suffix(1);
  return token;
}

// One per thread: simdjson's parser keeps its buffers between documents. No view that we hand out
// points into it.
ondemand::parser& parser() {
  thread_local ondemand::parser instance;
  return instance;
}

Result<void> check_nested(JsonKind kind, std::string_view raw, int depth);

// Reads one value; text without escapes stays a view into the document.
template <class Value>
Result<JsonValue> read_value(Value&& value, std::deque<std::string>& storage) {
  ondemand::json_type type;
  if (const auto code = value.type().get(type)) return malformed(code);
  switch (type) {
    case ondemand::json_type::string: {
      const std::string_view token = trimmed(value.raw_json_token());
      if (token.size() < 2 || token.front() != '"' || token.back() != '"') {
        return malformed("a text without its closing quote");
      }
      const std::string_view inner = token.substr(1, token.size() - 2);
      if (inner.find('\\') == std::string_view::npos) {
        // A text that is not taken is passed over as if it might be a key, with what a ':' behind
        // it brings.
        if (const auto code = value.get_raw_json_string().error()) return malformed(code);
        return JsonValue{JsonKind::text, inner};
      }
      std::string_view unescaped;
      if (const auto code = value.get_string().get(unescaped)) return malformed(code);
      return JsonValue{JsonKind::text, storage.emplace_back(unescaped)};
    }
    case ondemand::json_type::number: {
      const std::string_view token = trimmed(value.raw_json_token());
      if (!is_json_number(token)) return malformed("a number that is none");
      return JsonValue{JsonKind::number, token};
    }
    case ondemand::json_type::boolean: {
      bool truth = false;
      if (const auto code = value.get_bool().get(truth)) return malformed(code);
      return JsonValue{JsonKind::boolean, truth ? "true" : "false"};
    }
    case ondemand::json_type::null: {
      if (trimmed(value.raw_json_token()) != "null") return malformed("a word that is none");
      return JsonValue{JsonKind::null, {}};
    }
    case ondemand::json_type::object: {
      std::string_view raw;
      ondemand::object object;
      if (const auto code = value.get_object().get(object)) return malformed(code);
      if (const auto code = object.raw_json().get(raw)) return malformed(code);
      return JsonValue{JsonKind::object, trimmed(raw)};
    }
    case ondemand::json_type::array: {
      std::string_view raw;
      ondemand::array array;
      if (const auto code = value.get_array().get(array)) return malformed(code);
      if (const auto code = array.raw_json().get(raw)) return malformed(code);
      return JsonValue{JsonKind::list, trimmed(raw)};
    }
  }
  return malformed("a value of no known kind");
}

Result<void> check_end(ondemand::document& document) {
  const char* at = nullptr;
  if (document.current_location().get(at) != simdjson::OUT_OF_BOUNDS) {
    return malformed("something follows the closing bracket");
  }
  return {};
}
}  // namespace

class JsonParser {
 public:
  // The quick reader first; what it does not know, this one reads or says what is wrong with it.
  static Result<void> parse(JsonObject& into, std::string_view json) {
    copy(into, json);
    clear_members(into);
    if (!into.unescaped_.empty()) into.unescaped_.clear();
    if (read_plain_object(into.bytes_, kMembersMax, into.members_) && mark_keys(into)) return {};
    return parse(into, json, 0);
  }

  static Result<void> parse(JsonObject& into, std::string_view json, int depth) {
    clear_members(into);
    into.unescaped_.clear();
    copy(into, json);

    ondemand::document document;
    const simdjson::padded_string_view padded(into.bytes_.data(), into.bytes_.size(),
                                              into.bytes_.capacity());
    if (const auto code = parser().iterate(padded).get(document)) return malformed(code);
    ondemand::object object;
    if (const auto code = document.get_object().get(object)) return malformed(code);
    bool nested = false;
    for (auto field : object) {
      ondemand::raw_json_string raw_key;
      if (const auto code = field.key().get(raw_key)) return malformed(code);
      const char* const key_start = raw_key.raw();
      const char* key_end = key_start;
      while (*key_end != '"')
        key_end += *key_end == '\\' ? 2 : 1;
      const std::string_view key(key_start, static_cast<std::size_t>(key_end - key_start));
      if (into.find(key)) return malformed("the member '" + std::string(key) + "' stands twice");
      if (into.members_.size() == kMembersMax) return malformed("more than 256 members");
      ondemand::value any;
      if (const auto code = field.value().get(any)) return malformed(code);
      Result<JsonValue> value = read_value(any, into.unescaped_);
      if (!value) return value.error();
      nested |= value->kind == JsonKind::object || value->kind == JsonKind::list;
      into.members_.push_back({key, *value});
      into.key_marks_ |= JsonObject::mark_of(key);
    }
    if (auto end = check_end(document); !end) return end;
    if (!nested) return {};
    for (const auto& member : into.members_) {
      if (auto inner = check_nested(member.value.kind, member.value.text, depth + 1); !inner) {
        return inner;
      }
    }
    return {};
  }

  static Result<std::vector<JsonValue>> list(std::string_view json,
                                             std::deque<std::string>& storage, int depth) {
    // The elements' views must outlive the padded copy, so the copy lives in the storage.
    std::string& bytes = storage.emplace_back();
    bytes.reserve(json.size() + simdjson::SIMDJSON_PADDING);
    bytes.assign(json);
    ondemand::document document;
    const simdjson::padded_string_view padded(bytes.data(), bytes.size(), bytes.capacity());
    if (const auto code = parser().iterate(padded).get(document)) return malformed(code);
    ondemand::array array;
    if (const auto code = document.get_array().get(array)) return malformed(code);
    std::vector<JsonValue> values;
    for (auto element : array) {
      ondemand::value any;
      if (const auto code = element.get(any)) return malformed(code);
      Result<JsonValue> value = read_value(any, storage);
      if (!value) return value.error();
      values.push_back(*value);
    }
    if (auto end = check_end(document); !end) return end.error();
    for (const JsonValue& value : values) {
      if (auto inner = check_nested(value.kind, value.text, depth + 1); !inner) {
        return inner.error();
      }
    }
    return values;
  }

 private:
  // With room behind, which simdjson may read; and never within the string itself, so that the
  // views of an object that is moved stay valid.
  static void copy(JsonObject& into, std::string_view json) {
    into.bytes_.reserve(json.size() + simdjson::SIMDJSON_PADDING);
    into.bytes_.assign(json);
  }
  static void clear_members(JsonObject& into) {
    into.members_.clear();
    into.key_marks_ = 0;
  }

  // False when a key stands twice.
  static bool mark_keys(JsonObject& into) {
    for (const auto& member : into.members_) {
      const std::uint64_t mark = JsonObject::mark_of(member.key);
      if ((into.key_marks_ & mark) != 0) {
        const auto first = std::ranges::find(into.members_, member.key, &JsonObject::Member::key);
        if (&*first != &member) return false;
      }
      into.key_marks_ |= mark;
    }
    return true;
  }
};

namespace {
Result<void> check_nested(JsonKind kind, std::string_view raw, int depth) {
  if (depth > kDepthMax) return malformed("nested more than 16 deep");
  if (kind == JsonKind::object) {
    JsonObject object;
    return JsonParser::parse(object, raw, depth);
  }
  if (kind == JsonKind::list) {
    std::deque<std::string> storage;
    const auto values = JsonParser::list(raw, storage, depth);
    if (!values) return values.error();
  }
  return {};
}
}  // namespace

Result<void> JsonObject::parse(std::string_view json) { return JsonParser::parse(*this, json); }

Result<std::vector<JsonValue>> json_list(std::string_view json, std::deque<std::string>& storage) {
  return JsonParser::list(json, storage, 0);
}

}  // namespace venuebox
