// Recordings made of others: a part in time, and a book with the trades of another file.
#pragma once

#include "market/recording.h"

namespace venuebox::market {

// What was recorded from `from` to `to`, both included. What came before is put together to the
// snapshot that the part begins with, at `from`.
std::unique_ptr<Recording> part_of(std::unique_ptr<Recording> whole, Timestamp from, Timestamp to);

// A book, and the trades of the same market from another file, in the order of their times. Of
// equal times the trade comes first: the change of the book is what it left.
std::unique_ptr<Recording> joined(std::unique_ptr<Recording> book,
                                  std::unique_ptr<Recording> trades);

}  // namespace venuebox::market
