// Rows of balances and positions as Bybit shows them: what queries answer and private streams push.
// The members of one row each, without the braces around them, so that a stream can add its own.
#pragma once

#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {

// The unified account, with a row for each coin in it.
//   coins  comma-separated; empty: all
void write_wallet_row(JsonWriter&, AccountId, std::string_view coins, const View&);

//   entry_key  what the average entry price is called: queries and streams differ
void write_position_row(JsonWriter&, AccountId, const Instrument&, const View&,
                        std::string_view entry_key = "avgPrice");

// The part of a fill's fee that belongs to what it closed: a fill that turns a position round
// closes with a part of itself.
Money closing_fee(const Execution&);

// How large a position may become, in the quote asset.
Money risk_limit(const Instrument&);

}  // namespace venuebox::venues::bybit
