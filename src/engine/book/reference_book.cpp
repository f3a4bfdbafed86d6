#include "engine/book/reference_book.h"

#include <algorithm>

namespace venuebox::engine {

void ReferenceBook::add(OrderStore& orders, Slot slot) {
  const RestingNode& node = orders.resting(slot);
  levels(node.side())[key_of(node.side(), node.price())].push_back(slot);
  ++version_;
}

void ReferenceBook::remove(OrderStore& orders, Slot slot) {
  const RestingNode& node = orders.resting(slot);
  const auto level = levels(node.side()).find(key_of(node.side(), node.price()));
  VENUEBOX_ASSERT(level != levels(node.side()).end());
  const std::size_t removed = level->second.remove(slot);
  VENUEBOX_ASSERT(removed == 1);
  if (level->second.empty()) levels(node.side()).erase(level);
  ++version_;
}

void ReferenceBook::shrink(OrderStore& orders, Slot slot, Lots less) {
  RestingNode& node = orders.resting(slot);
  VENUEBOX_ASSERT(less < node.shown);
  node.shown = node.shown - less;
  ++version_;
}

Ticks ReferenceBook::best(Side side) const {
  if (levels(side).empty()) return {};
  const std::int64_t key = levels(side).begin()->first;
  return Ticks{side == Side::buy ? -key : key};
}

bool ReferenceBook::crosses(Side side, Ticks limit) const {
  const Ticks best = this->best(opposite(side));
  if (best.raw == 0) return false;
  return side == Side::buy ? best <= limit : best >= limit;
}

Slot ReferenceBook::first(Side side) const {
  return levels(side).empty() ? kNoSlot : levels(side).begin()->second.front();
}

Slot ReferenceBook::next(const OrderStore& orders, Slot slot) const {
  const RestingNode& node = orders.resting(slot);
  const Levels& side = levels(node.side());
  auto level = side.find(key_of(node.side(), node.price()));
  const auto behind = std::next(std::ranges::find(level->second, slot));
  if (behind != level->second.end()) return *behind;
  return ++level == side.end() ? kNoSlot : level->second.front();
}

void ReferenceBook::each_level(const OrderStore& orders, Side side,
                               Visitor<BookLevel> visit) const {
  for (const auto& [key, queue] : levels(side)) {
    Lots sum;
    for (const Slot slot : queue)
      sum += orders.resting(slot).shown;
    if (!visit({Ticks{side == Side::buy ? -key : key}, sum})) return;
  }
}

void ReferenceBook::each_order(const OrderStore&, Side side, Ticks price,
                               FunctionRef<bool(Slot)> visit) const {
  const auto level = levels(side).find(key_of(side, price));
  if (level == levels(side).end()) return;
  for (const Slot slot : level->second) {
    if (!visit(slot)) return;
  }
}

}  // namespace venuebox::engine
