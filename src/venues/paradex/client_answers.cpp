// Public data, and what all answers share. What an account has and does:
// client_account_answers.cpp.
#include "venues/paradex/client_answers.h"

#include <algorithm>
#include <map>

#include "venues/paradex/client_rows.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::candle_from;
using gateway::decimal_if;
using gateway::each_row;
using gateway::texts_of;
using unified::Market;

Market read_market_row(Fields& row) {
  Market market;
  market.kind = unified::MarketKind::perpetual;
  market.id = row.text("symbol");
  market.base = row.text("base_currency");
  market.quote = row.text("quote_currency");
  market.settle = row.text("settlement_currency");
  market.symbol = market.base + "/" + market.quote + ":" + market.settle;
  market.tick = row.positive("price_tick_size");
  market.quantity_step = market.quantity_min = row.positive("order_size_increment");
  market.quantity_max = row.positive("max_order_size");
  market.notional_min = row.positive_if("min_notional");
  return market;
}

// [price, size], both above 0.
std::optional<unified::BookLevel> level_from(const JsonValue& row) {
  const auto texts = texts_of(row);
  const auto price = texts && texts->size() == 2 ? decimal_if((*texts)[0]) : std::nullopt;
  const auto quantity = price ? decimal_if((*texts)[1]) : std::nullopt;
  if (!quantity || price->units <= 0 || quantity->units <= 0) return std::nullopt;
  return unified::BookLevel{*price, *quantity};
}

// Best first, or what would be called the best price is some other.
std::vector<unified::BookLevel> read_levels(Fields& fields, std::string_view name, Side side) {
  std::vector<unified::BookLevel> levels;
  std::deque<std::string> storage;
  const auto rows = json_list(fields.raw(name, JsonKind::list), storage);
  if (fields.wrong() || !rows) return levels;
  for (const JsonValue& row : *rows) {
    const auto level = level_from(row);
    if (!level) {
      fields.refuse(name, "holds a level that is no price and size above 0");
      return levels;
    }
    const auto order =
        levels.empty() ? std::strong_ordering::equal : compare(level->price, levels.back().price);
    if (!levels.empty() && (side == Side::buy ? order >= 0 : order <= 0))
      fields.refuse(name, "is not in the order of its prices");
    levels.push_back(*level);
  }
  return levels;
}

// Hands the rows of "results" to `read`.
template <class Read>
std::optional<Error> each_result(const ClientResponse& response, const Read& read) {
  JsonObject json;
  if (auto parsed = json.parse(response.body); !parsed) return parsed.error();
  Fields fields(json, "");
  return each_row(fields, "results", read);
}
}  // namespace

std::string read_cursor(const ClientResponse& response) {
  JsonObject json;
  if (!json.parse(response.body)) return {};
  return Fields(json, "").text_or_empty("next");
}

// ---- single rows --------------------------------------------------------------------------------

const Market* read_market(Fields& row, std::string_view name, Markets markets) {
  const std::string id = row.text(name);
  const auto found = std::ranges::find(markets, id, &Market::id);
  if (found != markets.end()) return &*found;
  row.refuse({ErrorKind::not_found, row.path_of(name),
              "is no market that was loaded; load the markets again"});
  return nullptr;
}

void expect_market(Fields& row, std::string_view name, const Market& market) {
  if (row.text(name) != market.id) row.refuse(name, "is another market than " + market.id);
}

Side read_side(Fields& row) {
  const std::string side = row.text("side");
  if (side != "BUY" && side != "SELL") row.refuse("side", "is neither BUY nor SELL");
  return side == "SELL" ? Side::sell : Side::buy;
}

unified::PublicTrade read_trade(Fields& row, const Market& market) {
  return {.id = row.text("id"),
          .symbol = market.symbol,
          .side = read_side(row),
          .price = row.positive("price"),
          .quantity = row.positive("size"),
          .time = row.milliseconds("created_at")};
}

