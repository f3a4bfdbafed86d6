#include "venues/paradex/paradex.h"

#include "venues/paradex/authenticate.h"
#include "venues/paradex/client.h"
#include "venues/paradex/codec_account.h"
#include "venues/paradex/codec_auth.h"
#include "venues/paradex/codec_cancel.h"
#include "venues/paradex/codec_history.h"
#include "venues/paradex/codec_market.h"
#include "venues/paradex/codec_orders.h"
#include "venues/paradex/codec_system.h"
#include "venues/paradex/explain.h"
#include "venues/paradex/instruments.h"
#include "venues/paradex/keys.h"
#include "venues/paradex/streams.h"
#include "venues/paradex/troubles.h"
#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::Access;
using gateway::Method;

constexpr gateway::Limits kLimits{.body_bytes_max = 64 * 1024,
                                  .address = {.requests = 1'500, .window = seconds(60)}};

// Markets of one's own; repeated states, for clients of older mocks; second subscriptions, for
// ccxt: see the page of the venue.
constexpr gateway::VenueOption kOptions[] = {
    {.name = "fixtures", .kind = gateway::VenueOption::Kind::files},
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
    {Method::get,  "/v1/system/announcements",           Access::open, "fetch_markets", 0, nullptr, nullptr, answer_empty_list},
    {Method::get,  "/v1/system/volume-tiers",            Access::open, "fetch_markets", 0, nullptr, nullptr, answer_empty_list},
    {Method::get,  "/v1/system/portfolio-margin-config", Access::open, "fetch_markets", 0, nullptr, nullptr, answer_empty_list},
    {Method::get,  "/v1/referrals/config",               Access::open, "fetch_markets", 0, nullptr, nullptr, answer_empty_list},
    {Method::get,  "/v1/vaults",                         Access::open, "fetch_markets", 0, nullptr, nullptr, answer_empty_list},
    // markets
    {Method::get,  "/v1/markets",                     Access::open, "fetch_markets",    0, nullptr, nullptr, answer_markets},
    {Method::get,  "/v1/instruments/{}",              Access::open, "fetch_markets",    0, nullptr, nullptr, answer_market},
    {Method::get,  "/v1/markets/summary",             Access::open, "fetch_ticker",     0, nullptr, nullptr, answer_summaries},
    {Method::get,  "/v1/markets/klines",              Access::open, "fetch_ohlcv",      0, nullptr, nullptr, answer_candles},
    {Method::get,  "/v1/markets/history",             Access::open, "fetch_markets",    0, nullptr, nullptr, answer_empty_list},
    {Method::get,  "/v1/markets/settlement-price",    Access::open, "fetch_markets",    0, nullptr, nullptr, answer_empty_list},
    {Method::get,  "/v1/bbo/{}",                      Access::open, "fetch_order_book", 0, nullptr, nullptr, answer_bbo},
    {Method::get,  "/v1/bbo/{}/interactive",          Access::open, "fetch_order_book", 0, nullptr, nullptr, answer_bbo},
    {Method::get,  "/v1/orderbook/{}",                Access::open, "fetch_order_book", 0, nullptr, nullptr, answer_order_book},
    {Method::get,  "/v1/orderbook/{}/interactive",    Access::open, "fetch_order_book", 0, nullptr, nullptr, answer_order_book},
    {Method::get,  "/v1/orderbook/{}/impact-price",   Access::open, "fetch_order_book", 0, nullptr, nullptr, answer_impact_price},
    {Method::get,  "/v1/trades",                      Access::open, "fetch_trades",     0, nullptr, nullptr, answer_trades},
    {Method::get,  "/v1/funding/data",                Access::open, "fetch_funding_rate_history", 0, nullptr, nullptr, answer_funding_data},
    {Method::get,  "/v1/insurance",                   Access::open, "fetch_insurance",  0, nullptr, nullptr, answer_insurance},
    // auth
    {Method::post, "/v1/auth",       Access::read, "authenticate", 0, nullptr, nullptr, answer_auth},
    {Method::post, "/v1/auth/{}",    Access::read, "authenticate", 0, nullptr, nullptr, answer_auth},
    {Method::post, "/v1/onboarding", Access::open, "onboard",      0, nullptr, nullptr, answer_onboarding},
    {Method::get,  "/v1/onboarding", Access::open, "onboard",      0, nullptr, nullptr, answer_onboarding_query},
    // orders
    {Method::post, "/v1/orders",                 Access::trade, "place_order",   800, decode_place_order,   encode_place_order,   nullptr, cost_of_order},
    {Method::post, "/v1/orders/batch",           Access::trade, "place_orders",  800, decode_place_orders,  encode_place_orders,  nullptr, cost_of_order},
    {Method::put,  "/v1/orders/{}",              Access::trade, "amend_order",   800, decode_modify_order,  encode_modify_order,  nullptr, cost_of_order},
    {Method::del,  "/v1/orders",                 Access::trade, "cancel_all",    800, decode_cancel_all,    encode_cancel_all,    nullptr, cost_of_order},
    {Method::del,  "/v1/orders/batch",           Access::trade, "cancel_orders", 800, decode_cancel_orders, encode_cancel_orders, nullptr, cost_of_order},
    {Method::del,  "/v1/orders/{}",              Access::trade, "cancel_order",  800, decode_cancel_order,  encode_cancel_order,  nullptr, cost_of_order},
    {Method::del,  "/v1/orders/by_client_id/{}", Access::trade, "cancel_order",  800, decode_cancel_order_by_client_id, encode_cancel_order, nullptr, cost_of_order},
    {Method::get,  "/v1/orders",                 Access::read,  "fetch_orders",  120, nullptr, nullptr, answer_open_orders,        cost_of_query},
    {Method::get,  "/v1/orders/open",            Access::read,  "fetch_orders",  120, nullptr, nullptr, answer_open_orders,        cost_of_query},
    {Method::get,  "/v1/orders/{}",              Access::read,  "fetch_order",   120, nullptr, nullptr, answer_order,              cost_of_query},
    {Method::get,  "/v1/orders/by_client_id/{}", Access::read,  "fetch_order",   120, nullptr, nullptr, answer_order_by_client_id, cost_of_query},
    {Method::get,  "/v1/orders-history",         Access::read,  "fetch_orders",  120, nullptr, nullptr, answer_orders_history,     cost_of_query},
    // There is no algo order: the exchange does not slice orders over time.
    {Method::post, "/v1/algo/orders",            Access::trade, "place_order"},
    {Method::get,  "/v1/algo/orders",            Access::read,  "fetch_orders",  120, nullptr, nullptr, answer_empty_list,         cost_of_query},
    {Method::get,  "/v1/algo/orders-history",    Access::read,  "fetch_orders",  120, nullptr, nullptr, answer_empty_page,         cost_of_query},
    {Method::get,  "/v1/algo/orders/{}",         Access::read,  "fetch_orders",  120, nullptr, nullptr, answer_unknown_algo_order, cost_of_query},
    {Method::del,  "/v1/algo/orders/{}",         Access::trade, "cancel_order",  800, nullptr, nullptr, answer_unknown_algo_order, cost_of_order},
    // account
    {Method::get,  "/v1/fills",               Access::read,  "fetch_my_trades",  120, nullptr, nullptr, answer_fills,            cost_of_query},
    {Method::get,  "/v1/account/fills",       Access::read,  "fetch_my_trades",  120, nullptr, nullptr, answer_fills,            cost_of_query},
    {Method::get,  "/v1/positions",           Access::read,  "fetch_positions",  120, nullptr, nullptr, answer_positions,        cost_of_query},
    {Method::get,  "/v1/account/positions",   Access::read,  "fetch_positions",  120, nullptr, nullptr, answer_positions,        cost_of_query},
    {Method::get,  "/v1/balance",             Access::read,  "fetch_balance",    120, nullptr, nullptr, answer_balance,          cost_of_query},
    {Method::get,  "/v1/account",             Access::read,  "fetch_account",    120, nullptr, nullptr, answer_account,          cost_of_query},
    {Method::get,  "/v1/account/info",        Access::read,  "fetch_account",    120, nullptr, nullptr, answer_account_info,     cost_of_query},
    {Method::get,  "/v1/account/subaccounts", Access::read,  "fetch_account",    120, nullptr, nullptr, answer_account_info,     cost_of_query},
    {Method::get,  "/v1/account/profile",     Access::read,  "fetch_account",    120, nullptr, nullptr, answer_account_profile,  cost_of_query},
    {Method::get,  "/v1/account/settings",    Access::read,  "fetch_account",    120, nullptr, nullptr, answer_account_settings, cost_of_query},
    {Method::get,  "/v1/account/summary",     Access::read,  "fetch_account",    120, nullptr, nullptr, answer_account_summary,  cost_of_query},
    {Method::get,  "/v1/account/margin",      Access::read,  "fetch_leverage",   120, nullptr, nullptr, answer_margin,           cost_of_query},
    {Method::post, "/v1/account/margin/{}",   Access::trade, "set_leverage",     120, decode_margin, encode_margin, nullptr,     cost_of_query},
    {Method::get,  "/v1/funding/payments",    Access::read,  "fetch_funding_history", 120, nullptr, nullptr, answer_funding_payments, cost_of_query},
    {Method::get,  "/v1/transfers",           Access::read,  "fetch_ledger",     120, nullptr, nullptr, answer_transfers,        cost_of_query},
    {Method::get,  "/v1/transactions",        Access::read,  "fetch_ledger",     120, nullptr, nullptr, answer_empty_page,       cost_of_query},
    {Method::get,  "/v1/tradebusts",          Access::read,  "fetch_ledger",     120, nullptr, nullptr, answer_empty_page,       cost_of_query},
    {Method::get,  "/v1/liquidations",        Access::read,  "fetch_liquidations", 120, nullptr, nullptr, answer_liquidations,   cost_of_query},
};
// clang-format on

void refuse_unknown_path(Call& call, bool other_method_exists) {
  refuse(call, refusal_of(other_method_exists ? kMethodNotAllowed : kNotFound));
}

void refuse_not_built(Call& call) { refuse(call, not_supported(call.request.path)); }

void refuse_for(Call& call, RejectReason reason) {
  // A budget is one of seconds.
  if (reason == RejectReason::rate_limited) call.response.add_header("Retry-After", "1");
  refuse(call, refusal_for(reason));
}

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
    .streams = &stream_table,
    .client = &client_dialect,
    .listings = listings,
    .options = kOptions,
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
