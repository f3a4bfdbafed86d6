#include "venues/paradex/client_verdict.h"

#include <algorithm>

#include "gateway/client_fields.h"
#include "gateway/reading.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::ClientRequest;
using gateway::ClientResponse;
using gateway::VenueAnswer;
using gateway::Verdict;
using enum gateway::Verdict;

constexpr std::int64_t kWaitMaxS = 600;  // a longer Retry-After is no answer

struct Row {
  std::string_view code;
  Verdict verdict;
};

// What is not here is refused. `uncertain` becomes unavailable where nothing could have been done.
// clang-format off
constexpr Row kRows[] = {
    {"ACCOUNT_NOT_FOUND",                      not_authorised},
    {"CLIENT_ORDER_ID_NOT_FOUND",              unknown_order},
    {"DUPLICATED_CLIENT_ID",                   duplicate_client_order_id},
    {"GEO_IP_BLOCK",                           not_authorised},
    {"INTERNAL_ERROR",                         uncertain},
    {"INVALID_ORDER_SIGNATURE",                not_authorised},
    {"INVALID_SIGNATURE_EXPIRATION",           stale_clock},
    {"INVALID_STARKNET_ADDRESS",               not_authorised},
    {"INVALID_STARKNET_SIGNATURE",             not_authorised},
    {"INVALID_TIMESTAMP",                      stale_clock},
    {"MARKET_NOT_OPEN",                        maintenance},
    {"NOT_ONBOARDED",                          not_authorised},
    {"ORDER_ID_NOT_FOUND",                     unknown_order},
    {"ORDER_IS_CLOSED",                        unknown_order},
    {"ORDER_IS_NOT_OPEN",                      unknown_order},
    {"PUBLIC_KEY_INVALID",                     not_authorised},
    {"SERVICE_UNAVAILABLE",                    unavailable},
    {"STARKNET_SIGNATURE_VERIFICATION_FAILED", not_authorised},
    {"SYSTEM_STATUS_CANCEL_ONLY",              maintenance},
    {"SYSTEM_STATUS_POST_ONLY",                maintenance},
    {"UNAUTHORIZED_ERROR",                     not_authorised},
};
// clang-format on
static_assert(std::ranges::is_sorted(kRows, {}, &Row::code));

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// A call that changes nothing can simply be made again.
Verdict broken_down(const ClientRequest& asked) {
  return asked.method == net::Method::get ? unavailable : uncertain;
}

Verdict verdict_of_status(const ClientRequest& asked, int status) {
  if (status == 401 || status == 403) return not_authorised;
  if (status == 429) return rate_limited;
  return status >= 500 ? broken_down(asked) : refused;
}

Verdict verdict_of(std::string_view code, std::string_view words, const ClientRequest& asked,
                   int status) {
  const auto* row = std::ranges::lower_bound(kRows, code, {}, &Row::code);
  if (row == std::end(kRows) || row->code != code) {
    if (code == "VALIDATION_ERROR" && words.starts_with("price")) return bad_price;
    return verdict_of_status(asked, status);
  }
  if (row->verdict == uncertain) return broken_down(asked);
  return row->verdict == unavailable && holds(words, "maintenance") ? maintenance : row->verdict;
}

Nanoseconds retry_after(const ClientResponse& response) {
  for (const auto& [name, value] : response.headers) {
    if (!net::same_name(name, "Retry-After")) continue;
    const auto wait = gateway::integer_from_text(value);
    return wait && *wait > 0 && *wait <= kWaitMaxS ? seconds(*wait) : Nanoseconds{};
  }
  return {};
}
}  // namespace

// A cancellation is answered without a body.
VenueAnswer judge(const ClientRequest& asked, const ClientResponse& response) {
  VenueAnswer answer{.verdict = ok, .code = response.status, .words = {}, .retry_after = {}};
  JsonObject json;
  const bool is_json = static_cast<bool>(json.parse(response.body));
  const bool is_sound = response.status >= 200 && response.status < 300;
  if (is_sound) {
    const bool may_be_empty = response.status == 204 && response.body.empty();
    answer.verdict = is_json || may_be_empty ? ok : garbled;
    return answer;
  }
  if (!is_json) {
    answer.words = "HTTP " + std::to_string(response.status);
    answer.verdict = verdict_of_status(asked, response.status);
    if (answer.verdict == refused) answer.verdict = garbled;
  } else {
    gateway::Fields fields(json, "");
    const std::string code = fields.text_or_empty("error");
    const std::string words = fields.text_or_empty("message");
    answer.words = code.empty() ? words : code + ": " + words;
    answer.verdict = verdict_of(code, words, asked, response.status);
  }
  if (answer.verdict == rate_limited) answer.retry_after = retry_after(response);
  return answer;
}

}  // namespace venuebox::venues::paradex
