#include "venues/bybit/codec_orders.h"

#include <algorithm>

#include "venues/bybit/ids.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::Outcomes;

constexpr std::size_t kClientIdMax = 36;

template <class E>
const E* first_event(std::span<const Event> events) {
  for (const Event& event : events) {
    if (const E* found = std::get_if<E>(&event)) return found;
  }
  return nullptr;
}

bool is_absent(std::string_view text) { return text.empty() || text == "0"; }

// ---- one order to place -------------------------------------------------------------------------

// What the engine cannot do is refused rather than left out: an order without its stop loss is
// another order.
std::optional<Refusal> check_supported(Body& body, const Instrument& instrument) {
  if (!is_absent(body.number("triggerPrice"))) return not_supported("triggerPrice");
  if (!is_absent(body.number("takeProfit"))) return not_supported("takeProfit");
  if (!is_absent(body.number("stopLoss"))) return not_supported("stopLoss");
  const std::string_view filter = body.text("orderFilter");
  if (instrument.is_spot() && !filter.empty() && filter != "Order") {
    return not_supported("orderFilter");
  }
  const std::string_view prevention = body.text("smpType");
  if (!prevention.empty() && prevention != "None") return not_supported("smpType");
  if (!is_absent(body.number("isLeverage"))) return not_supported("isLeverage");
  if (body.text("timeInForce") == "RPI") return not_supported("timeInForce RPI");
  const std::string_view slippage = body.text("slippageToleranceType");
  if (!slippage.empty() && slippage != "UNKNOWN") return not_supported("slippageToleranceType");
  if (body.flag("closeOnTrigger") && !body.flag("reduceOnly")) {
    return not_supported("closeOnTrigger without reduceOnly");
  }
  if (!is_absent(body.number("positionIdx"))) {
    return Refusal{kParameterError, "position idx not match position mode"};
  }
  return std::nullopt;
}

std::optional<Refusal> read_manner(Body& body, PlaceOrder& order) {
  const std::string_view side = body.text("side");
  if (side != "Buy" && side != "Sell") return bad_parameter("side");
  order.side = side == "Buy" ? Side::buy : Side::sell;
  const std::string_view type = body.text("orderType");
  if (type != "Limit" && type != "Market") return bad_parameter("orderType");
  order.type = type == "Limit" ? OrderType::limit : OrderType::market;
  const std::string_view force = body.text("timeInForce");
  if (!force.empty() && force != "GTC" && force != "IOC" && force != "FOK" && force != "PostOnly") {
    return bad_parameter("timeInForce");
  }
  order.time_in_force = TimeInForce::gtc;
  if (order.type == OrderType::market || force == "IOC") order.time_in_force = TimeInForce::ioc;
  if (order.type == OrderType::limit && force == "FOK") order.time_in_force = TimeInForce::fok;
  order.post_only = order.type == OrderType::limit && force == "PostOnly";
  return std::nullopt;
}

std::optional<Refusal> read_price(Body& body, const Instrument& instrument, PlaceOrder& order) {
  if (order.type == OrderType::market) return std::nullopt;  // A price beside it is ignored.
  const auto ticks = ticks_from_decimal(body.text("price"), instrument);
  if (const auto* price = std::get_if<Ticks>(&ticks)) {
    order.price = *price;
    if (price->raw > 0) return std::nullopt;
    return refusal_for(RejectReason::price_not_positive, instrument.kind);
  }
  const auto error = std::get<DecimalError>(ticks);
  if (error == DecimalError::too_large) {
    return refusal_for(RejectReason::price_too_high, instrument.kind);
  }
  if (error == DecimalError::too_precise && instrument.is_spot()) {
    return Refusal{kPriceDecimals, "Order price decimal too long."};
  }
  return bad_parameter("price");
}

