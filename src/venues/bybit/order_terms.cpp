#include "venues/bybit/order_terms.h"

#include <algorithm>

#include <fmt/format.h>

#include "venues/bybit/ids.h"
#include "venues/bybit/order_rows.h"
#include "venues/bybit/stop_terms.h"

namespace venuebox::venues::bybit {
namespace {
constexpr std::size_t kClientIdMax = 36;
constexpr std::int64_t kSlippageTicksMax = 10'000;
constexpr std::int64_t kSlippageHundredthsMax = 1'000;  // hundredths of a percent

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

// What the engine cannot do is refused rather than left out: an order without its stop loss is
// another order.
std::optional<Refusal> check_supported(Body& body, const Instrument& instrument) {
  if (!is_absent(body.number("isLeverage"))) return not_supported("isLeverage");
  if (body.text("timeInForce") == "RPI") return not_supported("timeInForce RPI");
  if (!instrument.is_spot()) return std::nullopt;
  if (!is_absent(body.text("takeProfit"))) return not_supported("takeProfit of spot");
  if (!is_absent(body.text("stopLoss"))) return not_supported("stopLoss of spot");
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

std::optional<Refusal> read_self_trade(Body& body, SelfTrade& self_trade) {
  const std::string_view text = body.text("smpType");
  if (text.empty() || text == "None") {
    self_trade = SelfTrade::allow;
  } else if (text == "CancelMaker") {
    self_trade = SelfTrade::cancel_maker;
  } else if (text == "CancelTaker") {
    self_trade = SelfTrade::cancel_taker;
  } else if (text == "CancelBoth") {
    self_trade = SelfTrade::cancel_both;
  } else {
    return bad_parameter("smpType");
  }
  return std::nullopt;
}

std::optional<Refusal> read_limit_price(std::string_view text, const Instrument& instrument,
                                        Ticks& price) {
  const auto ticks = ticks_from_decimal(text, instrument);
  if (const auto* found = std::get_if<Ticks>(&ticks)) {
    price = *found;
    if (price.raw > 0) return std::nullopt;
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

// How far from the best price a market order may go, in ticks or in percent of it.
std::optional<Refusal> read_slippage(Body& body, const View& view, const Instrument& instrument,
                                     PlaceOrder& order) {
  const std::string_view type = body.text("slippageToleranceType");
  const std::string_view text = body.text("slippageTolerance");
  if (type.empty() || type == "UNKNOWN") return std::nullopt;
  const bool in_ticks = type == "TickSize";
  if ((!in_ticks && type != "Percent") || order.type != OrderType::market || order.trigger) {
    return bad_parameter("slippageToleranceType");
  }
  const auto units = units_from_text(text, in_ticks ? 0 : 2);
  const auto* amount = std::get_if<Int128>(&units);
  if (!amount || *amount < 1 || *amount > (in_ticks ? kSlippageTicksMax : kSlippageHundredthsMax)) {
    return bad_parameter("slippageTolerance");
  }
  BookLevel best;
  if (view.depth(instrument.id, opposite(order.side), {&best, 1}) == 0) return std::nullopt;
  const Int128 far = in_ticks ? *amount : div_floor(multiply(best.price.raw, *amount), 10'000);
  const Ticks distance{static_cast<std::int64_t>(far)};
  order.price = order.side == Side::buy ? std::min(best.price + distance, instrument.price_max)
                                        : std::max(best.price - distance, Ticks{1});
  return std::nullopt;
}

// A spot market order by value: quote units, in steps of quotePrecision.
std::optional<Refusal> read_value(std::string_view text, const View& view,
                                  const Instrument& instrument, PlaceOrder& order) {
  if (order.trigger) return not_supported("a conditional market order by value");
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
                                     bool closes, PlaceOrder& order) {
  const std::string_view text = body.text("qty");
  if (instrument.is_spot() && order.type == OrderType::market) {
    const std::string_view unit = body.text("marketUnit");
    if (!unit.empty() && unit != "baseCoin" && unit != "quoteCoin") {
      return bad_parameter("marketUnit");
    }
    const bool by_value = unit.empty() ? order.side == Side::buy : unit == "quoteCoin";
    if (by_value) return read_value(text, view, instrument, order);
  }
  if (auto no = read_lots(text, instrument, order.quantity)) return no;
  order.close_position = closes && order.quantity.raw == 0;
  if (order.quantity.raw > 0 || order.close_position) return std::nullopt;
  return refusal_for(RejectReason::quantity_not_positive, instrument.kind);
}

std::optional<Refusal> read_brackets(Body& body, const View& view, const Instrument& instrument,
                                     PlaceOrder& order) {
  if (instrument.is_spot()) return std::nullopt;
  if (auto no = read_stop_mode(body, order.stops)) return no;
  const auto read = [&](const StopNames& names, std::optional<StopTerms>& stop) {
    auto no = read_stop(body, names, instrument, view, std::nullopt, stop);
    if (stop && stop->trigger_price.raw == 0) stop.reset();
    const bool is_limit = stop && stop->type == OrderType::limit;
    if (!no && is_limit && order.stops == Attachment::whole) no = bad_parameter("tpslMode");
    return no;
  };
  if (auto no = read(kTakeProfitNames, order.take_profit)) return no;
  if (auto no = read(kStopLossNames, order.stop_loss)) return no;
  if (!order.take_profit && !order.stop_loss) order.stops = Attachment::whole;
  return std::nullopt;
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

// Our ids name it; a client's id names it where there is no other.
template <class Command>
std::optional<Refusal> read_name(const Call& call, const Instrument& instrument, Body& body,
                                 Command& command) {
  command.account = call.account;
  command.instrument = instrument.id;
  const std::string_view id = body.text("orderId");
  if (id.empty()) {
    if (auto no = read_client_id(body, command.client_order_id)) return no;
    if (!command.client_order_id.empty()) return std::nullopt;
    return Refusal{kParameterError, "params error: orderId or orderLinkId is required"};
  }
  const auto number = order_id_from_text(id, instrument.kind, call.box_key);
  if (!number) return refusal_for(RejectReason::unknown_order, instrument.kind);
  command.order = *number;
  return std::nullopt;
}

template <class Command>
std::optional<Order> named_order(const View& view, const Command& command) {
  if (command.order.raw == 0) return view.live_order(command.account, command.client_order_id);
  auto order = view.live_order(command.order);
  return order && order->account == command.account ? order : std::nullopt;
}

// The stops that an amendment asks for, on top of those the order has.
std::optional<Refusal> read_amended_stops(Body& body, const View& view,
                                          const Instrument& instrument,
                                          const std::optional<Order>& now, AmendOrder& amend) {
  Attachment mode{};
  if (auto no = read_stop_mode(body, mode)) return no;
  const auto none = std::optional<StopTerms>();
  if (auto no = read_stop(body, kTakeProfitNames, instrument, view, now ? now->take_profit : none,
                          amend.take_profit)) {
    return no;
  }
  if (auto no = read_stop(body, kStopLossNames, instrument, view, now ? now->stop_loss : none,
                          amend.stop_loss)) {
    return no;
  }
  const bool names_mode = !body.text("tpslMode").empty();
  if (now && names_mode && mode != now->stops && (amend.take_profit || amend.stop_loss)) {
    return not_supported("another tpslMode of an order that is there");
  }
  for (const auto& stop : {amend.take_profit, amend.stop_loss}) {
    const bool is_limit = stop && stop->type == OrderType::limit;
    if (is_limit && now && now->stops == Attachment::whole) return bad_parameter("tpslMode");
  }
  return std::nullopt;
}

// The price that a trigger is compared with, as text.
std::string current_price(const Trigger& trigger, const Instrument& instrument, const View& view) {
  std::optional<MarkPrice> price;
  switch (trigger.source) {
    case PriceSource::last:
      if (const auto last = view.last_price(instrument.id)) {
        price = MarkPrice{last->raw * kMarkPerTick};
      }
      break;
    case PriceSource::mark: price = view.mark_price(instrument.id); break;
    case PriceSource::index: price = view.index_price(instrument.id); break;
  }
  return price ? mark_text(*price, instrument) : std::string();
}

// What a refusal of an order quotes, whether it was to be placed or to be changed.
struct Quoted {
  const Instrument& instrument;
  Side side;
  std::optional<Trigger> trigger;
  PositionSide position_side;
};

Refusal quoting_refusal(RejectReason reason, const Quoted& q, AccountId account, const View& view) {
  Refusal refusal = refusal_for(reason, q.instrument.kind);
  const bool is_spot = q.instrument.is_spot();
  if (reason == RejectReason::trigger_already_reached && !is_spot && q.trigger) {
    const std::string at = price_text(q.trigger->price, q.instrument);
    const std::string now = current_price(*q.trigger, q.instrument, view);
    if (q.trigger->direction == TriggerDirection::rises) {
      return {kNotRising,
              fmt::format("expect Rising, but trigger_price[{}] <= current[{}]", at, now)};
    }
    return {kNotFalling,
            fmt::format("expect Falling, but trigger_price[{}] >= current[{}]", at, now)};
  }
  if (reason == RejectReason::price_outside_band && is_spot) {
    const Ticks limit = price_limit(q.instrument, q.side, view);
    const std::string at = price_text(limit, q.instrument);
    if (q.side == Side::buy) {
      return {kBuyTooHigh, fmt::format("Buy order price cannot be higher than {}.", at)};
    }
    return {kSellTooLow, fmt::format("Sell order price cannot be lower than {}.", at)};
  }
  if (reason == RejectReason::notional_too_small && !is_spot) {
    const Asset& quote = asset_of(view, q.instrument.quote);
    refusal.text =
        fmt::format("Order does not meet minimum order value {}{}",
                    trimmed_text(q.instrument.notional_min.units, quote.scale), quote.name);
  }
  if (reason == RejectReason::reduce_only_without_position && !is_spot &&
      view.position(account, q.instrument.id, q.position_side).size.raw != 0) {
    refusal.text = "orderQty will be truncated to zero";
  }
  return refusal;
}
}  // namespace

std::optional<Refusal> read_lots(std::string_view text, const Instrument& instrument, Lots& lots) {
  const auto found = lots_from_decimal(text, instrument);
  if (const auto* error = std::get_if<DecimalError>(&found)) {
    return bad_quantity(*error, instrument);
  }
  lots = std::get<Lots>(found);
  return std::nullopt;
}

std::optional<Refusal> read_ticks(std::string_view text, std::string_view name,
                                  const Instrument& instrument, Ticks& ticks) {
  const auto found = ticks_from_decimal(text, instrument);
  const auto* price = std::get_if<Ticks>(&found);
  if (!price || price->raw <= 0 || *price > instrument.price_max) return bad_parameter(name);
  ticks = *price;
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
  const View& view = call.view;
  if (auto no = read_instrument(view, category, body, instrument)) return no;
  order.account = call.account;
  order.instrument = instrument->id;
  // An order that closes on its trigger only reduces, whatever else is said.
  const bool reduces = body.flag("reduceOnly");
  const bool closes = body.flag("closeOnTrigger");
  order.reduce_only = (reduces || closes) && !instrument->is_spot();
  if (auto no = check_supported(body, *instrument)) return no;
  if (auto no = read_position_index(body, *instrument, order.position_side)) return no;
  if (auto no = read_manner(body, order)) return no;
  if (auto no = read_self_trade(body, order.self_trade)) return no;
  if (auto no = read_trigger(body, *instrument, view, order)) return no;
  if (auto no = read_quantity(body, view, *instrument, reduces && closes, order)) return no;
  if (order.type == OrderType::limit) {  // A price beside a market order is ignored.
    if (auto no = read_limit_price(body.text("price"), *instrument, order.price)) return no;
  }
  if (auto no = read_slippage(body, view, *instrument, order)) return no;
  if (auto no = read_brackets(body, view, *instrument, order)) return no;
  return read_client_id(body, order.client_order_id);
}

std::optional<Refusal> read_amend_order(const Call& call, std::string_view category, Body& body,
                                        AmendOrder& amend) {
  const Instrument* instrument = nullptr;
  if (auto no = read_instrument(call.view, category, body, instrument)) return no;
  if (auto no = read_name(call, *instrument, body, amend)) return no;
  const std::optional<Order> now = named_order(call.view, amend);
  if (const std::string_view price = body.text("price"); !is_absent(price)) {
    if (auto no = read_limit_price(price, *instrument, amend.price.emplace())) return no;
  }
  if (const std::string_view quantity = body.text("qty"); !quantity.empty()) {
    if (auto no = read_lots(quantity, *instrument, amend.quantity.emplace())) return no;
  }
  // ccxt sends this price as a number, and only here.
  if (const std::string_view trigger = body.number("triggerPrice"); !is_absent(trigger)) {
    if (auto no = read_ticks(trigger, "triggerPrice", *instrument, amend.trigger_price.emplace())) {
      return no;
    }
  }
  PriceSource source = now && now->trigger ? now->trigger->source : PriceSource::last;
  const PriceSource before = source;
  if (auto no = read_source(body.text("triggerBy"), "triggerBy", *instrument, call.view, source)) {
    return no;
  }
  if (now && now->trigger && source != before) return not_supported("another triggerBy");
  return read_amended_stops(body, call.view, *instrument, now, amend);
}

// A spot order is only found under its own filter, which is "Order" unless said otherwise.
std::optional<Refusal> read_cancel_order(const Call& call, std::string_view category, Body& body,
                                         CancelOrder& cancel) {
  const Instrument* instrument = nullptr;
  if (auto no = read_instrument(call.view, category, body, instrument)) return no;
  const std::string_view filter = body.text("orderFilter");
  if (!filter.empty() && !is_order_filter(filter)) return bad_order_filter();
  if (auto no = read_name(call, *instrument, body, cancel)) return no;
  if (!instrument->is_spot()) return std::nullopt;
  const std::optional<Order> order = named_order(call.view, cancel);
  const std::string_view wanted = filter.empty() ? "Order" : filter;
  if (order && order_filter_of(*order, *instrument) != wanted) {
    return refusal_for(RejectReason::unknown_order, instrument->kind);
  }
  return std::nullopt;
}

Refusal refusal_of(RejectReason reason, const PlaceOrder& order, const View& view) {
  const Instrument& instrument = instrument_of(view, order.instrument);
  return quoting_refusal(reason, {instrument, order.side, order.trigger, order.position_side},
                         order.account, view);
}

Refusal refusal_of(RejectReason reason, const AmendOrder& amend, const View& view) {
  const Instrument& instrument = instrument_of(view, amend.instrument);
  const std::optional<Order> order = named_order(view, amend);
  if (!order) return refusal_for(reason, instrument.kind);
  std::optional<Trigger> trigger = order->trigger;
  if (trigger && amend.trigger_price) trigger->price = *amend.trigger_price;
  return quoting_refusal(reason, {instrument, order->side, trigger, order->position_side},
                         amend.account, view);
}

Refusal refusal_of(RejectReason reason, const CancelOrder& cancel, const View& view) {
  return refusal_for(reason, instrument_of(view, cancel.instrument).kind);
}

}  // namespace venuebox::venues::bybit
