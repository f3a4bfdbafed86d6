// What comes next: keys with the order they belong to, smallest first. An entry is not taken out
// when its order ends or changes; it is found stale when it comes up, and swept away before stale
// ones outnumber the others.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace venuebox::engine {

class DueQueue {
 public:
  struct Entry {
    std::int64_t key = 0;
    std::uint64_t id = 0;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };

  // `is_live(entry)` tells whether an entry still stands.
  template <class IsLive>
  void push(Entry entry, IsLive&& is_live) {
    if (entries_.size() >= sweep_at_) {
      std::erase_if(entries_, [&](const Entry& e) { return !is_live(e); });
      std::ranges::sort(entries_);
      // Not std::ranges::unique: clang 14 cannot read what it returns. Sorted is a heap as well.
      entries_.erase(std::unique(entries_.begin(), entries_.end()), entries_.end());
      sweep_at_ = std::max(kSweepMin, 2 * entries_.size());
    }
    entries_.push_back(entry);
    std::ranges::push_heap(entries_, std::greater{});
  }
  // The first entry that still stands, or null; stale ones before it go.
  template <class IsLive>
  const Entry* top(IsLive&& is_live) {
    while (!entries_.empty() && !is_live(entries_.front()))
      pop();
    return entries_.empty() ? nullptr : &entries_.front();
  }
  void pop() {
    std::ranges::pop_heap(entries_, std::greater{});
    entries_.pop_back();
  }
  bool empty() const { return entries_.empty(); }

 private:
  static constexpr std::size_t kSweepMin = 64;
  std::vector<Entry> entries_;  // a heap
  std::size_t sweep_at_ = kSweepMin;
};

}  // namespace venuebox::engine
