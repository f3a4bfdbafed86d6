#include "engine/book/reference_book.h"

namespace venuebox::engine {

void ReferenceBook::add(OrderPool& pool, Slot slot) {
  OrderNode& node = pool[slot];
  Level& level = levels_[index(node.order.side)][key_of(node.order.side, node.order.price)];
  node.level_previous = level.tail;
  node.level_next = kNoSlot;
  (level.tail == kNoSlot ? level.head : pool[level.tail].level_next) = slot;
  level.tail = slot;
  level.quantity += node.order.remaining();
  ++version_;
}

void ReferenceBook::remove(OrderPool& pool, Slot slot) {
  const OrderNode& node = pool[slot];
  auto& side = levels_[index(node.order.side)];
  const auto at = side.find(key_of(node.order.side, node.order.price));
  VENUEBOX_ASSERT(at != side.end());
  Level& level = at->second;
  const Slot before = node.level_previous;
  const Slot after = node.level_next;
  (before == kNoSlot ? level.head : pool[before].level_next) = after;
  (after == kNoSlot ? level.tail : pool[after].level_previous) = before;
  level.quantity -= node.order.remaining();
  VENUEBOX_ASSERT(level.quantity.raw >= 0);
  if (level.head == kNoSlot) {
    VENUEBOX_ASSERT(level.quantity.raw == 0);
    side.erase(at);
  }
  ++version_;
}

void ReferenceBook::shrink(const Order& order, Lots quantity) {
  auto& side = levels_[index(order.side)];
  const auto at = side.find(key_of(order.side, order.price));
  VENUEBOX_ASSERT(at != side.end());
  at->second.quantity -= quantity;
  VENUEBOX_ASSERT(at->second.quantity.raw >= 0);
  ++version_;
}

std::optional<Ticks> ReferenceBook::best(Side side) const {
  const auto& levels = levels_[index(side)];
  if (levels.empty()) return std::nullopt;
  return price_of(side, levels.begin()->first);
}

const ReferenceBook::Level* ReferenceBook::level(Side side, Ticks price) const {
  const auto& levels = levels_[index(side)];
  const auto at = levels.find(key_of(side, price));
  return at == levels.end() ? nullptr : &at->second;
}

}  // namespace venuebox::engine
