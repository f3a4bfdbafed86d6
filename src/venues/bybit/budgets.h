// What Bybit's trading calls take from an account's limits: orders per second, spot and each kind
// of derivatives apart, and a batch as many as it has entries.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::bybit {

gateway::Cost cost_of_placing(gateway::Call& call);
gateway::Cost cost_of_amending(gateway::Call& call);
gateway::Cost cost_of_cancelling(gateway::Call& call);
gateway::Cost cost_of_cancelling_all(gateway::Call& call);
gateway::Cost cost_of_placing_batch(gateway::Call& call);
gateway::Cost cost_of_amending_batch(gateway::Call& call);
gateway::Cost cost_of_cancelling_batch(gateway::Call& call);

}  // namespace venuebox::venues::bybit
