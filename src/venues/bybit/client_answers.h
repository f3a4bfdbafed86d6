// What Bybit's answers say, in unified words. One function each, of gateway::ClientDialect.
#pragma once

#include "gateway/client_fields.h"

namespace venuebox::venues::bybit {

using gateway::candle_from;
using gateway::ClientResponse;
using gateway::decimal_if;
using gateway::each_row;
using gateway::Fields;
using gateway::is_candle;
using gateway::texts_of;
using Markets = gateway::ClientDialect::Markets;

// The envelope around every answer, opened.
struct Reply {
  explicit Reply(const ClientResponse& response);

  Fields result() const { return {result_json, "result"}; }

  JsonObject envelope;
  JsonObject result_json;
  Timestamp time;              // the venue's clock
  std::optional<Error> wrong;  // nothing else counts then
};

// What the answer is about: spot and linear share their symbols, so a price of one would pass for
// one of the other. None, and remembered as wrong, when it is about something else.
std::optional<unified::MarketKind> read_kind(Fields& result);
void expect_kind(Fields& result, unified::MarketKind kind);
Side read_side(Fields& row);

Result<std::vector<unified::Market>> read_markets(std::span<const ClientResponse>);
Result<Timestamp> read_time(const ClientResponse&);
Result<unified::Ticker> read_ticker(const ClientResponse&, const unified::Market&);
Result<std::vector<unified::Ticker>> read_tickers(const ClientResponse&, Markets);
Result<unified::OrderBook> read_order_book(const ClientResponse&, const unified::Market&);
Result<std::vector<unified::PublicTrade>> read_trades(const ClientResponse&,
                                                      const unified::Market&);
Result<std::vector<unified::Candle>> read_ohlcv(const ClientResponse&, const unified::Market&);

Result<std::vector<unified::AssetBalance>> read_balance(const ClientResponse&);
Result<std::vector<unified::PositionRow>> read_positions(const ClientResponse&, Markets);
Result<std::string> read_created_order(const ClientResponse&);
Result<std::vector<unified::OrderRow>> read_orders(const ClientResponse&, Markets);
Result<std::vector<unified::FillRow>> read_my_trades(const ClientResponse&, Markets);

// Empty: the answer was whole.
std::string read_cursor(const ClientResponse&);

}  // namespace venuebox::venues::bybit
