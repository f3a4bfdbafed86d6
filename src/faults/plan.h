// The fault plan of a box: who is struck, when, and with what. Every decision is a function of
// (seed, fault's name, running number of the occasion for this fault), so that equal runs misbehave
// equally, and a fault that is added changes no draw of another. Belongs to the box's thread.
//
// When several faults hit one occasion, those with higher priority go first, and of equal ones the
// older; a fault that goes `with` another goes before those of its priority that do not. Additive
// ones (a delay, a partial fill) all strike. An occasion has one ending (a reset, a refusal): the
// first, in whichever layer it stands; the others yield, which uses up none of their `times`. What
// befalls the trading strikes where it begins, and goes on without further strikes.
#pragma once

#include <bitset>
#include <functional>
#include <string>
#include <vector>

#include "faults/fault.h"
#include "faults/selection.h"
#include "faults/strike.h"
#include "faults/timeline.h"

namespace venuebox::faults {

inline constexpr std::size_t kDryRunMax = 100'000;

// One fault looked at one occasion.
struct Look {
  std::string_view fault;
  const Tag& tag;
  Timestamp now;
  Judgement judgement;
};

class Plan {
 public:
  explicit Plan(std::uint64_t seed) : seed_(seed) {}

  // Adds the fault, or puts it in the place of the one with its name, whose running number and
  // bursts go on and whose lifetime begins anew. Refused when there are too many, and when `with`
  // names what is not there or cannot go along.
  Result<void> put(Fault fault, Timestamp now);
  // All of them or none.
  Result<void> put_all(std::vector<Fault> faults, Timestamp now);
  // Likewise, and those that are named go.
  Result<void> exchange_all(std::span<const std::string> gone, std::vector<Fault> faults,
                            Timestamp now);
  // Refused while another fault goes with it.
  Result<void> remove(std::string_view name);
  // Another rate for the fault: its `base_failure_rate` or its probability; the rest goes on.
  Result<void> set_failure_rate(std::string_view name, Ratio rate);
  // The same for all faults that have a `base_failure_rate`.
  void set_base_failure_rate(Ratio rate);
  // Running numbers, lifetimes, statistics and timeline begin anew; the faults stay.
  void reset(Timestamp now);

  // In the order in which they go.
  std::vector<Fault> faults() const;
  const Fault* find(std::string_view name) const;
  std::string faults_json() const;
  std::size_t size() const { return entries_.size(); }
  // Whether a fault of this type is there; compound ones do not count.
  bool holds(ActionType type) const { return types_[static_cast<std::size_t>(type)]; }

  // Appends what strikes the layers asked for, in the order in which faults go.
  void strike(const Tag& tag, Timestamp now, Layers layers, std::vector<Strike>& out) {
    if (entries_.empty()) return;
    strike_any(tag, now, layers, out);
  }
  // Whether a header may name this fault for a request: it is there, and can befall it.
  //   operation  empty: not known, and nothing is held against it
  Result<void> check_by_name(std::string_view name, std::string_view operation) const;
  // The named fault strikes this occasion whatever its selector and trigger say (the header of one
  // request); its running number goes on. None: there is no such fault.
  std::optional<Strike> strike_by_name(std::string_view name, const Tag& tag, Timestamp now);
  // Something happened that faults may wait for; venue, account and symbol of the tag select, and
  // of a subscription its channel.
  void observe(Happening happening, const Tag& tag) {
    if (entries_.empty()) return;
    count_event(happening, tag);
  }

  // What would strike `occasions` requests like this one, `interval` apart from `now` on, if they
  // came next. At most kDryRunMax are tried.
  struct DryStrike {
    std::uint64_t occasion = 0;  // counted from 1
    Strike strike;
  };
  std::vector<DryStrike> dry_run(const Tag& tag, Timestamp now, Nanoseconds interval,
                                 std::uint64_t occasions, Layers layers = kAllLayers) const;

  const Timeline& timeline() const { return timeline_; }
  // Called for each look of a fault at an occasion, those that came to nothing included; once more
  // for what has struck and then yields.
  void on_look(std::function<void(const Look&)> hook) { hook_ = std::move(hook); }

  // What struck once is booked again, as a journal tells it: the running number, what began with it
  // and the statistics. A fault that is no longer there is counted all the same.
  void recall(const Strike& strike, const Tag& tag, Timestamp when);

  // Running numbers, lifetimes and counts, for a snapshot. What is loaded falls to the faults with
  // the same names; the others begin anew. An error leaves the plan as it was.
  std::string save() const;
  Result<void> load(std::string_view bytes, Timestamp now);
  // The timeline's newest strikes, likewise.
  std::string save_timeline() const { return timeline_.save(); }
  Result<void> load_timeline(std::string_view bytes);

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};
  struct Entry {
    Fault fault;
    Terms terms;
    FaultState state;
    std::uint64_t order = 0;
    std::size_t leader = kNone;  // the one it goes with
  };
  struct Hit {
    std::size_t entry = 0;
    Judgement judgement;
  };

  // Counts the occasion, unless it is a further layer of the one before.
  void enter(const Tag& tag);
  std::size_t place_of(std::string_view name) const;
  void insert(Fault fault, Timestamp now);
  void arrange();
  void strike_any(const Tag& tag, Timestamp now, Layers layers, std::vector<Strike>& out);
  void look(std::size_t place, const Occasion& occasion, Layers layers);
  bool with_holds(const Entry& entry, const Tag& tag) const;
  void settle(const Hit& hit, const Occasion& occasion, std::vector<Strike>& out);
  Strike book(Entry& entry, const Judgement& judgement, const Occasion& occasion);
  void report(const Entry& entry, const Occasion& occasion, const Judgement& judgement) const;
  void count_event(Happening happening, const Tag& tag);

  std::uint64_t seed_;
  std::vector<Entry> entries_;  // by priority, then by order
  std::uint64_t next_order_ = 0;
  std::bitset<kActionTypes> types_;                            // of all entries
  Selection selection_;                                        // of the entries, by place
  std::array<std::vector<std::size_t>, kHappenings> waiting_;  // places, by what they wait for

  std::uint64_t calls_ = 0;  // of strike()
  std::uint64_t request_ = 0;
  bool has_ended_ = false;  // the present occasion
  bool is_struck_ = false;
  std::vector<Hit> hits_;  // scratch

  Timeline timeline_;
  std::function<void(const Look&)> hook_;
};

// Whether faults with these `with` can go along: named, not themselves followers, and asked for
// before their followers.
Result<void> check_followers(std::span<const Fault* const> faults);

}  // namespace venuebox::faults
