// Orders at Paradex: placed, one or several, and modified.
#pragma once

#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {

bool decode_place_order(Call& call);
void encode_place_order(Call& call, const gateway::Outcomes& outcomes);

bool decode_place_orders(Call& call);
void encode_place_orders(Call& call, const gateway::Outcomes& outcomes);

bool decode_modify_order(Call& call);
void encode_modify_order(Call& call, const gateway::Outcomes& outcomes);

// All calls that place, modify or cancel take from one budget; a batch counts once.
gateway::Cost cost_of_order(Call& call);

}  // namespace venuebox::venues::paradex
