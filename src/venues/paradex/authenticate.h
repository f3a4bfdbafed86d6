// Who asks. POST /v1/auth is signed by the account's Starknet key; everything else that is private
// brings the token that was given for it.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::paradex {

// Says who sent the request, or writes Paradex's refusal. Of a signed request it looks at account,
// times and signature, in this order.
bool authenticate(gateway::Call& call, gateway::FindCredential find, AccountId& account);

}  // namespace venuebox::venues::paradex
