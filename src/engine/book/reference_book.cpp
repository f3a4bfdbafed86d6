#include "engine/book/reference_book.h"

namespace venuebox::engine {

void ReferenceBook::add(OrderPool& pool, Slot slot) {
  const Order& order = pool[slot].order;
  levels_[index(order.side)][key_of(order.side, order.price)].append(pool, slot);
  ++version_;
}

void ReferenceBook::remove(OrderPool& pool, Slot slot) {
  const Order& order = pool[slot].order;
  auto& side = levels_[index(order.side)];
  const auto at = side.find(key_of(order.side, order.price));
  VENUEBOX_ASSERT(at != side.end());
  at->second.unlink(pool, slot);
  if (at->second.empty()) side.erase(at);
  ++version_;
}

void ReferenceBook::shrink(const Order& order, Lots quantity) {
  auto& side = levels_[index(order.side)];
  const auto at = side.find(key_of(order.side, order.price));
  VENUEBOX_ASSERT(at != side.end());
  at->second.shrink(quantity);
  ++version_;
}

std::optional<Ticks> ReferenceBook::best(Side side) const {
  const auto& levels = levels_[index(side)];
  if (levels.empty()) return std::nullopt;
  return price_of(side, levels.begin()->first);
}

const Level* ReferenceBook::level(Side side, Ticks price) const {
  const auto& levels = levels_[index(side)];
  const auto at = levels.find(key_of(side, price));
  return at == levels.end() ? nullptr : &at->second;
}

}  // namespace venuebox::engine
