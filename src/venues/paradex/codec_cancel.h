// Orders at Paradex, cancelled: one, several or all.
#pragma once

#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {

bool decode_cancel_order(Call& call);               // by the id in the path
bool decode_cancel_order_by_client_id(Call& call);  // likewise
void encode_cancel_order(Call& call, const gateway::Outcomes& outcomes);

bool decode_cancel_all(Call& call);
void encode_cancel_all(Call& call, const gateway::Outcomes& outcomes);

bool decode_cancel_orders(Call& call);
void encode_cancel_orders(Call& call, const gateway::Outcomes& outcomes);

}  // namespace venuebox::venues::paradex
