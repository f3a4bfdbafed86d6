#include "engine/id_index.h"

namespace venuebox::engine {
namespace {
std::uint32_t hash(std::uint64_t id) { return static_cast<std::uint32_t>(mix(id)); }
}  // namespace

// To an id so far ahead that nothing of the window stays in it.
void IdIndex::jump(std::uint64_t id) {
  for (std::uint64_t back = 0; back <= mask_ && back < newest_; ++back) {
    Slot& slot = window_[(newest_ - back) & mask_];
    if (slot != kNoSlot) add_old(newest_ - back, slot);
    slot = kNoSlot;
  }
  newest_ = id;
}

void IdIndex::grow() {
  std::vector<Slot> window(window_.size() * 2, kNoSlot);
  window.swap(window_);
  mask_ = window_.size() - 1;
  for (std::uint64_t back = 0; back < window.size() && back < newest_; ++back) {
    const std::uint64_t id = newest_ - back;
    window_[id & mask_] = window[id & (window.size() - 1)];
  }
  // Those that the wider window holds again.
  for (Old& old : old_) {
    if (old.slot == kNoSlot || newest_ - old.id >= window_.size()) continue;
    window_[old.id & mask_] = old.slot;
    erase_old(old.id);
  }
}

Slot IdIndex::find_old(std::uint64_t id) const {
  if (id > newest_) return kNoSlot;
  const Slot at = old_places_.find(hash(id), [&](Slot place) { return old_[place].id == id; });
  return at == kNoSlot ? kNoSlot : old_[at].slot;
}

void IdIndex::add_old(std::uint64_t id, Slot slot) {
  auto at = static_cast<Slot>(old_.size());
  if (free_old_.empty()) {
    old_.emplace_back();
    free_old_.reserve(old_.capacity());
  } else {
    at = free_old_.back();
    free_old_.pop_back();
  }
  old_[at] = {id, slot};
  old_places_.insert(hash(id), at);
}

void IdIndex::erase_old(std::uint64_t id) {
  const Slot at = old_places_.find(hash(id), [&](Slot place) { return old_[place].id == id; });
  old_places_.erase(hash(id), at);
  old_[at] = {};
  free_old_.push_back(at);
}

}  // namespace venuebox::engine