// Why a quantity, or the value that stands for one, is none.
Refusal bad_quantity(DecimalError error, const Instrument& instrument) {
  if (error == DecimalError::too_large) {
    return refusal_for(RejectReason::quantity_too_large, instrument.kind);
  }
  if (error == DecimalError::too_precise && instrument.is_spot()) {
    return {kQuantityDecimals, "Order quantity decimal too long."};
  }
  return {kParameterError, "Qty invalid"};
}

// A spot market order by value: quote units, in steps of quotePrecision.
std::optional<Refusal> read_value(std::string_view text, const View& view,
                                  const Instrument& instrument, PlaceOrder& order) {
  const int precision = instrument.tick.scale + instrument.lot.scale;
  const auto units = units_from_text(text, precision);
  if (const auto* error = std::get_if<DecimalError>(&units)) {
    return bad_quantity(*error, instrument);
  }
  const Int128 steps = std::get<Int128>(units);
  if (steps <= 0) return refusal_for(RejectReason::quantity_not_positive, instrument.kind);
  const Int128 per_step = power_of_ten(asset_of(view, instrument.quote).scale - precision);
  const Money most = notional(instrument.price_max, instrument.quantity_max, instrument);
  if (steps > most.units / per_step) {
    return refusal_for(RejectReason::quantity_too_large, instrument.kind);
  }
  order.value = {multiply(steps, per_step), instrument.quote};
  return std::nullopt;
}

std::optional<Refusal> read_quantity(Body& body, const View& view, const Instrument& instrument,
                                     PlaceOrder& order) {
  const std::string_view text = body.text("qty");
  if (instrument.is_spot() && order.type == OrderType::market) {
    const std::string_view unit = body.text("marketUnit");
    if (!unit.empty() && unit != "baseCoin" && unit != "quoteCoin") {
      return bad_parameter("marketUnit");
    }
    const bool by_value = unit.empty() ? order.side == Side::buy : unit == "quoteCoin";
    if (by_value) return read_value(text, view, instrument, order);
  }
  const auto lots = lots_from_decimal(text, instrument);
  if (const auto* error = std::get_if<DecimalError>(&lots)) {
    return bad_quantity(*error, instrument);
  }
  order.quantity = std::get<Lots>(lots);
  order.close_position = order.reduce_only && order.quantity.raw == 0;
  if (order.quantity.raw > 0 || order.close_position) return std::nullopt;
  return refusal_for(RejectReason::quantity_not_positive, instrument.kind);
}

std::optional<Refusal> read_client_id(Body& body, ClientOrderId& id) {
  const std::string_view text = body.text("orderLinkId");
  const bool plain = std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_';
  });
  if (!plain || text.size() > kClientIdMax) return bad_parameter("orderLinkId");
  id = ClientOrderId(text);
  return std::nullopt;
}

std::optional<Refusal> read_instrument(const View& view, std::string_view category, Body& body,
                                       const Instrument*& instrument) {
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(category, kind)) return no;
  if (!kind) return not_supported(category);
  instrument = view.find_instrument(body.text("symbol"), *kind);
  if (!instrument) return refusal_for(RejectReason::unknown_instrument, *kind);
  return std::nullopt;
}

std::optional<Refusal> read_place_order(const Call& call, std::string_view category, Body& body,
                                        PlaceOrder& order) {
  const Instrument* instrument = nullptr;
  if (auto no = read_instrument(call.view, category, body, instrument)) return no;
  order.account = call.account;
  order.instrument = instrument->id;
  order.reduce_only = body.flag("reduceOnly") && !instrument->is_spot();
  if (auto no = check_supported(body, *instrument)) return no;
  if (auto no = read_manner(body, order)) return no;
  if (auto no = read_quantity(body, call.view, *instrument, order)) return no;
  if (auto no = read_price(body, *instrument, order)) return no;
  if (auto no = read_client_id(body, order.client_order_id)) return no;
  return std::nullopt;
}

// ---- one order to cancel ------------------------------------------------------------------------

