// How Paradex shows order and fill numbers: 28 decimal digits. A reversible function of the number,
// so nothing has to be looked up or kept, and a text that we never showed names nothing.
#pragma once

#include <optional>
#include <string_view>

#include "base/text.h"
#include "model/ids.h"

namespace venuebox::venues::paradex {

using ShownId = FixedText<28>;

// `box_key` keeps the ids of boxes with different seeds apart.
ShownId shown_order_id(OrderId id, std::uint64_t box_key);
ShownId shown_fill_id(FillId id, std::uint64_t box_key);

// None for texts that this box cannot have shown.
std::optional<OrderId> order_id_from_text(std::string_view text, std::uint64_t box_key);

}  // namespace venuebox::venues::paradex
