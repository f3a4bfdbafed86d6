// What a user says of a box's clock, on the command line and to the control API alike.
#pragma once

#include "box/clock.h"
#include "market/market_spec.h"

namespace venuebox::box {

inline constexpr int kScaleMax = 100'000;

//   text  "wall", "scaled:N" or "manual"
Result<void> set_clock_mode(std::string_view text, ClockSettings& clock);

// Where the clock begins. To be called when the mode is known.
//   text    "now", "recording" or a time as ISO 8601 has it; empty: leaves it to the mode
//   market  whose recording is meant
//   door    what now is
Result<void> set_clock_start(std::string_view text, const market::MarketSpec& market,
                             const Clock& door, ClockSettings& clock);

}  // namespace venuebox::box
