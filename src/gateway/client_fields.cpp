#include "gateway/client_fields.h"

#include <algorithm>

#include "gateway/reading.h"

namespace venuebox::gateway {
namespace {
// As far as nanoseconds reach: the year 2262.
constexpr std::int64_t kMillisecondsMax = INT64_MAX / 1'000'000;

bool is_scalar(const JsonValue& value) {
  return value.kind == JsonKind::text || value.kind == JsonKind::number;
}
}  // namespace

// ---- numbers ------------------------------------------------------------------------------------

std::optional<Decimal> decimal_if(std::string_view text) {
  const auto parsed = decimal_from_text(text);
  const auto* value = std::get_if<Decimal>(&parsed);
  return value ? std::optional(*value) : std::nullopt;
}

// ---- members ------------------------------------------------------------------------------------

const JsonValue* Fields::find(std::string_view name) const {
  const JsonValue* value = json_.find(name);
  const bool empty = !value || value->kind == JsonKind::null ||
                     (value->kind == JsonKind::text && value->text.empty());
  return empty ? nullptr : value;
}

std::string Fields::path_of(std::string_view name) const {
  return where_.empty() ? std::string(name) : where_ + "/" + std::string(name);
}

void Fields::refuse(std::string_view name, std::string_view detail) {
  refuse(invalid(path_of(name), std::string(detail)));
}

void Fields::refuse(const Error& error) {
  if (!wrong_) wrong_ = error;
}

void Fields::expect(std::string_view name) {
  if (!json_.find(name)) refuse(name, "is not there");
}

std::string Fields::text(std::string_view name) {
  std::string found = text_or_empty(name);
  if (found.empty()) refuse(name, "is no text, or empty");
  return found;
}

std::string Fields::text_or_empty(std::string_view name) {
  const JsonValue* value = find(name);
  if (!value) return {};
  if (value->kind == JsonKind::text) return std::string(value->text);
  refuse(name, "is no text");
  return {};
}

bool Fields::flag(std::string_view name) {
  const JsonValue* value = find(name);
  if (value && value->kind == JsonKind::boolean) return value->text == "true";
  refuse(name, "is neither true nor false");
  return false;
}

std::string_view Fields::raw(std::string_view name, JsonKind kind) {
  const JsonValue* value = find(name);
  if (value && value->kind == kind) return value->text;
  refuse(name, kind == JsonKind::list ? "is no list" : "is no object");
  return {};
}

std::optional<std::string_view> Fields::number_text(std::string_view name) {
  const JsonValue* value = find(name);
  if (!value) return std::nullopt;
  if (is_scalar(*value)) return value->text;
  refuse(name, "is no number");
  return std::nullopt;
}

Decimal Fields::decimal(std::string_view name, std::string_view text) {
  const auto value = decimal_if(text);
  if (!value) refuse(name, "is no number of up to 30 decimals");
  return value.value_or(Decimal{});
}

Decimal Fields::number(std::string_view name) {
  const auto text = number_text(name);
  if (!text) refuse(name, "is not there");
  return text ? decimal(name, *text) : Decimal{};
}

Decimal Fields::positive(std::string_view name) {
  const Decimal value = number(name);
  if (value.units <= 0) refuse(name, "must be above 0");
  return value;
}

Decimal Fields::not_negative(std::string_view name) {
  const Decimal value = number(name);
  if (value.units < 0) refuse(name, "must not be below 0");
  return value;
}

std::int64_t Fields::whole(std::string_view name) {
  const auto text = number_text(name);
  const auto value = integer_from_text(text.value_or(""));
  if (value && *value >= 0) return *value;
  refuse(name, "is no whole number of 0 or above");
  return 0;
}

std::int64_t Fields::whole_or_0(std::string_view name) { return find(name) ? whole(name) : 0; }

Timestamp Fields::milliseconds(std::string_view name) {
  const std::int64_t value = whole(name);
  if (value > 0 && value <= kMillisecondsMax) return timestamp_from_ms(value);
  refuse(name, "is no time");
  return {};
}

std::optional<Decimal> Fields::number_if(std::string_view name) {
  const auto text = number_text(name);
  return text ? std::optional(decimal(name, *text)) : std::nullopt;
}

std::optional<Decimal> Fields::not_negative_if(std::string_view name) {
  const auto value = number_if(name);
  if (value && value->units < 0) refuse(name, "must not be below 0");
  return value;
}

std::optional<Decimal> Fields::positive_if(std::string_view name) {
  const auto value = not_negative_if(name);
  return value && value->units > 0 ? value : std::nullopt;
}

std::optional<std::vector<std::string>> texts_of(const JsonValue& list) {
  std::deque<std::string> storage;
  const auto values = list.kind == JsonKind::list
                          ? json_list(list.text, storage)
                          : Result<std::vector<JsonValue>>(invalid({}, "is no list"));
  if (!values || !std::ranges::all_of(*values, is_scalar)) return std::nullopt;
  std::vector<std::string> texts;
  for (const JsonValue& value : *values)
    texts.emplace_back(value.text);
  return texts;
}

bool is_candle(const unified::Candle& candle) {
  const auto& [start, open, high, low, close, volume] = candle;
  return low.units > 0 && volume.units >= 0 && compare(low, open) <= 0 &&
         compare(open, high) <= 0 && compare(low, close) <= 0 && compare(close, high) <= 0;
}

std::optional<unified::Candle> candle_from(const JsonValue& row) {
  constexpr std::size_t kCells = 6;
  const auto texts = texts_of(row);
  if (!texts || texts->size() < kCells) return std::nullopt;
  std::array<Decimal, kCells> cells;
  for (std::size_t i = 0; i < kCells; ++i) {
    const auto value = decimal_if((*texts)[i]);
    if (!value) return std::nullopt;
    cells[i] = *value;
  }
  const auto& [start, open, high, low, close, volume] = cells;
  if (start.scale != 0 || start.units <= 0 || start.units > kNever.ms()) return std::nullopt;
  const unified::Candle candle{.start = timestamp_from_ms(static_cast<std::int64_t>(start.units)),
                               .open = open,
                               .high = high,
                               .low = low,
                               .close = close,
                               .volume = volume};
  return is_candle(candle) ? std::optional(candle) : std::nullopt;
}

}  // namespace venuebox::gateway
