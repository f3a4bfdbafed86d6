// Sources: docs/venues/bybit.md, "Errors"; codes and statuses as documented, the words of 10002 and
// 10004 as observed. Bybit has no ban of an account's budget and no nonce: there it says what is
// nearest. In front of it stands a proxy, which answers when Bybit does not.
#include "venues/bybit/troubles.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "venues/bybit/signing.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::Trouble;
using gateway::TroubleForm;
using gateway::TroubleTold;
using gateway::TroubleWords;
using enum Trouble;

constexpr std::string_view kVisits = "Too many visits. Exceeded the API Rate Limit.";
constexpr std::string_view kStale =
    "invalid request, please check your server timestamp or recv_window param.";

// In the order of the enum, which is asserted below.
// clang-format off
constexpr std::array<TroubleWords, gateway::kTroubles> kRows{{
    {signature_wrong,     200, "10004", "error sign!"},
    {key_unknown,         401, "10003", "API key is invalid."},
    {session_expired,     200, "33004", "Your api key has expired."},
    {address_not_allowed, 200, "10010", "Unmatched IP, please check your API key's bound IP addresses."},
    {permission_missing,  200, "10005", "Permission denied, please check your API key permissions."},
    {timestamp_too_old,   200, "10002", kStale},
    {nonce_duplicate,     200, "10014", "Invalid duplicate request."},
    {nonce_gap,           200, "10002", kStale},
    {rate_limited,        200, "10006", kVisits},
    {account_banned,      200, "10008", "Common banned, please check your account mode."},
    {address_banned,      403, "10403", "access too frequent", TroubleForm::text},
    {budget_spent,        200, "10006", kVisits},
    {maintenance,         503, "10016", "System maintenance in progress.", TroubleForm::page},
    {overloaded,          200, "10016", "Server error."},
    {internal_error,      200, "10000", "Server Timeout"},
    {server_error,        500, "10016", "Internal Server Error", TroubleForm::page},
    {bad_gateway,         502, "10016", "Bad Gateway", TroubleForm::page},
    {unavailable,         503, "10016", "Service Temporarily Unavailable", TroubleForm::page},
    {gateway_timeout,     504, "10016", "Gateway Time-out", TroubleForm::page},
}};
// clang-format on
static_assert(std::ranges::is_sorted(kRows, {}, &TroubleWords::trouble) &&
                  std::ranges::adjacent_find(kRows, {}, &TroubleWords::trouble) == kRows.end(),
              "a trouble is missing or out of place");

// What Bybit adds of the request that it refuses; the frames of a stream carry no signature.
std::string words_of(const Call& call, const TroubleTold& told, const TroubleWords& row) {
  if (!told.message.empty()) return std::string(told.message);
  if (told.is_on_stream) return std::string(row.text);
  const Signable parts = signable_of(call.request);
  if (row.trouble == signature_wrong) {
    return fmt::format("{} origin_string[{}]", row.text, pre_image(parts));
  }
  if (row.text != kStale) return std::string(row.text);
  return fmt::format("{} req_timestamp[{}],server_timestamp[{}],recv_window[{}]", row.text,
                     parts.timestamp, call.door_time.ms(), parts.recv_window);
}

bool is_limit(Trouble trouble) { return trouble == rate_limited || trouble == budget_spent; }
}  // namespace

std::span<const TroubleWords> troubles() { return kRows; }

void tell(Call& call, const TroubleTold& told) {
  const TroubleWords& row = kRows[static_cast<std::size_t>(told.trouble)];
  // A client counts the wait from the envelope's time on, which is the box's.
  if (is_limit(row.trouble))
    write_limit_headers(call.response, told.limit, 0, call.now + told.wait);
  const std::string words = words_of(call, told, row);
  if (row.form == TroubleForm::envelope || told.is_on_stream) {
    refuse(call, {std::stoi(std::string(row.code)), words, row.status});
    return;
  }
  call.response.status = row.status;
  call.response.content_type = row.form == TroubleForm::page ? "text/html" : "text/plain";
  call.response.body =
      row.form == TroubleForm::page ? gateway::nginx_page(row.status, words) : words;
}

void announce(Call& call, const gateway::MaintenanceNotice& notice) {
  reply(call, [&](JsonWriter& json) {
    json.open().key("list").open_list().open().number_text("id", notice.begin.ms());
    json.text("title", notice.message.empty() ? "System maintenance" : notice.message);
    json.text("state", notice.is_ongoing ? "ongoing" : "scheduled");
    json.number_text("begin", notice.begin.ms()).number_text("end", notice.end.ms());
    json.text("href", "").key("serviceTypes").raw("[1,2,3,4,5]").key("product").raw("[1,2]");
    json.key("uidSuffix").raw("[]").number("maintainType", 1).number("env", 1);
    json.close().close_list().close();
  });
}

}  // namespace venuebox::venues::bybit
