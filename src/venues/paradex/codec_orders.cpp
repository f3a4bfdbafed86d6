#include "venues/paradex/codec_orders.h"

#include <deque>

#include "venues/paradex/find_orders.h"
#include "venues/paradex/ids.h"
#include "venues/paradex/order_terms.h"
#include "venues/paradex/rows_account.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::Outcomes;

constexpr std::size_t kBatchMax = 10;
constexpr int kCallsPerSecond = 800;

// One order: its command, or a refusal that stands in the response.
bool take_order(Call& call, Body& body) {
  SentOrder sent;
  const auto refusal = read_order(call, body, sent);
  if (auto no = wrong_kind(body)) return refuse(call, *no);
  if (refusal) return refuse(call, *refusal);
  if (!check_order_signature(call, sent.signed_terms, sent.signature)) return false;
  call.commands.emplace_back(sent.order);
  return true;
}

// The exchange places orders too, for accounts that lack margin: nobody asked for those.
bool is_forced(const Order& order) {
  return order.purpose == OrderPurpose::liquidation || order.purpose == OrderPurpose::deleverage ||
         order.purpose == OrderPurpose::delisting;
}

// The order as it was taken, before it met the book; null: it was refused.
const Order* accepted_in(std::span<const Event> events, AccountId account) {
  for (const Event& event : events) {
    const auto* accepted = std::get_if<OrderAccepted>(&event);
    const bool is_it =
        accepted && accepted->order.account == account && !is_forced(accepted->order);
    if (is_it) return &accepted->order;
  }
  return nullptr;
}

// The engine says what became of every command.
RejectReason refusal_in(std::span<const Event> events) {
  const auto reason = rejection_in(events);
  VENUEBOX_ASSERT(reason.has_value());
  return *reason;
}

// `request_info` of an answer to a modification.
std::string modification_info(std::string_view id) {
  std::string text;
  JsonWriter json(text);
  json.open().text("id", id).text("request_type", "MODIFY_ORDER");
  json.text("status", "SUCCESS").text("message", "").close();
  return text;
}
}  // namespace

gateway::Cost cost_of_order(Call& /*call*/) {
  return {.budget = "orders", .per_second = kCallsPerSecond};
}

bool decode_place_order(Call& call) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  Body body(call.json);
  call.response.tag.symbol = Body(call.json).text("market");
  return take_order(call, body);
}

// Taken is what passes the checks of its terms; what risk or the book make of it comes later, as
// the venue's clients expect.
void encode_place_order(Call& call, const Outcomes& outcomes) {
  const Order* order = accepted_in(outcomes[0], call.account);
  if (!order) return void(refuse(call, refusal_for(refusal_in(outcomes[0]))));
  call.response.status = 201;
  JsonWriter json(call.response.body);
  write_order(json, *order, source_of(call), "NEW");
}

// An entry that cannot be read, or is not signed, takes all with it.
bool decode_place_orders(Call& call) {
  std::deque<std::string> storage;
  const auto values = json_list(call.request.body, storage);
  if (!values) {
    return refuse(call, {kBinding.status, std::string(kBinding.code), values.error().text()});
  }
  if (values->empty() || values->size() > kBatchMax) {
    return refuse(call, refusal_for(RejectReason::batch_size_out_of_range));
  }
  for (const JsonValue& value : *values) {
    JsonObject entry;
    if (value.kind != JsonKind::object || !entry.parse(value.text)) {
      return refuse(call, refusal_of(kBinding));
    }
    Body body(entry);
    if (!take_order(call, body)) return false;
  }
  return true;
}

void encode_place_orders(Call& call, const Outcomes& outcomes) {
  call.response.status = 201;
  const RowSource source = source_of(call);
  JsonWriter json(call.response.body);
  json.open().key("orders").open_list();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (const Order* order = accepted_in(outcomes[i], call.account)) {
      write_order(json, *order, source, "NEW");
    }
  }
  json.close_list().key("errors").open_list();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (accepted_in(outcomes[i], call.account)) continue;
    const VenueError& error = venue_error(refusal_in(outcomes[i]));
    json.open().text("error", error.code).text("message", error.text).close();
  }
  json.close_list().close();
}

bool decode_modify_order(Call& call) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  Body body(call.json);
  call.response.tag.symbol = Body(call.json).text("market");
  const std::string id = argument(call, 0);
  const auto order = find_order(call, id);
  if (!order) return refuse(call, refusal_of(kUnknownOrder));
  if (!is_live(order->status)) return refuse(call, refusal_of(kOrderIsNotOpen));
  SentModification sent;
  auto refusal = read_modification(call, body, *order, sent);
  const std::string_view said = body.text("id");
  if (auto no = wrong_kind(body)) return refuse(call, *no);
  if (!said.empty() && said != id) return refuse(call, bad_field("id", "is not that of the path"));
  if (refusal) return refuse(call, *refusal);
  sent.signed_terms.id = id;
  if (!check_order_signature(call, sent.signed_terms, sent.signature)) return false;
  call.commands.emplace_back(sent.amend);
  return true;
}

void encode_modify_order(Call& call, const Outcomes& outcomes) {
  const OrderId id = std::get<AmendOrder>(call.commands.front()).order;
  const ShownId shown = shown_order_id(id, call.box_key);
  const auto reason = rejection_in(outcomes[0]);
  // Who asks for what is there already has got it.
  if (reason && *reason != RejectReason::amend_unchanged) {
    return void(refuse(call, refusal_for(*reason)));
  }
  const auto order = find_order(call, shown.view());
  if (!order) return void(refuse(call, refusal_of(kUnknownOrder)));
  JsonWriter json(call.response.body);
  write_order(json, *order, source_of(call), {}, modification_info(shown.view()));
}

}  // namespace venuebox::venues::paradex
