// Everything that may be read of an exchange, between two commands. Venues answer queries from it
// and the market decides by it; the engine implements it. Nothing is copied to answer: visitors see
// what is there, newest or best first, until they return false.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <tuple>

#include "base/function_ref.h"
#include "model/account.h"
#include "model/fill.h"
#include "model/instrument.h"
#include "model/order.h"
#include "model/past.h"

namespace venuebox {

struct BookLevel {
  Ticks price;
  Lots quantity;
};

// What the last 24 hours of box time traded. Without a trade in them, first, high and low are the
// price of the last one before.
struct DayStatistics {
  Ticks first;  // when the hours began, or of the first trade ever; 0: nothing ever traded
  Ticks high;
  Ticks low;
  Lots volume;
  // Sum of price * quantity, in ticks * lots; of inverse contracts of their value, in settlement
  // units.
  Int128 turnover = 0;
};

template <class T>
using Visitor = FunctionRef<bool(const T&)>;

class View {
 public:
  virtual ~View() = default;

  virtual Timestamp time() const = 0;
  virtual std::uint64_t sequence() const = 0;
  // When something happens by itself next (an expiry, a dead-man switch); kNever: nothing will.
  virtual Timestamp next_due() const = 0;

  virtual std::span<const Asset> assets() const = 0;
  virtual std::span<const Instrument> instruments() const = 0;
  virtual const Asset* find_asset(std::string_view name) const = 0;
  virtual const Instrument* find_instrument(std::string_view symbol, InstrumentKindOf) const = 0;

  // Best first; returns how many levels there are, at most out.size().
  virtual std::size_t depth(InstrumentId, Side, std::span<BookLevel> out) const = 0;
  // Orders of one level, in the order in which they match.
  virtual void level_orders(InstrumentId, Side, Ticks, Visitor<RestingOrder>) const = 0;
  // Changes with every change of the instrument's book; a client can order two pictures by it.
  virtual std::uint64_t book_version(InstrumentId) const = 0;

  virtual std::optional<Ticks> last_price(InstrumentId) const = 0;
  // The price at which positions are valued. With an index it is the median of three: the index,
  // the middle of the book, and the moving average of the middle, sampled each second of box time
  // with a weight of 1/150 (about the mean of five minutes); so no single order, no index alone and
  // no single second moves it. While a side of the book is empty it is the index. Without an index
  // it is the median of best bid, best offer and last trade; the middle of the book before anything
  // traded; the last trade when a side is empty; none when nothing is known.
  virtual std::optional<MarkPrice> mark_price(InstrumentId) const = 0;
  // What the last SetIndexPrice said; none before the first.
  virtual std::optional<MarkPrice> index_price(InstrumentId) const = 0;
  virtual DayStatistics day_statistics(InstrumentId) const = 0;
  // Newest first; only stretches in which something traded, the one under way included, and of
  // these the last so many. Returns whether those are all: nothing is forgotten.
  virtual bool traded(InstrumentId, Resolution, Visitor<Candle>) const = 0;
  // Sum of all long positions.
  virtual Lots open_interest(InstrumentId) const = 0;
  virtual FundingState funding(InstrumentId) const = 0;
  // Newest first; at their end those of the past.
  virtual void funding_history(InstrumentId, Visitor<FundingRow>) const = 0;
  virtual void trades(InstrumentId, Visitor<Trade>) const = 0;  // newest first
  // What is said of the time before the box began; null: nothing. See model/candles.h.
  virtual const Past* past() const = 0;

  virtual std::uint32_t account_count() const = 0;
  // When the account's dead-man switch strikes; kNever: it is not armed.
  virtual Timestamp dead_man_due(AccountId) const = 0;
  virtual Balance balance(AccountId, AssetId) const = 0;
  virtual int leverage(AccountId, InstrumentId) const = 0;
  virtual MarginMode margin_mode(AccountId, InstrumentId) const = 0;
  virtual PositionMode position_mode(AccountId, InstrumentId) const = 0;
  virtual FeeRates fee_rates(AccountId, InstrumentId) const = 0;
  virtual AccountId parent(AccountId) const = 0;  // kNoAccount: it is no sub-account
  // Flat where the position mode has no such side.
  virtual Position position(AccountId, InstrumentId, PositionSide = PositionSide::both) const = 0;
  virtual PositionRisk risk(AccountId, const Position&) const = 0;
  virtual MarginSummary margin(AccountId, AssetId settle) const = 0;
  // What the insurance fund has.
  virtual Money insurance(AssetId) const = 0;

  virtual std::optional<Order> live_order(OrderId) const = 0;
  virtual std::optional<Order> live_order(AccountId, const ClientOrderId&) const = 0;
  virtual void live_orders(AccountId, Visitor<Order>) const = 0;     // newest first
  virtual void closed_orders(AccountId, Visitor<Order>) const = 0;   // newest first
  virtual void executions(AccountId, Visitor<Execution>) const = 0;  // newest first
  virtual void transfers(AccountId, Visitor<Transfer>) const = 0;    // newest first
};

}  // namespace venuebox
