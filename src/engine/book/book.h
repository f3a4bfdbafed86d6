// The order book of one instrument as the engine uses it: the fast one, or, to check that one, the
// obvious one. Which of them it is shows nowhere but in the time it takes.
#pragma once

#include "engine/book/level_book.h"
#include "engine/book/reference_book.h"

namespace venuebox::engine {

enum class BookKind : std::uint8_t { fast, reference };

class Book {
 public:
  explicit Book(BookKind kind = BookKind::fast)
      : reference_(kind == BookKind::reference ? std::make_unique<ReferenceBook>() : nullptr) {}

  void add(OrderStore& orders, Slot slot) {
    reference_ ? reference_->add(orders, slot) : fast_.add(orders, slot);
  }
  void remove(OrderStore& orders, Slot slot) {
    reference_ ? reference_->remove(orders, slot) : fast_.remove(orders, slot);
  }
  void shrink(OrderStore& orders, Slot slot, Lots less) {
    reference_ ? reference_->shrink(orders, slot, less) : fast_.shrink(orders, slot, less);
  }
  Ticks best(Side side) const { return reference_ ? reference_->best(side) : fast_.best(side); }
  bool crosses(Side side, Ticks limit) const {
    return reference_ ? reference_->crosses(side, limit) : fast_.crosses(side, limit);
  }
  Slot first(Side side) const { return reference_ ? reference_->first(side) : fast_.first(side); }
  Slot next(const OrderStore& orders, Slot slot) const {
    return reference_ ? reference_->next(orders, slot) : fast_.next(orders, slot);
  }
  std::uint64_t version() const { return reference_ ? reference_->version() : fast_.version(); }
  void set_version(std::uint64_t version) {
    reference_ ? reference_->set_version(version) : fast_.set_version(version);
  }
  void each_level(const OrderStore& orders, Side side, Visitor<BookLevel> visit) const {
    reference_ ? reference_->each_level(orders, side, visit)
               : fast_.each_level(orders, side, visit);
  }
  void each_order(const OrderStore& orders, Side side, Ticks price,
                  FunctionRef<bool(Slot)> visit) const {
    reference_ ? reference_->each_order(orders, side, price, visit)
               : fast_.each_order(orders, side, price, visit);
  }

 private:
  LevelBook fast_;
  std::unique_ptr<ReferenceBook> reference_;  // null: the fast one is used
};

}  // namespace venuebox::engine
