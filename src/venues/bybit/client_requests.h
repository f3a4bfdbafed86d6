// Unified calls in Bybit's words. One function each, of gateway::ClientDialect.
#pragma once

#include "gateway/client_dialect.h"

namespace venuebox::venues::bybit {

using gateway::ClientRequest;

std::string_view category_of(unified::MarketKind kind);
// Minutes up to half a day go by their number, longer candles by a letter. Bybit refuses the rest.
std::string interval_of(int minutes);

std::vector<ClientRequest> fetch_markets();
ClientRequest fetch_time();
ClientRequest fetch_ticker(const unified::Market&);
std::vector<ClientRequest> fetch_tickers();
ClientRequest fetch_order_book(const unified::Market&, int levels);
ClientRequest fetch_trades(const unified::Market&, int limit);
ClientRequest fetch_ohlcv(const unified::Market&, int minutes, int limit, Timestamp now);

ClientRequest fetch_balance();
ClientRequest fetch_positions();
Result<ClientRequest> set_leverage(const unified::Market&, const Decimal& leverage);
Result<ClientRequest> create_order(const unified::NewOrder&, const unified::Market&);
Result<ClientRequest> edit_order(const unified::Market&, const unified::OrderRow& changed);
Result<ClientRequest> cancel_order(const unified::Market&, const unified::OrderName&);
std::vector<ClientRequest> cancel_all_orders(const unified::Market&);
Result<ClientRequest> fetch_order(const unified::Market&, const unified::OrderName&);
ClientRequest fetch_open_orders(const unified::Market&);
ClientRequest fetch_closed_orders(const unified::Market&, int limit);
ClientRequest fetch_my_trades(const unified::Market&, int limit);

// The same request for the page behind this cursor.
ClientRequest with_cursor(const ClientRequest& asked, std::string_view cursor);

}  // namespace venuebox::venues::bybit
