// The markets that Bybit lists, as far as they are built: spot and linear perpetuals against
// USDT, and inverse perpetuals against USD.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "gateway/venue.h"

namespace venuebox::venues::bybit {

// Decimals of the assets for which the listings are written: notional minima are in these units.
inline constexpr int kAssetScale = 14;

Result<std::vector<gateway::Listing>> listings(std::span<const std::string> bases,
                                               const gateway::VenueOptions& options);

}  // namespace venuebox::venues::bybit
