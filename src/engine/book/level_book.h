// The fast order book of one instrument: price levels in pages of 512 neighbouring prices that
// exist where orders are, with a bit for each level and each page in use. A level is found without
// a search, the next best one by its bit, and a steady state allocates nothing. Prices far beyond
// what instruments have are kept in a map of pages instead. Same behaviour as ReferenceBook.
#pragma once

#include <array>
#include <bit>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/book/level.h"
#include "model/view.h"

namespace venuebox::engine {

class LevelBook {
 public:
  // Appends the order to the queue of its price.
  void add(OrderStore& orders, Slot slot) {
    const RestingNode& node = orders.resting(slot);
    const auto side = static_cast<std::size_t>(node.side());
    const Ticks price = node.price();
    Page& page = page_for(side, price);
    const std::size_t at = place_in_page(price);
    page.levels[at].append(orders, slot);
    page.bits[at / 64] |= std::uint64_t{1} << (at % 64);
    Ladder& ladder = ladders_[side];
    const std::int64_t key = key_of(side, price);
    if (key < ladder.best) {
      ladder.best = key;
      ladder.best_page = &page;
    }
    ++version_;
  }

  void remove(OrderStore& orders, Slot slot) {
    const RestingNode& node = orders.resting(slot);
    const auto side = static_cast<std::size_t>(node.side());
    Page& page = *find_page(side, node.price());
    const std::size_t at = place_in_page(node.price());
    Level& level = page.levels[at];
    level.unlink(orders, slot);
    if (level.empty()) {
      page.bits[at / 64] &= ~(std::uint64_t{1} << (at % 64));
      if (key_of(side, node.price()) == ladders_[side].best) find_next_best(node.side());
      if (page.is_unused()) drop_page(side, page);
    }
    ++version_;
  }

  // Takes `less` off what the order shows; something is left of it.
  void shrink(OrderStore& orders, Slot slot, Lots less) {
    RestingNode& node = orders.resting(slot);
    Page& page = *find_page(static_cast<std::size_t>(node.side()), node.price());
    page.levels[place_in_page(node.price())].quantity -= less;
    VENUEBOX_ASSERT(less < node.shown);
    node.shown = node.shown - less;
    ++version_;
  }

  // 0 when the side is empty.
  Ticks best(Side side) const {
    const auto at = static_cast<std::size_t>(side);
    const std::int64_t key = ladders_[at].best;
    return key == kNothing ? Ticks{} : price_of(at, key);
  }
  // Whether an order of this side and limit would trade.
  bool crosses(Side side, Ticks limit) const {
    const auto other = static_cast<std::size_t>(opposite(side));
    return ladders_[other].best <= key_of(other, limit);
  }
  // The order that matches first, and the one after it; kNoSlot: no more.
  Slot first(Side side) const {
    const Ladder& ladder = ladders_[static_cast<std::size_t>(side)];
    if (ladder.best == kNothing) return kNoSlot;
    const Ticks best = price_of(static_cast<std::size_t>(side), ladder.best);
    return ladder.best_page->levels[place_in_page(best)].head;
  }
  Slot next(const OrderStore& orders, Slot slot) const {
    const RestingNode& node = orders.resting(slot);
    if (node.next != kNoSlot) return node.next;
    return first_behind(node.side(), node.price());
  }

  // Counts changes; two equal versions of one book show the same levels.
  std::uint64_t version() const { return version_; }
  void set_version(std::uint64_t version) { version_ = version; }

  // Best level first, until the visitor returns false. The book must not change meanwhile.
  void each_level(const OrderStore& orders, Side side, Visitor<BookLevel> visit) const;
  // Orders of one level, oldest first.
  void each_order(const OrderStore& orders, Side side, Ticks price,
                  FunctionRef<bool(Slot)> visit) const;

 private:
  static constexpr std::int64_t kPageLevels = 512;
  static constexpr std::size_t kWords = kPageLevels / 64;
  static constexpr std::int64_t kNearPages = 1 << 17;  // prices below 2^26 ticks

  static constexpr std::int64_t kNothing = INT64_MAX;

  struct Page {
    std::array<Level, kPageLevels> levels;
    std::array<std::uint64_t, kWords> bits{};
    std::int64_t number = 0;  // price / kPageLevels

    bool is_unused() const {
      std::uint64_t any = 0;
      for (const std::uint64_t word : bits)
        any |= word;
      return any == 0;
    }
  };
  struct Ladder {
    std::int64_t best = kNothing;  // key of the best price
    Page* best_page = nullptr;
    std::vector<Page*> near;               // by page number
    std::vector<std::uint64_t> near_bits;  // pages in use
    std::map<std::int64_t, Page*> far;     // by page number
  };

  // Of both sides the smaller key matches first, so that comparing asks for no branch on the side:
  // a sell's key is its price, a buy's is that with all bits turned.
  static std::int64_t key_of(std::size_t side, Ticks price) {
    return price.raw ^ (static_cast<std::int64_t>(side) - 1);
  }
  static Ticks price_of(std::size_t side, std::int64_t key) {
    return Ticks{key ^ (static_cast<std::int64_t>(side) - 1)};
  }
  static std::size_t place_in_page(Ticks price) {
    return static_cast<std::size_t>(price.raw & (kPageLevels - 1));
  }
  Page* find_page(std::size_t side, Ticks price) const {
    const auto number = static_cast<std::uint64_t>(price.raw) / kPageLevels;
    const Ladder& ladder = ladders_[side];
    if (number < ladder.near.size()) return ladder.near[number];
    return find_far_page(ladder, static_cast<std::int64_t>(number));
  }
  Page& page_for(std::size_t side, Ticks price) {
    if (Page* page = find_page(side, price)) return *page;
    return make_page(side, price.raw / kPageLevels);
  }
  static Page* find_far_page(const Ladder& ladder, std::int64_t number);
  Page& make_page(std::size_t side, std::int64_t number);
  void drop_page(std::size_t side, Page& page);
  static Page* page_behind(const Ladder& ladder, Side side, std::int64_t number);
  // The best price strictly worse than `price`, and its page; 0 when there is none.
  std::pair<Ticks, Page*> level_behind(Side side, Ticks price, Page* page) const;
  void find_next_best(Side side);
  Slot first_behind(Side side, Ticks price) const;

  std::vector<std::unique_ptr<Page>> pages_;
  std::vector<Page*> free_pages_;
  std::array<Ladder, 2> ladders_;
  std::uint64_t version_ = 0;
};

}  // namespace venuebox::engine
