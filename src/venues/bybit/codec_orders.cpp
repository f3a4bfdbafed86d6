#include "venues/bybit/codec_orders.h"

#include <algorithm>

#include "venues/bybit/ids.h"
#include "venues/bybit/order_terms.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::Outcomes;
using gateway::RefusedEntry;

// ---- what became of a command -------------------------------------------------------------------

// The order's ids, or why not. What fell due before the command stands in front of its events.
struct Acknowledgement {
  std::optional<RejectReason> refused;
  OrderId order;
  ClientOrderId client_order_id;
};

// The exchange places orders too, for accounts that lack margin: nobody asked for those.
bool is_forced(const Order& order) {
  return order.purpose == OrderPurpose::liquidation || order.purpose == OrderPurpose::deleverage ||
         order.purpose == OrderPurpose::delisting;
}

// An order that was taken and ended at once (post-only, IOC, FOK) is acknowledged like any other:
// how it ended is told by the queries.
std::optional<OrderId> order_in(const Event& event, const PlaceOrder& place) {
  const auto* accepted = std::get_if<OrderAccepted>(&event);
  const bool is_it = accepted && accepted->order.account == place.account &&
                     accepted->order.attachment == Attachment::none && !is_forced(accepted->order);
  return is_it ? std::optional(accepted->order.id) : std::nullopt;
}

// An order that crosses on its way to a new price is amended before it trades or ends.
std::optional<OrderId> order_in(const Event& event, const AmendOrder& amend) {
  const auto* amended = std::get_if<OrderAmended>(&event);
  const bool is_it = amended && amended->account == amend.account &&
                     (amend.order.raw == 0 || amended->order == amend.order);
  return is_it ? std::optional(amended->order) : std::nullopt;
}

std::optional<OrderId> order_in(const Event& event, const CancelOrder& cancel) {
  const auto* cancelled = std::get_if<OrderCancelled>(&event);
  const bool is_it = cancelled && cancelled->account == cancel.account &&
                     (cancel.order.raw == 0 ? cancelled->reason == CancelReason::by_user
                                            : cancelled->order == cancel.order);
  return is_it ? std::optional(cancelled->order) : std::nullopt;
}

template <class Command>
Acknowledgement acknowledgement(const Call& call, const Command& command,
                                std::span<const Event> events) {
  for (const Event& event : events) {
    if (const auto* rejected = std::get_if<Rejected>(&event)) return {rejected->reason, {}, {}};
    const auto id = order_in(event, command);
    if (!id) continue;
    if constexpr (std::is_same_v<Command, PlaceOrder>) {
      return {std::nullopt, *id, command.client_order_id};
    }
    const auto order = order_of(call, *id);
    return {std::nullopt, *id, order ? order->client_order_id : ClientOrderId()};
  }
  VENUEBOX_ASSERT(false);  // The engine says what became of every command.
  return {};
}

// ---- single orders ------------------------------------------------------------------------------

template <class Command>
using Read = std::optional<Refusal> (*)(const Call&, std::string_view category, Body&, Command&);

template <class Command>
bool decode_single(Call& call, Read<Command> read) {
  return decode_command<Command>(call, [&](Body& body, Command& command) {
    return read(call, body.text("category"), body, command);
  });
}

template <class Command>
void encode_single(Call& call, const Outcomes& outcomes) {
  const auto& command = std::get<Command>(call.commands.front());
  const InstrumentKindOf kind = instrument_of(call.view, command.instrument).kind;
  const Acknowledgement ack = acknowledgement(call, command, outcomes[0]);
  if (ack.refused) return void(refuse(call, refusal_of(*ack.refused, command, call.view)));
  reply(call, [&](JsonWriter& json) {
    json.open();
    write_order_ids(json, call, ack.order, ack.client_order_id, kind);
    json.close();
  });
}

// ---- batches ------------------------------------------------------------------------------------

std::size_t batch_max(std::string_view category) { return category == "spot" ? 10 : 20; }

// One entry: its command, or why there is none.
template <class Command>
std::optional<Refusal> read_entry(const Call& call, Read<Command> read, std::string_view category,
                                  std::size_t index, Body& body, Command& command) {
  if (static_cast<std::int64_t>(index) >= call.granted) {
    return refusal_for(RejectReason::rate_limited, InstrumentKindOf::linear_perpetual);
  }
  auto refusal = read(call, category, body, command);
  return body.wrong() ? body.wrong() : refusal;
}

template <class Command>
bool decode_batch(Call& call, Read<Command> read) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  Body body(call.json);
  const std::string_view category = body.text("category");
  const std::string_view list = body.list("request");
  if (auto no = body.wrong()) return refuse(call, *no);
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(category, kind)) return refuse(call, *no);
  std::deque<std::string> storage;
  const auto values = json_list(list, storage);
  if (!values || values->empty() || values->size() > batch_max(category)) {
    return refuse(call, bad_parameter("request"));
  }
  std::vector<JsonObject> entries(values->size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool is_object = (*values)[i].kind == JsonKind::object;
    if (!is_object || !entries[i].parse((*values)[i].text)) {
      return refuse(call, bad_parameter("request"));
    }
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Body members(entries[i]);
    Command command;
    const std::string symbol(members.text("symbol"));
    if (auto no = read_entry(call, read, category, i, members, command)) {
      call.refused.push_back({i, symbol, no->code, std::move(no->text)});
    } else {
      call.commands.emplace_back(command);
    }
  }
  return true;
}

