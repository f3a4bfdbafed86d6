// Private REST about money that moved: closed positions, the transaction log, demo money,
// transfers.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::bybit {

void answer_closed_profits(gateway::Call& call);
void answer_transactions(gateway::Call& call);
void answer_coin_balances(gateway::Call& call);
void answer_transfer(gateway::Call& call);

bool decode_demo_money(gateway::Call& call);
void encode_demo_money(gateway::Call& call, const gateway::Outcomes& outcomes);

}  // namespace venuebox::venues::bybit
