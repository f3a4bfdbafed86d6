// Reading what a client wrote: query parameters, members of a body, and pages of a list. The first
// parameter that is wrong is remembered, so that a route reads all it needs and asks once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_reader.h"

namespace venuebox::gateway {

std::optional<std::int64_t> integer_from_text(std::string_view text);

// Names are literals: they are kept as they are.
class Params {
 public:
  explicit Params(std::string_view query) : query_(query) {}

  // Percent-decoded; empty when absent, which venues do not tell apart either.
  std::string text(std::string_view name) const;
  std::int64_t integer(std::string_view name, std::int64_t lowest, std::int64_t highest,
                       std::int64_t fallback);
  std::string_view wrong_name() const { return wrong_; }  // empty: none was

 private:
  std::string_view query_;
  std::string_view wrong_;
};

// Absent, null and "" are the same.
class Body {
 public:
  explicit Body(const JsonObject& json) : json_(json) {}

  std::string_view text(std::string_view name);    // a JSON text; prices and quantities are these
  std::string_view number(std::string_view name);  // a JSON number, or a text of one
  bool flag(std::string_view name);                // a JSON boolean; false when absent
  std::string_view list(std::string_view name);    // raw JSON
  bool has(std::string_view name) const { return member(name) != nullptr; }
  std::string_view wrong_name() const { return wrong_; }

 private:
  const JsonValue* member(std::string_view name) const;
  void remember(std::string_view name);

  const JsonObject& json_;
  std::string_view wrong_;
};

// Cuts a list into pages. A row's key is unique, and the cursor is the key of the last row that was
// shown.
class Pager {
 public:
  // What becomes of rows between two pages: they stay, and the next page begins behind the last
  // one; or they can vanish, but their keys fall from row to row, and it begins below the last one.
  enum class Rows : std::uint8_t { stay, fall };

  //   cursor  0: from the start
  Pager(std::int64_t limit, std::int64_t cursor, Rows rows);

  // Whether the row is on this page; sets done() when the page is full and there is more.
  bool takes(std::uint64_t key);
  bool done() const { return more_; }
  std::string next_cursor() const { return more_ ? std::to_string(last_) : std::string(); }

 private:
  Rows rows_;
  std::int64_t left_;
  std::uint64_t after_;
  std::uint64_t last_ = 0;
  bool more_ = false;
};

}  // namespace venuebox::gateway
