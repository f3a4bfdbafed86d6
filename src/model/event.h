// What happened in an exchange, in the past tense. Replies, streams, history and the journal's
// hash are all made from these, so they cannot disagree.
#pragma once

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

struct OrderReduced {
  OrderId order;
  Lots quantity;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.order, s.quantity);
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

struct LeverageChanged {
  AccountId account;
  InstrumentId instrument;
  int leverage = 0;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.leverage);
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

using Event = std::variant<OrderAccepted, Fill, OrderRested, OrderCancelled, OrderReduced, Rejected,
                           LeverageChanged, Deposited, AccountOpened, InstrumentListed>;

}  // namespace venuebox
