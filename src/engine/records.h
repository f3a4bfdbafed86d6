// What an exchange remembers of the past: closed orders and executions of users, public trades and
// the statistics of the last day. Fed by the engine, which asks it for nothing. Bounded, the oldest
// goes first; once full, it allocates nothing.
#pragma once

#include <array>

#include "engine/client_ids.h"
#include "engine/order_store.h"
#include "engine/ring.h"
#include "model/fill.h"
#include "model/view.h"

namespace venuebox::engine {

inline constexpr std::size_t kClosedOrdersMax = 20'000;  // of all accounts together
inline constexpr std::size_t kExecutionsMax = 40'000;    // of all accounts together
inline constexpr std::size_t kTransfersMax = 10'000;     // of all accounts together
inline constexpr std::size_t kTradesMax = 1'000;         // per instrument
inline constexpr std::size_t kFundingsMax = 1'000;       // per instrument
// Stretches in which something traded, per instrument: minutes for 500 candles of five of them,
// longer ones for as many of the venues' longest answers.
inline constexpr std::size_t kMinutesMax = 3'000;
inline constexpr std::size_t kStretchesMax = 1'000;

class Records {
 public:
  void open_account() { newest_.emplace_back(); }
  void add_instrument() { tapes_.emplace_back(); }

  // An order that ended; takes over its reference to its name.
  //   fee_asset  in which it would have paid, had anything been filled
  void add_closed(OrderId id, const RestingNode& resting, const OrderNode& node,
                  const OrderDetails* details, AssetId fee_asset, CancelReason reason,
                  ClientIds& names);
  // One party's half of a fill, after it was booked.
  void add_execution(const Fill& fill, const FillParty& party, const RestingNode& resting,
                     const OrderNode& node, bool is_maker, Rate rate, Timestamp time,
                     ClientIds& names);
  // What moved money at a position without a fill.
  void add_execution(AccountId account, const Execution& execution, ClientIds& names);
  //   value  of the trade, as in DayStatistics::turnover
  void add_trade(InstrumentId instrument, const Trade& trade, Int128 value);
  void add_funding(InstrumentId instrument, const FundingRow& row);
  void add_transfer(AccountId account, const Transfer& transfer);

  void closed_orders(AccountId account, const ClientIds& names, Visitor<Order> visit) const;
  void executions(AccountId account, const ClientIds& names, Visitor<Execution> visit) const;
  void transfers(AccountId account, Visitor<Transfer> visit) const;
  void trades(InstrumentId instrument, Visitor<Trade> visit) const;
  DayStatistics day_statistics(InstrumentId instrument, Timestamp now) const;
  // Both return whether nothing is forgotten.
  bool traded(InstrumentId instrument, Resolution resolution, Visitor<Candle> visit) const;
  bool fundings(InstrumentId instrument, Visitor<FundingRow> visit) const;

  void save(ByteWriter& out, const ClientIds& names) const;
  // Names that closed orders keep taken are taken again where `remembers` says so.
  void load(ByteReader& in, ClientIds& names, FunctionRef<bool(InstrumentId)> remembers);

 private:
  // A closed order, in two cache lines: most have nothing beyond these.
  struct Closed {
    RestingNode resting;
    OrderNode node;
    Lots filled;
    Int128 filled_value = 0;
    Int128 fee = 0;
    std::uint64_t previous = 0;  // the account's one before, 0: none
    AssetId fee_asset;
    CancelReason reason = CancelReason::none;
    bool has_more = false;  // more_ has the rest, at node.details
  };
  struct OwnExecution {
    FillId id;
    OrderId order;
    Ticks price;
    Lots quantity;
    Ticks order_price;
    Lots order_quantity;
    Lots remaining;
    Lots closed;
    Int128 fee = 0;
    Int128 realised_profit = 0;
    Rate rate;
    MarkPrice mark;
    Timestamp time;
    std::uint64_t previous = 0;  // the account's one before, 0: none
    AccountId account;
    InstrumentId instrument;
    NameIndex name = kNoName;
    AssetId fee_asset;
    AssetId profit_asset;
    ExecutionKind kind = ExecutionKind::trade;
    Side side = Side::buy;
    PositionSide position_side = PositionSide::both;
    OrderType order_type = OrderType::limit;
    bool is_maker = false;
  };

  struct OwnTransfer {
    Transfer transfer;
    AccountId account;
    std::uint64_t previous = 0;  // the account's one before, 0: none
  };

  Closed& next_closed(AccountId account, ClientIds& names);
  OwnExecution& next_execution(AccountId account, ClientIds& names);
  Order order_of(const Closed&, const ClientIds& names) const;
  static Execution execution_of(const OwnExecution&, const ClientIds& names);

  struct Tape {
    Ring<Trade, kTradesMax> trades;
    Ring<Candle, kMinutesMax> minutes;
    // Quarters, hours and days; without the newest minute, to which trades are still added.
    std::array<Ring<Candle, kStretchesMax>, 3> stretches;
    Ring<FundingRow, kFundingsMax> fundings;

    template <class Self>
    static auto fields(Self& s) {
      return std::tie(s.trades, s.minutes, s.stretches[0], s.stretches[1], s.stretches[2],
                      s.fundings);
    }
  };
  // Numbers of an account's newest entries in the rings below; 0: it has none.
  struct Newest {
    std::uint64_t closed = 0;
    std::uint64_t execution = 0;
    std::uint64_t transfer = 0;
  };

  Ring<Closed, kClosedOrdersMax> closed_;
  Ring<OwnExecution, kExecutionsMax> executions_;
  Ring<OwnTransfer, kTransfersMax> transfers_;
  std::vector<OrderDetails> more_;
  std::vector<std::uint32_t> free_more_;
  std::vector<Newest> newest_;  // by account
  std::vector<Tape> tapes_;     // by instrument
};

}  // namespace venuebox::engine
