// docs/faults.md: every fault with its parameters, from the table of actions, and what each venue
// says, from boxes that are struck.
#pragma once

#include <string>
#include <string_view>

namespace venuebox::fault_page {

//   expectations  tests/conformance/faults.json: what is struck, and what ccxt makes of it
std::string page(std::string_view expectations);

}  // namespace venuebox::fault_page
