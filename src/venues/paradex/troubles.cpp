// Sources: docs/venues/paradex.md, "Errors". Paradex has no bans, no nonces and no allowed
// addresses: there it says what is nearest. In front of it stands a proxy.
#include "venues/paradex/troubles.h"

#include <algorithm>
#include <array>

namespace venuebox::venues::paradex {
namespace {
using gateway::Trouble;
using gateway::TroubleForm;
using gateway::TroubleTold;
using gateway::TroubleWords;
using enum Trouble;

constexpr std::string_view kTooMany = "Rate limit exceeded";

// In the order of the enum, which is asserted below.
// clang-format off
constexpr std::array<TroubleWords, gateway::kTroubles> kRows{{
    {signature_wrong,     400, "INVALID_ORDER_SIGNATURE", "invalid order signature"},
    {key_unknown,         401, kMissingJwt.code, kMissingJwt.text},
    {session_expired,     401, kExpiredJwt.code, kExpiredJwt.text},
    {address_not_allowed, 403, "FORBIDDEN", "address is not allowed"},
    {permission_missing,  403, "FORBIDDEN", "permission denied"},
    {timestamp_too_old,   400, "INVALID_TIMESTAMP", "timestamp is too old"},
    {nonce_duplicate,     400, "INVALID_TIMESTAMP", "timestamp was used before"},
    {nonce_gap,           400, "INVALID_TIMESTAMP", "timestamp is out of order"},
    {rate_limited,        429, "", kTooMany},
    {account_banned,      429, "", kTooMany},
    {address_banned,      403, "", "Forbidden", TroubleForm::page},
    {budget_spent,        429, "", kTooMany},
    {maintenance,         503, "SERVICE_UNAVAILABLE", "service unavailable"},
    {overloaded,          503, "SERVICE_UNAVAILABLE", "service unavailable"},
    {internal_error,      500, "INTERNAL_ERROR", "internal error"},
    {server_error,        500, "INTERNAL_ERROR", "Internal Server Error", TroubleForm::page},
    {bad_gateway,         502, "INTERNAL_ERROR", "Bad Gateway", TroubleForm::page},
    {unavailable,         503, "SERVICE_UNAVAILABLE", "Service Temporarily Unavailable", TroubleForm::page},
    {gateway_timeout,     504, "INTERNAL_ERROR", "Gateway Time-out", TroubleForm::page},
}};
// clang-format on
static_assert(std::ranges::is_sorted(kRows, {}, &TroubleWords::trouble) &&
                  std::ranges::adjacent_find(kRows, {}, &TroubleWords::trouble) == kRows.end(),
              "a trouble is missing or out of place");
}  // namespace

std::span<const TroubleWords> troubles() { return kRows; }

void tell(Call& call, const TroubleTold& told) {
  const TroubleWords& row = kRows[static_cast<std::size_t>(told.trouble)];
  if (row.status == 429) {
    write_limit_headers(call.response, told.limit, 0, call.now + told.wait);
    const Int128 wait = div_ceil(told.wait.raw, seconds(1).raw);
    call.response.add_header("Retry-After", std::to_string(static_cast<std::int64_t>(wait)));
  }
  const std::string words(told.message.empty() ? row.text : told.message);
  if (row.form == TroubleForm::envelope || told.is_on_stream) {
    refuse(call, {row.status, std::string(row.code), words});
    return;
  }
  call.response.status = row.status;
  call.response.content_type = "text/html";
  call.response.body = gateway::nginx_page(row.status, words);
}

}  // namespace venuebox::venues::paradex