// Our ids name it; a client's id names it where there is no other.
std::optional<Refusal> read_cancel_order(const Call& call, std::string_view category, Body& body,
                                         CancelOrder& cancel) {
  const Instrument* instrument = nullptr;
  if (auto no = read_instrument(call.view, category, body, instrument)) return no;
  cancel.account = call.account;
  cancel.instrument = instrument->id;
  const std::string_view filter = body.text("orderFilter");
  if (instrument->is_spot() && !filter.empty() && filter != "Order") {
    return not_supported("orderFilter");
  }
  const std::string_view id = body.text("orderId");
  if (id.empty()) {
    if (auto no = read_client_id(body, cancel.client_order_id)) return no;
    if (!cancel.client_order_id.empty()) return std::nullopt;
    return Refusal{kParameterError, "params error: orderId or orderLinkId is required"};
  }
  const auto number = order_id_from_text(id, instrument->kind, call.box_key);
  if (!number) return refusal_for(RejectReason::unknown_order, instrument->kind);
  cancel.order = *number;
  return std::nullopt;
}

// What the client called an order that has just ended; empty when nobody knows any more.
ClientOrderId client_id_of_closed(const Call& call, OrderId id) {
  ClientOrderId found;
  call.view.closed_orders(call.account, [&](const Order& order) {
    if (order.id != id) return true;
    found = order.client_order_id;
    return false;
  });
  return found;
}

// ---- replies ------------------------------------------------------------------------------------

// What became of a command about one order: the order's ids, or why not.
struct Acknowledgement {
  std::optional<RejectReason> refused;
  OrderId order;
  ClientOrderId client_order_id;
};

// An order that was taken and ended at once (post-only, IOC, FOK) is acknowledged like any other:
// how it ended is told by the queries.
Acknowledgement acknowledgement(const Call&, const PlaceOrder&, std::span<const Event> events) {
  if (const auto* rejected = first_event<Rejected>(events)) return {rejected->reason, {}, {}};
  const auto* accepted = first_event<OrderAccepted>(events);
  VENUEBOX_ASSERT(accepted != nullptr);
  return {std::nullopt, accepted->order.id, accepted->order.client_order_id};
}

Acknowledgement acknowledgement(const Call& call, const CancelOrder&,
                                std::span<const Event> events) {
  if (const auto* rejected = first_event<Rejected>(events)) return {rejected->reason, {}, {}};
  const auto* cancelled = first_event<OrderCancelled>(events);
  VENUEBOX_ASSERT(cancelled != nullptr);
  return {std::nullopt, cancelled->order, client_id_of_closed(call, cancelled->order)};
}

void write_ids(JsonWriter& json, const Call& call, OrderId order, const ClientOrderId& client_id,
               InstrumentKindOf kind) {
  json.text("orderId", shown_order_id(order, kind, call.box_key).view());
  json.text("orderLinkId", client_id.view());
}

template <class Command>
using Read = std::optional<Refusal> (*)(const Call&, std::string_view category, Body&, Command&);

template <class Command>
bool decode_single(Call& call, Read<Command> read) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  Body body(call.json);
  call.response.tag.symbol = body.text("symbol");
  Command command;
  auto refusal = read(call, body.text("category"), body, command);
  // A member of the wrong kind reads as absent, so its error goes before what that led to.
  if (auto no = body.wrong()) return refuse(call, *no);
  if (refusal) return refuse(call, *refusal);
  call.commands.emplace_back(command);
  return true;
}

template <class Command>
void encode_single(Call& call, const Outcomes& outcomes) {
  const auto& command = std::get<Command>(call.commands.front());
  const InstrumentKindOf kind = instrument_of(call.view, command.instrument).kind;
  const Acknowledgement ack = acknowledgement(call, command, outcomes[0]);
  if (ack.refused) return void(refuse(call, refusal_for(*ack.refused, kind)));
  reply(call, [&](JsonWriter& json) {
    json.open();
    write_ids(json, call, ack.order, ack.client_order_id, kind);
    json.close();
  });
}

