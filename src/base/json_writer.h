// Writes JSON into a string that the caller reuses, in one pass and without a tree. Numbers that
// venues show as text are written as text; nothing here knows binary floating point.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/decimal.h"
#include "base/utf8.h"

namespace venuebox {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& open() { return separate(), out_.push_back('{'), fresh_ = true, *this; }
  JsonWriter& close() { return out_.push_back('}'), fresh_ = false, *this; }
  JsonWriter& open_list() { return separate(), out_.push_back('['), fresh_ = true, *this; }
  JsonWriter& close_list() { return out_.push_back(']'), fresh_ = false, *this; }

  // Keys are ours and need no escape.
  JsonWriter& key(std::string_view name) {
    append_quoted(name, ":");
    fresh_ = true;
    return *this;
  }

  JsonWriter& text(std::string_view value) {
    // Almost no text of ours has anything to escape.
    if (plain_size(value) == value.size()) return append_quoted(value, {}), *this;
    return separate(), quote(value), *this;
  }
  JsonWriter& number(std::int64_t value) { return separate(), append_fixed(out_, value, 0), *this; }
  JsonWriter& boolean(bool value) { return separate(), out_ += value ? "true" : "false", *this; }
  JsonWriter& null() { return separate(), out_ += "null", *this; }
  // JSON that is already written.
  JsonWriter& raw(std::string_view json) { return separate(), out_ += json, *this; }
  // Decimal numbers as quoted text: with all decimals, or without trailing zeros.
  JsonWriter& fixed(Int128 units, int scale) {
    separate();
    out_.push_back('"');
    append_fixed(out_, units, scale);
    out_.push_back('"');
    return *this;
  }
  JsonWriter& trimmed(Int128 units, int scale) {
    separate();
    out_.push_back('"');
    append_trimmed(out_, units, scale);
    out_.push_back('"');
    return *this;
  }

  JsonWriter& text(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& number(std::string_view name, std::int64_t v) { return key(name).number(v); }
  JsonWriter& boolean(std::string_view name, bool value) { return key(name).boolean(value); }
  JsonWriter& number_text(std::string_view name, std::int64_t v) { return key(name).fixed(v, 0); }

 private:
  void separate() {
    if (!fresh_) out_.push_back(',');
    fresh_ = false;
  }
  // A comma where one is due, the text in quotes, and what follows it: in one go.
  void append_quoted(std::string_view plain, std::string_view tail) {
    const std::size_t old = out_.size();
    out_.resize_and_overwrite(old + plain.size() + tail.size() + 3, [&](char* start, std::size_t) {
      char* at = start + old;
      if (!fresh_) *at++ = ',';
      *at++ = '"';
      at = std::copy_n(plain.data(), plain.size(), at);
      *at++ = '"';
      at = std::copy_n(tail.data(), tail.size(), at);
      return static_cast<std::size_t>(at - start);
    });
    fresh_ = false;
  }
  // How much of it, from its start, needs no escape and is ASCII.
  static std::size_t plain_size(std::string_view value) {
    static constexpr auto kPlain = [] {
      std::array<bool, 256> table{};
      for (std::size_t c = 0x20; c < 0x80; ++c)
        table[c] = c != '"' && c != '\\';
      return table;
    }();
    std::size_t size = 0;
    while (size < value.size() && kPlain[static_cast<unsigned char>(value[size])])
      ++size;
    return size;
  }
  void quote(std::string_view value) {
    out_.push_back('"');
    while (!value.empty()) {
      const std::size_t plain = plain_size(value);
      out_.append(value.substr(0, plain));
      if (plain == value.size()) break;
      value.remove_prefix(plain);
      if (const std::size_t size = utf8_size(value); size > 1) {
        out_.append(value.substr(0, size));
        value.remove_prefix(size);
      } else {
        escape(value.front());
        value.remove_prefix(1);
      }
    }
    out_.push_back('"');
  }
  void escape(char c) {
    static constexpr char kHex[] = "0123456789abcdef";
    if (c == '"' || c == '\\') {
      out_.push_back('\\');
      out_.push_back(c);
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      out_ += "\ufffd";  // What is not UTF-8 is shown as such, so that the whole stays readable.
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out_ += "\\u00";
      out_.push_back(kHex[byte >> 4]);
      out_.push_back(kHex[byte & 15]);
    }
  }

  std::string& out_;
  bool fresh_ = true;
};

}  // namespace venuebox
