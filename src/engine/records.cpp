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

constexpr Resolution kLonger[] = {Resolution::quarter, Resolution::hour, Resolution::day};

// Of a tape, the ring of one of these.
auto& stretches_of(auto& tape, Resolution resolution) {
  return tape.stretches[static_cast<std::size_t>(resolution) - 1];
}

std::int64_t stretch_start(std::int64_t minute, std::int64_t length) {
  return minute - minute % length;  // Never before 1970.
}

// A minute that is over becomes part of its stretch.
template <class Ring>
void add_minute(Ring& ring, std::int64_t length, const Candle& minute) {
  const std::int64_t start = stretch_start(minute.start, length);
  if (Candle* newest = ring.find(ring.newest()); newest && newest->start == start) {
    return append(*newest, minute);
  }
  Candle& stretch = ring.push();
  stretch = minute;
  stretch.start = start;
}

bool is_plain(const OrderDetails& d) {
  return !d.close_position && d.purpose == OrderPurpose::ordinary && d.display.raw == 0 &&
         d.attachment == Attachment::none && d.expires.ns == 0 && d.parent.raw == 0 &&
         d.linked.raw == 0 && !d.trigger && !d.take_profit && !d.stop_loss &&
         d.stops == Attachment::whole && !d.stops_stand;
}
}  // namespace

// The place for the next closed order, after what stood there is forgotten.
Records::Closed& Records::next_closed(AccountId account, ClientIds& names) {
  Closed& closed = closed_.push();
  if (closed.resting.id.raw != 0) {
    // Free for others from now on; executions may still show its text.
    if (closed.node.name != kNoName) names.set_free(closed.node.name);
    names.release(closed.node.name);
    if (closed.has_more) free_more_.push_back(closed.node.details);
  }
  closed.previous = std::exchange(newest_[account.raw].closed, closed_.newest());
  return closed;
}

void Records::add_closed(OrderId id, const RestingNode& resting, const OrderNode& node,
                         const OrderDetails* details, AssetId fee_asset, CancelReason reason,
                         ClientIds& names) {
  Closed& closed = next_closed(node.account, names);
  closed.resting = resting;
  closed.resting.id = id;
  closed.node = node;
  closed.reason = reason;
  closed.has_more = details && !is_plain(*details);
  closed.fee_asset = fee_asset;
  if (!details) {
    closed.filled = {};
    closed.filled_value = closed.fee = 0;
    return;
  }
  closed.filled = details->filled;
  closed.filled_value = details->filled_value;
  closed.fee = details->fee;
  if (details->filled.raw != 0) closed.fee_asset = details->fee_asset;
  if (!closed.has_more) return;
  if (free_more_.empty()) {
    closed.node.details = static_cast<std::uint32_t>(more_.size());
    more_.push_back(*details);
    free_more_.reserve(more_.capacity());
  } else {
    closed.node.details = free_more_.back();
    free_more_.pop_back();
    more_[closed.node.details] = *details;
  }
}

Records::OwnExecution& Records::next_execution(AccountId account, ClientIds& names) {
  OwnExecution& own = executions_.push();
  if (own.id.raw != 0) names.release(own.name);
  own.previous = std::exchange(newest_[account.raw].execution, executions_.newest());
  own.account = account;
  return own;
}

void Records::add_execution(const Fill& fill, const FillParty& party, const RestingNode& resting,
                            const OrderNode& node, bool is_maker, Rate rate, Timestamp time,
                            ClientIds& names) {
  OwnExecution& own = next_execution(node.account, names);
  own.id = fill.id;
  static_assert(
      static_cast<int>(FillKindOf::liquidation) == static_cast<int>(ExecutionKind::liquidation) &&
      static_cast<int>(FillKindOf::deleverage) == static_cast<int>(ExecutionKind::deleverage) &&
      static_cast<int>(FillKindOf::delisting) == static_cast<int>(ExecutionKind::delisting));
  own.kind = static_cast<ExecutionKind>(fill.kind);
  own.position_side = position_side_of(resting, node);
  own.rate = rate;
  own.mark = {};
  own.order = party.order;
  own.price = fill.price;
  own.quantity = fill.quantity;
  own.order_price = resting.price();
  own.order_quantity = node.quantity;
  own.remaining = party.remaining;
  own.closed = party.closed;
  own.fee = party.fee.units;
  own.realised_profit = party.realised_profit.units;
  own.time = time;
  own.instrument = fill.instrument;
  own.name = names.refer(node.name);
  own.fee_asset = party.fee.asset;
  own.profit_asset = party.realised_profit.asset;
  own.side = resting.side();
  own.order_type = node.type;
  own.is_maker = is_maker;
}

