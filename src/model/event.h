// What happened in an exchange, in the past tense. Replies, streams, history and the journal's
// hash are all made from these, so they cannot disagree.
#pragma once

#include <optional>
#include <span>
#include <tuple>
#include <variant>

#include "model/command.h"
#include "model/fill.h"
#include "model/reject_reason.h"

namespace venuebox {

// The order as it was taken, before anything of it matched.
struct OrderAccepted {
  Order order;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.order);
  }
};

// What was left has its place in the book.
struct OrderRested {
  OrderId order;
  Lots remaining;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.order, s.remaining);
  }
};

// A conditional order begins to act. What it comes to follows.
struct OrderTriggered {
  OrderId order;
  AccountId account;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.order, s.account);
  }
};

// New terms of a live order: asked for by its owner, or forced by a position that shrank.
struct OrderAmended {
  OrderId order;
  AccountId account;
  Ticks price;
  Lots quantity;
  Ticks trigger_price;  // 0: it has none
  bool kept_place = true;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.order, s.account, s.price, s.quantity, s.trigger_price, s.kept_place);
  }
};

// The order ended with `remaining` unfilled.
struct OrderCancelled {
  OrderId order;
  AccountId account;
  Lots remaining;
  CancelReason reason = CancelReason::none;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.order, s.account, s.remaining, s.reason);
  }
};

// The command was refused and changed nothing but time and sequence.
struct Rejected {
  AccountId account;
  RejectReason reason = RejectReason::unknown_account;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.reason);
  }
};

// What follows, up to the next of these, answers entry `index` of a batch.
struct BatchEntry {
  std::uint32_t index = 0;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.index);
  }
};

struct LeverageChanged {
  AccountId account;
  InstrumentId instrument;
  int leverage = 0;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.leverage);
  }
};

struct MarginModeChanged {
  AccountId account;
  InstrumentId instrument;
  MarginMode mode = MarginMode::cross;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.mode);
  }
};

struct PositionModeChanged {
  AccountId account;
  InstrumentId instrument;
  PositionMode mode = PositionMode::one_way;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.mode);
  }
};

// What is set aside for an isolated position is another amount, other than by a fill.
struct MarginChanged {
  AccountId account;
  InstrumentId instrument;
  PositionSide position_side = PositionSide::both;
  Money change;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.position_side, s.change);
  }
};

struct FeeRatesChanged {
  AccountId account;
  InstrumentKindOf kind = InstrumentKindOf::spot;
  FeeRates rates;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.kind, s.rates);
  }
};

// An interval ended, and this rate is paid at this mark.
struct FundingSettled {
  InstrumentId instrument;
  Rate rate;
  MarkPrice mark;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.instrument, s.rate, s.mark);
  }
};

// One position's part of it, or what ran up on it continuously.
struct FundingPaid {
  AccountId account;
  InstrumentId instrument;
  PositionSide position_side = PositionSide::both;
  SignedLots size;
  Money amount;  // negative: received

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.position_side, s.size, s.amount);
  }
};

// What backs a position has fallen to its maintenance margin. The cancels and fills follow.
struct LiquidationBegan {
  AccountId account;
  Money equity;
  Money maintenance;
  std::optional<InstrumentId> instrument;  // of an isolated position; absent: all cross ones

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.equity, s.maintenance, s.instrument);
  }
};

// A part of a loss that nobody else could bear.
struct LossShared {
  AccountId account;
  InstrumentId instrument;
  Money amount;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.amount);
  }
};

struct Deposited {
  AccountId account;
  Money amount;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.amount);
  }
};

struct Transferred {
  AccountId account;
  AccountId to;
  Money amount;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.to, s.amount);
  }
};

struct AccountOpened {
  AccountId account;
  AccountKindOf kind = AccountKindOf::user;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.kind);
  }
};

struct InstrumentListed {
  InstrumentId instrument;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.instrument);
  }
};

struct InstrumentPhaseChanged {
  InstrumentId instrument;
  TradingPhase phase = TradingPhase::open;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.instrument, s.phase);
  }
};

// The terms that may change, as they are now.
struct TermsChanged {
  InstrumentId instrument;
  std::int64_t tick_multiple = 1;
  std::int64_t lot_multiple = 1;
  Money notional_min;
  Nanoseconds funding_interval;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.instrument, s.tick_multiple, s.lot_multiple, s.notional_min,
                    s.funding_interval);
  }
};

struct IndexPriceChanged {
  InstrumentId instrument;
  MarkPrice price;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.instrument, s.price);
  }
};

struct DeadManSwitchArmed {
  AccountId account;
  Timestamp due;  // kNever: disarmed

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.due.ns);
  }
};

using Event =
    std::variant<OrderAccepted, Fill, OrderRested, OrderCancelled, OrderAmended, OrderTriggered,
                 Rejected, BatchEntry, LeverageChanged, MarginModeChanged, PositionModeChanged,
                 MarginChanged, FeeRatesChanged, FundingSettled, FundingPaid, LiquidationBegan,
                 LossShared, Deposited, Transferred, AccountOpened, InstrumentListed,
                 InstrumentPhaseChanged, IndexPriceChanged, DeadManSwitchArmed, TermsChanged>;

// Why the exchange said no, where one of these events is a refusal: the first.
inline std::optional<RejectReason> rejection_in(std::span<const Event> events) {
  for (const Event& event : events) {
    if (const auto* rejected = std::get_if<Rejected>(&event)) return rejected->reason;
  }
  return std::nullopt;
}

}  // namespace venuebox
