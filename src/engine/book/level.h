// One price level of the fast book: a queue of orders in time order, linked through their slots.
#pragma once

#include "engine/order_store.h"

namespace venuebox::engine {

struct Level {
  Lots quantity;        // sum of what its orders show
  Slot head = kNoSlot;  // oldest
  Slot tail = kNoSlot;

  bool empty() const { return head == kNoSlot; }

  void append(OrderStore& orders, Slot slot) {
    RestingNode& node = orders.resting(slot);
    node.previous = tail;
    node.next = kNoSlot;
    (tail == kNoSlot ? head : orders.resting(tail).next) = slot;
    tail = slot;
    const bool is_too_wide = __builtin_add_overflow(quantity.raw, node.shown.raw, &quantity.raw);
    VENUEBOX_ASSERT(!is_too_wide);
  }
  void unlink(OrderStore& orders, Slot slot) {
    const RestingNode& node = orders.resting(slot);
    (node.previous == kNoSlot ? head : orders.resting(node.previous).next) = node.next;
    (node.next == kNoSlot ? tail : orders.resting(node.next).previous) = node.previous;
    quantity -= node.shown;
    VENUEBOX_ASSERT(quantity.raw >= 0);
  }
};

}  // namespace venuebox::engine
