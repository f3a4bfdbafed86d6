#include "engine/records.h"

#include <algorithm>

namespace venuebox::engine {
namespace {
constexpr std::int64_t kMinuteNs = 60'000'000'000;

std::int64_t minute_of(Timestamp time) { return time.ns / kMinuteNs; }

template <class Ring, class Visit>
void newest_first(const Ring& ring, const Visit& visit) {
  for (std::uint64_t at = ring.newest(); const auto* item = ring.find(at); --at) {
    if (!visit(*item)) return;
  }
}

template <class Ring, class Visit>
void chain(const Ring& ring, std::uint64_t newest, const Visit& visit) {
  const auto* entry = ring.find(newest);
  while (entry && visit(entry->value))
    entry = ring.find(entry->previous);
}
}  // namespace

Order& Records::add_closed(AccountId account) {
  auto& entry = closed_.push();
  entry.account = account;
  entry.previous = std::exchange(newest_[account.raw].closed, closed_.newest());
  return entry.value;
}

Execution& Records::add_execution(AccountId account) {
  auto& entry = executions_.push();
  entry.account = account;
  entry.previous = std::exchange(newest_[account.raw].execution, executions_.newest());
  return entry.value;
}

void Records::add_trade(InstrumentId instrument, const Trade& trade) {
  Tape& tape = tapes_[instrument.raw];
  tape.trades.push() = trade;

  const std::int64_t index = minute_of(trade.time);
  Minute* minute = tape.minutes.find(tape.minutes.newest());
  if (!minute || minute->index != index) {
    minute = &tape.minutes.push();
    *minute = {.index = index,
               .first = trade.price,
               .high = trade.price,
               .low = trade.price,
               .volume = {},
               .turnover = 0};
  }
  minute->high = std::max(minute->high, trade.price);
  minute->low = std::min(minute->low, trade.price);
  minute->volume += trade.quantity;
  minute->turnover += static_cast<Int128>(trade.price.raw) * trade.quantity.raw;
}

void Records::closed_orders(AccountId account, Visitor<Order> visit) const {
  if (account.raw < newest_.size()) chain(closed_, newest_[account.raw].closed, visit);
}

void Records::executions(AccountId account, Visitor<Execution> visit) const {
  if (account.raw < newest_.size()) chain(executions_, newest_[account.raw].execution, visit);
}

void Records::trades(InstrumentId instrument, Visitor<Trade> visit) const {
  if (instrument.raw < tapes_.size()) newest_first(tapes_[instrument.raw].trades, visit);
}

DayStatistics Records::day_statistics(InstrumentId instrument, Timestamp now) const {
  DayStatistics day;
  if (instrument.raw >= tapes_.size()) return day;
  newest_first(tapes_[instrument.raw].minutes, [&](const Minute& minute) {
    if (minute.index + kDayMinutes <= minute_of(now)) return false;
    day.first = minute.first;
    day.low = day.low.raw == 0 ? minute.low : std::min(day.low, minute.low);
    day.high = std::max(day.high, minute.high);
    day.volume += minute.volume;
    day.turnover += minute.turnover;
    return true;
  });
  return day;
}

void Records::save(ByteWriter& out) const {
  out.put(closed_);
  out.put(executions_);
  out.put(newest_);
  out.put(tapes_);
}

void Records::load(ByteReader& in) {
  in.get(closed_);
  in.get(executions_);
  in.get(newest_);
  in.get(tapes_);
}

}  // namespace venuebox::engine
