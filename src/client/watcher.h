// One venue's streams as a bot uses them, in the vocabulary that ccxt users know. What was asked
// for once is told until it is unwatched, whatever becomes of connections: they are made again,
// everything is subscribed again, and books are rebuilt. What is not sure is marked `stale`, and
// what may have been missed is told as a gap.
#pragma once

#include <deque>
#include <map>

#include "client/live_book.h"
#include "client/stream_connection.h"

namespace venuebox::client {

struct WatcherSettings {
  ConnectionSettings connection;
  // Where the venue's prices come from: a box in place of the venue says `simulated`.
  unified::Origin origin = unified::Origin::live;
  // For a book to come whole after it was asked for.
  Nanoseconds snapshot_timeout = seconds(5);
  // Without news of one public subscription, after which its socket is connected again; 0: never,
  // since a market may well be quiet.
  Nanoseconds quiet_after = {};
};

// What happens around the news themselves.
struct StreamEvent {
  enum class Kind : std::uint8_t {
    connected,     // and logged in
    disconnected,  // to be connected again
    silent,        // likewise, for nothing was heard
    resync,        // a book is not believed and asked for anew
    gap,      // orders, fills … may have been missed between `from` and `until`: ask for them
    refused,  // the venue has no such subscription; it is dropped
    login_refused,  // not tried again until something is watched on that socket
    ended,          // likewise, for the server wants nobody back
    garbled,        // a message could not be read
  };
  Kind kind = Kind::connected;
  std::string path = {};     // of the socket
  std::string channel = {};  // in the venue's words; empty: the whole socket
  std::string text = {};     // why, for people; no secret in it
  Timestamp from = {};       // of a gap, by the scheduler's clock
  Timestamp until = {};
};

// Belongs to one thread, like the transport and the scheduler, which outlive it. Nothing is told
// from within a call; what is told may unwatch, watch and destroy the watcher.
class Watcher final : StreamConnectionOwner {
 public:
  template <class T>
  using Tell = std::function<void(const T&)>;
  using WatchId = std::uint64_t;

  //   dialect  of a venue whose streams are known
  //   keys     absent: an account's own news are refused, as trading calls are
  Watcher(const gateway::ClientDialect& dialect, std::optional<gateway::ClientKeys> keys,
          StreamTransport& transport, Scheduler& scheduler, WatcherSettings settings = {});
  ~Watcher() override;
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // To be called first: all else names markets by their unified symbols.
  void set_markets(std::span<const unified::Market> markets);
  void on_event(Tell<StreamEvent> tell) {
    on_event_ = std::make_shared<const Tell<StreamEvent>>(std::move(tell));
  }

  // Who only wants to look at what was told last gives no function. A book is told whole after each
  // change, and once when it becomes stale; so is a ticker.
  //   levels  on each side, at least; 0: as many as the venue gives by itself
  Result<WatchId> watch_order_book(std::string_view symbol, int levels,
                                   Tell<unified::OrderBook> tell);
  Result<WatchId> watch_ticker(std::string_view symbol, Tell<unified::Ticker> tell);
  Result<WatchId> watch_trades(std::string_view symbol, Tell<std::vector<unified::PublicTrade>>);
  Result<WatchId> watch_ohlcv(std::string_view symbol, int minutes,
                              Tell<std::vector<unified::Candle>> tell);
  // Of all markets. A position of quantity 0 is none any more.
  Result<WatchId> watch_orders(Tell<std::vector<unified::OrderRow>> tell);
  Result<WatchId> watch_my_trades(Tell<std::vector<unified::FillRow>> tell);
  Result<WatchId> watch_positions(Tell<std::vector<unified::PositionRow>> tell);
  Result<WatchId> watch_balance(Tell<std::vector<unified::AssetBalance>> tell);
  // What is not watched any more is not told any more, not even what has arrived already.
  void unwatch(WatchId id);

  // As last told; null: it is not watched. Good until the next turn.
  const unified::OrderBook* order_book(std::string_view symbol) const;
  const unified::Ticker* ticker(std::string_view symbol) const;
  const StreamCounts& counts() const { return counts_; }

