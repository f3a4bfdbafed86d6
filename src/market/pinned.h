// The market that an operator sets: one bid and one ask per instrument, from the market's own
// accounts, and a trade where a last price is asked for. Nothing happens by itself.
#pragma once

#include <map>
#include <optional>

#include "market/ladder.h"

namespace venuebox::market {

struct Quote {
  Ticks bid;
  Ticks ask;                  // above the bid
  std::optional<Ticks> last;  // a trade of the smallest quantity is made at it
  Lots bid_size;
  Lots ask_size;
  std::optional<MarkPrice> index = {};  // of the underlying; absent: as it was

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.bid, s.ask, s.last, s.bid_size, s.ask_size, s.index);
  }
};

class Pinned final : public Market {
 public:
  // Moves the instrument's quote, and trades at `last` if given. Orders of users that the new
  // prices cross are traded with, as in any market.
  Result<void> set_quote(Desk& desk, InstrumentId id, const Quote& quote);

  Timestamp next_due() const override { return kNever; }
  void step(Desk&) override {}
  void resume_at(Timestamp) override {}
  void show_again(Desk& desk, InstrumentId instrument) override;
  void save(ByteWriter& out) const override { out.put(quotes_); }
  void load(ByteReader& in) override { in.get(quotes_); }

 private:
  void show(Desk& desk, const Instrument& instrument, const Quote& quote);
  void print(Desk& desk, const Instrument& instrument, Ticks last);

  std::map<InstrumentId, Quote> quotes_;  // what is shown
  Ladder ladder_;
};

}  // namespace venuebox::market
