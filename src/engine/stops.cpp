#include "engine/stops.h"

namespace venuebox::engine {
namespace {
MarkPrice mark_of(Ticks price) { return MarkPrice{price.raw * kMarkPerTick}; }

// Queues are smallest first: of falling triggers the highest comes first.
std::int64_t key_of(const Trigger& trigger) {
  return trigger.direction == TriggerDirection::rises ? trigger.price.raw : -trigger.price.raw;
}

// Whether the order still waits in the queue of this source and direction, at this price.
bool still_waits(const OrderStore& orders, const DueQueue::Entry& entry, PriceSource source,
                 TriggerDirection direction) {
  const Slot slot = orders.find(OrderId{entry.id});
  if (slot == kNoSlot || orders.node(slot).status != OrderStatus::untriggered) return false;
  const Trigger& trigger = *orders.details(slot)->trigger;
  return !trigger.is_trailing() && trigger.source == source && trigger.direction == direction &&
         key_of(trigger) == entry.key;
}

// Where a trailing stop stands when `best` is the best price that it has seen.
Ticks trail(const Trigger& trigger) {
  Ticks distance = trigger.trail_offset;
  if (trigger.trail_rate.raw != 0) {
    const Int128 share = multiply(trigger.best.raw, trigger.trail_rate.raw);
    distance = Ticks{static_cast<std::int64_t>(div_floor(share, kRateOne))};
  }
  return trigger.direction == TriggerDirection::falls ? std::max(Ticks{1}, trigger.best - distance)
                                                      : trigger.best + distance;
}
}  // namespace

bool is_reached(const Trigger& trigger, MarkPrice price) {
  if (trigger.price.raw == 0) return false;
  return trigger.direction == TriggerDirection::rises ? price >= mark_of(trigger.price)
                                                      : price <= mark_of(trigger.price);
}

void Stops::add(const OrderStore& orders, Slot slot) {
  const Trigger& trigger = *orders.details(slot)->trigger;
  const OrderId id = orders.resting(slot).id;
  if (trigger.is_trailing()) {
    trailing_.insert(std::ranges::upper_bound(trailing_, id), id);
  } else {
    queue(trigger.source, trigger.direction).push({key_of(trigger), id.raw}, [&](const auto& e) {
      return still_waits(orders, e, trigger.source, trigger.direction);
    });
  }
  ++count_;
}

void Stops::remove(const OrderStore& orders, Slot slot) {
  --count_;
  if (!orders.details(slot)->trigger->is_trailing()) return;
  trailing_.erase(std::ranges::lower_bound(trailing_, orders.resting(slot).id));
}

void Stops::follow(OrderStore& orders, const Prices& prices) {
  for (const OrderId id : trailing_) {
    Trigger& trigger = *orders.details(orders.find(id))->trigger;
    const auto price = prices[static_cast<std::size_t>(trigger.source)];
    if (!price) continue;
    const bool falls = trigger.direction == TriggerDirection::falls;
    // Whole ticks, rounded to the side that fires later.
    const std::int64_t seen =
        falls ? price->raw / kMarkPerTick : (price->raw + kMarkPerTick - 1) / kMarkPerTick;
    if (trigger.best.raw == 0) {
      const bool begins =
          trigger.activation.raw == 0 ||
          (falls ? *price >= mark_of(trigger.activation) : *price <= mark_of(trigger.activation));
      if (!begins) continue;
    } else if (falls ? seen <= trigger.best.raw : seen >= trigger.best.raw) {
      continue;
    }
    trigger.best = Ticks{seen};
    trigger.price = trail(trigger);
  }
}

Slot Stops::due(const OrderStore& orders, const Prices& prices) {
  for (std::size_t source = 0; source < kPriceSources; ++source) {
    if (!prices[source]) continue;
    for (const auto direction : {TriggerDirection::rises, TriggerDirection::falls}) {
      DueQueue& waiting = queue(static_cast<PriceSource>(source), direction);
      const auto* first = waiting.top([&](const DueQueue::Entry& e) {
        return still_waits(orders, e, static_cast<PriceSource>(source), direction);
      });
      if (!first) continue;
      const Slot slot = orders.find(OrderId{first->id});
      if (is_reached(*orders.details(slot)->trigger, *prices[source])) return slot;
    }
  }
  for (const OrderId id : trailing_) {
    const Slot slot = orders.find(id);
    const Trigger& trigger = *orders.details(slot)->trigger;
    const auto price = prices[static_cast<std::size_t>(trigger.source)];
    if (price && is_reached(trigger, *price)) return slot;
  }
  return kNoSlot;
}

}  // namespace venuebox::engine
