// Decimals as a bot needs them: from and to text, and brought onto a market's steps. How they are
// compared and added: base/decimal.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/decimal.h"

namespace venuebox::library {

// Reads "0.01", "-3", "1e-8".
Result<Decimal> decimal(std::string_view text);

// Without trailing zeros; "none" where there is none.
using venuebox::text_of;
std::string text_of(const std::optional<Decimal>& value);

// Exactly. As in the two below, what does not fit 128 bits ends the program: prices and quantities
// have some 20 digits at most.
Decimal times(const Decimal& a, const Decimal& b);

// The next multiple of the step, down or up: times(bid, {9, 1}) is nine tenths of a price, and
// floored(times(bid, {9, 1}), market.tick) a price of an order.
//   step  above 0
Decimal floored(const Decimal& value, const Decimal& step);
Decimal ceiled(const Decimal& value, const Decimal& step);

}  // namespace venuebox::library
