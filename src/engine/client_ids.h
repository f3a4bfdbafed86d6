// What clients call their orders: unique per account among live orders and, where the instrument
// says so, among the closed ones that are remembered.
#pragma once

#include "engine/slot_table.h"
#include "model/order.h"

namespace venuebox::engine {

class ClientIds {
 public:
  // The order of that name, 0 when there is none.
  OrderId find(AccountId account, const ClientOrderId& text) const {
    const Slot at = place_of(account, text);
    return at == kNoSlot ? OrderId{} : names_[at].order;
  }
  // Returns where the name is kept. It is not taken yet.
  std::uint32_t add(AccountId account, const ClientOrderId& text, OrderId order) {
    Slot at = static_cast<Slot>(names_.size());
    if (free_.empty()) {
      names_.emplace_back();
      free_.reserve(names_.capacity());
    } else {
      at = free_.back();
      free_.pop_back();
    }
    names_[at] = {text, account, order};
    index_.insert(hash(account, text), at);
    return at;
  }
  // Frees the name if it is that order's.
  void erase(AccountId account, const ClientOrderId& text, OrderId order) {
    const Slot at = place_of(account, text);
    if (at == kNoSlot || names_[at].order != order) return;
    index_.erase(hash(account, text), at);
    names_[at] = {};
    free_.push_back(at);
  }
  std::size_t size() const { return index_.size(); }
  const ClientOrderId& text(std::uint32_t at) const { return names_[at].text; }

 private:
  struct Name {
    ClientOrderId text;
    AccountId account;
    OrderId order;
  };

  Slot place_of(AccountId account, const ClientOrderId& text) const {
    return index_.find(hash(account, text), [&](Slot at) {
      return names_[at].account == account && names_[at].text == text;
    });
  }
  static std::uint32_t hash(AccountId account, const ClientOrderId& text) {
    Hasher hasher;
    hasher.add(account.raw);
    hasher.add_bytes(text.view());
    return static_cast<std::uint32_t>(hasher.value());
  }

  std::vector<Name> names_;
  std::vector<Slot> free_;
  SlotTable index_;
};

}  // namespace venuebox::engine
