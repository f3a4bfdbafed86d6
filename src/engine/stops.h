// The orders of one instrument that wait for a price: which of them is due at a given price, in an
// order that does not depend on how they were entered. Knows triggers, not what happens next.
#pragma once

#include <array>
#include <vector>

#include "engine/due_queue.h"
#include "engine/order_store.h"

namespace venuebox::engine {

inline constexpr std::size_t kPriceSources = 3;

// What triggers are compared with, by PriceSource; absent while it is not known.
using Prices = std::array<std::optional<MarkPrice>, kPriceSources>;

class Stops {
 public:
  // The order has details with a trigger, and its trigger price is up to date.
  void add(const OrderStore& orders, Slot slot);
  // Only trailing stops have to be taken out; others are found to be gone.
  void remove(const OrderStore& orders, Slot slot);
  bool empty() const { return count_ == 0; }

  // Moves the trailing stops after the prices.
  void follow(OrderStore& orders, const Prices& prices);
  // The order that fires first at these prices, or kNoSlot: by source (last, mark, index), then
  // rising before falling, then the nearest trigger price, then age; trailing stops come last.
  Slot due(const OrderStore& orders, const Prices& prices);

 private:
  DueQueue& queue(PriceSource source, TriggerDirection direction) {
    return queues_[static_cast<std::size_t>(source) * 2 + static_cast<std::size_t>(direction)];
  }

  std::array<DueQueue, kPriceSources * 2> queues_;
  std::vector<OrderId> trailing_;  // by age
  std::size_t count_ = 0;
};

// Whether a trigger fires at this price.
bool is_reached(const Trigger& trigger, MarkPrice price);

}  // namespace venuebox::engine
