#include "venues/paradex/authenticate.h"

#include <optional>

#include <fmt/format.h>

#include "venues/paradex/jwt.h"
#include "venues/paradex/keys.h"
#include "venues/paradex/request_signature.h"
#include "venues/paradex/signature_text.h"
#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::Credential;

constexpr std::int64_t kAheadMaxS = 30;  // how far a client's clock may run ahead of ours
constexpr std::int64_t kSignatureLifeMaxS = 7 * 24 * 3'600;

// Empty where the header is absent or given twice: which of them was meant is the sender's secret.
std::string_view only_header(const Call& call, std::string_view name) {
  if (call.request.header_count(name) != 1) return {};
  return *call.request.header(name);
}

std::string_view bearer_of(const Call& call) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view value = only_header(call, "authorization");
  if (!net::same_name(value.substr(0, kScheme.size()), kScheme)) return {};
  return value.substr(kScheme.size());
}

// Seconds since 1970; none for anything but digits.
std::optional<std::int64_t> seconds_from_text(std::string_view text) {
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return gateway::integer_from_text(text);
}

struct SignedTimes {
  std::int64_t timestamp = 0;
  std::int64_t expiration = 0;
};

// Why the times of a signature do not do.
std::optional<Refusal> read_times(const Call& call, SignedTimes& times) {
  const std::int64_t now = call.door_time.ms() / 1'000;
  const auto timestamp = seconds_from_text(only_header(call, "paradex-timestamp"));
  const auto expiration = seconds_from_text(only_header(call, "paradex-signature-expiration"));
  const auto bad_timestamp = [](std::string_view why) {
    return Refusal{400, "INVALID_TIMESTAMP", fmt::format("PARADEX-TIMESTAMP: {}", why)};
  };
  const auto bad_expiration = [](std::string_view why) {
    return Refusal{400, "INVALID_SIGNATURE_EXPIRATION",
                   fmt::format("PARADEX-SIGNATURE-EXPIRATION: {}", why)};
  };
  if (!timestamp) return bad_timestamp("has to be there once, in seconds");
  if (!expiration) return bad_expiration("has to be there once, in seconds");
  if (*timestamp > now + kAheadMaxS)
    return bad_timestamp(fmt::format("is ahead of the venue's clock, {}", now));
  if (*expiration <= now) return bad_expiration(fmt::format("has passed; it is {} now", now));
  if (*expiration - *timestamp > kSignatureLifeMaxS)
    return bad_expiration("lies more than 7 days behind the timestamp");
  times = {*timestamp, *expiration};
  return std::nullopt;
}

bool authenticate_signature(Call& call, gateway::FindCredential find, AccountId& account) {
  const auto address = canonical_felt(only_header(call, "paradex-starknet-account"));
  if (!address) return refuse(call, refusal_of(kBadAddress));
  const Credential* credential = find(*address);
  if (!credential) return refuse(call, refusal_of(kNotOnboarded));
  if (!call.arguments.empty()) {
    const auto named = canonical_felt(call.arguments[0]);
    if (!named || *named != credential->public_key) return refuse(call, refusal_of(kBadPublicKey));
  }
  SignedTimes times;
  if (const auto no = read_times(call, times)) return refuse(call, *no);
  const auto signature = signature_from_text(only_header(call, "paradex-starknet-signature"));
  if (!signature) return refuse(call, refusal_of(kMalformedSignature));
  const Verifier& verifier = verifier_of(*credential);
  const auto hash = auth_hash(verifier.signer, times.timestamp, times.expiration);
  if (!verifier.key.verifies(hash, *signature)) return refuse(call, refusal_of(kWrongSignature));
  account = credential->account;
  return true;
}

bool authenticate_token(Call& call, gateway::FindCredential find, AccountId& account) {
  const auto read = subject_of_token(call.box_key, bearer_of(call), call.door_time);
  if (const auto* fault = std::get_if<TokenFault>(&read)) {
    const bool is_token = *fault == TokenFault::foreign || *fault == TokenFault::expired;
    return refuse(call, refusal_of(is_token ? kExpiredJwt : kMissingJwt));
  }
  const Credential* credential = find(std::get<std::string>(read));
  if (!credential) return refuse(call, refusal_of(kUnknownSubject));
  account = credential->account;
  return true;
}
}  // namespace

bool authenticate(Call& call, gateway::FindCredential find, AccountId& account) {
  // With a public key behind it or not.
  const bool is_signed = call.request.path.starts_with("/v1/auth");
  return is_signed ? authenticate_signature(call, find, account)
                   : authenticate_token(call, find, account);
}

}  // namespace venuebox::venues::paradex
