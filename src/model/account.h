// What an account owns and owes.
#pragma once

#include <tuple>

#include "base/time.h"
#include "model/money.h"

namespace venuebox {

enum class AccountKindOf : std::uint8_t {
  user,    // pays with what it has
  market,  // the market's own participants: unlimited credit, no margin checks, no history
};

struct Balance {
  Money cash;  // owned, held parts included
  Money held;  // set aside by open spot orders

  Money free() const { return cash - held; }

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.cash, s.held);
  }
};

// Money that came into an account from outside.
struct Transfer {
  std::uint64_t sequence = 0;  // of the command; unique
  FillId after;                // the exchange's last fill before it; 0: none
  Money amount;
  Timestamp time;  // box time

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.sequence, s.after, s.amount, s.time.ns);
  }
};

// One-way position in a linear perpetual. The average entry price is never stored: it is
// entry_value / size, and what division leaves over stays in the sum.
struct Position {
  InstrumentId instrument;
  SignedLots size;
  Money entry_value;      // what the open size cost, same sign as size
  Money realised_profit;  // since the account began, without fees
  Money fees;             // since the account began, positive paid
  Money open_realised;    // realised profit less fees since the position was last flat
  Timestamp opened;       // box time at which it last left zero
  Timestamp updated;      // box time of the last change

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.instrument, s.size, s.entry_value, s.realised_profit, s.fees, s.open_realised,
                    s.opened.ns, s.updated.ns);
  }
};

// Margin of one settlement asset, over all its perpetuals (cross).
struct MarginSummary {
  Money cash;
  Money held;              // by spot orders
  Money unrealised;        // at mark
  Money position_initial;  // initial margin of positions
  Money order_initial;     // further initial margin that open orders need
  Money available() const { return cash - held + unrealised - position_initial - order_initial; }
};

}  // namespace venuebox
