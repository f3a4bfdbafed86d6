// An order's terms and its life, and what became of it.
#pragma once

#include <optional>
#include <tuple>

#include "base/time.h"
#include "model/money.h"

namespace venuebox {

enum class Side : std::uint8_t { buy, sell };
enum class OrderType : std::uint8_t { limit, market };
enum class TimeInForce : std::uint8_t { gtc, ioc, fok };

enum class OrderStatus : std::uint8_t {
  open,              // rests, nothing traded yet
  partially_filled,  // rests, some traded
  filled,
  cancelled,  // ended with something left; see CancelReason
};

enum class CancelReason : std::uint8_t {
  none,
  by_user,
  immediate_or_cancel,  // IOC or market: nothing left to match
  fill_or_kill,         // FOK: could not be filled whole
  post_only,            // would have taken liquidity
  reduce_only,          // the position it should reduce is gone
};

constexpr Side opposite(Side side) { return side == Side::buy ? Side::sell : Side::buy; }
constexpr bool is_live(OrderStatus s) { return s <= OrderStatus::partially_filled; }

struct Order {
  OrderId id;
  AccountId account;
  InstrumentId instrument;
  Side side = Side::buy;
  OrderType type = OrderType::limit;
  TimeInForce time_in_force = TimeInForce::gtc;
  bool post_only = false;
  bool reduce_only = false;
  OrderStatus status = OrderStatus::open;
  CancelReason cancel_reason = CancelReason::none;
  Ticks price;    // of a market order: its protection price
  Lots quantity;  // as accepted; of an order by value: what the value came to
  Lots filled;
  Int128 filled_value = 0;      // sum of price * quantity over its fills, in ticks * lots
  Money fee;                    // sum over its fills, positive paid
  Ticks last_price_on_created;  // 0: nothing had traded
  Timestamp created;            // box time
  Timestamp updated;            // box time
  ClientOrderId client_order_id;

  Lots remaining() const { return quantity - filled; }

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.id, s.account, s.instrument, s.side, s.type, s.time_in_force, s.post_only,
                    s.reduce_only, s.status, s.cancel_reason, s.price, s.quantity, s.filled,
                    s.filled_value, s.fee, s.last_price_on_created, s.created.ns, s.updated.ns,
                    s.client_order_id);
  }
};

}  // namespace venuebox