// ---- batches ------------------------------------------------------------------------------------

template <class Command>
struct Entry {
  std::string_view symbol;
  Command command;
  std::optional<Refusal> refusal;
};

std::size_t batch_max(std::string_view category) { return category == "spot" ? 10 : 20; }

// Hands every entry of a batch to `each`, in order. An entry's meaning depends on the body and the
// listed instruments alone, so the reply reads the same entries again instead of keeping them.
template <class Command, class Each>
std::optional<Refusal> read_batch(Call& call, Read<Command> read, std::string& category,
                                  Each each) {
  if (auto no = parse_body(call)) return no;
  Body body(call.json);
  category = body.text("category");
  const std::string_view list = body.list("request");
  if (auto no = body.wrong()) return no;
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(category, kind)) return no;
  std::deque<std::string> storage;
  const auto values = json_list(list, storage);
  if (!values || values->empty() || values->size() > batch_max(category) ||
      !std::ranges::all_of(*values, [](auto& v) { return v.kind == JsonKind::object; })) {
    return bad_parameter("request");
  }
  JsonObject json;
  for (const JsonValue& value : *values) {
    // Its JSON was checked with the whole body's.
    if (!json.parse(value.text)) return bad_parameter("request");
    Body members(json);
    Entry<Command> entry{.symbol = members.text("symbol"), .command = {}, .refusal = {}};
    entry.refusal = read(call, category, members, entry.command);
    if (auto no = members.wrong()) entry.refusal = no;
    each(entry);
  }
  return std::nullopt;
}

template <class Command>
bool decode_batch(Call& call, Read<Command> read) {
  std::string category;
  const auto take = [&](const Entry<Command>& entry) {
    if (!entry.refusal) call.commands.emplace_back(entry.command);
  };
  if (auto no = read_batch<Command>(call, read, category, take)) {
    call.commands.clear();
    return refuse(call, *no);
  }
  return true;
}

// One row of each of the two parallel lists; a failed entry has empty ids.
template <class Command>
void write_batch_row(JsonWriter& rows, JsonWriter& codes, const Call& call,
                     std::string_view category, const Entry<Command>& entry,
                     const std::optional<Acknowledgement>& ack) {
  std::optional<Refusal> refusal = entry.refusal;
  std::optional<InstrumentKindOf> kind;
  if (!refusal) kind = instrument_of(call.view, entry.command.instrument).kind;
  if (ack && ack->refused) refusal = refusal_for(*ack->refused, *kind);
  rows.open().text("category", category).text("symbol", entry.symbol);
  if (refusal) {
    write_empty(rows, {"orderId", "orderLinkId"});
  } else {
    write_ids(rows, call, ack->order, ack->client_order_id, *kind);
  }
  if constexpr (std::is_same_v<Command, PlaceOrder>) {
    refusal ? rows.text("createAt", "") : rows.number_text("createAt", call.now.ms());
  }
  rows.close();
  codes.open().number("code", refusal ? refusal->code : 0);
  codes.text("msg", refusal ? std::string_view(refusal->text) : "OK").close();
}

template <class Command>
void encode_batch(Call& call, const Outcomes& outcomes, Read<Command> read) {
  std::string row_bytes;
  std::string code_bytes;
  JsonWriter rows(row_bytes);
  JsonWriter codes(code_bytes);
  rows.open().key("list").open_list();
  codes.open().key("list").open_list();
  std::size_t executed = 0;
  std::string category;
  const auto write = [&](const Entry<Command>& entry) {
    std::optional<Acknowledgement> ack;
    if (!entry.refusal) ack = acknowledgement(call, entry.command, outcomes[executed++]);
    write_batch_row(rows, codes, call, category, entry, ack);
  };
  if (auto no = read_batch<Command>(call, read, category, write)) return void(refuse(call, *no));
  rows.close_list().close();
  codes.close_list().close();
  reply(
      call, [&](JsonWriter& json) { json.raw(row_bytes); }, code_bytes);
}

