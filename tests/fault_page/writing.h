// How a fault is written: the part of the page that does not depend on the action.
#pragma once

#include <string>

namespace venuebox::fault_page {
std::string writing();
}  // namespace venuebox::fault_page
