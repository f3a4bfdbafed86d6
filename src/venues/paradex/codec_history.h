// What an account did at Paradex, read: its orders, fills, funding, liquidations and transfers.
#pragma once

#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {

void answer_open_orders(Call& call);
void answer_order(Call& call);               // by the id in the path
void answer_order_by_client_id(Call& call);  // likewise
void answer_orders_history(Call& call);

void answer_fills(Call& call);
void answer_funding_payments(Call& call);
void answer_liquidations(Call& call);
void answer_transfers(Call& call);

// A page, or a list, of what cannot happen in a box: transactions of a chain, trades taken back,
// algo orders.
void answer_empty_page(Call& call);
void answer_empty_list(Call& call);
void answer_unknown_algo_order(Call& call);

// All private queries take from one budget.
gateway::Cost cost_of_query(Call& call);

}  // namespace venuebox::venues::paradex
