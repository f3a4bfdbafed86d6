#include "base/json_plain.h"

#include <algorithm>
#include <array>

namespace venuebox {
namespace {

constexpr int kDepthMax = 8;  // what is deeper is left to the other reader

constexpr std::array<bool, 256> table_of(auto holds) {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c)
    table[static_cast<std::size_t>(c)] = holds(c);
  return table;
}
constexpr auto kTextCharacters =
    table_of([](int c) { return c >= 0x20 && c < 0x80 && c != '"' && c != '\\'; });
constexpr auto kNumberCharacters = table_of([](int c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
});

// Walks over the text without asking for its end: that is a NUL, which belongs to no token.
class Cursor {
 public:
  explicit Cursor(const char* at) : at_(at) {}

  const char* at() const { return at_; }
  void skip_blank() {
    while (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r')
      ++at_;
  }
  bool take(char c) { return *at_ == c && (++at_, true); }
  bool take(std::string_view word) {
    for (const char c : word)
      if (!take(c)) return false;
    return true;
  }
  // What follows, as far as it is in the table.
  std::string_view run(const std::array<bool, 256>& table) {
    const char* const start = at_;
    while (table[static_cast<unsigned char>(*at_)])
      ++at_;
    return {start, static_cast<std::size_t>(at_ - start)};
  }
  bool take_text(std::string_view& text) {
    if (!take('"')) return false;
    text = run(kTextCharacters);
    return take('"');
  }

 private:
  const char* at_;
};

// What stands between brackets, one after the other; the opening one has been taken.
template <class TakeOne>
bool take_all(Cursor& cursor, char closing, const TakeOne& take_one) {
  cursor.skip_blank();
  if (cursor.take(closing)) return true;
  do {
    cursor.skip_blank();
    if (!take_one()) return false;
    cursor.skip_blank();
  } while (cursor.take(','));
  return cursor.take(closing);
}

// The keys of one object, as long as they are few and each is there once.
class Keys {
 public:
  bool add(std::string_view key) {
    if (size_ == keys_.size()) return false;
    const auto first = key.empty() ? 0u : static_cast<unsigned char>(key.front());
    const std::uint64_t mark = std::uint64_t{1} << ((key.size() * 5 + first) % 64);
    const auto end = keys_.begin() + static_cast<std::ptrdiff_t>(size_);
    if ((marks_ & mark) != 0 && std::find(keys_.begin(), end, key) != end) return false;
    marks_ |= mark;
    keys_[size_++] = key;
    return true;
  }

 private:
  std::array<std::string_view, 64> keys_;  // not set beyond size_
  std::size_t size_ = 0;
  std::uint64_t marks_ = 0;
};

bool read_value(Cursor& cursor, JsonValue& value, int depth);

bool skip_value(Cursor& cursor, int depth) {
  JsonValue ignored;
  return read_value(cursor, ignored, depth);
}

bool skip_object(Cursor& cursor, int depth) {
  Keys keys;
  return take_all(cursor, '}', [&] {
    std::string_view key;
    if (!cursor.take_text(key) || !keys.add(key)) return false;
    cursor.skip_blank();
    if (!cursor.take(':')) return false;
    cursor.skip_blank();
    return skip_value(cursor, depth);
  });
}

// An object or a list, whose value is its own bytes.
bool read_nested(Cursor& cursor, JsonValue& value, int depth) {
  if (depth == kDepthMax) return false;
  const char* const start = cursor.at();
  value.kind = *start == '{' ? JsonKind::object : JsonKind::list;
  cursor.take(*start);
  const bool is_plain = value.kind == JsonKind::object
                            ? skip_object(cursor, depth + 1)
                            : take_all(cursor, ']', [&] { return skip_value(cursor, depth + 1); });
  value.text = {start, static_cast<std::size_t>(cursor.at() - start)};
  return is_plain;
}

bool read_value(Cursor& cursor, JsonValue& value, int depth) {
  switch (*cursor.at()) {
    case '{':
    case '[': return read_nested(cursor, value, depth);
    case '"': value.kind = JsonKind::text; return cursor.take_text(value.text);
    case 't': value = {JsonKind::boolean, "true"}; return cursor.take("true");
    case 'f': value = {JsonKind::boolean, "false"}; return cursor.take("false");
    case 'n': value = {JsonKind::null, {}}; return cursor.take("null");
    default:
      value = {JsonKind::number, cursor.run(kNumberCharacters)};
      return is_json_number(value.text);
  }
}

bool read_member(Cursor& cursor, JsonObject::Member& member) {
  cursor.skip_blank();
  if (!cursor.take_text(member.key)) return false;
  cursor.skip_blank();
  if (!cursor.take(':')) return false;
  cursor.skip_blank();
  if (!read_value(cursor, member.value, 0)) return false;
  cursor.skip_blank();
  return true;
}

}  // namespace

bool is_json_number(std::string_view t) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t start = at;
    while (at < t.size() && t[at] >= '0' && t[at] <= '9')
      ++at;
    return at - start;
  };
  if (at < t.size() && t[at] == '-') ++at;
  const bool leading_zero = at < t.size() && t[at] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (at < t.size() && t[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < t.size() && (t[at] == 'e' || t[at] == 'E')) {
    ++at;
    if (at < t.size() && (t[at] == '+' || t[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == t.size();
}

bool read_plain_object(const std::string& json, std::size_t members_max,
                       std::vector<JsonObject::Member>& members) {
  Cursor cursor(json.c_str());
  members.reserve(8);
  cursor.skip_blank();
  if (!cursor.take('{')) return false;
  do {
    if (members.size() == members_max) return false;
    if (!read_member(cursor, members.emplace_back())) return false;
  } while (cursor.take(','));
  if (!cursor.take('}')) return false;
  cursor.skip_blank();
  return cursor.at() == json.c_str() + json.size();
}

}  // namespace venuebox
