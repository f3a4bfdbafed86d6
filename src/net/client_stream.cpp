#include "net/client_stream.h"

#include <sys/socket.h>

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "net/tls.h"

namespace venuebox::net {
namespace {

ClientError fault(ClientErrorKind kind, const BaseUrl& url, const std::string& what) {
  return {kind, false, url.authority() + ": " + what};
}

ClientError refused(const BaseUrl& url, const std::string& what) {
  return fault(ClientErrorKind::refused_by_guard, url,
               what + " is beyond this machine; allow the network to go there");
}

}  // namespace

struct Dialler::Tls {
  asio::ssl::context context;
};

struct ClientStream::Tls {
  Tls(Socket& socket, asio::ssl::context& context) : stream(socket, context) {}
  asio::ssl::stream<Socket&> stream;
};

Dialler::Dialler(Loop& given_loop, const NetworkGuard& given_guard, std::string given_ca_file,
                 Nanoseconds given_timeout, std::shared_ptr<Network> given_network)
    : io(given_loop.impl().io),
      guard(given_guard),
      ca_file(std::move(given_ca_file)),
      connect_timeout(given_timeout),
      network(std::move(given_network)) {}

Dialler::~Dialler() = default;

ClientResult<Dialler::Tls*> Dialler::tls() {
  if (!tls_) {
    auto context = tls_context(ca_file);
    if (!context) return ClientError{ClientErrorKind::tls, false, context.error().text()};
    tls_ = std::make_unique<Tls>(Tls{*std::move(context)});
  }
  return tls_.get();
}

ClientStream::ClientStream(asio::io_context& io) : socket_(io) {}
ClientStream::~ClientStream() = default;

asio::awaitable<ClientStream::Outcome, Executor> ClientStream::dial(Dialler& dialler,
                                                                    const BaseUrl& url) {
  Outcome outcome = co_await connect(dialler, url);
  if (!outcome && url.is_tls) outcome = co_await shake_hands(dialler, url);
  if (outcome) close();
  co_return outcome;
}

asio::awaitable<ClientStream::Outcome, Executor> ClientStream::connect(Dialler& dialler,
                                                                       const BaseUrl& url) {
  if (!dialler.guard.may_resolve(url.host)) co_return refused(url, "this host");
  Network::Resolved resolved;
  error_code no_address;
  const auto numeric = asio::ip::make_address(url.host, no_address);
  if (no_address) {
    resolved = co_await dialler.network->resolve(url.host);
  } else {
    resolved.addresses.push_back(numeric);
  }
  if (resolved.error || resolved.addresses.empty()) {
    co_return fault(ClientErrorKind::resolve, url,
                    "the name cannot be resolved (" + resolved.error.message() +
                        "); check the base URL and this machine's DNS");
  }
  error_code error;
  for (const auto& address : resolved.addresses) {
    if (closed_) break;
    const std::string text = address.to_string();
    if (!dialler.guard.may_connect(text)) co_return refused(url, text);
    const Tcp::endpoint endpoint(address, url.port);
    error = co_await connect_within(dialler, endpoint);
    if (!error) co_return std::nullopt;
  }
  co_return fault(ClientErrorKind::connect, url,
                  "cannot connect (" + error.message() +
                      "); check that it is up and that host and port are right");
}

asio::awaitable<error_code, Executor> ClientStream::connect_within(Dialler& dialler,
                                                                   const Tcp::endpoint& endpoint) {
  error_code error;
  socket_.close(error);  // what an earlier address has left
  const int attempt = ++attempts_;
  Timer timer(dialler.io, chrono_from(dialler.connect_timeout));
  timer.async_wait([weak = weak_from_this(), attempt](error_code cancelled) {
    const auto self = weak.lock();
    if (cancelled || !self || self->attempts_ != attempt) return;
    error_code ignored;
    self->socket_.close(ignored);
  });
  error = co_await dialler.network->connect(socket_, endpoint);
  ++attempts_;  // An expiry that is on its way already finds itself late.
  const bool expired = error == asio::error::operation_aborted && !closed_;
  if (expired) co_return asio::error::timed_out;
  if (!error && closed_) error = asio::error::operation_aborted;
  if (!error) socket_.set_option(Tcp::no_delay(true), error);
  co_return error;
}

asio::awaitable<ClientStream::Outcome, Executor> ClientStream::shake_hands(Dialler& dialler,
                                                                           const BaseUrl& url) {
  auto tls = dialler.tls();
  if (!tls) co_return tls.error();
  tls_ = std::make_unique<Tls>(socket_, (*tls)->context);
  expect_host(tls_->stream.native_handle(), url.host);
  const auto [error] =
      co_await tls_->stream.async_handshake(asio::ssl::stream_base::client, kAwait);
  if (!error) co_return std::nullopt;
  co_return fault(ClientErrorKind::tls, url, handshake_fault(tls_->stream.native_handle(), error));
}

asio::awaitable<ClientStream::Moved, Executor> ClientStream::read(std::span<char> space) {
  const asio::mutable_buffer buffer(space.data(), space.size());
  if (tls_) {
    const auto [error, count] = co_await tls_->stream.async_read_some(buffer, kAwait);
    co_return Moved{error, count};
  }
  const auto [error, count] = co_await socket_.async_read_some(buffer, kAwait);
  co_return Moved{error, count};
}

asio::awaitable<ClientStream::Moved, Executor> ClientStream::write(std::string_view bytes) {
  const asio::const_buffer buffer(bytes.data(), bytes.size());
  if (tls_) {
    const auto [error, count] = co_await asio::async_write(tls_->stream, buffer, kAwait);
    co_return Moved{error, count};
  }
  const auto [error, count] = co_await asio::async_write(socket_, buffer, kAwait);
  co_return Moved{error, count};
}

bool ClientStream::is_quiet() {
  if (closed_ || !socket_.is_open()) return false;
  char byte = 0;
  const auto count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void ClientStream::close() {
  closed_ = true;
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace venuebox::net
