// Live orders in slots that are reused, so that a steady state allocates nothing. A slot belongs to
// two lists: the queue of its price level, oldest first, and its account's orders, newest first.
#pragma once

#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "model/order.h"

namespace venuebox::engine {

using Slot = std::uint32_t;
inline constexpr Slot kNoSlot = ~Slot{0};

struct OrderNode {
  Order order;
  Slot level_next = kNoSlot;
  Slot level_previous = kNoSlot;
  Slot account_next = kNoSlot;  // an older order of the same account
  Slot account_previous = kNoSlot;
};

class OrderPool {
 public:
  // References into the pool are good until the next take().
  Slot take(const Order& order) {
    Slot slot = free_;
    if (slot == kNoSlot) {
      slot = static_cast<Slot>(nodes_.size());
      VENUEBOX_ASSERT(slot != kNoSlot);
      nodes_.emplace_back();
    } else {
      free_ = nodes_[slot].level_next;
    }
    nodes_[slot] = OrderNode{.order = order};
    ++used_;
    return slot;
  }
  void release(Slot slot) {
    nodes_[slot].order.id = {};
    nodes_[slot].level_next = free_;
    free_ = slot;
    --used_;
  }

  OrderNode& operator[](Slot slot) { return nodes_[slot]; }
  const OrderNode& operator[](Slot slot) const { return nodes_[slot]; }
  std::size_t used() const { return used_; }

 private:
  std::vector<OrderNode> nodes_;
  Slot free_ = kNoSlot;
  std::size_t used_ = 0;
};

}  // namespace venuebox::engine
