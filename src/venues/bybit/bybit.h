// Bybit V5 (unified trading account): public and private REST for spot and linear perpetuals.
// Sources, capabilities and gaps: docs/venues/bybit.md
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::bybit {
extern const gateway::Venue venue;
}  // namespace venuebox::venues::bybit
