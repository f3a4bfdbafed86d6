#include "gateway/trouble.h"

#include <array>

#include <fmt/format.h>

#include "net/message.h"

namespace venuebox::gateway {

std::string_view name_of(Trouble trouble) {
  static constexpr std::array<std::string_view, kTroubles> kNames{
      "signature_wrong",    "key_unknown",       "session_expired", "address_not_allowed",
      "permission_missing", "timestamp_too_old", "nonce_duplicate", "nonce_gap",
      "rate_limited",       "account_banned",    "address_banned",  "budget_spent",
      "maintenance",        "overloaded",        "internal_error",  "server_error",
      "bad_gateway",        "unavailable",       "gateway_timeout"};
  return kNames[static_cast<std::size_t>(trouble)];
}

Trouble trouble_of_status(std::string_view status) {
  if (status == "502") return Trouble::bad_gateway;
  if (status == "503") return Trouble::unavailable;
  return status == "504" ? Trouble::gateway_timeout : Trouble::server_error;
}

std::string nginx_page(int status, std::string_view message) {
  const std::string_view phrase = status == 503   ? "Service Temporarily Unavailable"
                                  : status == 504 ? "Gateway Time-out"
                                                  : net::reason_phrase(status);
  const std::string title = fmt::format("{} {}", status, phrase);
  const std::string heading = message.empty() ? title : std::string(message);
  return fmt::format(
      "<html>\r\n<head><title>{}</title></head>\r\n<body>\r\n<center><h1>{}</h1></center>\r\n"
      "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
      title, heading);
}

}  // namespace venuebox::gateway
