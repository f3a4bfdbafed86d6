// For people who write clients: how an order is signed, step by step, and a signed request for a
// shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/venue.h"

namespace venuebox::venues::paradex {

// On each chain: the account, the typed data as a wallet would take it, what becomes of each field,
// the hashes and the signature.
//   credential  with its wallet
//   order       the body of POST /v1/orders, or with an `id` of PUT /v1/orders/{id}; a
//               `signature_timestamp` that is left out is `now`
//   fails       for what is no order; `where` names the field
Result<std::vector<gateway::SigningStep>> explain_order(const gateway::Credential& credential,
                                                        std::string_view order, Timestamp now);

// An onboarding, which is the one request whose signature does not grow old.
std::string curl_example(const gateway::Credential& credential);

}  // namespace venuebox::venues::paradex
