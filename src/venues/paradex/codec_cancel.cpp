#include "venues/paradex/codec_cancel.h"

#include <algorithm>
#include <deque>
#include <vector>

#include "venues/paradex/find_orders.h"
#include "venues/paradex/ids.h"
#include "venues/paradex/order_terms.h"
#include "venues/paradex/rows_account.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::Outcomes;

constexpr std::size_t kBatchMax = 50;

bool cancel(Call& call, const std::optional<Order>& order, const VenueError& unknown) {
  if (!order) return refuse(call, refusal_of(unknown));
  if (!is_live(order->status)) return refuse(call, refusal_of(kOrderIsClosed));
  call.response.tag.symbol = instrument_of(call.view, order->instrument).symbol;
  call.commands.emplace_back(CancelOrder{call.account, order->instrument, order->id, {}});
  return true;
}

// `market` of the query, where it is there.
std::optional<Refusal> read_market_filter(const Call& call, std::optional<InstrumentId>& market) {
  const std::string symbol = Params(call).text("market");
  if (symbol.empty()) return std::nullopt;
  const Instrument* instrument = nullptr;
  if (auto no = read_market(call, symbol, instrument)) return no;
  market = instrument->id;
  return std::nullopt;
}

void answer_nothing(Call& call, const Outcomes& outcomes) {
  if (const auto reason = rejection_in(outcomes[0])) {
    return void(refuse(call, refusal_for(*reason)));
  }
  call.response.status = 204;
}

// ---- several ------------------------------------------------------------------------------------

// An order of the list, by either of its names.
struct Named {
  std::string id;
  std::string client_id;
  std::optional<Order> order;  // absent: there is none
};

std::optional<Refusal> read_names(Body& body, std::string_view list, std::string Named::*name,
                                  std::vector<Named>& names) {
  if (!body.has(list)) return std::nullopt;
  std::deque<std::string> storage;
  const auto values = json_list(body.list(list), storage);
  if (!values) return bad_field(list, "must be a list");
  for (const JsonValue& value : *values) {
    if (value.kind != JsonKind::text) return bad_field(list, "must be a list of texts");
    names.emplace_back().*name = value.text;
  }
  return std::nullopt;
}

std::optional<Refusal> read_list(const Call& call, std::vector<Named>& names) {
  Body body(call.json);
  auto refusal = read_names(body, "order_ids", &Named::id, names);
  if (!refusal) refusal = read_names(body, "client_order_ids", &Named::client_id, names);
  if (auto no = wrong_kind(body)) return no;
  if (refusal) return refusal;
  if (names.empty() || names.size() > kBatchMax) {
    return refusal_for(RejectReason::batch_size_out_of_range);
  }
  for (Named& one : names) {
    one.order =
        one.id.empty() ? find_order_by_client_id(call, one.client_id) : find_order(call, one.id);
  }
  return std::nullopt;
}

// Whether one of this call's commands took the order out.
bool was_cancelled(const Call& call, const Outcomes& outcomes, OrderId order) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto& command = std::get<CancelOrder>(call.commands[i]);
    if (command.order == order) return !rejection_in(outcomes[i]);
  }
  return false;
}

void write_named(JsonWriter& json, const Named& one, bool is_cancelled, const RowSource& source) {
  json.open();
  if (one.order) {
    json.text("id", shown_order_id(one.order->id, source.box_key).view());
    json.text("client_id", one.order->client_order_id.view()).text("account", source.address);
    json.text("market", instrument_of(source.view, one.order->instrument).symbol);
    json.text("status", is_cancelled ? "QUEUED_FOR_CANCELLATION" : "ALREADY_CLOSED");
  } else {
    if (!one.id.empty()) json.text("id", one.id);
    if (!one.client_id.empty()) json.text("client_id", one.client_id);
    json.text("account", source.address).text("status", "NOT_FOUND");
  }
  json.close();
}
}  // namespace

bool decode_cancel_order(Call& call) {
  return cancel(call, find_order(call, argument(call, 0)), kUnknownOrder);
}

bool decode_cancel_order_by_client_id(Call& call) {
  std::optional<InstrumentId> market;
  if (auto no = read_market_filter(call, market)) return refuse(call, *no);
  auto order = find_order_by_client_id(call, argument(call, 0));
  if (order && market && order->instrument != *market) order.reset();
  return cancel(call, order, kUnknownClientId);
}

void encode_cancel_order(Call& call, const Outcomes& outcomes) { answer_nothing(call, outcomes); }

bool decode_cancel_all(Call& call) {
  CancelAll command{call.account, {}};
  if (auto no = read_market_filter(call, command.filter.instrument)) return refuse(call, *no);
  call.commands.emplace_back(command);
  return true;
}

void encode_cancel_all(Call& call, const Outcomes& outcomes) { answer_nothing(call, outcomes); }

bool decode_cancel_orders(Call& call) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  std::vector<Named> names;
  if (auto no = read_list(call, names)) return refuse(call, *no);
  for (const Named& one : names) {
    if (!one.order || !is_live(one.order->status)) continue;
    const bool is_twice = std::ranges::any_of(call.commands, [&](const CommandBody& command) {
      return std::get<CancelOrder>(command).order == one.order->id;
    });
    if (is_twice) continue;
    call.commands.emplace_back(CancelOrder{call.account, one.order->instrument, one.order->id, {}});
  }
  return true;
}

void encode_cancel_orders(Call& call, const Outcomes& outcomes) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto reason = rejection_in(outcomes[i]);
    // One of a pair ends with the other, and is then over by the time that its turn comes.
    if (!reason || *reason == RejectReason::unknown_order) continue;
    return void(refuse(call, refusal_for(*reason)));
  }
  std::vector<Named> names;
  if (auto no = read_list(call, names)) return void(refuse(call, *no));
  const RowSource source = source_of(call);
  JsonWriter json(call.response.body);
  json.open().key("results").open_list();
  for (const Named& one : names) {
    const bool is_cancelled = one.order && was_cancelled(call, outcomes, one.order->id);
    write_named(json, one, is_cancelled, source);
  }
  json.close_list().close();
}

}  // namespace venuebox::venues::paradex
