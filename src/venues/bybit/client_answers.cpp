// Public data, and what all answers share. What an account has and does:
// client_account_answers.cpp.
#include "venues/bybit/client_answers.h"

#include <algorithm>
#include <map>

#include "venues/bybit/client_requests.h"
#include "venues/bybit/client_rows.h"

namespace venuebox::venues::bybit {
namespace {
using unified::Market;
using unified::MarketKind;

// ---- markets ------------------------------------------------------------------------------------

void read_filters(Fields& row, Market& market) {
  JsonObject price_json;
  JsonObject lot_json;
  const bool parsed = price_json.parse(row.raw("priceFilter", JsonKind::object)) &&
                      lot_json.parse(row.raw("lotSizeFilter", JsonKind::object));
  if (row.wrong() || !parsed) return row.refuse("lotSizeFilter", "cannot be read");
  Fields price(price_json, row.path_of("priceFilter"));
  Fields lot(lot_json, row.path_of("lotSizeFilter"));
  const bool is_spot = market.kind == MarketKind::spot;
  market.tick = price.positive("tickSize");
  market.quantity_step = lot.positive(is_spot ? "basePrecision" : "qtyStep");
  market.quantity_min = lot.positive("minOrderQty");
  // Of spot the venue retires maxOrderQty, and tells how much a limit order may be instead.
  const auto limit_max = is_spot ? lot.positive_if("maxLimitOrderQty") : std::nullopt;
  market.quantity_max = limit_max ? *limit_max : lot.positive("maxOrderQty");
  market.notional_min = lot.positive_if(is_spot ? "minOrderAmt" : "minNotionalValue");
  for (const Fields* fields : {&price, &lot}) {
    if (fields->wrong()) row.refuse(*fields->wrong());
  }
}

// Futures that expire share a category with perpetuals and are none; and what settles in another
// coin is left out, since positions are asked for by settlement coin and would go unseen.
bool is_usdt_perpetual(Fields& row) {
  const bool is_perpetual = row.text("contractType") == "LinearPerpetual";
  return row.text("settleCoin") == "USDT" && is_perpetual;
}

Market read_market_row(Fields& row, MarketKind kind) {
  Market market;
  market.kind = kind;
  market.id = row.text("symbol");
  market.base = row.text("baseCoin");
  market.quote = row.text("quoteCoin");
  market.symbol = market.base + "/" + market.quote;
  if (kind == MarketKind::perpetual) {
    market.settle = row.text("settleCoin");
    market.symbol += ":" + market.settle;
  }
  market.is_active = row.text("status") == "Trading";
  read_filters(row, market);
  return market;
}

// ---- books --------------------------------------------------------------------------------------

// [price, quantity], both of them above 0, the quantity of a change perhaps 0.
std::optional<unified::BookLevel> level_from(const JsonValue& row) {
  const auto texts = texts_of(row);
  const auto price = texts && texts->size() == 2 ? decimal_if((*texts)[0]) : std::nullopt;
  const auto quantity = price ? decimal_if((*texts)[1]) : std::nullopt;
  if (!quantity || price->units <= 0 || quantity->units < 0) return std::nullopt;
  return unified::BookLevel{*price, *quantity};
}

void expect_symbol(Fields& fields, std::string_view name, const Market& market) {
  if (fields.text(name) != market.id) fields.refuse(name, "is another market than " + market.id);
}

unified::Ticker read_ticker_row(Fields& row, const Market& market, Timestamp time) {
  for (const std::string_view name : {"bid1Price", "ask1Price", "lastPrice"})
    row.expect(name);
  return {.symbol = market.symbol,
          .origin = unified::Origin::live,
          .time = time,
          .bid = row.positive_if("bid1Price"),
          .bid_quantity = row.positive_if("bid1Size"),
          .ask = row.positive_if("ask1Price"),
          .ask_quantity = row.positive_if("ask1Size"),
          .last = row.positive_if("lastPrice"),
          .mark = row.positive_if("markPrice"),
          .index = row.positive_if("indexPrice"),
          .high = row.positive_if("highPrice24h"),
          .low = row.positive_if("lowPrice24h"),
          .volume = row.not_negative_if("volume24h"),
          .turnover = row.not_negative_if("turnover24h")};
}
}  // namespace

// ---- what all answers share ---------------------------------------------------------------------

Reply::Reply(const ClientResponse& response) {
  if (auto parsed = envelope.parse(response.body); !parsed) {
    wrong = parsed.error();
    return;
  }
  Fields fields(envelope, "");
  if (fields.whole("retCode") != 0) fields.refuse("retCode", "is an error; it is judged first");
  time = fields.milliseconds("time");
  const std::string_view raw = fields.raw("result", JsonKind::object);
  wrong = fields.wrong();
  if (wrong) return;
  if (auto parsed = result_json.parse(raw); !parsed) wrong = parsed.error();
}

std::optional<MarketKind> read_kind(Fields& result) {
  const std::string category = result.text("category");
  for (const MarketKind kind : {MarketKind::spot, MarketKind::perpetual}) {
    if (category == category_of(kind)) return kind;
  }
  result.refuse("category", "is neither spot nor linear");
  return std::nullopt;
}

void expect_kind(Fields& result, MarketKind kind) {
  const auto found = read_kind(result);
  if (found && *found != kind) result.refuse("category", "is another than was asked for");
}

Side read_side(Fields& row) {
  const std::string side = row.text("side");
  if (side != "Buy" && side != "Sell") row.refuse("side", "is neither Buy nor Sell");
  return side == "Sell" ? Side::sell : Side::buy;
}

std::string read_cursor(const ClientResponse& response) {
  const Reply reply(response);
  return reply.wrong ? std::string() : reply.result().text_or_empty("nextPageCursor");
}

// ---- single rows --------------------------------------------------------------------------------

std::vector<unified::BookLevel> read_changes(Fields& fields, std::string_view name) {
  std::vector<unified::BookLevel> levels;
  std::deque<std::string> storage;
  const auto rows = json_list(fields.raw(name, JsonKind::list), storage);
  if (!rows) {
    fields.refuse(name, "is no list");
    return levels;
  }
  for (const JsonValue& row : *rows) {
    const auto level = level_from(row);
    if (!level) {
      fields.refuse(name, "holds a level that is no price above 0 and quantity");
      return levels;
    }
    levels.push_back(*level);
  }
  return levels;
}

std::vector<unified::BookLevel> read_levels(Fields& fields, std::string_view name, Side side) {
  auto levels = read_changes(fields, name);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i].quantity.units == 0) fields.refuse(name, "holds a level of nothing");
    if (i == 0) continue;
    const bool in_order = side == Side::buy ? compare(levels[i - 1].price, levels[i].price) > 0
                                            : compare(levels[i].price, levels[i - 1].price) > 0;
    if (!in_order) fields.refuse(name, "is not in the order of its prices");
  }
  return levels;
}

