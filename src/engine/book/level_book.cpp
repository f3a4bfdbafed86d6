#include "engine/book/level_book.h"

namespace venuebox::engine {

LevelBook::Page* LevelBook::find_far_page(const Ladder& ladder, std::int64_t number) {
  const auto at = ladder.far.find(number);
  return at == ladder.far.end() ? nullptr : at->second;
}

LevelBook::Page& LevelBook::make_page(std::size_t side, std::int64_t number) {
  Page* page = nullptr;
  if (free_pages_.empty()) {
    page = pages_.emplace_back(std::make_unique<Page>()).get();
    free_pages_.reserve(pages_.capacity());
  } else {
    page = free_pages_.back();
    free_pages_.pop_back();
  }
  page->number = number;
  Ladder& ladder = ladders_[side];
  if (number >= kNearPages) {
    ladder.far[number] = page;
    return *page;
  }
  const auto at = static_cast<std::size_t>(number);
  if (ladder.near.size() <= at) {
    ladder.near.resize(at + 1, nullptr);
    ladder.near_bits.resize(at / 64 + 1, 0);
  }
  ladder.near[at] = page;
  ladder.near_bits[at / 64] |= std::uint64_t{1} << (at % 64);
  return *page;
}

void LevelBook::drop_page(std::size_t side, Page& page) {
  Ladder& ladder = ladders_[side];
  free_pages_.push_back(&page);
  if (page.number >= kNearPages) {
    ladder.far.erase(page.number);
    return;
  }
  const auto at = static_cast<std::size_t>(page.number);
  ladder.near[at] = nullptr;
  ladder.near_bits[at / 64] &= ~(std::uint64_t{1} << (at % 64));
}

// The next page in use that is worse than `number`.
LevelBook::Page* LevelBook::page_behind(const Ladder& ladder, Side side, std::int64_t number) {
  const auto& bits = ladder.near_bits;
  const auto near_end = static_cast<std::int64_t>(ladder.near.size());
  if (side == Side::sell) {
    for (std::int64_t at = number + 1; at < near_end; at = (at / 64 + 1) * 64) {
      const std::uint64_t rest = bits[static_cast<std::size_t>(at / 64)] >> (at % 64);
      if (rest != 0) return ladder.near[static_cast<std::size_t>(at + std::countr_zero(rest))];
    }
    const auto far = ladder.far.upper_bound(number);
    return far == ladder.far.end() ? nullptr : far->second;
  }
  if (auto far = ladder.far.lower_bound(number); far != ladder.far.begin()) {
    return std::prev(far)->second;
  }
  for (std::int64_t at = std::min(number, near_end) - 1; at >= 0; at = at / 64 * 64 - 1) {
    const std::uint64_t rest = bits[static_cast<std::size_t>(at / 64)] << (63 - at % 64);
    if (rest != 0) return ladder.near[static_cast<std::size_t>(at - std::countl_zero(rest))];
  }
  return nullptr;
}

std::pair<Ticks, LevelBook::Page*> LevelBook::level_behind(Side side, Ticks price,
                                                           Page* page) const {
  const Ladder& ladder = ladders_[static_cast<std::size_t>(side)];
  std::int64_t number = price.raw / kPageLevels;
  auto at = static_cast<std::int64_t>(place_in_page(price));
  for (; page != nullptr; page = page_behind(ladder, side, number)) {
    number = page->number;
    if (side == Side::sell) {
      for (++at; at < kPageLevels; at = (at / 64 + 1) * 64) {
        const std::uint64_t rest = page->bits[static_cast<std::size_t>(at / 64)] >> (at % 64);
        if (rest == 0) continue;
        return {Ticks{number * kPageLevels + at + std::countr_zero(rest)}, page};
      }
      at = -1;
    } else {
      for (--at; at >= 0; at = at / 64 * 64 - 1) {
        const std::uint64_t rest = page->bits[static_cast<std::size_t>(at / 64)] << (63 - at % 64);
        if (rest == 0) continue;
        return {Ticks{number * kPageLevels + at - std::countl_zero(rest)}, page};
      }
      at = kPageLevels;
    }
  }
  return {};
}

void LevelBook::find_next_best(Side side) {
  const auto at = static_cast<std::size_t>(side);
  Ladder& ladder = ladders_[at];
  const auto [price, page] = level_behind(side, price_of(at, ladder.best), ladder.best_page);
  ladder.best = page ? key_of(at, price) : kNothing;
  ladder.best_page = page;
}

Slot LevelBook::first_behind(Side side, Ticks price) const {
  const auto [behind, page] =
      level_behind(side, price, find_page(static_cast<std::size_t>(side), price));
  return behind.raw == 0 ? kNoSlot : page->levels[place_in_page(behind)].head;
}

void LevelBook::each_level(const OrderStore&, Side side, Visitor<BookLevel> visit) const {
  const Ladder& ladder = ladders_[static_cast<std::size_t>(side)];
  std::pair at(best(side), ladder.best_page);
  for (; at.first.raw != 0; at = level_behind(side, at.first, at.second)) {
    if (!visit({at.first, at.second->levels[place_in_page(at.first)].quantity})) return;
  }
}

void LevelBook::each_order(const OrderStore& orders, Side side, Ticks price,
                           FunctionRef<bool(Slot)> visit) const {
  const Page* page = price.raw > 0 ? find_page(static_cast<std::size_t>(side), price) : nullptr;
  if (!page) return;
  for (Slot slot = page->levels[place_in_page(price)].head; slot != kNoSlot;
       slot = orders.resting(slot).next) {
    if (!visit(slot)) return;
  }
}

}  // namespace venuebox::engine
