// What an account is and has at Paradex: positions, balance, margin, and its own description.
#pragma once

#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {

void answer_positions(Call& call);
void answer_balance(Call& call);
void answer_account(Call& call);

void answer_account_info(Call& call);
void answer_account_profile(Call& call);
void answer_account_settings(Call& call);
void answer_account_summary(Call& call);

void answer_margin(Call& call);
// Leverage and margin mode of the market in the path.
bool decode_margin(Call& call);
void encode_margin(Call& call, const gateway::Outcomes& outcomes);

}  // namespace venuebox::venues::paradex
