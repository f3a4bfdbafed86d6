// What Paradex says of itself: its time, its state, and the chain that clients sign for.
#pragma once

#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {

void answer_time(Call& call);
void answer_state(Call& call);
void answer_config(Call& call);

// For work that is announced or under way.
void announce(Call& call, const gateway::MaintenanceNotice& notice);

}  // namespace venuebox::venues::paradex
