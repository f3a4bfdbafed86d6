// Positions that are closed without their owner: the market is brought to where the exchange does
// it by its own rules, and back.
#pragma once

#include "box/exchange.h"
#include "faults/action.h"

namespace venuebox::box {

// Prices go to where the account is liquidated, and come back once it is. Where its money would
// outlast any fall, what it could spend is set aside meanwhile. Others whose margin does not
// outlast the same prices are liquidated with it, and orders that the prices pass are filled.
void force_liquidation(Exchange& exchange, AccountId account, const Position& position);

// The insurance fund takes the other side in the book, and closes it against this position at the
// mark price.
void force_deleveraging(Exchange& exchange, AccountId account, const Position& position,
                        faults::Ratio ratio);

}  // namespace venuebox::box
