// Makes the market of one exchange.
#pragma once

#include <memory>

#include "market/market.h"
#include "market/market_spec.h"

namespace venuebox::market {

// When the recording (the first to begin, of several) starts; an error for other markets.
Result<Timestamp> recording_start(const MarketSpec& spec);

// The market of one exchange, a `venue` of this name, whose instruments are listed and whose market
// accounts are open. Symbols that a replay lacks have the synthetic market; the spot market of a
// replayed perpetual follows the perpetual's price.
Result<std::unique_ptr<Market>> make_market(const MarketSpec& spec, std::uint64_t seed,
                                            std::string_view venue, const View& view,
                                            Timestamp start);

// What is said of the time before `start`: candles of the simulated market. Null for others, which
// know nothing of it.
std::unique_ptr<Past> make_past(const MarketSpec& spec, std::uint64_t seed, std::string_view venue,
                                const View& view, Timestamp start);

}  // namespace venuebox::market
