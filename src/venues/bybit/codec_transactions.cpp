// account/transaction-log: what trades did to the balance of each coin.
#include "venues/bybit/codec_ledger.h"
#include "venues/bybit/ids.h"
#include "venues/bybit/window.h"

namespace venuebox::venues::bybit {
namespace {

// What one execution did to one coin: all of it for a perpetual, one of two legs for spot.
struct Entry {
  const Execution& execution;
  const Instrument& instrument;
  std::uint64_t key = 0;  // unique
  Money cash_flow;        // without the fee
  Money fee;
  SignedLots size;  // of the position after it
};

struct Wanted {
  std::string category;
  std::optional<InstrumentKindOf> kind;
  std::string currency;
  std::string base;
  Window window;

  bool takes(const Execution& execution, const Instrument& instrument, const View& view) const {
    if (!category.empty() && (!kind || instrument.kind != *kind)) return false;
    if (!base.empty() && asset_of(view, instrument.base).name != base) return false;
    return window.holds(execution.time);
  }
};

void write_entry(JsonWriter& json, const Entry& entry, const Call& call) {
  const Execution& execution = entry.execution;
  const Instrument& instrument = entry.instrument;
  const View& view = call.view;
  json.open().number_text("id", static_cast<std::int64_t>(entry.key));
  json.text("symbol", instrument.symbol).text("category", category_name(instrument.kind));
  json.text("side", execution.side == Side::buy ? "Buy" : "Sell");
  json.number_text("transactionTime", execution.time.ms()).text("type", "TRADE");
  write_quantity(json, "qty", execution.quantity, instrument);
  json.key("size").fixed(multiply(entry.size.raw, instrument.lot.units), instrument.lot.scale);
  json.text("currency", asset_of(view, entry.cash_flow.asset).name);
  write_price(json, "tradePrice", execution.price, instrument);
  write_money(json, "fee", entry.fee, view);
  write_money(json, "cashFlow", entry.cash_flow, view);
  write_money(json, "change", entry.cash_flow - entry.fee, view);
  const Rate rate = execution.is_maker ? instrument.maker_fee : instrument.taker_fee;
  json.key("feeRate").trimmed(rate.raw, 9);
  json.text("tradeId", shown_fill_id(execution.id, instrument.kind, call.box_key).view());
  json.text("orderId", shown_order_id(execution.order, instrument.kind, call.box_key).view());
  json.text("orderLinkId", execution.client_order_id.view());
  // What else moves money is not in this log, so no balance can be told from it.
  write_empty(json, {"funding", "cashBalance", "bonusChange", "transSubType", "extraFees"});
  json.close();
}

// The entries of one execution, the latest first.
template <class Each>
void each_entry(const Execution& execution, const Instrument& instrument, SignedLots size,
                const View& view, const Each& each) {
  // Both halves of a fill with oneself are of one account, and spot moves two coins.
  const std::uint64_t key = 4 * execution.id.raw + (execution.is_maker ? 2 : 0);
  if (!instrument.is_spot()) {
    each(Entry{execution, instrument, key, execution.realised_profit, execution.fee, size});
    return;
  }
  const bool buys = execution.side == Side::buy;
  const Money value = notional(execution.price, execution.quantity, instrument);
  const Money amount =
      base_amount(execution.quantity, instrument, asset_of(view, instrument.base).scale);
  for (const Money& flow : {buys ? -value : value, buys ? amount : -amount}) {
    const Money none{0, flow.asset};
    const Money& fee = execution.fee.asset == flow.asset ? execution.fee : none;
    each(
        Entry{execution, instrument, key + (flow.asset == instrument.base ? 1 : 0), flow, fee, {}});
  }
}

void write_entries(JsonWriter& json, const Call& call, const Wanted& wanted, Pager& pager) {
  // Positions are walked back from what they are now, fill by fill.
  std::vector<SignedLots> sizes;
  for (const Instrument& instrument : call.view.instruments()) {
    sizes.push_back(instrument.is_spot() ? SignedLots{}
                                         : call.view.position(call.account, instrument.id).size);
  }
  call.view.executions(call.account, [&](const Execution& execution) {
    const Instrument& instrument = instrument_of(call.view, execution.instrument);
    SignedLots& size = sizes[instrument.id.raw];
    if (wanted.takes(execution, instrument, call.view)) {
      each_entry(execution, instrument, size, call.view, [&](const Entry& entry) {
        const std::string& currency = asset_of(call.view, entry.cash_flow.asset).name;
        if (!wanted.currency.empty() && wanted.currency != currency) return;
        if (pager.takes(entry.key)) write_entry(json, entry, call);
      });
    }
    if (!instrument.is_spot()) {
      const std::int64_t lots = execution.quantity.raw;
      size.raw -= execution.side == Side::buy ? lots : -lots;
    }
    return !pager.done();
  });
}
}  // namespace

// Trades alone: deposits and what else moves money is not recorded per account.
void answer_transactions(Call& call) {
  Params params(call);
  const std::string account_type = params.text("accountType");
  if (!account_type.empty() && account_type != "UNIFIED") {
    return void(refuse(call, bad_parameter("accountType")));
  }
  Wanted wanted;
  wanted.category = params.text("category");
  if (!wanted.category.empty()) {
    if (auto no = read_category(wanted.category, wanted.kind)) return void(refuse(call, *no));
  }
  wanted.currency = params.text("currency");
  wanted.base = params.text("baseCoin");
  const std::string type = params.text("type");
  Pager pager(params, 50, 20);
  const auto bad_window = read_window(params, call.now, wanted.window);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (bad_window) return void(refuse(call, *bad_window));
  reply(call, [&](JsonWriter& json) {
    json.open().key("list").open_list();
    if (type.empty() || type == "TRADE") write_entries(json, call, wanted, pager);
    json.close_list().text("nextPageCursor", pager.next_cursor()).close();
  });
}

}  // namespace venuebox::venues::bybit
