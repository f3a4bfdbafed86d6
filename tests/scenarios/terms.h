// Instrument terms as a scenario changes them: "tick 0.10 open_orders_max 2 taker_fee 0.055%".
#pragma once

#include "words.h"
#include "world.h"

namespace venuebox::scenarios {

// Reads terms and their values to the end of the line.
void read_terms(Words& words, const World& world, Instrument& terms);

AssetId read_asset(Words& words, const World& world);

}  // namespace venuebox::scenarios