// ---- public data --------------------------------------------------------------------------------

Result<std::vector<Market>> read_markets(std::span<const ClientResponse> responses) {
  std::vector<Market> markets;
  for (const ClientResponse& response : responses) {
    const Reply reply(response);
    if (reply.wrong) return *reply.wrong;
    Fields result = reply.result();
    const auto kind = read_kind(result);
    const auto wrong = each_row(result, "list", [&](Fields& row) {
      const bool is_wanted = kind == MarketKind::spot || is_usdt_perpetual(row);
      if (kind && is_wanted) markets.push_back(read_market_row(row, *kind));
    });
    if (wrong) return *wrong;
  }
  return markets;
}

Result<Timestamp> read_time(const ClientResponse& response) {
  const Reply reply(response);
  if (reply.wrong) return *reply.wrong;
  Fields result = reply.result();
  const Timestamp time{result.whole("timeNano")};
  if (time.ns == 0) result.refuse("timeNano", "is no time");
  if (result.wrong()) return *result.wrong();
  return time;
}

Result<unified::Ticker> read_ticker(const ClientResponse& response, const Market& market) {
  const Reply reply(response);
  if (reply.wrong) return *reply.wrong;
  Fields result = reply.result();
  expect_kind(result, market.kind);
  std::optional<unified::Ticker> ticker;
  const auto wrong = each_row(result, "list", [&](Fields& row) {
    if (row.text("symbol") == market.id) ticker = read_ticker_row(row, market, reply.time);
  });
  if (wrong) return *wrong;
  if (!ticker) return invalid("result/list", "holds no ticker of " + market.id);
  return *ticker;
}

