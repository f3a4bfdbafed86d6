// What waits for a price: conditional orders, what fires them, and those that protect a position
// and live and die with it.
#include "engine/engine.h"

namespace venuebox::engine {
namespace {
Side closing_side(const Position& position) {
  return position.size.raw > 0 ? Side::sell : Side::buy;
}
}  // namespace

Prices Engine::prices(InstrumentId id) const {
  const Ticks last = market(id).last;
  return {last.raw == 0 ? std::nullopt : std::optional(MarkPrice{last.raw * kMarkPerTick}),
          mark_price(id), index_price(id)};
}

void Engine::wait(Slot slot) {
  const OrderNode& node = orders_.node(slot);
  Market& market = this->market(node.instrument);
  market.stops.add(orders_, slot);
  Exposure& open = exposure(orders_.node(slot).account, node.instrument);
  ++(orders_.details(slot)->attachment == Attachment::none ? open.conditional : open.attached);
  touch(node.instrument);
}

void Engine::stop_waiting(Slot slot) {
  const OrderNode& node = orders_.node(slot);
  market(node.instrument).stops.remove(orders_, slot);
  Exposure& open = exposure(orders_.node(slot).account, node.instrument);
  --(orders_.details(slot)->attachment == Attachment::none ? open.conditional : open.attached);
}

// Fires the first order that is due, if any; the next one is found at the prices after it.
void Engine::fire_due(InstrumentId id) {
  if (ledger_.instrument(id).phase != TradingPhase::open) return;
  Stops& stops = market(id).stops;
  const Prices now = prices(id);
  stops.follow(orders_, now);
  const Slot slot = stops.due(orders_, now);
  if (slot == kNoSlot) return;
  fire(slot);
  touch(id);
}

void Engine::fire(Slot slot) {
  stop_waiting(slot);
  const RestingNode& resting = orders_.resting(slot);
  OrderNode& node = orders_.node(slot);
  node.status = OrderStatus::open;
  node.updated = time_;
  if (Trigger& trigger = *orders_.details(slot)->trigger; !trigger.is_trailing()) {
    trigger.best = trigger.price;
  }
  events_.emplace_back(OrderTriggered{resting.id, node.account});
  if (const OrderId linked = orders_.details(slot)->linked; linked.raw != 0) end_linked(linked);
  // What the entry of a bracket fills from now on is protected anew.
  if (const Slot entry = orders_.find(orders_.details(slot)->parent); entry != kNoSlot) {
    orders_.own_details(entry).stops_stand = false;
  }

  Intent intent{.account = node.account,
                .instrument = &ledger_.instrument(node.instrument),
                .side = resting.side(),
                .type = node.type,
                .time_in_force = node.time_in_force,
                .self_trade = node.self_trade,
                .post_only = node.post_only,
                .leg = leg_of(resting),
                .reduce_only = resting.is(RestingNode::kReduceOnly),
                .close_position = orders_.details(slot)->close_position,
                .price = resting.price(),
                .quantity = node.quantity};
  const Decision decision = decide(intent);
  if (decision.refusal) {
    return close(slot, OrderStatus::cancelled, cancel_reason_of(*decision.refusal));
  }
  orders_.resting(slot).set_price(intent.price);
  node.quantity = intent.quantity;
  node.time_in_force = intent.time_in_force;
  act(slot, decision);
}

// The other order of a pair traded, triggered or ended.
void Engine::end_linked(OrderId linked) {
  const Slot slot = orders_.find(linked);
  if (slot != kNoSlot) cancel(slot, CancelReason::linked_order);
}

// After a position shrank: what rests reduce-only or is attached must not be able to turn it round,
// and what was attached to a position that is gone goes with it.
void Engine::tend_position(const ShrunkPosition& shrunk) {
  const std::int64_t size = ledger_.position_size(shrunk.account, shrunk.instrument, shrunk.leg);
  found_.clear();
  for (Slot slot = account_orders_[shrunk.account.raw]; slot != kNoSlot;
       slot = orders_.links(slot).next) {
    const RestingNode& resting = orders_.resting(slot);
    if (!resting.is(RestingNode::kReduceOnly) || leg_of(resting) != shrunk.leg) continue;
    if (orders_.node(slot).instrument != shrunk.instrument) continue;
    const bool waits = orders_.node(slot).status == OrderStatus::untriggered;
    if (!waits || orders_.details(slot)->attachment != Attachment::none)
      found_.push_back(resting.id);
  }
  for (const OrderId id : found_) {
    const Slot slot = orders_.find(id);
    if (slot == kNoSlot) continue;  // It ended with another.
    const RestingNode& resting = orders_.resting(slot);
    const bool waits = orders_.node(slot).status == OrderStatus::untriggered;
    const bool reduces = resting.side() == Side::sell ? size > 0 : size < 0;
    if (waits && (shrunk.is_gone || !reduces)) {
      cancel(slot, CancelReason::position_closed);
      continue;
    }
    if (!reduces) {
      cancel(slot, CancelReason::reduce_only);
      continue;
    }
    const Lots excess = orders_.remaining(slot) - Lots{std::abs(size)};
    if (excess.raw <= 0) continue;
    if (waits) {
      orders_.node(slot).quantity -= excess;
      orders_.node(slot).updated = time_;
    } else {
      reduce_in_place(slot, excess);
    }
    amended(slot, true);
  }
}

// A bracket's entry filled: its take-profit and stop-loss come to stand, or grow. They are placed
// once; what their owner does to them afterwards counts.
void Engine::attach(const FilledBracket& filled) {
  const Position position = ledger_.position(filled.account, filled.instrument, filled.leg);
  const bool opens = filled.side == Side::buy ? position.size.raw > 0 : position.size.raw < 0;
  if (!opens) return;
  const bool stood = filled.stops_stand || std::ranges::find(stood_, filled.parent) != stood_.end();
  if (filled.stops == Attachment::partial) {
    attach_parts(filled, position, stood);
  } else if (!stood) {
    const auto set = [&](OrderPurpose purpose, const std::optional<StopTerms>& terms) {
      if (!terms) return;
      set_stop(filled.account, position, purpose, *terms, nullptr, Attachment::whole, {}, false);
    };
    set(OrderPurpose::take_profit, filled.take_profit);
    set(OrderPurpose::stop_loss, filled.stop_loss);
  }
  if (stood || filled.parent.raw == 0) return;
  stood_.push_back(filled.parent);
  const Slot entry = orders_.find(filled.parent);
  if (entry != kNoSlot) orders_.own_details(entry).stops_stand = true;
}

void Engine::attach_parts(const FilledBracket& filled, const Position& position, bool stood) {
  const Lots most{std::abs(position.size.raw)};
  if (stood) {
    for (const OrderPurpose purpose : {OrderPurpose::take_profit, OrderPurpose::stop_loss}) {
      const Slot leg =
          find_attached(filled.account, position, purpose, Attachment::partial, filled.parent);
      if (leg == kNoSlot) continue;
      OrderNode& node = orders_.node(leg);
      node.quantity = std::min(node.quantity + filled.quantity, most);
      node.updated = time_;
      amended(leg, true);
    }
    return;
  }
  // Of a pair each names the other from the start.
  const bool is_pair = filled.take_profit && filled.stop_loss;
  const OrderId first{orders_created_ + 1};
  const OrderId second{orders_created_ + 2};
  const auto place = [&](OrderPurpose purpose, const std::optional<StopTerms>& terms,
                         OrderId other) {
    if (!terms) return;
    place_attached(filled.account, position, purpose, *terms, nullptr, Attachment::partial,
                   std::min(filled.quantity, most), filled.parent, is_pair ? other : OrderId{});
  };
  place(OrderPurpose::take_profit, filled.take_profit, second);
  place(OrderPurpose::stop_loss, filled.stop_loss, first);
}

Slot Engine::find_attached(AccountId account, const Position& position, OrderPurpose purpose,
                           Attachment attachment, OrderId parent) const {
  if (ledger_.holding(account, position.instrument).exposure.attached == 0) return kNoSlot;
  for (Slot slot = account_orders_[account.raw]; slot != kNoSlot; slot = orders_.links(slot).next) {
    const OrderNode& node = orders_.node(slot);
    if (node.instrument != position.instrument || node.status != OrderStatus::untriggered) continue;
    if (leg_of(orders_.resting(slot)) != leg_of(position.side)) continue;
    const OrderDetails& details = *orders_.details(slot);
    if (details.purpose == purpose && details.attachment == attachment &&
        details.parent == parent) {
      return slot;
    }
  }
  return kNoSlot;
}

Slot Engine::place_attached(AccountId account, const Position& position, OrderPurpose purpose,
                            const StopTerms& terms, const Trail* trail, Attachment attachment,
                            Lots quantity, OrderId parent, OrderId linked) {
  const Instrument& instrument = ledger_.instrument(position.instrument);
  const Side side = closing_side(position);
  const Slot slot = create(account, instrument, position.side);
  RestingNode& resting = orders_.resting(slot);
  resting.set(RestingNode::kSells, side == Side::sell);
  resting.set(RestingNode::kReduceOnly, true);
  resting.set_price(terms.price);
  OrderNode& node = orders_.node(slot);
  node.type = terms.type;
  node.quantity = quantity;
  node.status = OrderStatus::untriggered;
  OrderDetails& details = orders_.own_details(slot);
  details.purpose = purpose;
  details.attachment = attachment;
  details.close_position = attachment == Attachment::whole;
  details.parent = parent;
  details.linked = linked;
  resting.set(RestingNode::kIsLinked, linked.raw != 0);
  // Profit of a long position is above, of a short one below; loss the other way round.
  const bool rises = (purpose == OrderPurpose::take_profit) == (side == Side::sell);
  details.trigger = Trigger{.source = trail ? trail->source : terms.source,
                            .direction = rises ? TriggerDirection::rises : TriggerDirection::falls,
                            .may_fire_at_once = true,
                            .price = trail ? Ticks{} : terms.trigger_price,
                            .trail_offset = trail ? trail->offset : Ticks{},
                            .trail_rate = {},
                            .activation = trail ? trail->activation : Ticks{},
                            .best = {}};
  emit_accepted(slot);
  wait(slot);
  return slot;
}

// One kind of stop, of the whole position or of one entry's part: placed (where it is the whole
// position's), changed, or taken away by a trigger price of 0. Returns whether that changes
// anything.
bool Engine::set_stop(AccountId account, const Position& position, OrderPurpose purpose,
                      const StopTerms& terms, const Trail* trail, Attachment attachment,
                      OrderId parent, bool only_check) {
  const Slot slot = find_attached(account, position, purpose, attachment, parent);
  const bool takes_away = trail ? trail->offset.raw == 0 : terms.trigger_price.raw == 0;
  if (slot == kNoSlot) {
    if (takes_away || attachment != Attachment::whole) return false;
    if (!only_check) {
      place_attached(account, position, purpose, terms, trail, Attachment::whole, {}, {});
    }
    return true;
  }
  if (takes_away) {
    if (only_check) return true;
    // The other leg stays: it is the terms that changed, not the pair that ended.
    OrderDetails& details = *orders_.details(slot);
    const Slot other = orders_.find(std::exchange(details.linked, OrderId{}));
    if (other != kNoSlot) orders_.details(other)->linked = {};
    cancel(slot, CancelReason::by_user);
    return true;
  }
  Trigger trigger = *orders_.details(slot)->trigger;
  if (trail) {
    const bool same = trigger.trail_offset == trail->offset &&
                      trigger.activation == trail->activation && trigger.source == trail->source;
    if (same) return false;
    trigger.trail_offset = trail->offset;
    trigger.trail_rate = {};
    trigger.activation = trail->activation;
    trigger.source = trail->source;
    trigger.price = trigger.best = {};
  } else {
    const bool same = trigger.price == terms.trigger_price && trigger.source == terms.source &&
                      orders_.node(slot).type == terms.type &&
                      orders_.resting(slot).price() == terms.price;
    if (same) return false;
    trigger.price = terms.trigger_price;
    trigger.source = terms.source;
  }
  if (only_check) return true;
  stop_waiting(slot);
  orders_.details(slot)->trigger = trigger;
  orders_.node(slot).type = terms.type;
  orders_.node(slot).updated = time_;
  orders_.resting(slot).set_price(terms.price);
  wait(slot);
  amended(slot, true);
  return true;
}

Engine::Refusal Engine::check_position_stops(const SetPositionStops& command) const {
  if (!ledger_.knows(command.account)) return RejectReason::unknown_account;
  if (!ledger_.knows(command.instrument) || ledger_.instrument(command.instrument).is_spot()) {
    return RejectReason::unknown_instrument;
  }
  const Instrument& instrument = ledger_.instrument(command.instrument);
  if (auto reason = check_takes_orders(instrument)) return reason;
  const bool is_partial = command.mode == Attachment::partial;
  const bool has_any = command.take_profit || command.stop_loss || command.trailing;
  if (command.mode == Attachment::none || !has_any || (is_partial && command.trailing) ||
      (!is_partial && command.quantity.raw != 0)) {
    return RejectReason::contradictory_terms;
  }
  const Holding& holding = ledger_.holding(command.account, command.instrument);
  const std::int64_t size = holding.legs[leg_of(command.position_side)].size.raw;
  if (is_partial) {
    if (command.quantity.raw <= 0) return RejectReason::quantity_not_positive;
    if (command.quantity < instrument.quantity_min) return RejectReason::quantity_too_small;
    if (size != 0 && command.quantity.raw > std::abs(size)) return RejectReason::quantity_too_large;
  }
  if (command.trailing) {
    const Trail& trail = *command.trailing;
    if (trail.offset.raw < 0 || trail.offset > instrument.price_max || trail.activation.raw < 0 ||
        trail.activation > instrument.price_max) {
      return RejectReason::trigger_out_of_range;
    }
  }
  const auto check = [&](const std::optional<StopTerms>& terms, bool above) -> Refusal {
    if (!terms || (terms->trigger_price.raw == 0 && !is_partial)) return std::nullopt;
    const auto reference =
        size == 0 ? std::nullopt
                  : prices(command.instrument)[static_cast<std::size_t>(terms->source)];
    return check_stop(*terms, above, reference, instrument);
  };
  if (auto reason = check(command.take_profit, size >= 0)) return reason;
  if (auto reason = check(command.stop_loss, size < 0)) return reason;
  const auto takes_away = [](const std::optional<StopTerms>& terms) {
    return !terms || terms->trigger_price.raw == 0;
  };
  if (!has_side(holding.position_mode, command.position_side)) {
    return RejectReason::position_mode_mismatch;
  }
  if (size == 0 && !is_partial && takes_away(command.take_profit) &&
      takes_away(command.stop_loss) && (!command.trailing || command.trailing->offset.raw == 0)) {
    return RejectReason::amend_unchanged;
  }
  const Exposure& open = holding.exposure;
  const std::uint32_t placed = command.take_profit && command.stop_loss ? 2 : 1;
  if (is_partial && ledger_.is_user(command.account) && open.attached + placed > kAttachedMax) {
    return RejectReason::too_many_conditional_orders;
  }
  if (size == 0) return RejectReason::reduce_only_without_position;
  return std::nullopt;
}

void Engine::on(const SetPositionStops& command) {
  if (auto reason = check_position_stops(command)) return reject(command.account, *reason);
  const LegIndex leg = leg_of(command.position_side);
  const Position position = ledger_.position(command.account, command.instrument, leg);
  if (command.mode == Attachment::partial) {
    return attach({.account = command.account,
                   .instrument = command.instrument,
                   .leg = leg,
                   .parent = {},
                   .side = opposite(closing_side(position)),
                   .quantity = command.quantity,
                   .stops = Attachment::partial,
                   .take_profit = command.take_profit,
                   .stop_loss = command.stop_loss});
  }
  for (const bool only_check : {true, false}) {
    bool changes = false;
    const auto set = [&](OrderPurpose purpose, const StopTerms& terms, const Trail* trail) {
      changes |= set_stop(command.account, position, purpose, terms, trail, Attachment::whole, {},
                          only_check);
    };
    if (command.take_profit) set(OrderPurpose::take_profit, *command.take_profit, nullptr);
    if (command.stop_loss) set(OrderPurpose::stop_loss, *command.stop_loss, nullptr);
    if (command.trailing) set(OrderPurpose::trailing_stop, {}, &*command.trailing);
    if (!changes) return reject(command.account, RejectReason::amend_unchanged);
  }
}

}  // namespace venuebox::engine
