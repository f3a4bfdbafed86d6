// What an account has, and what became of its orders. Declared in client_answers.h and
// client_rows.h.
#include <algorithm>

#include "venues/paradex/client_rows.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::each_row;
using unified::Market;
using unified::OrderRow;
using unified::OrderState;

// Reasons by which the venue takes an order and then would not have it.
constexpr std::string_view kRejections[] = {"NOT_ENOUGH_MARGIN", "ORDER_EXCEEDS_POSITION_LIMIT"};

OrderState read_state(Fields& row, const OrderRow& order, bool is_whole) {
  const std::string status = row.text("status");
  if (status == "UNTRIGGERED") return OrderState::untriggered;
  if (status == "NEW" || status == "OPEN") return OrderState::open;
  if (status != "CLOSED") row.refuse("status", "is no status that is known");
  if (order.reason.empty() && is_whole) return OrderState::filled;
  const bool is_rejected = std::ranges::find(kRejections, order.reason) != std::end(kRejections);
  return is_rejected ? OrderState::rejected : OrderState::cancelled;
}

bool holds_flag(Fields& row, std::string_view flag) {
  std::deque<std::string> storage;
  const auto values = json_list(row.raw("flags", JsonKind::list), storage);
  return values && std::ranges::find(*values, flag, &JsonValue::text) != values->end();
}

void read_manner(Fields& row, OrderRow& order) {
  order.side = read_side(row);
  const std::string type = row.text("type");
  const bool is_market = type.ends_with("MARKET");
  if (!is_market && !type.ends_with("LIMIT")) row.refuse("type", "is none that is known");
  order.type = is_market ? OrderType::market : OrderType::limit;
  const std::string instruction = row.text("instruction");
  // A retail price improvement order only ever adds to the book.
  order.is_post_only = instruction == "POST_ONLY" || instruction == "RPI";
  if (instruction == "IOC") order.time_in_force = TimeInForce::ioc;
  if (instruction != "IOC" && instruction != "GTC" && !order.is_post_only)
    row.refuse("instruction", "is none that is known");
  order.is_reduce_only = holds_flag(row, "REDUCE_ONLY");
}

// Reads all rows of a list, or the one that an answer is.
template <class Read>
std::optional<Error> each_order(const ClientResponse& response, const Read& read) {
  JsonObject json;
  if (auto parsed = json.parse(response.body); !parsed) return parsed.error();
  Fields fields(json, "");
  if (json.find("results")) return each_row(fields, "results", read);
  read(fields);
  return fields.wrong();
}
}  // namespace

// ---- single rows --------------------------------------------------------------------------------

// What waits for a trigger and closes all that there is shows a size of 0.
OrderRow read_order(Fields& row, const Market& market) {
  OrderRow order;
  order.id = row.text("id");
  order.client_order_id = row.text_or_empty("client_id");
  order.symbol = market.symbol;
  read_manner(row, order);
  if (order.type == OrderType::limit) order.price = row.positive("price");
  order.trigger_price = row.positive_if("trigger_price");
  order.quantity = row.not_negative("size");
  const Decimal left = row.not_negative("remaining_size");
  const auto filled = sum(order.quantity, negated(left));
  if (!filled || filled->units < 0) row.refuse("remaining_size", "is more than was ordered");
  order.filled = filled.value_or(Decimal{});
  if (order.filled.units > 0) order.average_price = row.positive_if("avg_fill_price");
  order.reason = row.text_or_empty("cancel_reason");
  order.state = read_state(row, order, left.units == 0);
  order.created = row.milliseconds("created_at");
  order.updated = row.milliseconds("last_updated_at");
  return order;
}

unified::FillRow read_fill(Fields& row, const Market& market) {
  const std::string liquidity = row.text("liquidity");
  if (liquidity != "MAKER" && liquidity != "TAKER")
    row.refuse("liquidity", "is neither MAKER nor TAKER");
  return {.id = row.text("id"),
          .order = row.text("order_id"),
          .client_order_id = row.text_or_empty("client_id"),
          .symbol = market.symbol,
          .side = read_side(row),
          .is_maker = liquidity == "MAKER",
          .price = row.positive("price"),
          .quantity = row.positive("size"),
          .fee = row.number("fee"),
          .fee_asset = row.text("fee_currency"),
          .time = row.milliseconds("created_at")};
}

// The size of a short position is below 0.
unified::PositionRow read_position(Fields& row, const Market& market) {
  const Decimal size = row.number("size");
  row.expect("average_entry_price");
  return {.symbol = market.symbol,
          .side = size.units < 0 ? Side::sell : Side::buy,
          .quantity = size.units < 0 ? negated(size) : size,
          .entry_price = row.positive_if("average_entry_price"),
          .mark_price = {},
          .unrealised_profit = row.number_if("unrealized_pnl"),
          .leverage = row.positive_if("leverage")};
}

unified::AssetBalance read_account(Fields& row) {
  return {.asset = row.text("settlement_asset"),
          .total = row.number("total_collateral"),
          .used = row.not_negative_if("initial_margin_requirement")};
}

// ---- answers ------------------------------------------------------------------------------------

Result<std::vector<unified::AssetBalance>> read_balance(const ClientResponse& response) {
  JsonObject json;
  if (auto parsed = json.parse(response.body); !parsed) return parsed.error();
  Fields fields(json, "");
  const unified::AssetBalance balance = read_account(fields);
  if (fields.wrong()) return *fields.wrong();
  return std::vector{balance};
}

Result<std::vector<unified::PositionRow>> read_positions(const ClientResponse& response,
                                                         Markets markets) {
  std::vector<unified::PositionRow> positions;
  const auto wrong = each_order(response, [&](Fields& row) {
    const Market* market = read_market(row, "market", markets);
    if (!market) return;
    const unified::PositionRow position = read_position(row, *market);
    if (position.quantity.units > 0) positions.push_back(position);
  });
  if (wrong) return *wrong;
  return positions;
}

Result<std::string> read_created_order(const ClientResponse& response) {
  JsonObject json;
  if (auto parsed = json.parse(response.body); !parsed) return parsed.error();
  Fields fields(json, "");
  std::string id = fields.text("id");
  if (fields.wrong()) return *fields.wrong();
  return id;
}

Result<std::vector<OrderRow>> read_orders(const ClientResponse& response, Markets markets) {
  std::vector<OrderRow> orders;
  const auto wrong = each_order(response, [&](Fields& row) {
    const Market* market = read_market(row, "market", markets);
    if (market) orders.push_back(read_order(row, *market));
  });
  if (wrong) return *wrong;
  return orders;
}

Result<std::vector<unified::FillRow>> read_my_trades(const ClientResponse& response,
                                                     Markets markets) {
  std::vector<unified::FillRow> fills;
  const auto wrong = each_order(response, [&](Fields& row) {
    const Market* market = read_market(row, "market", markets);
    if (market) fills.push_back(read_fill(row, *market));
  });
  if (wrong) return *wrong;
  std::ranges::reverse(fills);  // Paradex has the newest first.
  return fills;
}

}  // namespace venuebox::venues::paradex
