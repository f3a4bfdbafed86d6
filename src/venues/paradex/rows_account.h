// Rows of what an account has and did, as Paradex shows them: what queries answer and private
// streams push. Each writes one whole object.
#pragma once

#include "gateway/stream.h"
#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {

// What rows are written from, beside what they are about.
struct RowSource {
  const View& view;
  std::uint64_t box_key;
  std::string_view address;  // L2 address of whose rows these are; empty: it has none
  std::int64_t seq_no;       // grows from one row of the same thing to the next
};

RowSource source_of(const Call& call);
// To be asked anew for each message: its number is in it.
RowSource source_of(const gateway::Publication& publication);

//   status        instead of the order's own: "NEW" of one that has just been taken
//   request_info  JSON: what is told of a modification
void write_order(JsonWriter& json, const Order& order, const RowSource& source,
                 std::string_view status = {}, std::string_view request_info = "null");
// "UNTRIGGERED", "OPEN" or "CLOSED": what an order has come to.
std::string_view status_text(const Order& order);
// "STOP_LOSS_MARKET" …, as it was sent.
std::string_view type_text(const Order& order);
constexpr std::string_view side_text(Side side) { return side == Side::buy ? "BUY" : "SELL"; }

// Whether an execution is a fill: funding and shares of a loss have rows of their own, or none.
constexpr bool is_fill(const Execution& execution) { return execution.order.raw != 0; }
//   funding  what was paid for the position on this occasion, settlement units: the executions of
//            kind funding that stand directly before the fill
void write_fill(JsonWriter& json, const Execution& execution, const RowSource& source,
                Int128 funding = 0);
//   fill  on which it was paid; 0: on none
void write_funding_payment(JsonWriter& json, const Execution& execution, FillId fill,
                           const RowSource& source);

// Of one that has traded, open or closed; see Position::updated.
void write_position(JsonWriter& json, AccountId account, const Position& position,
                    const RowSource& source);
void write_account(JsonWriter& json, AccountId account, const RowSource& source);
void write_balance(JsonWriter& json, AccountId account, const Asset& asset,
                   const RowSource& source);
void write_transfer(JsonWriter& json, const Transfer& transfer, const RowSource& source);

// The asset in which all of Paradex settles.
const Asset& settlement_asset(const View& view);

}  // namespace venuebox::venues::paradex
