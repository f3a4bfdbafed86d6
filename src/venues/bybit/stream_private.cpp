// An account's own news as it is pushed. Clients tell spot from derivatives by the first row of a
// message, so rows of the two are never mixed.
#include <fmt/format.h>

#include "venues/bybit/stream_wire.h"

namespace venuebox::venues::bybit {

void publish_private(Publication&) {}

}  // namespace venuebox::venues::bybit
