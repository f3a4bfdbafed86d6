#include "venues/bybit/client_signing.h"

#include "crypto/hmac.h"
#include "crypto/rsa.h"
#include "venues/bybit/signing.h"

namespace venuebox::venues::bybit {
namespace {
constexpr std::string_view kRecvWindow = "5000";  // ms; Bybit's default, said all the same

// Bybit's own secrets are letters and digits, so nothing else looks like this.
bool is_private_key(std::string_view secret) {
  return secret.find("PRIVATE KEY") != std::string_view::npos;
}
}  // namespace

Result<std::string> signature_of(std::string_view secret, std::string_view message) {
  if (!is_private_key(secret)) {
    return std::string(crypto::hex_text(crypto::hmac_sha256(secret, {message})).view());
  }
  std::string signature = crypto::rsa_sha256_signature(secret, message);
  if (!signature.empty()) return signature;
  return invalid("secret",
                 "is no RSA private key of 2048 bits or more without a passphrase; give the PEM "
                 "whose public half Bybit knows");
}

Result<void> sign_request(gateway::ClientRequest& request, const gateway::ClientKeys& keys,
                          Timestamp now) {
  const std::string timestamp = std::to_string(now.ms());
  auto signature = signature_of(
      keys.secret,
      pre_image({.timestamp = timestamp,
                 .key = keys.key,
                 .recv_window = kRecvWindow,
                 .payload = request.method == net::Method::get ? request.query : request.body}));
  if (!signature) return signature.error();
  std::erase_if(request.headers,
                [](const auto& header) { return header.first.starts_with("X-BAPI-"); });
  request.headers.reserve(request.headers.size() + 4);
  request.headers.emplace_back("X-BAPI-API-KEY", keys.key);
  request.headers.emplace_back("X-BAPI-TIMESTAMP", timestamp);
  request.headers.emplace_back("X-BAPI-RECV-WINDOW", kRecvWindow);
  request.headers.emplace_back("X-BAPI-SIGN", std::move(*signature));
  return {};
}

}  // namespace venuebox::venues::bybit
