#include <algorithm>

#include "base/random.h"
#include "faults/bytes/frame.h"

namespace venuebox::faults {
namespace {
// By what a byte is changed: never nothing, and never its highest bit, so that ASCII stays ASCII.
char changed(char byte, std::uint64_t draw) {
  return static_cast<char>(byte ^ static_cast<char>(1 + draw % 127));
}
}  // namespace

void corrupt(std::string& message, std::string_view kind, std::size_t bytes, std::uint64_t draw) {
  if (message.empty()) return;
  RandomStream draws(draw, "corrupt");
  if (kind == "truncated") {
    message.resize(draws.below(message.size()));
  } else if (kind == "not_utf8") {
    message[draws.below(message.size())] = '\xff';
  } else {
    // Each place once: what is changed twice could be as it was.
    std::size_t left = std::min(bytes, message.size());
    for (std::size_t at = 0; at < message.size() && left > 0; ++at) {
      if (draws.below(message.size() - at) >= left) continue;
      message[at] = changed(message[at], draws.next());
      --left;
    }
  }
}

}  // namespace venuebox::faults
