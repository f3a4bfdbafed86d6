// What Paradex's answers say, in unified words. One function each, of gateway::ClientDialect.
#pragma once

#include "gateway/client_fields.h"

namespace venuebox::venues::paradex {

using gateway::ClientResponse;
using gateway::Fields;
using Markets = gateway::ClientDialect::Markets;

Result<std::vector<unified::Market>> read_markets(std::span<const ClientResponse> responses);
Result<Timestamp> read_time(const ClientResponse& response);
Result<unified::Ticker> read_ticker(const ClientResponse& response, const unified::Market& market);
Result<std::vector<unified::Ticker>> read_tickers(const ClientResponse& response, Markets markets);
Result<unified::OrderBook> read_order_book(const ClientResponse& response,
                                           const unified::Market& market);
Result<std::vector<unified::PublicTrade>> read_trades(const ClientResponse& response,
                                                      const unified::Market& market);
Result<std::vector<unified::Candle>> read_ohlcv(const ClientResponse& response,
                                                const unified::Market& market);

Result<std::vector<unified::AssetBalance>> read_balance(const ClientResponse& response);
Result<std::vector<unified::PositionRow>> read_positions(const ClientResponse& response,
                                                         Markets markets);
Result<std::string> read_created_order(const ClientResponse& response);
Result<std::vector<unified::OrderRow>> read_orders(const ClientResponse& response, Markets markets);
Result<std::vector<unified::FillRow>> read_my_trades(const ClientResponse& response,
                                                     Markets markets);

// Empty: the answer was whole.
std::string read_cursor(const ClientResponse& response);

}  // namespace venuebox::venues::paradex
