// An order's terms and its life, and what became of it.
#pragma once

#include <optional>
#include <tuple>

#include "base/time.h"
#include "model/account.h"

namespace venuebox {

enum class Side : std::uint8_t { buy, sell };
enum class OrderType : std::uint8_t { limit, market };
enum class TimeInForce : std::uint8_t {
  gtc,  // rests until cancelled
  ioc,  // what does not match at once is cancelled
  fok,  // matches whole at once, or not at all
  gtd,  // rests until its expiry
};

enum class OrderStatus : std::uint8_t {
  untriggered,       // waits for its trigger, outside the book
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
  expired,              // GTD: its time came
  self_trade,           // met an order of its own account
  insufficient_funds,   // was taken or triggered, and could not be paid for
  linked_order,         // the other order of its pair traded, triggered or ended
  position_closed,      // was attached to a position that is gone
  dead_man_switch,      // the account's switch was not renewed in time
  disconnected,         // the session that placed it ended
  liquidation,          // the account fell below its maintenance margin
  position_above_tier,  // was taken or triggered, and would have been too much for its risk limit
  by_venue,             // the venue itself ended it
  delisted,             // its instrument left the exchange
};

// Which price a trigger watches.
enum class PriceSource : std::uint8_t { last, mark, index };
enum class TriggerDirection : std::uint8_t {
  rises,  // fires at the trigger price or above
  falls,  // fires at the trigger price or below
};

// When a conditional order begins to act. With a trail it is a trailing stop: its trigger price
// keeps its distance from the best price seen, and never goes back.
struct Trigger {
  PriceSource source = PriceSource::last;
  TriggerDirection direction = TriggerDirection::rises;
  bool may_fire_at_once = false;  // else a price that is already reached is refused
  Ticks price = {};               // of a trailing stop: 0 until it follows
  Ticks trail_offset = {};        // distance kept, or
  Rate trail_rate = {};           // the share of the best price that is kept as distance
  Ticks activation = {};          // a trailing stop follows from here on; 0: at once
  // Kept by the engine. Of a trailing stop: the best price seen since it follows. Of any other: 0
  // while it waits, and its price once it fired, so that an order that ended can tell.
  Ticks best = {};

  bool is_trailing() const { return trail_offset.raw != 0 || trail_rate.raw != 0; }

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.source, s.direction, s.may_fire_at_once, s.price, s.trail_offset,
                    s.trail_rate, s.activation, s.best);
  }
};

// A take-profit or stop-loss in the making: what is placed once there is a position to protect.
struct StopTerms {
  Ticks trigger_price = {};
  PriceSource source = PriceSource::last;
  OrderType type = OrderType::market;
  Ticks price = {};  // of a limit order

  friend bool operator==(const StopTerms&, const StopTerms&) = default;
  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.trigger_price, s.source, s.type, s.price);
  }
};

enum class OrderPurpose : std::uint8_t {
  ordinary,
  stop,
  take_profit,
  stop_loss,
  trailing_stop,
  liquidation,  // the exchange reduces a position that lacks margin, or takes it over
  deleverage,   // the exchange closes it against one that was taken over
  delisting,    // the exchange closes it with its instrument
};

// An attached order lives and dies with its position.
enum class Attachment : std::uint8_t {
  none,
  whole,    // closes the position, however large it then is; one per purpose
  partial,  // closes a part of it
};

// What happens when an order would trade with one of its own account.
enum class SelfTrade : std::uint8_t {
  allow,
  cancel_maker,  // the older one ends
  cancel_taker,  // the newer one ends
  cancel_both,
  decrement,  // both lose the smaller quantity of the two, and nothing trades
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
  bool close_position = false;  // the quantity is what the position is when it acts; 0 till then
  SelfTrade self_trade = SelfTrade::allow;
  OrderPurpose purpose = OrderPurpose::ordinary;
  Attachment attachment = Attachment::none;
  PositionSide position_side = PositionSide::both;
  OrderStatus status = OrderStatus::open;
  CancelReason cancel_reason = CancelReason::none;
  std::uint32_t session = 0;  // cancelled when this session ends; 0: none
  Ticks price;                // of a market order: the worst it may trade at
  Lots quantity;              // of all of it, filled or not; by value: what that came to
  Lots filled;
  // Sum over its fills of price * quantity, in ticks * lots; of inverse contracts of their value,
  // in settlement units.
  Int128 filled_value = 0;
  Money fee;                    // sum over its fills, positive paid
  Ticks last_price_on_created;  // 0: nothing had traded
  Timestamp created;            // box time
  Timestamp updated;            // box time
  Timestamp expires;            // box time, of a GTD order
  Lots display;                 // iceberg: shown at most at a time; 0: all of it
  Lots shown;                   // what the book shows of it now
  OrderId parent;               // the entry order that it protects, 0: none
  OrderId linked;               // one cancels the other, 0: none
  std::optional<Trigger> trigger;
  std::optional<StopTerms> take_profit;  // placed with its first fill
  std::optional<StopTerms> stop_loss;
  Attachment stops = Attachment::whole;  // how those two are attached
  bool stops_stand = false;              // they were placed, and are their owner's now
  ClientOrderId client_order_id;

  Lots remaining() const { return quantity - filled; }

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.id, s.account, s.instrument, s.side, s.type, s.time_in_force, s.post_only,
                    s.reduce_only, s.close_position, s.self_trade, s.purpose, s.attachment,
                    s.position_side, s.status, s.cancel_reason, s.session, s.price, s.quantity,
                    s.filled, s.filled_value, s.fee, s.last_price_on_created, s.created.ns,
                    s.updated.ns, s.expires.ns, s.display, s.shown, s.parent, s.linked, s.trigger,
                    s.take_profit, s.stop_loss, s.stops, s.stops_stand, s.client_order_id);
  }
};

// An order in the book as its neighbours in the queue see it.
struct RestingOrder {
  OrderId id;
  AccountId account;
  Lots quantity;   // of all of it, filled or not
  Lots remaining;  // unfilled, with what an iceberg hides
};

}  // namespace venuebox
