// A run of drawn commands through three engines that must agree after each of them: one with the
// fast book, one with the obvious one, and one that is thrown away and restored from a snapshot
// again and again. What property tests and the fuzz target are made of.
#pragma once

#include <fmt/core.h>

#include "engine/drawn_command.h"
#include "engine/plain_accounts.h"

namespace venuebox::engine {

class DrawnTrading {
 public:
  DrawnTrading() {
    for (const CommandBody& command : TestWorld::commands())
      VENUEBOX_ASSERT(step(command, {}).empty());
    for (const CommandBody& command : TestWorld::risk_commands())
      VENUEBOX_ASSERT(step(command, {}).empty());
  }

  // Returns what went wrong, empty when nothing did.
  template <class Draw>
  std::string run(Draw& draw, int commands) {
    DrawnCommand<Draw> drawn(draw);
    for (int i = 0; i < commands; ++i) {
      const Nanoseconds pause = milliseconds(
          static_cast<std::int64_t>(draw.below(8) == 0 ? draw.below(10'000) : draw.below(5)));
      if (auto wrong = step(drawn(time_ + pause, fast_.sequence()), pause); !wrong.empty()) {
        return fmt::format("command {}: {}", i, wrong);
      }
    }
    return {};
  }
  const Engine& engine() const { return fast_; }
  std::uint64_t event_hash() const { return events_.value(); }
  // How many events of each kind there were, by Event's index, and how many fills of each.
  const std::map<std::size_t, int>& seen() const { return seen_; }
  const std::map<FillKindOf, int>& fills() const { return fills_; }

 private:
  std::string step(const CommandBody& body, Nanoseconds pause) {
    // With each second mark prices move, and trailing stops after them.
    const bool begins_second = (time_ + pause).ms() / 1'000 != time_.ms() / 1'000;
    time_ = time_ + pause;
    const bool something_is_due = begins_second || fast_.next_due() <= time_;
    const std::uint64_t before = hash_;
    const Command command{fast_.sequence() + 1, time_, body};
    const auto events = fast_.execute(command);
    const std::uint64_t told = hash_of_events(events);
    events_.add(told);
    if (hash_of_events(reference_.execute(command)) != told) return "the books' events differ";
    if (hash_of_events(restored_.execute(command)) != told) {
      return "after a snapshot other events follow";
    }
    hash_ = fast_.state_hash();
    if (reference_.state_hash() != hash_) return "the books' states differ";
    if (restored_.state_hash() != hash_) return "a snapshot's state differs";
    if (fast_.next_due() != restored_.next_due()) return "a snapshot forgets what is due";
    if (auto broken = fast_.broken_law(); !broken.empty()) return broken;
    for (const Event& event : events) {
      plain_.take(event, fast_);
      ++seen_[event.index()];
      if (const auto* fill = std::get_if<Fill>(&event)) ++fills_[fill->kind];
    }
    if (auto broken = plain_.compare(fast_); !broken.empty()) return broken;
    const bool is_refused = events.size() == 1 && std::holds_alternative<Rejected>(events[0]);
    if (is_refused && !something_is_due && hash_ != before) return "a refusal changed something";

    std::string bytes;
    fast_.save(bytes);
    if (!restored_.load(bytes)) return "a snapshot does not load";
    return {};
  }
  static std::uint64_t hash_of_events(std::span<const Event> events) {
    Hasher hasher;
    for (const Event& event : events)
      FieldHasher(hasher).put(event);
    return hasher.value();
  }

  Engine fast_{BookKind::fast};
  Engine reference_{BookKind::reference};
  Engine restored_{BookKind::fast};
  PlainAccounts plain_;
  std::map<std::size_t, int> seen_;
  std::map<FillKindOf, int> fills_;
  Timestamp time_ = TestWorld::kStart;
  std::uint64_t hash_ = 0;
  Hasher events_;
};

}  // namespace venuebox::engine
