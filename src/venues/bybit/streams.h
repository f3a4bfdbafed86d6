// Bybit's WebSocket streams: public data by market, an account's own, and order entry.
#pragma once

#include "gateway/stream.h"

namespace venuebox::venues::bybit {

extern const gateway::StreamTable stream_table;

}  // namespace venuebox::venues::bybit
