// An account's own news as it is pushed. Clients tell spot from derivatives by the first row of a
// message, so rows of the two are never mixed.
#include "venues/bybit/account_rows.h"
#include "venues/bybit/ids.h"
#include "venues/bybit/order_rows.h"
#include "venues/bybit/stream_wire.h"

namespace venuebox::venues::bybit {
namespace {
bool carries(const Channel& channel, const Instrument& instrument) {
  const int form = channel.form & ~kFast;
  switch (instrument.kind) {
    case InstrumentKindOf::spot: return form == kEverything || form == kSpotOnly;
    case InstrumentKindOf::linear_perpetual: return form == kEverything || form == kLinearOnly;
    case InstrumentKindOf::inverse_perpetual: return form == kEverything || form == kInverseOnly;
  }
  return false;
}

// {"id":…,"topic":…,"creationTime":…,"data":[…]}; `rows` are written already.
void tell(Publication& publication, std::string_view rows) {
  std::string text;
  JsonWriter json(text);
  json.open().text("id", shown_message_id(publication.number, publication.box_key).view());
  json.text("topic", publication.channel.topic).number("creationTime", publication.now.ms());
  json.key("data").raw(rows).close();
  publication.tell(text);
}

// What a row of the order topic is made from.
struct OrderRow {
  Order order;
  std::string_view status;
};

InstrumentId instrument_of_row(const OrderRow& row) { return row.order.instrument; }
InstrumentId instrument_of_row(const Execution& execution) { return execution.instrument; }
InstrumentId instrument_of_row(const Position& position) { return position.instrument; }

// One message for each kind of market that has rows; `write` writes one, without its braces.
template <class Items, class Write>
void tell_by_market(Publication& publication, const Items& items, const Write& write) {
  const View& view = publication.view;
  for (const auto kind : {InstrumentKindOf::linear_perpetual, InstrumentKindOf::inverse_perpetual,
                          InstrumentKindOf::spot}) {
    std::string rows;
    JsonWriter json(rows);
    bool has_rows = false;
    json.open_list();
    for (const auto& item : items) {
      const Instrument& instrument = instrument_of(view, instrument_of_row(item));
      if (instrument.kind != kind || !carries(publication.channel, instrument)) continue;
      json.open().text("category", category_name(kind));
      write(json, item, instrument);
      json.close();
      has_rows = true;
    }
    json.close_list();
    if (has_rows) tell(publication, rows);
  }
}
// What an order's fills realised so far, less the fees of what they closed, as the query for closed
// positions has it.
Money closed_profit(const Order& order, const View& view) {
  Money sum{0, order.fee.asset};
  if (order.filled.raw == 0) return sum;
  view.executions(order.account, [&](const Execution& execution) {
    if (execution.order == order.id && execution.closed.raw > 0) {
      sum += execution.realised_profit - closing_fee(execution);
    }
    return execution.time >= order.created;
  });
  return sum;
}

// As an order was between its trigger and what came of it.
Order at_trigger(Order order) {
  order.status = OrderStatus::open;
  order.cancel_reason = CancelReason::none;
  order.filled = {};
  order.filled_value = 0;
  order.fee.units = 0;
  return order;
}

void publish_orders(Publication& publication) {
  const View& view = publication.view;
  std::vector<OrderRow> rows;
  for (const gateway::OrderNews& news : publication.news->orders) {
    if (news.has_triggered) rows.push_back({at_trigger(news.order), "Triggered"});
    rows.push_back({news.order, ""});
  }
  tell_by_market(publication, rows,
                 [&](JsonWriter& json, const OrderRow& row, const Instrument& instrument) {
                   write_order_row(json, row.order, {view, publication.box_key}, row.status);
                   const bool is_spot = instrument.is_spot();
                   json.text("feeCurrency",
                             is_spot ? asset_of(view, row.order.fee.asset).name : std::string());
                   if (!is_spot)
                     write_money(json, "closedPnl", closed_profit(row.order, view), view);
                 });
}

void write_fast_row(JsonWriter& json, const Execution& execution, const Instrument& instrument,
                    std::uint64_t box_key) {
  json.text("symbol", instrument.symbol);
  json.text("execId", shown_fill_id(execution.id, instrument.kind, box_key).view());
  write_price(json, "execPrice", execution.price, instrument);
  write_quantity(json, "execQty", execution.quantity, instrument);
  json.text("orderId", shown_order(execution, instrument, box_key));
  json.boolean("isMaker", execution.is_maker);
  json.text("orderLinkId", execution.client_order_id.view());
  json.text("side", execution.side == Side::buy ? "Buy" : "Sell");
  json.number_text("execTime", execution.time.ms());
  json.number("seq", static_cast<std::int64_t>(execution.id.raw));
}

void publish_executions(Publication& publication) {
  const RowSource source{publication.view, publication.box_key};
  const bool is_fast = (publication.channel.form & kFast) != 0;
  std::vector<Execution> executions = publication.news->executions;
  // The fast topic tells trades alone.
  if (is_fast) std::erase_if(executions, [](const Execution& e) { return e.order.raw == 0; });
  tell_by_market(publication, executions,
                 [&](JsonWriter& json, const Execution& execution, const Instrument& instrument) {
                   if (is_fast) return write_fast_row(json, execution, instrument, source.box_key);
                   write_execution_row(json, execution, source);
                   write_money(json, "execPnl", execution.realised_profit, publication.view);
                   json.text("isLeverage", "0").text("marketUnit", "");
                 });
}

// Spot has none; in hedge mode both sides are told.
void publish_positions(Publication& publication) {
  const View& view = publication.view;
  std::vector<Position> positions;
  for (const InstrumentId id : publication.news->positions) {
    if (instrument_of(view, id).is_spot()) continue;
    for (const PositionSide side : sides_of(view.position_mode(publication.account, id)))
      positions.push_back(view.position(publication.account, id, side));
  }
  tell_by_market(publication, positions,
                 [&](JsonWriter& json, const Position& position, const Instrument&) {
                   write_position_row(json, publication.account, position, view, "entryPrice");
                 });
}

void publish_wallet(Publication& publication) {
  if (!publication.news->balances) return;
  std::string rows;
  JsonWriter json(rows);
  json.open_list().open();
  write_wallet_row(json, publication.account, "", publication.view);
  json.close().close_list();
  tell(publication, rows);
}
}  // namespace

void publish_private(Publication& publication) {
  switch (publication.channel.kind) {
    case ChannelKind::orders: return publish_orders(publication);
    case ChannelKind::executions: return publish_executions(publication);
    case ChannelKind::positions: return publish_positions(publication);
    case ChannelKind::balances: return publish_wallet(publication);
    default: return;
  }
}

}  // namespace venuebox::venues::bybit
