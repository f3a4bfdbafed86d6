#include "venues/bybit/bybit.h"

#include "venues/bybit/budgets.h"           // what trading calls take from the rate limits
#include "venues/bybit/client.h"            // the other end of all this
#include "venues/bybit/codec_account.h"     // key, fees, balances, positions, leverage
#include "venues/bybit/codec_cancel_all.h"  // many orders at once, now or by the dead-man switch
#include "venues/bybit/codec_candles.h"     // candles, open interest, funding
#include "venues/bybit/codec_history.h"     // orders and executions, read
#include "venues/bybit/codec_ledger.h"      // closed positions, transactions, demo money
#include "venues/bybit/codec_market.h"      // public data of this moment
#include "venues/bybit/codec_modes.h"       // position and margin mode, isolated margin
#include "venues/bybit/codec_orders.h"      // orders, placed, amended and cancelled
#include "venues/bybit/codec_protection.h"  // what protects a position
#include "venues/bybit/errors.h"            // RejectReason -> retCode, every reason covered
#include "venues/bybit/instruments.h"       // what is listed
#include "venues/bybit/signing.h"           // authenticate() for the server, sign() for the client
#include "venues/bybit/streams.h"           // the same over WebSockets, and news
#include "venues/bybit/troubles.h"          // what is said on a bad day
#include "venues/bybit/wire.h"              // the envelope around all of it

