#include "box/bent_view.h"

namespace venuebox::box {

const Instrument* BentView::find_instrument(std::string_view symbol, InstrumentKindOf kind) const {
  return blinds_.instruments ? nullptr : view_.find_instrument(symbol, kind);
}

Balance BentView::balance(AccountId account, AssetId asset) const {
  if (!blinds_.balances) return view_.balance(account, asset);
  return {.cash = {0, asset}, .held = {0, asset}, .isolated = {0, asset}};
}

Position BentView::position(AccountId account, InstrumentId instrument, PositionSide side) const {
  if (!blinds_.balances) return view_.position(account, instrument, side);
  const AssetId settle = view_.instruments()[instrument.raw].settle;
  const Money none{0, settle};
  return {.instrument = instrument,
          .side = side,
          .entry_value = none,
          .margin = none,
          .realised_profit = none,
          .fees = none,
          .funding = none,
          .open_realised = none};
}

MarginSummary BentView::margin(AccountId account, AssetId settle) const {
  if (!blinds_.balances) return view_.margin(account, settle);
  const Money none{0, settle};
  return {none, none, none, none, none, none, none};
}

std::optional<Order> BentView::live_order(OrderId id) const {
  const auto order = view_.live_order(id);
  return order && shows(order->created) ? order : std::nullopt;
}

std::optional<Order> BentView::live_order(AccountId account, const ClientOrderId& id) const {
  const auto order = view_.live_order(account, id);
  return order && shows(order->created) ? order : std::nullopt;
}

void BentView::live_orders(AccountId account, Visitor<Order> visit) const {
  view_.live_orders(account, [&](const Order& row) { return !shows(row.created) || visit(row); });
}

void BentView::closed_orders(AccountId account, Visitor<Order> visit) const {
  view_.closed_orders(account, [&](const Order& row) { return !shows(row.created) || visit(row); });
}

void BentView::executions(AccountId account, Visitor<Execution> visit) const {
  view_.executions(account, [&](const Execution& row) { return !shows(row.time) || visit(row); });
}

void BentView::transfers(AccountId account, Visitor<Transfer> visit) const {
  view_.transfers(account, [&](const Transfer& row) { return !shows(row.time) || visit(row); });
}

// ---- what is never bent -------------------------------------------------------------------------

std::size_t BentView::depth(InstrumentId id, Side side, std::span<BookLevel> out) const {
  return view_.depth(id, side, out);
}
void BentView::level_orders(InstrumentId id, Side side, Ticks price,
                            Visitor<RestingOrder> visit) const {
  view_.level_orders(id, side, price, visit);
}
std::optional<MarkPrice> BentView::mark_price(InstrumentId id) const {
  return view_.mark_price(id);
}
std::optional<MarkPrice> BentView::index_price(InstrumentId id) const {
  return view_.index_price(id);
}
bool BentView::traded(InstrumentId id, Resolution resolution, Visitor<Candle> visit) const {
  return view_.traded(id, resolution, visit);
}
void BentView::funding_history(InstrumentId id, Visitor<FundingRow> visit) const {
  view_.funding_history(id, visit);
}
void BentView::trades(InstrumentId id, Visitor<Trade> visit) const { view_.trades(id, visit); }
int BentView::leverage(AccountId account, InstrumentId id) const {
  return view_.leverage(account, id);
}
MarginMode BentView::margin_mode(AccountId account, InstrumentId id) const {
  return view_.margin_mode(account, id);
}
PositionMode BentView::position_mode(AccountId account, InstrumentId id) const {
  return view_.position_mode(account, id);
}
FeeRates BentView::fee_rates(AccountId account, InstrumentId id) const {
  return view_.fee_rates(account, id);
}
PositionRisk BentView::risk(AccountId account, const Position& position) const {
  return view_.risk(account, position);
}

}  // namespace venuebox::box
