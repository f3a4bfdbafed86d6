// The streams of one venue in one box: who is connected, what they are subscribed to, and what they
// are told at the end of a turn. A message is encoded once, however many subscribers it has. Runs
// beside the door and, like it, knows nothing of what trading means.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "gateway/book_feed.h"
#include "gateway/door.h"
#include "gateway/frame_tap.h"
#include "gateway/request_log.h"
#include "model/command.h"
#include "net/web_socket.h"

namespace venuebox::gateway {

// A client's message whose answer comes later.
struct StreamAsker {
  const net::WebSocket* socket = nullptr;  // by address only
  std::uint64_t connection = 0;            // StreamCall::connection
  std::string message;
};

// Carries out what a message asks for, in place of the door. False when that takes its time; then
// Streams::answer is to be called later.
using Perform = FunctionRef<bool(const StreamAsker&, AccountId, const Request&, Response&)>;

class Streams {
 public:
  Streams(const Venue& venue, Door& door);
  // Says goodbye to everybody; no socket is touched afterwards.
  ~Streams();
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  // Null when nothing is streamed there.
  const StreamRoute* find_route(std::string_view path) const;
  // False when the response says why there will be no connection.
  bool admits(const Request& request, Response& response) const {
    return !table_->admits || table_->admits(request, response);
  }

  //   query  of the address that the client connected to
  void open(net::WebSocket& socket, const StreamRoute& route, std::string_view query);
  //   log      gets what the message led to, as if it had come by itself
  //   perform  null: the door carries everything out at once
  void receive(net::WebSocket& socket, std::string_view message, bool is_text, Desk& desk,
               const Moment& moment, RequestLog& log, const Perform* perform = nullptr);
  // Tells who asked, unless they have gone.
  void answer(const StreamAsker& asker, const Response& response, const View& view,
              const Moment& moment);
  // Null: they have gone.
  net::WebSocket* find(const StreamAsker& asker);
  // What is to be executed now that it has gone, where there is anything.
  std::optional<EndSession> close(net::WebSocket& socket);

  // To be shown the events of every command, in order, right after it.
  void observe(std::span<const Event> events, const View& view);
  // Tells everybody what the turn has brought so far; more of it may follow. Who has much to read
  // already hears of the markets at the end of the turn alone.
  //   is_paced  false: channels do not wait for their pace, as when the clock stands still
  void tell(const View& view, const Moment& moment, bool is_paced);
  // Ends a turn: tells everybody the rest of what it brought.
  void publish(const View& view, const Moment& moment, bool is_paced);

  // From now on all that is sent goes through it; null: straight to the sockets.
  void set_tap(FrameTap* tap) { tap_ = tap; }
  // A channel that begins with all begins again for everybody who has it: its numbers go on from
  // `number`, and a snapshot comes unasked.
  void begin_again(const net::WebSocket& socket, std::string_view topic, std::uint64_t number,
                   bool with_snapshot);

  // Says goodbye to everybody, and forgets them.
  void close_all(std::uint16_t code, std::string_view reason);

  std::size_t connections() const { return sessions_.size(); }

 private:
  class Actions;
  struct Feed;
  struct RequestIds {
    std::set<std::string, std::less<>> known;
    std::deque<std::set<std::string, std::less<>>::iterator> oldest_first;
    bool claim(std::string_view id);
  };
  struct Session {
    net::WebSocket* socket = nullptr;
    const StreamRoute* route = nullptr;
    std::uint64_t number = 0;
    std::optional<AccountId> account;
    RequestIds request_ids;
    std::uint32_t orders = 0;      // PlaceOrder::session of its orders; 0: it has placed none
    bool ends_orders = false;      // they end with it
    std::uint64_t turn = 0;        // in which it was told something last
    bool is_slow = false;          // closed for it
    std::vector<Channel> topics;   // that it has subscribed to
    std::size_t left_by_step = 0;  // what it had to read after a long step of the clock
    std::vector<Feed*> feeds;      // of these topics
  };
  // A private topic is another channel for every account, and one of all markets for each of them.
  struct Key {
    std::size_t route;  // its place in the table
    AccountId account;
    std::string topic;
    InstrumentId instrument;
    friend auto operator<=>(const Key&, const Key&) = default;
  };

