// The opening handshake of RFC 6455, section 4.2: which requests may become WebSockets, and what
// they are answered with. Extensions and subprotocols that a client offers are declined by silence.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/message.h"

namespace venuebox::net {

struct UpgradeFault {
  int status = 0;
  std::string_view reason;        // has static life
  std::string_view header_lines;  // each ended with CRLF
};

// Why a request cannot be upgraded, if so.
std::optional<UpgradeFault> upgrade_fault(const Request& request, bool http_1_0);

// The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key.
std::string accept_key(std::string_view key);

// The Sec-WebSocket-Key that these 16 bytes make.
std::string handshake_key(std::span<const unsigned char, 16> bytes);

}  // namespace venuebox::net
