// The error pages of the proxies that stand in front of venues, as they look to a client that asked
// for JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace venuebox::faults {

struct ErrorPage {
  std::string_view content_type;  // with static life
  std::string headers;            // further lines, each ended with CRLF
  std::string body;
};

//   proxy   "cloudflare" or "nginx"
//   status  502, 503, 504, or cloudflare's 520
//   draw    for the number by which Cloudflare names the request
ErrorPage error_page(std::string_view proxy, int status, std::uint64_t draw);

}  // namespace venuebox::faults
