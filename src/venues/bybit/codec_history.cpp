#include "venues/bybit/codec_history.h"

#include "venues/bybit/ids.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
constexpr std::int64_t kWindowMaxMs = 7 * 24 * 3'600'000LL;
constexpr int kRecentlyClosedMax = 500;  // how far order/realtime looks back
constexpr int kAverageDecimals = 4;      // of an average price, beyond those of the tick

// ---- what is asked for --------------------------------------------------------------------------

// Both ends included, in ms of box time.
struct Window {
  std::int64_t from = 0;
  std::int64_t to = INT64_MAX;
  bool holds(Timestamp time) const { return from <= time.ms() && time.ms() <= to; }
};

// Without bounds the last seven days; with one, the seven days on its other side.
std::optional<Refusal> read_window(Params& params, Timestamp now, Window& window) {
  const std::int64_t from = params.integer("startTime", 0, 1LL << 52, -1);
  const std::int64_t to = params.integer("endTime", 0, 1LL << 52, -1);
  if (from >= 0 && to >= 0) {
    window = {from, to};
    if (to < from) return bad_parameter("startTime");
    if (to - from > kWindowMaxMs) {
      return Refusal{kParameterError,
                     "The time range between startTime and endTime cannot exceed 7 days"};
    }
  } else if (from >= 0) {
    window = {from, from + kWindowMaxMs};
  } else if (to >= 0) {
    window = {to - kWindowMaxMs, to};
  } else {
    window = {now.ms() - kWindowMaxMs, INT64_MAX};
  }
  return std::nullopt;
}

// Which instruments, and which order. A foreign order id is an id that no order has.
struct Filter {
  std::string category;
  std::optional<InstrumentKindOf> kind;  // none: inverse and option, of which nothing exists
  std::string symbol;
  std::string base;
  std::string settle;
  bool by_id = false;
  OrderId order;  // 0: not by this
  bool nothing = false;
  std::string client_order_id;

  bool names_instruments() const { return !(symbol.empty() && base.empty() && settle.empty()); }

  bool passes(const Instrument& instrument, OrderId id, const ClientOrderId& client_id,
              const View& view) const {
    if (nothing || !kind || instrument.kind != *kind) return false;
    if (order.raw != 0 ? id != order : by_id && client_id.view() != client_order_id) return false;
    if (!symbol.empty()) return instrument.symbol == symbol;
    if (!base.empty()) return asset_of(view, instrument.base).name == base;
    return settle.empty() || asset_of(view, instrument.settle).name == settle;
  }
};

std::optional<Refusal> read_filter(const Call& call, const Params& params, Filter& filter) {
  filter.category = params.text("category");
  if (auto no = read_category(filter.category, filter.kind)) return no;
  filter.symbol = params.text("symbol");
  filter.base = params.text("baseCoin");
  filter.settle = params.text("settleCoin");
  call.response.tag.symbol = filter.symbol;
  if (filter.kind && !filter.symbol.empty() &&
      !call.view.find_instrument(filter.symbol, *filter.kind)) {
    return bad_parameter("symbol");
  }
  const std::string id = params.text("orderId");
  filter.client_order_id = params.text("orderLinkId");
  filter.by_id = !id.empty() || !filter.client_order_id.empty();
  if (!id.empty() && filter.kind) {
    const auto number = order_id_from_text(id, *filter.kind, call.box_key);
    filter.order = number.value_or(OrderId{});
    filter.nothing = !number;
  }
  // Conditional orders are not built, so there are none.
  const std::string order_filter = params.text("orderFilter");
  if (!order_filter.empty() && order_filter != "Order") filter.nothing = true;
  return std::nullopt;
}

// ---- rows ---------------------------------------------------------------------------------------

std::string_view status_text(const Order& order, const Instrument& instrument) {
  switch (order.status) {
    case OrderStatus::untriggered: return "Untriggered";
    case OrderStatus::open: return "New";
    case OrderStatus::partially_filled: return "PartiallyFilled";
    case OrderStatus::filled: return "Filled";
    case OrderStatus::cancelled: break;
  }
  const bool partly = instrument.is_spot() && order.filled.raw > 0;
  return partly ? "PartiallyFilledCanceled" : "Cancelled";
}

