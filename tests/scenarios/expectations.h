// Lines that begin with "expect": what must be so after what happened. Each is held against all
// engines, since equal hashes do not say that queries agree.
#pragma once

#include <span>
#include <string>

#include "words.h"
#include "world.h"

namespace venuebox::scenarios {

// `line` without the word "expect"; `block` holds the rows of a book.
Problem check_expectation(const Line& line, std::span<const Line> block, const World& world);

}  // namespace venuebox::scenarios
