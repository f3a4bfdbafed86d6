// How an answer is lost.
#include "box/struck.h"

namespace venuebox::box {

void lose_answer(Struck& struck, std::string_view /*how*/, std::int64_t /*hold_ms*/) {
  struck.is_lost = true;
  net::Response& response = struck.response;
  response.body.clear();
  response.close = true;
  // Held and never sent, so the connection ends without an answer.
  if (response.holder && !response.held) response.hold().reset();
}

}  // namespace venuebox::box
