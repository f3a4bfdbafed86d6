// The list of venues that were built, collected from the folders when the build is configured.
#pragma once

#include <span>
#include <string_view>

#include "gateway/venue.h"

namespace venuebox::venues {
std::span<const gateway::Venue* const> all();
const gateway::Venue* find(std::string_view name);
}  // namespace venuebox::venues
