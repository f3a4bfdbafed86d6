// The order book as a table: highest price first, bids on the left, asks on the right.
//
//              bids |   price | asks
//                   | 60010   | maker2 0.005
//                   | 60000.1 | alice 0.002 as a, bob 0.003
//       market 0.01 | 59999.9 |
#pragma once

#include <span>
#include <string>
#include <vector>

#include "words.h"
#include "world.h"

namespace venuebox::scenarios {

struct DrawnRow {
  int line = 0;
  std::string bids;
  std::string price;
  std::string asks;
};

struct Drawing {
  std::vector<DrawnRow> rows;
  Problem problem;
};

// Reads the rows, without the headline.
Drawing read_drawing(std::span<const Line> lines, const Instrument& terms);

// One limit order per entry, from the top down, each cell from left to right.
struct DrawnOrder {
  int line = 0;
  Action action;
};
std::vector<DrawnOrder> drawn_orders(Drawing& drawing, InstrumentId instrument, const World& world);

// Compares a drawing with the book. A cell says a level's total ("0.005"), its queue
// ("alice 0.002, b 0.003"), or both ("0.005: alice 0.002, b 0.003"); a level that is not drawn must
// not be there. Returns a diff, or nothing.
std::string unmet_book(const Drawing& drawing, InstrumentId instrument, const World& world,
                       const View& view);

}  // namespace venuebox::scenarios
