// For tests: what stands where in a JSON text.
#pragma once

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>

#include "base/json_reader.h"

namespace venuebox::gateway {

// The value one step further in: a member's, or an element's.
inline std::string step_into(const std::string& json, const std::string& step) {
  if (json.starts_with('[')) {
    std::deque<std::string> storage;
    const auto values = json_list(json, storage);
    const auto index = static_cast<std::size_t>(std::stoul(step));
    if (!values || index >= values->size()) return "(absent)";
    return std::string((*values)[index].text);
  }
  JsonObject object;
  if (!object.parse(json)) return "(absent)";
  const JsonValue* value = object.find(step);
  return value ? std::string(value->text) : "(absent)";
}

// What stands at a path like "result/list/0/orderId": a value's text, or raw JSON; "(absent)" when
// there is nothing, which no message of a venue holds.
inline std::string at(std::string_view json, std::string_view path) {
  std::string current(json);
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    current = step_into(current, std::string(path.substr(0, slash)));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return current;
}

inline std::size_t size_of_list(std::string_view json, std::string_view path) {
  std::deque<std::string> storage;
  const auto values = json_list(at(json, path), storage);
  return values ? values->size() : 0;
}

}  // namespace venuebox::gateway
