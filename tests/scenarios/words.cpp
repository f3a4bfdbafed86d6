#include "words.h"

#include <algorithm>

#include <fmt/core.h>

namespace venuebox::scenarios {
namespace {
constexpr std::string_view kBlanks = " \t";
}

Words::Words(std::string_view text) {
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const bool quoted = text.front() == '"';
    if (quoted) text.remove_prefix(1);
    const auto end = std::min(quoted ? text.find('"') : text.find_first_of(kBlanks), text.size());
    if (quoted && end == text.size()) {
      fail("a quote is not closed");
      return;
    }
    words_.push_back(text.substr(0, end));
    text.remove_prefix(end + (quoted ? 1 : 0));
  }
}

std::string_view Words::peek(std::size_t ahead) const {
  return next_ + ahead < words_.size() ? words_[next_ + ahead] : std::string_view();
}

std::string_view Words::next(std::string_view what) {
  if (!at_end()) return words_[next_++];
  fail(fmt::format("{} is missing", what));
  return {};
}

bool Words::take(std::string_view word) {
  if (at_end() || words_[next_] != word) return false;
  ++next_;
  return true;
}

std::optional<std::string_view> Words::behind(std::string_view word) const {
  const auto found = std::ranges::find(words_, word);
  if (found == words_.end() || found + 1 == words_.end()) return std::nullopt;
  return *(found + 1);
}

void Words::fail(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
  next_ = words_.size();
}

void Words::fail_unknown(std::string_view word) { fail(fmt::format("unknown word: {}", word)); }

void Words::expect_end() {
  if (!at_end()) fail_unknown(peek());
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace venuebox::scenarios
