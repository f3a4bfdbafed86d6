// One connection of the client end, over TCP or TLS: guarded dialling, then bytes. Internal to net.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "net/base_url.h"
#include "net/client_error.h"
#include "net/loop_impl.h"
#include "net/network.h"
#include "net/network_guard.h"

namespace venuebox::net {

// What all connections of a client share.
struct Dialler {
  Dialler(Loop& given_loop, const NetworkGuard& given_guard, std::string given_ca_file,
          Nanoseconds given_timeout, std::shared_ptr<Network> given_network);
  ~Dialler();

  struct Tls;
  // Made with the first TLS connection, since reading the system's certificates takes its time.
  ClientResult<Tls*> tls();

  asio::io_context& io;
  const NetworkGuard& guard;
  std::string ca_file;
  Nanoseconds connect_timeout;
  std::shared_ptr<Network> network;

 private:
  std::unique_ptr<Tls> tls_;
};

// Whoever awaits one of its operations holds it until that has ended.
class ClientStream : public std::enable_shared_from_this<ClientStream> {
 public:
  explicit ClientStream(asio::io_context& io);
  ~ClientStream();

  using Outcome = std::optional<ClientError>;
  // Connects to the host of `url`; none when that worked. Once.
  asio::awaitable<Outcome, Executor> dial(Dialler& dialler, const BaseUrl& url);

  struct Moved {
    error_code error = {};
    std::size_t count = 0;
  };
  asio::awaitable<Moved, Executor> read(std::span<char> space);
  // All of it, or as much as could be before the error.
  asio::awaitable<Moved, Executor> write(std::string_view bytes);

  // Whether a connection without a call is still good for one: neither closed by the other side nor
  // sent something that nobody asked for.
  bool is_quiet();
  // What is awaited ends at once with an error.
  void close();
  bool closed() const { return closed_; }

  MonotonicClock::time_point idle_since;

 private:
  struct Tls;

  asio::awaitable<Outcome, Executor> connect(Dialler& dialler, const BaseUrl& url);
  asio::awaitable<error_code, Executor> connect_within(Dialler& dialler,
                                                       const Tcp::endpoint& endpoint);
  asio::awaitable<Outcome, Executor> shake_hands(Dialler& dialler, const BaseUrl& url);

  Socket socket_;
  std::unique_ptr<Tls> tls_;
  int attempts_ = 0;
  bool closed_ = false;
};

using StreamPtr = std::shared_ptr<ClientStream>;

}  // namespace venuebox::net
