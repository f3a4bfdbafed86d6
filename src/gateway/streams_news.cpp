// What commands do to accounts that somebody listens for: gathered command by command, so that an
// order is told as each command left it.
#include <algorithm>

#include "gateway/streams.h"

namespace venuebox::gateway {
namespace {
// Of one instrument in one turn. Only a clock that is moved by hours brings more.
constexpr std::size_t kTradesPerTurnMax = 10'000;
}  // namespace

void Streams::TurnTrades::add(const Trade& trade) {
  trades_.push_back(trade);
  if (trades_.size() < 2 * kTradesPerTurnMax) return;
  trades_.erase(trades_.begin(), trades_.begin() + kTradesPerTurnMax);
  dropped_ += kTradesPerTurnMax;
}

std::span<const Trade> Streams::TurnTrades::after(std::size_t count) const {
  const std::size_t first =
      std::max(count, this->count() - std::min(this->count(), kTradesPerTurnMax));
  return std::span(trades_).subspan(first - dropped_);
}

void Streams::observe(std::span<const Event> events, const View& view) {
  if (feeds_.empty()) return;
  for (const Event& event : events)
    note(event, view);
  if (!touched_.empty()) describe_orders(view);
  if (!filled_.empty()) describe_fills(view);
}

AccountNews* Streams::news_of(AccountId account) {
  const auto listened = listened_.find(account);
  return listened == listened_.end() ? nullptr : &listened->second.news;
}

void Streams::note(const Event& event, const View& view) {
  if (const auto* fill = std::get_if<Fill>(&event)) {
    note_fill(*fill, view);
  } else if (const auto* accepted = std::get_if<OrderAccepted>(&event)) {
    note_order(accepted->order.account, accepted->order.id);
  } else if (const auto* cancelled = std::get_if<OrderCancelled>(&event)) {
    note_order(cancelled->account, cancelled->order);
  } else if (const auto* amended = std::get_if<OrderAmended>(&event)) {
    note_order(amended->account, amended->order);
  } else if (const auto* triggered = std::get_if<OrderTriggered>(&event)) {
    note_order(triggered->account, triggered->order, true);
  } else {
    note_account(event);
  }
}

void Streams::note_account(const Event& event) {
  const auto money_of = [&](AccountId account) {
    if (AccountNews* news = news_of(account)) news->balances = true;
  };
  const auto position_of = [&](const auto& changed) {
    if (AccountNews* news = news_of(changed.account)) note_position(*news, changed.instrument);
  };
  if (const auto* leverage = std::get_if<LeverageChanged>(&event)) {
    position_of(*leverage);
  } else if (const auto* position_mode = std::get_if<PositionModeChanged>(&event)) {
    position_of(*position_mode);
  } else if (const auto* margin_mode = std::get_if<MarginModeChanged>(&event)) {
    position_of(*margin_mode);
    money_of(margin_mode->account);
  } else if (const auto* margin = std::get_if<MarginChanged>(&event)) {
    position_of(*margin);
    money_of(margin->account);
  } else if (const auto* funding = std::get_if<FundingPaid>(&event)) {
    note_booking(funding->account, funding->instrument);
  } else if (const auto* loss = std::get_if<LossShared>(&event)) {
    note_booking(loss->account, loss->instrument);
  } else if (const auto* deposited = std::get_if<Deposited>(&event)) {
    money_of(deposited->account);
  } else if (const auto* transferred = std::get_if<Transferred>(&event)) {
    money_of(transferred->account);
    money_of(transferred->to);
  }
}

void Streams::note_booking(AccountId account, InstrumentId instrument) {
  AccountNews* news = news_of(account);
  if (!news) return;
  note_position(*news, instrument);
  news->balances = true;
  ++filled_[account].bookings;
}

void Streams::note_order(AccountId account, OrderId order, bool has_triggered) {
  if (!listened_.contains(account)) return;
  const auto known = std::ranges::find(touched_, order, &TouchedOrder::order);
  if (known == touched_.end()) {
    touched_.push_back({account, order, has_triggered});
  } else {
    known->has_triggered |= has_triggered;
  }
}

void Streams::note_fill(const Fill& fill, const View& view) {
  const Trade trade{fill.id, fill.taker_side, fill.price, fill.quantity, view.time()};
  // What the exchange closes by itself is no trade of the book.
  if (fill.kind == FillKindOf::trade) trades_[fill.instrument].add(trade);
  if (fill.kind == FillKindOf::liquidation) liquidations_[fill.instrument].add(trade);
  for (const FillParty* party : {&fill.maker, &fill.taker}) {
    if (!listened_.contains(party->account)) continue;
    note_order(party->account, party->order);
    std::optional<FillId>& first = filled_[party->account].first;
    if (!first) first = fill.id;
  }
}

void Streams::note_position(AccountNews& news, InstrumentId instrument) {
  if (std::ranges::find(news.positions, instrument) == news.positions.end()) {
    news.positions.push_back(instrument);
  }
}

// Looks up the orders that the command's events named: those that live one by one, and those that
// have ended in one pass over each account's last ones.
void Streams::describe_orders(const View& view) {
  std::map<AccountId, std::size_t> missing;
  std::map<OrderId, std::optional<Order>> found;
  for (const TouchedOrder& touched : touched_) {
    auto& order = found[touched.order] = view.live_order(touched.order);
    if (!order) ++missing[touched.account];
  }
  for (auto& [account, left] : missing) {
    view.closed_orders(account, [&, &count = left](const Order& closed) {
      const auto at = found.find(closed.id);
      if (at != found.end() && !at->second) at->second = closed, --count;
      return count > 0;
    });
  }
  for (const TouchedOrder& touched : touched_) {
    std::optional<Order>& order = found[touched.order];
    if (!order) continue;  // More ended at once than are remembered.
    AccountNews& news = *news_of(touched.account);
    note_position(news, order->instrument);
    news.balances = true;
    news.orders.push_back({std::move(*order), touched.has_triggered});
  }
  touched_.clear();
}

void Streams::describe_fills(const View& view) {
  for (const auto& [account, filled] : filled_) {
    auto& executions = news_of(account)->executions;
    const auto old = static_cast<std::ptrdiff_t>(executions.size());
    view.executions(account, [&, first = filled.first,
                              left = filled.bookings](const Execution& execution) mutable {
      const bool is_booking = execution.order.raw == 0;
      const bool is_new = is_booking ? left > 0 : first && execution.id >= *first;
      if (is_new) executions.push_back(execution);
      if (is_new && is_booking) --left;
      return is_new;
    });
    std::reverse(executions.begin() + old, executions.end());
  }
  filled_.clear();
}

}  // namespace venuebox::gateway
