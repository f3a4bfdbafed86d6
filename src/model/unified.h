// What the client library speaks, the same for all venues: markets by unified symbols (BTC/USDT,
// BTC/USDT:USDT), numbers as decimals, and nothing invented: what a venue does not say is absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/time.h"
#include "model/order.h"

namespace venuebox::unified {

// Where a price comes from.
enum class Origin : std::uint8_t {
  live,         // the venue has just said so
  stale,        // it said so before; see the time
  simulated,    // a box said so
  unavailable,  // nobody knows
};

enum class MarketKind : std::uint8_t { spot, perpetual };

struct Market {
  std::string symbol;  // "BTC/USDT", "BTC/USDT:USDT"
  std::string id;      // the venue's own
  std::string base;
  std::string quote;
  std::string settle;  // empty: spot
  MarketKind kind = MarketKind::spot;
  bool is_active = true;
  Decimal tick;           // prices are multiples of it
  Decimal quantity_step;  // quantities are, in base
  Decimal quantity_min;
  Decimal quantity_max;
  std::optional<Decimal> notional_min;  // in quote
};

struct Ticker {
  std::string symbol;
  Origin origin = Origin::unavailable;
  Timestamp time;  // when the venue said so
  std::optional<Decimal> bid, bid_quantity;
  std::optional<Decimal> ask, ask_quantity;
  std::optional<Decimal> last, mark, index;
  std::optional<Decimal> high, low, volume, turnover;  // of 24 hours
};

struct BookLevel {
  Decimal price;
  Decimal quantity;
};
struct OrderBook {
  std::string symbol;
  Origin origin = Origin::unavailable;
  Timestamp time;
  std::uint64_t sequence = 0;   // the venue's own; 0: it has none
  std::vector<BookLevel> bids;  // best first
  std::vector<BookLevel> asks;
};

struct PublicTrade {
  std::string id;
  std::string symbol;
  Side side = Side::buy;  // the taker's
  Decimal price;
  Decimal quantity;
  Timestamp time;
};

struct Candle {
  Timestamp start;
  Decimal open, high, low, close, volume;
};

struct AssetBalance {
  std::string asset;
  Decimal total;
  std::optional<Decimal> used;  // by open orders and positions
};
struct Balances {
  bool is_available = false;  // false: not asked, for want of a credential
  std::vector<AssetBalance> assets;
};

struct PositionRow {
  std::string symbol;
  Side side = Side::buy;  // buy: long
  Decimal quantity;       // positive
  std::optional<Decimal> entry_price, mark_price, unrealised_profit, leverage;
};

enum class OrderState : std::uint8_t {
  untriggered,  // waits for its trigger
  open,
  filled,
  cancelled,  // ended with something left
  rejected,   // the venue took it and then would not have it
};

struct OrderRow {
  std::string id;
  std::string client_order_id;
  std::string symbol;
  Side side = Side::buy;
  OrderType type = OrderType::limit;
  TimeInForce time_in_force = TimeInForce::gtc;
  bool is_post_only = false;
  bool is_reduce_only = false;
  OrderState state = OrderState::open;
  std::optional<Decimal> price;
  std::optional<Decimal> trigger_price;
  Decimal quantity;
  Decimal filled;
  std::optional<Decimal> average_price;
  std::string reason;  // why it ended, in the venue's words
  Timestamp created;
  Timestamp updated;
};

struct FillRow {
  std::string id;
  std::string order;
  std::string client_order_id;
  std::string symbol;
  Side side = Side::buy;
  bool is_maker = false;
  Decimal price;
  Decimal quantity;
  Decimal fee;  // positive paid
  std::string fee_asset;
  Timestamp time;
};

// How a caller names an order that is there: by the venue's id or, where that is empty, by its own.
struct OrderName {
  std::string id;
  std::string client_order_id = {};
  bool is_untriggered = false;  // some venues keep orders that wait for a trigger apart from others
};

// What a caller wants placed.
struct NewOrder {
  std::string symbol;
  Side side = Side::buy;
  OrderType type = OrderType::limit;
  Decimal quantity;
  std::optional<Decimal> price = {};  // of a limit
  TimeInForce time_in_force = TimeInForce::gtc;
  bool is_post_only = false;
  bool is_reduce_only = false;
  std::string client_order_id = {};  // empty: the library gives it one
  std::optional<Decimal> trigger_price = {};
  // Of a trigger price. Only the caller knows what it took for the last price, so that a venue
  // which wants to be told refuses an order whose trigger went by on the way.
  std::optional<TriggerDirection> trigger_direction = {};
};

}  // namespace venuebox::unified
