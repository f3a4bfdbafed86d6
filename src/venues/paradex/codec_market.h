// Public data of this moment and of what traded: markets, books, trades, candles and funding.
#pragma once

#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {

void answer_markets(Call& call);
void answer_market(Call& call);  // one alone, as older mocks have it
void answer_summaries(Call& call);
void answer_bbo(Call& call);
void answer_order_book(Call& call);
void answer_impact_price(Call& call);
void answer_trades(Call& call);
void answer_candles(Call& call);
void answer_funding_data(Call& call);
void answer_insurance(Call& call);

}  // namespace venuebox::venues::paradex
