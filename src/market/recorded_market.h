// Which instrument of ours a recorder's symbol names.
#pragma once

#include <string>
#include <string_view>

#include "model/view.h"

namespace venuebox::market {

// What is traded, in our name of it: "BTC" of "BTCUSDT", "BTC-PERPETUAL", "BTC_USDT" and "XBTUSD".
std::string base_of(std::string_view symbol);

// Whether quantities are counted in dollars and profit is paid in coin, as with XBTUSD of bitmex.
// Told by the exchange as well, since BTC-USD is coin-margined at one and spot at the other.
bool is_coin_margined(std::string_view exchange, std::string_view symbol);

// The perpetual that this market is replayed on; null when none is listed. Spot is never it: its
// price follows the perpetual's.
const Instrument* instrument_of(const View& view, std::string_view exchange,
                                std::string_view symbol);

}  // namespace venuebox::market
