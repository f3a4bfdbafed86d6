// The blocking front of an Exchange: runs the loop until a call is answered.
#pragma once

#include "client/exchange.h"
#include "net/loop.h"

namespace venuebox::client {

// `start` is given what the call will answer to:
//   blocking<unified::Ticker>(loop, [&](auto then) { exchange.fetch_ticker(symbol, then); })
template <class T, class Start>
Reply<T> blocking(net::Loop& loop, const Start& start) {
  auto reply = std::make_shared<std::optional<Reply<T>>>();
  start(Then<T>([reply](Reply<T> given) { *reply = std::move(given); }));
  while (!*reply)
    loop.turn(seconds(1));
  return std::move(**reply);
}

}  // namespace venuebox::client
