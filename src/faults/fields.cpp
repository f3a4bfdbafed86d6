#include "faults/fields.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/decimal.h"

namespace venuebox::faults {
namespace {
constexpr int kRatioDecimals = 9;

std::string kind_name(JsonKind kind) {
  switch (kind) {
    case JsonKind::text: return "text";
    case JsonKind::number: return "a number";
    case JsonKind::boolean: return "true or false";
    case JsonKind::null: return "null";
    case JsonKind::object: return "an object";
    case JsonKind::list: return "a list";
  }
  return "something else";
}

std::string ratio_text(std::int64_t ppb) { return trimmed_text(ppb, kRatioDecimals); }
}  // namespace

std::string listed(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names)
    text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

std::string text_of(const JsonValue& value, const std::string& path, Failure& failure) {
  if (value.kind != JsonKind::text) {
    failure.set(path, fmt::format("must be text in quotes, and is {}", kind_name(value.kind)));
    return {};
  }
  return std::string(value.text);
}

std::int64_t whole_of(const JsonValue& value, std::int64_t least, std::int64_t most,
                      const std::string& path, Failure& failure) {
  if (value.kind != JsonKind::number) {
    failure.set(path, fmt::format("must be a whole number, and is {}", kind_name(value.kind)));
    return least;
  }
  const auto units = units_from_text(value.text, 0);
  const Int128* number = std::get_if<Int128>(&units);
  if (number == nullptr || *number < least || *number > most) {
    failure.set(path, fmt::format("must be a whole number from {} to {}, and is {}", least, most,
                                  value.text));
    return least;
  }
  return static_cast<std::int64_t>(*number);
}

std::int64_t ratio_of(const JsonValue& value, std::int64_t least, std::int64_t most,
                      const std::string& path, Failure& failure) {
  if (value.kind != JsonKind::number) {
    failure.set(path, fmt::format("must be a number, and is {}", kind_name(value.kind)));
    return least;
  }
  const auto units = units_from_text(value.text, kRatioDecimals);
  const Int128* number = std::get_if<Int128>(&units);
  if (number == nullptr || *number < least || *number > most) {
    failure.set(path, fmt::format("must be from {} to {}, with at most {} decimals, and is {}",
                                  ratio_text(least), ratio_text(most), kRatioDecimals, value.text));
    return least;
  }
  return static_cast<std::int64_t>(*number);
}

bool flag_of(const JsonValue& value, const std::string& path, Failure& failure) {
  if (value.kind != JsonKind::boolean) {
    failure.set(path, fmt::format("must be true or false, and is {}", kind_name(value.kind)));
  }
  return value.text == "true";
}

Fields::Fields(std::string_view json, std::string path, Failure& failure)
    : path_(std::move(path)), failure_(&failure) {
  if (failure.is_set()) return;
  if (const auto parsed = object_.parse(json); !parsed) {
    failure.set(path_, "is no JSON object: " + parsed.error().detail);
  }
}

std::string Fields::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

const JsonValue* Fields::find(std::string_view key) {
  known_.push_back(key);
  return failure_->is_set() ? nullptr : object_.find(key);
}

std::optional<std::string> Fields::text(std::string_view key) {
  const JsonValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  return text_of(*value, path_of(key), *failure_);
}

std::optional<std::int64_t> Fields::whole(std::string_view key, std::int64_t least,
                                          std::int64_t most) {
  const JsonValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  return whole_of(*value, least, most, path_of(key), *failure_);
}

std::optional<Ratio> Fields::probability(std::string_view key) {
  const JsonValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  return Ratio{ratio_of(*value, 0, kWhole.raw, path_of(key), *failure_)};
}

std::optional<Fields> Fields::object(std::string_view key) {
  const JsonValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->kind != JsonKind::object) {
    refuse(key, fmt::format("must be an object in braces, and is {}", kind_name(value->kind)));
    return std::nullopt;
  }
  return Fields(value->text, path_of(key), *failure_);
}

void Fields::refuse_unknown() {
  for (const auto& member : object_.members()) {
    if (std::ranges::find(known_, member.key) != known_.end()) continue;
    return refuse(member.key, "is not known here; known are: " + listed(known_));
  }
}

}  // namespace venuebox::faults
