#include "faults/tallies.h"

#include <algorithm>

#include "faults/actions.h"

namespace venuebox::faults {
namespace {
using T = ActionType;

std::string key_of(const Action& action, const Tag& tag) {
  std::string key(tag.venue);
  const auto add = [&](std::string_view part) { key.append(1, '\n').append(part); };
  switch (action.type) {
    case T::rate_limit:
    case T::budget_spent:
    case T::expire_auth:
    case T::revoke_key:
    case T::stall:
    case T::balance_mismatch: add(tag.account); break;
    case T::ban:
      if (action.choice("scope") == "account") add(tag.account);
      break;
    case T::silence_channel:
      add(tag.account);
      add(tag.channel);
      add(tag.symbol);
      break;
    case T::price_anomaly:
    case T::stale_data:
    case T::halt: add(tag.symbol); break;
    default: break;
  }
  return key;
}

// The times of calls that passed never fall, so the ring's oldest decides.
bool passes_window(const Action& action, Tally& tally, Timestamp now, Nanoseconds& wait) {
  const auto threshold = static_cast<std::size_t>(action.number("threshold"));
  if (threshold == 0) return false;
  const Nanoseconds window = milliseconds(action.number("window_ms"));
  if (tally.calls.size() < threshold) {
    tally.calls.push_back(now.ns);
    return true;
  }
  const Timestamp oldest{tally.calls[tally.oldest]};
  if (now - oldest < window) {
    wait = oldest + window - now;
    return false;
  }
  tally.calls[tally.oldest] = now.ns;
  tally.oldest = (tally.oldest + 1) % static_cast<std::uint32_t>(tally.calls.size());
  return true;
}

bool passes_budget(const Action& action, Tally& tally, const Occasion& occasion,
                   Nanoseconds& wait) {
  const auto budget = static_cast<std::uint64_t>(action.number("budget"));
  if (tally.count < budget) return ++tally.count, true;
  if (action.flag("cancels_pass") && concerns(Subject::cancelling, occasion.tag.operation)) {
    return true;
  }
  const Nanoseconds refill = milliseconds(action.number("refill_ms"));
  // The first refusal counts as the latest pass.
  if (tally.calls.empty()) tally.calls.push_back(occasion.now.ns);
  const Timestamp due = Timestamp{tally.calls.front()} + refill;
  if (occasion.now < due) return wait = due - occasion.now, false;
  tally.calls.front() = occasion.now.ns;
  return true;
}

constexpr std::string_view kPhaseTimes[] = {"announced_ms", "closed_ms", "cancel_only_ms",
                                            "post_only_ms"};
// In the order of the parameter's choices, which begins with what is meant without times.
constexpr std::size_t kPhasePlaces[] = {1, 0, 2, 3};
}  // namespace

Tally& tally_of(FaultState& state, const Action& action, const Tag& tag) {
  std::string key = key_of(action, tag);
  if (state.tallies.size() >= kTalliesMax && !state.tallies.contains(key)) {
    state.tallies.erase(std::ranges::min_element(
        state.tallies, {}, [](const auto& entry) { return entry.second.used; }));
  }
  Tally& tally = state.tallies[std::move(key)];
  tally.used = state.occasions;
  return tally;
}

const Tally* find_tally(const FaultState& state, const Action& action, const Tag& tag) {
  const auto found = state.tallies.find(key_of(action, tag));
  return found == state.tallies.end() ? nullptr : &found->second;
}

bool passes(const Action& action, Tally& tally, const Occasion& occasion, Nanoseconds& wait) {
  if (action.type == T::rate_limit) return passes_window(action, tally, occasion.now, wait);
  if (action.type == T::budget_spent) return passes_budget(action, tally, occasion, wait);
  if (action.type != T::ban) return false;
  if (tally.count >= static_cast<std::uint64_t>(action.number("after_ignored"))) {
    tally.count = 0;
    return false;
  }
  ++tally.count;
  return true;
}

Nanoseconds maintenance_length(const Action& action) {
  Nanoseconds length;
  for (const std::string_view time : kPhaseTimes)
    length += milliseconds(action.number(time));
  return length;
}

std::size_t maintenance_phase(const Action& action, Nanoseconds elapsed) {
  for (std::size_t i = 0; i < std::size(kPhaseTimes); ++i) {
    const Nanoseconds length = milliseconds(action.number(kPhaseTimes[i]));
    if (elapsed < length) return kPhasePlaces[i];
    elapsed = elapsed - length;
  }
  return kPhasePlaces[std::size(kPhaseTimes) - 1];
}

}  // namespace venuebox::faults
