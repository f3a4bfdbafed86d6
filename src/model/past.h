// What traded before a box began: simulated, so that charts are full at once. Nobody could have
// traded in it, and nothing in the engine depends on it.
#pragma once

#include <optional>

#include "base/function_ref.h"
#include "model/account.h"
#include "model/candle.h"

namespace venuebox {

class Past {
 public:
  virtual ~Past() = default;

  // Minutes since 1970; the past ends before this one, in which the box may have begun or which it
  // begins with. Whatever trades in the box comes after it.
  virtual std::int64_t end_minute() const = 0;
  // The fold of the minutes from `from` up to, not including, `to` or the end; absent when these
  // are none, or the instrument has no past.
  virtual std::optional<Candle> candle(InstrumentId, std::int64_t from, std::int64_t to) const = 0;
  // Newest first; nothing of instruments without funding, or without a past.
  virtual void funding_history(InstrumentId, FunctionRef<bool(const FundingRow&)> visit) const = 0;
};

}  // namespace venuebox
