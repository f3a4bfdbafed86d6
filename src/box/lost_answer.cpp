// How an answer is lost.
#include "box/struck.h"

namespace venuebox::box {

//   hold_ms  of a timeout: how long the connection stays open; 0: until the client ends it
void lose_answer(Struck& struck, std::string_view how, std::int64_t hold_ms) {
  if (struck.is_on_stream) {
    struck.is_lost = true;  // No frame is sent.
    return;
  }
  net::Delivery delivery;
  delivery.bytes_max = 0;
  if (how == "reset") {
    delivery.after = net::Delivery::After::reset;
  } else if (hold_ms == 0) {
    delivery.after = net::Delivery::After::silent;
  } else {
    delivery.wait = milliseconds(hold_ms);
    delivery.after = net::Delivery::After::half_closed;
  }
  struck.response.delivery = delivery;
}

}  // namespace venuebox::box
