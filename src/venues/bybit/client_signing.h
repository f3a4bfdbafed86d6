// How a client proves who it is: the headers that signing.h verifies.
#pragma once

#include "gateway/client_dialect.h"

namespace venuebox::venues::bybit {

// By HMAC in hexadecimal or, where the secret is a private key in PEM, by RSA in base64. Fails when
// such a key is none.
Result<std::string> signature_of(std::string_view secret, std::string_view message);

Result<void> sign_request(gateway::ClientRequest&, const gateway::ClientKeys&, Timestamp now);

}  // namespace venuebox::venues::bybit
