// What a plan has counted, as bytes and back.
#include <algorithm>

#include "base/bytes.h"
#include "faults/plan.h"

namespace venuebox::faults {
namespace {
struct NamedState {
  std::string name;
  FaultState state;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.name, s.state);
  }
};

struct Saved {
  std::vector<NamedState> states;
  std::vector<std::uint64_t> counts;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.states, s.counts);
  }
};

// What no plan of ours has written: places beyond their lists, numbers beyond their enum.
bool is_sound(const FaultState& state) {
  const bool counts =
      state.arrivals.counts.empty() || state.arrivals.counts.size() == Arrivals::kSlices;
  const bool drawn =
      !state.last_drawn || static_cast<std::size_t>(*state.last_drawn) < kActionTypes;
  const bool tallies =
      state.tallies.size() <= kTalliesMax && std::ranges::all_of(state.tallies, [](const auto& t) {
        return t.second.oldest == 0 || t.second.oldest < t.second.calls.size();
      });
  return counts && state.arrivals.slice >= 0 && drawn && tallies;
}
}  // namespace

void Plan::recall(const Strike& strike, const Tag& tag, Timestamp when) {
  enter(tag);
  if (!is_struck_) timeline_.count_struck();
  is_struck_ = true;
  timeline_.add(strike, tag, when);
  const std::size_t place = place_of(strike.fault);
  if (place == kNone) return;
  Entry& entry = entries_[place];
  entry.state.occasions = std::max(entry.state.occasions, strike.n);
  if (!strike.goes_on) begin(entry.fault, entry.terms, entry.state, {tag, when});
}

Result<void> Plan::load_timeline(std::string_view bytes) {
  if (timeline_.load(bytes)) return {};
  return invalid("snapshot", "the timeline of faults is damaged");
}

std::string Plan::save() const {
  Saved saved;
  for (const Entry& entry : entries_)
    saved.states.push_back({entry.fault.name, entry.state});
  saved.counts = timeline_.counts();
  return bytes_of(saved);
}

Result<void> Plan::load(std::string_view bytes, Timestamp now) {
  Saved saved;
  ByteReader reader(bytes);
  reader.get(saved);
  Timeline timeline = timeline_;
  const bool sound = reader.ok() && reader.at_end() && timeline.set_counts(saved.counts) &&
                     std::ranges::all_of(saved.states, is_sound, &NamedState::state);
  if (!sound) return invalid("snapshot", "the counts of the fault plan are damaged");
  reset(now);
  timeline_ = std::move(timeline);
  for (NamedState& named : saved.states) {
    const std::size_t place = place_of(named.name);
    if (place == kNone) continue;
    entries_[place].state = std::move(named.state);
  }
  return {};
}

}  // namespace venuebox::faults