// ---- cancelling all -----------------------------------------------------------------------------

// The narrowest of symbol, base coin and settlement coin counts.
std::optional<Refusal> read_scope(const View& view, Body& body, InstrumentKindOf kind,
                                  CancelAll& command) {
  const std::string_view symbol = body.text("symbol");
  const std::string_view base = body.text("baseCoin");
  const std::string_view settle = body.text("settleCoin");
  command.filter.kind = kind;
  if (!symbol.empty()) {
    const Instrument* instrument = view.find_instrument(symbol, kind);
    if (!instrument) return refusal_for(RejectReason::unknown_instrument, kind);
    command.filter.instrument = instrument->id;
  } else if (!base.empty()) {
    const Asset* asset = view.find_asset(base);
    if (!asset) return bad_parameter("baseCoin");
    command.filter.base = asset->id;
  } else if (!settle.empty()) {
    const Asset* asset = view.find_asset(settle);
    if (!asset) return bad_parameter("settleCoin");
    command.filter.settle = asset->id;
  } else if (kind != InstrumentKindOf::spot) {
    return Refusal{kParameterError, "params error: symbol, baseCoin or settleCoin is required"};
  }
  return std::nullopt;
}
}  // namespace

bool decode_place_order(Call& call) { return decode_single<PlaceOrder>(call, read_place_order); }
void encode_place_order(Call& call, const Outcomes& outcomes) {
  encode_single<PlaceOrder>(call, outcomes);
}

bool decode_cancel_order(Call& call) { return decode_single<CancelOrder>(call, read_cancel_order); }
void encode_cancel_order(Call& call, const Outcomes& outcomes) {
  encode_single<CancelOrder>(call, outcomes);
}

bool decode_place_orders(Call& call) { return decode_batch<PlaceOrder>(call, read_place_order); }
void encode_place_orders(Call& call, const Outcomes& outcomes) {
  encode_batch<PlaceOrder>(call, outcomes, read_place_order);
}

bool decode_cancel_orders(Call& call) { return decode_batch<CancelOrder>(call, read_cancel_order); }
void encode_cancel_orders(Call& call, const Outcomes& outcomes) {
  encode_batch<CancelOrder>(call, outcomes, read_cancel_order);
}

bool decode_cancel_all(Call& call) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  Body body(call.json);
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(body.text("category"), kind)) return refuse(call, *no);
  CancelAll command;
  command.account = call.account;
  std::optional<Refusal> refusal;
  if (kind) refusal = read_scope(call.view, body, *kind, command);
  const std::string_view filter = body.text("orderFilter");
  if (auto no = body.wrong()) return refuse(call, *no);
  if (refusal) return refuse(call, *refusal);
  call.response.tag.symbol = body.text("symbol");
  // Of inverse and option orders, and of conditional ones, there are none: nothing to cancel.
  if (kind && (filter.empty() || filter == "Order")) call.commands.emplace_back(command);
  return true;
}

void encode_cancel_all(Call& call, const Outcomes& outcomes) {
  if (outcomes.size() > 0) {
    if (const auto* rejected = first_event<Rejected>(outcomes[0])) {
      const InstrumentKindOf kind = *std::get<CancelAll>(call.commands.front()).filter.kind;
      return void(refuse(call, refusal_for(rejected->reason, kind)));
    }
  }
  reply(call, [&](JsonWriter& json) {
    json.open().key("list").open_list();
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const InstrumentKindOf kind = *std::get<CancelAll>(call.commands[i]).filter.kind;
      for (const Event& event : outcomes[i]) {
        const auto* cancelled = std::get_if<OrderCancelled>(&event);
        if (!cancelled || cancelled->account != call.account) continue;
        json.open();
        write_ids(json, call, cancelled->order, client_id_of_closed(call, cancelled->order), kind);
        json.close();
      }
    }
    json.close_list().text("success", "1").close();
  });
}

}  // namespace venuebox::venues::bybit
