// Fills that are arranged: the market's quotes step aside, and one of its accounts trades exactly
// so much with an order. Everything by ordinary commands.
#pragma once

#include "model/desk.h"

namespace venuebox::box {

// Cancels what the market shows on this side at `limit` or better for who trades with it; without a
// limit all of it.
void withdraw_quotes(Desk& desk, InstrumentId instrument, Side side, std::optional<Ticks> limit);

// So much rests at the price for whoever comes next, from an account of the market's.
void place_counterparty(Desk& desk, InstrumentId instrument, Side side, Ticks price, Lots quantity);
// What of it was not taken goes.
void remove_counterparty(Desk& desk, InstrumentId instrument);

// Trades so much with an order that rests, at its own price: at least the instrument's smallest
// quantity, at most what is left of it. Nothing happens while other users' orders stand before it,
// which would have to be filled first.
void fill_resting(Desk& desk, const Order& order, Lots quantity);

}  // namespace venuebox::box
