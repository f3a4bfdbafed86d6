// What an answer says of its call: code and HTTP status in the words that all venues share.
#pragma once

#include "gateway/client_dialect.h"

namespace venuebox::venues::paradex {

gateway::VenueAnswer judge(const gateway::ClientRequest& asked,
                           const gateway::ClientResponse& response);

}  // namespace venuebox::venues::paradex
