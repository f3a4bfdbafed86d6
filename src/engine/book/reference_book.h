// The obvious order book of one instrument: price levels in ordered maps, a queue of orders in
// each. It knows prices, quantities and order of arrival, and nothing of accounts or money.
#pragma once

#include <map>
#include <optional>

#include "engine/book/level.h"

namespace venuebox::engine {

class ReferenceBook {
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

  // Best level first, until the visitor returns false.
  template <class Visit>
  void each_level(Side side, Visit&& visit) const {
    for (const auto& [key, level] : levels_[index(side)]) {
      if (!visit(price_of(side, key), level)) return;
    }
  }
  const Level* level(Side side, Ticks price) const;

 private:
  static std::size_t index(Side side) { return static_cast<std::size_t>(side); }
  // Bids are kept under their negative price, so that the best level of both sides comes first.
  static std::int64_t key_of(Side side, Ticks p) { return side == Side::buy ? -p.raw : p.raw; }
  static Ticks price_of(Side side, std::int64_t key) {
    return Ticks{side == Side::buy ? -key : key};
  }

  std::map<std::int64_t, Level> levels_[2];
  std::uint64_t version_ = 0;
};

}  // namespace venuebox::engine
