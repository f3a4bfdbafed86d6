// Rows of orders and executions as Bybit shows them: what queries answer and private streams push.
#pragma once

#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {

// What rows are written from, beside their order or execution.
struct RowSource {
  const View& view;
  std::uint64_t box_key;
};

// The members of one row, without the braces around them, so that a stream can add its own.
//   status  instead of the order's own, where a stream shows a moment that has passed
void write_order_row(JsonWriter&, const Order&, const RowSource&, std::string_view status = {});
void write_execution_row(JsonWriter&, const Execution&, const RowSource&);

// The id of an execution's order; funding has none, which is empty.
std::string shown_order(const Execution&, const Instrument&, std::uint64_t box_key);
// "Trade", "Funding" …
std::string_view execution_type(ExecutionKind);

// "New", "Untriggered" …; spot and linear name some ends differently.
std::string_view status_text(const Order&, const Instrument&);

// Whether a conditional order had fired, of one that ended as well.
bool has_fired(const Order&);

// Under which `orderFilter` an order is found: "Order", "StopOrder" or spot's "tpslOrder".
std::string_view order_filter_of(const Order&, const Instrument&);
bool is_order_filter(std::string_view text);
Refusal bad_order_filter();

}  // namespace venuebox::venues::bybit
