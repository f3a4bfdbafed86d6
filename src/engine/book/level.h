// One price level of a book: a queue of orders in time order, linked through their slots.
#pragma once

#include "engine/order_pool.h"

namespace venuebox::engine {

struct Level {
  Lots quantity;        // sum of what its orders have left
  Slot head = kNoSlot;  // oldest
  Slot tail = kNoSlot;

  bool empty() const { return head == kNoSlot; }

  void append(OrderPool& pool, Slot slot) {
    OrderNode& node = pool[slot];
    node.level_previous = tail;
    node.level_next = kNoSlot;
    (tail == kNoSlot ? head : pool[tail].level_next) = slot;
    tail = slot;
    quantity += node.order.remaining();
  }
  void unlink(OrderPool& pool, Slot slot) {
    const OrderNode& node = pool[slot];
    const Slot before = node.level_previous;
    const Slot after = node.level_next;
    (before == kNoSlot ? head : pool[before].level_next) = after;
    (after == kNoSlot ? tail : pool[after].level_previous) = before;
    shrink(node.order.remaining());
    VENUEBOX_ASSERT(!empty() || quantity.raw == 0);
  }
  void shrink(Lots less) {
    quantity -= less;
    VENUEBOX_ASSERT(quantity.raw >= 0);
  }
};

}  // namespace venuebox::engine
