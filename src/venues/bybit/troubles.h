// What Bybit says on a bad day: one row for each trouble, and how it is told over HTTP and on the
// trade stream.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::bybit {

std::span<const gateway::TroubleWords> troubles();
void tell(gateway::Call& call, const gateway::TroubleTold& told);
// GET /v5/system/status with one entry.
void announce(gateway::Call& call, const gateway::MaintenanceNotice& notice);

}  // namespace venuebox::venues::bybit
