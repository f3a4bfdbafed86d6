#include "venues/paradex/paradex.h"

#include "venues/paradex/codec_market.h"
#include "venues/paradex/codec_system.h"
#include "venues/paradex/instruments.h"
#include "venues/paradex/troubles.h"
#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::Access;
using gateway::Method;

constexpr gateway::Limits kLimits{.body_bytes_max = 64 * 1024,
                                  .address = {.requests = 1'500, .window = seconds(60)}};

// A repeated heartbeat is for clients of older mocks, and second subscriptions for ccxt: see the
// page of the venue.
constexpr gateway::VenueOption kOptions[] = {
    {.name = "heartbeat_hz",
     .kind = gateway::VenueOption::Kind::whole,
     .lowest = 0,
     .highest = 100},
    {.name = "lenient_duplicates", .kind = gateway::VenueOption::Kind::flag},
};

// clang-format off
constexpr gateway::Route kRoutes[] = {
    // system; what is no state has another operation, since announced work answers for that one
    {Method::get,  "/v1/system/time",   Access::open, "fetch_time",   0, nullptr, nullptr, answer_time},
    {Method::get,  "/v1/system/state",  Access::open, "fetch_status", 0, nullptr, nullptr, answer_state},
    {Method::get,  "/v1/system/config", Access::open, "fetch_currencies", 0, nullptr, nullptr, answer_config},
    {Method::get,  "/v1/config",        Access::open, "fetch_currencies", 0, nullptr, nullptr, answer_config},
    {Method::get,  "/health",           Access::open, "fetch_status", 0, nullptr, nullptr, answer_state},
    {Method::get,  "/v1/system/announcements",           Access::open, "fetch_markets", 0, nullptr, nullptr, answer_nothing},
    {Method::get,  "/v1/system/volume-tiers",            Access::open, "fetch_markets", 0, nullptr, nullptr, answer_nothing},
    {Method::get,  "/v1/system/portfolio-margin-config", Access::open, "fetch_markets", 0, nullptr, nullptr, answer_nothing},
    {Method::get,  "/v1/referrals/config",               Access::open, "fetch_markets", 0, nullptr, nullptr, answer_nothing},
    {Method::get,  "/v1/vaults",                         Access::open, "fetch_markets", 0, nullptr, nullptr, answer_nothing},
    // markets
    {Method::get,  "/v1/markets",                     Access::open, "fetch_markets",    0, nullptr, nullptr, answer_markets},
    {Method::get,  "/v1/instruments/{}",              Access::open, "fetch_markets",    0, nullptr, nullptr, answer_market},
    {Method::get,  "/v1/markets/summary",             Access::open, "fetch_ticker",     0, nullptr, nullptr, answer_summaries},
    {Method::get,  "/v1/markets/klines",              Access::open, "fetch_ohlcv",      0, nullptr, nullptr, answer_candles},
    {Method::get,  "/v1/markets/history",             Access::open, "fetch_markets",    0, nullptr, nullptr, answer_nothing},
    {Method::get,  "/v1/markets/settlement-price",    Access::open, "fetch_markets",    0, nullptr, nullptr, answer_nothing},
    {Method::get,  "/v1/bbo/{}",                      Access::open, "fetch_order_book", 0, nullptr, nullptr, answer_bbo},
    {Method::get,  "/v1/bbo/{}/interactive",          Access::open, "fetch_order_book", 0, nullptr, nullptr, answer_bbo},
    {Method::get,  "/v1/orderbook/{}",                Access::open, "fetch_order_book", 0, nullptr, nullptr, answer_order_book},
    {Method::get,  "/v1/orderbook/{}/interactive",    Access::open, "fetch_order_book", 0, nullptr, nullptr, answer_order_book},
    {Method::get,  "/v1/orderbook/{}/impact-price",   Access::open, "fetch_order_book", 0, nullptr, nullptr, answer_impact_price},
    {Method::get,  "/v1/trades",                      Access::open, "fetch_trades",     0, nullptr, nullptr, answer_trades},
    {Method::get,  "/v1/funding/data",                Access::open, "fetch_funding_rate_history", 0, nullptr, nullptr, answer_funding_data},
    {Method::get,  "/v1/insurance",                   Access::open, "fetch_insurance",  0, nullptr, nullptr, answer_insurance},
    // auth
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

// The market that a query, a path or a body names.
std::string symbol_of(const gateway::Request& request) {
  for (const std::string_view name : {"market", "symbol"}) {
    if (const auto market = net::query_value(request.query, name)) return std::string(*market);
  }
  for (const std::string_view folder : {"/v1/bbo/", "/v1/orderbook/", "/v1/instruments/"}) {
    if (!request.path.starts_with(folder)) continue;
    const std::string_view rest = request.path.substr(folder.size());
    return std::string(rest.substr(0, rest.find('/')));
  }
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
    .options = kOptions,
    .symbol_of = symbol_of,
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
