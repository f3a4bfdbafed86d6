// Finds slots by ids that are given one after the other: the newest ids by their number alone, in a
// window that slides with them and is kept at four times what lives; the few that outlive it in a
// table. Both are bounded by what lives, and allocate only while that grows.
#pragma once

#include "engine/slot_table.h"

namespace venuebox::engine {

class IdIndex {
 public:
  Slot find(std::uint64_t id) const {
    // An id that is not given yet is far beyond the window too: the difference wraps round.
    if (newest_ - id <= mask_) return window_[id & mask_];
    return find_old(id);
  }
  void insert(std::uint64_t id, Slot slot) {
    if (++live_ > mask_ / 4) grow();
    if (id > newest_ && id - newest_ > mask_) jump(id);
    while (newest_ < id)
      slide();
    if (newest_ - id <= mask_) {
      window_[id & mask_] = slot;
    } else {
      add_old(id, slot);
    }
  }
  void erase(std::uint64_t id) {
    --live_;
    if (newest_ - id <= mask_) {
      window_[id & mask_] = kNoSlot;
    } else {
      erase_old(id);
    }
  }
  std::size_t size() const { return live_; }

 private:
  static constexpr std::size_t kWindowMin = 1'024;

  void slide() {
    Slot& displaced = window_[++newest_ & mask_];
    if (displaced == kNoSlot) return;
    add_old(newest_ - mask_ - 1, displaced);
    displaced = kNoSlot;
  }
  void jump(std::uint64_t id);
  void grow();
  Slot find_old(std::uint64_t id) const;
  void add_old(std::uint64_t id, Slot slot);
  void erase_old(std::uint64_t id);

  struct Old {
    std::uint64_t id = 0;
    Slot slot = kNoSlot;
  };

  std::vector<Slot> window_ = std::vector<Slot>(kWindowMin, kNoSlot);  // a power of two
  std::uint64_t mask_ = kWindowMin - 1;
  std::uint64_t newest_ = 0;
  std::size_t live_ = 0;
  std::vector<Old> old_;
  std::vector<Slot> free_old_;
  SlotTable old_places_;
};

}  // namespace venuebox::engine
