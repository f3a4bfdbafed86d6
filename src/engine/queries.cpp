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

DayStatistics Engine::day_statistics(InstrumentId id) const {
  return records_.day_statistics(id, std::max(time_, quiet_until_));
}

bool Engine::traded(InstrumentId id, Resolution resolution, Visitor<Candle> visit) const {
  return records_.traded(id, resolution, visit);
}

Lots Engine::open_interest(InstrumentId id) const {
  Lots sum;
  each_open_leg(id, [&](AccountId, LegIndex, SignedLots size) {
    sum.raw += std::max<std::int64_t>(0, size.raw);
  });
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

MarginMode Engine::margin_mode(AccountId account, InstrumentId id) const {
  return ledger_.holding(account, id).margin_mode;
}

PositionMode Engine::position_mode(AccountId account, InstrumentId id) const {
  return ledger_.holding(account, id).position_mode;
}

FeeRates Engine::fee_rates(AccountId account, InstrumentId id) const {
  return ledger_.fee_rates(account, ledger_.instrument(id));
}

AccountId Engine::parent(AccountId account) const { return ledger_.account(account).parent; }

Position Engine::position(AccountId account, InstrumentId id, PositionSide side) const {
  if (has_side(ledger_.holding(account, id).position_mode, side)) {
    return ledger_.position(account, id, leg_of(side));
  }
  const Money nothing{0, ledger_.instrument(id).settle};
  return {.instrument = id,
          .side = side,
          .entry_value = nothing,
          .margin = nothing,
          .realised_profit = nothing,
          .fees = nothing,
          .funding = nothing,
          .open_realised = nothing};
}

Money Engine::insurance(AssetId asset) const {
  const auto fund = ledger_.insurance();
  return fund ? ledger_.balance(*fund, asset).cash : Money{0, asset};
}

void Engine::funding_history(InstrumentId id, Visitor<FundingRow> visit) const {
  bool wants_more = true;
  const bool is_all = records_.fundings(id, [&](const FundingRow& row) {
    wants_more = visit(row);
    return wants_more;
  });
  if (past_ && is_all && wants_more) past_->funding_history(id, visit);
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
