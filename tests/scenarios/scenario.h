// Behaviour as text: runs one file of scenarios/, whose language scenarios/README.md describes. A
// scenario acts on an exchange (world.h) line by line and says what must follow; it ends at the
// first thing that is otherwise.
#pragma once

#include <string>
#include <string_view>

namespace venuebox::scenarios {

// Returns nothing when all went as the text says, else "path:line: the line" and what was
// otherwise: "  - " before what was expected, "  + " before what happened.
std::string run_scenario(std::string_view path, std::string_view text);

}  // namespace venuebox::scenarios
