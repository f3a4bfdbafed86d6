#include "venues/bybit/client_signing.h"

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

Result<void> sign_request(gateway::ClientRequest& request, const gateway::ClientKeys& keys,
                          Timestamp now) {
  const std::string timestamp = std::to_string(now.ms());
  const Signable parts{
      .timestamp = timestamp,
      .key = keys.key,
      .recv_window = kRecvWindow,
      .payload = request.method == net::Method::get ? request.query : request.body};
  std::string signature;
  if (is_private_key(keys.secret)) {
    signature = crypto::rsa_sha256_signature(keys.secret, pre_image(parts));
    if (signature.empty()) {
      return invalid("secret",
                     "is no RSA private key of 2048 bits or more without a passphrase; give the "
                     "PEM whose public half Bybit knows");
    }
  } else {
    signature = sign(keys.secret, parts).view();
  }
  std::erase_if(request.headers,
                [](const auto& header) { return header.first.starts_with("X-BAPI-"); });
  request.headers.reserve(request.headers.size() + 4);
  request.headers.emplace_back("X-BAPI-API-KEY", keys.key);
  request.headers.emplace_back("X-BAPI-TIMESTAMP", timestamp);
  request.headers.emplace_back("X-BAPI-RECV-WINDOW", kRecvWindow);
  request.headers.emplace_back("X-BAPI-SIGN", std::move(signature));
  return {};
}

}  // namespace venuebox::venues::bybit
