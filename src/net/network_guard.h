// Who may be spoken to. The client end asks before it looks a name up, and again before it connects
// to each address, so that a program that was not allowed out cannot get out by a name either.
#pragma once

#include <string_view>

namespace venuebox::net {

class NetworkGuard {
 public:
  virtual ~NetworkGuard() = default;

  // `host` as in the base URL: a name in lower case, or a numeric address.
  virtual bool may_resolve(std::string_view host) const = 0;
  // `address` is numeric.
  virtual bool may_connect(std::string_view address) const = 0;
};

// With `allow_network` everything; without it loopback only: the name localhost, 127.0.0.0/8 and
// ::1. Both live for ever.
const NetworkGuard& network_guard(bool allow_network);

}  // namespace venuebox::net
