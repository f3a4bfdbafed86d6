// What an exchange can be told to do. Values only: a command is what the journal keeps and what a
// replay executes again.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/account.h"
#include "model/instrument.h"
#include "model/order.h"

namespace venuebox {

struct OpenAccount {
  AccountId account;  // the next free one: the sender knows how many there are
  AccountKindOf kind = AccountKindOf::user;
  std::string name;
  AccountId parent = kNoAccount;  // of a sub-account

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.kind, s.name, s.parent);
  }
};

struct Deposit {
  AccountId account;
  Money amount;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.amount);
  }
};

// Moves money between two accounts of the exchange: what its owner could spend, no more.
struct TransferMoney {
  AccountId account;
  AccountId to;
  Money amount;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.to, s.amount);
  }
};

struct AddAsset {
  Asset asset;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.asset);
  }
};

// The instrument has passed checked_listing.
struct ListInstrument {
  Instrument instrument;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.instrument);
  }
};

// One order. With a trigger it waits outside the book and is paid for when it fires; everything
// else about it holds from then on.
struct PlaceOrder {
  AccountId account;
  InstrumentId instrument;
  Side side = Side::buy;
  OrderType type = OrderType::limit;
  TimeInForce time_in_force = TimeInForce::gtc;
  bool post_only = false;
  bool reduce_only = false;
  bool close_position = false;  // reduce-only, for the whole position; quantity is 0
  SelfTrade self_trade = SelfTrade::allow;
  OrderPurpose purpose = OrderPurpose::ordinary;
  Attachment attachment = Attachment::none;  // whole or partial: reduce-only, with a trigger
  PositionSide position_side =
      PositionSide::both;     // hedge mode: which position it opens or reduces
  std::uint32_t session = 0;  // ends with this session of the account; 0: none
  Ticks price;        // of a market order: the worst it may trade at, 0: the instrument's own bound
  Lots quantity;      // 0 with close_position
  Lots display;       // iceberg: shown at most at a time; 0: all of it
  Money value;        // market orders by value: quote units to spend or receive; else 0
  Timestamp expires;  // of a GTD order
  std::optional<Trigger> trigger;
  std::optional<StopTerms> take_profit;  // a bracket: placed as this one fills
  std::optional<StopTerms> stop_loss;
  Attachment stops = Attachment::whole;  // whole position, or what this order filled
  ClientOrderId client_order_id;         // empty: none

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.side, s.type, s.time_in_force, s.post_only,
                    s.reduce_only, s.close_position, s.self_trade, s.purpose, s.attachment,
                    s.position_side, s.session, s.price, s.quantity, s.display, s.value,
                    s.expires.ns, s.trigger, s.take_profit, s.stop_loss, s.stops,
                    s.client_order_id);
  }
};

// Two orders of which the first to trade or to trigger ends the other. Both are taken or none. One
// at least has a trigger; the other may rest in the book.
struct PlacePair {
  PlaceOrder first;
  PlaceOrder second;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.first, s.second);
  }
};

// Changes a live order; what is absent stays. Less quantity keeps the place in the queue, anything
// else goes to its back. `quantity` is the whole order's, with what is filled.
struct AmendOrder {
  AccountId account;
  InstrumentId instrument;
  OrderId order;  // 0: named by the client's id
  ClientOrderId client_order_id;
  std::optional<Ticks> price;
  std::optional<Lots> quantity;
  std::optional<Ticks> trigger_price;
  std::optional<StopTerms> take_profit;  // a trigger price of 0 takes it away
  std::optional<StopTerms> stop_loss;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.order, s.client_order_id, s.price, s.quantity,
                    s.trigger_price, s.take_profit, s.stop_loss);
  }
};

// Names a live order: by id, or, when that is 0, by the client's id.
struct CancelOrder {
  AccountId account;
  InstrumentId instrument;
  OrderId order;
  ClientOrderId client_order_id;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.order, s.client_order_id);
  }
};

// Which of an account's orders are meant; what is absent does not narrow it.
struct OrderFilter {
  std::optional<InstrumentId> instrument;
  std::optional<InstrumentKindOf> kind;
  std::optional<AssetId> settle;
  std::optional<AssetId> base;
  std::optional<bool> conditional;  // only those that wait for a trigger, or only the others

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.instrument, s.kind, s.settle, s.base, s.conditional);
  }
};

struct CancelAll {
  AccountId account;
  OrderFilter filter;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.filter);
  }
};

// All of the account's orders in one instrument.
inline CancelAll cancel_all(AccountId account, InstrumentId instrument) {
  CancelAll command;
  command.account = account;
  command.filter.instrument = instrument;
  return command;
}

// Several at once, each entry answered on its own behind a BatchEntry: one that is refused does not
// keep the others back.
inline constexpr std::size_t kBatchMax = 100;

struct PlaceBatch {
  std::vector<PlaceOrder> orders;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.orders);
  }
};

struct AmendBatch {
  std::vector<AmendOrder> amends;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.amends);
  }
};

struct CancelBatch {
  std::vector<CancelOrder> cancels;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.cancels);
  }
};

