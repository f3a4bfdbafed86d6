#include "engine/records.h"

#include <algorithm>

namespace venuebox::engine {
namespace {
constexpr std::int64_t kMinuteNs = 60'000'000'000;
constexpr std::int64_t kDayMinutes = 1'440;

std::int64_t minute_of(Timestamp time) { return time.ns / kMinuteNs; }

template <class T>
void newest_first(const std::deque<T>& items, const Visitor<T>& visit) {
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    if (!visit(*item)) return;
  }
}

template <class T>
void put_items(ByteWriter& out, const std::deque<T>& items) {
  out.put(static_cast<std::uint32_t>(items.size()));
  for (const T& item : items)
    out.put(item);
}

template <class T>
void get_items(ByteReader& in, std::deque<T>& items) {
  std::uint32_t size = 0;
  in.get(size);
  items.clear();
  for (std::uint32_t i = 0; i < size && in.ok(); ++i)
    in.get(items.emplace_back());
}
}  // namespace

Records::History& Records::history(AccountId account) {
  if (histories_.size() <= account.raw) histories_.resize(account.raw + 1);
  return histories_[account.raw];
}

Records::Tape& Records::tape(InstrumentId instrument) {
  if (tapes_.size() <= instrument.raw) tapes_.resize(instrument.raw + 1);
  return tapes_[instrument.raw];
}

std::optional<Order> Records::add_closed(const Order& order) {
  auto& closed = history(order.account).closed;
  closed.push_back(order);
  if (closed.size() <= kClosedOrdersMax) return std::nullopt;
  const Order oldest = closed.front();
  closed.pop_front();
  return oldest;
}

void Records::add_execution(AccountId account, const Execution& execution) {
  auto& executions = history(account).executions;
  executions.push_back(execution);
  if (executions.size() > kExecutionsMax) executions.pop_front();
}

void Records::add_trade(InstrumentId instrument, const Trade& trade) {
  Tape& tape = this->tape(instrument);
  tape.trades.push_back(trade);
  if (tape.trades.size() > kTradesMax) tape.trades.pop_front();

  const std::int64_t index = minute_of(trade.time);
  if (tape.minutes.empty() || tape.minutes.back().index != index) {
    tape.minutes.push_back({.index = index,
                            .first = trade.price,
                            .high = trade.price,
                            .low = trade.price,
                            .volume = {},
                            .turnover = 0});
    while (tape.minutes.front().index + kDayMinutes < index)
      tape.minutes.pop_front();
  }
  Minute& minute = tape.minutes.back();
  minute.high = std::max(minute.high, trade.price);
  minute.low = std::min(minute.low, trade.price);
  minute.volume += trade.quantity;
  minute.turnover += static_cast<Int128>(trade.price.raw) * trade.quantity.raw;
}

void Records::closed_orders(AccountId account, Visitor<Order> visit) const {
  if (account.raw < histories_.size()) newest_first(histories_[account.raw].closed, visit);
}

void Records::executions(AccountId account, Visitor<Execution> visit) const {
  if (account.raw < histories_.size()) newest_first(histories_[account.raw].executions, visit);
}

void Records::trades(InstrumentId instrument, Visitor<Trade> visit) const {
  if (instrument.raw < tapes_.size()) newest_first(tapes_[instrument.raw].trades, visit);
}

std::optional<Ticks> Records::last_price(InstrumentId instrument) const {
  if (instrument.raw >= tapes_.size() || tapes_[instrument.raw].trades.empty()) return {};
  return tapes_[instrument.raw].trades.back().price;
}

DayStatistics Records::day_statistics(InstrumentId instrument, Timestamp now) const {
  DayStatistics day;
  if (instrument.raw >= tapes_.size()) return day;
  for (const Minute& minute : tapes_[instrument.raw].minutes) {
    if (minute.index + kDayMinutes <= minute_of(now)) continue;
    if (day.first.raw == 0) {
      day.first = minute.first;
      day.low = minute.low;
    }
    day.high = std::max(day.high, minute.high);
    day.low = std::min(day.low, minute.low);
    day.volume += minute.volume;
    day.turnover += minute.turnover;
  }
  return day;
}

void Records::save(ByteWriter& out) const {
  out.put(static_cast<std::uint32_t>(histories_.size()));
  for (const History& history : histories_) {
    put_items(out, history.closed);
    put_items(out, history.executions);
  }
  out.put(static_cast<std::uint32_t>(tapes_.size()));
  for (const Tape& tape : tapes_) {
    put_items(out, tape.trades);
    put_items(out, tape.minutes);
  }
}

void Records::load(ByteReader& in) {
  std::uint32_t size = 0;
  in.get(size);
  histories_.clear();
  for (std::uint32_t i = 0; i < size && in.ok(); ++i) {
    History& history = histories_.emplace_back();
    get_items(in, history.closed);
    get_items(in, history.executions);
  }
  in.get(size);
  tapes_.clear();
  for (std::uint32_t i = 0; i < size && in.ok(); ++i) {
    Tape& tape = tapes_.emplace_back();
    get_items(in, tape.trades);
    get_items(in, tape.minutes);
  }
}

}  // namespace venuebox::engine
