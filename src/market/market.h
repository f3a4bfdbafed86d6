// Whatever trades besides the user. A market is a trader like any other: it sees the exchange
// through its view and acts by commands, at times that are a function of its configuration alone.
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "model/desk.h"

namespace venuebox::market {

// The market's own accounts, opened first in every exchange. There are several, so that
// self-trade prevention between its orders never changes what it shows.
inline constexpr AccountId kBidMaker{0};
inline constexpr AccountId kAskMaker{1};
inline constexpr AccountId kTaker{2};
// What no account could bear is this one's; it trades with what it took over.
inline constexpr AccountId kInsurance{3};
inline constexpr std::uint32_t kAccounts = 4;  // all of these; users' come after them

class Market {
 public:
  virtual ~Market() = default;

  // Box time of the next step; kNever when nothing more will come.
  virtual Timestamp next_due() const = 0;
  // Runs what is due at exactly next_due(); afterwards next_due() is later, or equal when one
  // moment holds several steps.
  virtual void step(Desk& desk) = 0;
  // Moves everything still to come so that it continues at `time`: after a pause in which the box
  // was not running, the market goes on where it stopped.
  virtual void resume_at(Timestamp time) = 0;
  // Puts right what it shows of one instrument, after others changed or kept back its orders.
  virtual void show_again(Desk& desk, InstrumentId instrument) = 0;

  // From now on the market has this instrument too, which the exchange lists; a market that is told
  // what to show has it anyway. Also before load(), of all that was added when it was saved.
  //   price  of the base asset in quote, where it has none here yet; absent: one that is drawn
  virtual void add(const View&, InstrumentId, std::optional<double> price) { (void)price; }
  // Shows what was added at once, ahead of the next step.
  virtual void open(Desk&, InstrumentId) {}
  // What a base asset is worth here, in quote; none: this market has no price of its own for it.
  virtual std::optional<double> fair_price(std::string_view) const { return std::nullopt; }

  // All that a market remembers between two steps.
  virtual void save(ByteWriter& out) const = 0;
  virtual void load(ByteReader& in) = 0;
};

}  // namespace venuebox::market
