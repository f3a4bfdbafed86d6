// What is watched, and telling of it. How it is asked for: watcher_channels.cpp.
#include "client/watcher.h"

#include <algorithm>

#include <fmt/format.h>

#include "client/caller.h"
#include "client/watcher_channel.h"

namespace venuebox::client {
using gateway::StreamTopic;

Watcher::Watcher(const gateway::ClientDialect& dialect, std::optional<gateway::ClientKeys> keys,
                 StreamTransport& transport, Scheduler& scheduler, WatcherSettings settings)
    : dialect_(dialect),
      venue_(*dialect.streams),
      keys_(std::move(keys)),
      transport_(transport),
      scheduler_(scheduler),
      settings_(settings),
      sockets_(venue_.sockets.size()) {}

Watcher::~Watcher() { *alive_ = false; }

void Watcher::set_markets(std::span<const unified::Market> markets) {
  markets_.assign(markets.begin(), markets.end());
}

// ---- watching -----------------------------------------------------------------------------------

Result<const unified::Market*> Watcher::find_market(std::string_view symbol) const {
  const auto at = std::ranges::find(markets_, symbol, &unified::Market::symbol);
  if (at != markets_.end()) return &*at;
  if (markets_.empty())
    return invalid({}, "markets are not loaded yet; load them and call set_markets first");
  return Error{
      ErrorKind::not_found,
      {},
      fmt::format("{} lists no market '{}'; load_markets tells which", dialect_.name, symbol)};
}

template <class T>
Result<Watcher::WatchId> Watcher::watch(gateway::StreamWish wish, std::string_view symbol,
                                        Tell<T> tell) {
  if (gateway::is_private(wish.topic)) {
    if (!keys_) return Error{ErrorKind::unsupported, {}, read_only_text(dialect_)};
  } else {
    const auto market = find_market(symbol);
    if (!market) return market.error();
    wish.market = *market;
  }
  const auto named = venue_.channel(wish);
  if (!named) return named.error();
  Socket& socket = open_socket(named->socket);
  ChannelPtr& channel = socket.channels[named->name];
  const bool is_new = !channel;
  if (is_new) {
    channel = std::make_shared<Channel>(Channel{
        .name = named->name,
        .symbol = std::string(symbol),
        .topic = wish.topic,
        .resync_wait =
            Reconnect(settings_.connection.reconnect, settings_.connection.seed, named->name)});
    if (wish.topic == StreamTopic::order_book)
      channel->book.emplace(venue_, *wish.market, settings_.origin);
    channel->ticker.symbol = symbol;
  }
  const WatchId id = ++watches_made_;
  channel->tells.emplace_back(id, std::make_shared<const Tell<T>>(std::move(tell)));
  watches_.emplace(id, channel);
  socket.connection->connect();
  const bool is_ready = socket.connection->state() == StreamConnection::State::ready;
  if (is_new && is_ready) subscribe(socket, {named->name});
  if (!is_new) tell_what_is_known(channel, id);
  return id;
}

Result<Watcher::WatchId> Watcher::watch_order_book(std::string_view symbol, int levels,
                                                   Tell<unified::OrderBook> tell) {
  return watch({.topic = StreamTopic::order_book, .levels = levels}, symbol, std::move(tell));
}

Result<Watcher::WatchId> Watcher::watch_ticker(std::string_view symbol,
                                               Tell<unified::Ticker> tell) {
  return watch({.topic = StreamTopic::ticker}, symbol, std::move(tell));
}

Result<Watcher::WatchId> Watcher::watch_trades(std::string_view symbol,
                                               Tell<std::vector<unified::PublicTrade>> tell) {
  return watch({.topic = StreamTopic::trades}, symbol, std::move(tell));
}

Result<Watcher::WatchId> Watcher::watch_ohlcv(std::string_view symbol, int minutes,
                                              Tell<std::vector<unified::Candle>> tell) {
  return watch({.topic = StreamTopic::candles, .minutes = minutes}, symbol, std::move(tell));
}

Result<Watcher::WatchId> Watcher::watch_orders(Tell<std::vector<unified::OrderRow>> tell) {
  return watch({.topic = StreamTopic::orders}, {}, std::move(tell));
}

Result<Watcher::WatchId> Watcher::watch_my_trades(Tell<std::vector<unified::FillRow>> tell) {
  return watch({.topic = StreamTopic::fills}, {}, std::move(tell));
}

Result<Watcher::WatchId> Watcher::watch_positions(Tell<std::vector<unified::PositionRow>> tell) {
  return watch({.topic = StreamTopic::positions}, {}, std::move(tell));
}

Result<Watcher::WatchId> Watcher::watch_balance(Tell<std::vector<unified::AssetBalance>> tell) {
  return watch({.topic = StreamTopic::balances}, {}, std::move(tell));
}

void Watcher::unwatch(WatchId id) {
  const auto at = watches_.find(id);
  if (at == watches_.end()) return;
  const ChannelPtr channel = at->second;
  watches_.erase(at);
  std::erase_if(channel->tells, [id](const auto& tell) { return tell.first == id; });
  if (!channel->tells.empty()) return;
  for (Socket& socket : sockets_) {
    const auto kept = socket.channels.find(channel->name);
    if (kept != socket.channels.end() && kept->second == channel) drop(socket, channel);
  }
}

// ---- what was told last -------------------------------------------------------------------------

const unified::OrderBook* Watcher::order_book(std::string_view symbol) const {
  for (const Socket& socket : sockets_) {
    for (const auto& [name, channel] : socket.channels) {
      if (channel->book && channel->symbol == symbol) return &channel->book->book();
    }
  }
  return nullptr;
}

const unified::Ticker* Watcher::ticker(std::string_view symbol) const {
  for (const Socket& socket : sockets_) {
    for (const auto& [name, channel] : socket.channels) {
      if (channel->topic == StreamTopic::ticker && channel->symbol == symbol)
        return &channel->ticker;
    }
  }
  return nullptr;
}

// ---- telling ------------------------------------------------------------------------------------

void Watcher::turn_ended() {
  const auto alive = alive_;
  while (*alive && !deliveries_.empty()) {
    const Delivery delivery = std::move(deliveries_.front());
    deliveries_.pop_front();
    if (delivery.watch == 0 || watches_.contains(delivery.watch)) delivery.tell();
  }
}

template <class T>
void Watcher::tell(const ChannelPtr& channel, std::shared_ptr<const T> value, WatchId only) {
  for (const auto& [id, any] : channel->tells) {
    if (only != 0 && id != only) continue;
    const auto* told = std::get_if<Told<T>>(&any);
    if (told && **told) deliveries_.push_back({id, [told = *told, value] { (*told)(*value); }});
  }
}

// Not a copy: by the end of the turn the book is what it is now.
void Watcher::tell_book(const ChannelPtr& channel, WatchId only) {
  tell(channel, std::shared_ptr<const unified::OrderBook>(channel, &channel->book->book()), only);
}

void Watcher::tell_ticker(const ChannelPtr& channel, WatchId only) {
  tell(channel, std::shared_ptr<const unified::Ticker>(channel, &channel->ticker), only);
}

void Watcher::tell_what_is_known(const ChannelPtr& channel, WatchId only) {
  const bool has_book =
      channel->book && channel->book->book().origin != unified::Origin::unavailable;
  if (has_book) tell_book(channel, only);
  if (channel->ticker.origin != unified::Origin::unavailable) tell_ticker(channel, only);
  scheduler_.after({}, [this, alive = alive_] {
    if (*alive) turn_ended();
  });
}

void Watcher::tell_stale(const ChannelPtr& channel) {
  if (channel->book && channel->book->is_believed()) {
    channel->book->mark_stale();
    tell_book(channel);
  }
  if (channel->ticker.origin == settings_.origin) {
    channel->ticker.origin = unified::Origin::stale;
    tell_ticker(channel);
  }
}

void Watcher::note(const Socket& socket, StreamEvent event) {
  if (!on_event_) return;
  event.path = socket.connection->socket().path;
  deliveries_.push_back({0, [told = on_event_, event = std::move(event)] { (*told)(event); }});
}

// ---- news ---------------------------------------------------------------------------------------

void Watcher::told(StreamConnection& connection, gateway::StreamNews news) {
  Socket& socket = sockets_[connection.place()];
  if (const auto* answer = std::get_if<gateway::SubscriptionAnswer>(&news.body))
    return answered(socket, *answer);
  const auto at = socket.channels.find(news.channel);
  if (at == socket.channels.end()) return;  // It was on its way when it was unwatched.
  const ChannelPtr channel = at->second;
  channel->heard = scheduler_.now();
  std::visit(
      [&]<class T>(T& body) {
        if constexpr (std::is_same_v<T, gateway::BookUpdate> ||
                      std::is_same_v<T, gateway::TickerUpdate>) {
          take(socket, channel, body);
        } else if constexpr (std::is_constructible_v<AnyTell, Told<T>>) {
          if (!body.empty()) tell(channel, std::make_shared<const T>(std::move(body)));
        }
      },
      news.body);
}

void Watcher::take(Socket&, const ChannelPtr& channel, const gateway::TickerUpdate& news) {
  unified::Ticker& ticker = channel->ticker;
  // What changed of something that is not known says nothing.
  if (!news.is_whole && ticker.origin != settings_.origin) return;
  if (news.is_whole) {
    ticker = {};
    ticker.symbol = channel->symbol;
    ticker.origin = settings_.origin;
  }
  for (const auto& [member, value] : news.members)
    ticker.*member = value;
  ticker.time = news.time;
  tell_ticker(channel);
}

void Watcher::take(Socket& socket, const ChannelPtr& channel, const gateway::BookUpdate& news) {
  if (!channel->book) return;
  // Changes that were on their way when the book was asked for, or asked for anew.
  const bool is_of_before = channel->state == Channel::State::asked || channel->awaits_resync;
  if (!news.is_whole && is_of_before) return;
  if (const auto why = channel->book->take(news)) return resync(socket, channel, *why);
  if (channel->book->is_repeated()) return;
  if (news.is_whole) {
    if (std::exchange(channel->awaits_resync, false) || channel->believed_since == Timestamp{})
      channel->believed_since = scheduler_.now();
  }
  tell_book(channel);
}

void Watcher::unreadable(StreamConnection& connection, const Error& error) {
  Socket& socket = sockets_[connection.place()];
  note(socket, {.kind = StreamEvent::Kind::garbled, .text = error.text()});
  // It may have been an order or a fill.
  const bool may_matter = connection.socket().is_private &&
                          connection.state() == StreamConnection::State::ready &&
                          !socket.channels.empty();
  if (may_matter) {
    note(socket, {.kind = StreamEvent::Kind::gap,
                  .text = "a message could not be read",
                  .from = connection.heard(),
                  .until = scheduler_.now()});
  }
}

}  // namespace venuebox::client
