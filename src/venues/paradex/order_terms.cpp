#include "venues/paradex/order_terms.h"

#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "venues/paradex/rows_account.h"

namespace venuebox::venues::paradex {
namespace {
constexpr std::int64_t kWindowMinMs = 10;

// ---- types and instructions ---------------------------------------------------------------------

struct TypeRow {
  std::string_view text;
  OrderType type;
  OrderPurpose purpose;
};

// clang-format off
constexpr TypeRow kTypes[] = {
    {"LIMIT",              OrderType::limit,  OrderPurpose::ordinary},
    {"MARKET",             OrderType::market, OrderPurpose::ordinary},
    {"STOP_LIMIT",         OrderType::limit,  OrderPurpose::stop},
    {"STOP_MARKET",        OrderType::market, OrderPurpose::stop},
    {"STOP_LOSS_LIMIT",    OrderType::limit,  OrderPurpose::stop_loss},
    {"STOP_LOSS_MARKET",   OrderType::market, OrderPurpose::stop_loss},
    {"TAKE_PROFIT_LIMIT",  OrderType::limit,  OrderPurpose::take_profit},
    {"TAKE_PROFIT_MARKET", OrderType::market, OrderPurpose::take_profit},
};
// clang-format on

// Older hand-made mocks say "order_type".
std::string_view type_in(Body& body) {
  const std::string_view type = body.text("type");
  return type.empty() ? body.text("order_type") : type;
}

std::optional<Refusal> read_side(Body& body, Side& side) {
  const std::string_view text = body.text("side");
  if (text != "BUY" && text != "SELL") return bad_field("side", "must be BUY or SELL");
  side = text == "BUY" ? Side::buy : Side::sell;
  return std::nullopt;
}

std::optional<Refusal> read_type(std::string_view text, PlaceOrder& order) {
  const auto* row = std::ranges::find(kTypes, text, &TypeRow::text);
  if (row == std::end(kTypes)) return bad_field("type", text.empty() ? "is required" : "unknown");
  order.type = row->type;
  order.purpose = row->purpose;
  return std::nullopt;
}

std::optional<Refusal> read_instruction(Body& body, PlaceOrder& order) {
  const std::string_view text = body.text("instruction");
  if (text == "RPI") return refusal_of(kNotWhitelisted);
  if (!text.empty() && text != "GTC" && text != "IOC" && text != "POST_ONLY") {
    return bad_field("instruction", "must be GTC, IOC, POST_ONLY or RPI");
  }
  const bool is_market = order.type == OrderType::market;
  if (is_market && text == "POST_ONLY") {
    return bad_field("instruction", "POST_ONLY is for orders with a price");
  }
  order.post_only = text == "POST_ONLY";
  order.time_in_force = is_market || text == "IOC" ? TimeInForce::ioc : TimeInForce::gtc;
  return std::nullopt;
}

std::optional<Refusal> read_self_trade(Body& body, SelfTrade& self_trade) {
  const std::string_view text = body.text("stp");
  if (text.empty() || text == "EXPIRE_TAKER") {
    self_trade = SelfTrade::cancel_taker;
  } else if (text == "EXPIRE_MAKER") {
    self_trade = SelfTrade::cancel_maker;
  } else if (text == "EXPIRE_BOTH") {
    self_trade = SelfTrade::cancel_both;
  } else {
    return bad_field("stp", "must be EXPIRE_TAKER, EXPIRE_MAKER or EXPIRE_BOTH");
  }
  return std::nullopt;
}

// ---- flags --------------------------------------------------------------------------------------

struct Flags {
  bool reduce_only = false;
  std::optional<TriggerDirection> direction;
};

std::optional<Refusal> read_flag(std::string_view text, Flags& flags) {
  const auto point = [&](TriggerDirection direction) -> std::optional<Refusal> {
    const bool contradicts = flags.direction && *flags.direction != direction;
    flags.direction = direction;
    if (!contradicts) return std::nullopt;
    return bad_field("flags", "a trigger has one STOP_CONDITION");
  };
  if (text == "STOP_CONDITION_ABOVE_TRIGGER") return point(TriggerDirection::rises);
  if (text == "STOP_CONDITION_BELOW_TRIGGER") return point(TriggerDirection::falls);
  if (text == "TARGET_STRATEGY_VWAP") return not_supported("flag TARGET_STRATEGY_VWAP");
  if (text == "REDUCE_ONLY") {
    flags.reduce_only = true;
  } else if (text != "INTERACTIVE") {  // It only chooses a class of fees that we have not got.
    return bad_field("flags", "unknown flag");
  }
  return std::nullopt;
}

std::optional<Refusal> read_flags(Body& body, Flags& flags) {
  if (!body.has("flags")) return std::nullopt;
  std::deque<std::string> storage;
  const auto values = json_list(body.list("flags"), storage);
  if (!values) return bad_field("flags", "must be a list");
  for (const JsonValue& value : *values) {
    if (value.kind != JsonKind::text) return bad_field("flags", "must be a list of texts");
    if (auto no = read_flag(value.text, flags)) return no;
  }
  return std::nullopt;
}

// ---- numbers ------------------------------------------------------------------------------------

// Decimals are JSON texts. Older hand-made mocks took numbers as well, which the real venue does
// not: so they are taken where signatures do not count.
std::string_view decimal_in(const Call& call, Body& body, std::string_view name) {
  return call.verifies ? body.text(name) : body.number(name);
}

Refusal bad_decimal(std::string_view name, DecimalError error, const Step& step) {
  switch (error) {
    case DecimalError::malformed: return bad_field(name, "is no decimal number");
    case DecimalError::too_large: return bad_field(name, "is too large");
    case DecimalError::too_precise: break;
  }
  return bad_field(name,
                   fmt::format("must be a multiple of {}", trimmed_text(step.units, step.scale)));
}

std::optional<Refusal> read_ticks(std::string_view name, std::string_view text,
                                  const Instrument& instrument, Ticks& ticks) {
  if (text.empty()) return bad_field(name, "is required");
  const auto found = ticks_from_decimal(text, instrument);
  if (const auto* error = std::get_if<DecimalError>(&found)) {
    return bad_decimal(name, *error, shown_tick(instrument));
  }
  ticks = std::get<Ticks>(found);
  if (ticks.raw <= 0) return bad_field(name, "must be above zero");
  if (ticks > instrument.price_max) return bad_field(name, "is too large");
  return std::nullopt;
}

std::optional<Refusal> read_lots(std::string_view text, const Instrument& instrument, Lots& lots) {
  if (text.empty()) return bad_field("size", "is required");
  const auto found = lots_from_decimal(text, instrument);
  if (const auto* error = std::get_if<DecimalError>(&found)) {
    return bad_decimal("size", *error, shown_lot(instrument));
  }
  lots = std::get<Lots>(found);
  if (lots.raw < 0) return bad_field("size", "must not be below zero");
  return std::nullopt;
}

// ---- triggers -----------------------------------------------------------------------------------

// A stop without a flag waits for the mark to come to it from where it is.
TriggerDirection direction_of_stop(const Call& call, const Instrument& instrument,
                                   const PlaceOrder& order, Ticks price) {
  const auto mark = call.view.mark_price(instrument.id);
  if (!mark) return order.side == Side::buy ? TriggerDirection::rises : TriggerDirection::falls;
  return multiply(price.raw, kMarkPerTick) >= mark->raw ? TriggerDirection::rises
                                                        : TriggerDirection::falls;
}

std::optional<Refusal> read_trigger(const Call& call, Body& body, const Instrument& instrument,
                                    const Flags& flags, PlaceOrder& order) {
  if (order.purpose == OrderPurpose::ordinary) return std::nullopt;
  Trigger trigger{.source = PriceSource::mark, .may_fire_at_once = true};
  const std::string_view text = decimal_in(call, body, "trigger_price");
  if (auto no = read_ticks("trigger_price", text, instrument, trigger.price)) return no;
  const bool sells = order.side == Side::sell;
  if (order.purpose == OrderPurpose::stop) {
    trigger.direction =
        flags.direction.value_or(direction_of_stop(call, instrument, order, trigger.price));
  } else {
    // Profit of what is sold off is taken above, its loss below.
    const bool rises = (order.purpose == OrderPurpose::take_profit) == sells;
    trigger.direction = rises ? TriggerDirection::rises : TriggerDirection::falls;
  }
  order.trigger = trigger;
  return std::nullopt;
}

// What protects a position lives and dies with it. One that stands before there is a position waits
// by itself.
void attach(const Call& call, PlaceOrder& order) {
  const std::int64_t size = call.view.position(call.account, order.instrument).size.raw;
  const bool reduces = order.side == Side::sell ? size > 0 : size < 0;
  if (!reduces) return;
  if (order.close_position) {
    order.attachment = Attachment::whole;
  } else if (order.quantity.raw <= std::abs(size)) {
    order.attachment = Attachment::partial;
  }
}

// "0" stands for the whole position, of orders that protect one.
std::optional<Refusal> read_size(const Call& call, Body& body, const Instrument& instrument,
                                 PlaceOrder& order) {
  const bool protects =
      order.purpose == OrderPurpose::stop_loss || order.purpose == OrderPurpose::take_profit;
  if (auto no = read_lots(decimal_in(call, body, "size"), instrument, order.quantity)) return no;
  order.reduce_only = order.reduce_only || protects;
  order.close_position = protects && order.quantity.raw == 0;
  if (order.quantity.raw == 0 && !protects) return bad_field("size", "must be above zero");
  if (protects) attach(call, order);
  return std::nullopt;
}

// ---- what surrounds the terms -------------------------------------------------------------------

std::optional<Refusal> read_client_id(Body& body, ClientOrderId& id) {
  const std::string_view text = body.text("client_id");
  if (text.size() > ClientOrderId::kCapacity) {
    return bad_field("client_id", "is longer than 64 characters");
  }
  id = ClientOrderId(text);
  return std::nullopt;
}

// What the box cannot do is refused rather than left out: the order would be another one.
std::optional<Refusal> check_supported(const Call& call, Body& body) {
  if (!body.number("vwap_price").empty()) return not_supported("vwap_price");
  const std::string_view other = body.text("on_behalf_of_account");
  const bool is_own = call.credential && other == call.credential->key;
  if (!other.empty() && !is_own) return not_supported("on_behalf_of_account");
  return std::nullopt;
}

// Both are there where signatures count.
template <class Sent>
std::optional<Refusal> read_signature(const Call& call, Body& body, Sent& sent) {
  sent.signature = body.text("signature");
  const std::string_view text = body.number("signature_timestamp");
  const auto signed_at = gateway::integer_from_text(text);
  if (!text.empty() && (!signed_at || *signed_at <= 0)) {
    return bad_field("signature_timestamp", "must be a time in milliseconds");
  }
  sent.signed_terms.timestamp_ms = signed_at.value_or(0);
  if (call.verifies && text.empty()) return bad_field("signature_timestamp", "is required");
  if (call.verifies && sent.signature.empty()) return bad_field("signature", "is required");
  const std::string_view window_text = body.number("recv_window");
  if (window_text.empty()) return std::nullopt;
  const auto window = gateway::integer_from_text(window_text);
  if (!window || *window < kWindowMinMs) {
    return bad_field("recv_window", "must be 10 milliseconds or more");
  }
  // Compared by what has passed: a sum of the client's numbers could overflow.
  if (signed_at && call.door_time.ms() - *signed_at > *window) {
    return bad_field("recv_window", "the order came later than this after signature_timestamp");
  }
  return std::nullopt;
}
}  // namespace

std::optional<Refusal> read_market(const Call& call, std::string_view symbol,
                                   const Instrument*& instrument) {
  if (symbol.empty()) return bad_field("market", "is required");
  instrument = find_market(call, symbol);
  if (!instrument) return refusal_of(kUnknownMarket);
  return std::nullopt;
}

std::optional<Refusal> read_order(const Call& call, Body& body, SentOrder& sent) {
  PlaceOrder& order = sent.order;
  const Instrument* instrument = nullptr;
  Flags flags;
  const std::string_view type = type_in(body);
  if (auto no = read_market(call, body.text("market"), instrument)) return no;
  order.account = call.account;
  order.instrument = instrument->id;
  if (auto no = read_side(body, order.side)) return no;
  if (auto no = read_type(type, order)) return no;
  if (auto no = read_instruction(body, order)) return no;
  if (auto no = read_self_trade(body, order.self_trade)) return no;
  if (auto no = read_flags(body, flags)) return no;
  order.reduce_only = flags.reduce_only;
  if (auto no = read_size(call, body, *instrument, order)) return no;
  const std::string_view price = decimal_in(call, body, "price");
  if (order.type == OrderType::limit) {  // A price beside a market order is ignored.
    if (auto no = read_ticks("price", price, *instrument, order.price)) return no;
  }
  if (auto no = read_trigger(call, body, *instrument, flags, order)) return no;
  if (auto no = read_client_id(body, order.client_order_id)) return no;
  if (auto no = check_supported(call, body)) return no;
  sent.signed_terms = {.market = instrument->symbol,
                       .side = order.side,
                       .type = type,
                       .size = decimal_in(call, body, "size"),
                       .price = price};
  return read_signature(call, body, sent);
}

std::optional<Refusal> read_modification(const Call& call, Body& body, const Order& order,
                                         SentModification& sent) {
  const Instrument& instrument = instrument_of(call.view, order.instrument);
  AmendOrder& amend = sent.amend;
  amend.account = call.account;
  amend.instrument = instrument.id;
  amend.order = order.id;
  Side side = order.side;
  if (body.text("market") != instrument.symbol) return bad_field("market", "is not the order's");
  if (auto no = read_side(body, side)) return no;
  if (side != order.side) return bad_field("side", "is not the order's");
  const std::string_view type = type_in(body);
  if (type != type_text(order)) return bad_field("type", "is not the order's");
  const std::string_view size = decimal_in(call, body, "size");
  const std::string_view price = decimal_in(call, body, "price");
  const std::string_view trigger = decimal_in(call, body, "trigger_price");
  Lots quantity;
  if (auto no = read_lots(size, instrument, quantity)) return no;
  // "0" of an order that closes a position is what it has.
  if (!order.close_position || quantity.raw != 0) amend.quantity = quantity;
  if (order.type == OrderType::limit) {
    if (auto no = read_ticks("price", price, instrument, amend.price.emplace())) return no;
  }
  if (order.trigger && !trigger.empty()) {
    Ticks& ticks = amend.trigger_price.emplace();
    if (auto no = read_ticks("trigger_price", trigger, instrument, ticks)) return no;
    // One that has fired, or that says the same again, changes nothing.
    const bool waits = order.status == OrderStatus::untriggered;
    if (!waits || ticks == order.trigger->price) amend.trigger_price.reset();
  }
  if (auto no = check_supported(call, body)) return no;
  sent.signed_terms = {
      .market = instrument.symbol, .side = side, .type = type, .size = size, .price = price};
  return read_signature(call, body, sent);
}

}  // namespace venuebox::venues::paradex
