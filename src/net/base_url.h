// Where a venue is, as its user wrote it: "https://api.bybit.com", "http://127.0.0.1:8000/bybit".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace venuebox::net {

struct BaseUrl {
  bool is_tls = false;  // https and wss, as against http and ws
  std::string host;     // a name in lower case, or a numeric address without brackets
  std::uint16_t port = 80;
  std::string path;  // stands before every target: empty, or with a slash at its beginning only

  // As the Host header has it: with brackets around IPv6, and without the scheme's own port.
  std::string authority() const;
};

// Fails on what cannot be part of a base URL, such as a query or a user's name and password. The
// error does not repeat the text, which may hold a secret.
Result<BaseUrl> base_url_from(std::string_view text);

}  // namespace venuebox::net
