// Bybit's signatures: HMAC for both ends, where the client signs and the server verifies, and RSA
// for the server, which knows the public half of a key.
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {

// The parts of a request that are signed, as they are on the wire.
struct Signable {
  std::string_view timestamp;    // X-BAPI-TIMESTAMP
  std::string_view key;          // X-BAPI-API-KEY
  std::string_view recv_window;  // X-BAPI-RECV-WINDOW; empty when the header is absent
  std::string_view payload;      // GET: the raw query string; POST: the raw body
};

// What the request's own headers say; empty where they are absent.
Signable signable_of(const gateway::Request& request);

// What goes into the signature; Bybit calls it origin_string.
std::string pre_image(const Signable& parts);

// X-BAPI-SIGN: lower-case hexadecimal.
FixedText<64> sign(std::string_view secret, const Signable& parts);

// Whether the signature of the parts, one after the other, is one by this credential: HMAC in
// hexadecimal, or RSA in base64 where its secret is a public key.
bool is_signed_by(const gateway::Credential&, std::initializer_list<std::string_view> parts,
                  std::string_view signature);

// Why a request that was sent then is not fresh; none: it is.
std::optional<Refusal> check_freshness(std::string_view timestamp, std::string_view recv_window,
                                       Timestamp door_time);
// Whether a stream's `expires`, in ms, still lies ahead.
bool is_ahead(std::string_view expires, Timestamp door_time);

// Says who sent the request, or writes Bybit's refusal. Checks in this order: headers missing or
// given twice, key, timestamp, signature.
bool authenticate(gateway::Call& call, gateway::FindCredential find, AccountId& account);

// Credentials: a key of 18 and a secret of 36 letters and digits, both functions of the name. Given
// `rsaPublicKey` (PEM), there is no secret: the client keeps it.
gateway::Credential demo_credential(std::string_view account_name);
std::vector<std::pair<std::string, std::string>> credential_fields(const gateway::Credential&);
Result<gateway::Credential> credential_from(std::string_view account_name,
                                            const JsonObject& fields);

}  // namespace venuebox::venues::bybit
