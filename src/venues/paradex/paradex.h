// Paradex: perpetuals on Starknet, REST and JSON-RPC streams, with STARK signatures on orders.
// Sources, capabilities and gaps: docs/venues/paradex.md
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::paradex {
extern const gateway::Venue venue;
}  // namespace venuebox::venues::paradex
