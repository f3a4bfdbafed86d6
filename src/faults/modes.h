// The named modes that users of other test exchanges know: a failure rate, and what fails.
#pragma once

#include <span>

#include "base/random.h"
#include "faults/actions.h"
#include "faults/fault.h"

namespace venuebox::faults {

inline constexpr Ratio kBaseFailureRate{100'000'000};

// The part that one action has in a compound one, in parts per billion of all occasions.
struct Share {
  ActionType type = ActionType::latency;
  Ratio ratio = {};
};

// What a compound action draws from.
std::span<const Share> shares_of(ActionType compound);

// A mode by its name (RATE_LIMIT … MAINTENANCE, RANDOM, MIXED) as a fault, under that name in lower
// case. RATE_LIMIT goes by the window and MAINTENANCE closes the venue, so neither takes a rate;
// the others strike with `rate`, MIXED in its shares unless a rate is given.
Result<Fault> fault_of_mode(std::string_view mode, std::optional<Ratio> rate = {});

// Which of a compound's actions strikes this occasion, if any; a function of the draw, the rate and
// what can befall the operation.
//   draw  uniform over 64 bits
//   rate  how often one of them strikes; invalid_response always does
std::optional<ActionType> drawn_of_compound(const Action& compound, std::uint64_t draw,
                                            std::string_view operation, Transport transport);

// What is drawn for a mode strikes at once: a rate limit without a window, among others.
Action action_within_compound(ActionType type);

}  // namespace venuebox::faults
