#include "venues/bybit/codec_cancel_all.h"

#include "venues/bybit/codec_orders.h"
#include "venues/bybit/order_rows.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::Outcomes;

constexpr std::int64_t kDeadManSecondsMin = 3;
constexpr std::int64_t kDeadManSecondsMax = 300;

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

// Spot knows two kinds of waiting orders where the engine knows one, so each is named.
void cancel_each(Call& call, const CancelAll& all, std::string_view group) {
  call.view.live_orders(call.account, [&](const Order& order) {
    const Instrument& instrument = instrument_of(call.view, order.instrument);
    const OrderFilter& filter = all.filter;
    const bool wanted = instrument.is_spot() && order_filter_of(order, instrument) == group &&
                        (!filter.instrument || *filter.instrument == instrument.id) &&
                        (!filter.base || *filter.base == instrument.base) &&
                        (!filter.settle || *filter.settle == instrument.settle);
    if (wanted) {
      call.commands.emplace_back(CancelOrder{call.account, instrument.id, order.id, {}});
    }
    return true;
  });
}

std::optional<Refusal> read_cancel_all(Call& call, Body& body) {
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(body.text("category"), kind)) return no;
  const std::string_view group = body.text("orderFilter");
  if (!group.empty() && !is_order_filter(group)) return bad_order_filter();
  CancelAll command;
  command.account = call.account;
  if (!kind) return std::nullopt;  // Of options there are none.
  if (auto no = read_scope(call.view, body, *kind, command)) return no;
  if (body.wrong()) return body.wrong();
  const bool is_spot = *kind == InstrumentKindOf::spot;
  if (is_spot && (group == "StopOrder" || group == "tpslOrder")) {
    cancel_each(call, command, group);
    return std::nullopt;
  }
  // Without a filter: all of linear, but of spot only what rests.
  if (group == "Order" || (is_spot && group.empty())) command.filter.conditional = false;
  if (group == "StopOrder") command.filter.conditional = true;
  const bool is_known = group.empty() || group == "Order" || group == "StopOrder";
  if (is_known) call.commands.emplace_back(command);
  return std::nullopt;
}

// Orders of the caller that this command ended; a pair's other order goes with the first.
void write_cancelled(JsonWriter& json, const Call& call, std::span<const Event> events) {
  for (const Event& event : events) {
    const auto* cancelled = std::get_if<OrderCancelled>(&event);
    if (!cancelled || cancelled->account != call.account) continue;
    const auto order = order_of(call, cancelled->order);
    if (!order) continue;  // More ended at once than is remembered.
    const auto kind = instrument_of(call.view, order->instrument).kind;
    json.open();
    write_order_ids(json, call, order->id, order->client_order_id, kind);
    json.close();
  }
}
}  // namespace

bool decode_cancel_all(Call& call) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  Body body(call.json);
  call.response.tag.symbol = body.text("symbol");
  const auto refusal = read_cancel_all(call, body);
  if (auto no = body.wrong()) return refuse(call, *no);
  if (refusal) return refuse(call, *refusal);
  return true;
}

void encode_cancel_all(Call& call, const Outcomes& outcomes) {
  if (outcomes.size() == 1) {
    if (const auto reason = rejection_in(outcomes[0])) {
      const bool is_spot = Body(call.json).text("category") == "spot";
      const auto kind = is_spot ? InstrumentKindOf::spot : InstrumentKindOf::linear_perpetual;
      return void(refuse(call, refusal_for(*reason, kind)));
    }
  }
  reply(call, [&](JsonWriter& json) {
    json.open().key("list").open_list();
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      write_cancelled(json, call, outcomes[i]);
    json.close_list().text("success", "1").close();
  });
}

bool decode_dead_man_switch(Call& call) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  Body body(call.json);
  const auto window = units_from_text(body.number("timeWindow"), 0);
  const std::string_view product = body.text("product");
  if (auto no = body.wrong()) return refuse(call, *no);
  const auto* length = std::get_if<Int128>(&window);
  if (!length || *length < kDeadManSecondsMin || *length > kDeadManSecondsMax) {
    return refuse(call, bad_parameter("timeWindow"));
  }
  ArmDeadManSwitch command;
  command.account = call.account;
  command.timeout = seconds(static_cast<std::int64_t>(*length));
  if (product == "SPOT") {
    command.filter.kind = InstrumentKindOf::spot;
  } else if (product == "DERIVATIVES") {
    command.filter.kind = InstrumentKindOf::linear_perpetual;
  } else if (!product.empty() && product != "OPTIONS") {
    return refuse(call, bad_parameter("product"));
  }
  // Options are the default; there are none to cancel.
  if (command.filter.kind) call.commands.emplace_back(command);
  return true;
}

void encode_dead_man_switch(Call& call, const Outcomes& outcomes) {
  if (outcomes.size() > 0) {
    if (const auto reason = rejection_in(outcomes[0])) {
      const auto kind = InstrumentKindOf::linear_perpetual;
      return void(refuse(call, refusal_for(*reason, kind)));
    }
  }
  JsonWriter json(call.response.body);
  json.open().number("retCode", 0).text("retMsg", "success").key("result").open().close();
  end_reply(json, "{}", call.now.ms());
}

}  // namespace venuebox::venues::bybit
