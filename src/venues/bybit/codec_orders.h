// Private REST that changes orders: one order, or a batch of them.
#pragma once

#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {

bool decode_place_order(gateway::Call& call);
void encode_place_order(gateway::Call& call, const gateway::Outcomes& outcomes);

bool decode_amend_order(gateway::Call& call);
void encode_amend_order(gateway::Call& call, const gateway::Outcomes& outcomes);

bool decode_cancel_order(gateway::Call& call);
void encode_cancel_order(gateway::Call& call, const gateway::Outcomes& outcomes);

// Each entry of a batch succeeds or fails on its own, those that do not decode included.
bool decode_place_orders(gateway::Call& call);
void encode_place_orders(gateway::Call& call, const gateway::Outcomes& outcomes);

bool decode_amend_orders(gateway::Call& call);
void encode_amend_orders(gateway::Call& call, const gateway::Outcomes& outcomes);

bool decode_cancel_orders(gateway::Call& call);
void encode_cancel_orders(gateway::Call& call, const gateway::Outcomes& outcomes);

// The two ids of an order, as every acknowledgement has them.
void write_order_ids(JsonWriter&, const Call&, OrderId, const ClientOrderId&, InstrumentKindOf);
// An order of the caller, live or lately ended.
std::optional<Order> order_of(const Call&, OrderId);

}  // namespace venuebox::venues::bybit
