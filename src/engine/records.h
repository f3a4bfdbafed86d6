// What an exchange remembers of the past: closed orders and executions of users, public trades and
// the statistics of the last day. Fed by the engine, which asks it for nothing. Bounded, the oldest
// goes first; once full, it allocates nothing.
#pragma once

#include "engine/ring.h"
#include "model/fill.h"
#include "model/view.h"

namespace venuebox::engine {

inline constexpr std::size_t kClosedOrdersMax = 50'000;  // of all accounts together
inline constexpr std::size_t kExecutionsMax = 100'000;   // of all accounts together
inline constexpr std::size_t kTradesMax = 1'000;         // per instrument

class Records {
 public:
  void open_account() { newest_.emplace_back(); }
  void add_instrument() { tapes_.emplace_back(); }

  // The place for an order that closed. What it still holds, if anything, is forgotten by this.
  Order& add_closed(AccountId account);
  Execution& add_execution(AccountId account);
  void add_trade(InstrumentId instrument, const Trade& trade);

  void closed_orders(AccountId account, Visitor<Order> visit) const;
  void executions(AccountId account, Visitor<Execution> visit) const;
  void trades(InstrumentId instrument, Visitor<Trade> visit) const;
  DayStatistics day_statistics(InstrumentId instrument, Timestamp now) const;

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  // An entry of one account, and which was the account's one before.
  template <class T>
  struct Owned {
    T value;
    AccountId account;
    std::uint64_t previous = 0;

    template <class Self>
    static auto fields(Self& s) {
      return std::tie(s.value, s.account, s.previous);
    }
  };
  // What traded in one minute of box time.
  struct Minute {
    std::int64_t index = 0;  // minutes since the epoch
    Ticks first, high, low;
    Lots volume;
    Int128 turnover = 0;

    template <class Self>
    static auto fields(Self& s) {
      return std::tie(s.index, s.first, s.high, s.low, s.volume, s.turnover);
    }
  };
  static constexpr std::int64_t kDayMinutes = 1'440;
  struct Tape {
    Ring<Trade, kTradesMax> trades;
    Ring<Minute, kDayMinutes + 1> minutes;

    template <class Self>
    static auto fields(Self& s) {
      return std::tie(s.trades, s.minutes);
    }
  };
  // Numbers of an account's newest entries in the rings below; 0: it has none.
  struct Newest {
    std::uint64_t closed = 0;
    std::uint64_t execution = 0;

    template <class Self>
    static auto fields(Self& s) {
      return std::tie(s.closed, s.execution);
    }
  };

  Ring<Owned<Order>, kClosedOrdersMax> closed_;
  Ring<Owned<Execution>, kExecutionsMax> executions_;
  std::vector<Newest> newest_;  // by account
  std::vector<Tape> tapes_;     // by instrument
};

}  // namespace venuebox::engine
