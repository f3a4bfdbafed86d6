// Numbers as scenarios write them. Prices, quantities and money are decimals; for what no decimal
// can say there are raw counts ("ticks 9223372036854775807") and "max" and "min".
#pragma once

#include <utility>

#include <fmt/core.h>

#include "base/time.h"
#include "model/instrument.h"
#include "words.h"

namespace venuebox::scenarios {

// Whether a price or quantity begins with this word.
bool begins_number(std::string_view word);

std::int64_t read_whole(Words& words);
// A whole number that T can hold.
template <class T>
T read_within(Words& words) {
  const std::int64_t value = read_whole(words);
  if (std::in_range<T>(value)) return static_cast<T>(value);
  words.fail(fmt::format("{} does not fit", value));
  return {};
}
Ticks read_ticks(Words& words, const Instrument& terms);           // 60000.1 | ticks 600001
Lots read_lots(Words& words, const Instrument& terms);             // 0.005 | lots 5
MarkPrice read_mark_price(Words& words, const Instrument& terms);  // 60000.05 | marks 6000000000
Money read_money(Words& words, const Asset& asset);                // 12.5 | units 125
Rate read_rate(Words& words);                                      // 0.02% | rate 200000
Step read_step(Words& words);                                      // 0.10
Nanoseconds read_duration(Words& words);                           // 10s | +10s | 1ms | -1s

std::string text_of(Ticks price, const Instrument& terms);
std::string text_of(Lots quantity, const Instrument& terms);
std::string text_of(SignedLots quantity, const Instrument& terms);
std::string text_of(Rate rate);
std::string text_of(Nanoseconds duration);

// Numbers and durations in the one form that text_of() gives them; other words as they are.
std::string canonical(std::string_view word);

}  // namespace venuebox::scenarios
