// The markets that Paradex lists, as far as they are built: perpetuals in USD that settle in USDC.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "gateway/venue.h"

namespace venuebox::venues::paradex {

// Decimals of the assets for which the listings are written: notional minima are in these units.
inline constexpr int kAssetScale = 14;

// Instruments quote and settle in USDC; clients are told this quote.
inline constexpr std::string_view kQuoteShown = "USD";

// How large a position may grow, in whole coins.
std::int64_t position_limit(const Instrument& instrument);

// The notional up to which a position of so many coins may grow, in settlement units.
Int128 notional_of_limit(std::int64_t coins);

// A market of this coin with the terms that are usual, known or not.
gateway::Listing usual_listing(const std::string& base);

// With the option "fixtures" those that its files name, whatever the bases; see fixtures.h.
Result<std::vector<gateway::Listing>> listings(std::span<const std::string> bases,
                                               const gateway::VenueOptions& options);

}  // namespace venuebox::venues::paradex
