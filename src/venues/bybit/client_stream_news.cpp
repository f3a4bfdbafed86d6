// What Bybit's messages say, in unified words. Rows are read as those of its answers are.
#include <algorithm>

#include "venues/bybit/client_rows.h"
#include "venues/bybit/client_streams.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::BookUpdate;
using gateway::LoginAnswer;
using gateway::Pong;
using gateway::StreamNews;
using gateway::SubscriptionAnswer;
using gateway::TickerUpdate;
using unified::Market;
using unified::MarketKind;
using unified::Ticker;

// ---- answers ------------------------------------------------------------------------------------

// What a login may be refused with that passes: overload, too many visits, maintenance.
constexpr std::int64_t kPassing[] = {10000, 10006, 10016, 10018};

Result<StreamNews> read_answer(Fields& message) {
  const std::string op = message.text_or_empty("op");
  if (op == "ping" || op == "pong") return StreamNews{.channel = {}, .body = Pong{}};
  const bool is_accepted = message.flag("success");
  const std::string words = message.text_or_empty("ret_msg");
  if (op == "auth") {
    const std::int64_t code = message.whole_or_0("retCode");
    if (message.wrong()) return *message.wrong();
    return StreamNews{
        .channel = {},
        .body = LoginAnswer{.is_accepted = is_accepted,
                            .may_retry = std::ranges::find(kPassing, code) != std::end(kPassing),
                            .words = words}};
  }
  // What it could not even read is answered without an op.
  const bool is_known = op == "subscribe" || op == "unsubscribe" || (op.empty() && !is_accepted);
  if (!is_known) message.refuse("op", "is none that is known");
  const std::int64_t request = message.whole_or_0("req_id");
  if (message.wrong()) return *message.wrong();
  return StreamNews{.channel = {},
                    .body = SubscriptionAnswer{.request = static_cast<std::uint64_t>(request),
                                               .is_accepted = is_accepted,
                                               .words = words}};
}

// ---- public news --------------------------------------------------------------------------------

// A topic's last word is the symbol.
const Market* market_of(std::string_view topic, std::size_t socket, Markets markets) {
  const std::string_view id = topic.substr(topic.rfind('.') + 1);
  const MarketKind kind = socket == kSpotSocket ? MarketKind::spot : MarketKind::perpetual;
  const auto at = std::ranges::find_if(
      markets, [&](const Market& market) { return market.id == id && market.kind == kind; });
  return at == markets.end() ? nullptr : &*at;
}

// One message, opened.
struct Message {
  Fields& fields;
  bool is_whole;  // of type "snapshot"
  const Market& market;
};

void expect_symbol(Fields& row, std::string_view name, const Market& market) {
  if (row.text(name) != market.id) row.refuse(name, "is another than the topic's");
}

// Opens "data"; false when it is no object, which the message remembers.
bool open_data(const Message& message, JsonObject& json) {
  if (json.parse(message.fields.raw("data", JsonKind::object))) return true;
  message.fields.refuse("data", "cannot be read");
  return false;
}

BookUpdate read_book(const Message& message) {
  BookUpdate news;
  JsonObject json;
  if (!open_data(message, json)) return news;
  Fields data(json, "data");
  expect_symbol(data, "s", message.market);
  news.update = static_cast<std::uint64_t>(data.whole("u"));
  // The first after a restart of the venue's service.
  news.is_whole = message.is_whole || news.update == 1;
  news.book.symbol = message.market.symbol;
  news.book.time = message.fields.milliseconds("ts");
  news.book.sequence = static_cast<std::uint64_t>(data.whole("seq"));
  news.book.bids = news.is_whole ? read_levels(data, "b", Side::buy) : read_changes(data, "b");
  news.book.asks = news.is_whole ? read_levels(data, "a", Side::sell) : read_changes(data, "a");
  if (data.wrong()) message.fields.refuse(*data.wrong());
  return news;
}

struct TickerField {
  std::string_view name;
  TickerUpdate::Member member;
  bool may_be_0 = false;  // of prices, 0 is none
};
constexpr TickerField kTickerFields[] = {
    {"bid1Price", &Ticker::bid},
    {"bid1Size", &Ticker::bid_quantity},
    {"ask1Price", &Ticker::ask},
    {"ask1Size", &Ticker::ask_quantity},
    {"lastPrice", &Ticker::last},
    {"markPrice", &Ticker::mark},
    {"indexPrice", &Ticker::index},
    {"highPrice24h", &Ticker::high},
    {"lowPrice24h", &Ticker::low},
    {"volume24h", &Ticker::volume, true},
    {"turnover24h", &Ticker::turnover, true},
};

TickerUpdate read_ticker_news(const Message& message) {
  TickerUpdate news;
  news.is_whole = message.is_whole;
  news.time = message.fields.milliseconds("ts");
  JsonObject json;
  if (!open_data(message, json)) return news;
  Fields data(json, "data");
  expect_symbol(data, "symbol", message.market);
  for (const TickerField& field : kTickerFields) {
    if (!json.find(field.name)) continue;
    news.members.emplace_back(field.member, field.may_be_0 ? data.not_negative_if(field.name)
                                                           : data.positive_if(field.name));
  }
  if (data.wrong()) message.fields.refuse(*data.wrong());
  return news;
}

