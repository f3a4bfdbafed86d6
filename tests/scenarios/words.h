// One line of a scenario, read word by word. The first thing that is wrong is kept, and from then
// on the line is at its end and every read gives a default: look at problem() once, at the end.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venuebox::scenarios {

// A line with its place in the file. Comments and surrounding blanks are gone.
struct Line {
  int number = 0;
  std::string text;
};

// What is wrong, and in which line.
struct Problem {
  int line = 0;
  std::string what;  // empty: nothing

  explicit operator bool() const { return !what.empty(); }
};

class Words {
 public:
  // The text must outlive this. A word in quotes may be empty or have blanks.
  explicit Words(std::string_view text);

  bool at_end() const { return next_ == words_.size(); }
  // A word that stays where it is; empty behind the end.
  std::string_view peek(std::size_t ahead = 0) const;
  // `what` names in the failure what is missing.
  std::string_view next(std::string_view what);
  bool take(std::string_view word);
  // The word behind `word`, wherever that stands: for what must be known before the rest is read.
  std::optional<std::string_view> behind(std::string_view word) const;

  void fail(std::string problem);
  void fail_unknown(std::string_view word);
  // Whatever is left on the line is unknown.
  void expect_end();
  const std::string& problem() const { return problem_; }

 private:
  std::vector<std::string_view> words_;
  std::size_t next_ = 0;
  std::string problem_;
};

std::string_view trimmed(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace venuebox::scenarios
