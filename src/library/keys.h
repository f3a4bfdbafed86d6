// The keys that a connection signs with, from wherever the settings say.
#pragma once

#include "gateway/venue.h"
#include "library/connect.h"

namespace venuebox::library {

// Absent: there are none, and the connection is read-only. Fails where there is one that cannot be
// a key; the error names the place it comes from and never repeats it.
//   is_box  where it connects to has demo accounts
Result<std::optional<gateway::ClientKeys>> keys_of(const ConnectSettings& settings,
                                                   const gateway::Venue& venue, bool is_box);

// What has to be set for trading.
std::string missing_keys(const ConnectSettings& settings, const gateway::Venue& venue);

}  // namespace venuebox::library
