#include "venues/bybit/signing.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "crypto/hmac.h"
#include "crypto/rsa.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
enum AuthHeader : std::size_t { kKey, kTimestamp, kRecvWindow, kSign };
constexpr std::array<std::string_view, 4> kHeaderNames{"x-bapi-api-key", "x-bapi-timestamp",
                                                       "x-bapi-recv-window", "x-bapi-sign"};
constexpr std::int64_t kRecvWindowDefaultMs = 5'000;
constexpr std::int64_t kAheadMaxMs = 1'000;  // how far a client's clock may run ahead of ours
constexpr std::size_t kMillisecondsDigitsMax = 15;  // so that no sum of two can overflow

// Public knowledge: whoever reads this can trade as alice in a box, which is what it is for.
constexpr std::string_view kDemoSeed = "venuebox demo credentials for bybit";

// Our four headers, found in one pass.
struct AuthHeaders {
  std::array<std::string_view, kHeaderNames.size()> values;
  std::array<int, kHeaderNames.size()> counts{};
};

//   name  a token, as the parser lets through: among those the bit of the letters' case turns
//   nothing
//         else into a letter, a digit or a dash
bool is_named(std::string_view name, std::string_view lower_case_name) {
  return std::ranges::equal(name, lower_case_name, [](char a, char b) { return (a | 0x20) == b; });
}

AuthHeaders read_headers(std::span<const net::Header> headers) {
  AuthHeaders found;
  for (const net::Header& header : headers) {
    for (std::size_t i = 0; i < kHeaderNames.size(); ++i) {
      if (header.name.size() != kHeaderNames[i].size()) continue;
      if (!is_named(header.name, kHeaderNames[i])) continue;
      found.values[i] = header.value;
      ++found.counts[i];
    }
  }
  return found;
}

std::optional<std::int64_t> milliseconds_from_text(std::string_view text) {
  std::int64_t value = 0;
  if (text.empty() || text.size() > kMillisecondsDigitsMax) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::string letters_and_digits(std::string_view purpose, std::string_view name, std::size_t size) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string text;
  for (char block = '0'; text.size() < size; ++block) {
    const auto digest =
        crypto::hmac_sha256(kDemoSeed, {purpose, std::string_view(&block, 1), "/", name});
    for (const std::uint8_t byte : digest) {
      if (text.size() < size) text.push_back(kAlphabet[byte % kAlphabet.size()]);
    }
  }
  return text;
}

// In place of a secret, which never looks like this: it is letters and digits.
bool is_public_key(std::string_view secret) { return secret.starts_with("-----BEGIN "); }

Refusal missing_headers(const Signable& parts, std::string_view signature) {
  return {kParameterError,
          fmt::format("empty value: apiTimestamp[{}] apiKey[{}] apiSignature[{}]: openapi sign "
                      "params error!",
                      parts.timestamp, parts.key, signature),
          401};
}

Signable signable_of(const gateway::Request& request, const AuthHeaders& headers) {
  const bool is_get = request.method == gateway::Method::get;
  return {.timestamp = headers.values[kTimestamp],
          .key = headers.values[kKey],
          .recv_window = headers.values[kRecvWindow],
          .payload = is_get ? request.query : request.body};
}
}  // namespace

Signable signable_of(const gateway::Request& request) {
  return signable_of(request, read_headers(request.headers));
}

std::optional<Refusal> check_freshness(std::string_view timestamp, std::string_view recv_window,
                                       Timestamp door_time) {
  const auto sent = milliseconds_from_text(timestamp);
  if (!sent) return bad_parameter(kHeaderNames[kTimestamp]);
  const auto window = recv_window.empty() ? std::optional(kRecvWindowDefaultMs)
                                          : milliseconds_from_text(recv_window);
  if (!window) return bad_parameter(kHeaderNames[kRecvWindow]);
  const std::int64_t server = door_time.ms();
  if (server - *window <= *sent && *sent < server + kAheadMaxMs) return std::nullopt;
  return Refusal{
      kStaleRequest,
      fmt::format("invalid request, please check your server timestamp or recv_window param. "
                  "req_timestamp[{}],server_timestamp[{}],recv_window[{}]",
                  *sent, server, *window)};
}

