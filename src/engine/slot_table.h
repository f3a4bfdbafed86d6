// Finds slots by a hash of whatever they are called: an open-addressing table of 8 bytes per place
// that never allocates while its size stays, since what is removed leaves no trace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/hash.h"

namespace venuebox::engine {

using Slot = std::uint32_t;
inline constexpr Slot kNoSlot = ~Slot{0};

class SlotTable {
 public:
  // The slot with this hash for which `is_it(slot)` holds, or kNoSlot.
  template <class IsIt>
  Slot find(std::uint32_t hash, IsIt&& is_it) const {
    for (std::uint32_t at = hash & mask_; places_[at].slot != kNoSlot; at = (at + 1) & mask_) {
      if (places_[at].hash == hash && is_it(places_[at].slot)) return places_[at].slot;
    }
    return kNoSlot;
  }

  void insert(std::uint32_t hash, Slot slot) {
    if ((used_ + 1) * 4 > places_.size() * 3) grow();
    ++used_;
    put({hash, slot});
  }

  // Takes away a slot that is there.
  void erase(std::uint32_t hash, Slot slot) {
    std::uint32_t hole = hash & mask_;
    while (places_[hole].slot != slot)
      hole = (hole + 1) & mask_;
    --used_;
    // Whatever would no longer be found behind the hole moves into it.
    for (std::uint32_t at = (hole + 1) & mask_; places_[at].slot != kNoSlot;
         at = (at + 1) & mask_) {
      const std::uint32_t distance_home = (at - places_[at].hash) & mask_;
      if (distance_home >= ((at - hole) & mask_)) {
        places_[hole] = places_[at];
        hole = at;
      }
    }
    places_[hole].slot = kNoSlot;
  }

  std::size_t size() const { return used_; }

 private:
  struct Place {
    std::uint32_t hash = 0;
    Slot slot = kNoSlot;
  };

  void put(Place place) {
    std::uint32_t at = place.hash & mask_;
    while (places_[at].slot != kNoSlot)
      at = (at + 1) & mask_;
    places_[at] = place;
  }
  void grow() {
    std::vector<Place> old(places_.size() * 2);
    old.swap(places_);
    mask_ = static_cast<std::uint32_t>(places_.size() - 1);
    for (const Place& place : old) {
      if (place.slot != kNoSlot) put(place);
    }
  }

  std::vector<Place> places_ = std::vector<Place>(64);  // a power of two
  std::uint32_t mask_ = 63;
  std::size_t used_ = 0;
};

}  // namespace venuebox::engine
