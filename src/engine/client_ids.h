// What clients call their orders: unique per account among live orders and, where the instrument
// says so, among the closed ones that are remembered. A name's text is kept for whoever refers to
// it: the live order, then its record and the records of its executions.
#pragma once

#include "base/assert.h"
#include "engine/slot_table.h"
#include "model/order.h"

namespace venuebox::engine {

using NameIndex = std::uint32_t;
inline constexpr NameIndex kNoName = ~0u;

class ClientIds {
 public:
  // The order of that name, 0 when the name is free.
  OrderId find(AccountId account, const ClientOrderId& text) const {
    const Slot at = place_of(account, text);
    return at == kNoSlot ? OrderId{} : names_[at].order;
  }
  // Takes the name, with one reference. It is free, or that order's already.
  NameIndex add(AccountId account, const ClientOrderId& text, OrderId order) {
    if (const Slot known = place_of(account, text); known != kNoSlot) {
      VENUEBOX_ASSERT(names_[known].order == order);
      return refer(known);
    }
    NameIndex at = keep(account, text, order);
    names_[at].is_taken = true;
    index_.insert(hash(account, text), at);
    return at;
  }
  // Keeps a text, with one reference, of a name that is free.
  NameIndex keep(AccountId account, const ClientOrderId& text, OrderId order) {
    auto at = static_cast<NameIndex>(names_.size());
    if (free_.empty()) {
      names_.emplace_back();
      free_.reserve(names_.capacity());
    } else {
      at = free_.back();
      free_.pop_back();
    }
    names_[at] = {text, account, order, 1, false};
    return at;
  }
  NameIndex refer(NameIndex at) {
    if (at != kNoName) ++names_[at].references;
    return at;
  }
  void release(NameIndex at) {
    if (at == kNoName || --names_[at].references > 0) return;
    set_free(at);
    free_.push_back(at);
  }
  // Others may take the name from now on; its text stays.
  void set_free(NameIndex at) {
    if (!names_[at].is_taken) return;
    names_[at].is_taken = false;
    index_.erase(hash(names_[at].account, names_[at].text), at);
  }
  // Empty for kNoName.
  const ClientOrderId& text(NameIndex at) const {
    static const ClientOrderId kEmpty;
    return at == kNoName ? kEmpty : names_[at].text;
  }

 private:
  struct Name {
    ClientOrderId text;
    AccountId account;
    OrderId order;
    std::uint32_t references = 0;
    bool is_taken = false;
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
  std::vector<NameIndex> free_;
  SlotTable index_;
};

}  // namespace venuebox::engine
