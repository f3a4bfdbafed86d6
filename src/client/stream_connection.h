// One socket of a venue, kept alive: it connects, logs in, pings, notices silence and comes back
// after an ever longer wait. What is asked for on it, and what that says, is its owner's.
#pragma once

#include "client/message_stream.h"
#include "client/reconnect.h"
#include "gateway/client_streams.h"

namespace venuebox::client {

struct ConnectionSettings {
  ReconnectSettings reconnect;
  Nanoseconds answer_timeout = seconds(10);  // of a login or a subscription
  // Without any message that can be read, pongs included; 0: two and a half ping intervals.
  Nanoseconds silent_after = {};
  std::uint64_t seed = 1;  // of the jitter
  // Keys with a token that is good for now, of venues that give out tokens; in a later turn. Empty:
  // the keys alone do, or no private socket is wanted.
  using Keys = Result<gateway::ClientKeys>;
  std::function<void(std::function<void(Keys)>)> refresh_keys = {};
};

// Since the beginning.
struct StreamCounts {
  std::uint64_t connects = 0;    // that worked, the first ones included
  std::uint64_t reconnects = 0;  // of those, all but the first of each socket
  std::uint64_t resyncs = 0;     // of books
  std::uint64_t silent = 0;      // sockets and subscriptions that said nothing for too long
  std::uint64_t messages = 0;
  std::uint64_t garbled = 0;  // of those, that could not be read
};

class StreamConnection;

// Told in turns of their own; the last call of each turn is turn_ended(), which may destroy the
// connection.
class StreamConnectionOwner {
 public:
  virtual ~StreamConnectionOwner() = default;
  // Open, and logged in where that is called for: now the server may be asked for something.
  virtual void ready(StreamConnection& connection) = 0;
  virtual void told(StreamConnection& connection, gateway::StreamNews news) = 0;
  // A message that cannot be read.
  virtual void unreadable(StreamConnection& connection, const Error& error) = 0;
  enum class Loss : std::uint8_t { will_return, silent, login_refused, final };
  virtual void lost(StreamConnection& connection, Loss loss, std::string_view text) = 0;
  // Whether anything is wanted of it; else it is not connected again.
  virtual bool is_wanted(const StreamConnection& connection) const = 0;
  virtual std::span<const unified::Market> markets() const = 0;
  virtual void turn_ended() = 0;
};

// Belongs to one thread, like all that is handed in, which outlives it.
class StreamConnection final : MessageStreamHandler {
 public:
  enum class State : std::uint8_t {
    idle,     // nobody wants anything of it
    waiting,  // for the time of the next attempt
    connecting,
    logging_in,
    ready,
    refused,  // for good: the key is wrong, or the server wants nobody back
  };

  //   place  in ClientStreams::sockets
  //   keys   there, where the socket is private
  StreamConnection(std::size_t place, const gateway::ClientStreams& venue,
                   const std::optional<gateway::ClientKeys>& keys, StreamTransport& transport,
                   Scheduler& scheduler, const ConnectionSettings& settings, StreamCounts& counts,
                   StreamConnectionOwner& owner);
  ~StreamConnection() override { *alive_ = false; }
  StreamConnection(const StreamConnection&) = delete;
  StreamConnection& operator=(const StreamConnection&) = delete;

  // Connects unless it does already; after an end, not before the wait is over. What was refused
  // for good is tried again: somebody asks for it.
  void connect();
  // Of a ready one. When that fails the connection is given up in a later turn.
  void send(std::string_view message);
  // Gives the connection up and begins a new one, after the wait that is due.
  void restart(std::string_view why, bool is_silent = false);
  // Runs `work` later, unless this very connection has ended by then.
  void later(Nanoseconds wait, std::function<void()> work);

  std::size_t place() const { return place_; }
  const gateway::ClientSocket& socket() const { return venue_.sockets[place_]; }
  State state() const { return state_; }
  // When something was last read, or it began to connect.
  Timestamp heard() const { return heard_; }

 private:
  using Loss = StreamConnectionOwner::Loss;

  void opened() override;
  void received(std::string_view message, bool is_text) override;
  void closed(const StreamEnd& end) override;

  void begin();
  void begin_after(Nanoseconds wait);
  void log_in();
  void log_in_with(const gateway::ClientKeys& keys);
  void become_ready();
  void ping_later();
  void check_silence_after(Nanoseconds wait);
  void answered(const gateway::LoginAnswer& answer);
  void give_up(Loss loss, std::string_view text, Nanoseconds wait);
  Nanoseconds wait_for_next();

  std::size_t place_;
  const gateway::ClientStreams& venue_;
  const std::optional<gateway::ClientKeys>& keys_;
  StreamTransport& transport_;
  Scheduler& scheduler_;
  ConnectionSettings settings_;
  StreamCounts& counts_;
  StreamConnectionOwner& owner_;
  Reconnect reconnect_;
  State state_ = State::idle;
  std::unique_ptr<MessageStream> stream_;
  std::uint64_t attempt_ = 0;  // timers of an earlier one mean nothing
  std::uint64_t pings_ = 0;
  bool has_connected_ = false;
  Timestamp heard_;
  Timestamp ready_since_;
  Timestamp not_before_;  // of the next attempt
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace venuebox::client
