// Public REST: time, status, instruments, tickers, books and trades.
#pragma once

#include "gateway/venue.h"

namespace venuebox::venues::bybit {

void answer_time(gateway::Call& call);
void answer_system_status(gateway::Call& call);
void answer_instruments(gateway::Call& call);
void answer_tickers(gateway::Call& call);
void answer_order_book(gateway::Call& call);
void answer_recent_trades(gateway::Call& call);

// A ticker's row: streams show a little less of it than answers do, and where the last trade went.
enum class TickerForm : std::uint8_t { answer, stream };
void write_ticker(JsonWriter& json, const Instrument& instrument, const View& view,
                  TickerForm form);

}  // namespace venuebox::venues::bybit
