#include "faults/judgement.h"

#include <algorithm>

#include "base/wide.h"
#include "faults/actions.h"
#include "faults/calendar.h"
#include "faults/modes.h"
#include "faults/tallies.h"

namespace venuebox::faults {
namespace {
// A draw in parts per billion, from 0 to just below the whole.
Ratio ratio_of(std::uint64_t draw) {
  return {static_cast<std::int64_t>(
      (static_cast<UInt128>(draw) * static_cast<UInt128>(kWhole.raw)) >> 64)};
}

// Times, events, load and the other fault: what opens and shuts.
std::optional<Verdict> shut_by(const Trigger& when, FaultState& state, const Occasion& occasion,
                               bool with_holds) {
  // Every arrival counts for the load, whatever else holds.
  const bool loaded =
      !when.load_above_per_s || state.arrivals.add(occasion.now) > *when.load_above_per_s;
  if (!times_hold(when, occasion.now)) return Verdict::outside_times;
  if (when.after && state.events < when.after->n) return Verdict::awaits_event;
  if (!loaded) return Verdict::load_too_low;
  if (!with_holds) return Verdict::other_did_not;
  return std::nullopt;
}

// Which occasions, by number and by draws. The burst takes its step on every occasion.
std::optional<Verdict> spared_by(const Trigger& when, const RandomStream& draws, FaultState& state,
                                 Timestamp now, Judgement& judgement) {
  const std::uint64_t n = judgement.n;
  const auto misses = [&](Purpose purpose, Ratio chance) {
    judgement.draw = ratio_of(draw_of(draws, n, purpose));
    judgement.chance = chance;
    return judgement.draw >= chance;
  };
  if (when.burst) {
    const bool stays =
        misses(Purpose::burst, state.in_burst ? when.burst->leave : when.burst->enter);
    state.in_burst = state.in_burst == stays;
  }
  if (!when.nth.empty() && !std::ranges::binary_search(when.nth, n)) return Verdict::not_its_turn;
  if (when.every != 0 && n % when.every != 0) return Verdict::not_its_turn;
  if (when.burst && !state.in_burst) return Verdict::outside_burst;
  if (when.hourly_rate && misses(Purpose::hour, when.hourly_rate->at(hour_of(now)))) {
    return Verdict::draw_missed;
  }
  if (when.probability && misses(Purpose::probability, *when.probability)) {
    return Verdict::draw_missed;
  }
  return std::nullopt;
}

// What the trigger lets through and the action does not: a share of a compound one, a budget.
std::optional<Verdict> spared_by(const Fault& fault, const Terms& terms, FaultState& state,
                                 const Occasion& occasion, Judgement& judgement) {
  const Action& action = fault.action;
  judgement.type = action.type;
  if (is_compound(action.type)) {
    const auto drawn = drawn_action(action, terms.draws, judgement.n, occasion.tag);
    state.last_drawn = drawn;
    if (!drawn) return Verdict::draw_missed;
    judgement.type = *drawn;
    return std::nullopt;
  }
  const bool has_budget = action.type == ActionType::rate_limit || action.type == ActionType::ban ||
                          action.type == ActionType::budget_spent;
  if (has_budget &&
      passes(action, tally_of(state, action, occasion.tag), occasion, judgement.wait)) {
    return Verdict::within_budget;
  }
  return std::nullopt;
}

// What struck before and goes on.
bool goes_on(const Fault& fault, const Terms& terms, const FaultState& state,
             const Occasion& occasion, Judgement& judgement) {
  if (terms.lasts == Nanoseconds{}) return false;
  const Tally* tally = find_tally(state, fault.action, occasion.tag);
  if (tally == nullptr || occasion.now >= tally->until) return false;
  judgement.wait = tally->until - occasion.now;
  if (fault.action.type == ActionType::maintenance) {
    judgement.phase = maintenance_phase(fault.action, occasion.now - tally->since);
  }
  return true;
}
}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::struck: return "struck";
    case Verdict::lasting: return "lasting";
    case Verdict::yielded: return "yielded";
    case Verdict::expired: return "expired";
    case Verdict::outside_times: return "outside_times";
    case Verdict::awaits_event: return "awaits_event";
    case Verdict::load_too_low: return "load_too_low";
    case Verdict::other_did_not: return "other_did_not";
    case Verdict::not_its_turn: return "not_its_turn";
    case Verdict::outside_burst: return "outside_burst";
    case Verdict::draw_missed: return "draw_missed";
    case Verdict::within_budget: return "within_budget";
  }
  return "struck";
}

Terms terms_of(const Fault& fault, std::uint64_t seed) {
  Terms terms{.draws = RandomStream(seed, "fault/" + fault.name)};
  if (find_parameter(info_of(fault.action.type), "lasts_ms")) {
    terms.lasts = milliseconds(fault.action.number("lasts_ms"));
  } else if (fault.action.type == ActionType::maintenance) {
    terms.lasts = maintenance_length(fault.action);
  }
  return terms;
}

std::optional<ActionType> drawn_action(const Action& action, const RandomStream& draws,
                                       std::uint64_t n, const Tag& tag) {
  auto drawn =
      drawn_of_compound(action, draw_of(draws, n, Purpose::compound), tag.operation, tag.transport);
  if (!drawn || !is_compound(*drawn)) return drawn;
  return drawn_of_compound(default_action(*drawn), draw_of(draws, n, Purpose::inner), tag.operation,
                           tag.transport);
}

Judgement judge(const Fault& fault, const Terms& terms, FaultState& state, const Occasion& occasion,
                bool with_holds) {
  Judgement judgement{.n = state.occasions, .type = fault.action.type};
  if (fault.lifetime && occasion.now - state.added >= *fault.lifetime) {
    judgement.verdict = Verdict::expired;
    return judgement;
  }
  if (goes_on(fault, terms, state, occasion, judgement)) {
    judgement.n = ++state.occasions;
    judgement.verdict = Verdict::lasting;
    return judgement;
  }
  if (fault.times && state.begun >= *fault.times) {
    judgement.verdict = Verdict::expired;
    return judgement;
  }
  if (const auto shut = shut_by(fault.when, state, occasion, with_holds)) {
    judgement.verdict = *shut;
    return judgement;
  }
  judgement.n = ++state.occasions;
  auto spared = spared_by(fault.when, terms.draws, state, occasion.now, judgement);
  if (!spared) spared = spared_by(fault, terms, state, occasion, judgement);
  judgement.verdict = spared.value_or(Verdict::struck);
  if (!spared && terms.lasts != Nanoseconds{}) {
    judgement.wait = terms.lasts;
    if (fault.action.type == ActionType::maintenance) {
      judgement.phase = maintenance_phase(fault.action, {});
    }
  }
  return judgement;
}

void begin(const Fault& fault, const Terms& terms, FaultState& state, const Occasion& occasion) {
  ++state.begun;
  if (terms.lasts == Nanoseconds{}) return;
  Tally& tally = tally_of(state, fault.action, occasion.tag);
  tally.since = occasion.now;
  tally.until = occasion.now + terms.lasts;
}

}  // namespace venuebox::faults
