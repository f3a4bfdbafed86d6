// Public REST about the past of a market: candles, open interest, funding.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::bybit {

void answer_candles(gateway::Call& call);
void answer_open_interest(gateway::Call& call);
void answer_funding_history(gateway::Call& call);

}  // namespace venuebox::venues::bybit
