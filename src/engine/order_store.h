// All live orders of an exchange, in slots that are reused, so that a steady state allocates
// nothing. What matching looks at stands apart from what it does not, and what few orders have
// (fills so far, triggers, brackets …) apart from both: a plain resting order takes 96 bytes and
// its place in the index.
#pragma once

#include <utility>
#include <vector>

#include <boost/align/aligned_allocator.hpp>

#include "base/assert.h"
#include "engine/id_index.h"
#include "engine/leg.h"
#include "model/order.h"

namespace venuebox::engine {

// What matching looks at, two to a cache line. `next` and `previous` belong to the book. Price and
// flags share a word that is always written whole: a part written and the whole read again at once
// would stall.
struct RestingNode {
  enum Flag : std::uint64_t {
    kSells = 1,
    kReduceOnly = 2,
    kHasHidden = 4,    // an iceberg with something left to show
    kIsLinked = 8,     // trading it ends another order, or it is a bracket's entry
    kHasDetails = 16,  // kept by the store
    kOfShortLeg = 32,  // hedge mode: it opens or reduces the short position
  };

  OrderId id;
  Lots shown;  // unfilled, without what an iceberg hides
  std::uint64_t price_and_flags = 0;
  Slot next = kNoSlot;
  Slot previous = kNoSlot;

  Ticks price() const { return Ticks{static_cast<std::int64_t>(price_and_flags >> 8)}; }
  Side side() const { return is(kSells) ? Side::sell : Side::buy; }
  bool is(Flag flag) const { return (price_and_flags & flag) != 0; }
  void set_price(Ticks price) {
    price_and_flags = static_cast<std::uint64_t>(price.raw) << 8 | (price_and_flags & 0xff);
  }
  void set(Flag flag, bool on) {
    price_and_flags = on ? price_and_flags | flag : price_and_flags & ~std::uint64_t{flag};
  }
};
static_assert(sizeof(RestingNode) == 32);

// The rest of what every order has.
struct OrderNode {
  Lots quantity;
  Ticks last_price_on_created;
  Timestamp created;
  Timestamp updated;
  InstrumentId instrument;
  AccountId account;
  std::uint32_t details = 0;  // index into the details, when it has any
  std::uint32_t name = ~0u;   // index into ClientIds; ~0: it has none
  std::uint32_t session = 0;
  OrderType type : 4 = OrderType::limit;
  TimeInForce time_in_force : 4 = TimeInForce::gtc;
  OrderStatus status : 4 = OrderStatus::open;
  SelfTrade self_trade : 3 = SelfTrade::allow;
  bool post_only : 1 = false;
  bool is_hedged : 1 = false;  // of a long or short position rather than of the only one
};
static_assert(sizeof(OrderNode) == 56);

// An order's place among its account's. Apart from the rest, since whoever goes touches neighbours.
struct AccountLinks {
  Slot next = kNoSlot;  // an older order
  Slot previous = kNoSlot;
};

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
  bool stops_stand = false;
  std::optional<Trigger> trigger;
  std::optional<StopTerms> take_profit;
  std::optional<StopTerms> stop_loss;
};

inline LegIndex leg_of(const RestingNode& resting) {
  return resting.is(RestingNode::kOfShortLeg) ? kShortLeg : LegIndex{0};
}
inline PositionSide position_side_of(const RestingNode& resting, const OrderNode& node) {
  if (!node.is_hedged) return PositionSide::both;
  return resting.is(RestingNode::kOfShortLeg) ? PositionSide::short_side : PositionSide::long_side;
}

// An order told from its parts.
//   details    null: it has none
//   fee_asset  where nothing is filled yet
Order order_of(const RestingNode& resting, const OrderNode& node, const OrderDetails* details,
               AssetId fee_asset, const ClientOrderId& client_order_id);

class OrderStore {
 public:
  // A slot for the order, of which take() itself sets the id and clears the flags; the rest is as
  // an earlier order left it. References into the store are good until the next take().
  Slot take(OrderId id) {
    Slot slot = free_;
    if (slot == kNoSlot) {
      slot = static_cast<Slot>(resting_.size());
      VENUEBOX_ASSERT(slot != kNoSlot);
      resting_.emplace_back();
      nodes_.emplace_back();
      links_.emplace_back();
    } else {
      free_ = resting_[slot].next;
    }
    resting_[slot].id = id;
    resting_[slot].price_and_flags = 0;
    index_.insert(id.raw, slot);
    return slot;
  }
  void release(Slot slot) {
    index_.erase(resting_[slot].id.raw);
    if (resting_[slot].is(RestingNode::kHasDetails)) free_details_.push_back(nodes_[slot].details);
    resting_[slot].next = free_;
    free_ = slot;
  }

  Slot find(OrderId id) const { return index_.find(id.raw); }

  RestingNode& resting(Slot slot) { return resting_[slot]; }
  const RestingNode& resting(Slot slot) const { return resting_[slot]; }
  AccountLinks& links(Slot slot) { return links_[slot]; }
  const AccountLinks& links(Slot slot) const { return links_[slot]; }
  OrderNode& node(Slot slot) { return nodes_[slot]; }
  const OrderNode& node(Slot slot) const { return nodes_[slot]; }

  // Null while the order has none.
  const OrderDetails* details(Slot slot) const {
    return resting_[slot].is(RestingNode::kHasDetails) ? &details_[nodes_[slot].details] : nullptr;
  }
  OrderDetails* details(Slot slot) {
    return const_cast<OrderDetails*>(std::as_const(*this).details(slot));
  }
  // Gives the order details if it has none yet. Good until the next call.
  OrderDetails& own_details(Slot slot) {
    std::uint32_t& at = nodes_[slot].details;
    if (resting_[slot].is(RestingNode::kHasDetails)) return details_[at];
    resting_[slot].set(RestingNode::kHasDetails, true);
    if (free_details_.empty()) {
      at = static_cast<std::uint32_t>(details_.size());
      details_.emplace_back();
      free_details_.reserve(details_.capacity());
    } else {
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
  // On cache lines, of which each then holds two whole nodes.
  std::vector<RestingNode, boost::alignment::aligned_allocator<RestingNode, 64>> resting_;
  std::vector<OrderNode> nodes_;  // by the same slots, as are
  std::vector<AccountLinks> links_;
  std::vector<OrderDetails> details_;
  std::vector<std::uint32_t> free_details_;
  IdIndex index_;
  Slot free_ = kNoSlot;
};

// The other way round: fills a slot that was taken for the order, but for the client's id.
void restore_order(const Order& order, OrderStore& orders, Slot slot);

}  // namespace venuebox::engine
