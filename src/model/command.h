// What an exchange can be told to do. Values only: a command is what the journal keeps and what a
// replay executes again.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <variant>

#include "base/time.h"
#include "model/account.h"
#include "model/instrument.h"
#include "model/order.h"

namespace venuebox {

struct OpenAccount {
  AccountId account;  // the next free one: the sender knows how many there are
  AccountKindOf kind = AccountKindOf::user;
  std::string name;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.kind, s.name);
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

struct PlaceOrder {
  AccountId account;
  InstrumentId instrument;
  Side side = Side::buy;
  OrderType type = OrderType::limit;
  TimeInForce time_in_force = TimeInForce::gtc;
  bool post_only = false;
  bool reduce_only = false;
  Ticks price;    // ignored for market orders
  Lots quantity;  // 0 with reduce_only: the whole position
  Money value;    // spot market orders by value: quote units to spend or receive; else 0
  ClientOrderId client_order_id;  // empty: none

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.side, s.type, s.time_in_force, s.post_only,
                    s.reduce_only, s.price, s.quantity, s.value, s.client_order_id);
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

// Cancels the account's orders in one instrument, or in all of one kind and settlement asset.
struct CancelAll {
  AccountId account;
  std::optional<InstrumentId> instrument;
  std::optional<InstrumentKindOf> kind;
  std::optional<AssetId> settle;
  std::optional<AssetId> base;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.instrument, s.kind, s.settle, s.base);
  }
};

// Lowers an order's quantity; it keeps its place in the queue. What is already filled stays.
struct ReduceOrder {
  AccountId account;
  OrderId order;
  Lots quantity;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.account, s.order, s.quantity);
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

using CommandBody = std::variant<PlaceOrder, CancelOrder, CancelAll, ReduceOrder, SetLeverage,
                                 Deposit, OpenAccount, AddAsset, ListInstrument>;

struct Command {
  std::uint64_t sequence = 0;  // given by the desk, one after the other
  Timestamp time;              // box time, given by the desk, never decreasing
  CommandBody body;
};

}  // namespace venuebox