void Records::add_execution(AccountId account, const Execution& execution, ClientIds& names) {
  OwnExecution& own = next_execution(account, names);
  own.id = execution.id;
  own.kind = execution.kind;
  own.position_side = execution.position_side;
  own.rate = execution.rate;
  own.mark = execution.mark;
  own.order = execution.order;
  own.price = execution.price;
  own.quantity = execution.quantity;
  own.order_price = execution.order_price;
  own.order_quantity = execution.order_quantity;
  own.remaining = execution.remaining;
  own.closed = execution.closed;
  own.fee = execution.fee.units;
  own.realised_profit = execution.realised_profit.units;
  own.time = execution.time;
  own.instrument = execution.instrument;
  own.name = execution.client_order_id.empty()
                 ? kNoName
                 : names.keep(account, execution.client_order_id, execution.order);
  own.fee_asset = execution.fee.asset;
  own.profit_asset = execution.realised_profit.asset;
  own.side = execution.side;
  own.order_type = execution.order_type;
  own.is_maker = execution.is_maker;
}

Order Records::order_of(const Closed& closed, const ClientIds& names) const {
  const OrderDetails* more = closed.has_more ? &more_[closed.node.details] : nullptr;
  Order order = engine::order_of(closed.resting, closed.node, more, closed.fee_asset,
                                 names.text(closed.node.name));
  order.filled = closed.filled;
  order.filled_value = closed.filled_value;
  order.fee = {closed.fee, closed.fee_asset};
  order.cancel_reason = closed.reason;
  order.shown = {};
  return order;
}

Execution Records::execution_of(const OwnExecution& own, const ClientIds& names) {
  return {.id = own.id,
          .kind = own.kind,
          .instrument = own.instrument,
          .side = own.side,
          .position_side = own.position_side,
          .is_maker = own.is_maker,
          .order_type = own.order_type,
          .price = own.price,
          .quantity = own.quantity,
          .order = own.order,
          .order_price = own.order_price,
          .order_quantity = own.order_quantity,
          .remaining = own.remaining,
          .closed = own.closed,
          .fee = {own.fee, own.fee_asset},
          .rate = own.rate,
          .mark = own.mark,
          .realised_profit = {own.realised_profit, own.profit_asset},
          .time = own.time,
          .client_order_id = names.text(own.name)};
}

void Records::closed_orders(AccountId account, const ClientIds& names, Visitor<Order> visit) const {
  const Closed* closed = closed_.find(newest_[account.raw].closed);
  while (closed && visit(order_of(*closed, names)))
    closed = closed_.find(closed->previous);
}

void Records::executions(AccountId account, const ClientIds& names,
                         Visitor<Execution> visit) const {
  const OwnExecution* own = executions_.find(newest_[account.raw].execution);
  while (own && visit(execution_of(*own, names)))
    own = executions_.find(own->previous);
}

void Records::add_transfer(AccountId account, const Transfer& transfer) {
  OwnTransfer& own = transfers_.push();
  own.transfer = transfer;
  own.account = account;
  own.previous = std::exchange(newest_[account.raw].transfer, transfers_.newest());
}

void Records::transfers(AccountId account, Visitor<Transfer> visit) const {
  const OwnTransfer* own = transfers_.find(newest_[account.raw].transfer);
  while (own && visit(own->transfer))
    own = transfers_.find(own->previous);
}

void Records::add_funding(InstrumentId instrument, const FundingRow& row) {
  tapes_[instrument.raw].fundings.push() = row;
}

void Records::add_trade(InstrumentId instrument, const Trade& trade, Int128 value) {
  Tape& tape = tapes_[instrument.raw];
  tape.trades.push() = trade;

  const Candle traded{minute_of(trade.time), trade.price,    trade.price, trade.price,
                      trade.price,           trade.quantity, value};
  Candle* minute = tape.minutes.find(tape.minutes.newest());
  if (minute && minute->start == traded.start) return append(*minute, traded);
  if (minute) {
    for (const Resolution resolution : kLonger)
      add_minute(stretches_of(tape, resolution), minutes_of(resolution), *minute);
  }
  tape.minutes.push() = traded;
}

void Records::trades(InstrumentId instrument, Visitor<Trade> visit) const {
  if (instrument.raw < tapes_.size()) newest_first(tapes_[instrument.raw].trades, visit);
}