std::string_view cancel_type(CancelReason reason) {
  switch (reason) {
    case CancelReason::by_user: return "CancelByUser";
    case CancelReason::reduce_only: return "CancelByReduceOnly";
    case CancelReason::self_trade: return "CancelBySmp";
    case CancelReason::disconnected:
    case CancelReason::dead_man_switch: return "CancelByDCP";
    case CancelReason::position_closed: return "CancelByTpSlTsClear";
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
    case CancelReason::self_trade: return "EC_CancelBySmp";
    case CancelReason::disconnected:
    case CancelReason::dead_man_switch: return "EC_CancelByDCP";
    case CancelReason::insufficient_funds: return "EC_NoEnoughBalance";
    default: break;
  }
  return "EC_Others";
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

// Rounded half to even at the tick's decimals and four more; empty while nothing is filled.
void write_average(JsonWriter& json, const Order& order, const Instrument& instrument) {
  if (order.filled.raw == 0) return void(json.text("avgPrice", ""));
  const Int128 fine =
      multiply(multiply(order.filled_value, instrument.tick.units), power_of_ten(kAverageDecimals));
  json.key("avgPrice")
      .trimmed(div_half_even(fine, order.filled.raw), instrument.tick.scale + kAverageDecimals);
}

void write_progress(JsonWriter& json, const Order& order, const Instrument& instrument,
                    const View& view) {
  // What is left of an order that has ended will never trade, and Bybit shows none of it.
  const Lots left = is_live(order.status) ? order.remaining() : Lots{0};
  write_average(json, order, instrument);
  write_quantity(json, "leavesQty", left, instrument);
  write_money(json, "leavesValue", notional(order.price, left, instrument), view);
  write_quantity(json, "cumExecQty", order.filled, instrument);
  const Int128 value = multiply(order.filled_value, instrument.units_per_tick_lot);
  write_money(json, "cumExecValue", {value, instrument.quote}, view);
  write_money(json, "cumExecFee", order.fee, view);
  json.key("cumFeeDetail").open();
  if (order.fee.units != 0) {
    write_money(json, asset_of(view, order.fee.asset).name, order.fee, view);
  }
  json.close();
}

// What belongs to conditional orders and attached ones, of which there are none.
void write_no_triggers(JsonWriter& json) {
  json.text("stopOrderType", "").text("triggerPrice", "").number("triggerDirection", 0);
  write_empty(json, {"orderIv", "triggerBy", "takeProfit", "stopLoss", "tpLimitPrice",
                     "slLimitPrice", "tpTriggerBy", "slTriggerBy", "placeType", "blockTradeId"});
  json.boolean("closeOnTrigger", false);
  json.text("smpType", "None").number("smpGroup", 0).text("smpOrderId", "");
  json.text("slippageToleranceType", "UNKNOWN");
  write_empty(json, {"slippageTolerance", "extraFees"});
}

void write_order(JsonWriter& json, const Call& call, const Order& order,
                 const Instrument& instrument) {
  json.open();
  json.text("orderId", shown_order_id(order.id, instrument.kind, call.box_key).view());
  json.text("orderLinkId", order.client_order_id.view()).text("symbol", instrument.symbol);
  write_price(json, "price", order.price, instrument);
  write_quantity(json, "qty", order.quantity, instrument);
  json.text("side", side_text(order.side)).text("isLeverage", instrument.is_spot() ? "0" : "");
  json.number("positionIdx", 0).text("orderStatus", status_text(order, instrument));
  json.text("cancelType", cancel_type(order.cancel_reason));
  json.text("rejectReason", reject_reason(order.cancel_reason));
  write_progress(json, order, instrument, call.view);
  json.text("timeInForce", force_text(order)).text("orderType", type_text(order.type));
  write_no_triggers(json);
  json.boolean("reduceOnly", order.reduce_only);
  // Clients tell the two kinds apart by which of these keys are there.
  if (instrument.is_spot()) {
    write_empty(json, {"basePrice", "ocoTriggerBy"});
    // An order by value shows what the value came to, so its quantity is in base too.
    json.text("marketUnit", order.type == OrderType::market ? "baseCoin" : "");
  } else {
    json.text("tpslMode", "").text("createType", "CreateByUser").text("marketUnit", "");
    const Ticks last = order.last_price_on_created;
    write_price(json, "lastPriceOnCreated", last.raw == 0 ? std::nullopt : std::optional(last),
                instrument);
  }
  json.number_text("createdTime", order.created.ms());
  json.number_text("updatedTime", order.updated.ms()).close();
}

void write_execution(JsonWriter& json, const Call& call, const Execution& execution,
                     const Instrument& instrument) {
  json.open().text("symbol", instrument.symbol);
  json.text("orderId", shown_order_id(execution.order, instrument.kind, call.box_key).view());
  json.text("orderLinkId", execution.client_order_id.view());
  json.text("side", side_text(execution.side));
  write_price(json, "orderPrice", execution.order_price, instrument);
  write_quantity(json, "orderQty", execution.order_quantity, instrument);
  write_quantity(json, "leavesQty", execution.remaining, instrument);
  json.text("orderType", type_text(execution.order_type)).text("stopOrderType", "UNKNOWN");
  if (!instrument.is_spot()) json.text("createType", "CreateByUser");
  write_money(json, "execFee", execution.fee, call.view);
  json.text("feeCurrency",
            instrument.is_spot() ? asset_of(call.view, execution.fee.asset).name : "");
  json.text("execId", shown_fill_id(execution.id, instrument.kind, call.box_key).view());
  write_price(json, "execPrice", execution.price, instrument);
  write_quantity(json, "execQty", execution.quantity, instrument);
  json.text("execType", "Trade");
  write_money(json, "execValue", notional(execution.price, execution.quantity, instrument),
              call.view);
  json.number_text("execTime", execution.time.ms()).boolean("isMaker", execution.is_maker);
  const Rate rate = execution.is_maker ? instrument.maker_fee : instrument.taker_fee;
  json.key("feeRate").trimmed(rate.raw, 9);
  write_empty(json, {"tradeIv", "markIv", "markPrice", "indexPrice", "underlyingPrice",
                     "blockTradeId", "extraFees"});
  write_quantity(json, "closedSize", execution.closed, instrument);
  json.number("seq", static_cast<std::int64_t>(execution.id.raw)).close();
}

// {"category":…,"list":[…],"nextPageCursor":…}; `rows` writes the list.
template <class WriteRows>
void reply_page(Call& call, std::string_view category, const Pager& pager, WriteRows rows) {
  reply(call, [&](JsonWriter& json) {
    json.open().text("category", category).key("list").open_list();
    rows(json);
    json.close_list().text("nextPageCursor", pager.next_cursor()).close();
  });
}
}  // namespace