 private:
  template <class T>
  using Told = std::shared_ptr<const Tell<T>>;
  using AnyTell =
      std::variant<Told<unified::OrderBook>, Told<unified::Ticker>,
                   Told<std::vector<unified::PublicTrade>>, Told<std::vector<unified::Candle>>,
                   Told<std::vector<unified::OrderRow>>, Told<std::vector<unified::FillRow>>,
                   Told<std::vector<unified::PositionRow>>,
                   Told<std::vector<unified::AssetBalance>>>;
  struct Channel;
  using ChannelPtr = std::shared_ptr<Channel>;
  // Of one socket.
  struct Socket {
    std::unique_ptr<StreamConnection> connection;  // null: nothing was ever asked of it
    std::map<std::string, ChannelPtr, std::less<>> channels;
    // Subscriptions without an answer, and the channels that they ask for.
    std::map<std::uint64_t, std::vector<std::string>> pending;
    std::optional<Timestamp> gap_from;  // of a private one that is down, or not yet whole again
  };

  void ready(StreamConnection& connection) override;
  void told(StreamConnection& connection, gateway::StreamNews news) override;
  void unreadable(StreamConnection& connection, const Error& error) override;
  void lost(StreamConnection& connection, Loss loss, std::string_view text) override;
  bool is_wanted(const StreamConnection& connection) const override;
  std::span<const unified::Market> markets() const override { return markets_; }
  void turn_ended() override;

  template <class T>
  Result<WatchId> watch(gateway::StreamWish wish, std::string_view symbol, Tell<T> tell);
  Result<const unified::Market*> find_market(std::string_view symbol) const;
  Socket& open_socket(std::size_t place);
  void drop(Socket& socket, const ChannelPtr& channel);

  void subscribe(Socket& socket, const std::vector<std::string>& names);
  void unsubscribe(Socket& socket, const std::string& name);
  void answered(Socket& socket, const gateway::SubscriptionAnswer& answer);
  void refused(Socket& socket, const std::vector<std::string>& names, std::string_view words);
  void accepted(Socket& socket, const ChannelPtr& channel);
  void close_gap(Socket& socket);

  void take(Socket& socket, const ChannelPtr& channel, const gateway::BookUpdate& news);
  void take(Socket& socket, const ChannelPtr& channel, const gateway::TickerUpdate& news);
  void resync(Socket& socket, const ChannelPtr& channel, std::string_view why);
  void ask_anew(Socket& socket, const ChannelPtr& channel);
  void expect_snapshot(Socket& socket, const ChannelPtr& channel);
  void watch_for_quiet(Socket& socket, const ChannelPtr& channel, Nanoseconds wait);
  void later(Socket& socket, const ChannelPtr& channel, Nanoseconds wait,
             std::function<void(const ChannelPtr&)> work);

  //   only  one of the channel's watches; 0: all of them
  template <class T>
  void tell(const ChannelPtr& channel, std::shared_ptr<const T> value, WatchId only = 0);
  void tell_book(const ChannelPtr& channel, WatchId only = 0);
  void tell_ticker(const ChannelPtr& channel, WatchId only = 0);
  void tell_what_is_known(const ChannelPtr& channel, WatchId only);
  void tell_stale(const ChannelPtr& channel);
  void note(const Socket& socket, StreamEvent event);

  const gateway::ClientDialect& dialect_;
  const gateway::ClientStreams& venue_;
  std::optional<gateway::ClientKeys> keys_;
  StreamTransport& transport_;
  Scheduler& scheduler_;
  WatcherSettings settings_;
  std::vector<unified::Market> markets_;
  Told<StreamEvent> on_event_;
  StreamCounts counts_;
  std::vector<Socket> sockets_;  // by place
  std::map<WatchId, ChannelPtr> watches_;
  WatchId watches_made_ = 0;
  std::uint64_t requests_ = 0;
  // What is to be told at the end of the turn: of a watch, or (0) an event.
  struct Delivery {
    WatchId watch;
    std::function<void()> tell;
  };
  std::deque<Delivery> deliveries_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace venuebox::client
