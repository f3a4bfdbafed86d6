// `startTime` and `endTime` of queries into the past.
#pragma once

#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {

// Both ends included, in ms of box time.
struct Window {
  std::int64_t from = 0;
  std::int64_t to = INT64_MAX;
  bool holds(Timestamp time) const { return from <= time.ms() && time.ms() <= to; }
};

// Without bounds the last seven days; with one, the seven days on its other side.
std::optional<Refusal> read_window(Params& params, Timestamp now, Window& window);

}  // namespace venuebox::venues::bybit
