// --venue-option VENUE.KEY=VALUE, checked by what the venue knows.
#pragma once

#include <string>
#include <vector>

#include "box/box.h"

namespace venuebox::app {

// Of an option that takes files, these are read. Errors name the flag, the cause and the mend.
Result<void> set_venue_options(const std::vector<std::string>& texts, box::BoxConfig& config);

}  // namespace venuebox::app
