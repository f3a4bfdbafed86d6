// Orders as Bybit's bodies say them: what to place, change or cancel, and what is wrong with it.
// The same for single requests, for entries of batches, and for whoever else hands in such a body.
#pragma once

#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {

// Each reads one body; a member of the wrong kind reads as absent, and body.wrong() tells.
std::optional<Refusal> read_place_order(const Call&, std::string_view category, Body&, PlaceOrder&);
std::optional<Refusal> read_amend_order(const Call&, std::string_view category, Body&, AmendOrder&);
std::optional<Refusal> read_cancel_order(const Call&, std::string_view category, Body&,
                                         CancelOrder&);

// Why the engine refused the command, with the numbers that Bybit's words quote.
Refusal refusal_of(RejectReason, const PlaceOrder&, const View&);
Refusal refusal_of(RejectReason, const AmendOrder&, const View&);
Refusal refusal_of(RejectReason, const CancelOrder&, const View&);

// `category` and `symbol` of a body.
std::optional<Refusal> read_instrument(const View&, std::string_view category, Body&,
                                       const Instrument*&);

// A quantity in whole lots; "Qty invalid" and its like when it is none.
std::optional<Refusal> read_lots(std::string_view text, const Instrument&, Lots&);
// A price above 0 in whole ticks; `name` is the member's, for the refusal.
std::optional<Refusal> read_ticks(std::string_view text, std::string_view name, const Instrument&,
                                  Ticks&);

}  // namespace venuebox::venues::bybit
