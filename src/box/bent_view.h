// What faults let clients see of an exchange in place of what is there. Only whoever answers a
// struck request looks through these; the engine and everybody else see what is there.
#pragma once

#include "base/time.h"
#include "model/view.h"

namespace venuebox::box {

// What is hidden; nothing unless it says so.
struct Blinds {
  bool instruments = false;         // no symbol is found
  bool balances = false;            // nothing is owned, and no position open
  Timestamp shown_before = kNever;  // orders, executions and transfers from then on are not listed
};

class BentView final : public View {
 public:
  BentView(const View& view, const Blinds& blinds) : view_(view), blinds_(blinds) {}

  Timestamp time() const override { return view_.time(); }
  std::uint64_t sequence() const override { return view_.sequence(); }
  Timestamp next_due() const override { return view_.next_due(); }
  std::span<const Asset> assets() const override { return view_.assets(); }
  std::span<const Instrument> instruments() const override { return view_.instruments(); }
  const Asset* find_asset(std::string_view name) const override { return view_.find_asset(name); }
  const Instrument* find_instrument(std::string_view symbol, InstrumentKindOf) const override;

  std::size_t depth(InstrumentId, Side, std::span<BookLevel> out) const override;
  void level_orders(InstrumentId, Side, Ticks, Visitor<RestingOrder>) const override;
  std::uint64_t book_version(InstrumentId id) const override { return view_.book_version(id); }
  std::optional<Ticks> last_price(InstrumentId id) const override { return view_.last_price(id); }
  std::optional<MarkPrice> mark_price(InstrumentId id) const override;
  std::optional<MarkPrice> index_price(InstrumentId id) const override;
  DayStatistics day_statistics(InstrumentId id) const override { return view_.day_statistics(id); }
  bool traded(InstrumentId, Resolution, Visitor<Candle>) const override;
  const Past* past() const override { return view_.past(); }
  Lots open_interest(InstrumentId id) const override { return view_.open_interest(id); }
  FundingState funding(InstrumentId id) const override { return view_.funding(id); }
  void funding_history(InstrumentId, Visitor<FundingRow>) const override;
  void trades(InstrumentId, Visitor<Trade>) const override;

  std::uint32_t account_count() const override { return view_.account_count(); }
  Timestamp dead_man_due(AccountId account) const override { return view_.dead_man_due(account); }
  Balance balance(AccountId, AssetId) const override;
  int leverage(AccountId, InstrumentId) const override;
  MarginMode margin_mode(AccountId, InstrumentId) const override;
  PositionMode position_mode(AccountId, InstrumentId) const override;
  FeeRates fee_rates(AccountId, InstrumentId) const override;
  AccountId parent(AccountId account) const override { return view_.parent(account); }
  Position position(AccountId, InstrumentId, PositionSide) const override;
  PositionRisk risk(AccountId, const Position&) const override;
  MarginSummary margin(AccountId, AssetId settle) const override;
  Money insurance(AssetId asset) const override { return view_.insurance(asset); }

  std::optional<Order> live_order(OrderId) const override;
  std::optional<Order> live_order(AccountId, const ClientOrderId&) const override;
  void live_orders(AccountId, Visitor<Order>) const override;
  void closed_orders(AccountId, Visitor<Order>) const override;
  void executions(AccountId, Visitor<Execution>) const override;
  void transfers(AccountId, Visitor<Transfer>) const override;

 private:
  bool shows(Timestamp time) const { return time < blinds_.shown_before; }

  const View& view_;
  Blinds blinds_;
};

}  // namespace venuebox::box
