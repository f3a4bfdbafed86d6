// What an answer says of its call: retCode and HTTP status in the words that all venues share.
#pragma once

#include "gateway/client_dialect.h"

namespace venuebox::venues::bybit {

gateway::VenueAnswer judge(const gateway::ClientRequest& asked,
                           const gateway::ClientResponse& response);

}  // namespace venuebox::venues::bybit
