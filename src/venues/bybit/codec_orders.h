// Private REST that changes orders: one order, batches of them, and cancelling all.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::bybit {

bool decode_place_order(gateway::Call& call);
void encode_place_order(gateway::Call& call, const gateway::Outcomes& outcomes);

bool decode_cancel_order(gateway::Call& call);
void encode_cancel_order(gateway::Call& call, const gateway::Outcomes& outcomes);

bool decode_cancel_all(gateway::Call& call);
void encode_cancel_all(gateway::Call& call, const gateway::Outcomes& outcomes);

// Each entry of a batch succeeds or fails on its own, those that do not decode included.
bool decode_place_orders(gateway::Call& call);
void encode_place_orders(gateway::Call& call, const gateway::Outcomes& outcomes);

bool decode_cancel_orders(gateway::Call& call);
void encode_cancel_orders(gateway::Call& call, const gateway::Outcomes& outcomes);

}  // namespace venuebox::venues::bybit
