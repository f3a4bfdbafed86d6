// Scanning of recorded lines. Written for speed where the bytes are: no general JSON reader, since
// these lines come by the hundred million and always in the shape in which their venue writes them.
#pragma once

#include <string_view>
#include <vector>

#include "market/recording.h"

namespace venuebox::market {

// What follows the key (with its quotes and colon); empty when it is not there.
std::string_view text_after(std::string_view text, std::string_view key);

// The whole number at the start.
bool read_whole(std::string_view text, std::int64_t& value);

// The whole text as units of 10^-8, exactly; false when it is no number that is at least 0 and
// fits. Reads 1e-05 as well, as CSV files have it.
bool read_units(std::string_view text, std::int64_t& units);

// The number in quotes at the start, whose opening quote is gone; moves `text` behind the other.
bool read_quoted_units(std::string_view& text, std::int64_t& units);

// The lists `[["61800.20","2.507"],…]` behind their two keys, which stand in this order.
bool read_sides(std::string_view text, std::string_view bids_key, std::string_view asks_key,
                RecordedMessage& message);

}  // namespace venuebox::market
