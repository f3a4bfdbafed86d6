#include "market/recorded_text.h"

#include <algorithm>
#include <charconv>

#include "base/decimal.h"

namespace venuebox::market {
namespace {
// Digits with an optional point; false when there is anything else, or more than 8 decimals that
// are not zero.
bool read_plain_units(std::string_view text, std::int64_t& value) {
  std::int64_t units = 0;
  int decimals = -1;
  for (const char c : text) {
    if (c == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (c < '0' || c > '9') return false;
    if (decimals == kRecordedScale) {
      if (c != '0') return false;
      continue;
    }
    if (units > (INT64_MAX - 9) / 10) return false;
    units = units * 10 + (c - '0');
    if (decimals >= 0) ++decimals;
  }
  if (text.empty() || text == ".") return false;
  for (int i = std::max(decimals, 0); i < kRecordedScale; ++i) {
    if (units > INT64_MAX / 10) return false;
    units *= 10;
  }
  value = units;
  return true;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

bool read_levels(std::string_view& text, std::vector<RecordedLevel>& levels) {
  levels.clear();
  if (!take(text, '[')) return false;
  if (take(text, ']')) return true;
  do {
    RecordedLevel level;
    if (!take(text, '[') || !take(text, '"') || !read_quoted_units(text, level.price) ||
        !take(text, ',') || !take(text, '"') || !read_quoted_units(text, level.quantity) ||
        !take(text, ']') || level.price == 0) {
      return false;
    }
    levels.push_back(level);
  } while (take(text, ','));
  return take(text, ']');
}
}  // namespace

std::string_view text_after(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  return at == std::string_view::npos ? std::string_view{} : text.substr(at + key.size());
}

bool read_whole(std::string_view text, std::int64_t& value) {
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{};
}

bool read_units(std::string_view text, std::int64_t& units) {
  if (read_plain_units(text, units)) return true;
  if (text.find_first_of("eE") == std::string_view::npos) return false;
  const auto exact = units_from_text(text, kRecordedScale);
  const Int128* value = std::get_if<Int128>(&exact);
  if (!value || *value < 0 || *value > INT64_MAX) return false;
  units = static_cast<std::int64_t>(*value);
  return true;
}

bool read_quoted_units(std::string_view& text, std::int64_t& units) {
  const std::size_t quote = text.find('"');
  if (quote == std::string_view::npos || !read_plain_units(text.substr(0, quote), units)) {
    return false;
  }
  text.remove_prefix(quote + 1);
  return true;
}

bool read_sides(std::string_view text, std::string_view bids_key, std::string_view asks_key,
                RecordedMessage& message) {
  text = text_after(text, bids_key);
  if (!read_levels(text, message.bids)) return false;
  text = text_after(text, asks_key);
  return read_levels(text, message.asks);
}

}  // namespace venuebox::market
