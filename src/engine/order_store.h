// All live orders of an exchange, in slots that are reused, so that a steady state allocates
// nothing. What matching looks at stands apart from what it does not, and what few orders have
// (fills so far, triggers, brackets …) apart from both: a plain resting order takes 104 bytes and
// its place in the index.
#pragma once

#include <utility>
#include <vector>

#include "base/assert.h"
#include "engine/slot_table.h"
#include "model/order.h"

namespace venuebox::engine {

// What matching looks at. `next` and `previous` belong to the book.
struct RestingNode {
  OrderId id;
  Ticks price;
  Lots shown;  // unfilled, without what an iceberg hides
  Slot next = kNoSlot;
  Slot previous = kNoSlot;
  AccountId account;
  Side side = Side::buy;
  bool reduce_only = false;
  bool has_hidden = false;  // an iceberg with something left to show
  bool is_linked = false;   // trading it ends another order, or it is a bracket's entry
};
static_assert(sizeof(RestingNode) == 40);

// The rest of what every order has.
struct OrderNode {
  Lots quantity;
  Ticks last_price_on_created;
  Timestamp created;
  Timestamp updated;
  Slot account_next = kNoSlot;  // an older order of the same account
  Slot account_previous = kNoSlot;
  InstrumentId instrument;
  std::uint32_t details = ~0u;  // index into the details; ~0: it has none
  std::uint32_t name = ~0u;     // index into ClientIds; ~0: it has none
  std::uint32_t session = 0;
  OrderType type = OrderType::limit;
  TimeInForce time_in_force = TimeInForce::gtc;
  OrderStatus status = OrderStatus::open;
  SelfTrade self_trade = SelfTrade::allow;
  bool post_only = false;
};
static_assert(sizeof(OrderNode) == 64);

// What few orders have.
struct OrderDetails {
  Lots filled;
  Int128 filled_value = 0;
  Int128 fee = 0;
  AssetId fee_asset;
  Timestamp expires;
  Lots display;
  OrderId parent;
  OrderId linked;
  bool close_position = false;
  OrderPurpose purpose = OrderPurpose::ordinary;
  Attachment attachment = Attachment::none;
  Attachment stops = Attachment::whole;
  std::optional<Trigger> trigger;
  std::optional<StopTerms> take_profit;
  std::optional<StopTerms> stop_loss;
};

class OrderStore {
 public:
  // References into the store are good until the next take().
  Slot take(OrderId id) {
    Slot slot = free_;
    if (slot == kNoSlot) {
      slot = static_cast<Slot>(resting_.size());
      VENUEBOX_ASSERT(slot != kNoSlot);
      resting_.emplace_back();
      nodes_.emplace_back();
    } else {
      free_ = resting_[slot].next;
      resting_[slot] = {};
      nodes_[slot] = {};
    }
    resting_[slot].id = id;
    index_.insert(id_hash(id.raw), slot);
    return slot;
  }
  void release(Slot slot) {
    index_.erase(id_hash(resting_[slot].id.raw), slot);
    if (std::uint32_t& details = nodes_[slot].details; details != ~0u) {
      free_details_.push_back(details);
      details = ~0u;
    }
    resting_[slot].id = {};
    resting_[slot].next = free_;
    free_ = slot;
  }

  Slot find(OrderId id) const {
    return index_.find(id_hash(id.raw), [&](Slot slot) { return resting_[slot].id == id; });
  }

  RestingNode& resting(Slot slot) { return resting_[slot]; }
  const RestingNode& resting(Slot slot) const { return resting_[slot]; }
  OrderNode& node(Slot slot) { return nodes_[slot]; }
  const OrderNode& node(Slot slot) const { return nodes_[slot]; }

  // Null while the order has none.
  const OrderDetails* details(Slot slot) const {
    const std::uint32_t at = nodes_[slot].details;
    return at == ~0u ? nullptr : &details_[at];
  }
  OrderDetails* details(Slot slot) {
    return const_cast<OrderDetails*>(std::as_const(*this).details(slot));
  }
  // Gives the order details if it has none yet. Good until the next call.
  OrderDetails& own_details(Slot slot) {
    std::uint32_t& at = nodes_[slot].details;
    if (at == ~0u && free_details_.empty()) {
      at = static_cast<std::uint32_t>(details_.size());
      details_.emplace_back();
      free_details_.reserve(details_.capacity());
    } else if (at == ~0u) {
      at = free_details_.back();
      free_details_.pop_back();
      details_[at] = {};
    }
    return details_[at];
  }

  Lots filled(Slot slot) const {
    const OrderDetails* details = this->details(slot);
    return details ? details->filled : Lots{};
  }
  Lots remaining(Slot slot) const { return nodes_[slot].quantity - filled(slot); }

  std::size_t used() const { return index_.size(); }

 private:
  std::vector<RestingNode> resting_;
  std::vector<OrderNode> nodes_;  // by the same slots
  std::vector<OrderDetails> details_;
  std::vector<std::uint32_t> free_details_;
  SlotTable index_;  // of order ids
  Slot free_ = kNoSlot;
};

}  // namespace venuebox::engine
