// Private REST that reads orders and executions, with Bybit's filters, time windows and pages.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::bybit {

void answer_open_orders(gateway::Call& call);    // order/realtime, closed ones by id included
void answer_closed_orders(gateway::Call& call);  // order/history
void answer_executions(gateway::Call& call);

}  // namespace venuebox::venues::bybit
