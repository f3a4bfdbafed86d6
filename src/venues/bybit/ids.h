// How Bybit shows order and fill numbers: a UUID for derivatives, 19 decimal digits for spot. Both
// are reversible functions of the number, so nothing has to be looked up or kept, and a text that
// we never showed names nothing.
#pragma once

#include <optional>
#include <string_view>

#include "base/text.h"
#include "model/ids.h"
#include "model/instrument.h"

namespace venuebox::venues::bybit {

using ShownId = FixedText<36>;

// `box_key` keeps the UUIDs of boxes with different seeds apart.
ShownId shown_order_id(OrderId id, InstrumentKindOf kind, std::uint64_t box_key);
ShownId shown_fill_id(FillId id, InstrumentKindOf kind, std::uint64_t box_key);

// A UUID for a message of a private stream, by how many were told before.
ShownId shown_message_id(std::uint64_t number, std::uint64_t box_key);

std::optional<OrderId> order_id_from_text(std::string_view text, InstrumentKindOf kind,
                                          std::uint64_t box_key);
std::optional<FillId> fill_id_from_text(std::string_view text, InstrumentKindOf kind,
                                        std::uint64_t box_key);

}  // namespace venuebox::venues::bybit
