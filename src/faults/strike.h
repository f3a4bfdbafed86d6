// What a fault does to one occasion: the action with everything that was to be drawn.
#pragma once

#include <string>

#include "base/random.h"
#include "faults/actions.h"
#include "faults/judgement.h"

namespace venuebox::faults {

struct Strike {
  std::string fault;    // its name
  std::uint64_t n = 0;  // the fault's running number of the occasion
  Action action;        // never a compound one; choices that are "drawn" are made
  // What ActionInfo::drawn says: a delay or wait in milliseconds, a slippage in parts per billion,
  // or whether an unknown outcome was carried out.
  std::int64_t drawn = 0;
  // Random bits for what the action itself has to choose, such as the bytes it corrupts.
  std::uint64_t own_draw = 0;
  bool goes_on = false;  // it struck before and lasts; this is not where it began

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.fault, s.n, s.action, s.drawn, s.own_draw, s.goes_on);
  }
};

// How long clients are told to wait where nothing says better.
inline constexpr std::int64_t kWaitMs = 1'000;

Strike strike_of(const Fault& fault, const Terms& terms, const Judgement& judgement);

}  // namespace venuebox::faults
