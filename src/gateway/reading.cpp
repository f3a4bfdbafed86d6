#include "gateway/reading.h"

#include <charconv>

#include "net/message.h"

namespace venuebox::gateway {

std::optional<std::int64_t> integer_from_text(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

std::string Params::text(std::string_view name) const {
  const auto value = net::query_value(query_, name);
  if (!value) return {};
  if (value->find_first_of("%+") == std::string_view::npos) return std::string(*value);
  Result<std::string> decoded = net::percent_decoded(*value);
  // What does not decode is taken as written: it then names nothing that exists.
  return decoded ? std::move(*decoded) : std::string(*value);
}

std::int64_t Params::integer(std::string_view name, std::int64_t lowest, std::int64_t highest,
                             std::int64_t fallback) {
  const std::string value = text(name);
  if (value.empty()) return fallback;
  const auto number = integer_from_text(value);
  if (number && *number >= lowest && *number <= highest) return *number;
  if (wrong_.empty()) wrong_ = name;
  return fallback;
}

const JsonValue* Body::member(std::string_view name) const {
  const JsonValue* value = json_.find(name);
  const bool empty = !value || value->kind == JsonKind::null ||
                     (value->kind == JsonKind::text && value->text.empty());
  return empty ? nullptr : value;
}

void Body::remember(std::string_view name) {
  if (wrong_.empty()) wrong_ = name;
}

std::string_view Body::text(std::string_view name) {
  const JsonValue* value = member(name);
  if (!value) return {};
  if (value->kind == JsonKind::text) return value->text;
  return remember(name), std::string_view{};
}

std::string_view Body::number(std::string_view name) {
  const JsonValue* value = member(name);
  if (!value) return {};
  if (value->kind == JsonKind::number || value->kind == JsonKind::text) return value->text;
  return remember(name), std::string_view{};
}

bool Body::flag(std::string_view name) {
  const JsonValue* value = member(name);
  if (!value) return false;
  if (value->kind == JsonKind::boolean) return value->text == "true";
  return remember(name), false;
}

std::string_view Body::list(std::string_view name) {
  const JsonValue* value = member(name);
  if (value && value->kind == JsonKind::list) return value->text;
  return remember(name), std::string_view{};
}

Pager::Pager(std::int64_t limit, std::int64_t cursor, Rows rows)
    : rows_(rows), left_(limit), after_(static_cast<std::uint64_t>(cursor)) {}

bool Pager::takes(std::uint64_t key) {
  if (after_ != 0 && rows_ == Rows::fall) {
    if (key >= after_) return false;
    after_ = 0;
  }
  if (after_ != 0) {
    if (key == after_) after_ = 0;
    return false;
  }
  if (left_ == 0) {
    more_ = true;
    return false;
  }
  --left_;
  last_ = key;
  return true;
}

}  // namespace venuebox::gateway
