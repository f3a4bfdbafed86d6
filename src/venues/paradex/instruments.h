// The markets that Paradex lists, as far as they are built: perpetuals in USD that settle in USDC.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "gateway/venue.h"

namespace venuebox::venues::paradex {

// Decimals of the assets for which the listings are written: notional minima are in these units.
inline constexpr int kAssetScale = 14;

Result<std::vector<gateway::Listing>> listings(std::span<const std::string> bases,
                                               const gateway::VenueOptions& options);

}  // namespace venuebox::venues::paradex
