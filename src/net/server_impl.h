// What http_server.cpp (listening, sweeping, ending), connection.cpp (bytes in),
// connection_output.cpp (bytes out), connection_held.cpp (answers that come later),
// connection_delivery.cpp (answers that leave in an unusual way) and connection_socket.cpp
// (WebSockets) share.
// Internal to net.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "net/http_server.h"
#include "net/loop_impl.h"
#include "net/poller.h"
#include "net/read_buffer.h"
#include "net/request_parser.h"
#include "net/response_writer.h"
#include "net/server_socket.h"

namespace venuebox::net {

// Which timeout a connection is subject to. `held`: none, its answer comes later. `delivering`:
// none either, its answer leaves by a Delivery; `silent`: after one that ends in silence. `frames`
// and `closing` are a WebSocket's, before and after either side has said goodbye.
enum class Phase : std::uint8_t {
  fresh,
  idle,
  head,
  body,
  held,
  delivering,
  silent,
  frames,
  closing,
  lingering,
};

// An answer that leaves by a Delivery, or how a WebSocket ends without a goodbye.
struct Delivering {
  Delivering(asio::io_context& io, const Delivery& delivery) : how(delivery), timer(io) {}

  Delivery how;
  std::string bytes;
  std::size_t given = 0;  // to the connection's output, so many
  std::size_t end = 0;    // of what leaves before the rest
  bool is_waiting = false;
  Timer timer;
};

struct Connection {
  Connection(int accepted, int listener_index, std::size_t body_bytes_max)
      : socket(accepted), parser(body_bytes_max), listener(listener_index) {}

  int socket;                // a descriptor, which close() closes
  Poller::Interest awaited;  // as the poller knows it
  RequestParser parser;
  ReadBuffer in;
  std::unique_ptr<ServerSocket> upgraded;  // once it is a WebSocket
  std::string out;                         // answers of this turn
  std::string in_flight;  // answers of earlier turns that the socket has not taken yet
  std::size_t in_flight_sent = 0;
  std::unique_ptr<Delivering> delivering;
  std::unique_ptr<Timer> withheld;  // until it fires nothing leaves
  Timestamp arrived;                // when the last read returned
  std::size_t index = 0;            // in Impl::connections
  std::uint64_t since = 0;          // the sweep in which the phase began
  std::string peer;                 // the client's address
  int listener;
  Phase phase = Phase::fresh;
  bool reading = false;    // is to be read from
  bool writing = false;    // the socket will tell when it can take more of in_flight
  bool dirty = false;      // stands in Impl::dirty
  bool ending = false;     // nothing is answered any more; ends when all is sent
  bool peer_done = false;  // the client has closed its side
  bool closed = false;

  std::size_t unsent() const { return out.size() + in_flight.size() - in_flight_sent; }
};

// Its request has been handled and not been answered: it takes no other.
inline bool owes_answer(const Connection& c) {
  return c.phase == Phase::held || c.phase == Phase::delivering;
}

using ConnectionPtr = std::shared_ptr<Connection>;

// Sweeps for which a connection is quiet before the memory of what was large is given back.
inline constexpr std::uint64_t kQuietSweeps = 2;

inline std::uint64_t sweeps_from(Nanoseconds timeout, Nanoseconds interval) {
  VENUEBOX_ASSERT(interval.raw > 0);
  return static_cast<std::uint64_t>((timeout.raw + interval.raw - 1) / interval.raw);
}

// Timeouts in sweeps.
struct SweepLimits {
  std::uint64_t head = 0, body = 0, idle = 0, linger = 0, silence = 0;
};

struct HttpServer::Impl final : std::enable_shared_from_this<Impl>, AnswerHolder {
  Impl(Loop& given_loop, const Clock& given_clock, HttpHandler& given_handler, HttpOptions given);

