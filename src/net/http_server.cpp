#include "net/http_server.h"

#include <utility>

#include <sys/resource.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

#include "net/server_impl.h"

namespace venuebox::net {
namespace {

// Beyond the limit so many more are let in only to be told; any further ones are just closed.
constexpr std::size_t kTurnedAwayMax = 256;
// A listener that runs out of descriptors tries again after this.
constexpr auto kAcceptPause = std::chrono::milliseconds(100);
// How often "localhost" with port 0 looks for a port that is free in both families.
constexpr int kPortAttempts = 16;

bool is_missing_family(const error_code& error) {
  return error == asio::error::address_family_not_supported ||
         error == boost::system::errc::address_not_available;
}

Error listen_error(const Tcp::endpoint& endpoint, const error_code& error) {
  const bool v6 = endpoint.address().is_v6();
  const std::string where = (v6 ? "[" : "") + endpoint.address().to_string() + (v6 ? "]:" : ":") +
                            std::to_string(endpoint.port());
  if (error == asio::error::address_in_use) {
    return {ErrorKind::conflict, where,
            "address in use; end the program that listens there, or choose another port (0 takes "
            "any free one)"};
  }
  if (error == asio::error::access_denied) {
    return {ErrorKind::invalid, where,
            "permission denied; ports below 1024 need privileges, choose a higher one"};
  }
  if (is_missing_family(error)) {
    return {ErrorKind::invalid, where,
            "not an address of this machine; 0.0.0.0 or :: listens on all that it has"};
  }
  return {ErrorKind::io, where, "cannot listen: " + error.message()};
}

error_code open(Acceptor& acceptor, const Tcp::endpoint& endpoint) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Acceptor::reuse_address(true), error);
  // Both families stay apart, so that ::1 and 127.0.0.1 can have the same port.
  if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(Acceptor::max_listen_connections, error);
  return error;
}

}  // namespace

void HttpHandler::refuse(std::string_view reason, Response& response) {
  response.content_type = "text/plain";
  response.body.append(reason).append("\n");
}

HttpServer::Impl::Impl(Loop& given_loop, const Clock& given_clock, HttpHandler& given_handler,
                       HttpOptions given)
    : loop(given_loop),
      io(given_loop.impl().io),
      clock(given_clock),
      handler(given_handler),
      options(given),
      poller(io),
      timer(io) {
  response.holder = this;
  limits.head = sweeps_from(options.head_timeout, options.sweep_interval);
  limits.body = sweeps_from(options.body_timeout, options.sweep_interval);
  limits.idle = sweeps_from(options.idle_timeout, options.sweep_interval);
  limits.silence = sweeps_from(options.silence_timeout, options.sweep_interval);
  limits.linger = sweeps_from(options.linger_timeout, options.sweep_interval);
}

Result<Endpoint> HttpServer::Impl::listen(std::string_view address, std::uint16_t port) {
  const bool localhost = address == "localhost";
  error_code error;
  const auto parsed =
      asio::ip::make_address(localhost ? std::string("127.0.0.1") : std::string(address), error);
  if (error) {
    return invalid(std::string(address), "not a numeric IPv4 or IPv6 address, and not 'localhost'");
  }
  for (int attempt = 1;; ++attempt) {
    const Tcp::endpoint wanted(parsed, port);
    auto first = std::make_shared<Acceptor>(io);
    error = open(*first, wanted);
    if (error) return listen_error(wanted, error);
    const std::uint16_t found = first->local_endpoint(error).port();
    std::shared_ptr<Acceptor> second;
    if (localhost) {
      const Tcp::endpoint also(asio::ip::address_v6::loopback(), found);
      second = std::make_shared<Acceptor>(io);
      error = open(*second, also);
      if (error && is_missing_family(error)) {
        second = nullptr;
      } else if (error) {
        // Perhaps another free port is free in both families.
        if (port == 0 && attempt < kPortAttempts) continue;
        return listen_error(also, error);
      }
    }
    const int listener = listeners++;
    start_accepting(std::move(first), listener);
    if (second) start_accepting(std::move(second), listener);
    return Endpoint{std::string(address), found, listener};
  }
}

void HttpServer::Impl::start_accepting(std::shared_ptr<Acceptor> acceptor, int listener) {
  acceptors.push_back(acceptor);
  asio::co_spawn(io.get_executor(), accept(shared_from_this(), std::move(acceptor), listener),
                 rethrow);
}

Task HttpServer::Impl::accept(std::shared_ptr<Impl> self, std::shared_ptr<Acceptor> acceptor,
                              int listener) {
  while (acceptor->is_open()) {
    auto [error, socket] = co_await acceptor->async_accept(kAwait);
    if (!error) {
      self->admit(std::move(socket), listener);
    } else if (acceptor->is_open()) {
      // Out of descriptors. Those who wait in the backlog are served once others have left.
      Timer pause(self->io, kAcceptPause);
      co_await pause.async_wait(kAwait);
    }
  }
}

