// Faults of trading. They act by ordinary commands, which are journaled, so that the laws hold and
// the journal tells the same story without them.
#include "box/struck.h"

namespace venuebox::box {

void prepare_trading(Struck& /*struck*/) {}

void finish_trading(Struck& /*struck*/) {}

}  // namespace venuebox::box
