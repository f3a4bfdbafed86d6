// Public REST: time, status, instruments, tickers, books and trades.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::bybit {

void answer_time(gateway::Call& call);
void answer_system_status(gateway::Call& call);
void answer_instruments(gateway::Call& call);
void answer_tickers(gateway::Call& call);
void answer_order_book(gateway::Call& call);
void answer_recent_trades(gateway::Call& call);

}  // namespace venuebox::venues::bybit
