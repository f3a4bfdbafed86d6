// How a client proves who it is: a signature for a token, the token with each call, and a signature
// of its own on each order.
#pragma once

#include "gateway/client_dialect.h"

namespace venuebox::venues::paradex {

// What signing needs of the keys, worked out once. `secret` is a wallet's key, with the address of
// the wallet or of the account in `key`; or the account's Starknet key, with its address. Fails
// when it is neither.
Result<std::shared_ptr<const void>> prepare_keys(const gateway::ClientKeys& keys);

gateway::ClientRequest ask_token();
Result<gateway::ClientToken> read_token(const gateway::ClientResponse& response, Timestamp asked);

// A call for a token is signed by the keys. Any other carries the token, which must be there, and
// an order a signature in its body.
Result<void> sign_request(gateway::ClientRequest& request, const gateway::ClientKeys& keys,
                          Timestamp now);

}  // namespace venuebox::venues::paradex
