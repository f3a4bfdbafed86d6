// What an account has, and what became of its orders. Declared in client_answers.h and
// client_rows.h.
#include <algorithm>

#include "venues/bybit/client_rows.h"

namespace venuebox::venues::bybit {
namespace {
using unified::Market;
using unified::MarketKind;
using unified::OrderRow;
using unified::OrderState;

// ---- balances -----------------------------------------------------------------------------------

// What open spot orders hold, and the margin of positions and open orders. Under portfolio margin
// the venue does not say, coin by coin.
std::optional<Decimal> read_used(Fields& row) {
  std::optional<Decimal> used = row.not_negative_if("locked");
  for (const std::string_view name : {"totalPositionIM", "totalOrderIM"}) {
    const auto part = row.not_negative_if(name);
    if (!used || !part) return std::nullopt;
    used = sum(*used, *part);
    if (!used) row.refuse(name, "is more than can be counted");
  }
  return used;
}

// ---- orders -------------------------------------------------------------------------------------

struct StateName {
  std::string_view name;
  OrderState state;
};
constexpr StateName kStates[] = {
    {"New", OrderState::open},
    {"PartiallyFilled", OrderState::open},
    {"Untriggered", OrderState::untriggered},
    {"Triggered", OrderState::open},
    {"Filled", OrderState::filled},
    {"Cancelled", OrderState::cancelled},
    {"PartiallyFilledCanceled", OrderState::cancelled},
    {"Deactivated", OrderState::cancelled},
    {"Rejected", OrderState::rejected},
};

OrderState read_state(Fields& row) {
  const std::string text = row.text("orderStatus");
  const auto* found = std::ranges::find(kStates, text, &StateName::name);
  if (found != std::end(kStates)) return found->state;
  row.refuse("orderStatus", "is no status that is known");
  return {};
}

void read_manner(Fields& row, OrderRow& order) {
  order.side = read_side(row);
  const std::string type = row.text("orderType");
  if (type != "Limit" && type != "Market") row.refuse("orderType", "is neither Limit nor Market");
  order.type = type == "Market" ? OrderType::market : OrderType::limit;
  const std::string force = row.text("timeInForce");
  // A retail price improvement order only ever adds to the book.
  order.is_post_only = force == "PostOnly" || force == "RPI";
  if (force == "IOC") {
    order.time_in_force = TimeInForce::ioc;
  } else if (force == "FOK") {
    order.time_in_force = TimeInForce::fok;
  } else if (force != "GTC" && !order.is_post_only) {
    row.refuse("timeInForce", "is none that is known");
  }
  order.is_reduce_only = row.flag("reduceOnly");
}

// Why it ended: what refused it or, where that says nothing, what cancelled it.
std::string read_reason(Fields& row) {
  const std::string refused = row.text_or_empty("rejectReason");
  const std::string cancelled = row.text_or_empty("cancelType");
  const bool says_why = !refused.empty() && refused != "EC_NoError" && refused != "EC_Others";
  if (says_why || cancelled.empty() || cancelled == "UNKNOWN") {
    return refused == "EC_NoError" ? std::string() : refused;
  }
  return cancelled;
}

// A spot market order to buy counts in quote unless it says otherwise, one to sell in base.
bool is_by_value(Fields& row, const OrderRow& order, MarketKind kind) {
  if (kind != MarketKind::spot || order.type != OrderType::market) return false;
  const std::string unit = row.text_or_empty("marketUnit");
  return order.side == Side::buy ? unit != "baseCoin" : unit == "quoteCoin";
}

void read_progress(Fields& row, MarketKind kind, OrderRow& order) {
  order.filled = row.not_negative("cumExecQty");
  order.quantity = row.positive("qty");
  // Then there never was a quantity in base other than what it came to.
  if (is_by_value(row, order, kind)) order.quantity = order.filled;
  const bool has_filled = order.filled.units > 0;
  if (has_filled && order.quantity.units > 0 && compare(order.filled, order.quantity) > 0) {
    row.refuse("cumExecQty", "is more than was ordered");
  }
  if (has_filled) order.average_price = row.positive_if("avgPrice");
}

}  // namespace

// ---- single rows --------------------------------------------------------------------------------

const Market* read_market(Fields& row, std::optional<MarketKind> kind, Markets markets) {
  const std::string id = row.text("symbol");
  for (const Market& market : markets) {
    if (market.id == id && market.kind == kind) return &market;
  }
  row.refuse({ErrorKind::not_found, row.path_of("symbol"),
              "is in no market that was loaded; load the markets again"});
  return nullptr;
}

OrderRow read_order(Fields& row, const Market& market) {
  OrderRow order;
  order.id = row.text("orderId");
  order.client_order_id = row.text_or_empty("orderLinkId");
  order.symbol = market.symbol;
  read_manner(row, order);
  order.state = read_state(row);
  // What a market order shows is how far it may slip, and no price that anybody asked for.
  if (order.type == OrderType::limit) order.price = row.positive("price");
  order.trigger_price = row.positive_if("triggerPrice");
  read_progress(row, market.kind, order);
  const bool has_ended = order.state != OrderState::open && order.state != OrderState::untriggered;
  if (has_ended) order.reason = read_reason(row);
  order.created = row.milliseconds("createdTime");
  order.updated = row.milliseconds("updatedTime");
  return order;
}

// Fees of perpetuals are paid where profit is, and the venue does not repeat that.
unified::FillRow read_fill(Fields& row, const Market& market) {
  unified::FillRow fill{.id = row.text("execId"),
                        .order = row.text("orderId"),
                        .client_order_id = row.text_or_empty("orderLinkId"),
                        .symbol = market.symbol,
                        .side = read_side(row),
                        .is_maker = row.flag("isMaker"),
                        .price = row.positive("execPrice"),
                        .quantity = row.positive("execQty"),
                        .fee = row.number("execFee"),
                        .fee_asset = row.text_or_empty("feeCurrency"),
                        .time = row.milliseconds("execTime")};
  if (fill.fee_asset.empty()) fill.fee_asset = market.settle;
  if (fill.fee_asset.empty()) row.refuse("feeCurrency", "does not say what the fee was paid in");
  return fill;
}

bool is_trade(Fields& row) {
  const std::string type = row.text("execType");
  return type == "Trade" || type == "AdlTrade" || type == "BustTrade" || type == "Delivery";
}

unified::PositionRow read_position(Fields& row, const Market& market, std::string_view entry_key) {
  const Decimal size = row.not_negative("size");
  row.expect(entry_key);
  return {.symbol = market.symbol,
          .side = size.units == 0 ? Side::buy : read_side(row),  // none, of no position
          .quantity = size,
          .entry_price = row.positive_if(entry_key),
          .mark_price = row.positive_if("markPrice"),
          .unrealised_profit = row.number_if("unrealisedPnl"),
          .leverage = row.positive_if("leverage")};
}

std::vector<unified::AssetBalance> read_coins(Fields& account) {
  std::vector<unified::AssetBalance> assets;
  const auto wrong = each_row(account, "coin", [&](Fields& row) {
    assets.push_back(
        {.asset = row.text("coin"), .total = row.number("walletBalance"), .used = read_used(row)});
  });
  if (wrong) account.refuse(*wrong);
  return assets;
}

// ---- answers ------------------------------------------------------------------------------------

Result<std::vector<unified::AssetBalance>> read_balance(const ClientResponse& response) {
  const Reply reply(response);
  if (reply.wrong) return *reply.wrong;
  Fields result = reply.result();
  std::vector<unified::AssetBalance> assets;
  bool found = false;
  const auto wrong = each_row(result, "list", [&](Fields& account) {
    if (account.text("accountType") != "UNIFIED") return;
    found = true;
    assets = read_coins(account);
  });
  if (wrong) return *wrong;
  if (!found) return invalid("result/list", "holds no unified account");
  return assets;
}

Result<std::vector<unified::PositionRow>> read_positions(const ClientResponse& response,
                                                         Markets markets) {
  const Reply reply(response);
  if (reply.wrong) return *reply.wrong;
  Fields result = reply.result();
  const auto kind = read_kind(result);
  std::vector<unified::PositionRow> positions;
  const auto wrong = each_row(result, "list", [&](Fields& row) {
    const Decimal size = row.not_negative("size");
    row.expect("avgPrice");
    if (size.units == 0) return;
    const Market* market = read_market(row, kind, markets);
    if (market) positions.push_back(read_position(row, *market, "avgPrice"));
  });
  if (wrong) return *wrong;
  return positions;
}

Result<std::string> read_created_order(const ClientResponse& response) {
  const Reply reply(response);
  if (reply.wrong) return *reply.wrong;
  Fields result = reply.result();
  std::string id = result.text("orderId");
  if (result.wrong()) return *result.wrong();
  return id;
}

Result<std::vector<OrderRow>> read_orders(const ClientResponse& response, Markets markets) {
  const Reply reply(response);
  if (reply.wrong) return *reply.wrong;
  Fields result = reply.result();
  const auto kind = read_kind(result);
  std::vector<OrderRow> orders;
  const auto wrong = each_row(result, "list", [&](Fields& row) {
    const Market* market = read_market(row, kind, markets);
    if (market) orders.push_back(read_order(row, *market));
  });
  if (wrong) return *wrong;
  return orders;
}

Result<std::vector<unified::FillRow>> read_my_trades(const ClientResponse& response,
                                                     Markets markets) {
  const Reply reply(response);
  if (reply.wrong) return *reply.wrong;
  Fields result = reply.result();
  const auto kind = read_kind(result);
  std::vector<unified::FillRow> fills;
  const auto wrong = each_row(result, "list", [&](Fields& row) {
    if (!is_trade(row)) return;
    const Market* market = read_market(row, kind, markets);
    if (market) fills.push_back(read_fill(row, *market));
  });
  if (wrong) return *wrong;
  std::ranges::reverse(fills);  // Bybit has the newest first.
  return fills;
}

}  // namespace venuebox::venues::bybit
