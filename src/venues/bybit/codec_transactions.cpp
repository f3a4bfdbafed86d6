// account/transaction-log: what trades and transfers did to the balance of each coin.
#include <array>

#include "venues/bybit/codec_ledger.h"
#include "venues/bybit/ids.h"
#include "venues/bybit/order_rows.h"
#include "venues/bybit/window.h"

namespace venuebox::venues::bybit {
namespace {

std::string_view type_text(ExecutionKind kind) {
  switch (kind) {
    case ExecutionKind::trade: return "TRADE";
    case ExecutionKind::liquidation: return "LIQUIDATION";
    case ExecutionKind::deleverage: return "ADL";
    case ExecutionKind::delisting: return "DELIVERY";
    case ExecutionKind::funding:
    case ExecutionKind::shared_loss: return "SETTLEMENT";
  }
  return "";
}

std::string_view type_text(const Transfer& transfer) {
  return transfer.amount.units < 0 ? "TRANSFER_OUT" : "TRANSFER_IN";
}

// What one execution did to one coin: all of it for a perpetual, one of two legs for spot.
struct Entry {
  const Execution& execution;
  const Instrument& instrument;
  std::uint64_t key = 0;  // unique
  Money cash_flow;        // without the fee
  Money fee;
  Money funding;    // received; opposite in sign to an execution's fee
  SignedLots size;  // of the position after it

  Money change() const { return cash_flow + funding - fee; }
};

struct Wanted {
  std::string category;
  std::optional<InstrumentKindOf> kind;
  std::string currency;
  std::string base;
  std::string type;
  Window window;

  bool takes(const Entry& entry, const View& view) const {
    const Instrument& instrument = entry.instrument;
    if (!type.empty() && type != type_text(entry.execution.kind)) return false;
    if (!category.empty() && (!kind || instrument.kind != *kind)) return false;
    if (!base.empty() && asset_of(view, instrument.base).name != base) return false;
    return names(entry.cash_flow.asset, view) && window.holds(entry.execution.time);
  }
  // A transfer is of no market.
  bool takes(const Transfer& transfer, const View& view) const {
    if (!type.empty() && type != type_text(transfer)) return false;
    if (!category.empty() || !base.empty()) return false;
    return names(transfer.amount.asset, view) && window.holds(transfer.time);
  }

 private:
  bool names(AssetId asset, const View& view) const {
    return currency.empty() || asset_of(view, asset).name == currency;
  }
};

// Apart from those of trades, which are a few times a fill's number.
std::uint64_t transfer_key(const Transfer& transfer) {
  return (std::uint64_t{1} << 62) + transfer.sequence;
}

// The members that every row has.
struct Row {
  std::uint64_t key = 0;  // unique
  std::string_view type;
  Timestamp time;
  Money change;
  Money balance;  // after it
};

void write_common(JsonWriter& json, const Row& row, const View& view) {
  json.number_text("id", static_cast<std::int64_t>(row.key));
  json.number_text("transactionTime", row.time.ms()).text("type", row.type);
  json.text("currency", asset_of(view, row.change.asset).name);
  write_money(json, "change", row.change, view);
  write_money(json, "cashBalance", row.balance, view);
  write_empty(json, {"bonusChange", "transSubType", "extraFees"});
}

void write_entry(JsonWriter& json, const Entry& entry, const Money& balance, const Call& call) {
  const Execution& execution = entry.execution;
  const Instrument& instrument = entry.instrument;
  const View& view = call.view;
  json.open();
  const bool is_fill = execution.order.raw != 0;
  write_common(
      json, {entry.key, type_text(execution.kind), execution.time, entry.change(), balance}, view);
  json.text("symbol", instrument.symbol).text("category", category_name(instrument.kind));
  json.text("side", execution.side == Side::buy ? "Buy" : "Sell");
  write_quantity(json, "qty", execution.quantity, instrument);
  json.key("size").fixed(multiply(entry.size.raw, instrument.lot.units), instrument.lot.scale);
  if (is_fill) {
    write_price(json, "tradePrice", execution.price, instrument);
    json.text("funding", "");
  } else {
    json.text("tradePrice", mark_text(execution.mark, instrument));
    write_money(json, "funding", entry.funding, view);
  }
  write_money(json, "fee", entry.fee, view);
  write_money(json, "cashFlow", entry.cash_flow, view);
  json.key("feeRate").trimmed(execution.rate.raw, 9);
  json.text("tradeId", shown_fill_id(execution.id, instrument.kind, call.box_key).view());
  json.text("orderId", shown_order(execution, instrument, call.box_key));
  json.text("orderLinkId", execution.client_order_id.view()).close();
}

void write_transfer(JsonWriter& json, const Transfer& transfer, const Money& balance,
                    const View& view) {
  json.open();
  write_common(
      json, {transfer_key(transfer), type_text(transfer), transfer.time, transfer.amount, balance},
      view);
  json.text("symbol", "").text("category", "").text("side", "None");
  for (const std::string_view key : {"qty", "size", "tradePrice", "fee", "feeRate"})
    json.text(key, "0");
  write_money(json, "cashFlow", transfer.amount, view);
  write_empty(json, {"funding", "tradeId", "orderId", "orderLinkId"});
  json.close();
}

// The entries of one execution, the latest first.
template <class Each>
void each_entry(const Execution& execution, const Instrument& instrument, SignedLots size,
                const View& view, const Each& each) {
  // Both halves of a fill with oneself are of one account, and spot moves two coins.
  const std::uint64_t key = 4 * execution.id.raw + (execution.is_maker ? 2 : 0);
  if (!instrument.is_spot()) {
    const Money none{0, instrument.settle};
    const bool is_fill = execution.order.raw != 0;
    each(Entry{execution, instrument, key, execution.realised_profit,
               is_fill ? execution.fee : none, is_fill ? none : -execution.fee, size});
    return;
  }
  const bool buys = execution.side == Side::buy;
  const Money value = notional(execution.price, execution.quantity, instrument);
  const Money amount =
      base_amount(execution.quantity, instrument, asset_of(view, instrument.base).scale);
  for (const Money& flow : {buys ? -value : value, buys ? amount : -amount}) {
    const Money none{0, flow.asset};
    const Money& fee = execution.fee.asset == flow.asset ? execution.fee : none;
    each(Entry{
        execution, instrument, key + (flow.asset == instrument.base ? 1 : 0), flow, fee, none, {}});
  }
}

// Walks back from the present: what an account has and holds now, less what each entry brought.
class Walk {
 public:
  Walk(JsonWriter& json, const Call& call, const Wanted& wanted, Pager& pager)
      : json_(json), call_(call), wanted_(wanted), pager_(pager) {
    for (const Asset& asset : call.view.assets())
      balances_.push_back(call.view.balance(call.account, asset.id).cash);
    for (const Instrument& instrument : call.view.instruments()) {
      auto& sizes = sizes_.emplace_back();
      for (int i = 0; !instrument.is_spot() && i < kSides; ++i) {
        const auto side = static_cast<PositionSide>(i);
        sizes[static_cast<std::size_t>(i)] =
            call.view.position(call.account, instrument.id, side).size;
      }
    }
    call.view.transfers(call.account, [&](const Transfer& transfer) {
      transfers_.push_back(transfer);
      return true;
    });
  }

