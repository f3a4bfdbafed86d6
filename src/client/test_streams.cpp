#include "client/test_streams.h"

#include <sstream>

namespace venuebox::client {
namespace {
using gateway::BookStep;
using gateway::BookUpdate;
using gateway::ClientChannel;
using gateway::LoginAnswer;
using gateway::StreamNews;
using gateway::StreamTopic;
using gateway::SubscriptionAnswer;
using gateway::TickerUpdate;

constexpr std::uint16_t kFinalCodes[] = {kAcmeNeverAgain};
constexpr gateway::ClientSocket kSockets[] = {{"/public", false, kAcmeTopicsMax},
                                              {"/private", true, kAcmeTopicsMax}};

std::string_view word_of(StreamTopic topic) {
  constexpr std::string_view kWords[] = {"book",   "trades", "last",      "candles",
                                         "orders", "fills",  "positions", "balances"};
  return kWords[static_cast<std::size_t>(topic)];
}

Result<ClientChannel> channel(const gateway::StreamWish& wish) {
  if (wish.topic == StreamTopic::candles) return invalid("topic", "acme has no candles");
  std::string name(word_of(wish.topic));
  if (wish.market) name += "." + wish.market->id;
  return ClientChannel{gateway::is_private(wish.topic) ? 1u : 0u, name};
}

Result<std::string> login(const gateway::ClientKeys& keys, Timestamp) {
  if (keys.key.empty()) return invalid("key", "is empty");
  return "login " + keys.key;
}

std::string operation(std::string_view op, std::span<const std::string> names,
                      std::uint64_t request) {
  std::string text = std::string(op) + " " + std::to_string(request);
  for (const std::string& name : names)
    text += " " + name;
  return text;
}
std::string subscribe(std::span<const std::string> names, std::uint64_t request) {
  return operation("sub", names, request);
}
std::string unsubscribe(std::span<const std::string> names, std::uint64_t request) {
  return operation("unsub", names, request);
}
std::string ping(std::uint64_t request) { return operation("ping", {}, request); }

Decimal whole(std::int64_t units) { return {units, 0}; }

gateway::StreamBody read_book(std::istream& words) {
  std::string manner;
  BookUpdate book;
  std::int64_t bid = 0, ask = 0, sum = 0;
  words >> manner >> book.update >> bid >> ask;
  book.is_whole = manner == "whole";
  if (bid != 0) book.book.bids = {{whole(bid), whole(1)}};
  if (ask != 0) book.book.asks = {{whole(ask), whole(1)}};
  if (words >> sum) book.checksum = sum;
  return book;
}

gateway::StreamBody read_last(std::istream& words) {
  std::string manner;
  std::int64_t price = 0;
  words >> manner >> price;
  TickerUpdate ticker{
      .is_whole = manner == "whole", .time = timestamp_from_ms(price), .members = {}};
  ticker.members.emplace_back(&unified::Ticker::last, whole(price));
  if (ticker.is_whole) ticker.members.emplace_back(&unified::Ticker::volume, whole(7));
  return ticker;
}

Result<StreamNews> read(std::size_t, std::string_view message, gateway::ClientDialect::Markets) {
  std::istringstream words{std::string(message)};
  std::string kind, rest;
  words >> kind;
  if (kind == "pong") return StreamNews{.channel = {}, .body = gateway::Pong{}};
  if (kind == "login") {
    words >> rest;
    return StreamNews{.channel = {},
                      .body = LoginAnswer{.is_accepted = rest == "ok",
                                          .may_retry = rest == "later",
                                          .words = "acme says " + rest}};
  }
  if (kind == "ok" || kind == "no") {
    SubscriptionAnswer answer{.request = 0, .is_accepted = kind == "ok", .words = "acme says no"};
    words >> answer.request;
    return StreamNews{.channel = {}, .body = answer};
  }
  StreamNews news;
  words >> news.channel;
  if (kind == "book") return news.body = read_book(words), news;
  if (kind == "last") return news.body = read_last(words), news;
  words >> rest;
  if (kind == "trade") {
    std::vector<unified::PublicTrade> trades(1);
    trades[0].id = rest;
    return news.body = trades, news;
  }
  if (kind != "order") return invalid("message", "is none of acme's");
  std::vector<unified::OrderRow> orders(1);
  orders[0].id = rest;
  return news.body = orders, news;
}

BookStep book_step(std::uint64_t known, const BookUpdate& change) {
  if (change.update == known) return BookStep::repeats;
  return change.update == known + 1 ? BookStep::follows : BookStep::breaks;
}

std::int64_t checksum(const unified::OrderBook& book, const unified::Market&) {
  return static_cast<std::int64_t>(book.bids.size() * 10 + book.asks.size());
}
}  // namespace

const gateway::ClientDialect& acme_with_streams() {
  static const gateway::ClientStreams streams{.base_url = "",
                                              .testnet_url = "",
                                              .sockets = kSockets,
                                              .ping_interval = kAcmePing,
                                              .final_close_codes = kFinalCodes,
                                              .channel = channel,
                                              .login = login,
                                              .subscribe = subscribe,
                                              .unsubscribe = unsubscribe,
                                              .ping = ping,
                                              .read = read,
                                              .book_step = book_step,
                                              .checksum = checksum};
  static const gateway::ClientDialect dialect = [] {
    gateway::ClientDialect made;
    made.name = "acme";
    made.key_variables = {"ACME_API_KEY", "ACME_SECRET"};
    made.streams = &streams;
    return made;
  }();
  return dialect;
}

unified::Market acme_market(std::string_view symbol) {
  unified::Market market;
  market.symbol = symbol;
  market.id = symbol;
  return market;
}

}  // namespace venuebox::client
