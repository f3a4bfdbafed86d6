// What a client signs to come in: the typed data of POST /v1/onboarding and of POST /v1/auth.
#pragma once

#include <cstdint>

#include "venues/paradex/domain.h"

namespace venuebox::venues::paradex {

// Constant{action: "Onboarding"}: the same for ever, so a client may send it again.
crypto::starknet::Felt onboarding_hash(const Signer& signer);

// Request{POST, /v1/auth, no body, timestamp, expiration}. The path is this one wherever the
// server is mounted, and whether or not the URL ends in a public key.
//   timestamp, expiration  seconds since 1970, not negative
crypto::starknet::Felt auth_hash(const Signer& signer, std::int64_t timestamp,
                                 std::int64_t expiration);

}  // namespace venuebox::venues::paradex
