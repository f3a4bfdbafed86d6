// How orders meet: what would trade is planned by reading only, and then applied without failing.
#include "engine/engine.h"

namespace venuebox::engine {
namespace {
bool reaches(Side side, Ticks limit, Ticks price) {
  return side == Side::buy ? price <= limit : price >= limit;
}
}  // namespace

// How far a market order may go: its own bound, and for users the instrument's, from the best price
// that it meets. The market's own takers pay whatever the recording or the model says.
Ticks Engine::protection_price(const Intent& intent, Ticks best) const {
  const Instrument& instrument = *intent.instrument;
  const bool buys = intent.side == Side::buy;
  Ticks bound = buys ? instrument.price_max : Ticks{1};
  if (ledger_.is_user(intent.account)) {
    const Int128 share = multiply(best.raw, instrument.market_protection.raw);
    const Ticks far{static_cast<std::int64_t>(div_floor(share, kRateOne))};
    bound = buys ? std::min(best + far, bound) : std::max(best - far, bound);
  }
  if (intent.price.raw > 0)
    bound = buys ? std::min(intent.price, bound) : std::max(intent.price, bound);
  return bound;
}

// Changes nothing but scratch. Completes the wish (the price of a market order, the quantity of one
// that reduces) and finds what it comes to.
Engine::Decision Engine::decide(Intent& intent) {
  const Book& book = market(intent.instrument->id).book;
  if (intent.reduce_only) {
    // A reduce-only order is cut to what there is to reduce.
    const std::int64_t size =
        ledger_.position_size(intent.account, intent.instrument->id, intent.leg);
    const bool reduces = intent.side == Side::sell ? size > 0 : size < 0;
    if (!reduces) return {.refusal = RejectReason::reduce_only_without_position};
    const Lots most{std::abs(size)};
    intent.quantity = intent.close_position ? most : std::min(intent.quantity, most);
  }
  const Ticks best = book.best(opposite(intent.side));
  plan_.clear();
  if (intent.type == OrderType::market) {
    if (best.raw == 0 && intent.value > 0) return {.refusal = RejectReason::no_liquidity};
    intent.price = best.raw == 0 ? Ticks{} : protection_price(intent, best);
    if (intent.time_in_force != TimeInForce::fok) intent.time_in_force = TimeInForce::ioc;
  }
  const bool takes = book.crosses(intent.side, intent.price);
  if (takes && !intent.post_only) plan_match(intent);
  if (intent.value > 0) intent.quantity = plan_.quantity + plan_.unspent;
  if (auto reason = check_funds(intent)) return {.refusal = reason};

  if (takes && intent.post_only) return {.leftover = CancelReason::post_only, .trades = false};
  const Lots left = intent.quantity - plan_.quantity - plan_.decremented;
  if (intent.time_in_force == TimeInForce::fok && plan_.quantity < intent.quantity) {
    return {.leftover = CancelReason::fill_or_kill, .trades = false};
  }
  if (plan_.ends_by_self_trade) return {.leftover = CancelReason::self_trade};
  const bool buys_nothing = intent.value > 0 && plan_.quantity.raw == 0;
  if (buys_nothing || (left.raw > 0 && !intent.rests())) {
    return {.leftover = CancelReason::immediate_or_cancel};
  }
  return {};
}

// How much of a resting reduce-only order may still trade after what is planned so far.
Lots Engine::reducible(Slot maker_slot, const Intent& taker) const {
  const RestingNode& maker = orders_.resting(maker_slot);
  const AccountId account = orders_.node(maker_slot).account;
  const LegIndex leg = leg_of(maker);
  std::int64_t size = ledger_.position_size(account, orders_.node(maker_slot).instrument, leg);
  const std::int64_t maker_sign = maker.side() == Side::buy ? 1 : -1;
  for (const Step& step : plan_.steps) {
    if (step.kind != Step::Kind::fill) continue;
    if (orders_.node(step.maker).account == account && leg_of(orders_.resting(step.maker)) == leg) {
      size += maker_sign * step.quantity.raw;
    }
    if (taker.account == account && taker.leg == leg) size -= maker_sign * step.quantity.raw;
  }
  return Lots{std::max<std::int64_t>(0, -maker_sign * size)};
}

void Engine::plan_match(const Intent& intent) {
  const Book& book = market(intent.instrument->id).book;
  const bool by_value = intent.value > 0;
  Int128 budget = intent.value;
  Lots wanted = by_value ? intent.instrument->market_quantity_max : intent.quantity;
  Slot slot = book.first(opposite(intent.side));
  while (slot != kNoSlot && reaches(intent.side, intent.price, orders_.resting(slot).price())) {
    // One level: its queue, and then what its icebergs show next, round by round.
    const Ticks price = orders_.resting(slot).price();
    hidden_.clear();
    for (; slot != kNoSlot && orders_.resting(slot).price() == price;
         slot = book.next(orders_, slot)) {
      const RestingNode& maker = orders_.resting(slot);
      const Lots before = wanted;
      if (!plan_step(intent, slot, maker.shown, wanted, budget)) return;
      if (maker.is(RestingNode::kHasHidden) && before - wanted == maker.shown) {
        hidden_.emplace_back(slot, orders_.remaining(slot) - maker.shown);
      }
    }
    for (std::size_t i = 0; i < hidden_.size(); ++i) {
      const auto [iceberg, hidden] = hidden_[i];
      const Lots shown = std::min(hidden, orders_.details(iceberg)->display);
      if (!plan_step(intent, iceberg, shown, wanted, budget)) return;
      if (hidden > shown) hidden_.emplace_back(iceberg, hidden - shown);
    }
  }
}

// Plans what one queue place comes to; false when the order is done.
bool Engine::plan_step(const Intent& intent, Slot slot, Lots shown, Lots& wanted, Int128& budget) {
  using enum Step::Kind;
  const RestingNode& maker = orders_.resting(slot);
  if (intent.self_trade != SelfTrade::allow && orders_.node(slot).account == intent.account) {
    switch (intent.self_trade) {
      case SelfTrade::cancel_maker:
        // An iceberg that traded before it was met again is not there any more.
        plan_.steps.push_back({slot, cancel_self_trade, {}});
        return true;
      case SelfTrade::cancel_both:
        plan_.steps.push_back({slot, cancel_self_trade, {}});
        [[fallthrough]];
      case SelfTrade::cancel_taker: plan_.ends_by_self_trade = true; return false;
      default: break;
    }
    const Lots both = std::min(wanted, orders_.remaining(slot));
    plan_.steps.push_back({slot, decrement, both});
    plan_.decremented += both;
    wanted -= both;
    plan_.ends_by_self_trade = wanted.raw == 0;
    return wanted.raw > 0;
  }
  Lots quantity = std::min(wanted, shown);
  if (intent.value > 0) {
    const Int128 per_lot = multiply(maker.price().raw, intent.instrument->units_per_tick_lot);
    if (multiply(per_lot, quantity.raw) > budget) {
      quantity =
          lots_affordable({budget, intent.instrument->quote}, maker.price(), *intent.instrument);
    }
  }
  bool maker_ends = false;
  if (maker.is(RestingNode::kReduceOnly)) {
    const Lots most = reducible(slot, intent);
    maker_ends = most < shown && most <= quantity;
    quantity = std::min(quantity, most);
  }
  if (quantity.raw == 0 && !maker_ends) {
    plan_.unspent = {};  // What is left buys nothing at this price.
    return false;
  }
  if (quantity.raw > 0) plan_.steps.push_back({slot, fill, quantity});
  if (maker_ends) plan_.steps.push_back({slot, cancel_reduce_only, {}});
  const Int128 value = exposed_value(maker.price(), quantity.raw, *intent.instrument);
  plan_.quantity += quantity;
  plan_.value += value;
  wanted -= quantity;
  if (intent.value > 0) {
    budget -= multiply(value, intent.instrument->units_per_tick_lot);
    plan_.unspent = std::min(wanted, lots_affordable({budget, intent.instrument->quote},
                                                     maker.price(), *intent.instrument));
    if (plan_.unspent.raw == 0) return false;
  }
  return wanted.raw > 0;
}

// Applies what decide() found. The order is accepted, and neither in a book nor waiting.
void Engine::act(Slot slot, const Decision& decision) {
  const Instrument& instrument = ledger_.instrument(orders_.node(slot).instrument);
  if (decision.trades && !plan_.steps.empty()) {
    Market& market = this->market(instrument.id);
    for (const Step& step : plan_.steps)
      trade(slot, step, instrument, market);
    touch(instrument.id);
  }
  const Lots remaining = orders_.remaining(slot);
  if (remaining.raw == 0 && orders_.filled(slot).raw > 0) {
    return close(slot, OrderStatus::filled, CancelReason::none);
  }
  if (decision.leftover == CancelReason::none) return rest(slot);
  close(slot, OrderStatus::cancelled, decision.leftover);
}

void Engine::trade(Slot taker_slot, const Step& step, const Instrument& instrument,
                   Market& market) {
  const Slot maker_slot = step.maker;
  switch (step.kind) {
    case Step::Kind::fill: break;
    case Step::Kind::cancel_self_trade: return cancel(maker_slot, CancelReason::self_trade);
    case Step::Kind::cancel_reduce_only: return cancel(maker_slot, CancelReason::reduce_only);
    case Step::Kind::decrement:
      // An order that loses all of it ends as it is; one that goes on goes on with less.
      if (step.quantity < orders_.remaining(taker_slot)) {
        orders_.node(taker_slot).quantity -= step.quantity;
        amended(taker_slot, true);
      }
      if (step.quantity == orders_.remaining(maker_slot)) {
        return cancel(maker_slot, CancelReason::self_trade);
      }
      reduce_in_place(maker_slot, step.quantity);
      return amended(maker_slot, true);
  }
  const Lots quantity = step.quantity;
  const RestingNode& maker = orders_.resting(maker_slot);
  const AccountId maker_account = orders_.node(maker_slot).account;
  if (quantity == orders_.remaining(maker_slot)) {
    ledger_.unrest(maker_account, maker, instrument, quantity);
  } else {
    ledger_.release(maker_account, maker, instrument, quantity);
  }
  const Fill& fill =
      fill_both(maker_slot, taker_slot, instrument, quantity, maker.price(), FillKindOf::trade);
  const Trade trade{fill.id, fill.taker_side, fill.price, quantity, time_};
  market.last = fill.price;
  market.mark_is_known = false;
  records_.add_trade(instrument.id, trade, filled_value(fill.price, quantity, instrument));

  const Lots maker_left = fill.maker.remaining;
  const RestingNode& taker = orders_.resting(taker_slot);
  const OrderId maker_linked =
      maker.is(RestingNode::kIsLinked) ? orders_.details(maker_slot)->linked : OrderId{};
  const OrderId taker_linked =
      taker.is(RestingNode::kIsLinked) ? orders_.details(taker_slot)->linked : OrderId{};
  if (quantity < maker.shown) {
    market.book.shrink(orders_, maker_slot, quantity);
  } else {
    market.book.remove(orders_, maker_slot);
    if (maker_left.raw > 0) {
      // An iceberg shows its next part, behind everybody else.
      const OrderDetails& details = *orders_.details(maker_slot);
      RestingNode& iceberg = orders_.resting(maker_slot);
      iceberg.shown = std::min(details.display, maker_left);
      iceberg.set(RestingNode::kHasHidden, iceberg.shown < maker_left);
      market.book.add(orders_, maker_slot);
    } else {
      close(maker_slot, OrderStatus::filled, CancelReason::none);
    }
  }
  if (maker_linked.raw != 0) end_linked(maker_linked);
  if (taker_linked.raw != 0) end_linked(taker_linked);
}

// Both parties' halves of a fill: money, positions, orders, records. Where the orders stand is not
// its business. Good until the next event.
const Fill& Engine::fill_both(Slot maker_slot, Slot taker_slot, const Instrument& instrument,
                              Lots quantity, Ticks price, FillKindOf kind, Rate liquidation_fee) {
  if (instrument.funding.kind == FundingKind::continuous) {
    for (const Slot slot : {maker_slot, taker_slot}) {
      pay_accrued(orders_.node(slot).account, instrument, leg_of(orders_.resting(slot)));
    }
  }
  const Money amount = notional(price, quantity, instrument);
  const Int128 value = filled_value(price, quantity, instrument);
  Fill& fill = emit<Fill>();
  fill.id = FillId{++fills_created_};
  fill.instrument = instrument.id;
  fill.kind = kind;
  fill.taker_side = orders_.resting(taker_slot).side();
  fill.price = price;
  fill.quantity = quantity;
  const auto settle = [&](Slot slot, FillParty& party, bool is_maker) {
    const OrderNode& node = orders_.node(slot);
    // What the exchange closes by itself pays its other side, if anybody.
    Rate rate{is_maker ? -liquidation_fee.raw : liquidation_fee.raw};
    if (kind == FillKindOf::trade) {
      const FeeRates rates = ledger_.fee_rates(node.account, instrument);
      rate = is_maker ? rates.maker : rates.taker;
    }
    ledger_.settle(node.account, orders_.resting(slot), instrument, quantity, price, amount, rate,
                   time_, party);
    return rate;
  };
  const Rate maker_rate = settle(maker_slot, fill.maker, true);
  const Rate taker_rate = settle(taker_slot, fill.taker, false);
  // Trading with oneself moves a position there and back.
  const bool is_moved = fill.maker.account != fill.taker.account ||
                        leg_of(orders_.resting(maker_slot)) != leg_of(orders_.resting(taker_slot));
  const auto book_party = [&](Slot slot, FillParty& party, bool is_maker, Rate rate) {
    OrderDetails& details = orders_.own_details(slot);
    details.filled += quantity;
    details.filled_value += value;
    details.fee += party.fee.units;
    details.fee_asset = party.fee.asset;
    OrderNode& node = orders_.node(slot);
    node.updated = time_;
    node.status = OrderStatus::partially_filled;
    party.remaining = node.quantity - details.filled;
    const RestingNode& resting = orders_.resting(slot);
    if (party.closed.raw > 0) {
      const Exposure& open = ledger_.holding(node.account, instrument.id).exposure;
      const bool is_gone = party.position.raw == 0 || party.closed != quantity;
      if (is_moved && open.reduce_only + open.attached > 0) {
        shrunk_.push_back({node.account, instrument.id, leg_of(resting), is_gone});
      }
    }
    if (resting.is(RestingNode::kIsLinked) && (details.take_profit || details.stop_loss)) {
      brackets_.push_back({node.account, instrument.id, leg_of(resting), resting.id, resting.side(),
                           quantity, details.stops_stand, details.stops, details.take_profit,
                           details.stop_loss});
    }
    if (!ledger_.is_user(node.account)) return;
    records_.add_execution(fill, party, resting, node, is_maker, rate, time_, client_ids_);
    filled(node.account, instrument, leg_of(resting), quantity, amount.units);
  };
  book_party(maker_slot, fill.maker, true, maker_rate);
  book_party(taker_slot, fill.taker, false, taker_rate);
  return fill;
}

void Engine::rest(Slot slot) {
  RestingNode& resting = orders_.resting(slot);
  const OrderNode& node = orders_.node(slot);
  const Instrument& instrument = ledger_.instrument(node.instrument);
  const OrderDetails* details = orders_.details(slot);
  const Lots remaining = node.quantity - (details ? details->filled : Lots{});
  resting.shown = remaining;
  if (details && details->display.raw > 0 && details->display < remaining) {
    resting.shown = details->display;
    resting.set(RestingNode::kHasHidden, true);
  } else {
    resting.set(RestingNode::kHasHidden, false);
  }
  market(instrument.id).book.add(orders_, slot);
  ledger_.rest(node.account, resting, instrument, remaining);
  OrderRested& rested = emit<OrderRested>();
  rested.order = resting.id;
  rested.remaining = remaining;
  touch(instrument.id);
}

// What follows from what was done: positions that shrank, brackets that filled, triggers that were
// reached, accounts that lack margin. Each may lead to more, until nothing is left to do; every
// trigger fires at most once.
void Engine::settle_aftermath() {
  std::size_t shrunk = 0, bracket = 0, examined = 0;
  for (;;) {
    if (shrunk < shrunk_.size()) {
      tend_position(ShrunkPosition(shrunk_[shrunk++]));
    } else if (bracket < brackets_.size()) {
      attach(FilledBracket(brackets_[bracket++]));
    } else if (followed_ < touched_.size()) {
      const InstrumentId id = touched_[followed_++];
      follow_mark(id);
      if (!market(id).stops.empty()) fire_due(id);
    } else if (examined < dirty_.size()) {
      examine(dirty_[examined++]);
    } else {
      break;
    }
  }
  dirty_.clear();
  shrunk_.clear();
  brackets_.clear();
  stood_.clear();
  touched_.clear();
  followed_ = 0;
}

}  // namespace venuebox::engine
