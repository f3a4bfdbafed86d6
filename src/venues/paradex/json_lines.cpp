#include "venues/paradex/json_lines.h"

#include <algorithm>

#include <fmt/format.h>

namespace venuebox::venues::paradex {
namespace {
constexpr int kDepthMax = 16;
}

// Stops at the first thing that is wrong, which fault_ then says.
class JsonLinesReader {
 public:
  explicit JsonLinesReader(std::string_view text) : text_(text) {}

  Result<JsonLines> read() {
    value("", 0);
    skip_space();
    if (fault_.empty() && at_ < text_.size()) fail("something follows the end");
    if (fault_.empty()) return std::move(lines_);
    return invalid(std::to_string(line_), fault_);
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool fail(std::string why) {
    if (fault_.empty()) fault_ = std::move(why);
    return false;
  }
  void skip_space() {
    for (; at_ < text_.size() && std::string_view(" \t\r\n").contains(text_[at_]); ++at_)
      line_ += text_[at_] == '\n' ? 1 : 0;
  }
  bool expect(char wanted) {
    skip_space();
    if (peek() != wanted) return fail(fmt::format("'{}' is missing", wanted));
    return ++at_, true;
  }

  bool value(const std::string& path, int depth) {
    skip_space();
    if (depth > kDepthMax) return fail("it is nested too deeply");
    const std::size_t start = at_;
    const int line = line_;
    const char first = peek();
    const bool is_read = first == '{'   ? object(path, depth)
                         : first == '[' ? list(path, depth)
                         : first == '"' ? text()
                                        : word();
    if (!is_read) return false;
    const JsonPlace place{line, text_.substr(start, at_ - start)};
    if (lines_.places_.emplace(path, place).second) return true;
    return fail(fmt::format("{} stands twice", path));
  }
  bool object(const std::string& path, int depth) {
    ++at_;
    skip_space();
    if (peek() == '}') return ++at_, true;
    while (true) {
      skip_space();
      const std::size_t start = at_ + 1;
      if (!text()) return false;
      const std::string key(text_.substr(start, at_ - start - 1));
      if (!expect(':') || !value(path.empty() ? key : path + '/' + key, depth + 1)) return false;
      skip_space();
      if (peek() == '}') return ++at_, true;
      if (!expect(',')) return false;
    }
  }
  bool list(const std::string& path, int depth) {
    ++at_;
    skip_space();
    if (peek() == ']') return ++at_, true;
    for (int index = 0;; ++index) {
      const std::string element = std::to_string(index);
      if (!value(path.empty() ? element : path + '/' + element, depth + 1)) return false;
      skip_space();
      if (peek() == ']') return ++at_, true;
      if (!expect(',')) return false;
    }
  }
  bool text() {
    if (peek() != '"') return fail("a text in quotes is missing");
    for (++at_; at_ < text_.size() && static_cast<unsigned char>(text_[at_]) >= ' '; ++at_) {
      if (text_[at_] == '"') return ++at_, true;
      if (text_[at_] == '\\') ++at_;
    }
    return fail("a text has no closing quote");
  }
  // A number, true, false or null; which numbers hold is for whoever reads them.
  bool word() {
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
    const std::string_view found = text_.substr(at_, end - at_);
    const bool is_number =
        !found.empty() && found.find_first_not_of("+-.0123456789eE") == std::string_view::npos;
    if (!is_number && found != "true" && found != "false" && found != "null") {
      return fail(found.empty() ? std::string("a value is missing")
                                : fmt::format("'{}' is no value", found));
    }
    at_ = end;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::string fault_;
  JsonLines lines_;
};

Result<JsonLines> JsonLines::read(std::string_view text) { return JsonLinesReader(text).read(); }

}  // namespace venuebox::venues::paradex
