// Changing an order that is live. Less quantity keeps its place in the queue; whatever else changes
// sends it to the back, and it may trade on its way there.
#include "engine/engine.h"

namespace venuebox::engine {

void Engine::on(const AmendOrder& command) {
  Slot slot = kNoSlot;
  if (auto reason = find_named(command, slot)) return reject(command.account, *reason);
  bool changes = false;
  if (auto reason = check_amend(command, slot, changes)) return reject(command.account, *reason);
  if (!changes) return reject(command.account, RejectReason::amend_unchanged);
  if (orders_.node(slot).status == OrderStatus::untriggered) return amend_waiting(command, slot);
  amend_resting(command, slot);
}

//   changes  set when something would be other than it is
Engine::Refusal Engine::check_amend(const AmendOrder& command, Slot slot, bool& changes) const {
  const RestingNode& resting = orders_.resting(slot);
  const OrderNode& node = orders_.node(slot);
  static const OrderDetails kNone;
  const OrderDetails* own = orders_.details(slot);
  const OrderDetails& details = own ? *own : kNone;
  const Instrument& instrument = ledger_.instrument(node.instrument);
  const bool is_user = ledger_.is_user(node.account);
  if (auto reason = check_takes_orders(instrument)) return reason;

  const Lots quantity = command.quantity.value_or(node.quantity);
  const Ticks price = command.price.value_or(resting.price());
  if (command.quantity) {
    if (quantity.raw <= 0) return RejectReason::quantity_not_positive;
    // A maker shows what is left of a recorded level, however little that is.
    if (is_user && quantity < instrument.quantity_min) return RejectReason::quantity_too_small;
    if (quantity > (node.type == OrderType::market ? instrument.market_quantity_max
                                                   : instrument.quantity_max)) {
      return RejectReason::quantity_too_large;
    }
    const std::int64_t size = ledger_.position_size(node.account, instrument.id, leg_of(resting));
    if (details.attachment == Attachment::partial && quantity.raw > std::abs(size)) {
      return RejectReason::quantity_too_large;
    }
    if (quantity < details.display) return RejectReason::display_out_of_range;
  }
  const bool has_trigger = node.status == OrderStatus::untriggered;
  const bool moves_trigger =
      command.trigger_price && has_trigger && !details.trigger->is_trailing();
  const Ticks trigger_price = moves_trigger ? *command.trigger_price
                              : has_trigger ? details.trigger->price
                                            : Ticks{};
  if (node.type == OrderType::limit && (command.price || moves_trigger)) {
    const bool is_known = trigger_price.raw > 0 && trigger_price <= instrument.price_max;
    const auto reference =
        is_known ? std::optional(MarkPrice{trigger_price.raw * kMarkPerTick}) : std::nullopt;
    if (auto reason = check_price(node.account, resting.side(), price, reference, instrument)) {
      return reason;
    }
  }
  // A market order is valued where it will fire.
  const Ticks valued = node.type == OrderType::market ? trigger_price : price;
  const bool is_valued = valued.raw > 0 && valued <= instrument.price_max;
  if (is_user && is_valued && !resting.is(RestingNode::kReduceOnly) &&
      (command.price || command.quantity || moves_trigger) &&
      notional(valued, quantity, instrument).units < instrument.notional_min.units) {
    return RejectReason::notional_too_small;
  }
  if (moves_trigger) {
    Trigger moved = *details.trigger;
    moved.price = *command.trigger_price;
    moved.may_fire_at_once = false;
    if (auto reason = check_trigger(moved, instrument)) return reason;
  }
  const bool can_have_stops = !resting.is(RestingNode::kReduceOnly) && details.linked.raw == 0 &&
                              details.stops != Attachment::none && !instrument.is_spot();
  const bool buys = resting.side() == Side::buy;
  const bool moves_entry = command.price || moves_trigger;
  if (can_have_stops && (moves_entry || command.take_profit || command.stop_loss)) {
    // A new price has to fit the bracket that stays, too.
    const Ticks entry = node.type == OrderType::market ? trigger_price : price;
    const auto reference =
        entry.raw > 0 ? std::optional(MarkPrice{entry.raw * kMarkPerTick}) : std::nullopt;
    const auto& take_profit = command.take_profit ? command.take_profit : details.take_profit;
    const auto& stop_loss = command.stop_loss ? command.stop_loss : details.stop_loss;
    if (take_profit && take_profit->trigger_price.raw != 0) {
      if (auto reason = check_stop(*take_profit, buys, reference, instrument)) return reason;
    }
    if (stop_loss && stop_loss->trigger_price.raw != 0) {
      if (auto reason = check_stop(*stop_loss, !buys, reference, instrument)) return reason;
    }
  }
  if (command.quantity && quantity <= details.filled) return RejectReason::quantity_below_filled;

  const bool unsupported = (command.price && node.type == OrderType::market) ||
                           (command.quantity && details.close_position) ||
                           (command.trigger_price && !moves_trigger) ||
                           ((command.take_profit || command.stop_loss) && !can_have_stops);
  if (unsupported) return RejectReason::amend_unsupported;
  const auto differs = [](const std::optional<StopTerms>& asked,
                          const std::optional<StopTerms>& now) {
    if (!asked) return false;
    return asked->trigger_price.raw == 0 ? now.has_value() : asked != now;
  };
  changes = price != resting.price() || quantity != node.quantity ||
            (moves_trigger && *command.trigger_price != details.trigger->price) ||
            differs(command.take_profit, details.take_profit) ||
            differs(command.stop_loss, details.stop_loss);
  return std::nullopt;
}

void Engine::amend_waiting(const AmendOrder& command, Slot slot) {
  stop_waiting(slot);
  orders_.resting(slot).set_price(command.price.value_or(orders_.resting(slot).price()));
  change_brackets(command, slot);
  OrderNode& node = orders_.node(slot);
  node.quantity = command.quantity.value_or(node.quantity);
  node.updated = time_;
  if (command.trigger_price) orders_.details(slot)->trigger->price = *command.trigger_price;
  wait(slot);
  amended(slot, true);
}

void Engine::change_brackets(const AmendOrder& command, Slot slot) {
  if (!command.take_profit && !command.stop_loss) return;
  OrderDetails& details = orders_.own_details(slot);
  const auto change = [](const std::optional<StopTerms>& asked, std::optional<StopTerms>& now) {
    if (asked) now = asked->trigger_price.raw == 0 ? std::nullopt : asked;
  };
  change(command.take_profit, details.take_profit);
  change(command.stop_loss, details.stop_loss);
  orders_.resting(slot).set(RestingNode::kIsLinked,
                            details.linked.raw != 0 || details.take_profit || details.stop_loss);
}

void Engine::amend_resting(const AmendOrder& command, Slot slot) {
  const RestingNode& resting = orders_.resting(slot);
  const OrderNode& node = orders_.node(slot);
  const Instrument& instrument = ledger_.instrument(node.instrument);
  const Lots quantity = command.quantity.value_or(node.quantity);
  const Ticks price = command.price.value_or(resting.price());
  const Lots remaining = orders_.remaining(slot);
  const bool keeps_place = price == resting.price() && quantity <= node.quantity;

  Decision decision;
  Intent intent{.account = orders_.node(slot).account,
                .instrument = &instrument,
                .side = resting.side(),
                .type = OrderType::limit,
                .time_in_force = node.time_in_force,
                .self_trade = node.self_trade,
                .post_only = node.post_only,
                .leg = leg_of(resting),
                .reduce_only = resting.is(RestingNode::kReduceOnly),
                .close_position = false,
                .price = price,
                .quantity = quantity - orders_.filled(slot),
                .value = 0,
                .resting_value = exposed_value(resting.price(), remaining.raw, instrument),
                .resting = remaining};
  if (!keeps_place) {
    if (instrument.phase == TradingPhase::post_only && !node.post_only) {
      return reject(command.account, RejectReason::instrument_post_only);
    }
    decision = decide(intent);
    if (decision.refusal) return reject(command.account, *decision.refusal);
  }

  change_brackets(command, slot);
  orders_.node(slot).updated = time_;
  const bool reaches_attached =
      remaining != node.quantity && (command.take_profit || command.stop_loss);
  FilledBracket entry{.account = command.account,
                      .instrument = command.instrument,
                      .leg = intent.leg,
                      .parent = resting.id,
                      .side = resting.side(),
                      .quantity = orders_.filled(slot)};
  if (reaches_attached) {
    const OrderDetails& details = *orders_.details(slot);
    entry.stops = details.stops;
    entry.stops_stand = details.stops_stand;
    entry.take_profit = details.take_profit;
    entry.stop_loss = details.stop_loss;
  }
  if (keeps_place) {
    if (quantity < node.quantity) reduce_in_place(slot, node.quantity - quantity);
    amended(slot, true);
    if (reaches_attached) amend_attached(command, entry);
    return;
  }
  market(instrument.id).book.remove(orders_, slot);
  ledger_.unrest(command.account, resting, instrument, remaining);
  touch(instrument.id);
  orders_.resting(slot).set_price(price);
  orders_.node(slot).quantity = orders_.filled(slot) + intent.quantity;
  amended(slot, false);
  act(slot, decision);
  if (reaches_attached) amend_attached(command, entry);
}

// Terms that stand already are changed where they stand; a leg that is new to a part of a position
// is placed for what the entry has filled.
void Engine::amend_attached(const AmendOrder& command, const FilledBracket& entry) {
  const Position position = ledger_.position(command.account, command.instrument, entry.leg);
  const bool opens = entry.side == Side::buy ? position.size.raw > 0 : position.size.raw < 0;
  if (!opens) return;
  if (!entry.stops_stand) return attach(entry);
  const bool is_whole = entry.stops == Attachment::whole;
  const OrderId parent = is_whole ? OrderId{} : entry.parent;
  const auto amend = [&](OrderPurpose purpose, OrderPurpose other_purpose,
                         const std::optional<StopTerms>& terms) {
    if (!terms) return;
    const bool is_new =
        !is_whole && terms->trigger_price.raw != 0 &&
        find_attached(command.account, position, purpose, entry.stops, parent) == kNoSlot;
    if (!is_new) {
      set_stop(command.account, position, purpose, *terms, nullptr, entry.stops, parent, false);
      return;
    }
    const Slot other = find_attached(command.account, position, other_purpose, entry.stops, parent);
    const OrderId linked = other == kNoSlot ? OrderId{} : orders_.resting(other).id;
    const Lots most{std::abs(position.size.raw)};
    const Slot leg = place_attached(command.account, position, purpose, *terms, nullptr,
                                    entry.stops, std::min(entry.quantity, most), parent, linked);
    if (other == kNoSlot) return;
    orders_.details(other)->linked = orders_.resting(leg).id;
    orders_.resting(other).set(RestingNode::kIsLinked, true);
  };
  amend(OrderPurpose::take_profit, OrderPurpose::stop_loss, command.take_profit);
  amend(OrderPurpose::stop_loss, OrderPurpose::take_profit, command.stop_loss);
}

void Engine::amended(Slot slot, bool kept_place) {
  const RestingNode& resting = orders_.resting(slot);
  const OrderDetails* details = orders_.details(slot);
  const bool has_trigger = details && details->trigger;
  events_.emplace_back(OrderAmended{resting.id, orders_.node(slot).account, resting.price(),
                                    orders_.node(slot).quantity,
                                    has_trigger ? details->trigger->price : Ticks{}, kept_place});
}

// Takes `less` off an order in the book, from what it hides first; something is left of it.
void Engine::reduce_in_place(Slot slot, Lots less) {
  RestingNode& resting = orders_.resting(slot);
  OrderNode& node = orders_.node(slot);
  const Lots remaining = orders_.remaining(slot);
  VENUEBOX_ASSERT(less.raw > 0 && less < remaining);
  const Lots hidden = remaining - resting.shown;
  const Lots from_shown = std::max(Lots{}, less - hidden);
  if (from_shown.raw > 0) market(node.instrument).book.shrink(orders_, slot, from_shown);
  resting.set(RestingNode::kHasHidden, less < hidden);
  ledger_.release(orders_.node(slot).account, resting, ledger_.instrument(node.instrument), less);
  node.quantity -= less;
  node.updated = time_;
}

}  // namespace venuebox::engine