struct Trail {
  Ticks offset;  // 0 takes the trailing stop away
  Ticks activation;
  PriceSource source = PriceSource::last;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.offset, s.activation, s.source);
  }
};

// Sets what protects a position. Whole: at most one of each kind, replaced by this, taken away by a
// trigger price of 0, untouched where absent. Partial: places a new pair for `quantity`.
struct SetPositionStops {
  AccountId account;
  InstrumentId instrument;
  std::optional<StopTerms> take_profit;
  std::optional<StopTerms> stop_loss;
  std::optional<Trail> trailing;  // whole only
  Attachment mode = Attachment::whole;
  Lots quantity;  // of a partial pair
  PositionSide position_side = PositionSide::both;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.take_profit, s.stop_loss, s.trailing, s.mode,
                    s.quantity, s.position_side);
  }
};

// Cancels the account's orders unless it is armed again in time; 0 disarms it.
inline constexpr Nanoseconds kDeadManMax = seconds(7 * 86'400);

struct ArmDeadManSwitch {
  AccountId account;
  Nanoseconds timeout;
  OrderFilter filter;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.timeout, s.filter);
  }
};

// A connection is gone: the orders that were placed to end with it are cancelled.
struct EndSession {
  AccountId account;
  std::uint32_t session = 0;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.session);
  }
};

// Delisting is for good: orders are cancelled, and positions closed at one price.
struct SetInstrumentPhase {
  InstrumentId instrument;
  TradingPhase phase = TradingPhase::open;
  Ticks settlement = {};  // of a perpetual that is delisted: that price; 0: the mark

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.instrument, s.phase, s.settlement);
  }
};

// Changes what orders have to keep to, and how often funding is paid; what is absent stays. Orders
// that rest stay as they are. Who asks has to see to the steps: the engine takes orders between
// them.
struct ChangeTerms {
  InstrumentId instrument;
  std::optional<std::int64_t> tick_multiple = {};  // of the listed steps
  std::optional<std::int64_t> lot_multiple = {};
  std::optional<Int128> notional_min = {};  // quote units; of inverse perpetuals 0
  std::optional<Nanoseconds> funding_interval = {};

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.instrument, s.tick_multiple, s.lot_multiple, s.notional_min,
                    s.funding_interval);
  }
};

// The price of the underlying, from outside the exchange.
struct SetIndexPrice {
  InstrumentId instrument;
  MarkPrice price;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.instrument, s.price);
  }
};

// Nothing but time: whatever fell due by now happens.
struct Tick {
  template <class Self>
  static auto fields(Self&) {
    return std::tie();
  }
};

struct SetLeverage {
  AccountId account;
  InstrumentId instrument;
  int leverage = 10;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.leverage);
  }
};

// Of one perpetual, or of all of the exchange at once. With a position in it cross margin becomes
// isolated by setting its initial margin aside, and isolated margin cross by giving it back.
struct SetMarginMode {
  AccountId account;
  std::optional<InstrumentId> instrument;
  MarginMode mode = MarginMode::cross;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.mode);
  }
};

// Of one perpetual, or of all that settle in an asset; none may have a position or an order.
struct SetPositionMode {
  AccountId account;
  std::optional<InstrumentId> instrument;
  std::optional<AssetId> settle;
  PositionMode mode = PositionMode::one_way;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.settle, s.mode);
  }
};

// Sets more aside for an isolated position, or with a negative amount less.
struct ChangeMargin {
  AccountId account;
  InstrumentId instrument;
  PositionSide position_side = PositionSide::both;
  Int128 change = 0;  // settlement units

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.position_side, s.change);
  }
};

// What the account pays from now on, in place of the instruments' own rates.
struct SetFeeRates {
  AccountId account;
  InstrumentKindOf kind = InstrumentKindOf::spot;
  FeeRates rates;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.kind, s.rates);
  }
};

// The venue ends live orders by itself, whatever phase their instrument is in.
struct CancelByVenue {
  AccountId account = kNoAccount;  // kNoAccount: every user's
  OrderFilter filter;
  OrderId order;  // 0: all that the filter means

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.filter, s.order);
  }
};

// Closes a part of a position against what the insurance fund holds on the other side, outside the
// book, as auto-deleveraging does.
struct Deleverage {
  AccountId account;
  InstrumentId instrument;
  PositionSide position_side = PositionSide::both;
  Lots quantity;
  Ticks price;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.position_side, s.quantity, s.price);
  }
};

using CommandBody =
    std::variant<PlaceOrder, CancelOrder, AmendOrder, CancelAll, PlaceBatch, AmendBatch,
                 CancelBatch, PlacePair, SetPositionStops, ArmDeadManSwitch, EndSession,
                 SetLeverage, SetMarginMode, SetPositionMode, ChangeMargin, SetFeeRates, Deposit,
                 TransferMoney, OpenAccount, AddAsset, ListInstrument, SetInstrumentPhase,
                 SetIndexPrice, Tick, CancelByVenue, Deleverage, ChangeTerms>;

struct Command {
  std::uint64_t sequence = 0;  // given by the desk, one after the other
  Timestamp time;              // box time, given by the desk, never decreasing
  CommandBody body;
};

}  // namespace venuebox
