#include "venues/paradex/client.h"

#include "venues/paradex/client_answers.h"   // answers -> unified rows
#include "venues/paradex/client_requests.h"  // unified calls -> requests
#include "venues/paradex/client_signing.h"   // tokens, and what is signed of an order
#include "venues/paradex/client_streams.h"   // sockets, what is said on them and what is heard
#include "venues/paradex/client_verdict.h"   // code and status -> Verdict

namespace venuebox::venues::paradex {
namespace {
using gateway::ClientRequest;

// What sign() writes into bodies.
constexpr std::string_view kUnrecorded[] = {"signature", "signature_timestamp"};

std::optional<ClientRequest> next_page(const ClientRequest& asked, const ClientResponse& response) {
  const std::string cursor = read_cursor(response);
  if (cursor.empty()) return std::nullopt;
  return with_cursor(asked, cursor);
}
}  // namespace

constinit const gateway::ClientDialect client_dialect{
    .name = "paradex",
    .base_url = "https://api.prod.paradex.trade",
    .testnet_url = "https://api.testnet.paradex.trade",
    .key_variables = {"PARADEX_WALLET_ADDRESS", "PARADEX_PRIVATE_KEY"},
    .unrecorded = kUnrecorded,
    .prepare = prepare_keys,
    .ask_token = ask_token,
    .read_token = read_token,
    .sign = sign_request,
    .judge = judge,
    .next_page = next_page,
    .fetch_markets = fetch_markets,
    .read_markets = read_markets,
    .fetch_time = fetch_time,
    .read_time = read_time,
    .fetch_ticker = fetch_ticker,
    .read_ticker = read_ticker,
    .fetch_tickers = fetch_tickers,
    .read_tickers = read_tickers,
    .fetch_order_book = fetch_order_book,
    .read_order_book = read_order_book,
    .fetch_trades = fetch_trades,
    .read_trades = read_trades,
    .fetch_ohlcv = fetch_ohlcv,
    .read_ohlcv = read_ohlcv,
    .fetch_balance = fetch_balance,
    .read_balance = read_balance,
    .fetch_positions = fetch_positions,
    .read_positions = read_positions,
    .set_leverage = set_leverage,
    .create_order = create_order,
    .read_created_order = read_created_order,
    .edit_order = edit_order,
    .cancel_order = cancel_order,
    .cancel_all_orders = cancel_all_orders,
    .fetch_order = fetch_order,
    .fetch_open_orders = fetch_open_orders,
    .fetch_closed_orders = fetch_closed_orders,
    .read_orders = read_orders,
    .fetch_my_trades = fetch_my_trades,
    .read_my_trades = read_my_trades,
    .streams = &client_streams,
};

}  // namespace venuebox::venues::paradex
