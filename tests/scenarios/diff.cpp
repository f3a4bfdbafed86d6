#include "diff.h"

#include <algorithm>
#include <vector>

namespace venuebox::scenarios {
namespace {

using Table = std::vector<std::vector<std::size_t>>;

// common[i][j]: how many lines the lists have in common from i and j on.
Table common_lengths(std::size_t rows, std::size_t columns,
                     FunctionRef<bool(std::size_t, std::size_t)> equal) {
  Table common(rows + 1, std::vector<std::size_t>(columns + 1));
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t j = columns; j-- > 0;) {
      common[i][j] =
          equal(i, j) ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  return common;
}

}  // namespace

std::string diff_text(std::span<const std::string> expected, std::span<const std::string> actual,
                      FunctionRef<bool(std::size_t, std::size_t)> equal) {
  const Table common = common_lengths(expected.size(), actual.size(), equal);
  std::string out;
  std::size_t i = 0, j = 0;
  while (i < expected.size() || j < actual.size()) {
    const bool both = i < expected.size() && j < actual.size();
    if (both && equal(i, j)) {
      out += "    " + expected[i++] + "\n";
      ++j;
    } else if (j == actual.size() || (both && common[i + 1][j] >= common[i][j + 1])) {
      out += "  - " + expected[i++] + "\n";
    } else {
      out += "  + " + actual[j++] + "\n";
    }
  }
  return out;
}

std::string diff_text(std::span<const std::string> expected, std::span<const std::string> actual) {
  return diff_text(expected, actual,
                   [&](std::size_t i, std::size_t j) { return expected[i] == actual[j]; });
}

}  // namespace venuebox::scenarios
