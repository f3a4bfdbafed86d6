// What an exchange remembers of the past: closed orders and executions of users, public trades and
// the statistics of the last day. Fed by the engine, which asks it for one thing alone: the last
// price, where a mark price has no book to come from. Bounded, the oldest goes first.
#pragma once

#include <deque>
#include <vector>

#include "base/bytes.h"
#include "model/fill.h"
#include "model/view.h"

namespace venuebox::engine {

inline constexpr std::size_t kClosedOrdersMax = 5'000;  // per account
inline constexpr std::size_t kExecutionsMax = 10'000;   // per account
inline constexpr std::size_t kTradesMax = 1'000;        // per instrument

class Records {
 public:
  // Returns the order that had to go to make room, if any.
  std::optional<Order> add_closed(const Order& order);
  void add_execution(AccountId account, const Execution& execution);
  void add_trade(InstrumentId instrument, const Trade& trade);

  void closed_orders(AccountId account, Visitor<Order> visit) const;
  void executions(AccountId account, Visitor<Execution> visit) const;
  void trades(InstrumentId instrument, Visitor<Trade> visit) const;
  std::optional<Ticks> last_price(InstrumentId instrument) const;
  DayStatistics day_statistics(InstrumentId instrument, Timestamp now) const;

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  struct History {
    std::deque<Order> closed;          // oldest first
    std::deque<Execution> executions;  // oldest first
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
  struct Tape {
    std::deque<Trade> trades;    // oldest first
    std::deque<Minute> minutes;  // oldest first, at most a day and the current one
  };

  History& history(AccountId account);
  Tape& tape(InstrumentId instrument);

  std::vector<History> histories_;  // by account
  std::vector<Tape> tapes_;         // by instrument
};

}  // namespace venuebox::engine