// The minute under way is added to the newest stretch only in what is shown.
bool Records::traded(InstrumentId instrument, Resolution resolution, Visitor<Candle> visit) const {
  if (instrument.raw >= tapes_.size()) return true;
  const Tape& tape = tapes_[instrument.raw];
  if (resolution == Resolution::minute) {
    newest_first(tape.minutes, visit);
    return tape.minutes.newest() <= kMinutesMax;
  }
  const auto& ring = stretches_of(tape, resolution);
  const bool is_all = ring.newest() <= kStretchesMax;
  const Candle* minute = tape.minutes.find(tape.minutes.newest());
  if (!minute) return is_all;
  std::uint64_t at = ring.newest();
  Candle newest = *minute;
  newest.start = stretch_start(minute->start, minutes_of(resolution));
  if (const Candle* begun = ring.find(at); begun && begun->start == newest.start) {
    newest = *begun;
    append(newest, *minute);
    --at;
  }
  bool wants_more = visit(newest);
  for (const Candle* candle = nullptr; wants_more && (candle = ring.find(at)); --at)
    wants_more = visit(*candle);
  return is_all;
}

bool Records::fundings(InstrumentId instrument, Visitor<FundingRow> visit) const {
  if (instrument.raw >= tapes_.size()) return true;
  newest_first(tapes_[instrument.raw].fundings, visit);
  return tapes_[instrument.raw].fundings.newest() <= kFundingsMax;
}

DayStatistics Records::day_statistics(InstrumentId instrument, Timestamp now) const {
  DayStatistics day;
  if (instrument.raw >= tapes_.size()) return day;
  newest_first(tapes_[instrument.raw].minutes, [&](const Candle& minute) {
    if (minute.start + minutes_of(Resolution::day) <= minute_of(now)) {
      day.first = minute.close;
      if (day.low.raw == 0) day.low = day.high = minute.close;
      return false;
    }
    day.first = minute.open;
    day.low = day.low.raw == 0 ? minute.low : std::min(day.low, minute.low);
    day.high = std::max(day.high, minute.high);
    day.volume += minute.volume;
    day.turnover += minute.turnover;
    return true;
  });
  return day;
}

void Records::save(ByteWriter& out, const ClientIds& names) const {
  out.put(static_cast<std::uint32_t>(newest_.size()));
  out.put(static_cast<std::uint32_t>(closed_.size()));
  closed_.oldest_first([&](const Closed& closed) { out.put(order_of(closed, names)); });
  out.put(static_cast<std::uint32_t>(executions_.size()));
  executions_.oldest_first([&](const OwnExecution& own) {
    out.put(own.account);
    out.put(execution_of(own, names));
  });
  out.put(static_cast<std::uint32_t>(transfers_.size()));
  transfers_.oldest_first([&](const OwnTransfer& own) {
    out.put(own.account);
    out.put(own.transfer);
  });
  out.put(tapes_);
}

void Records::load(ByteReader& in, ClientIds& names, FunctionRef<bool(InstrumentId)> remembers) {
  std::uint32_t accounts = 0;
  std::uint32_t count = 0;
  in.get(accounts);
  newest_.clear();
  for (std::uint32_t i = 0; i < accounts && in.ok(); ++i)
    newest_.emplace_back();
  in.get(count);
  Order order;
  OrderStore store;
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    in.get(order);
    if (!in.ok() || order.account.raw >= newest_.size()) break;
    const Slot slot = store.take(order.id);
    restore_order(order, store, slot);
    OrderNode& node = store.node(slot);
    if (!order.client_order_id.empty()) {
      node.name = remembers(order.instrument)
                      ? names.add(order.account, order.client_order_id, order.id)
                      : names.keep(order.account, order.client_order_id, order.id);
    }
    add_closed(order.id, store.resting(slot), node, store.details(slot), order.fee.asset,
               order.cancel_reason, names);
    store.release(slot);
  }
  in.get(count);
  Execution execution;
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    AccountId account;
    in.get(account);
    in.get(execution);
    if (!in.ok() || account.raw >= newest_.size()) break;
    add_execution(account, execution, names);
  }
  in.get(count);
  Transfer transfer;
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    AccountId account;
    in.get(account);
    in.get(transfer);
    if (!in.ok() || account.raw >= newest_.size()) break;
    add_transfer(account, transfer);
  }
  in.get(tapes_);
}

}  // namespace venuebox::engine