  struct Feed {
    const Key* key = nullptr;  // under which it stands in feeds_
    Channel channel;
    std::vector<Session*> subscribers;
    std::vector<Session*> newcomers;                     // have not been told anything yet
    std::vector<std::pair<Session*, std::size_t>> late;  // came after so many trades of this turn
    Timestamp told;                                      // box time of the last news
    BookFeed book;
    ChannelMemory memory;
  };
  // The connection's side.
  StreamCall call_of(const Session& session, std::string_view message, const View& view,
                     const Moment& moment, const FindCredential& find, StreamActions& actions);
  Key key_of(const Session& session, const Channel& channel) const;
  bool subscribe(Session& session, const Channel& channel, const View& view);
  void subscribe_to_all(Session& session, const Channel& channel, const View& view);
  void subscribe_to_new_markets(const View& view);
  void join(Session& session, const Channel& channel);
  bool unsubscribe(Session& session, std::string_view topic);
  void leave(Session& session, Feed& feed);
  std::uint32_t orders_of(Session& session, const View& view);

  // streams_news.cpp: what commands did to accounts that somebody listens for.
  AccountNews* news_of(AccountId account);  // null: nobody listens
  void note(const Event& event, const View& view);
  void note_order(AccountId account, OrderId order, bool has_triggered = false);
  void note_fill(const Fill& fill, const View& view);
  // What moves money or margin without a fill.
  void note_account(const Event& event);
  void note_booking(AccountId account, InstrumentId instrument);
  void note_position(AccountNews& news, InstrumentId instrument);
  void describe_orders(const View& view);
  void describe_fills(const View& view);

  // What is told of it.
  bool is_slow(Session& session) const;
  bool is_crowded() const;
  void forget_told(bool keeps_markets);
  void publish(const Key& key, Feed& feed, const View& view, const Moment& moment, bool is_paced);
  static bool is_quiet_for_long(const Feed& feed, Timestamp now);
  bool has_news(Feed& feed, Publication& publication, bool is_due);
  void send(std::string_view message, const Publication& publication,
            const std::vector<Session*>& listeners);
  void send_by_tap(std::string_view message, const Publication& publication,
                   const std::vector<Session*>& listeners);
  // True: it has fallen too far behind, and is told nothing more.
  bool is_too_slow(Session& session);

  const StreamTable* table_;
  Door& door_;
  FrameTap* tap_ = nullptr;
  std::unordered_map<const net::WebSocket*, std::unique_ptr<Session>> sessions_;  // by address only
  std::map<Key, Feed> feeds_;
  std::uint64_t connections_made_ = 0;
  std::uint64_t publications_ = 0;
  std::uint32_t last_orders_ = 0;  // Session::orders that was given last
  std::size_t markets_ = 0;        // that there were when it was looked for new ones

  // What this turn has brought so far.
  // The newest of one instrument.
  class TurnTrades {
   public:
    void add(const Trade& trade);
    std::size_t count() const { return dropped_ + trades_.size(); }
    // Those that came when there had been so many.
    std::span<const Trade> after(std::size_t count) const;

   private:
    std::vector<Trade> trades_;
    std::size_t dropped_ = 0;
  };
  std::map<InstrumentId, TurnTrades> trades_;
  std::map<InstrumentId, TurnTrades> liquidations_;
  // An account that somebody listens for.
  struct Listened {
    std::size_t subscriptions = 0;
    AccountNews news;
  };
  std::map<AccountId, Listened> listened_;

  // Scratch of one command, and of one message.
  struct TouchedOrder {
    AccountId account;
    OrderId order;
    bool has_triggered;
  };
  std::vector<TouchedOrder> touched_;
  struct Filled {
    std::optional<FillId> first;  // fill of the command
    std::size_t bookings = 0;     // executions that are no fills: funding, shared losses
  };
  std::map<AccountId, Filled> filled_;
  JsonObject json_;
  std::string frame_;
  std::uint64_t turn_ = 1;  // counts calls of publish()
  bool is_step_ = false;    // tell() was called in this turn
};

}  // namespace venuebox::gateway
