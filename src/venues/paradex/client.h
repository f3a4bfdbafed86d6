// The client's side of Paradex: requests in its words, and what its answers mean. Sources and gaps:
// docs/venues/paradex.md
#pragma once

#include "gateway/client_dialect.h"

namespace venuebox::venues::paradex {
extern const gateway::ClientDialect client_dialect;
}  // namespace venuebox::venues::paradex
