// What a perpetual's market is sampled for each second of box time: the middle of its book, and how
// far that lies from the index. The middle and the index stand still between two changes, so that
// any number of seconds is added at once, when one of them changes or somebody asks.
#pragma once

#include <tuple>

#include "base/time.h"
#include "model/money.h"

namespace venuebox::engine {

struct Samples {
  std::int64_t second = 0;  // of box time, up to which this holds
  MarkPrice mid = {};       // since then; 0: a side of the book is empty
  MarkPrice index = {};     // likewise; 0: not known
  Int128 average = 0;       // moving average of mid, in 2^-kAverageBits of a MarkPrice; 0: none yet
  // Of the present funding interval: sum of (mid - index) / index over its seconds, and their
  // count.
  Int128 premium = 0;  // parts per billion
  std::int64_t seconds = 0;
  Int128 index_sum = 0;  // continuous funding: what one lot has run up to, in settlement units

  static constexpr int kAverageBits = 16;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.second, s.mid, s.index, s.average, s.premium, s.seconds, s.index_sum);
  }
};

}  // namespace venuebox::engine
