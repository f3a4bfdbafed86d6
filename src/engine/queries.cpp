// What may be read of an exchange between two commands.
#include "engine/engine.h"

namespace venuebox::engine {

const Asset* Engine::find_asset(std::string_view name) const {
  for (const Asset& asset : ledger_.assets()) {
    if (asset.name == name) return &asset;
  }
  return nullptr;
}

const Instrument* Engine::find_instrument(std::string_view symbol, InstrumentKindOf kind) const {
  for (const Instrument& instrument : ledger_.instruments()) {
    if (instrument.kind == kind && instrument.symbol == symbol) return &instrument;
  }
  return nullptr;
}

std::size_t Engine::depth(InstrumentId id, Side side, std::span<BookLevel> out) const {
  std::size_t count = 0;
  if (out.empty()) return 0;
  market(id).book.each_level(orders_, side, [&](const BookLevel& level) {
    out[count++] = level;
    return count < out.size();
  });
  return count;
}

void Engine::level_orders(InstrumentId id, Side side, Ticks price,
                          Visitor<RestingOrder> visit) const {
  market(id).book.each_order(orders_, side, price, [&](Slot slot) {
    const RestingNode& node = orders_.resting(slot);
    return visit({node.id, orders_.node(slot).account, orders_.node(slot).quantity,
                  orders_.remaining(slot)});
  });
}

std::uint64_t Engine::book_version(InstrumentId id) const { return market(id).book.version(); }

std::optional<Ticks> Engine::last_price(InstrumentId id) const {
  const Ticks last = market(id).last;
  return last.raw == 0 ? std::nullopt : std::optional(last);
}

std::optional<MarkPrice> Engine::index_price(InstrumentId id) const {
  const MarkPrice index = market(id).index;
  return index.raw == 0 ? std::nullopt : std::optional(index);
}

std::optional<MarkPrice> Engine::mark_price(InstrumentId id) const {
  const Market& market = this->market(id);
  const Ticks bid = market.book.best(Side::buy);
  const Ticks ask = market.book.best(Side::sell);
  const Ticks last = market.last;
  if (bid.raw == 0 || ask.raw == 0) {
    return last.raw == 0 ? std::nullopt : std::optional(MarkPrice{last.raw * kMarkPerTick});
  }
  if (last.raw == 0) return MarkPrice{(bid.raw + ask.raw) * (kMarkPerTick / 2)};
  return MarkPrice{std::clamp(last, bid, ask).raw * kMarkPerTick};
}

DayStatistics Engine::day_statistics(InstrumentId id) const {
  return records_.day_statistics(id, time_);
}

void Engine::minutes(InstrumentId id, Visitor<TradedMinute> visit) const {
  records_.minutes(id, visit);
}

Lots Engine::open_interest(InstrumentId id) const {
  Lots sum;
  for (std::uint32_t i = 0; i < ledger_.account_count(); ++i) {
    const std::int64_t size = ledger_.position_size(AccountId{i}, id);
    if (size > 0) sum.raw += size;
  }
  return sum;
}

Timestamp Engine::dead_man_due(AccountId account) const { return dead_men_[account.raw].due; }

void Engine::trades(InstrumentId id, Visitor<Trade> visit) const { records_.trades(id, visit); }

Balance Engine::balance(AccountId account, AssetId asset) const {
  return ledger_.balance(account, asset);
}

int Engine::leverage(AccountId account, InstrumentId id) const {
  return ledger_.leverage(account, ledger_.instrument(id));
}

Position Engine::position(AccountId account, InstrumentId id) const {
  return ledger_.position(account, id);
}

// Zero while no mark is known: a position cannot exist before something traded.
Money Engine::unrealised_profit(const Position& position) const {
  const Instrument& instrument = ledger_.instrument(position.instrument);
  const auto mark = mark_price(position.instrument);
  if (!mark || position.size.raw == 0) return {0, instrument.settle};
  return value_at_mark(position.size, *mark, instrument) - position.entry_value;
}

// The larger of what an account's longs and what its shorts would come to if every open order of
// that side filled, in settlement units. The position counts as `held`, orders at their own price;
// `extra` in ticks * lots.
Int128 Engine::perpetual_worst(const Instrument& instrument, const Holding& holding, Int128 held,
                               Int128 extra_buys, Int128 extra_sells) {
  const Int128 unit = instrument.units_per_tick_lot;
  const Int128 buys = multiply(holding.exposure.buy_value + extra_buys, unit);
  const Int128 sells = multiply(holding.exposure.sell_value + extra_sells, unit);
  return std::max({held + buys, sells - held, Int128{0}});
}

// A position's signed value at mark, in settlement units; 0 while no mark is known.
Int128 Engine::position_value(const Instrument& instrument, SignedLots size) const {
  if (size.raw == 0) return 0;
  const auto mark = mark_price(instrument.id);
  return mark ? value_at_mark(size, *mark, instrument).units : 0;
}

// What one perpetual demands of its settlement asset.
Int128 Engine::perpetual_requirement(const Instrument& instrument, AccountId account) const {
  const Holding& holding = ledger_.holding(account, instrument.id);
  const Int128 held = position_value(instrument, holding.size);
  const Int128 worst = perpetual_worst(instrument, holding, held, 0, 0);
  return worst == 0 ? 0 : div_ceil(worst, ledger_.leverage(account, instrument));
}

Money Engine::position_margin(AccountId account, InstrumentId id) const {
  const Instrument& instrument = ledger_.instrument(id);
  const Position position = ledger_.position(account, id);
  const auto mark = mark_price(id);
  if (position.size.raw == 0 || !mark) return {0, instrument.settle};
  Int128 value = value_at_mark(position.size, *mark, instrument).units;
  if (value < 0) value = -value;
  return {div_ceil(value, ledger_.leverage(account, instrument)), instrument.settle};
}

MarginSummary Engine::margin(AccountId account, AssetId settle) const {
  const Balance balance = ledger_.balance(account, settle);
  const Money nothing{0, settle};
  MarginSummary summary{balance.cash, balance.held, nothing, nothing, nothing};
  const auto& holdings = ledger_.account(account).holdings;
  for (std::size_t i = 0; i < holdings.size(); ++i) {
    const Instrument& instrument = ledger_.instruments()[i];
    if (instrument.is_spot() || instrument.settle != settle) continue;
    summary.unrealised += unrealised_profit(ledger_.position(account, instrument.id));
    const Money position_initial = position_margin(account, instrument.id);
    summary.position_initial += position_initial;
    summary.order_initial.units +=
        perpetual_requirement(instrument, account) - position_initial.units;
  }
  return summary;
}

std::optional<Order> Engine::live_order(OrderId id) const {
  const Slot slot = orders_.find(id);
  if (slot == kNoSlot) return std::nullopt;
  return described(slot);
}

std::optional<Order> Engine::live_order(AccountId account, const ClientOrderId& client_id) const {
  const Slot slot = find_live(account, {}, client_id);
  return slot == kNoSlot ? std::nullopt : live_order(orders_.resting(slot).id);
}

void Engine::live_orders(AccountId account, Visitor<Order> visit) const {
  if (account.raw >= account_orders_.size()) return;
  for (Slot slot = account_orders_[account.raw]; slot != kNoSlot; slot = orders_.links(slot).next) {
    if (!visit(described(slot))) return;
  }
}

void Engine::closed_orders(AccountId account, Visitor<Order> visit) const {
  records_.closed_orders(account, client_ids_, visit);
}

void Engine::executions(AccountId account, Visitor<Execution> visit) const {
  records_.executions(account, client_ids_, visit);
}

void Engine::transfers(AccountId account, Visitor<Transfer> visit) const {
  records_.transfers(account, visit);
}

}  // namespace venuebox::engine