bool is_ahead(std::string_view expires, Timestamp door_time) {
  const auto until = milliseconds_from_text(expires);
  return until && *until > door_time.ms();
}

std::string pre_image(const Signable& parts) {
  return fmt::format("{}{}{}{}", parts.timestamp, parts.key, parts.recv_window, parts.payload);
}

FixedText<64> sign(std::string_view secret, const Signable& parts) {
  return crypto::hex_text(
      crypto::hmac_sha256(secret, {parts.timestamp, parts.key, parts.recv_window, parts.payload}));
}

bool is_signed_by(const gateway::Credential& credential,
                  std::initializer_list<std::string_view> parts, std::string_view signature) {
  if (!is_public_key(credential.secret)) {
    const auto expected = crypto::hex_text(crypto::hmac_sha256(credential.secret, parts));
    return crypto::equal_in_constant_time(expected.view(), signature);
  }
  std::string message;
  for (const std::string_view part : parts)
    message += part;
  return crypto::rsa_sha256_verifies(credential.secret, message, signature);
}

bool authenticate(Call& call, gateway::FindCredential find, AccountId& account) {
  const gateway::Request& request = call.request;
  const AuthHeaders headers = read_headers(request.headers);
  for (std::size_t i = 0; i < kHeaderNames.size(); ++i) {
    if (headers.counts[i] > 1) {
      return refuse(
          call, {kParameterError, fmt::format("params error: {} is given twice", kHeaderNames[i])});
    }
  }
  if (request.method == gateway::Method::get && !request.body.empty()) {
    return refuse(call, {kParameterError, "params error: a GET has no body", 403});
  }
  const Signable parts = signable_of(request, headers);
  const std::string_view signature = headers.values[kSign];
  if (parts.timestamp.empty() || parts.key.empty() || signature.empty()) {
    return refuse(call, missing_headers(parts, signature));
  }
  const gateway::Credential* credential = find(parts.key);
  if (!credential) return refuse(call, {kUnknownKey, "API key is invalid.", 401});
  if (auto stale = check_freshness(parts.timestamp, parts.recv_window, call.door_time))
    return refuse(call, *stale);
  if (!is_signed_by(*credential, {parts.timestamp, parts.key, parts.recv_window, parts.payload},
                    signature)) {
    return refuse(
        call, {kWrongSignature, fmt::format("error sign! origin_string[{}]", pre_image(parts))});
  }
  account = credential->account;
  return true;
}

gateway::Credential demo_credential(std::string_view account_name) {
  return {.account = {},
          .key = letters_and_digits("key", account_name, 18),
          .secret = letters_and_digits("secret", account_name, 36)};
}

std::vector<std::pair<std::string, std::string>> credential_fields(
    const gateway::Credential& credential) {
  if (is_public_key(credential.secret)) {
    return {{"apiKey", credential.key}, {"rsaPublicKey", credential.secret}};
  }
  return {{"apiKey", credential.key}, {"secret", credential.secret}};
}

Result<gateway::Credential> credential_from(std::string_view account_name,
                                            const JsonObject& fields) {
  gateway::Credential credential = demo_credential(account_name);
  const auto take = [&](std::string_view name, std::string& into) {
    const JsonValue* value = fields.find(name);
    if (value && value->kind == JsonKind::text && !value->text.empty()) into = value->text;
  };
  take("apiKey", credential.key);
  take("secret", credential.secret);
  std::string public_key;
  take("rsaPublicKey", public_key);
  if (public_key.empty() && !is_public_key(credential.secret)) return credential;
  if (public_key.empty()) {
    return Error{ErrorKind::invalid, "secret", "a public key is given as rsaPublicKey"};
  }
  if (!crypto::is_rsa_public_key(public_key)) {
    return Error{ErrorKind::invalid, "rsaPublicKey",
                 "must be an RSA key of 2048 bits or more, as openssl pkey -pubout writes it"};
  }
  credential.secret = std::move(public_key);
  return credential;
}

}  // namespace venuebox::venues::bybit
