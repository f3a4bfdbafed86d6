// The two doors through which the client end reaches other machines: looking a name up, and
// connecting. Tests put others in their place. Internal to net.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "net/loop_impl.h"

namespace venuebox::net {

class Network {
 public:
  struct Resolved {
    error_code error = {};
    std::vector<asio::ip::address> addresses = {};  // in the order in which to try them
  };

  virtual ~Network() = default;
  // `host` is never a numeric address. Whatever is handed in lives until the end.
  virtual asio::awaitable<Resolved, Executor> resolve(const std::string& host) = 0;
  virtual asio::awaitable<error_code, Executor> connect(Socket& socket,
                                                        const Tcp::endpoint& endpoint) = 0;
};

// The system's.
std::shared_ptr<Network> system_network(Loop& loop);

}  // namespace venuebox::net
