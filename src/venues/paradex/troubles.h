// What Paradex says on a bad day.
#pragma once

#include <span>

#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {

std::span<const gateway::TroubleWords> troubles();
void tell(Call& call, const gateway::TroubleTold& told);

}  // namespace venuebox::venues::paradex
