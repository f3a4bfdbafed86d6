#include "net/head_scanner.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace venuebox::net {
namespace {

constexpr std::size_t kMethodBytesMax = 20;
// Method, target, "HTTP/1.1", two spaces and the line end.
constexpr std::size_t kRequestLineBytesMax = kMethodBytesMax + kTargetBytesMax + 12;

// tchar of RFC 9110, section 5.6.2.
constexpr std::array<bool, 256> kTokenCharacters = [] {
  std::array<bool, 256> table{};
  constexpr std::string_view kCharacters =
      "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (const char c : kCharacters)
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_token_character(char c) { return kTokenCharacters[static_cast<unsigned char>(c)]; }

std::size_t token_size(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_token_character) -
                                  text.begin());
}

constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

// Whether one of eight bytes is a control character: the usual tests for a byte below n and for a
// byte equal to one, on all at once. Exact for the word, if not for which byte of it.
bool holds_control(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101ull;
  constexpr std::uint64_t kTops = 0x80 * kOnes;
  const std::uint64_t other_than_delete = word ^ (0x7f * kOnes);
  const std::uint64_t below_space = (word - 0x20 * kOnes) & ~word;
  const std::uint64_t is_delete = (other_than_delete - kOnes) & ~other_than_delete;
  return ((below_space | is_delete) & kTops) != 0;
}

std::uint64_t word_at(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// No control characters but tabs: above all no bare CR, which others might take for a line end.
bool is_plain(std::string_view text) {
  const char* const end = text.data() + text.size();
  if (text.size() >= 8) {
    bool found = holds_control(word_at(end - 8));
    for (const char* at = text.data(); at + 8 < end; at += 8)
      found |= holds_control(word_at(at));
    if (!found) return true;
  }
  return std::ranges::none_of(text, [](char c) { return is_control(c) && c != '\t'; });
}

Method method_from(std::string_view name) {
  constexpr std::pair<std::string_view, Method> kMethods[] = {
      {"GET", Method::get},        {"POST", Method::post}, {"PUT", Method::put},
      {"DELETE", Method::del},     {"HEAD", Method::head}, {"PATCH", Method::patch},
      {"OPTIONS", Method::options}};
  for (const auto& [known, method] : kMethods)
    if (name == known) return method;
  return Method::other;
}

}  // namespace

void HeadScanner::reset() {
  std::vector<Field> fields = std::move(fields_);
  fields.clear();
  *this = HeadScanner();
  fields_ = std::move(fields);
}

bool HeadScanner::fail(int status, std::string_view reason) {
  status_ = status;
  reason_ = reason;
  return false;
}

HeadScanner::Outcome HeadScanner::scan(std::string_view bytes) {
  const auto stopped = [this] { return status_ == 0 ? Outcome::more : Outcome::failed; };
  if (state_ == State::method && !read_method(bytes)) return stopped();
  for (;;) {
    const bool first = state_ == State::request_line;
    const std::size_t limit = first ? kRequestLineBytesMax : kHeadBytesMax;
    const std::size_t end = bytes.substr(0, limit).find('\n', seen_);
    if (end == std::string_view::npos) {
      seen_ = std::min(bytes.size(), limit);
      if (bytes.size() < limit) return Outcome::more;
      first ? fail(414, "target too long") : fail(431, "headers too large");
      return Outcome::failed;
    }
    const std::string_view line = bytes.substr(line_, end - line_);
    if (first) {
      if (!read_request_line(line)) return Outcome::failed;
    } else if (line != "\r") {
      if (!read_field(line)) return Outcome::failed;
    } else if (!http_1_0_ && !has_host_) {
      fail(400, "no Host header");
      return Outcome::failed;
    }
    line_ = seen_ = end + 1;
    if (!first && line == "\r") return Outcome::done;
  }
}

// The method is looked at before its line is complete: who does not speak HTTP, TLS above all, may
// never send a line end.
bool HeadScanner::read_method(std::string_view bytes) {
  const std::string_view name = bytes.substr(0, token_size(bytes.substr(0, kMethodBytesMax + 1)));
  if (name.size() > kMethodBytesMax) return fail(501, "method too long");
  if (name.size() == bytes.size()) return false;
  if (name.empty() || bytes[name.size()] != ' ') return fail(400, "bad method");
  method_ = method_from(name);
  line_ = seen_ = name.size() + 1;
  state_ = State::request_line;
  return true;
}

