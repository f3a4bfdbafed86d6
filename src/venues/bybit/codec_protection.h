// position/trading-stop: what protects a position.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::bybit {

bool decode_trading_stop(gateway::Call& call);
void encode_trading_stop(gateway::Call& call, const gateway::Outcomes& outcomes);

}  // namespace venuebox::venues::bybit