std::vector<unified::PublicTrade> read_trade_news(const Message& message) {
  std::vector<unified::PublicTrade> trades;
  const auto wrong = each_row(message.fields, "data", [&](Fields& row) {
    expect_symbol(row, "s", message.market);
    const std::string side = row.text("S");
    if (side != "Buy" && side != "Sell") row.refuse("S", "is neither Buy nor Sell");
    trades.push_back({.id = row.text("i"),
                      .symbol = message.market.symbol,
                      .side = side == "Sell" ? Side::sell : Side::buy,
                      .price = row.positive("p"),
                      .quantity = row.positive("v"),
                      .time = row.milliseconds("T")});
  });
  if (wrong) message.fields.refuse(*wrong);
  return trades;
}

std::vector<unified::Candle> read_candle_news(const Message& message) {
  std::vector<unified::Candle> candles;
  const auto wrong = each_row(message.fields, "data", [&](Fields& row) {
    const unified::Candle candle{.start = row.milliseconds("start"),
                                 .open = row.number("open"),
                                 .high = row.number("high"),
                                 .low = row.number("low"),
                                 .close = row.number("close"),
                                 .volume = row.number("volume")};
    if (!row.wrong() && !is_candle(candle)) row.refuse("close", "is part of no candle");
    candles.push_back(candle);
  });
  if (wrong) message.fields.refuse(*wrong);
  return candles;
}

gateway::StreamBody read_public(std::string_view topic, const Message& message) {
  if (topic.starts_with("orderbook.")) return read_book(message);
  if (topic.starts_with("tickers.")) return read_ticker_news(message);
  if (topic.starts_with("publicTrade.")) return read_trade_news(message);
  if (topic.starts_with("kline.")) return read_candle_news(message);
  message.fields.refuse("topic", "is none that was asked for");
  return Pong{};
}

// ---- an account's own ---------------------------------------------------------------------------

// Inverse contracts and options share the topics, and are nothing that the unified calls know.
bool is_of_others(Fields& row) {
  const std::string category = row.text("category");
  return category == "inverse" || category == "option";
}

template <class Row, class Read>
std::vector<Row> read_rows(Fields& fields, Markets markets, const Read& read) {
  std::vector<Row> rows;
  const auto wrong = each_row(fields, "data", [&](Fields& row) {
    if (is_of_others(row)) return;
    const Market* market = read_market(row, read_kind(row), markets);
    if (market) read(row, *market, rows);
  });
  if (wrong) fields.refuse(*wrong);
  return rows;
}

std::vector<unified::AssetBalance> read_wallet(Fields& fields) {
  std::vector<unified::AssetBalance> assets;
  const auto wrong = each_row(fields, "data", [&](Fields& account) {
    if (account.text("accountType") == "UNIFIED") assets = read_coins(account);
  });
  if (wrong) fields.refuse(*wrong);
  return assets;
}

gateway::StreamBody read_private(std::string_view topic, Fields& fields, Markets markets) {
  if (topic == "order") {
    return read_rows<unified::OrderRow>(fields, markets,
                                        [](Fields& row, const Market& market, auto& rows) {
                                          rows.push_back(read_order(row, market));
                                        });
  }
  if (topic == "execution") {
    return read_rows<unified::FillRow>(fields, markets,
                                       [](Fields& row, const Market& market, auto& rows) {
                                         if (is_trade(row)) rows.push_back(read_fill(row, market));
                                       });
  }
  if (topic == "position") {
    return read_rows<unified::PositionRow>(
        fields, markets, [](Fields& row, const Market& market, auto& rows) {
          rows.push_back(read_position(row, market, "entryPrice"));
        });
  }
  if (topic != "wallet") fields.refuse("topic", "is none that was asked for");
  return read_wallet(fields);
}
}  // namespace

Result<StreamNews> read_stream(std::size_t socket, std::string_view message, Markets markets) {
  JsonObject json;
  if (auto parsed = json.parse(message); !parsed) return parsed.error();
  Fields fields(json, "");
  if (!json.find("topic")) return read_answer(fields);
  StreamNews news;
  news.channel = fields.text("topic");
  if (socket == kPrivateSocket) {
    news.body = read_private(news.channel, fields, markets);
  } else {
    const Market* market = market_of(news.channel, socket, markets);
    if (!market) return invalid("topic", "is of no market that was loaded");
    const std::string type = fields.text("type");
    if (type != "snapshot" && type != "delta") fields.refuse("type", "is none that is known");
    news.body = read_public(news.channel, {fields, type == "snapshot", *market});
  }
  if (fields.wrong()) return *fields.wrong();
  return news;
}

}  // namespace venuebox::venues::bybit