//   line  what follows the method and its space, without the line feed
bool HeadScanner::read_request_line(std::string_view line) {
  const std::string_view target = line.substr(0, line.find(' '));
  if (target.empty() || target.size() == line.size() || !is_plain(target) ||
      target.find('\t') != std::string_view::npos) {
    return fail(400, "bad target");
  }
  const std::string_view version = line.substr(target.size() + 1);
  http_1_0_ = version == "HTTP/1.0\r";
  if (!http_1_0_ && version != "HTTP/1.1\r") return fail(400, "bad HTTP version");
  if (target.size() > kTargetBytesMax) return fail(414, "target too long");
  target_ = {static_cast<std::uint16_t>(line_), static_cast<std::uint16_t>(target.size())};
  state_ = State::headers;
  return true;
}

//   line  without the line feed
bool HeadScanner::read_field(std::string_view line) {
  if (!line.ends_with('\r')) return fail(400, "bare line feed");
  // Readers disagree about folding, which is how requests are smuggled.
  if (is_blank(line.front())) return fail(400, "folded header line");
  std::size_t colon = 0;
  while (is_token_character(line[colon]))  // The CR ends it at the latest.
    ++colon;
  const std::string_view name = line.substr(0, colon);
  if (name.empty() || line[colon] != ':') return fail(400, "bad header name");
  line.remove_suffix(1);
  if (!is_plain(line)) return fail(400, "bad header value");
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (fields_.size() == kHeadersMax) return fail(431, "too many headers");
  const auto value_offset = line_ + static_cast<std::size_t>(value.data() - line.data());
  fields_.push_back(
      {{static_cast<std::uint16_t>(line_), static_cast<std::uint16_t>(name.size())},
       {static_cast<std::uint16_t>(value_offset), static_cast<std::uint16_t>(value.size())}});
  return note_field(name, value);
}

// The headers that say how the request is framed; most others are told apart by their size alone.
bool HeadScanner::note_field(std::string_view name, std::string_view value) {
  switch (name.size()) {
    case 4:
      if (!same_name(name, "Host")) return true;
      return !std::exchange(has_host_, true) || fail(400, "more than one Host header");
    case 6:
      if (http_1_0_ || !same_name(name, "Expect")) return true;
      expects_continue_ = same_name(value, "100-continue");
      return expects_continue_ || fail(417, "unknown Expect");
    case 10: return !same_name(name, "Connection") || note_connection(value);
    case 14: return !same_name(name, "Content-Length") || note_content_length(value);
    case 17: return !same_name(name, "Transfer-Encoding") || note_transfer_encoding(value);
    default: return true;
  }
}

bool HeadScanner::note_connection(std::string_view value) {
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view option = trimmed(value.substr(0, comma));
    if (token_size(option) != option.size()) return fail(400, "bad header value");
    says_close_ |= same_name(option, "close");
    says_keep_alive_ |= same_name(option, "keep-alive");
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
  return true;
}

// Two lengths are refused even where they agree: what stands before a server may take another.
bool HeadScanner::note_content_length(std::string_view value) {
  if (value.find(',') != std::string_view::npos) return fail(400, "more than one Content-Length");
  std::uint64_t length = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, failure] = std::from_chars(value.data(), end, length);
  if (chunked_ || failure != std::errc{} || stop != end) return fail(400, "bad Content-Length");
  if (content_length_ && *content_length_ != length) {
    return fail(400, "conflicting Content-Length");
  }
  if (content_length_) return fail(400, "more than one Content-Length");
  content_length_ = length;
  return true;
}

bool HeadScanner::note_transfer_encoding(std::string_view value) {
  if (http_1_0_) return fail(400, "transfer encoding in HTTP/1.0");
  if (content_length_ || chunked_) return fail(400, "bad Transfer-Encoding");
  if (!same_name(value, "chunked")) return fail(501, "unknown transfer encoding");
  chunked_ = true;
  return true;
}

}  // namespace venuebox::net
