// Candles as clients ask for them: what traded in the box, and before it the box's simulated past.
#pragma once

#include <vector>

#include "model/view.h"

namespace venuebox {

// Newest first, from the one of the minute `to` back to that of `from`, `limit` of them at most.
// Where nothing traded a candle stands at the price before it. The candle in which the box began is
// the fold of both parts. They end where nothing is known: before the first trade of an instrument
// without a past, and where the exchange has forgotten what traded.
std::vector<Candle> candles(const View& view, InstrumentId instrument, CandleInterval interval,
                            std::int64_t from, std::int64_t to, std::int64_t limit);

// The last trade, or before the first one where the past ended.
std::optional<Ticks> last_shown_price(const View& view, InstrumentId instrument);

// What the last 24 hours traded, in the box and in its past.
DayStatistics day_with_past(const View& view, InstrumentId instrument);

}  // namespace venuebox
