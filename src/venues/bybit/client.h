// The client's side of Bybit V5: requests in its words, and what its answers mean. Sources and
// gaps: docs/venues/bybit.md
#pragma once

#include "gateway/client_dialect.h"

namespace venuebox::venues::bybit {
extern const gateway::ClientDialect client_dialect;
}  // namespace venuebox::venues::bybit
