// Private REST about the account itself: key, modes, fees, balances, positions and leverage.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::bybit {

void answer_api_key(gateway::Call& call);
void answer_account_info(gateway::Call& call);
void answer_coin_info(gateway::Call& call);
void answer_wallet_balance(gateway::Call& call);
void answer_fee_rates(gateway::Call& call);
void answer_positions(gateway::Call& call);

bool decode_set_leverage(gateway::Call& call);
void encode_set_leverage(gateway::Call& call, const gateway::Outcomes& outcomes);

}  // namespace venuebox::venues::bybit
