// What every market does: keep the quantity that a maker shows at a price where it should be.
#pragma once

#include <vector>

#include "market/market.h"

namespace venuebox::market {

class Ladder {
 public:
  // Makes the maker's own quantity at this price equal to `target`, and touches nothing else. More
  // is added at the end of the queue; less is taken from the newest orders first (queue model
  // `tail`). What a crossing addition trades with others is traded, not added again.
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
  std::vector<Own> own_;  // scratch, kept for its memory
};

// An order of the market's: limit, good till cancelled, without a client order id.
PlaceOrder market_order(AccountId account, const Instrument& instrument, Side side, Ticks price,
                        Lots quantity);

}  // namespace venuebox::market
