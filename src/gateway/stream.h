// What a venue says of its streams: where they are, how a client's message is read, and how news of
// a channel is told. Without state, as the venue itself: what a dialect must remember of a channel,
// the gateway keeps for it.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/venue.h"

namespace venuebox::gateway {

// One address to which clients connect a stream.
struct StreamRoute {
  std::string_view path;         // exact; empty: any that no other route of the venue has
  Access access = Access::open;  // read: an account's own data; trade: order entry
  int market = 0;                // the venue's own number for whose symbols it carries
};

enum class ChannelKind : std::uint8_t {
  book,
  trades,
  ticker,
  candles,
  liquidations,
  orders,  // from here on an account's own
  executions,
  positions,
  balances,
};
constexpr bool is_private(ChannelKind kind) { return kind >= ChannelKind::orders; }
// Whether who subscribes is told the present state first; of the others, what happens from then on.
constexpr bool begins_with_all(ChannelKind kind) {
  return kind == ChannelKind::book || kind == ChannelKind::ticker || kind == ChannelKind::candles;
}

// Something that can be subscribed to.
struct Channel {
  std::string topic;  // the venue's name for it; unique among those of its route
  ChannelKind kind = ChannelKind::book;
  int form = 0;                  // the venue's own: which of several it is
  InstrumentId instrument = {};  // of a public one
  // Of a public one: every market that there is and will be, each told by itself, as if it had a
  // channel of this topic to itself.
  bool all_markets = false;
  std::size_t levels = 0;        // of a book: how many each side shows
  bool is_always_whole = false;  // a book without deltas
  Nanoseconds pace = {};         // news wait until so long after the last; zero: never
  Nanoseconds repeat = {};       // without news the state is told again after this; zero: never
};

// A book's state, or what changed in it since the last of these; quantity 0: the level is gone.
struct BookNews {
  bool is_whole = true;
  std::span<const BookLevel> bids;  // best first
  std::span<const BookLevel> asks;
  std::span<const BookLevel> bids_before = {};  // of what changed: the whole picture before it
  std::span<const BookLevel> asks_before = {};
  std::uint64_t update = 0;   // counts the changes told on this channel
  std::uint64_t version = 0;  // of the instrument's book: can be compared across channels
};

struct OrderNews {
  Order order;                 // as it is after the command that changed it
  bool has_triggered = false;  // by that command
};

// What one turn of the loop did to an account.
struct AccountNews {
  std::vector<OrderNews> orders;
  std::vector<Execution> executions;
  std::vector<InstrumentId> positions;  // that may have changed, each once
  bool balances = false;

  bool empty() const {
    return orders.empty() && executions.empty() && positions.empty() && !balances;
  }
};

// What a venue keeps of a channel from one message to the next.
struct ChannelMemory {
  std::array<std::int64_t, 2> numbers{};
  std::string text;
};

// News of one channel on its way to its subscribers.
struct Publication {
  const View& view;
  const Channel& channel;
  AccountId account;             // of a private one
  const Credential* credential;  // of that account, by which some venues name it; null: it has none
  Timestamp now;                 // box time
  std::uint64_t box_key;
  const std::uint64_t& number;  // how many messages this venue's streams have told in this box
  bool is_snapshot;             // for who has just subscribed; nobody else gets it
  bool is_repeat;               // Channel::repeat has passed in silence; there may be no news
  BookNews book;                // by channel kind, one of these is set
  // Of this turn, oldest first: trades, or positions that were taken over.
  std::span<const Trade> trades;
  const AccountNews* news;
  ChannelMemory& memory;
  FunctionRef<void(std::string_view message)> tell;
};

// What a client's message has the door do.
struct StreamRequest {
  Method method = Method::post;
  std::string_view target;  // path, and a query behind a question mark
  std::string_view body;
};

// What a client's message can lead to.
class StreamActions {
 public:
  virtual void reply(std::string_view message) = 0;
  // From now on the connection acts for this account.
  virtual void log_in(AccountId account) = 0;
  // False when the connection has as many as it may have. Who has it already gets no second one.
  virtual bool subscribe(const Channel& channel) = 0;
  virtual bool is_subscribed(std::string_view topic) const = 0;
  virtual bool unsubscribe(std::string_view topic) = 0;  // false: it was not subscribed
  // Runs what this request to a path of the venue's would, for the account of this connection.
  // False when that takes its time: StreamTable::answer_performed tells of it then.
  virtual bool perform(const StreamRequest& request, Response& response) = 0;
  // Whether the account's orders of this connection are cancelled when it ends; not at first. Only
  // where StreamTable::has_sessions says so.
  virtual void cancel_on_disconnect(bool enabled) = 0;
  // False when this connection has used the request id before, of the last thousand.
  virtual bool claim(std::string_view request_id) = 0;

 protected:
  ~StreamActions() = default;
};

// One message of a client.
struct StreamCall {
  std::string_view message;
  const StreamRoute& route;
  std::uint64_t connection;  // counts the connections to this venue in this box, from 1
  std::optional<AccountId> account;
  const View& view;
  Timestamp now;        // box time
  Timestamp door_time;  // the clock by which signatures are judged
  std::uint64_t box_key;
  bool verifies;  // false: signatures are not looked at
  const VenueOptions& options;
  FindCredential find;
  JsonObject& json;  // scratch
  StreamActions& actions;
};

struct StreamLimits {
  std::size_t topics_max = 1'000;  // of one connection
  // Who has more to read of earlier turns is too slow, and closed.
  std::size_t unsent_bytes_max = 4 * 1024 * 1024;
  // A long step of the clock brings so much at once, and it is no slowness not to have read it.
  std::size_t step_bytes_max = 32 * 1024 * 1024;
  Nanoseconds idle_timeout = seconds(600);
  Nanoseconds ping_every = {};  // zero: clients are not pinged
  Nanoseconds pong_within = {};
};

struct StreamTable {
  std::span<const StreamRoute> routes;
  StreamLimits limits = {};
  // Reads one message. Whatever it holds, the client gets an answer in the venue's words.
  void (*receive)(StreamCall&, bool is_text) = nullptr;
  void (*publish)(Publication&) = nullptr;
  // Answers an earlier message, whose request has been performed meanwhile. Only a venue without
  // order entry on streams leaves it out.
  void (*answer_performed)(StreamCall&, const Response&) = nullptr;
  // Orders know on which connection they were placed.
  bool has_sessions = false;
  // False when the connection is not wanted, which the response then says; absent: all are.
  bool (*admits)(const Request&, Response&) = nullptr;
  // After how long without a message a connection is closed; absent: the limit above.
  Nanoseconds (*idle_timeout)(const StreamRoute&, std::string_view query) = nullptr;
};

}  // namespace venuebox::gateway