void answer_open_orders(Call& call) {
  Params params(call);
  Filter filter;
  if (auto no = read_filter(call, params, filter)) return void(refuse(call, *no));
  const bool wants_closed = params.integer("openOnly", 0, 2, 0) != 0 && !filter.by_id;
  Pager pager(params, 50, 20, wants_closed ? Pager::Rows::stay : Pager::Rows::fall);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (filter.category == "linear" && !filter.names_instruments() && !filter.by_id) {
    return void(refuse(
        call, {kParameterError, "params error: symbol, baseCoin or settleCoin is required"}));
  }
  reply_page(call, filter.category, pager, [&](JsonWriter& json) {
    bool found = false;
    const auto visit = [&](const Order& order) {
      const Instrument& instrument = instrument_of(call.view, order.instrument);
      if (!filter.passes(instrument, order.id, order.client_order_id, call.view)) return true;
      if (pager.takes(order.id.raw)) {
        write_order(json, call, order, instrument);
        found = true;
      }
      return !pager.done();
    };
    if (filter.nothing) return;
    if (!wants_closed) call.view.live_orders(call.account, visit);
    if (!wants_closed && (!filter.by_id || found)) return;
    int looked_at = 0;
    call.view.closed_orders(call.account, [&](const Order& order) {
      return ++looked_at <= kRecentlyClosedMax && visit(order);
    });
  });
}

void answer_closed_orders(Call& call) {
  Params params(call);
  Filter filter;
  if (auto no = read_filter(call, params, filter)) return void(refuse(call, *no));
  Pager pager(params, 50, 20);
  Window window;
  const auto bad_window = read_window(params, call.now, window);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (bad_window) return void(refuse(call, *bad_window));
  const std::string status = params.text("orderStatus");
  reply_page(call, filter.category, pager, [&](JsonWriter& json) {
    if (filter.nothing) return;
    call.view.closed_orders(call.account, [&](const Order& order) {
      const Instrument& instrument = instrument_of(call.view, order.instrument);
      const bool wanted = filter.passes(instrument, order.id, order.client_order_id, call.view) &&
                          window.holds(order.created) &&
                          (status.empty() || status == status_text(order, instrument));
      if (wanted && pager.takes(order.id.raw)) write_order(json, call, order, instrument);
      return !pager.done();
    });
  });
}

void answer_executions(Call& call) {
  Params params(call);
  Filter filter;
  if (auto no = read_filter(call, params, filter)) return void(refuse(call, *no));
  Pager pager(params, 100, 50);
  Window window;
  const auto bad_window = read_window(params, call.now, window);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (bad_window) return void(refuse(call, *bad_window));
  const std::string type = params.text("execType");
  // Funding, settlement and liquidation do not happen yet.
  const bool trades = type.empty() || type == "Trade";
  reply_page(call, filter.category, pager, [&](JsonWriter& json) {
    if (filter.nothing || !trades) return;
    call.view.executions(call.account, [&](const Execution& execution) {
      const Instrument& instrument = instrument_of(call.view, execution.instrument);
      const bool wanted =
          filter.passes(instrument, execution.order, execution.client_order_id, call.view) &&
          window.holds(execution.time);
      // Both halves of a fill with oneself are rows of one account.
      const std::uint64_t key = 2 * execution.id.raw + (execution.is_maker ? 1 : 0);
      if (wanted && pager.takes(key)) write_execution(json, call, execution, instrument);
      return !pager.done();
    });
  });
}

}  // namespace venuebox::venues::bybit