  void run() {
    call_.view.executions(call_.account, [&](const Execution& execution) {
      pass_transfers(execution.id);
      pass(execution);
      return !pager_.done();
    });
    if (!pager_.done()) pass_transfers({});
  }

 private:
  static constexpr int kSides = 3;

  // Those that came after the fill.
  void pass_transfers(FillId fill) {
    for (; next_ < transfers_.size() && transfers_[next_].after >= fill; ++next_) {
      const Transfer& transfer = transfers_[next_];
      Money& balance = balances_[transfer.amount.asset.raw];
      const bool is_wanted = wanted_.takes(transfer, call_.view);
      if (is_wanted && pager_.takes(transfer_key(transfer))) {
        write_transfer(json_, transfer, balance, call_.view);
      }
      balance -= transfer.amount;
    }
  }

  void pass(const Execution& execution) {
    const View& view = call_.view;
    const Instrument& instrument = instrument_of(view, execution.instrument);
    const auto side = static_cast<std::size_t>(execution.position_side);
    SignedLots& size = sizes_[instrument.id.raw][side];
    each_entry(execution, instrument, size, view, [&](const Entry& entry) {
      Money& balance = balances_[entry.cash_flow.asset.raw];
      if (wanted_.takes(entry, view) && pager_.takes(entry.key)) {
        write_entry(json_, entry, balance, call_);
      }
      balance -= entry.change();
    });
    if (instrument.is_spot() || execution.order.raw == 0) return;
    const std::int64_t lots = execution.quantity.raw;
    size.raw -= execution.side == Side::buy ? lots : -lots;
  }

  JsonWriter& json_;
  const Call& call_;
  const Wanted& wanted_;
  Pager& pager_;
  std::vector<Money> balances_;                        // by asset
  std::vector<std::array<SignedLots, kSides>> sizes_;  // by instrument and PositionSide
  std::vector<Transfer> transfers_;                    // newest first
  std::size_t next_ = 0;
};
}  // namespace

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
  wanted.type = params.text("type");
  Pager pager(params, 50, 20);
  const auto bad_window = read_window(params, call.now, wanted.window);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (bad_window) return void(refuse(call, *bad_window));
  reply(call, [&](JsonWriter& json) {
    json.open().key("list").open_list();
    Walk(json, call, wanted, pager).run();
    json.close_list().text("nextPageCursor", pager.next_cursor()).close();
  });
}

}  // namespace venuebox::venues::bybit
