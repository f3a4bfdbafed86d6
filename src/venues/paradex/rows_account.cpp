#include "venues/paradex/rows_account.h"

#include <fmt/format.h>

#include "venues/paradex/ids.h"

namespace venuebox::venues::paradex {
namespace {
// Larger than any command's number within a millisecond, and small enough for 63 bits.
constexpr std::int64_t kNumbersPerMs = 1'000'000;

std::int64_t seq_no_of(Timestamp now, std::uint64_t number) {
  return now.ms() * kNumbersPerMs + static_cast<std::int64_t>(number % kNumbersPerMs);
}

std::string_view instruction_text(const Order& order) {
  if (order.post_only) return "POST_ONLY";
  // A market order never rests, whatever it says; clients send it as GTC.
  const bool is_market = order.type == OrderType::market;
  return !is_market && order.time_in_force == TimeInForce::ioc ? "IOC" : "GTC";
}

std::string_view self_trade_text(SelfTrade self_trade) {
  switch (self_trade) {
    case SelfTrade::cancel_maker: return "EXPIRE_MAKER";
    case SelfTrade::cancel_both: return "EXPIRE_BOTH";
    default: return "EXPIRE_TAKER";
  }
}

std::string_view stop_flag(const Order& order) {
  return order.trigger->direction == TriggerDirection::rises ? "STOP_CONDITION_ABOVE_TRIGGER"
                                                             : "STOP_CONDITION_BELOW_TRIGGER";
}

void write_flags(JsonWriter& json, const Order& order) {
  json.key("flags").open_list();
  if (order.reduce_only || order.close_position) json.text("REDUCE_ONLY");
  if (order.trigger && order.purpose == OrderPurpose::stop) json.text(stop_flag(order));
  json.close_list();
}

// Prices and sizes stand without trailing zeros.
void write_trimmed(JsonWriter& json, std::string_view key, std::int64_t steps, const Step& step) {
  json.key(key).trimmed(multiply(steps, step.units), step.scale);
}

void write_average_price(JsonWriter& json, const Order& order, const Instrument& instrument) {
  if (order.filled.raw == 0) return void(json.text("avg_fill_price", ""));
  const Int128 value = multiply(order.filled_value, instrument.units_per_tick_lot);
  gateway::write_average(json, "avg_fill_price", value, order.filled, instrument);
}

std::string_view fill_type(ExecutionKind kind) {
  switch (kind) {
    case ExecutionKind::liquidation:
    case ExecutionKind::deleverage: return "LIQUIDATION";
    case ExecutionKind::delisting: return "SETTLE_MARKET";
    default: return "FILL";
  }
}

// What one coin has run up to, in the settlement asset.
//   per_lot  the same of a lot, units
void write_index(JsonWriter& json, std::string_view key, Int128 per_lot,
                 const Instrument& instrument, const View& view) {
  const Int128 per_coin =
      div_half_even(multiply(per_lot, power_of_ten(instrument.lot.scale)), instrument.lot.units);
  write_money(json, key, {per_coin, instrument.settle}, view);
}

ShownId last_fill_id(AccountId account, InstrumentId instrument, const RowSource& source) {
  ShownId found;
  source.view.executions(account, [&](const Execution& execution) {
    if (execution.instrument != instrument || !is_fill(execution)) return true;
    found = shown_fill_id(execution.id, source.box_key);
    return false;
  });
  return found;
}

// What an open position has gained at the mark, its unpaid funding, and where it ends.
void write_unrealised(JsonWriter& json, AccountId account, const Position& position,
                      const Instrument& instrument, const View& view) {
  const Money none{0, instrument.settle};
  const auto mark = view.mark_price(instrument.id);
  const Int128 index = view.funding(instrument.id).index;
  if (position.size.raw == 0 || !mark) {
    write_money(json, "unrealized_pnl", none, view);
    write_money(json, "unrealized_funding_pnl", none, view);
    write_index(json, "cached_funding_index", index, instrument, view);
    return void(json.text("liquidation_price", ""));
  }
  const PositionRisk risk = view.risk(account, position);
  const Money gained = value_at_mark(position.size, *mark, instrument) - position.entry_value;
  const Money funding{risk.unrealised.units - gained.units, instrument.settle};
  write_money(json, "unrealized_pnl", risk.unrealised, view);
  write_money(json, "unrealized_funding_pnl", funding, view);
  // What it owes is its size times how far the index went since.
  const Int128 owed = position.size.raw > 0 ? -funding.units : funding.units;
  const Int128 passed = div_half_even(owed, magnitude(position.size.raw));
  write_index(json, "cached_funding_index", index - passed, instrument, view);
  if (!risk.liquidation_price) return void(json.text("liquidation_price", ""));
  const Ticks end = gateway::ticks_from_mark(*risk.liquidation_price, position.size.raw > 0);
  write_trimmed(json, "liquidation_price", end.raw, instrument.tick);
}

void write_entry(JsonWriter& json, const Position& position, const Instrument& instrument,
                 const View& view) {
  const Money entry{magnitude(position.entry_value.units), instrument.settle};
  const Lots size{std::abs(position.size.raw)};
  for (const std::string_view key : {"average_entry_price", "average_entry_price_usd"}) {
    gateway::write_average(json, key, entry.units, size, instrument);
  }
  json.text("average_exit_price", "");
  for (const std::string_view key : {"cost", "cost_usd"})
    write_money(json, key, entry, view);
}
}  // namespace

RowSource source_of(const Call& call) {
  const std::string_view address = call.credential ? call.credential->key : std::string_view();
  return {call.view, call.box_key, address, seq_no_of(call.view.time(), call.view.sequence())};
}

RowSource source_of(const gateway::Publication& publication) {
  const auto* credential = publication.credential;
  const std::string_view address = credential ? credential->key : std::string_view();
  return {publication.view, publication.box_key, address,
          seq_no_of(publication.now, publication.number)};
}

const Asset& settlement_asset(const View& view) {
  VENUEBOX_ASSERT(!view.instruments().empty());
  return asset_of(view, view.instruments().front().settle);
}

std::string_view status_text(const Order& order) {
  if (!is_live(order.status)) return "CLOSED";
  return order.status == OrderStatus::untriggered ? "UNTRIGGERED" : "OPEN";
}

std::string_view type_text(const Order& order) {
  const bool is_limit = order.type == OrderType::limit;
  switch (order.purpose) {
    case OrderPurpose::stop: return is_limit ? "STOP_LIMIT" : "STOP_MARKET";
    case OrderPurpose::stop_loss: return is_limit ? "STOP_LOSS_LIMIT" : "STOP_LOSS_MARKET";
    case OrderPurpose::take_profit: return is_limit ? "TAKE_PROFIT_LIMIT" : "TAKE_PROFIT_MARKET";
    default: return is_limit ? "LIMIT" : "MARKET";
  }
}

void write_order(JsonWriter& json, const Order& order, const RowSource& source,
                 std::string_view status, std::string_view request_info) {
  const Instrument& instrument = instrument_of(source.view, order.instrument);
  json.open().text("account", source.address);
  write_average_price(json, order, instrument);
  json.text("client_id", order.client_order_id.view());
  json.text("cancel_reason", cancel_reason_text(order.cancel_reason));
  json.number("created_at", order.created.ms());
  write_flags(json, order);
  json.text("id", shown_order_id(order.id, source.box_key).view());
  json.text("instruction", instruction_text(order));
  json.number("last_updated_at", order.updated.ms()).text("market", instrument.symbol);
  const std::int64_t price = order.type == OrderType::limit ? order.price.raw : 0;
  write_trimmed(json, "price", price, instrument.tick);
  json.number("published_at", order.updated.ms()).number("received_at", order.created.ms());
  write_trimmed(json, "remaining_size", order.remaining().raw, instrument.lot);
  json.key("request_info").raw(request_info).number("seq_no", source.seq_no);
  json.text("side", side_text(order.side));
  write_trimmed(json, "size", order.quantity.raw, instrument.lot);
  json.text("status", status.empty() ? status_text(order) : status);
  // The time that the client signed is not kept.
  json.text("stp", self_trade_text(order.self_trade)).number("timestamp", order.created.ms());
  const std::int64_t trigger = order.trigger ? order.trigger->price.raw : 0;
  write_trimmed(json, "trigger_price", trigger, instrument.tick);
  json.text("type", type_text(order)).close();
}

void write_fill(JsonWriter& json, const Execution& execution, const RowSource& source,
                Int128 funding) {
  const Instrument& instrument = instrument_of(source.view, execution.instrument);
  json.open().text("id", shown_fill_id(execution.id, source.box_key).view());
  json.text("account", source.address).text("side", side_text(execution.side));
  json.text("liquidity", execution.is_maker ? "MAKER" : "TAKER").text("market", instrument.symbol);
  json.text("order_id", shown_order_id(execution.order, source.box_key).view());
  write_trimmed(json, "price", execution.price.raw, instrument.tick);
  write_trimmed(json, "size", execution.quantity.raw, instrument.lot);
  write_money(json, "fee", execution.fee, source.view);
  json.text("fee_currency", asset_of(source.view, execution.fee.asset).name);
  write_money(json, "realized_pnl", execution.realised_profit, source.view);
  write_money(json, "realized_funding", {-funding, instrument.settle}, source.view);
  json.text("underlying_price", "").number("created_at", execution.time.ms());
  write_trimmed(json, "remaining_size", execution.remaining.raw, instrument.lot);
  json.text("client_id", execution.client_order_id.view());
  json.number("orderbook_seq_no", static_cast<std::int64_t>(execution.id.raw));
  json.text("fill_type", fill_type(execution.kind)).key("flags").open_list().close_list().close();
}

void write_funding_payment(JsonWriter& json, const Execution& execution, FillId fill,
                           const RowSource& source) {
  const Instrument& instrument = instrument_of(source.view, execution.instrument);
  const auto shown = [&](FillId id) { return shown_fill_id(id, source.box_key); };
  json.open().text("account", source.address).number("created_at", execution.time.ms());
  json.text("fill_id", fill.raw == 0 ? ShownId().view() : shown(fill).view());
  // The index of that time is not kept.
  json.text("id", shown(execution.id).view()).text("index", "").text("market", instrument.symbol);
  write_money(json, "payment", -execution.fee, source.view);
  json.close();
}

void write_position(JsonWriter& json, AccountId account, const Position& position,
                    const RowSource& source) {
  const View& view = source.view;
  const Instrument& instrument = instrument_of(view, position.instrument);
  const bool is_open = position.size.raw != 0;
  json.open().text("id", fmt::format("{}-{}", source.address, instrument.symbol));
  json.text("account", source.address).text("market", instrument.symbol);
  json.text("status", is_open ? "OPEN" : "CLOSED");
  json.text("side", position.size.raw < 0 ? "SHORT" : "LONG");
  write_trimmed(json, "size", position.size.raw, instrument.lot);
  write_entry(json, position, instrument, view);
  // The former less fees and funding since it was last flat; the latter since the account began,
  // of which no part is kept for itself.
  write_money(json, "realized_positional_pnl", position.open_realised, view);
  write_money(json, "realized_positional_funding_pnl", -position.funding, view);
  write_unrealised(json, account, position, instrument, view);
  json.number_text("leverage", view.leverage(account, instrument.id));
  json.text("last_fill_id", last_fill_id(account, instrument.id, source).view());
  json.number("seq_no", source.seq_no).number("created_at", position.opened.ms());
  json.number("last_updated_at", position.updated.ms());
  json.number("closed_at", is_open ? 0 : position.updated.ms()).close();
}

void write_account(JsonWriter& json, AccountId account, const RowSource& source) {
  const View& view = source.view;
  const Asset& asset = settlement_asset(view);
  const MarginSummary margin = view.margin(account, asset.id);
  // What backs isolated positions is part of what is owned.
  const Money value = margin.equity() + margin.isolated;
  json.open().text("account", source.address);
  write_money(json, "account_value", value, view);
  write_money(json, "total_collateral", margin.cash, view);
  write_money(json, "free_collateral", margin.available(), view);
  write_money(json, "initial_margin_requirement", margin.position_initial + margin.order_initial,
              view);
  write_money(json, "maintenance_margin_requirement", margin.maintenance, view);
  const Money cushion = margin.equity() - margin.maintenance;
  write_money(json, "margin_cushion", cushion, view);
  json.text("settlement_asset", asset.name);
  json.text("status", cushion.units < 0 ? "LIQUIDATION" : "ACTIVE");
  json.number("seq_no", source.seq_no).number("updated_at", view.time().ms()).close();
}

void write_balance(JsonWriter& json, AccountId account, const Asset& asset,
                   const RowSource& source) {
  json.open().text("token", asset.name);
  write_money(json, "size", source.view.balance(account, asset.id).cash, source.view);
  json.number("last_updated_at", source.view.time().ms()).close();
}

void write_transfer(JsonWriter& json, const Transfer& transfer, const RowSource& source) {
  const bool comes_in = transfer.amount.units >= 0;
  const Money amount{magnitude(transfer.amount.units), transfer.amount.asset};
  json.open().number_text("id", static_cast<std::int64_t>(transfer.sequence));
  json.text("account", source.address).text("kind", comes_in ? "DEPOSIT" : "WITHDRAWAL");
  json.text("direction", comes_in ? "IN" : "OUT").text("status", "COMPLETED");
  write_money(json, "amount", amount, source.view);
  json.text("token", asset_of(source.view, amount.asset).name);
  json.number("created_at", transfer.time.ms()).number("last_updated_at", transfer.time.ms());
  // There is no chain behind it; the number stands for its transaction.
  json.text("txn_hash", fmt::format("0x{:x}", transfer.sequence));
  write_empty(json, {"external_txn_hash", "socialized_loss_factor"});
  json.close();
}

}  // namespace venuebox::venues::paradex