Result<std::vector<unified::Ticker>> read_tickers(const ClientResponse& response, Markets markets) {
  const Reply reply(response);
  if (reply.wrong) return *reply.wrong;
  Fields result = reply.result();
  const auto kind = read_kind(result);
  std::map<std::string_view, const Market*> wanted;
  for (const Market& market : markets) {
    if (market.kind == kind) wanted[market.id] = &market;
  }
  std::vector<unified::Ticker> tickers;
  const auto wrong = each_row(result, "list", [&](Fields& row) {
    const auto found = wanted.find(row.text("symbol"));
    if (found == wanted.end()) return;  // Of inverse and dated contracts, too.
    tickers.push_back(read_ticker_row(row, *found->second, reply.time));
  });
  if (wrong) return *wrong;
  return tickers;
}

Result<unified::OrderBook> read_order_book(const ClientResponse& response, const Market& market) {
  const Reply reply(response);
  if (reply.wrong) return *reply.wrong;
  Fields result = reply.result();
  expect_symbol(result, "s", market);
  unified::OrderBook book;
  book.symbol = market.symbol;
  book.origin = unified::Origin::live;
  book.time = result.milliseconds("ts");
  // Not `u`, which counts the updates of one depth: this is comparable between depths and streams.
  book.sequence = static_cast<std::uint64_t>(result.whole("seq"));
  book.bids = read_levels(result, "b", Side::buy);
  book.asks = read_levels(result, "a", Side::sell);
  if (result.wrong()) return *result.wrong();
  return book;
}

Result<std::vector<unified::PublicTrade>> read_trades(const ClientResponse& response,
                                                      const Market& market) {
  const Reply reply(response);
  if (reply.wrong) return *reply.wrong;
  Fields result = reply.result();
  expect_kind(result, market.kind);
  std::vector<unified::PublicTrade> trades;
  const auto wrong = each_row(result, "list", [&](Fields& row) {
    expect_symbol(row, "symbol", market);
    trades.push_back({.id = row.text("execId"),
                      .symbol = market.symbol,
                      .side = read_side(row),
                      .price = row.positive("price"),
                      .quantity = row.positive("size"),
                      .time = row.milliseconds("time")});
  });
  if (wrong) return *wrong;
  std::ranges::reverse(trades);  // Bybit has the newest first.
  return trades;
}

Result<std::vector<unified::Candle>> read_ohlcv(const ClientResponse& response,
                                                const Market& market) {
  const Reply reply(response);
  if (reply.wrong) return *reply.wrong;
  Fields result = reply.result();
  expect_kind(result, market.kind);
  expect_symbol(result, "symbol", market);
  std::deque<std::string> storage;
  const auto rows = json_list(result.raw("list", JsonKind::list), storage);
  if (result.wrong()) return *result.wrong();
  if (!rows) return rows.error();
  std::vector<unified::Candle> candles;
  for (const JsonValue& row : *rows) {
    const auto candle = candle_from(row);
    if (!candle) {
      return invalid("result/list/" + std::to_string(candles.size()),
                     "is no candle of a start, four prices and a volume");
    }
    candles.push_back(*candle);
  }
  std::ranges::reverse(candles);  // Bybit has the newest first.
  return candles;
}

}  // namespace venuebox::venues::bybit
