// The market makers of one instrument. They show a ladder around a reference price: the fair price,
// and a lean away from what takers did, which fades as the makers lay off what they got. So every
// trade moves the price a bit, a user's as much as anyone's.
#pragma once

#include <span>
#include <vector>

#include "base/random.h"
#include "market/ladder.h"

namespace venuebox::market {

double size_of(Step step);  // of one step, in whole units

// How things stand when the makers quote.
struct Conditions {
  double fair = 0;       // in ticks
  double agitation = 1;  // present volatility against the normal one
  double spread = 1;     // multiples of the normal market's
  double liquidity = 1;
};

class Makers {
 public:
  //   draws       for sizes, this instrument's own
  //   liquidity   of the book, as a part of bitcoin's
  //   volatility  of a year, in the normal regime
  Makers(const Instrument& instrument, RandomStream draws, double liquidity, double volatility);

  // Once per step: looks at what happened since, fades the lean, and changes the levels that have
  // to change. `step` numbers the draws.
  void quote(Desk& desk, const Conditions& conditions, std::uint64_t step);
  // Every level at its full size again.
  void show_again(Desk& desk);
  // Before a command of the market's own takers, and after it with its events.
  void observe(const View& view);
  void notice(const View& view, std::span<const Event> events);

  // Quote value of a quantity.
  double notional(Ticks price, Lots quantity) const;
  // How far the reference price is from the fair one, as a part of it.
  double lean() const;

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  struct Level {
    std::int64_t price = 0;
    Lots target;
    Lots shown;
    double liquidity = 1;  // the conditions' when the target was set
  };
  using Levels = std::vector<Level>;  // best first
  static constexpr std::uint64_t kStale = ~std::uint64_t{0};

  bool must_move(double reference, std::int64_t spread, double agitation) const;
  void move(Desk& desk, std::int64_t bid, std::int64_t ask, double liquidity, std::uint64_t step);
  void plan(Side side, std::int64_t best, double liquidity, std::uint64_t step);
  void show(Desk& desk, Side side);
  void heal(Desk& desk, double liquidity, std::uint64_t step);
  void fill_up(Desk& desk, Side side, Level& level);
  void set(Desk& desk, Side side, std::int64_t price, Lots quantity);
  Lots size(std::int64_t price, std::int64_t distance, std::int64_t spacing, double liquidity,
            std::uint64_t draw) const;
  void feel(Side taker_side, Ticks price, Lots quantity);
  Levels& levels(Side side) { return levels_[static_cast<std::size_t>(side)]; }

  Instrument instrument_;
  RandomStream draws_;
  double depth_;      // quote that is shown within 10 bp, about
  double thickness_;  // multiples of bitcoin's liquidity
  double patience_;   // how far the reference moves before the makers follow, as a part of it
  double tick_size_;
  double lot_size_;

  // Of the terms as they were when last quoted: quotes keep to them.
  std::int64_t tick_multiple_ = 1;
  std::int64_t lot_multiple_ = 1;

  Levels levels_[2];
  std::int64_t grid_ = 0;  // ticks between the levels next to the best one; 0: none shown yet
  double quick_ = 0;       // what takers bought of late, as a part of the depth
  double slow_ = 0;
  FillId seen_;                     // the newest trade that was felt
  std::uint64_t version_ = kStale;  // of the book when `shown` was right

  bool quiet_ = true;  // whether nothing traded while the makers changed their levels
  Ladder ladder_;
  Levels next_;  // scratch, kept for its memory
};

}  // namespace venuebox::market