  // http_server.cpp. Coroutines are static, because their frames keep the server alive.
  Result<Endpoint> listen(std::string_view address, std::uint16_t port);
  void start_accepting(std::shared_ptr<Acceptor> acceptor, int listener);
  static Task accept(std::shared_ptr<Impl> self, std::shared_ptr<Acceptor> acceptor, int listener);
  void admit(Socket socket, int listener);
  void schedule_sweep();
  void sweep();
  void sweep(Connection& connection);
  void shutdown(std::function<void()> when_done);
  void close_acceptors();
  void close_all();
  void finish_shutdown();

  // connection.cpp: bytes in
  void await_sockets();
  void serve_ready();
  void end_turn();
  void await(Connection& connection);
  void start(Connection& connection);
  void read(Connection& connection);
  void go_on(Connection& connection);
  void answer(Connection& connection);
  bool answer_one(Connection& connection);
  void append_answer(Connection& connection, const Response& answer, Timestamp date,
                     std::string& out);
  void end_request(Connection& connection);
  void refuse(Connection& connection, int status, std::string_view reason,
              std::string_view header_lines = {});
  void enter(Connection& connection, Phase phase);

  // connection_output.cpp: bytes out
  std::string& output_of(Connection& connection);
  void flush();
  void drop_pending();
  void send(Connection& connection);
  void write_more(Connection& connection);
  void written(Connection& connection, std::size_t count);
  void all_sent(Connection& connection);
  void peer_ended(Connection& connection);
  void recycle(std::string& output);
  void free_spares();
  void close(Connection& connection);

  // connection_held.cpp: answers that come later
  std::unique_ptr<HeldAnswer> hold() override;
  void answer_held(Connection& connection, const Response& answer);
  void abandon_held(Connection& connection);

  // connection_delivery.cpp: answers that leave in an unusual way
  void deliver(Connection& connection, const Response& answer, Timestamp date);
  void end_rudely(Connection& connection, Delivery::After after);
  void give_piece(Connection& connection);
  void give_piece_after(Connection& connection, Nanoseconds wait);
  void go_on_delivering(Connection& connection);
  void finish_delivery(Connection& connection);
  void fall_silent(Connection& connection);

  // connection_socket.cpp: WebSockets
  void upgrade(Connection& connection);
  void withhold(Connection& connection, Nanoseconds wait);
  void receive(Connection& connection);
  void receive(Connection& connection, FrameDecoder::Event event);
  void end_socket(Connection& connection);
  void sweep_socket(Connection& connection);
  void announce_end(ConnectionPtr connection);
  void tell_ended();

  Loop& loop;
  asio::io_context& io;
  const Clock& clock;
  HttpHandler& handler;
  HttpOptions options;
  SweepLimits limits;

  Poller poller;
  bool awaiting = false;  // what the poller has to tell
  int served = 0;         // sockets, in this turn
  std::vector<std::shared_ptr<Acceptor>> acceptors;
  int listeners = 0;
  std::vector<ConnectionPtr> connections;
  std::vector<ConnectionPtr> dirty;  // have answers that await the end of the turn
  std::vector<ConnectionPtr> flushing;
  std::vector<ConnectionPtr> just_closed;  // in this turn; the poller may still name them
  std::vector<ConnectionPtr> ended;        // WebSockets whose handlers have not heard of it yet
  std::vector<std::string> spare_outputs;  // memory of answers that were sent
  std::size_t spare_bytes = 0;
  std::size_t spare_unused = 0;  // the fewest spare ones there were since the last sweep
  Timer timer;
  std::uint64_t sweeps = 0;
  std::uint64_t requests = 0;
  bool stopping = false;
  std::uint64_t stopping_since = 0;  // a sweep
  std::function<void()> done;

  // One of each serves all connections, since requests are handled one after the other.
  HeaderSpace header_space;
  Request request;
  Response response;
  Connection* handling = nullptr;  // whose request that is
  DateLine date_line;
};

}  // namespace venuebox::net
