// Two lists of lines, one above the other where they differ.
#pragma once

#include <span>
#include <string>

#include "base/function_ref.h"

namespace venuebox::scenarios {

// Lines of both: what is in both lists behind "    ", what only the first has behind "  - ", what
// only the second has behind "  + ". `equal` gets an index into each.
std::string diff_text(std::span<const std::string> expected, std::span<const std::string> actual,
                      FunctionRef<bool(std::size_t, std::size_t)> equal);

std::string diff_text(std::span<const std::string> expected, std::span<const std::string> actual);

}  // namespace venuebox::scenarios
