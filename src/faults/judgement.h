// Whether one fault strikes one occasion. Draws are functions of (seed, fault's name, running
// number) alone.
#pragma once

#include <optional>

#include "base/random.h"
#include "faults/fault.h"
#include "faults/fault_state.h"
#include "faults/tag.h"

namespace venuebox::faults {

enum class Verdict : std::uint8_t {
  struck,
  lasting,        // struck, since it struck before and goes on
  yielded,        // would have struck, but a fault before it ends the occasion
  expired,        // `times` or `for_ms` are over
  outside_times,  // window, daily, weekly
  awaits_event,
  load_too_low,
  other_did_not,  // the one it goes with
  not_its_turn,   // nth, every
  outside_burst,
  draw_missed,
  within_budget,  // the account may still call
};
std::string_view name_of(Verdict verdict);
constexpr bool strikes(Verdict verdict) {
  return verdict == Verdict::struck || verdict == Verdict::lasting;
}

struct Judgement {
  Verdict verdict = Verdict::struck;
  std::uint64_t n = 0;  // the occasion's running number
  // The draw that decided, and below what it had to be; both zero where none was made.
  Ratio draw = {};
  Ratio chance = {};
  ActionType type = ActionType::latency;  // what strikes: of a compound action, the drawn one
  Nanoseconds wait = {};                  // until it is over; zero: not known
  std::optional<std::size_t> phase = {};  // of maintenance by times: which
};

struct Occasion {
  const Tag& tag;
  Timestamp now;  // box time
};

// What an action's values come to, worked out once.
struct Terms {
  RandomStream draws;
  Nanoseconds lasts = {};  // zero: one occasion
};
Terms terms_of(const Fault& fault, std::uint64_t seed);

// The draws of the n-th occasion; each purpose has its own.
enum class Purpose : std::uint8_t { probability, hour, burst, compound, inner, drawn, value, own };
inline std::uint64_t draw_of(const RandomStream& draws, std::uint64_t n, Purpose purpose) {
  return draws.at(n * 8 + static_cast<std::uint64_t>(purpose));
}

//   with_holds  whether the fault it goes with has struck; true when there is none
Judgement judge(const Fault& fault, const Terms& terms, FaultState& state, const Occasion& occasion,
                bool with_holds);

// Which of its actions a compound one draws for the n-th occasion.
std::optional<ActionType> drawn_action(const Action& action, const RandomStream& draws,
                                       std::uint64_t n, const Tag& tag);

// Books that the fault has struck: what lasts begins.
void begin(const Fault& fault, const Terms& terms, FaultState& state, const Occasion& occasion);

}  // namespace venuebox::faults
