// How people come in: onboarding, once for an account, and a token for every five minutes.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::paradex {

void answer_auth(gateway::Call& call);              // POST /v1/auth, /v1/auth/{}
void answer_onboarding(gateway::Call& call);        // POST /v1/onboarding
void answer_onboarding_query(gateway::Call& call);  // GET /v1/onboarding

}  // namespace venuebox::venues::paradex
