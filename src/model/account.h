// What an account owns and owes.
#pragma once

#include <optional>
#include <tuple>

#include "base/time.h"
#include "model/instrument.h"

namespace venuebox {

enum class AccountKindOf : std::uint8_t {
  user,       // pays with what it has
  market,     // the market's own participants: unlimited credit, no margin checks, no history
  insurance,  // takes over what is liquidated; what it owns is the insurance fund. Without one
              // nothing is liquidated
};

enum class MarginMode : std::uint8_t {
  cross,     // all that an account owns of the settlement asset backs the position
  isolated,  // what is set aside for the position, and no more
};

enum class PositionMode : std::uint8_t {
  one_way,  // one position per instrument, long or short
  hedge,    // a long one and a short one, side by side
};

// Which position of an instrument is meant.
enum class PositionSide : std::uint8_t { both, long_side, short_side };  // both: one-way

struct Balance {
  Money cash;      // owned, the parts below included
  Money held;      // set aside by open spot orders
  Money isolated;  // set aside for isolated positions

  Money free() const { return cash - held - isolated; }

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.cash, s.held, s.isolated);
  }
};

// Money that came into an account or left it, other than by trading.
struct Transfer {
  std::uint64_t sequence = 0;  // of the command; unique within an account
  FillId after;                // the exchange's last fill before it; 0: none
  Money amount;                // negative: it left
  AccountId other;             // kNoAccount: from outside
  Timestamp time;              // box time

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.sequence, s.after, s.amount, s.other, s.time.ns);
  }
};

// What an account pays for trading one kind of instrument, in place of the instrument's own rates.
struct FeeRates {
  Rate maker;  // negative: a rebate
  Rate taker;

  friend bool operator==(const FeeRates&, const FeeRates&) = default;
  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.maker, s.taker);
  }
};

// A position in a perpetual. The average entry price is never stored: it is entry_value / size, of
// an inverse one size / entry_value, and what division leaves over stays in the sum.
struct Position {
  InstrumentId instrument = {};
  PositionSide side = PositionSide::both;
  SignedLots size = {};
  Money entry_value = {};      // what the open size cost, same sign as size
  Money margin = {};           // isolated: set aside for it; 0 in cross margin
  Money realised_profit = {};  // since the account began, without fees
  Money fees = {};             // since the account began, positive paid
  Money funding = {};          // since the account began, positive paid
  Money open_realised = {};    // realised profit less fees and funding since it was last flat
  Timestamp opened = {};       // box time at which it last left zero
  Timestamp updated = {};      // box time of the last change
};

// What a position demands and how far it is from its end, at the mark price.
struct PositionRisk {
  Money value = {};        // notional at mark, positive
  Money unrealised = {};   // profit at mark, with the funding that ran up unpaid
  Money initial = {};      // initial margin at its leverage
  Money maintenance = {};  // below which it is liquidated
  const RiskTier* tier = nullptr;
  // Mark prices, if nothing else moves: where it is liquidated, and where nothing is left of what
  // backs it. Absent: at no price.
  std::optional<MarkPrice> liquidation_price = {};
  std::optional<MarkPrice> bankruptcy_price = {};
  int deleveraging_rank = 0;  // 1 to 5: first in the queue; 0: flat or not a user's
};

// Margin of one settlement asset, over all its perpetuals.
struct MarginSummary {
  Money cash = {};
  Money held = {};              // by spot orders
  Money isolated = {};          // by isolated positions
  Money unrealised = {};        // of cross positions, at mark
  Money position_initial = {};  // initial margin of cross positions
  Money order_initial = {};     // further initial margin that open orders need
  Money maintenance = {};       // of cross positions
  Money equity() const { return cash - isolated + unrealised; }
  Money available() const { return equity() - held - position_initial - order_initial; }
};

// Funding of one instrument as it stands.
struct FundingState {
  Rate rate;         // of the present interval, as it would be if it ended now
  Rate last;         // that was paid last
  Timestamp next;    // when it is paid next; kNever: it runs up continuously, or there is none
  Int128 index = 0;  // continuous: settlement units that one lot has run up to since the listing
};
struct FundingRow {
  Timestamp time;
  Rate rate;
  MarkPrice mark;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.time.ns, s.rate, s.mark);
  }
};

}  // namespace venuebox
