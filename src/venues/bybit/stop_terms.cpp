#include "venues/bybit/stop_terms.h"

#include "venues/bybit/order_rows.h"
#include "venues/bybit/order_terms.h"

namespace venuebox::venues::bybit {
namespace {
// A spot order says how it waits; its direction follows from where the price is now, and before
// anything traded from what such an order is for.
std::optional<Refusal> read_spot_trigger(Body& body, const Instrument& instrument, const View& view,
                                         PlaceOrder& order) {
  const std::string_view filter = body.text("orderFilter");
  const std::string_view price = body.text("triggerPrice");
  const bool is_tpsl = filter == "tpslOrder";
  const bool is_conditional = is_tpsl || filter == "StopOrder";
  if (!is_conditional && !filter.empty() && filter != "Order") return bad_order_filter();
  if (!is_conditional) return is_absent(price) ? std::nullopt : std::optional(bad_order_filter());
  if (is_absent(price)) return Refusal{kNoTriggerPrice, "Please enter the TP/SL price."};
  Trigger trigger;
  if (auto no = read_ticks(price, "triggerPrice", instrument, trigger.price)) return no;
  const auto last = view.last_price(instrument.id);
  const bool rises = last ? trigger.price > *last : order.side == Side::buy;
  trigger.direction = rises ? TriggerDirection::rises : TriggerDirection::falls;
  order.trigger = trigger;
  const bool takes_profit = rises == (order.side == Side::sell);
  order.purpose = !is_tpsl       ? OrderPurpose::stop
                  : takes_profit ? OrderPurpose::take_profit
                                 : OrderPurpose::stop_loss;
  return std::nullopt;
}
}  // namespace

bool is_absent(std::string_view price) {
  if (price.empty()) return true;
  const auto number = decimal_from_text(price);
  const auto* decimal = std::get_if<Decimal>(&number);
  return decimal && decimal->units == 0;
}

std::optional<Refusal> read_source(std::string_view text, std::string_view name,
                                   const Instrument& instrument, const View& view,
                                   PriceSource& source) {
  if (text == "LastPrice") {
    source = PriceSource::last;
  } else if (text == "MarkPrice") {
    source = PriceSource::mark;
  } else if (text == "IndexPrice") {
    if (!view.index_price(instrument.id)) return not_supported("IndexPrice without an index");
    source = PriceSource::index;
  } else if (!text.empty()) {
    return bad_parameter(name);
  }
  return std::nullopt;
}

std::string_view source_text(PriceSource source) {
  switch (source) {
    case PriceSource::last: return "LastPrice";
    case PriceSource::mark: return "MarkPrice";
    case PriceSource::index: return "IndexPrice";
  }
  return "";
}

std::optional<Refusal> read_stop(Body& body, const StopNames& names, const Instrument& instrument,
                                 const View& view, const std::optional<StopTerms>& now,
                                 std::optional<StopTerms>& stop) {
  const std::string_view price = body.text(names.price);
  const std::string_view source = body.text(names.source);
  const std::string_view type = body.text(names.type);
  const std::string_view limit = body.text(names.limit);
  if (!price.empty() && is_absent(price)) {
    stop = StopTerms{};
    return std::nullopt;
  }
  const bool changes_more = !(source.empty() && type.empty() && is_absent(limit));
  if (price.empty() && !(now && changes_more)) return std::nullopt;
  StopTerms terms = now.value_or(StopTerms{});
  if (!price.empty()) {
    if (auto no = read_ticks(price, names.price, instrument, terms.trigger_price)) return no;
  }
  if (auto no = read_source(source, names.source, instrument, view, terms.source)) return no;
  if (!type.empty() && type != "Market" && type != "Limit") return bad_parameter(names.type);
  if (!type.empty()) terms.type = type == "Limit" ? OrderType::limit : OrderType::market;
  if (terms.type == OrderType::market) {
    if (!is_absent(limit)) return bad_parameter(names.limit);
    terms.price = {};
  } else if (!limit.empty() || terms.price.raw == 0) {
    if (auto no = read_ticks(limit, names.limit, instrument, terms.price)) return no;
  }
  stop = terms;
  return std::nullopt;
}

std::optional<Refusal> read_stop_mode(Body& body, Attachment& mode) {
  const std::string_view text = body.text("tpslMode");
  if (!text.empty() && text != "Full" && text != "Partial") return bad_parameter("tpslMode");
  mode = text == "Partial" ? Attachment::partial : Attachment::whole;
  return std::nullopt;
}

std::optional<Refusal> read_trigger(Body& body, const Instrument& instrument, const View& view,
                                    PlaceOrder& order) {
  if (instrument.is_spot()) return read_spot_trigger(body, instrument, view, order);
  const std::string_view price = body.text("triggerPrice");
  const std::string_view direction = body.number("triggerDirection");
  const std::string_view source = body.text("triggerBy");
  if (is_absent(price)) return std::nullopt;
  Trigger trigger;
  if (auto no = read_ticks(price, "triggerPrice", instrument, trigger.price)) return no;
  if (direction != "1" && direction != "2") return bad_parameter("triggerDirection");
  trigger.direction = direction == "1" ? TriggerDirection::rises : TriggerDirection::falls;
  if (auto no = read_source(source, "triggerBy", instrument, view, trigger.source)) return no;
  order.trigger = trigger;
  order.purpose = OrderPurpose::stop;
  return std::nullopt;
}

}  // namespace venuebox::venues::bybit
