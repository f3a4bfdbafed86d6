// Markets as users write them down: files in the shape of /v1/markets, {"results":[…]}, a list, or
// one market a file. They stand in place of the built-in ones.
#pragma once

#include <span>
#include <vector>

#include "gateway/venue.h"

namespace venuebox::venues::paradex {

// Fails with where = file, line and field ("markets.json:12: results/0/price_tick_size").
// Members that the box has no use for are passed over; docs/venues/paradex.md lists the others.
Result<std::vector<gateway::Listing>> listings_from_files(
    std::span<const gateway::NamedText> files);

}  // namespace venuebox::venues::paradex
