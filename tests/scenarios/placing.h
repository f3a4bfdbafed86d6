// The terms of orders in words: "0.005 at 60000 ioc reduce-only", "market 0.005 when last >=
// 61000".
#pragma once

#include "words.h"
#include "world.h"

namespace venuebox::scenarios {

struct PlacedOrder {
  PlaceOrder order;
  std::string name;  // "as NAME"
};

// What stands behind "buy" or "sell".
PlacedOrder read_place(Words& words, const World& world, AccountId account, Side side);

// What stands behind "amend": the order, then "to 0.003 at 60001 trigger 59000 tp … sl …".
AmendOrder read_amend(Words& words, const World& world, AccountId account);

// What stands behind "tp" and "sl": [last|mark|index] PRICE|none [limit PRICE].
StopTerms read_stop(Words& words, const Instrument& terms);

// What stands behind "trail" of a position: [last|mark|index] OFFSET|none [from PRICE].
Trail read_trail(Words& words, const Instrument& terms);

}  // namespace venuebox::scenarios
