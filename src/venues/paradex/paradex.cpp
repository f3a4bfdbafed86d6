#include "venues/paradex/paradex.h"

#include "venues/paradex/authenticate.h"
#include "venues/paradex/codec_auth.h"
#include "venues/paradex/codec_system.h"
#include "venues/paradex/explain.h"
#include "venues/paradex/instruments.h"
#include "venues/paradex/keys.h"
#include "venues/paradex/troubles.h"
#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::Access;
using gateway::Method;

constexpr gateway::Limits kLimits{.body_bytes_max = 64 * 1024,
                                  .address = {.requests = 1'500, .window = seconds(60)}};

// clang-format off
constexpr gateway::Route kRoutes[] = {
    // system
    {Method::get,  "/v1/system/time",   Access::open, "fetch_time",   0, nullptr, nullptr, answer_time},
    {Method::get,  "/v1/system/state",  Access::open, "fetch_status", 0, nullptr, nullptr, answer_state},
    {Method::get,  "/v1/system/config", Access::open, "fetch_status", 0, nullptr, nullptr, answer_config},
    // markets
    // auth
    {Method::post, "/v1/auth",       Access::read, "authenticate", 0, nullptr, nullptr, answer_auth},
    {Method::post, "/v1/auth/{}",    Access::read, "authenticate", 0, nullptr, nullptr, answer_auth},
    {Method::post, "/v1/onboarding", Access::open, "onboard",      0, nullptr, nullptr, answer_onboarding},
    {Method::get,  "/v1/onboarding", Access::open, "onboard",      0, nullptr, nullptr, answer_onboarding_query},
    // orders
    // account
};
// clang-format on

void refuse_unknown_path(Call& call, bool other_method_exists) {
  refuse(call, refusal_of(other_method_exists ? kMethodNotAllowed : kNotFound));
}

void refuse_not_built(Call& call) { refuse(call, not_supported(call.request.path)); }

void refuse_for(Call& call, RejectReason reason) { refuse(call, refusal_for(reason)); }

void refuse_address(Call& call) { refuse(call, refusal_for(RejectReason::rate_limited)); }

// The market that a query or a body names.
std::string symbol_of(const gateway::Request& request) {
  if (const auto market = net::query_value(request.query, "market")) return std::string(*market);
  JsonObject body;
  if (request.body.empty() || !body.parse(request.body)) return {};
  const JsonValue* market = body.find("market");
  return market ? std::string(market->text) : std::string();
}
}  // namespace

constinit const gateway::Venue venue{
    .name = "paradex",
    .title = "Paradex",
    .limits = kLimits,
    .routes = kRoutes,
    .listings = listings,
    .authenticate = authenticate,
    .demo_credential = demo_credential,
    .credential_fields = credential_fields,
    .credential_from = credential_from,
    .symbol_of = symbol_of,
    .prepare = prepare,
    .explain_order = explain_order,
    .curl_example = curl_example,
    .refuse_unknown_path = refuse_unknown_path,
    .refuse_not_built = refuse_not_built,
    .refuse = refuse_for,
    .refuse_address = refuse_address,
    .limit_headers = write_limit_headers,
    .troubles = troubles,
    .tell = tell,
    .announce = announce,
    .page_parameter = "cursor",
};

}  // namespace venuebox::venues::paradex
