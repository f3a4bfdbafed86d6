// Unified calls as Paradex's requests. One function each, of gateway::ClientDialect.
#pragma once

#include "gateway/client_dialect.h"

namespace venuebox::venues::paradex {

std::vector<gateway::ClientRequest> fetch_markets();
gateway::ClientRequest fetch_time();
gateway::ClientRequest fetch_ticker(const unified::Market& market);
std::vector<gateway::ClientRequest> fetch_tickers();
gateway::ClientRequest fetch_order_book(const unified::Market& market, int levels);
gateway::ClientRequest fetch_trades(const unified::Market& market, int limit);
gateway::ClientRequest fetch_ohlcv(const unified::Market& market, int minutes, int limit,
                                   Timestamp now);
gateway::ClientRequest fetch_balance();
gateway::ClientRequest fetch_positions();
Result<gateway::ClientRequest> set_leverage(const unified::Market& market, const Decimal& leverage);
Result<gateway::ClientRequest> create_order(const unified::NewOrder& order,
                                            const unified::Market& market);
Result<gateway::ClientRequest> edit_order(const unified::Market& market,
                                          const unified::OrderRow& changed);
Result<gateway::ClientRequest> cancel_order(const unified::Market& market,
                                            const unified::OrderName& name);
std::vector<gateway::ClientRequest> cancel_all_orders(const unified::Market& market);
Result<gateway::ClientRequest> fetch_order(const unified::Market& market,
                                           const unified::OrderName& name);
gateway::ClientRequest fetch_open_orders(const unified::Market& market);
gateway::ClientRequest fetch_closed_orders(const unified::Market& market, int limit);
gateway::ClientRequest fetch_my_trades(const unified::Market& market, int limit);

// The same request for the page that this cursor names.
gateway::ClientRequest with_cursor(const gateway::ClientRequest& asked, std::string_view cursor);

}  // namespace venuebox::venues::paradex
