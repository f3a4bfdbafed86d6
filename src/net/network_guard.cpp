#include "net/network_guard.h"

#include <string>

#include <boost/asio/ip/address.hpp>

namespace venuebox::net {
namespace {

class LoopbackGuard final : public NetworkGuard {
 public:
  // No other name is looked up, not even to see where it leads: the question alone would go out.
  bool may_resolve(std::string_view host) const override {
    return host == "localhost" || may_connect(host);
  }

  bool may_connect(std::string_view text) const override {
    namespace ip = boost::asio::ip;
    boost::system::error_code error;
    const auto address = ip::make_address(std::string(text), error);
    if (error) return false;
    // ::ffff:127.0.0.1 is reached by IPv4.
    if (address.is_v6() && address.to_v6().is_v4_mapped())
      return ip::make_address_v4(ip::v4_mapped, address.to_v6()).is_loopback();
    return address.is_loopback();
  }
};

class OpenGuard final : public NetworkGuard {
 public:
  bool may_resolve(std::string_view) const override { return true; }
  bool may_connect(std::string_view) const override { return true; }
};

}  // namespace

const NetworkGuard& network_guard(bool allow_network) {
  static const LoopbackGuard loopback;
  static const OpenGuard open;
  if (allow_network) return open;
  return loopback;
}

}  // namespace venuebox::net