unified::Ticker read_summary(Fields& row, const Market& market) {
  for (const std::string_view name : {"bid", "ask", "last_traded_price", "mark_price"})
    row.expect(name);
  return {.symbol = market.symbol,
          .origin = unified::Origin::live,
          .time = row.milliseconds("created_at"),
          .bid = row.positive_if("bid"),
          .bid_quantity = row.positive_if("bid_size"),
          .ask = row.positive_if("ask"),
          .ask_quantity = row.positive_if("ask_size"),
          .last = row.positive_if("last_traded_price"),
          .mark = row.positive_if("mark_price"),
          .index = row.positive_if("underlying_price"),
          .high = {},
          .low = {},
          .volume = {},
          .turnover = row.not_negative_if("volume_24h")};
}

// ---- answers ------------------------------------------------------------------------------------

// Options are listed beside perpetuals and are nothing that the unified calls know.
Result<std::vector<Market>> read_markets(std::span<const ClientResponse> responses) {
  std::vector<Market> markets;
  for (const ClientResponse& response : responses) {
    const auto wrong = each_result(response, [&](Fields& row) {
      if (row.text("asset_kind") == "PERP") markets.push_back(read_market_row(row));
    });
    if (wrong) return *wrong;
  }
  return markets;
}

Result<Timestamp> read_time(const ClientResponse& response) {
  JsonObject json;
  if (auto parsed = json.parse(response.body); !parsed) return parsed.error();
  Fields fields(json, "");
  const Timestamp time = fields.milliseconds("server_time");
  if (fields.wrong()) return *fields.wrong();
  return time;
}

Result<unified::Ticker> read_ticker(const ClientResponse& response, const Market& market) {
  std::optional<unified::Ticker> ticker;
  const auto wrong = each_result(response, [&](Fields& row) {
    if (row.text("symbol") == market.id) ticker = read_summary(row, market);
  });
  if (wrong) return *wrong;
  if (!ticker) return invalid("results", "holds no summary of " + market.id);
  return *ticker;
}

Result<std::vector<unified::Ticker>> read_tickers(const ClientResponse& response, Markets markets) {
  std::map<std::string_view, const Market*> wanted;
  for (const Market& market : markets)
    wanted[market.id] = &market;
  std::vector<unified::Ticker> tickers;
  const auto wrong = each_result(response, [&](Fields& row) {
    const auto found = wanted.find(row.text("symbol"));
    if (found != wanted.end()) tickers.push_back(read_summary(row, *found->second));
  });
  if (wrong) return *wrong;
  return tickers;
}

Result<unified::OrderBook> read_order_book(const ClientResponse& response, const Market& market) {
  JsonObject json;
  if (auto parsed = json.parse(response.body); !parsed) return parsed.error();
  Fields fields(json, "");
  expect_market(fields, "market", market);
  unified::OrderBook book;
  book.symbol = market.symbol;
  book.origin = unified::Origin::live;
  book.time = fields.milliseconds("last_updated_at");
  book.sequence = static_cast<std::uint64_t>(fields.whole("seq_no"));
  book.bids = read_levels(fields, "bids", Side::buy);
  book.asks = read_levels(fields, "asks", Side::sell);
  if (fields.wrong()) return *fields.wrong();
  return book;
}

Result<std::vector<unified::PublicTrade>> read_trades(const ClientResponse& response,
                                                      const Market& market) {
  std::vector<unified::PublicTrade> trades;
  const auto wrong = each_result(response, [&](Fields& row) {
    expect_market(row, "market", market);
    trades.push_back(read_trade(row, market));
  });
  if (wrong) return *wrong;
  std::ranges::reverse(trades);  // Paradex has the newest first.
  return trades;
}

Result<std::vector<unified::Candle>> read_ohlcv(const ClientResponse& response, const Market&) {
  JsonObject json;
  if (auto parsed = json.parse(response.body); !parsed) return parsed.error();
  Fields fields(json, "");
  std::deque<std::string> storage;
  const auto rows = json_list(fields.raw("results", JsonKind::list), storage);
  if (fields.wrong()) return *fields.wrong();
  if (!rows) return rows.error();
  std::vector<unified::Candle> candles;
  for (const JsonValue& row : *rows) {
    const auto candle = candle_from(row);
    if (!candle) {
      return invalid("results/" + std::to_string(candles.size()),
                     "is no candle of a start, four prices and a volume");
    }
    candles.push_back(*candle);
  }
  return candles;
}

}  // namespace venuebox::venues::paradex
