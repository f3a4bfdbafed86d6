#include "venues/bybit/order_rows.h"

#include "venues/bybit/ids.h"
#include "venues/bybit/stop_terms.h"

namespace venuebox::venues::bybit {
namespace {

constexpr std::string_view kTakenOver = "CreateByTakeOver_PassThrough";
constexpr std::string_view kDeleveraged = "CreateByAdl_PassThrough";
constexpr std::string_view kDelisted = "CreateBySettle";

std::string_view cancel_type(CancelReason reason) {
  switch (reason) {
    case CancelReason::by_user: return "CancelByUser";
    case CancelReason::reduce_only: return "CancelByReduceOnly";
    case CancelReason::self_trade: return "CancelBySmp";
    case CancelReason::disconnected:
    case CancelReason::dead_man_switch: return "CancelByDCP";
    case CancelReason::linked_order:
    case CancelReason::position_closed: return "CancelByTpSlTsClear";
    case CancelReason::liquidation: return "CancelAllBeforeLiq";
    case CancelReason::by_venue: return "CancelByAdmin";
    case CancelReason::delisted: return "CancelBySettle";
    default: return "UNKNOWN";
  }
}

std::string_view reject_reason(CancelReason reason) {
  switch (reason) {
    case CancelReason::none: return "EC_NoError";
    case CancelReason::by_user: return "EC_PerCancelRequest";
    case CancelReason::immediate_or_cancel: return "EC_NoImmediateQtyToFill";
    case CancelReason::fill_or_kill: return "EC_CancelForNoFullFill";
    case CancelReason::post_only: return "EC_PostOnlyWillTakeLiquidity";
    case CancelReason::self_trade: return "EC_BySelfMatch";
    case CancelReason::insufficient_funds:
    case CancelReason::position_above_tier: return "EC_NoEnoughQtyToFill";
    default: return "EC_Others";
  }
}

std::string_view force_text(const Order& order) {
  if (order.post_only) return "PostOnly";
  switch (order.time_in_force) {
    case TimeInForce::gtc:
    case TimeInForce::gtd: return "GTC";
    case TimeInForce::ioc: return "IOC";
    case TimeInForce::fok: return "FOK";
  }
  return "GTC";
}

std::string_view side_text(Side side) { return side == Side::buy ? "Buy" : "Sell"; }
std::string_view type_text(OrderType type) { return type == OrderType::limit ? "Limit" : "Market"; }

std::string_view self_trade_text(SelfTrade self_trade) {
  switch (self_trade) {
    case SelfTrade::cancel_maker: return "CancelMaker";
    case SelfTrade::cancel_taker: return "CancelTaker";
    case SelfTrade::cancel_both: return "CancelBoth";
    default: return "None";
  }
}

std::string_view stop_order_type(const Order& order, const Instrument& instrument) {
  const bool is_partial = order.attachment == Attachment::partial;
  if (instrument.is_spot() && order_filter_of(order, instrument) == "tpslOrder") return "tpslOrder";
  switch (order.purpose) {
    case OrderPurpose::ordinary: return "";
    case OrderPurpose::stop: return "Stop";
    case OrderPurpose::take_profit: return is_partial ? "PartialTakeProfit" : "TakeProfit";
    case OrderPurpose::stop_loss: return is_partial ? "PartialStopLoss" : "StopLoss";
    case OrderPurpose::trailing_stop: return "TrailingStop";
    case OrderPurpose::liquidation:
    case OrderPurpose::deleverage:
    case OrderPurpose::delisting: return "";
  }
  return "";
}

std::string_view create_type(const Order& order) {
  // What is sold off in the book is an order for the market; what is taken over has the price of
  // the bankruptcy.
  const bool is_market = order.type == OrderType::market;
  if (order.purpose == OrderPurpose::liquidation) {
    return is_market ? "CreateByLiq" : kTakenOver;
  }
  if (order.purpose == OrderPurpose::deleverage) return kDeleveraged;
  if (order.purpose == OrderPurpose::delisting) return kDelisted;
  if (order.attachment == Attachment::none) return "CreateByUser";
  const bool is_partial = order.attachment == Attachment::partial;
  switch (order.purpose) {
    case OrderPurpose::take_profit:
      return is_partial ? "CreateByPartialTakeProfit" : "CreateByTakeProfit";
    case OrderPurpose::stop_loss:
      return is_partial ? "CreateByPartialStopLoss" : "CreateByStopLoss";
    case OrderPurpose::trailing_stop: return "CreateByTrailingStop";
    default: return "CreateByUser";
  }
}

std::string_view stop_mode(const Order& order) {
  const bool has_stops = order.take_profit || order.stop_loss;
  const Attachment mode = has_stops ? order.stops : order.attachment;
  if (mode == Attachment::none) return "";
  return mode == Attachment::partial ? "Partial" : "Full";
}

std::optional<Ticks> known(Ticks price) {
  return price.raw == 0 ? std::nullopt : std::optional(price);
}

// What an order's fills come to, in settlement units.
Int128 filled_units(const Order& order, const Instrument& instrument) {
  if (instrument.is_inverse()) return order.filled_value;
  return multiply(order.filled_value, instrument.units_per_tick_lot);
}

// Empty while nothing is filled.
void write_average_price(JsonWriter& json, const Order& order, const Instrument& instrument) {
  if (order.filled.raw == 0) return void(json.text("avgPrice", ""));
  write_average(json, "avgPrice", filled_units(order, instrument), order.filled, instrument);
}

void write_progress(JsonWriter& json, const Order& order, const Instrument& instrument,
                    const View& view) {
  // What is left of an order that has ended will never trade, and Bybit shows none of it.
  const Lots left = is_live(order.status) ? order.remaining() : Lots{0};
  write_average_price(json, order, instrument);
  write_quantity(json, "leavesQty", left, instrument);
  const Money none{0, instrument.settle};
  write_money(json, "leavesValue",
              order.price.raw == 0 ? none : notional(order.price, left, instrument), view);
  write_quantity(json, "cumExecQty", order.filled, instrument);
  write_money(json, "cumExecValue", {filled_units(order, instrument), instrument.settle}, view);
  write_money(json, "cumExecFee", order.fee, view);
  json.key("cumFeeDetail").open();
  if (order.fee.units != 0) {
    write_money(json, asset_of(view, order.fee.asset).name, order.fee, view);
  }
  json.close();
}

void write_trigger(JsonWriter& json, const Order& order, const Instrument& instrument) {
  json.text("stopOrderType", stop_order_type(order, instrument));
  if (!order.trigger) {
    json.text("triggerPrice", "").number("triggerDirection", 0).text("triggerBy", "");
    return;
  }
  write_price(json, "triggerPrice", known(order.trigger->price), instrument);
  json.number("triggerDirection", order.trigger->direction == TriggerDirection::rises ? 1 : 2);
  json.text("triggerBy", source_text(order.trigger->source));
}

void write_stop(JsonWriter& json, const StopNames& names, const std::optional<StopTerms>& stop,
                const Instrument& instrument) {
  if (!stop) return write_empty(json, {names.price, names.source, names.limit});
  write_price(json, names.price, stop->trigger_price, instrument);
  json.text(names.source, source_text(stop->source));
  write_price(json, names.limit, known(stop->price), instrument);
}

// What orders of one kind have and those of the other have not: clients tell them apart by it.
void write_own_keys(JsonWriter& json, const Order& order, const Instrument& instrument) {
  if (instrument.is_spot()) {
    write_empty(json, {"basePrice", "ocoTriggerBy"});
    // An order by value shows what the value came to, so its quantity is in base too.
    json.text("marketUnit", order.type == OrderType::market ? "baseCoin" : "");
    return;
  }
  json.text("tpslMode", stop_mode(order)).text("createType", create_type(order));
  json.text("marketUnit", "");
  write_price(json, "lastPriceOnCreated", known(order.last_price_on_created), instrument);
}
// Funding is paid on what the position is worth at mark; a fill has a price of its own.
void write_executed(JsonWriter& json, const Execution& execution, const Instrument& instrument,
                    const View& view) {
  write_quantity(json, "execQty", execution.quantity, instrument);
  if (execution.order.raw != 0) {
    write_price(json, "execPrice", execution.price, instrument);
    write_money(json, "execValue", notional(execution.price, execution.quantity, instrument), view);
    return void(json.text("markPrice", ""));
  }
  const std::string mark = execution.mark.raw == 0 ? "" : mark_text(execution.mark, instrument);
  const SignedLots size{execution.quantity.raw};
  const Money none{0, instrument.settle};
  json.text("execPrice", mark);
  write_money(json, "execValue",
              mark.empty() ? none : value_at_mark(size, execution.mark, instrument), view);
  json.text("markPrice", mark);
}

std::string_view create_type(ExecutionKind kind) {
  switch (kind) {
    case ExecutionKind::trade: return "CreateByUser";
    case ExecutionKind::liquidation: return kTakenOver;
    case ExecutionKind::deleverage: return kDeleveraged;
    case ExecutionKind::delisting: return kDelisted;
    default: return "";
  }
}
}  // namespace

std::string shown_order(const Execution& execution, const Instrument& instrument,
                        std::uint64_t box_key) {
  if (execution.order.raw == 0) return {};
  return std::string(shown_order_id(execution.order, instrument.kind, box_key).view());
}

bool has_fired(const Order& order) {
  if (!order.trigger || order.status == OrderStatus::untriggered) return false;
  if (order.status != OrderStatus::cancelled || order.filled.raw > 0) return true;
  switch (order.cancel_reason) {
    case CancelReason::immediate_or_cancel:
    case CancelReason::fill_or_kill:
    case CancelReason::post_only:
    case CancelReason::reduce_only:
    case CancelReason::self_trade:
    case CancelReason::insufficient_funds:
    case CancelReason::position_above_tier: return true;
    default: break;
  }
  return !order.trigger->is_trailing() && order.trigger->best.raw != 0;
}

std::string_view status_text(const Order& order, const Instrument& instrument) {
  switch (order.status) {
    case OrderStatus::untriggered: return "Untriggered";
    case OrderStatus::open: return "New";
    case OrderStatus::partially_filled: return "PartiallyFilled";
    case OrderStatus::filled: return "Filled";
    case OrderStatus::cancelled: break;
  }
  if (order.trigger && !has_fired(order)) return "Deactivated";
  const bool is_unpaid = order.cancel_reason == CancelReason::insufficient_funds ||
                         order.cancel_reason == CancelReason::position_above_tier;
  if (is_unpaid) return "Rejected";
  const bool partly = instrument.is_spot() && order.filled.raw > 0;
  return partly ? "PartiallyFilledCanceled" : "Cancelled";
}

std::string_view order_filter_of(const Order& order, const Instrument& instrument) {
  const bool rests =
      order.status == OrderStatus::open || order.status == OrderStatus::partially_filled;
  if (!order.trigger || rests) return "Order";
  const bool is_tpsl =
      order.purpose == OrderPurpose::take_profit || order.purpose == OrderPurpose::stop_loss;
  return instrument.is_spot() && is_tpsl ? "tpslOrder" : "StopOrder";
}

bool is_order_filter(std::string_view text) {
  return text == "Order" || text == "StopOrder" || text == "tpslOrder" || text == "OcoOrder" ||
         text == "BidirectionalTpslOrder";
}

Refusal bad_order_filter() { return {kBadOrderFilter, "Invalid orderFilter parameter."}; }

void write_order_row(JsonWriter& json, const Order& order, const RowSource& source,
                     std::string_view status) {
  const Instrument& instrument = instrument_of(source.view, order.instrument);
  json.text("orderId", shown_order_id(order.id, instrument.kind, source.box_key).view());
  json.text("orderLinkId", order.client_order_id.view()).text("symbol", instrument.symbol);
  write_price(json, "price", order.price, instrument);
  write_quantity(json, "qty", order.quantity, instrument);
  json.text("side", side_text(order.side)).text("isLeverage", instrument.is_spot() ? "0" : "");
  json.number("positionIdx", position_index(order.position_side));
  json.text("orderStatus", status.empty() ? status_text(order, instrument) : status);
  json.text("cancelType", cancel_type(order.cancel_reason));
  json.text("rejectReason", reject_reason(order.cancel_reason));
  write_progress(json, order, instrument, source.view);
  json.text("timeInForce", force_text(order)).text("orderType", type_text(order.type));
  write_trigger(json, order, instrument);
  write_stop(json, kTakeProfitNames, order.take_profit, instrument);
  write_stop(json, kStopLossNames, order.stop_loss, instrument);
  json.boolean("reduceOnly", order.reduce_only);
  json.boolean("closeOnTrigger", order.close_position);
  json.text("smpType", self_trade_text(order.self_trade));
  json.number("smpGroup", 0).text("smpOrderId", "").text("slippageToleranceType", "UNKNOWN");
  write_empty(json, {"slippageTolerance", "extraFees", "orderIv", "placeType", "blockTradeId"});
  write_own_keys(json, order, instrument);
  json.number_text("createdTime", order.created.ms());
  json.number_text("updatedTime", order.updated.ms());
}

std::string_view execution_type(ExecutionKind kind) {
  switch (kind) {
    case ExecutionKind::trade: return "Trade";
    case ExecutionKind::liquidation: return "BustTrade";
    case ExecutionKind::deleverage: return "AdlTrade";
    case ExecutionKind::delisting: return "Delivery";
    case ExecutionKind::funding: return "Funding";
    case ExecutionKind::shared_loss: return "UNKNOWN";  // Bybit deleverages instead.
  }
  return "";
}

void write_execution_row(JsonWriter& json, const Execution& execution, const RowSource& source) {
  const View& view = source.view;
  const Instrument& instrument = instrument_of(view, execution.instrument);
  const bool is_fill = execution.order.raw != 0;
  json.text("symbol", instrument.symbol);
  json.text("orderId", shown_order(execution, instrument, source.box_key));
  json.text("orderLinkId", execution.client_order_id.view());
  json.text("side", side_text(execution.side));
  write_price(json, "orderPrice", execution.order_price, instrument);
  write_quantity(json, "orderQty", execution.order_quantity, instrument);
  write_quantity(json, "leavesQty", execution.remaining, instrument);
  json.text("orderType", is_fill ? type_text(execution.order_type) : "UNKNOWN");
  json.text("stopOrderType", "UNKNOWN");
  if (!instrument.is_spot()) json.text("createType", create_type(execution.kind));
  write_money(json, "execFee", execution.fee, view);
  json.text("feeCurrency", instrument.is_spot() ? asset_of(view, execution.fee.asset).name : "");
  json.text("execId", shown_fill_id(execution.id, instrument.kind, source.box_key).view());
  write_executed(json, execution, instrument, view);
  json.text("execType", execution_type(execution.kind));
  json.number_text("execTime", execution.time.ms()).boolean("isMaker", execution.is_maker);
  json.key("feeRate").trimmed(execution.rate.raw, 9);
  write_empty(json,
              {"tradeIv", "markIv", "indexPrice", "underlyingPrice", "blockTradeId", "extraFees"});
  write_quantity(json, "closedSize", execution.closed, instrument);
  json.number("seq", static_cast<std::int64_t>(execution.id.raw));
}

}  // namespace venuebox::venues::bybit
