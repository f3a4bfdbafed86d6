// What Paradex's messages say, in unified words. Rows are read as those of its answers are.
#include <algorithm>

#include "venues/paradex/client_rows.h"
#include "venues/paradex/client_streams.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::BookUpdate;
using gateway::each_row;
using gateway::LoginAnswer;
using gateway::Pong;
using gateway::StreamBody;
using gateway::StreamNews;
using gateway::SubscriptionAnswer;
using gateway::TickerUpdate;
using unified::Market;
using unified::Ticker;

// ---- answers ------------------------------------------------------------------------------------

// Why something was refused; empty: it was not.
std::string read_refusal(Fields& message) {
  JsonObject json;
  if (!json.parse(message.raw("error", JsonKind::object))) {
    message.refuse("error", "cannot be read");
    return {};
  }
  Fields error(json, "error");
  std::string words = error.text("message");
  const std::string data = error.text_or_empty("data");
  if (!data.empty()) words += ": " + data;
  if (error.wrong()) message.refuse(*error.wrong());
  return words;
}

// A token is asked for anew each time, so a login that was refused may well work later.
Result<StreamNews> read_answer(Fields& message, const JsonObject& json) {
  const bool is_accepted = json.find("error") == nullptr;
  const std::string words = is_accepted ? std::string() : read_refusal(message);
  const JsonValue* id = json.find("id");
  if (id && id->kind == JsonKind::text && id->text == kPingId)
    return StreamNews{.channel = {}, .body = Pong{}};
  if (is_accepted) (void)message.raw("result", JsonKind::object);
  if (message.wrong()) return *message.wrong();
  if (id && id->kind == JsonKind::text && id->text == kLoginId) {
    return StreamNews{
        .channel = {},
        .body = LoginAnswer{.is_accepted = is_accepted, .may_retry = true, .words = words}};
  }
  const std::int64_t request = message.whole_or_0("id");
  if (message.wrong()) return *message.wrong();
  return StreamNews{.channel = {},
                    .body = SubscriptionAnswer{.request = static_cast<std::uint64_t>(request),
                                               .is_accepted = is_accepted,
                                               .words = words}};
}

// ---- books --------------------------------------------------------------------------------------

// Levels of one list of the message, each with its side; those that are deleted have no size any
// more.
void read_changes(Fields& data, std::string_view name, bool is_gone, unified::OrderBook& book) {
  const auto wrong = each_row(data, name, [&](Fields& row) {
    const Side side = read_side(row);
    const Decimal price = row.positive("price");
    const Decimal quantity = is_gone ? Decimal{} : row.positive("size");
    (side == Side::buy ? book.bids : book.asks).push_back({price, quantity});
  });
  if (wrong) data.refuse(*wrong);
}

BookUpdate read_book(Fields& data, const Market& market) {
  BookUpdate news;
  expect_market(data, "market", market);
  const std::string type = data.text("update_type");
  if (type != "s" && type != "d") data.refuse("update_type", "is neither s nor d");
  news.is_whole = type == "s";
  news.update = static_cast<std::uint64_t>(data.whole("seq_no"));
  news.book.symbol = market.symbol;
  news.book.time = data.milliseconds("last_updated_at");
  news.book.sequence = news.update;
  read_changes(data, "inserts", false, news.book);
  read_changes(data, "updates", false, news.book);
  read_changes(data, "deletes", true, news.book);
  const auto better = [](const auto& a, const auto& b) { return compare(a.price, b.price) > 0; };
  const auto worse = [](const auto& a, const auto& b) { return compare(a.price, b.price) < 0; };
  std::ranges::sort(news.book.bids, better);
  std::ranges::sort(news.book.asks, worse);
  return news;
}

TickerUpdate read_ticker_news(Fields& data, const Market& market) {
  expect_market(data, "symbol", market);
  const Ticker ticker = read_summary(data, market);
  TickerUpdate news{.is_whole = true, .time = ticker.time, .members = {}};
  for (const auto member :
       {&Ticker::bid, &Ticker::bid_quantity, &Ticker::ask, &Ticker::ask_quantity, &Ticker::last,
        &Ticker::mark, &Ticker::index, &Ticker::turnover})
    news.members.emplace_back(member, ticker.*member);
  return news;
}

// ---- one message --------------------------------------------------------------------------------

template <class Row, class Read>
StreamBody own_row(Fields& data, Markets markets, const Read& read) {
  std::vector<Row> rows;
  const Market* market = read_market(data, "market", markets);
  if (market) rows.push_back(read(data, *market));
  return rows;
}

StreamBody read_private(std::string_view channel, Fields& data, Markets markets) {
  if (channel == "orders.ALL") return own_row<unified::OrderRow>(data, markets, read_order);
  if (channel == "fills.ALL") return own_row<unified::FillRow>(data, markets, read_fill);
  if (channel == "positions") return own_row<unified::PositionRow>(data, markets, read_position);
  if (channel != "account") data.refuse("channel", "is none that was asked for");
  return std::vector{read_account(data)};
}

StreamBody read_public(std::string_view channel, Fields& data, Markets markets) {
  const std::string_view key = channel.starts_with("markets_summary.") ? "symbol" : "market";
  const Market* market = read_market(data, key, markets);
  if (!market) return Pong{};
  if (channel.starts_with("order_book.")) return read_book(data, *market);
  if (channel.starts_with("markets_summary.")) return read_ticker_news(data, *market);
  if (channel.starts_with("trades.")) return std::vector{read_trade(data, *market)};
  data.refuse("channel", "is none that was asked for");
  return Pong{};
}
}  // namespace

Result<StreamNews> read_stream(std::size_t socket, std::string_view message, Markets markets) {
  JsonObject json;
  if (auto parsed = json.parse(message); !parsed) return parsed.error();
  Fields fields(json, "");
  if (!json.find("method")) return read_answer(fields, json);
  JsonObject params_json;
  JsonObject data_json;
  if (!params_json.parse(fields.raw("params", JsonKind::object)))
    return invalid("params", "cannot be read");
  Fields params(params_json, "params");
  StreamNews news{.channel = params.text("channel"), .body = Pong{}};
  if (!data_json.parse(params.raw("data", JsonKind::object)))
    return invalid("params/data", "cannot be read");
  Fields data(data_json, "params/data");
  news.body = socket == kPrivateSocket ? read_private(news.channel, data, markets)
                                       : read_public(news.channel, data, markets);
  if (params.wrong()) return *params.wrong();
  if (data.wrong()) return *data.wrong();
  return news;
}

}  // namespace venuebox::venues::paradex
