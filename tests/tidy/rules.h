// What the tree must look like, as functions over text: which folder may include which, where
// floating point, clocks and random numbers stay out, which words and characters are unwanted.
// Nothing here touches a file, so each rule is tested on a few made-up lines (rules_test.cpp)
// before it is held against the sources (tidy_test.cpp).
#pragma once

#include <compare>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace venuebox::tidy {

struct Finding {
  std::string path;  // from the root of the project, `src/base/result.h`
  int line = 0;      // from 1; 0 concerns the whole file
  std::string what;

  friend auto operator<=>(const Finding&, const Finding&) = default;
};

using Findings = std::vector<Finding>;

// Path from the root of the project -> text.
using Tree = std::map<std::string, std::string>;

// One folder of src/ and the only places outside itself that it may include from.
struct Arrows {
  std::string_view folder;                    // `venues/*` stands for each single venue
  std::vector<std::string_view> may_include;  // folders, or single headers by their path
};

// Lowest folder first; every arrow points to an earlier row.
const std::vector<Arrows>& allowed_arrows();

// The text with comments and the insides of literals blanked; lines and columns stay in place.
std::string code_only(std::string_view text);

Findings check_includes(std::string_view path, std::string_view text);
Findings check_floating_point(std::string_view path, std::string_view text);
Findings check_clock_and_random(std::string_view path, std::string_view text);
Findings check_whitespace(std::string_view path, std::string_view text);
Findings check_words(std::string_view path, std::string_view text);

// Every .cpp file under src/ is named by the CMakeLists.txt of its folder or of one above it.
Findings check_compiled(const Tree& tree);

}  // namespace venuebox::tidy
