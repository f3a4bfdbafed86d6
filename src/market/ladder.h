// What every market does: keep the quantity that a maker shows at a price where it should be.
#pragma once

#include <vector>

#include "market/market.h"

namespace venuebox::market {

// From which end of a level's queue a decrease leaves. Recorded levels are sums, so nobody knows
// where those stood who cancelled; the answer decides how soon an order in the queue is reached.
enum class QueueModel : std::uint8_t {
  tail,          // the newest leave: an order moves forward by trades alone, which flatters nobody
  proportional,  // all alike, so a share of those before it equal to their share of the level
  head,          // the oldest leave: an order is reached the soonest
};

class Ladder {
 public:
  explicit Ladder(QueueModel model = QueueModel::tail) : model_(model) {}

  // Makes the maker's own quantity at this price equal to `target`, and touches nothing else. More
  // is added at the end of the queue; less is taken as the queue model says. What a crossing
  // addition trades with others is traded, not added again.
  // False when anything traded meanwhile, so that less than `target` may be left.
  bool set_level(Desk& desk, const Instrument& instrument, Side side, Ticks price, Lots target);

  // The maker's own quantity at this price.
  static Lots shown(const View& view, InstrumentId instrument, Side side, Ticks price);

 private:
  struct Own {
    OrderId order;
    Lots quantity;
    Lots remaining;
  };
  bool take_away(Desk& desk, const Instrument& instrument, AccountId maker, Lots excess);
  static bool take_from(Desk& desk, const Instrument& instrument, AccountId maker, const Own& own,
                        Lots taken);

  QueueModel model_;
  std::vector<Own> own_;  // scratch, kept for its memory
};

// An order of the market's: limit, good till cancelled, without a client order id.
PlaceOrder market_order(AccountId account, const Instrument& instrument, Side side, Ticks price,
                        Lots quantity);

}  // namespace venuebox::market
