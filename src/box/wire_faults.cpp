// Faults of the wire: what becomes of the answer's bytes, and of the connection.
#include "box/struck.h"

namespace venuebox::box {

bool ends_on_the_wire(Struck& /*struck*/) { return false; }

void bend_delivery(std::span<const faults::Strike> strikes, net::Response& response) {
  for (const faults::Strike& strike : strikes) {
    if (strike.action.type != faults::ActionType::empty_body) continue;
    response.body.clear();
    response.status = static_cast<int>(strike.action.number("status"));
  }
}

}  // namespace venuebox::box
