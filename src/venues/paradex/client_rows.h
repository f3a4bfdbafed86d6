// Single rows of what Paradex says, which are the same in answers and on streams. What is wrong
// with one is remembered by its Fields.
#pragma once

#include "venues/paradex/client_answers.h"

namespace venuebox::venues::paradex {

// The market of a row, by this member. A row of an unknown one is not left out: a position that
// nobody sees is worse than an answer that nobody can use.
const unified::Market* read_market(Fields& row, std::string_view name, Markets markets);
// The row is of this market, or it is remembered as wrong.
void expect_market(Fields& row, std::string_view name, const unified::Market& market);
Side read_side(Fields& row);

unified::PublicTrade read_trade(Fields& row, const unified::Market& market);
unified::Ticker read_summary(Fields& row, const unified::Market& market);

unified::OrderRow read_order(Fields& row, const unified::Market& market);
unified::FillRow read_fill(Fields& row, const unified::Market& market);
unified::PositionRow read_position(Fields& row, const unified::Market& market);
// What an account has; all of it is in one asset.
unified::AssetBalance read_account(Fields& row);

}  // namespace venuebox::venues::paradex
