// Reads one JSON object from untrusted bytes into a flat list of its members. Numbers stay text,
// since a price must never pass through binary floating point; nested values stay raw JSON, to be
// read by another JsonObject. The whole text is validated, UTF-8 included.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace venuebox {

enum class JsonKind : std::uint8_t { text, number, boolean, null, object, list };

struct JsonValue {
  JsonKind kind = JsonKind::null;
  std::string_view text;  // unescaped text, the number as written, "true"/"false", or raw JSON
};

class JsonObject {
 public:
  struct Member {
    std::string_view key;
    JsonValue value;
  };

  // Views stay valid until the next parse or the end of this object. Members with the same key are
  // an error: which of them was meant is the sender's secret.
  Result<void> parse(std::string_view json);

  // Most of what a codec asks for is absent, so that costs a look at one bit.
  const JsonValue* find(std::string_view key) const {
    if ((key_marks_ & mark_of(key)) == 0) return nullptr;
    for (const Member& member : members_) {
      if (member.key == key) return &member.value;
    }
    return nullptr;
  }
  const std::vector<Member>& members() const { return members_; }

 private:
  friend class JsonParser;

  // One of 64 bits, by the size and the first character.
  static std::uint64_t mark_of(std::string_view key) {
    const auto first = key.empty() ? 0u : static_cast<unsigned char>(key.front());
    return std::uint64_t{1} << ((key.size() * 5 + first) % 64);
  }

  std::string bytes_;  // the padded copy that the parser reads
  std::deque<std::string> unescaped_;
  std::vector<Member> members_;
  std::uint64_t key_marks_ = 0;  // of all members together
};

// The elements of a raw JSON list; views into `json` or, for text, into `storage`.
Result<std::vector<JsonValue>> json_list(std::string_view json, std::deque<std::string>& storage);

}  // namespace venuebox
