// Private REST that changes what backs positions: position mode, margin mode, isolated margin, risk
// limits.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::bybit {

bool decode_switch_position_mode(gateway::Call& call);
void encode_switch_position_mode(gateway::Call& call, const gateway::Outcomes& outcomes);

bool decode_set_margin_mode(gateway::Call& call);
void encode_set_margin_mode(gateway::Call& call, const gateway::Outcomes& outcomes);

bool decode_add_margin(gateway::Call& call);
void encode_add_margin(gateway::Call& call, const gateway::Outcomes& outcomes);

// What a unified account has no use for any more.
void answer_switch_isolated(gateway::Call& call);
void answer_set_risk_limit(gateway::Call& call);
void answer_set_auto_add_margin(gateway::Call& call);

}  // namespace venuebox::venues::bybit