namespace venuebox::venues::bybit {
namespace {
using gateway::Access;
using gateway::Method;
using gateway::Route;

constexpr gateway::Limits kLimits{
    .body_bytes_max = 64 * 1024,
    .address = {.requests = 600, .window = seconds(5), .ban = seconds(600)},
};

// Orders per second depend on the category, which the body names: budgets.h. Everything else has a
// budget of its own per route.
// clang-format off
constexpr Route kRoutes[] = {
    {Method::get, "/v5/market/time",             Access::open, "fetch_time",          0, nullptr, nullptr, answer_time},
    {Method::get, "/v5/system/status",           Access::open, "fetch_status",        0, nullptr, nullptr, answer_system_status},
    {Method::get, "/v5/market/instruments-info", Access::open, "fetch_markets",       0, nullptr, nullptr, answer_instruments},
    {Method::get, "/v5/market/tickers",          Access::open, "fetch_ticker",        0, nullptr, nullptr, answer_tickers},
    {Method::get, "/v5/market/orderbook",        Access::open, "fetch_order_book",    0, nullptr, nullptr, answer_order_book},
    {Method::get, "/v5/market/recent-trade",     Access::open, "fetch_trades",        0, nullptr, nullptr, answer_recent_trades},

    {Method::get, "/v5/market/kline",            Access::open, "fetch_ohlcv",         0, nullptr, nullptr, answer_candles},
    {Method::get, "/v5/market/open-interest",    Access::open, "fetch_open_interest", 0, nullptr, nullptr, answer_open_interest},
    {Method::get, "/v5/market/funding/history",  Access::open, "fetch_funding_rate_history", 0, nullptr, nullptr, answer_funding_history},
    {Method::get, "/v5/market/risk-limit",       Access::open, "fetch_leverage_tiers", 0, nullptr, nullptr, answer_risk_limits},
    {Method::get, "/v5/market/price-limit",      Access::open, "fetch_price_limit",   0, nullptr, nullptr, answer_price_limit},
    {Method::get, "/v5/market/insurance",        Access::open, "fetch_insurance",     0, nullptr, nullptr, answer_insurance},

    {Method::post, "/v5/order/create",       Access::trade, "place_order",   10, decode_place_order,   encode_place_order,   nullptr, cost_of_placing},
    {Method::post, "/v5/order/create-batch", Access::trade, "place_orders",  10, decode_place_orders,  encode_place_orders,  nullptr, cost_of_placing_batch},
    {Method::post, "/v5/order/amend",        Access::trade, "amend_order",   10, decode_amend_order,   encode_amend_order,   nullptr, cost_of_amending},
    {Method::post, "/v5/order/amend-batch",  Access::trade, "amend_orders",  10, decode_amend_orders,  encode_amend_orders,  nullptr, cost_of_amending_batch},
    {Method::post, "/v5/order/cancel",       Access::trade, "cancel_order",  10, decode_cancel_order,  encode_cancel_order,  nullptr, cost_of_cancelling},
    {Method::post, "/v5/order/cancel-batch", Access::trade, "cancel_orders", 10, decode_cancel_orders, encode_cancel_orders, nullptr, cost_of_cancelling_batch},
    {Method::post, "/v5/order/cancel-all",   Access::trade, "cancel_all",    10, decode_cancel_all,    encode_cancel_all,    nullptr, cost_of_cancelling_all},
    {Method::post, "/v5/order/disconnected-cancel-all",
                                             Access::trade, "cancel_all_after", 5, decode_dead_man_switch, encode_dead_man_switch},
    {Method::get,  "/v5/order/realtime",     Access::read,  "fetch_orders",      50, nullptr, nullptr, answer_open_orders},
    {Method::get,  "/v5/order/history",      Access::read,  "fetch_orders",      50, nullptr, nullptr, answer_closed_orders},
    {Method::get,  "/v5/execution/list",     Access::read,  "fetch_my_trades",   50, nullptr, nullptr, answer_executions},

    {Method::get,  "/v5/position/list",         Access::read,  "fetch_positions",   50, nullptr, nullptr, answer_positions},
    {Method::post, "/v5/position/set-leverage", Access::trade, "set_leverage",      10, decode_set_leverage, encode_set_leverage},
    {Method::post, "/v5/position/trading-stop", Access::trade, "set_trading_stop",  10, decode_trading_stop, encode_trading_stop},
    {Method::get,  "/v5/position/closed-pnl",   Access::read,  "fetch_closed_positions", 50, nullptr, nullptr, answer_closed_profits},
    {Method::post, "/v5/position/switch-mode",  Access::trade, "set_position_mode", 10, decode_switch_position_mode, encode_switch_position_mode},
    {Method::post, "/v5/position/add-margin",   Access::trade, "add_margin",        10, decode_add_margin, encode_add_margin},
    {Method::post, "/v5/position/switch-isolated", Access::trade, "set_margin_mode", 10, nullptr, nullptr, answer_switch_isolated},
    {Method::post, "/v5/position/set-risk-limit",  Access::trade, "set_risk_limit",  10, nullptr, nullptr, answer_set_risk_limit},
    {Method::post, "/v5/position/set-auto-add-margin",
                                                Access::trade, "set_auto_add_margin", 10, nullptr, nullptr, answer_set_auto_add_margin},

    {Method::get,  "/v5/user/query-api",          Access::read,  "fetch_api_key",     10, nullptr, nullptr, answer_api_key},
    {Method::get,  "/v5/account/info",            Access::read,  "fetch_account",     50, nullptr, nullptr, answer_account_info},
    {Method::get,  "/v5/account/wallet-balance",  Access::read,  "fetch_balance",     50, nullptr, nullptr, answer_wallet_balance},
    {Method::get,  "/v5/account/fee-rate",        Access::read,  "fetch_trading_fee",  5, nullptr, nullptr, answer_fee_rates},
    {Method::post, "/v5/account/set-margin-mode", Access::trade, "set_margin_mode",    5, decode_set_margin_mode, encode_set_margin_mode},
    {Method::get,  "/v5/asset/coin/query-info",   Access::read,  "fetch_currencies",   5, nullptr, nullptr, answer_coin_info},

    {Method::get,  "/v5/account/transaction-log", Access::read,  "fetch_ledger",      25, nullptr, nullptr, answer_transactions},
    {Method::post, "/v5/account/demo-apply-money", Access::trade, "deposit",           5, decode_demo_money, encode_demo_money},
    {Method::post, "/v5/asset/transfer/inter-transfer", Access::trade, "transfer",     1, nullptr, nullptr, answer_transfer},
    {Method::get,  "/v5/asset/transfer/query-account-coins-balance",
                                                  Access::read,  "fetch_funding_balance", 5, nullptr, nullptr, answer_coin_balances},

    // Known, and not built: the box records no past of its mark and index prices.
    {Method::get,  "/v5/market/mark-price-kline",          Access::open, "fetch_ohlcv"},
    {Method::get,  "/v5/market/index-price-kline",         Access::open, "fetch_ohlcv"},
    {Method::get,  "/v5/market/premium-index-price-kline", Access::open, "fetch_ohlcv"},
};
// clang-format on

// Bybit does not say which methods a path has: to the wrong one it answers as to a wrong path.
void refuse_unknown_path(Call& call, bool /*other_method_exists*/) {
  refuse(call, {kUnknownRoute, "Route not found.", 404});
}

void refuse_not_built(Call& call) { refuse(call, not_supported(call.request.path)); }

// In the words of the market that the request is about, where a command names one.
void refuse_for(Call& call, RejectReason reason) {
  InstrumentKindOf kind = InstrumentKindOf::linear_perpetual;
  if (!call.commands.empty()) {
    std::visit(
        [&](const auto& command) {
          if constexpr (requires { InstrumentId{command.instrument}; }) {
            kind = instrument_of(call.view, command.instrument).kind;
          }
        },
        call.commands.front());
  }
  refuse(call, refusal_for(reason, kind));
}

// The only refusal in front of Bybit's envelope; clients go by its status.
void refuse_address(Call& call) {
  call.response.status = 403;
  call.response.content_type = "text/plain";
  call.response.body = "access too frequent";
}

// A batch is about many.
std::string symbol_of(const gateway::Request& request) {
  if (const auto symbol = net::query_value(request.query, "symbol")) return std::string(*symbol);
  JsonObject body;
  if (request.body.empty() || !body.parse(request.body)) return {};
  const JsonValue* symbol = body.find("symbol");
  return symbol ? std::string(symbol->text) : std::string();
}

// Places an order with nothing but a shell: the signature is an HMAC that openssl can make.
std::string curl_example(const gateway::Credential& credential) {
  constexpr std::string_view kTemplate =
      R"(URL=${URL:-http://127.0.0.1:8000/bybit}; KEY=@KEY@; SECRET=@SECRET@; NOW=$(date +%s%3N)
BODY='{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.01"}'
SIGN=$(printf '%s' "${NOW}${KEY}5000${BODY}" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -d' ' -f1)
curl -s "$URL/v5/order/create" -H "X-BAPI-API-KEY: $KEY" -H "X-BAPI-TIMESTAMP: $NOW" \
  -H "X-BAPI-RECV-WINDOW: 5000" -H "X-BAPI-SIGN: $SIGN" -H 'Content-Type: application/json' -d "$BODY")";
  std::string text(kTemplate);
  text.replace(text.find("@KEY@"), 5, credential.key);
  text.replace(text.find("@SECRET@"), 8, credential.secret);
  return text;
}
}  // namespace

constinit const gateway::Venue venue{
    .name = "bybit",
    .title = "Bybit V5",
    .limits = kLimits,
    .routes = kRoutes,
    .streams = &stream_table,
    .client = &client_dialect,
    .listings = listings,
    .authenticate = authenticate,  // HMAC-SHA256 over timestamp, key, window and query or body
    .demo_credential = demo_credential,
    .credential_fields = credential_fields,
    .credential_from = credential_from,
    .symbol_of = symbol_of,
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

}  // namespace venuebox::venues::bybit
