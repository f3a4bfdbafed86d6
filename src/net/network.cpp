#include "net/network.h"

#include <boost/asio/ip/basic_resolver.hpp>

namespace venuebox::net {
namespace {

class SystemNetwork final : public Network {
 public:
  explicit SystemNetwork(asio::io_context& io) : io_(io) {}

  asio::awaitable<Resolved, Executor> resolve(const std::string& host) override {
    using Resolver = asio::ip::basic_resolver<Tcp, Executor>;
    Resolver resolver(io_);
    Resolved resolved;
    // Without any flag: "only families that this machine has" does not count loopback addresses.
    const auto [error, results] =
        co_await resolver.async_resolve(host, "", Resolver::flags{}, kAwait);
    resolved.error = error;
    for (const auto& result : results)
      resolved.addresses.push_back(result.endpoint().address());
    co_return resolved;
  }

  asio::awaitable<error_code, Executor> connect(Socket& socket,
                                                const Tcp::endpoint& endpoint) override {
    const auto [error] = co_await socket.async_connect(endpoint, kAwait);
    co_return error;
  }

 private:
  asio::io_context& io_;
};

}  // namespace

std::shared_ptr<Network> system_network(Loop& loop) {
  return std::make_shared<SystemNetwork>(loop.impl().io);
}

}  // namespace venuebox::net
