// Private REST that cancels many orders: now, or once a client is not heard of any more.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::bybit {

bool decode_cancel_all(gateway::Call& call);
void encode_cancel_all(gateway::Call& call, const gateway::Outcomes& outcomes);

// order/disconnected-cancel-all. The window runs from the call, as for a client that is not heard
// of from then on; the next call renews it.
bool decode_dead_man_switch(gateway::Call& call);
void encode_dead_man_switch(gateway::Call& call, const gateway::Outcomes& outcomes);

}  // namespace venuebox::venues::bybit
