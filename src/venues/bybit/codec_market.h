// Public REST: time, status, instruments, tickers, books and trades.
#pragma once

#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {

void answer_time(gateway::Call& call);
void answer_system_status(gateway::Call& call);
void answer_instruments(gateway::Call& call);
void answer_tickers(gateway::Call& call);
void answer_order_book(gateway::Call& call);
void answer_recent_trades(gateway::Call& call);
void answer_risk_limits(gateway::Call& call);
void answer_price_limit(gateway::Call& call);
void answer_insurance(gateway::Call& call);

// `category` and `symbol` of a request about one market.
//   category  of requests that name none; empty: they have to
std::optional<Refusal> read_market(const Call& call, const Params& params,
                                   const Instrument*& instrument, std::string_view category = {});

// Levels of a book, each a list of price and quantity; a level that is gone has the quantity "0".
void write_levels(JsonWriter& json, std::string_view key, std::span<const BookLevel> levels,
                  const Instrument& instrument);

// How a trade's price compares with the one before: where it is the same, it keeps the direction of
// the last that was not.
std::string_view direction_text(bool rises, bool is_same);

// A ticker's row: streams show a little less of it than answers do, and where the last trade went.
enum class TickerForm : std::uint8_t { answer, stream };
void write_ticker(JsonWriter& json, const Instrument& instrument, const View& view,
                  TickerForm form);

}  // namespace venuebox::venues::bybit
