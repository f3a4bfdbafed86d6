// Rows of balances and positions as Bybit shows them: what queries answer and private streams push.
// The members of one row each, without the braces around them, so that a stream can add its own.
#pragma once

#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {

// The unified account, with a row for each coin in it. Its body stands in wallet_rows.cpp.
//   coins  comma-separated; empty: all
void write_wallet_row(JsonWriter&, AccountId, std::string_view coins, const View&);

//   entry_key  what the average entry price is called: queries and streams differ
void write_position_row(JsonWriter&, AccountId, const Position&, const View&,
                        std::string_view entry_key = "avgPrice");

// Bybit knows one margin mode for the whole account, which is why it is only set for all at once.
MarginMode account_margin_mode(AccountId, const View&);

// The part of a fill's fee that belongs to what it closed: a fill that turns a position round
// closes with a part of itself.
Money closing_fee(const Execution&);

// A coin's amount in dollars, as far as the box knows what it is worth; USDT counts as a dollar.
inline constexpr int kUsdDecimals = 8;
std::optional<Int128> usd_value(const Money&, const View&);

}  // namespace venuebox::venues::bybit
