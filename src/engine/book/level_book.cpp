#include "engine/book/level_book.h"

#include <algorithm>

namespace venuebox::engine {
namespace {
std::size_t place_in_page(Ticks price) { return static_cast<std::size_t>(price.raw & 511); }
}  // namespace

LevelBook::Page* LevelBook::find_page(Side side, Ticks price) {
  Ladder& ladder = ladders_[index(side)];
  const auto at = ladder.index.find(price.raw / kPageLevels);
  return at == ladder.index.end() ? nullptr : &pages_[at->second];
}

LevelBook::Page& LevelBook::page_for(Side side, Ticks price) {
  if (Page* page = find_page(side, price)) return *page;
  std::uint32_t slot = 0;
  if (free_pages_.empty()) {
    slot = static_cast<std::uint32_t>(pages_.size());
    pages_.emplace_back();
  } else {
    slot = free_pages_.back();
    free_pages_.pop_back();
  }
  Ladder& ladder = ladders_[index(side)];
  const std::int64_t number = price.raw / kPageLevels;
  pages_[slot].number = number;
  ladder.index.emplace(number, slot);
  const auto comes_before = [&](std::uint32_t page, std::int64_t other) {
    return side == Side::buy ? pages_[page].number > other : pages_[page].number < other;
  };
  ladder.order.insert(
      std::lower_bound(ladder.order.begin(), ladder.order.end(), number, comes_before), slot);
  return pages_[slot];
}

void LevelBook::drop_page(Side side, Page& page) {
  Ladder& ladder = ladders_[index(side)];
  const auto slot = static_cast<std::uint32_t>(&page - pages_.data());
  ladder.index.erase(page.number);
  ladder.order.erase(std::find(ladder.order.begin(), ladder.order.end(), slot));
  free_pages_.push_back(slot);
}

void LevelBook::add(OrderPool& pool, Slot slot) {
  const Order& order = pool[slot].order;
  Page& page = page_for(order.side, order.price);
  const std::size_t at = place_in_page(order.price);
  Level& level = page.levels[at];
  if (level.empty()) {
    page.bits[at / 64] |= std::uint64_t{1} << (at % 64);
    ++page.used;
  }
  level.append(pool, slot);
  ++version_;
}

void LevelBook::remove(OrderPool& pool, Slot slot) {
  const Order& order = pool[slot].order;
  Page* page = find_page(order.side, order.price);
  VENUEBOX_ASSERT(page != nullptr);
  const std::size_t at = place_in_page(order.price);
  page->levels[at].unlink(pool, slot);
  if (page->levels[at].empty()) {
    page->bits[at / 64] &= ~(std::uint64_t{1} << (at % 64));
    if (--page->used == 0) drop_page(order.side, *page);
  }
  ++version_;
}

void LevelBook::shrink(const Order& order, Lots quantity) {
  Page* page = find_page(order.side, order.price);
  VENUEBOX_ASSERT(page != nullptr);
  page->levels[place_in_page(order.price)].shrink(quantity);
  ++version_;
}

std::optional<Ticks> LevelBook::best(Side side) const {
  std::optional<Ticks> found;
  each_level(side, [&](Ticks price, const Level&) {
    found = price;
    return false;
  });
  return found;
}

const Level* LevelBook::level(Side side, Ticks price) const {
  const Ladder& ladder = ladders_[index(side)];
  const auto at = ladder.index.find(price.raw / kPageLevels);
  if (price.raw <= 0 || at == ladder.index.end()) return nullptr;
  const Level& level = pages_[at->second].levels[place_in_page(price)];
  return level.empty() ? nullptr : &level;
}

}  // namespace venuebox::engine
