// Single rows of what Bybit says, which are the same in answers and on streams. What is wrong with
// one is remembered by its Fields.
#pragma once

#include "venues/bybit/client_answers.h"

namespace venuebox::venues::bybit {

// The market of a row. A row of an unknown one is not left out: a position that nobody sees is
// worse than an answer that nobody can use.
const unified::Market* read_market(Fields& row, std::optional<unified::MarketKind> kind, Markets);

unified::OrderRow read_order(Fields& row, const unified::Market&);
unified::FillRow read_fill(Fields& row, const unified::Market&);
// Fees for holding a position stand in the same list and are no trades.
bool is_trade(Fields& row);
//   entry_key  what the entry price is called: "avgPrice" in answers, "entryPrice" on streams
unified::PositionRow read_position(Fields& row, const unified::Market&, std::string_view entry_key);
// The coins of an account.
std::vector<unified::AssetBalance> read_coins(Fields& account);

// The levels of a whole side, best first, or what would be called the best price is some other.
std::vector<unified::BookLevel> read_levels(Fields& fields, std::string_view name, Side side);
// Those of a side that changed, in any order, with 0 for nothing any more.
std::vector<unified::BookLevel> read_changes(Fields& fields, std::string_view name);

}  // namespace venuebox::venues::bybit
