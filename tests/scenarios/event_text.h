// Events as scenarios write them, and the comparison of what was expected with what happened.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "properties.h"
#include "words.h"
#include "world.h"

namespace venuebox::scenarios {

struct EventText {
  std::string head;    // what an expectation must say: "fill a with b 0.003 at 60000"
  Properties details;  // what it may say behind that: "fee 0.099"
};

EventText text_of(const Event& event, const World& world);

// Compares the lines behind "->" with the events, all of them and in their order. What differs is
// told as a diff, with the line of the action.
Problem unmet_events(int action_line, std::span<const Line> expected, std::span<const Event> events,
                     const World& world);

std::string diff_text(std::span<const Event> expected, std::span<const Event> actual,
                      const World& world);

// One line for each event; of a batch only what was refused in it.
std::string list_text(std::span<const Event> events, const World& world);

}  // namespace venuebox::scenarios
