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
};

RowSource source_of(const Call& call);
RowSource source_of(const gateway::Publication& publication);

//   status  instead of the order's own: "NEW" of one that has just been taken
void write_order(JsonWriter& json, const Order& order, const RowSource& source,
                 std::string_view status = {});
// "UNTRIGGERED", "OPEN" or "CLOSED": what an order has come to.
std::string_view status_text(const Order& order);
// "STOP_LOSS_MARKET" …, as it was sent.
std::string_view type_text(const Order& order);
constexpr std::string_view side_text(Side side) { return side == Side::buy ? "BUY" : "SELL"; }

// Whether an execution is a fill: funding and shares of a loss have rows of their own, or none.
constexpr bool is_fill(const Execution& execution) { return execution.order.raw != 0; }
void write_fill(JsonWriter& json, const Execution& execution, const RowSource& source);
void write_funding_payment(JsonWriter& json, const Execution& execution, const RowSource& source);

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