// The two parallel lists of a reply to a batch; a failed entry has empty ids.
class BatchReply {
 public:
  BatchReply(Call& call, std::string_view category, bool creates)
      : call_(call), category_(category), creates_(creates) {
    rows_.open().key("list").open_list();
    codes_.open().key("list").open_list();
  }

  void add(std::string_view symbol, const Acknowledgement& ack, InstrumentKindOf kind) {
    open_row(symbol);
    write_order_ids(rows_, call_, ack.order, ack.client_order_id, kind);
    if (creates_) rows_.number_text("createAt", call_.now.ms());
    rows_.close();
    codes_.open().number("code", 0).text("msg", "OK").close();
  }
  void add_refused(std::string_view symbol, int code, std::string_view text) {
    open_row(symbol);
    write_empty(rows_, {"orderId", "orderLinkId"});
    if (creates_) rows_.text("createAt", "");
    rows_.close();
    codes_.open().number("code", code).text("msg", text).close();
  }
  void send() {
    rows_.close_list().close();
    codes_.close_list().close();
    reply(
        call_, [&](JsonWriter& json) { json.raw(row_bytes_); }, code_bytes_);
  }

 private:
  void open_row(std::string_view symbol) {
    rows_.open().text("category", category_).text("symbol", symbol);
  }

  Call& call_;
  std::string_view category_;
  bool creates_;
  std::string row_bytes_;
  std::string code_bytes_;
  JsonWriter rows_{row_bytes_};
  JsonWriter codes_{code_bytes_};
};

template <class Command>
void encode_batch(Call& call, const Outcomes& outcomes) {
  Body body(call.json);
  BatchReply batch(call, body.text("category"), std::is_same_v<Command, PlaceOrder>);
  auto refused = call.refused.begin();
  std::size_t executed = 0;
  const std::size_t entries = call.refused.size() + call.commands.size();
  for (std::size_t i = 0; i < entries; ++i) {
    if (refused != call.refused.end() && refused->entry == i) {
      batch.add_refused(refused->symbol, refused->code, refused->text);
      ++refused;
      continue;
    }
    const auto& command = std::get<Command>(call.commands[executed]);
    const Instrument& instrument = instrument_of(call.view, command.instrument);
    const Acknowledgement ack = acknowledgement(call, command, outcomes[executed++]);
    if (!ack.refused) {
      batch.add(instrument.symbol, ack, instrument.kind);
      continue;
    }
    const Refusal refusal = refusal_of(*ack.refused, command, call.view);
    batch.add_refused(instrument.symbol, refusal.code, refusal.text);
  }
  batch.send();
}
}  // namespace

std::optional<Order> order_of(const Call& call, OrderId id) {
  std::optional<Order> found = call.view.live_order(id);
  if (found) return found;
  call.view.closed_orders(call.account, [&](const Order& order) {
    if (order.id != id) return true;
    found = order;
    return false;
  });
  return found;
}

void write_order_ids(JsonWriter& json, const Call& call, OrderId order,
                     const ClientOrderId& client_id, InstrumentKindOf kind) {
  json.text("orderId", shown_order_id(order, kind, call.box_key).view());
  json.text("orderLinkId", client_id.view());
}

bool decode_place_order(Call& call) { return decode_single<PlaceOrder>(call, read_place_order); }
void encode_place_order(Call& call, const Outcomes& outcomes) {
  encode_single<PlaceOrder>(call, outcomes);
}

bool decode_amend_order(Call& call) { return decode_single<AmendOrder>(call, read_amend_order); }
void encode_amend_order(Call& call, const Outcomes& outcomes) {
  encode_single<AmendOrder>(call, outcomes);
}

bool decode_cancel_order(Call& call) { return decode_single<CancelOrder>(call, read_cancel_order); }
void encode_cancel_order(Call& call, const Outcomes& outcomes) {
  encode_single<CancelOrder>(call, outcomes);
}

bool decode_place_orders(Call& call) { return decode_batch<PlaceOrder>(call, read_place_order); }
void encode_place_orders(Call& call, const Outcomes& outcomes) {
  encode_batch<PlaceOrder>(call, outcomes);
}

bool decode_amend_orders(Call& call) { return decode_batch<AmendOrder>(call, read_amend_order); }
void encode_amend_orders(Call& call, const Outcomes& outcomes) {
  encode_batch<AmendOrder>(call, outcomes);
}

bool decode_cancel_orders(Call& call) { return decode_batch<CancelOrder>(call, read_cancel_order); }
void encode_cancel_orders(Call& call, const Outcomes& outcomes) {
  encode_batch<CancelOrder>(call, outcomes);
}

}  // namespace venuebox::venues::bybit
