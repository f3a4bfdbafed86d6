#include "base/json_plain.h"

#include <array>

namespace venuebox {
namespace {

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

bool read_value(Cursor& cursor, JsonValue& value) {
  switch (*cursor.at()) {
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
  if (!read_value(cursor, member.value)) return false;
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
