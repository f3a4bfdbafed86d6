// What a fault counts per account: rate limits, bans, spent budgets, and how long something lasts.
#pragma once

#include "faults/judgement.h"

namespace venuebox::faults {

// For whom the fault keeps its tally: an account, a venue, or one channel.
Tally& tally_of(FaultState& state, const Action& action, const Tag& tag);
const Tally* find_tally(const FaultState& state, const Action& action, const Tag& tag);

// Whether an account's budget lets the call pass, which counts it; otherwise `wait` is set to when
// the next one would. For actions without a budget nothing passes.
bool passes(const Action& action, Tally& tally, const Occasion& occasion, Nanoseconds& wait);

// Maintenance whose phases have times: how long all of them take, and which it is `elapsed` after
// the beginning, as the place in the parameter `phase`.
Nanoseconds maintenance_length(const Action& action);
std::size_t maintenance_phase(const Action& action, Nanoseconds elapsed);

}  // namespace venuebox::faults
