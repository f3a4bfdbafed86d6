// position/closed-pnl: what closing orders earned.
#include <algorithm>
#include <map>

#include "venues/bybit/account_rows.h"
#include "venues/bybit/codec_ledger.h"
#include "venues/bybit/ids.h"
#include "venues/bybit/order_rows.h"
#include "venues/bybit/window.h"

namespace venuebox::venues::bybit {
namespace {

// One order's closing fills, together.
struct ClosedProfit {
  Execution newest;  // of its fills that closed something
  Timestamp first;
  Lots closed;
  Int128 exit_value = 0;  // in settlement units
  Money profit;           // before fees
  Money fees;             // of what was closed
  int fills = 0;
};

void add_fill(ClosedProfit& row, const Execution& execution, const Instrument& instrument) {
  row.first = execution.time;
  row.closed += execution.closed;
  row.exit_value += notional(execution.price, execution.closed, instrument).units;
  row.profit += execution.realised_profit;
  row.fees += closing_fee(execution);
  ++row.fills;
}

// Newest first by the last fill.
std::vector<ClosedProfit> closed_profits(const Call& call, const Instrument* only,
                                         const Window& window) {
  std::vector<ClosedProfit> rows;
  std::map<OrderId, std::size_t> row_of;
  call.view.executions(call.account, [&](const Execution& execution) {
    const Instrument& instrument = instrument_of(call.view, execution.instrument);
    const bool wanted = execution.closed.raw > 0 && !instrument.is_spot() &&
                        (!only || only == &instrument) && window.holds(execution.time);
    if (!wanted) return true;
    const auto [at, is_new] = row_of.try_emplace(execution.order, rows.size());
    if (is_new) {
      const Money nothing{0, instrument.settle};
      rows.push_back({execution, execution.time, {}, 0, nothing, nothing, 0});
    }
    add_fill(rows[at->second], execution, instrument);
    return true;
  });
  return rows;
}

void write_row(JsonWriter& json, const ClosedProfit& row, const Call& call) {
  const Execution& newest = row.newest;
  const Instrument& instrument = instrument_of(call.view, newest.instrument);
  // Who sells closes a long position, which cost its exit less the profit, and in an inverse
  // contract, whose value falls as the price rises, its exit with the profit.
  const Money exit{row.exit_value, instrument.settle};
  const bool is_less = (newest.side == Side::sell) != instrument.is_inverse();
  const Money entry = is_less ? exit - row.profit : exit + row.profit;
  json.open().text("symbol", instrument.symbol);
  json.text("orderId", shown_order_id(newest.order, instrument.kind, call.box_key).view());
  json.text("side", newest.side == Side::buy ? "Buy" : "Sell");
  write_quantity(json, "qty", newest.order_quantity, instrument);
  write_price(json, "orderPrice", newest.order_price, instrument);
  json.text("orderType", newest.order_type == OrderType::limit ? "Limit" : "Market");
  json.text("execType", execution_type(newest.kind));
  write_quantity(json, "closedSize", row.closed, instrument);
  write_money(json, "cumEntryValue", entry, call.view);
  write_average(json, "avgEntryPrice", entry.units, row.closed, instrument);
  write_money(json, "cumExitValue", exit, call.view);
  write_average(json, "avgExitPrice", exit.units, row.closed, instrument);
  write_money(json, "closedPnl", row.profit - row.fees, call.view);
  json.number_text("fillCount", row.fills);
  json.number_text("leverage", call.view.leverage(call.account, instrument.id));
  json.number_text("createdTime", row.first.ms()).number_text("updatedTime", newest.time.ms());
  json.close();
}
}  // namespace

// The profit is less the fees of closing: those of opening were paid by other orders, and the box
// does not know which.
void answer_closed_profits(Call& call) {
  Params params(call);
  const std::string category = params.text("category");
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(category, kind)) return void(refuse(call, *no));
  if (kind == InstrumentKindOf::spot) return void(refuse(call, bad_parameter("category")));
  const std::string symbol = params.text("symbol");
  call.response.tag.symbol = symbol;
  const Instrument* only = nullptr;
  if (kind && !symbol.empty()) {
    only = call.view.find_instrument(symbol, *kind);
    if (!only) return void(refuse(call, bad_parameter("symbol")));
  }
  Pager pager(params, 100, 50);
  Window window;
  const auto bad_window = read_window(params, call.now, window);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (bad_window) return void(refuse(call, *bad_window));
  reply(call, [&](JsonWriter& json) {
    json.open().text("category", category).key("list").open_list();
    if (kind) {
      for (const ClosedProfit& row : closed_profits(call, only, window)) {
        if (pager.takes(row.newest.order.raw)) write_row(json, row, call);
        if (pager.done()) break;
      }
    }
    json.close_list().text("nextPageCursor", pager.next_cursor()).close();
  });
}

}  // namespace venuebox::venues::bybit
