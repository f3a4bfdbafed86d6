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
  book(id).each_level(side, [&](Ticks price, const auto& level) {
    if (count == out.size()) return false;
    out[count++] = {price, level.quantity};
    return true;
  });
  return count;
}

void Engine::level_orders(InstrumentId id, Side side, Ticks price, Visitor<Order> visit) const {
  const auto* level = book(id).level(side, price);
  if (!level) return;
  for (Slot slot = level->head; slot != kNoSlot; slot = pool_[slot].level_next) {
    if (!visit(pool_[slot].order)) return;
  }
}

std::uint64_t Engine::book_version(InstrumentId id) const { return book(id).version(); }

std::optional<Ticks> Engine::last_price(InstrumentId id) const { return records_.last_price(id); }

std::optional<MarkPrice> Engine::mark_price(InstrumentId id) const {
  const auto bid = book(id).best(Side::buy);
  const auto ask = book(id).best(Side::sell);
  const auto last = last_price(id);
  if (!bid || !ask) {
    return last ? std::optional(MarkPrice{last->raw * kMarkPerTick}) : std::nullopt;
  }
  if (!last) return MarkPrice{(bid->raw + ask->raw) * (kMarkPerTick / 2)};
  return MarkPrice{std::clamp(*last, *bid, *ask).raw * kMarkPerTick};
}

DayStatistics Engine::day_statistics(InstrumentId id) const {
  return records_.day_statistics(id, time_);
}

Lots Engine::open_interest(InstrumentId id) const {
  Lots sum;
  for (std::uint32_t i = 0; i < ledger_.account_count(); ++i) {
    const auto& positions = ledger_.account(AccountId{i}).positions;
    if (id.raw < positions.size() && positions[id.raw].size.raw > 0) {
      sum.raw += positions[id.raw].size.raw;
    }
  }
  return sum;
}

void Engine::trades(InstrumentId id, Visitor<Trade> visit) const { records_.trades(id, visit); }

Balance Engine::balance(AccountId account, AssetId asset) const {
  return ledger_.balance(account, asset);
}

int Engine::leverage(AccountId account, InstrumentId id) const {
  return ledger_.leverage(account, id);
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

// What one perpetual demands of its settlement asset: the larger of what its longs and what its
// shorts would come to if every open order of that side filled, divided by the leverage. Position
// at mark, orders at their own price; `extra` in ticks * lots.
Int128 Engine::perpetual_requirement(const Instrument& instrument, AccountId account,
                                     Int128 extra_buys, Int128 extra_sells) const {
  const Exposure exposure = ledger_.exposure(account, instrument.id);
  const SignedLots size = ledger_.position(account, instrument.id).size;
  const Int128 unit = instrument.units_per_tick_lot;
  const Int128 buys = multiply(exposure.buy_value + extra_buys, unit);
  const Int128 sells = multiply(exposure.sell_value + extra_sells, unit);
  Int128 held = 0;
  if (size.raw != 0) {
    if (const auto mark = mark_price(instrument.id)) {
      held = value_at_mark(size, *mark, instrument).units;
    }
  }
  const Int128 worst = std::max({held + buys, sells - held, Int128{0}});
  return div_ceil(worst, ledger_.leverage(account, instrument.id));
}

Money Engine::position_margin(AccountId account, InstrumentId id) const {
  const Instrument& instrument = ledger_.instrument(id);
  const Position position = ledger_.position(account, id);
  const auto mark = mark_price(id);
  if (position.size.raw == 0 || !mark) return {0, instrument.settle};
  Int128 value = value_at_mark(position.size, *mark, instrument).units;
  if (value < 0) value = -value;
  return {div_ceil(value, ledger_.leverage(account, id)), instrument.settle};
}

MarginSummary Engine::margin(AccountId account, AssetId settle) const {
  const Balance balance = ledger_.balance(account, settle);
  const Money nothing{0, settle};
  MarginSummary summary{balance.cash, balance.held, nothing, nothing, nothing};
  const auto& owner = ledger_.account(account);
  const std::size_t touched = std::max(owner.positions.size(), owner.exposures.size());
  for (std::size_t i = 0; i < touched; ++i) {
    const Instrument& instrument = ledger_.instruments()[i];
    if (instrument.is_spot() || instrument.settle != settle) continue;
    summary.unrealised += unrealised_profit(ledger_.position(account, instrument.id));
    const Money position_initial = position_margin(account, instrument.id);
    summary.position_initial += position_initial;
    summary.order_initial.units +=
        perpetual_requirement(instrument, account, 0, 0) - position_initial.units;
  }
  return summary;
}

const Order* Engine::live_order(OrderId id) const {
  const auto at = slots_.find(id);
  return at == slots_.end() ? nullptr : &pool_[at->second].order;
}

const Order* Engine::live_order(AccountId account, const ClientOrderId& client_id) const {
  const Slot slot = find_live(account, {}, client_id);
  return slot == kNoSlot ? nullptr : &pool_[slot].order;
}

void Engine::live_orders(AccountId account, Visitor<Order> visit) const {
  if (account.raw >= account_orders_.size()) return;
  for (Slot slot = account_orders_[account.raw]; slot != kNoSlot; slot = pool_[slot].account_next) {
    if (!visit(pool_[slot].order)) return;
  }
}

void Engine::closed_orders(AccountId account, Visitor<Order> visit) const {
  records_.closed_orders(account, visit);
}

void Engine::executions(AccountId account, Visitor<Execution> visit) const {
  records_.executions(account, visit);
}

}  // namespace venuebox::engine
