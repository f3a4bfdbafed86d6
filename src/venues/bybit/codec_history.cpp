#include "venues/bybit/codec_history.h"

#include "venues/bybit/ids.h"
#include "venues/bybit/order_rows.h"
#include "venues/bybit/window.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
constexpr int kRecentlyClosedMax = 500;  // how far order/realtime looks back

// ---- what is asked for --------------------------------------------------------------------------

// Which instruments, and which order. A foreign order id is an id that no order has.
struct Filter {
  std::string category;
  std::optional<InstrumentKindOf> kind;  // none: options, of which nothing exists
  std::string symbol;
  std::string base;
  std::string settle;
  bool by_id = false;
  OrderId order;  // 0: not by this
  bool nothing = false;
  std::string client_order_id;
  std::string group;  // orderFilter; empty: all

  bool names_instruments() const { return !(symbol.empty() && base.empty() && settle.empty()); }

  bool passes(const Instrument& instrument, OrderId id, const ClientOrderId& client_id,
              const View& view) const {
    if (nothing || !kind || instrument.kind != *kind) return false;
    if (order.raw != 0 ? id != order : by_id && client_id.view() != client_order_id) return false;
    if (!symbol.empty()) return instrument.symbol == symbol;
    if (!base.empty()) return asset_of(view, instrument.base).name == base;
    return settle.empty() || asset_of(view, instrument.settle).name == settle;
  }
  bool passes(const Order& order_, const Instrument& instrument, const View& view) const {
    return passes(instrument, order_.id, order_.client_order_id, view) &&
           (group.empty() || group == order_filter_of(order_, instrument));
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
  filter.group = params.text("orderFilter");
  if (!filter.group.empty() && !is_order_filter(filter.group)) return bad_order_filter();
  return std::nullopt;
}

void write_order(JsonWriter& json, const Call& call, const Order& order) {
  json.open();
  write_order_row(json, order, {call.view, call.box_key});
  json.close();
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
      if (!filter.passes(order, instrument, call.view)) return true;
      if (pager.takes(order.id.raw)) {
        write_order(json, call, order);
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
      const bool wanted = filter.passes(order, instrument, call.view) &&
                          window.holds(order.created) &&
                          (status.empty() || status == status_text(order, instrument));
      if (wanted && pager.takes(order.id.raw)) write_order(json, call, order);
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
  reply_page(call, filter.category, pager, [&](JsonWriter& json) {
    if (filter.nothing) return;
    call.view.executions(call.account, [&](const Execution& execution) {
      const Instrument& instrument = instrument_of(call.view, execution.instrument);
      const bool wanted =
          filter.passes(instrument, execution.order, execution.client_order_id, call.view) &&
          window.holds(execution.time) && (type.empty() || type == execution_type(execution.kind));
      // Both halves of a fill with oneself are rows of one account.
      const std::uint64_t key = 2 * execution.id.raw + (execution.is_maker ? 1 : 0);
      if (wanted && pager.takes(key)) {
        json.open();
        write_execution_row(json, execution, {call.view, call.box_key});
        json.close();
      }
      return !pager.done();
    });
  });
}

}  // namespace venuebox::venues::bybit
