// The fast order book of one instrument: price levels in pages of 512 neighbouring prices that
// exist where orders are, with a bit for each level in use. A level is found without a search, the
// next best one by its bit, and a steady state allocates nothing. Same behaviour as ReferenceBook.
#pragma once

#include <array>
#include <bit>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/hash.h"
#include "engine/book/level.h"

namespace venuebox::engine {

class LevelBook {
 public:
  // Appends the order to the queue of its price.
  void add(OrderPool& pool, Slot slot);
  void remove(OrderPool& pool, Slot slot);
  // Takes `quantity` off a level whose order was filled or reduced by as much and stays.
  void shrink(const Order& order, Lots quantity);

  std::optional<Ticks> best(Side side) const;
  // Counts changes; two equal versions of one book show the same levels.
  std::uint64_t version() const { return version_; }
  void set_version(std::uint64_t version) { version_ = version; }

  // Best level first, until the visitor returns false. The book must not change meanwhile.
  template <class Visit>
  void each_level(Side side, Visit&& visit) const {
    const Ladder& ladder = ladders_[index(side)];
    for (std::size_t i = 0; i < ladder.order.size(); ++i) {
      const Page& page = pages_[ladder.order[i]];
      for (std::size_t w = 0; w < kWords; ++w) {
        const std::size_t word = side == Side::buy ? kWords - 1 - w : w;
        for (std::uint64_t bits = page.bits[word]; bits != 0;) {
          const int bit = side == Side::buy ? 63 - std::countl_zero(bits) : std::countr_zero(bits);
          bits &= ~(std::uint64_t{1} << bit);
          const std::size_t at = word * 64 + static_cast<std::size_t>(bit);
          const Ticks price{page.number * kPageLevels + static_cast<std::int64_t>(at)};
          if (!visit(price, page.levels[at])) return;
        }
      }
    }
  }
  const Level* level(Side side, Ticks price) const;

 private:
  static constexpr std::int64_t kPageLevels = 512;
  static constexpr std::size_t kWords = kPageLevels / 64;

  struct Page {
    std::array<Level, kPageLevels> levels;
    std::array<std::uint64_t, kWords> bits{};
    std::int64_t number = 0;  // price / kPageLevels
    int used = 0;             // levels in use
  };
  struct NumberHash {
    using is_avalanching = void;
    std::size_t operator()(std::int64_t n) const { return mix(static_cast<std::uint64_t>(n)); }
  };
  // One side: its pages by number, and in the order in which they match.
  struct Ladder {
    boost::unordered_flat_map<std::int64_t, std::uint32_t, NumberHash> index;
    std::vector<std::uint32_t> order;
  };

  static std::size_t index(Side side) { return static_cast<std::size_t>(side); }
  Page* find_page(Side side, Ticks price);
  Page& page_for(Side side, Ticks price);
  void drop_page(Side side, Page& page);

  std::vector<Page> pages_;
  std::vector<std::uint32_t> free_pages_;
  Ladder ladders_[2];
  std::uint64_t version_ = 0;
};

}  // namespace venuebox::engine
