// Lines that act: what an account does, what the exchange is told, and the passing of time.
#pragma once

#include <optional>
#include <span>

#include "words.h"
#include "world.h"

namespace venuebox::scenarios {

// What a line comes to. The first thing wrong is told with its line.
struct ReadAction {
  Action action;
  Problem problem;
};

// Reads one action. `block` holds the indented lines below it: the entries of a batch or a pair.
ReadAction read_action(const Line& line, std::span<const Line> block, const World& world);

}  // namespace venuebox::scenarios
