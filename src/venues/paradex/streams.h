// Paradex's WebSocket: one endpoint for public data, an account's own, and order entry.
#pragma once

#include "gateway/stream.h"

namespace venuebox::venues::paradex {

extern const gateway::StreamTable stream_table;

}  // namespace venuebox::venues::paradex