void HttpServer::Impl::admit(Socket socket, int listener) {
  if (stopping || connections.size() >= options.connections_max + kTurnedAwayMax) return;
  error_code error;
  socket.set_option(Tcp::no_delay(true), error);
  if (error) return;  // It has vanished already.
  const auto peer = socket.remote_endpoint(error);
  const auto connection =
      std::make_shared<Connection>(socket.release(), listener, options.body_bytes_max);
  if (!error) connection->peer = peer.address().to_string();
  connection->index = connections.size();
  connection->since = sweeps;
  connections.push_back(connection);
  if (connections.size() > options.connections_max)
    refuse(*connection, 503, "too many connections");
  start(*connection);
}

void HttpServer::Impl::schedule_sweep() {
  timer.expires_after(chrono_from(options.sweep_interval));
  timer.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->sweep();
    self->schedule_sweep();
  });
}

void HttpServer::Impl::sweep() {
  ++sweeps;
  free_spares();
  // Backwards, since closing one moves the last one into its place.
  for (std::size_t i = connections.size(); i-- > 0;) {
    const ConnectionPtr connection = connections[i];
    sweep(*connection);
  }
  if (stopping && sweeps - stopping_since > limits.linger) finish_shutdown();
}

void HttpServer::Impl::sweep(Connection& c) {
  const std::uint64_t age = sweeps - c.since;
  if (c.phase == Phase::frames || c.phase == Phase::closing) return sweep_socket(c);
  if (c.writing) {
    if (age > limits.idle) close(c);
    return;
  }
  // Its last answer awaits the flush.
  if (c.ending && c.phase != Phase::lingering && c.phase != Phase::silent) return;
  switch (c.phase) {
    case Phase::fresh:
      if (age > limits.head) close(c);
      return;
    case Phase::idle:
      if (age > limits.idle) return close(c);
      if (age >= kQuietSweeps) c.in.shrink();
      return;
    case Phase::head:
      if (age > limits.head) refuse(c, 408, "head of the request took too long");
      return;
    case Phase::body:
      if (age > limits.body) refuse(c, 408, "body of the request took too long");
      return;
    case Phase::held:
    case Phase::delivering: return;
    case Phase::silent:
      if (age > limits.silence) close(c);
      return;
    case Phase::frames:
    case Phase::closing: return;  // See above.
    case Phase::lingering:
      if (age > limits.linger) close(c);
      return;
  }
}

void HttpServer::Impl::shutdown(std::function<void()> when_done) {
  stopping = true;
  stopping_since = sweeps;
  done = std::move(when_done);
  close_acceptors();
  // Not on the spot: this may be called while a request is handled.
  asio::post(io, [self = shared_from_this()] {
    for (std::size_t i = self->connections.size(); i-- > 0;) {
      const ConnectionPtr connection = self->connections[i];
      if (connection->upgraded && !connection->ending) {
        connection->upgraded->close(close_code::kGoingAway, "the server is shutting down");
        continue;
      }
      if (owes_answer(*connection)) continue;  // Its answer may still come.
      connection->ending = true;
      if (connection->unsent() == 0) self->close(*connection);
    }
    if (self->connections.empty()) self->finish_shutdown();
  });
}

void HttpServer::Impl::close_acceptors() {
  error_code ignored;
  for (const auto& acceptor : acceptors)
    acceptor->close(ignored);
  acceptors.clear();
}

void HttpServer::Impl::close_all() {
  while (!connections.empty()) {
    const ConnectionPtr connection = connections.back();
    close(*connection);
  }
}

void HttpServer::Impl::finish_shutdown() {
  close_all();
  // Behind what close_all() has posted, so that handlers have heard of everything by then.
  if (done) asio::post(io, std::exchange(done, nullptr));
}

HttpServer::HttpServer(Loop& loop, const Clock& clock, HttpHandler& handler, HttpOptions options)
    : impl_(std::make_shared<Impl>(loop, clock, handler, options)) {
  impl_->schedule_sweep();
  impl_->await_sockets();
  loop.at_end_of_turn([weak = std::weak_ptr(impl_)] {
    if (const auto impl = weak.lock()) impl->end_turn();
  });
}

HttpServer::~HttpServer() {
  impl_->done = nullptr;
  impl_->stopping = true;
  impl_->timer.cancel();
  impl_->close_acceptors();
  impl_->close_all();
  impl_->poller.close();
  impl_->tell_ended();
}

Result<Endpoint> HttpServer::listen(std::string_view address, std::uint16_t port) {
  return impl_->listen(address, port);
}
void HttpServer::flush() { impl_->flush(); }
void HttpServer::drop_pending() { impl_->drop_pending(); }
void HttpServer::shutdown(std::function<void()> done) { impl_->shutdown(std::move(done)); }
std::size_t HttpServer::connections() const { return impl_->connections.size(); }

std::size_t raise_open_files_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace venuebox::net
