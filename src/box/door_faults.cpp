// Faults of the venue's door: credentials, nonces and clocks.
#include "box/struck.h"

namespace venuebox::box {

bool refused_at_door(Struck& /*struck*/) { return false; }

}  // namespace venuebox::box
