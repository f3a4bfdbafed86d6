// The obvious order book of one instrument: price levels in ordered maps, a list of orders in each,
// sums made when they are asked for. It says what LevelBook has to do.
#pragma once

#include <list>
#include <map>
#include <vector>

#include "engine/order_store.h"
#include "model/view.h"

namespace venuebox::engine {

class ReferenceBook {
 public:
  // Appends the order to the queue of its price.
  void add(OrderStore& orders, Slot slot);
  void remove(OrderStore& orders, Slot slot);
  // Takes `less` off what the order shows; something is left of it.
  void shrink(OrderStore& orders, Slot slot, Lots less);

  // 0 when the side is empty.
  Ticks best(Side side) const;
  // Whether an order of this side and limit would trade.
  bool crosses(Side side, Ticks limit) const;
  // The order that matches first, and the one after it; kNoSlot: no more.
  Slot first(Side side) const;
  Slot next(const OrderStore& orders, Slot slot) const;

  // Counts changes; two equal versions of one book show the same levels.
  std::uint64_t version() const { return version_; }
  void set_version(std::uint64_t version) { version_ = version; }

  // Best level first, until the visitor returns false.
  void each_level(const OrderStore& orders, Side side, Visitor<BookLevel> visit) const;
  // Orders of one level, oldest first.
  void each_order(const OrderStore& orders, Side side, Ticks price,
                  FunctionRef<bool(Slot)> visit) const;

 private:
  // Bids are kept under their negative price, so that the best level of both sides comes first.
  using Levels = std::map<std::int64_t, std::list<Slot>>;
  static std::int64_t key_of(Side side, Ticks p) { return side == Side::buy ? -p.raw : p.raw; }
  Levels& levels(Side side) { return levels_[static_cast<std::size_t>(side)]; }
  const Levels& levels(Side side) const { return levels_[static_cast<std::size_t>(side)]; }

  Levels levels_[2];
  std::uint64_t version_ = 0;
};

}  // namespace venuebox::engine
