// Why an order is refused: reads only, in the order of RejectReason, so that an order with two
// faults is always refused for the same one and a refused one has touched nothing.
#include "engine/engine.h"

namespace venuebox::engine {
namespace {
// What most orders are: a limit without options whose numbers are fine. The checks that follow
// would find nothing; whatever this is not, they look at one by one.
bool is_plain_and_in_range(const PlaceOrder& order, const Instrument& instrument) {
  const bool has_options =
      order.post_only | order.reduce_only | order.close_position | order.trigger.has_value() |
      order.take_profit.has_value() | order.stop_loss.has_value() | (order.value.units != 0) |
      (order.display.raw != 0) | (order.expires.ns != 0) | (order.attachment != Attachment::none) |
      (order.purpose != OrderPurpose::ordinary) | (order.position_side != PositionSide::both) |
      (order.type != OrderType::limit) | (order.time_in_force != TimeInForce::gtc);
  return !has_options && order.quantity >= instrument.quantity_min &&
         order.quantity <= instrument.quantity_max && order.price.raw > 0 &&
         order.price <= instrument.price_max && instrument.price_band.raw == 0 &&
         static_cast<Int128>(order.price.raw) * order.quantity.raw >= instrument.steps_min;
}

// Profit of a long position is taken above, of a short one below; loss the other way round; and
// what trails is a trailing stop.
bool has_shape_of_its_purpose(const PlaceOrder& order) {
  const bool rises = order.trigger->direction == TriggerDirection::rises;
  const bool sells = order.side == Side::sell;
  switch (order.purpose) {
    case OrderPurpose::take_profit: return !order.trigger->is_trailing() && rises == sells;
    case OrderPurpose::stop_loss: return !order.trigger->is_trailing() && rises != sells;
    case OrderPurpose::trailing_stop: return order.trigger->is_trailing();
    default: return !order.trigger->is_trailing();
  }
}
}  // namespace

Engine::Intent Engine::intent_of(const PlaceOrder& order) const {
  // In hedge mode what buys for a short position, or sells for a long one, can only reduce it.
  const bool reduces =
      order.position_side == PositionSide::both
          ? order.reduce_only || order.close_position
          : (order.position_side == PositionSide::long_side) == (order.side == Side::sell);
  return {.account = order.account,
          .instrument = &ledger_.instrument(order.instrument),
          .side = order.side,
          .type = order.type,
          .time_in_force = order.time_in_force,
          .self_trade = order.self_trade,
          .post_only = order.post_only,
          .leg = leg_of(order.position_side),
          .reduce_only = reduces,
          .close_position = order.close_position,
          .price = order.price,
          .quantity = order.quantity,
          .value = order.value.units};
}

Engine::Refusal Engine::check_takes_orders(const Instrument& instrument) {
  switch (instrument.phase) {
    case TradingPhase::open:
    case TradingPhase::post_only: return std::nullopt;
    case TradingPhase::cancel_only: return RejectReason::instrument_cancel_only;
    case TradingPhase::halted: return RejectReason::instrument_halted;
    case TradingPhase::delisted: return RejectReason::instrument_delisted;
  }
  return std::nullopt;
}

// What stands before money: the account, the terms, the numbers, the counts.
//   conditional_before  orders of the same command that will wait as well
Engine::Refusal Engine::check_place(const PlaceOrder& order,
                                    std::uint32_t conditional_before) const {
  if (!ledger_.knows(order.account)) return RejectReason::unknown_account;
  if (!ledger_.knows(order.instrument)) return RejectReason::unknown_instrument;
  const Instrument& instrument = ledger_.instrument(order.instrument);
  if (auto reason = check_takes_orders(instrument)) return reason;
  if (!is_plain_and_in_range(order, instrument)) {
    if (auto reason = check_terms(order, instrument)) return reason;
    if (auto reason = check_numbers(order, instrument)) return reason;
    if (order.trigger) {
      if (auto reason = check_trigger(*order.trigger, instrument)) return reason;
    }
    if (order.take_profit || order.stop_loss) {
      if (auto reason = check_brackets(order, instrument)) return reason;
    }
    if (order.time_in_force == TimeInForce::gtd && order.expires <= time_) {
      return RejectReason::expiry_not_ahead;
    }
  }
  const Holding& holding = ledger_.holding(order.account, order.instrument);
  if (!has_side(holding.position_mode, order.position_side)) {
    return RejectReason::position_mode_mismatch;
  }
  if (!order.client_order_id.empty() &&
      client_ids_.find(order.account, order.client_order_id).raw != 0) {
    return RejectReason::duplicate_client_order_id;
  }
  if (ledger_.is_user(order.account)) {
    const Exposure& open = holding.exposure;
    const bool may_rest =
        order.type == OrderType::limit &&
        (order.time_in_force == TimeInForce::gtc || order.time_in_force == TimeInForce::gtd);
    if (!order.trigger && may_rest && open.orders >= instrument.open_orders_max) {
      return RejectReason::too_many_open_orders;
    }
    const bool is_attached = order.attachment != Attachment::none;
    if (order.trigger && (is_attached ? open.attached >= kAttachedMax
                                      : open.conditional + conditional_before >=
                                            instrument.conditional_orders_max)) {
      return RejectReason::too_many_conditional_orders;
    }
    const Position position{.instrument = order.instrument, .side = order.position_side};
    if (order.attachment == Attachment::whole &&
        find_attached(order.account, position, order.purpose, Attachment::whole, {}) != kNoSlot) {
      return RejectReason::too_many_conditional_orders;
    }
    if ((order.take_profit || order.stop_loss) && order.stops == Attachment::partial &&
        open.attached + (order.take_profit && order.stop_loss ? 2 : 1) > kAttachedMax) {
      return RejectReason::too_many_conditional_orders;
    }
  }
  if (instrument.phase == TradingPhase::post_only && (!order.post_only || order.trigger)) {
    return RejectReason::instrument_post_only;
  }
  if (order.attachment != Attachment::none) {
    const std::int64_t size = holding.legs[leg_of(order.position_side)].size.raw;
    if (order.side == Side::sell ? size <= 0 : size >= 0) {
      return RejectReason::reduce_only_without_position;
    }
  }
  return std::nullopt;
}

// Options that exclude each other.
Engine::Refusal Engine::check_terms(const PlaceOrder& order, const Instrument& instrument) const {
  const bool is_market = order.type == OrderType::market;
  const bool at_once = is_market || order.time_in_force == TimeInForce::ioc ||
                       order.time_in_force == TimeInForce::fok;
  const bool is_hedged = order.position_side != PositionSide::both;
  const bool closes_side =
      is_hedged && (order.position_side == PositionSide::long_side) == (order.side == Side::sell);
  const bool reduces = order.reduce_only || order.close_position || closes_side;
  const bool has_stops = order.take_profit || order.stop_loss;
  const bool by_value = order.value.units != 0;
  bool fits = !(order.post_only && at_once) &&
              !(is_market && order.time_in_force == TimeInForce::gtd) &&
              (order.time_in_force == TimeInForce::gtd) == (order.expires.ns != 0);
  if (by_value) {
    fits = fits && is_market && order.quantity.raw == 0 && !reduces && !order.trigger &&
           !has_stops && order.self_trade != SelfTrade::decrement &&
           order.time_in_force != TimeInForce::fok && order.value.asset == instrument.quote &&
           !instrument.is_inverse();
  }
  if (is_hedged) fits = fits && !instrument.is_spot() && reduces == closes_side;
  if (order.close_position) fits = fits && order.quantity.raw == 0;
  if (order.display.raw != 0) fits = fits && !at_once && !reduces;
  if (has_stops) {
    fits = fits && !reduces && !instrument.is_spot() && order.stops != Attachment::none;
  }
  if (order.attachment != Attachment::none) {
    const bool is_whole = order.attachment == Attachment::whole;
    fits = fits && order.trigger && reduces && order.close_position == is_whole &&
           !instrument.is_spot() && has_shape_of_its_purpose(order);
  }
  if (order.purpose != OrderPurpose::ordinary) fits = fits && order.trigger;
  if (order.trigger) {
    const Trigger& trigger = *order.trigger;
    const bool falls = trigger.direction == TriggerDirection::falls;
    const bool trails = trigger.is_trailing();
    fits = fits && trigger.best.raw == 0 &&
           (trails ? trigger.price.raw == 0 && is_market && falls == (order.side == Side::sell) &&
                         (trigger.trail_offset.raw == 0 || trigger.trail_rate.raw == 0)
                   : trigger.activation.raw == 0);
  }
  if (!fits) return RejectReason::contradictory_terms;
  return std::nullopt;
}

Engine::Refusal Engine::check_numbers(const PlaceOrder& order, const Instrument& instrument) const {
  const bool is_user = ledger_.is_user(order.account);
  const Ticks best = market(instrument.id).book.best(opposite(order.side));
  if (order.value.units != 0) {
    if (order.value.units < 0) return RejectReason::quantity_not_positive;
    if (best.raw > 0 &&
        order.value.units < notional(best, instrument.quantity_min, instrument).units) {
      return RejectReason::quantity_too_small;
    }
    if (order.value.units >
        notional(instrument.price_max, instrument.quantity_max, instrument).units) {
      return RejectReason::quantity_too_large;
    }
  } else if (!order.close_position) {
    if (order.quantity.raw <= 0) return RejectReason::quantity_not_positive;
    if (order.quantity < instrument.quantity_min) return RejectReason::quantity_too_small;
    if (order.quantity > (order.type == OrderType::market ? instrument.market_quantity_max
                                                          : instrument.quantity_max)) {
      return RejectReason::quantity_too_large;
    }
    if (order.attachment == Attachment::partial) {
      const std::int64_t size =
          ledger_.position_size(order.account, order.instrument, leg_of(order.position_side));
      if (size != 0 && order.quantity.raw > std::abs(size)) return RejectReason::quantity_too_large;
    }
  }
  if (order.display.raw != 0 &&
      (order.display < instrument.quantity_min || order.display > order.quantity)) {
    return RejectReason::display_out_of_range;
  }
  if (order.type == OrderType::limit) {
    const auto reference = order.trigger && order.trigger->price.raw > 0 &&
                                   order.trigger->price <= instrument.price_max
                               ? std::optional(MarkPrice{order.trigger->price.raw * kMarkPerTick})
                               : std::nullopt;
    if (auto reason = check_price(order.account, order.side, order.price, reference, instrument)) {
      return reason;
    }
  } else if (order.price.raw < 0) {
    return RejectReason::price_not_positive;
  } else if (order.price > instrument.price_max) {
    return RejectReason::price_too_high;
  }
  if (is_user && !order.reduce_only && !order.close_position) {
    const Ticks price = order.type == OrderType::limit ? order.price
                        : order.trigger                ? order.trigger->price
                                                       : best;
    const bool is_price = price.raw > 0 && price <= instrument.price_max;
    const Int128 value = order.value.units != 0 ? order.value.units
                         : is_price             ? notional(price, order.quantity, instrument).units
                                                : instrument.notional_min.units;
    if (value < instrument.notional_min.units) return RejectReason::notional_too_small;
  }
  return std::nullopt;
}

//   reference  where the order will stand when it acts: the mark, or its own trigger price
Engine::Refusal Engine::check_price(AccountId account, Side side, Ticks price,
                                    std::optional<MarkPrice> reference,
                                    const Instrument& instrument) const {
  if (price.raw <= 0) return RejectReason::price_not_positive;
  if (price > instrument.price_max) return RejectReason::price_too_high;
  if (instrument.price_band.raw == 0 || !ledger_.is_user(account)) return std::nullopt;
  if (!reference) reference = mark_price(instrument.id);
  if (!reference) return std::nullopt;
  const Int128 far = div_floor(multiply(reference->raw, instrument.price_band.raw), kRateOne);
  const Int128 at = multiply(price.raw, kMarkPerTick);
  if (side == Side::buy ? at > reference->raw + far : at < reference->raw - far) {
    return RejectReason::price_outside_band;
  }
  return std::nullopt;
}

Engine::Refusal Engine::check_trigger(const Trigger& trigger, const Instrument& instrument) const {
  const auto is_price = [&](Ticks price) { return price.raw > 0 && price <= instrument.price_max; };
  if (trigger.is_trailing()) {
    const bool in_range = trigger.trail_offset.raw >= 0 &&
                          trigger.trail_offset <= instrument.price_max &&
                          trigger.trail_rate.raw >= 0 && trigger.trail_rate.raw < kRateOne &&
                          (trigger.activation.raw == 0 || is_price(trigger.activation));
    return in_range ? std::nullopt : Refusal(RejectReason::trigger_out_of_range);
  }
  if (!is_price(trigger.price)) return RejectReason::trigger_out_of_range;
  const auto price = prices(instrument.id)[static_cast<std::size_t>(trigger.source)];
  if (price && is_reached(trigger, *price) && !trigger.may_fire_at_once) {
    return RejectReason::trigger_already_reached;
  }
  return std::nullopt;
}

// Profit lies beyond the worst price at which the order may trade, loss on this side of the one it
// will meet.
Engine::Refusal Engine::check_brackets(const PlaceOrder& order,
                                       const Instrument& instrument) const {
  const bool buys = order.side == Side::buy;
  const bool is_limit = order.type == OrderType::limit;
  const Ticks best = market(instrument.id).book.best(opposite(order.side));
  const Ticks worst = is_limit ? order.price : order.trigger ? order.trigger->price : best;
  Ticks met = worst;
  if (!order.trigger && best.raw > 0) met = buys ? std::min(worst, best) : std::max(worst, best);
  const auto mark_of = [](Ticks price) {
    return price.raw > 0 ? std::optional(MarkPrice{price.raw * kMarkPerTick}) : std::nullopt;
  };
  if (order.take_profit) {
    if (auto reason = check_stop(*order.take_profit, buys, mark_of(worst), instrument)) {
      return reason;
    }
  }
  if (order.stop_loss) return check_stop(*order.stop_loss, !buys, mark_of(met), instrument);
  return std::nullopt;
}

//   above      whether the trigger price has to lie above the reference, or below
//   reference  absent: any price will do
Engine::Refusal Engine::check_stop(const StopTerms& terms, bool above,
                                   std::optional<MarkPrice> reference,
                                   const Instrument& instrument) const {
  const auto is_price = [&](Ticks price) { return price.raw > 0 && price <= instrument.price_max; };
  const bool has_price = terms.type == OrderType::limit;
  if (!is_price(terms.trigger_price) ||
      (has_price ? !is_price(terms.price) : terms.price.raw != 0)) {
    return RejectReason::stop_price_out_of_range;
  }
  const Int128 at = multiply(terms.trigger_price.raw, kMarkPerTick);
  if (reference && (above ? at <= reference->raw : at >= reference->raw)) {
    return RejectReason::stop_price_out_of_range;
  }
  return std::nullopt;
}

// What trades at once costs the planned price; what may rest, the order's own. What the order held
// before, when it is amended, is taken off. Its own orders that self-trade prevention will cancel
// still count.
Engine::Refusal Engine::check_funds(const Intent& intent) const {
  if (!ledger_.is_user(intent.account) || intent.reduce_only) return std::nullopt;
  const Instrument& instrument = *intent.instrument;
  const bool buys = intent.side == Side::buy;
  const bool rests = intent.rests();
  const Lots left = intent.quantity - plan_.quantity - plan_.decremented;
  const Int128 value =
      plan_.value + (rests ? exposed_value(intent.price, left.raw, instrument) : 0);

  if (instrument.is_spot()) {
    const Lots given_lots = rests ? plan_.quantity + left : plan_.quantity;
    const int base_scale = ledger_.assets()[instrument.base.raw].scale;
    Money given = buys ? Money{multiply(value - intent.resting_value, instrument.hold_per_step),
                               instrument.quote}
                       : base_amount(given_lots - intent.resting, instrument, base_scale);
    const Money free = ledger_.balance(intent.account, given.asset).free();
    // Cash that backs perpetual positions is not free to be spent.
    const Money available = margin(intent.account, given.asset).available();
    if (given.units > 0 && given.units > std::min(free.units, available.units)) {
      return RejectReason::insufficient_balance;
    }
    return std::nullopt;
  }

  // More is only needed where the worst that can come of it is worse than now; reducing is always
  // allowed. The requirement is worst / leverage, rounded up: r <= x is the same as
  // worst <= x * leverage.
  const Holding& holding = ledger_.holding(intent.account, instrument.id);
  const Exposed open = exposed(holding, instrument);
  const Int128 more = exposed_units(value - intent.resting_value, instrument);
  const Int128 after = (buys ? open.buys : open.sells) + more;
  if (after <= open.worst() || after <= 0) return std::nullopt;
  if (after > instrument.tiers.front().notional_max &&
      after > notional_max(leverage_of(holding, instrument), instrument)) {
    return RejectReason::position_above_tier;
  }

  const Ledger::Account& account = ledger_.account(intent.account);
  Int128 room = ledger_.free_units(intent.account, instrument.settle);
  Int128 needed = after;
  if (holding.is_isolated()) {
    needed = std::max<Int128>(0, after - open.held);  // The position has its margin already.
  } else {
    room += unrealised(instrument, holding, open);
  }
  for (std::uint32_t i = 0; i < account.holdings.size(); ++i) {
    if (i == instrument.id.raw) continue;
    const Instrument& other = ledger_.instruments()[i];
    if (other.is_spot() || other.settle != instrument.settle) continue;
    room += room_beside(other, account.holdings[i]);
  }
  if (plan_.value > 0) {
    const Money traded{exposed_units(plan_.value, instrument), instrument.settle};
    room -= std::max<Int128>(
        0, fee_on(traded, ledger_.fee_rates(intent.account, instrument).taker).units);
  }
  if (room < 0 || needed > multiply(room, leverage_of(holding, instrument))) {
    return RejectReason::insufficient_margin;
  }
  return std::nullopt;
}

}  // namespace venuebox::engine
