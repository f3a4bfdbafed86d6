// One execution: as both parties have it, as one of them sees it, and as the public does.
#pragma once

#include <tuple>

#include "model/order.h"

namespace venuebox {

// One party's half of a fill.
struct FillParty {
  OrderId order;
  AccountId account;
  Lots remaining;         // of the order, after this fill
  Money fee;              // positive paid, negative rebate
  SignedLots position;    // that the order belongs to, after this fill; 0 for spot
  Lots closed;            // how much of the fill reduced a position
  Money realised_profit;  // without fees; 0 for spot

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.order, s.account, s.remaining, s.fee, s.position, s.closed,
                    s.realised_profit);
  }
};

enum class FillKindOf : std::uint8_t {
  trade,        // two orders met in the book
  liquidation,  // the insurance fund took over a position, at its bankruptcy price
  deleverage,   // a position that was taken over was closed against another one
  delisting,    // two positions of an instrument that left the exchange were closed
};

struct Fill {
  FillId id;
  InstrumentId instrument;
  FillKindOf kind = FillKindOf::trade;
  Side taker_side = Side::buy;
  Ticks price;
  Lots quantity;
  FillParty maker;
  FillParty taker;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.id, s.instrument, s.kind, s.taker_side, s.price, s.quantity, s.maker,
                    s.taker);
  }
};

enum class ExecutionKind : std::uint8_t {
  trade,
  liquidation,
  deleverage,
  delisting,
  funding,      // no fill: `quantity` of the position at `mark`, `fee` is what it paid
  shared_loss,  // no fill: `fee` is what a socialised loss took
};

// A fill as one account's history keeps it, or what else moved its money there.
struct Execution {
  FillId id;
  ExecutionKind kind = ExecutionKind::trade;
  InstrumentId instrument;
  Side side = Side::buy;  // of a position: buy is long
  PositionSide position_side = PositionSide::both;
  bool is_maker = false;
  OrderType order_type = OrderType::limit;
  Ticks price;
  Lots quantity;
  OrderId order;
  Ticks order_price;
  Lots order_quantity;
  Lots remaining;
  Lots closed;
  Money fee;
  Rate rate;       // of funding; else of the fee
  MarkPrice mark;  // of funding; else 0
  Money realised_profit;
  Timestamp time;  // box time
  ClientOrderId client_order_id;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.id, s.kind, s.instrument, s.side, s.position_side, s.is_maker, s.order_type,
                    s.price, s.quantity, s.order, s.order_price, s.order_quantity, s.remaining,
                    s.closed, s.fee, s.rate, s.mark, s.realised_profit, s.time.ns,
                    s.client_order_id);
  }
};

// A fill as it is published.
struct Trade {
  FillId id;
  Side taker_side = Side::buy;
  Ticks price;
  Lots quantity;
  Timestamp time;  // box time

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.id, s.taker_side, s.price, s.quantity, s.time.ns);
  }
};

}  // namespace venuebox
