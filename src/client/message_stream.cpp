#include "client/message_stream.h"

#include <fmt/format.h>

namespace venuebox::client {

StreamEnd goodbye(std::uint16_t code, std::string_view reason) {
  std::string text = code == 0 ? std::string("the server said goodbye without a code")
                               : fmt::format("the server said goodbye with {}", code);
  if (!reason.empty()) text.append(": ").append(reason);
  return {.code = code, .status = 0, .is_guarded = false, .text = std::move(text)};
}

}  // namespace venuebox::client
