// What becomes of positions whose account lacks maintenance margin: orders are cancelled, positions
// in a high tier are reduced tier by tier in the book, and what still lacks margin is taken over by
// the insurance fund at its bankruptcy price. The fund closes it in the book as far as it can pay
// for that; the rest is closed against the holders of the other side, or its loss is shared.
//   source  docs/venues/bybit.md, "Liquidation"
#include "engine/engine.h"

namespace venuebox::engine {
namespace {
bool may_trade(const Instrument& instrument) {
  return instrument.phase == TradingPhase::open || instrument.phase == TradingPhase::post_only;
}
}  // namespace

// Returns whether anything could be done: what is halted waits for the end of the halt.
bool Engine::liquidate(const Endangered& endangered) {
  const auto legs = legs_of(endangered);
  if (!ledger_.insurance() || legs.empty()) return false;
  const Backing back = backing(endangered);
  events_.emplace_back(LiquidationBegan{endangered.account,
                                        {back.equity, endangered.settle},
                                        {back.maintenance, endangered.settle},
                                        endangered.instrument});
  cancel_orders_of(endangered);
  while (!backing(endangered).is_enough()) {
    if (!reduce_by_tier(endangered)) break;
  }
  if (backing(endangered).is_enough()) return true;
  for (const OpenLeg& leg : legs_of(endangered)) {
    const Instrument& instrument = ledger_.instrument(leg.instrument);
    // It may have been closed against the account's own other side.
    if (ledger_.leg(endangered.account, instrument.id, leg.leg).size.raw == 0) continue;
    const Takeover takeover = takeover_of(endangered, leg);
    const Lots all{std::abs(ledger_.position_size(endangered.account, instrument.id, leg.leg))};
    close_between(endangered.account, instrument, leg.leg, *ledger_.insurance(), 0, all,
                  takeover.price, FillKindOf::liquidation, takeover.fee);
    unwind(instrument, takeover.price);
  }
  return true;
}

// Those that trade, the one that demands most first.
std::vector<Engine::OpenLeg> Engine::legs_of(const Endangered& endangered) const {
  std::vector<OpenLeg> legs;
  const auto& holdings = ledger_.account(endangered.account).holdings;
  for (std::size_t i = 0; i < holdings.size(); ++i) {
    const Instrument& instrument = ledger_.instruments()[i];
    if (instrument.is_spot() || instrument.settle != endangered.settle || !may_trade(instrument)) {
      continue;
    }
    const bool is_one_of_them = endangered.instrument ? *endangered.instrument == instrument.id
                                                      : !holdings[i].is_isolated();
    if (!is_one_of_them) continue;
    for (const LegIndex leg : {LegIndex{0}, kShortLeg}) {
      if (endangered.instrument && leg != endangered.leg) continue;
      const SignedLots size = holdings[i].legs[leg].size;
      if (size.raw == 0) continue;
      const Int128 notional = magnitude(value_of(size, instrument));
      legs.push_back({instrument.id, leg, maintenance_margin(notional, instrument)});
    }
  }
  std::ranges::stable_sort(legs, std::ranges::greater{}, &OpenLeg::maintenance);
  return legs;
}

// Its orders for the positions, and those of spot that hold what backs them.
void Engine::cancel_orders_of(const Endangered& endangered) {
  found_.clear();
  for (Slot slot = account_orders_[endangered.account.raw]; slot != kNoSlot;
       slot = orders_.links(slot).next) {
    const Instrument& instrument = ledger_.instrument(orders_.node(slot).instrument);
    const bool is_isolated = ledger_.holding(endangered.account, instrument.id).is_isolated();
    const bool buys = orders_.resting(slot).side() == Side::buy;
    const AssetId held = buys ? instrument.quote : instrument.base;
    const bool waits = orders_.node(slot).status == OrderStatus::untriggered;
    const bool is_of_cross = instrument.is_spot()
                                 ? held == endangered.settle && !waits
                                 : instrument.settle == endangered.settle && !is_isolated;
    const bool is_of_isolated =
        endangered.instrument == instrument.id && endangered.leg == leg_of(orders_.resting(slot));
    const bool belongs = endangered.instrument ? is_of_isolated : is_of_cross;
    if (belongs) found_.push_back(orders_.resting(slot).id);
  }
  cancel_found(CancelReason::liquidation);
}

// Brings one position down to the next lower tier by an order of its account; false when none is
// above the lowest tier, or the book has nothing for it at a price that leaves anything.
bool Engine::reduce_by_tier(const Endangered& endangered) {
  for (const OpenLeg& leg : legs_of(endangered)) {
    const Instrument& instrument = ledger_.instrument(leg.instrument);
    const SignedLots size{ledger_.position_size(endangered.account, instrument.id, leg.leg)};
    const Int128 notional = magnitude(value_of(size, instrument));
    const RiskTier* tier = &tier_of(notional, instrument);
    if (tier == &instrument.tiers.front()) continue;
    const Int128 excess = notional - (tier - 1)->notional_max;
    const Int128 each = std::max(Int128{1}, div_floor(notional, std::abs(size.raw)));
    const Int128 lots = std::min<Int128>(div_ceil(excess, each), std::abs(size.raw));
    const Lots less{static_cast<std::int64_t>(lots)};
    const Ticks worst = takeover_of(endangered, leg).price;
    if (sell_off(endangered.account, instrument, leg.leg, less, worst).raw > 0) return true;
  }
  return false;
}

// At the price at which nothing is left of a position's share of what backs it, which goes by
// maintenance margin, after the liquidation fee if that can be paid; rounded so that its account
// never ends below zero.
Engine::Takeover Engine::takeover_of(const Endangered& endangered, const OpenLeg& leg) const {
  const Instrument& instrument = ledger_.instrument(leg.instrument);
  const SignedLots size{ledger_.position_size(endangered.account, instrument.id, leg.leg)};
  const Int128 value = value_of(size, instrument);
  const Backing back = backing(endangered);
  Int128 share = back.equity;
  if (back.maintenance > 0 && leg.maintenance != back.maintenance) {
    // In billionths, since the product of two amounts would be too wide.
    const Int128 part = div_floor(multiply(leg.maintenance, kRateOne), back.maintenance);
    share = div_floor(multiply(back.equity, part), kRateOne);
  }
  const Int128 notional = magnitude(value);
  const bool can_pay =
      share > fee_on({notional, instrument.settle}, instrument.liquidation_fee).units;
  const Rate fee = can_pay ? instrument.liquidation_fee : Rate{};
  const bool is_long = size.raw > 0;
  const Int128 lots = magnitude(size.raw);
  // The value it is closed at: what it may lose is its share less the fee on that value.
  const Int128 left =
      is_long == instrument.is_inverse()
          ? div_floor(multiply(notional + share, kRateOne), Int128{kRateOne} + fee.raw)
          : div_ceil(multiply(notional - share, kRateOne), Int128{kRateOne} - fee.raw);
  const Int128 most = instrument.price_max.raw;
  Int128 price = most;
  if (instrument.is_inverse()) {
    const Int128 coins = multiply(lots, instrument.inverse_units);
    if (left > 0) price = is_long ? div_ceil(coins, left) : div_floor(coins, left);
  } else {
    const Int128 each = multiply(lots, instrument.units_per_tick_lot);
    price = is_long ? div_ceil(left, each) : div_floor(left, each);
  }
  return {Ticks{static_cast<std::int64_t>(std::clamp(price, Int128{1}, most))}, fee};
}

// How far from a price a position may be closed for a loss of at most so much.
Ticks Engine::worst_price(const Instrument& instrument, std::int64_t size, Ticks price,
                          Int128 loss) const {
  const Int128 lots = magnitude(size);
  const Int128 most = instrument.price_max.raw;
  Int128 worst = price.raw;
  if (instrument.is_inverse()) {
    const Int128 coins = multiply(lots, instrument.inverse_units);
    const Int128 value = div_half_even(coins, price.raw);
    if (size > 0) {
      worst = div_ceil(coins, value + loss);
    } else {
      worst = value - loss <= 0 ? most : div_floor(coins, value - loss);
    }
  } else {
    const Int128 far = div_floor(loss, multiply(lots, instrument.units_per_tick_lot));
    worst = size > 0 ? price.raw - far : price.raw + far;
  }
  return Ticks{static_cast<std::int64_t>(std::clamp(worst, Int128{1}, most))};
}

// An order that the exchange places for an account, which nobody checks.
Slot Engine::create_forced(AccountId account, const Instrument& instrument, LegIndex leg, Side side,
                           Lots quantity, Ticks price, OrderPurpose purpose) {
  const PositionMode mode = ledger_.holding(account, instrument.id).position_mode;
  const Slot slot = create(account, instrument, side_of(leg, mode));
  RestingNode& resting = orders_.resting(slot);
  resting.set_price(price);
  resting.set(RestingNode::kSells, side == Side::sell);
  OrderNode& node = orders_.node(slot);
  node.quantity = quantity;
  orders_.own_details(slot).purpose = purpose;
  return slot;
}

// Closes up to so much of a position in the book, at `worst` or better; returns how much it was.
Lots Engine::sell_off(AccountId account, const Instrument& instrument, LegIndex leg, Lots quantity,
                      Ticks worst) {
  const std::int64_t before = ledger_.position_size(account, instrument.id, leg);
  const Side side = before > 0 ? Side::sell : Side::buy;
  const Intent intent{.account = account,
                      .instrument = &instrument,
                      .side = side,
                      .type = OrderType::market,
                      .time_in_force = TimeInForce::ioc,
                      .leg = leg,
                      .reduce_only = true,
                      .price = worst,
                      .quantity = quantity};
  plan_.clear();
  if (market(instrument.id).book.crosses(side, worst)) plan_match(intent);
  if (plan_.steps.empty()) return {};
  const Slot slot =
      create_forced(account, instrument, leg, side, quantity, worst, OrderPurpose::liquidation);
  orders_.resting(slot).set(RestingNode::kReduceOnly, true);
  orders_.node(slot).type = OrderType::market;
  orders_.node(slot).time_in_force = TimeInForce::ioc;
  emit_accepted(slot);
  act(slot, {.leftover = CancelReason::immediate_or_cancel});
  return Lots{std::abs(before - ledger_.position_size(account, instrument.id, leg))};
}

// Closes a position, or a part, against another account, outside the book.
//   fee  of the notional, from the one to the other
void Engine::close_between(AccountId account, const Instrument& instrument, LegIndex leg,
                           AccountId other, LegIndex other_leg, Lots quantity, Ticks price,
                           FillKindOf kind, Rate fee) {
  const bool is_long = ledger_.position_size(account, instrument.id, leg) > 0;
  const Side side = is_long ? Side::sell : Side::buy;
  const OrderPurpose purpose = kind == FillKindOf::deleverage  ? OrderPurpose::deleverage
                               : kind == FillKindOf::delisting ? OrderPurpose::delisting
                                                               : OrderPurpose::liquidation;
  const Slot closing = create_forced(account, instrument, leg, side, quantity, price, purpose);
  emit_accepted(closing);
  const Slot against =
      create_forced(other, instrument, other_leg, opposite(side), quantity, price, purpose);
  emit_accepted(against);
  fill_both(against, closing, instrument, quantity, price, kind, fee);
  close(closing, OrderStatus::filled, CancelReason::none);
  close(against, OrderStatus::filled, CancelReason::none);
}

// The fund closes what it took over. What neither the book nor other holders take stays with it, in
// an order that rests at the worst price it can afford.
void Engine::unwind(const Instrument& instrument, Ticks bankruptcy) {
  const AccountId fund = *ledger_.insurance();
  OrderFilter filter;
  filter.instrument = instrument.id;
  cancel_matching(fund, filter, CancelReason::liquidation);
  const auto size = [&] { return ledger_.position_size(fund, instrument.id, 0); };
  if (size() == 0) return;
  const bool shares = instrument.loss_sharing == LossSharing::socialise;
  const Int128 cash = ledger_.balance(fund, instrument.settle).cash.units;
  Ticks worst = worst_price(instrument, size(), bankruptcy, std::max(Int128{0}, cash));
  const Ticks any = size() > 0 ? Ticks{1} : instrument.price_max;
  sell_off(fund, instrument, 0, Lots{std::abs(size())}, shares ? any : worst);
  if (shares) {
    share_loss(instrument);
  } else {
    deleverage(instrument, bankruptcy);
  }
  if (size() == 0) return;
  const Side side = size() > 0 ? Side::sell : Side::buy;
  const Slot rests = create_forced(fund, instrument, 0, side, Lots{std::abs(size())}, worst,
                                   OrderPurpose::liquidation);
  emit_accepted(rests);
  rest(rests);
}

// Whether what backs a position would outlast a part of it being closed at this price.
bool Engine::can_pay_for(AccountId account, const Instrument& instrument, LegIndex leg, Lots part,
                         Ticks price) const {
  const std::int64_t sign = ledger_.position_size(account, instrument.id, leg) > 0 ? 1 : -1;
  const Int128 closed_at = sign * notional(price, part, instrument).units;
  const Int128 now = value_of(SignedLots{sign * part.raw}, instrument);
  const Backing back = backing(with(account, instrument, leg));
  return back.equity + profit_between(now, closed_at, instrument) >= 0;
}

void Engine::on(const Deleverage& command) {
  const AccountId account = command.account;
  if (!ledger_.knows(account) || !ledger_.is_user(account)) {
    return reject(account, RejectReason::unknown_account);
  }
  if (!ledger_.knows(command.instrument) || ledger_.instrument(command.instrument).is_spot()) {
    return reject(account, RejectReason::unknown_instrument);
  }
  const Instrument& instrument = ledger_.instrument(command.instrument);
  if (instrument.phase == TradingPhase::halted) {
    return reject(account, RejectReason::instrument_halted);
  }
  if (command.quantity.raw <= 0) return reject(account, RejectReason::quantity_not_positive);
  if (command.price.raw <= 0) return reject(account, RejectReason::price_not_positive);
  if (command.price > instrument.price_max) return reject(account, RejectReason::price_too_high);
  if (!has_side(ledger_.holding(account, instrument.id).position_mode, command.position_side)) {
    return reject(account, RejectReason::position_mode_mismatch);
  }
  const LegIndex leg = leg_of(command.position_side);
  const std::int64_t size = ledger_.position_size(account, instrument.id, leg);
  const std::int64_t other =
      ledger_.insurance() ? ledger_.position_size(*ledger_.insurance(), instrument.id, 0) : 0;
  const Lots most{std::min(std::abs(size), std::abs(other))};
  if ((size > 0) == (other > 0) || most < command.quantity) {
    return reject(account, RejectReason::reduce_only_without_position);
  }
  if (!can_pay_for(account, instrument, leg, command.quantity, command.price)) {
    return reject(account, RejectReason::insufficient_margin);
  }
  close_between(*ledger_.insurance(), instrument, 0, account, leg, command.quantity, command.price,
                FillKindOf::deleverage, {});
}

// Closes what the fund has against users of the other side, the highest score first. Who would be
// left with less than nothing is passed over.
void Engine::deleverage(const Instrument& instrument, Ticks price) {
  struct Candidate {
    Int128 score = 0;
    AccountId account;
    LegIndex leg = 0;
  };
  const AccountId fund = *ledger_.insurance();
  const std::int64_t size = ledger_.position_size(fund, instrument.id, 0);
  if (size == 0) return;
  std::vector<Candidate> candidates;
  each_open_leg(instrument.id, [&](AccountId account, LegIndex leg, SignedLots other) {
    if (!ledger_.is_user(account) || (other.raw > 0) == (size > 0)) return;
    candidates.push_back({deleveraging_score(account, instrument, leg), account, leg});
  });
  std::ranges::stable_sort(candidates, std::ranges::greater{}, &Candidate::score);
  for (const Candidate& candidate : candidates) {
    const std::int64_t left = std::abs(ledger_.position_size(fund, instrument.id, 0));
    if (left == 0) return;
    const std::int64_t other =
        std::abs(ledger_.position_size(candidate.account, instrument.id, candidate.leg));
    const Lots part{std::min(left, other)};
    if (!can_pay_for(candidate.account, instrument, candidate.leg, part, price)) continue;
    close_between(fund, instrument, 0, candidate.account, candidate.leg, part, price,
                  FillKindOf::deleverage, {});
  }
}

// What the fund lacks is taken from the profits in the same instrument, in proportion to them. An
// isolated position gives no more than is there to be paid with.
void Engine::share_loss(const Instrument& instrument) {
  constexpr int kBits = 32;
  const AccountId fund = *ledger_.insurance();
  Int128 lacking = -ledger_.balance(fund, instrument.settle).cash.units;
  if (lacking <= 0) return;
  const auto profit_of = [&](AccountId account) {
    if (!ledger_.is_user(account)) return Int128{0};
    const Holding& holding = ledger_.holding(account, instrument.id);
    const Int128 profit =
        std::max(Int128{0}, unrealised(instrument, holding, exposed(holding, instrument)));
    if (!holding.is_isolated()) return profit;
    const Int128 free = std::max(Int128{0}, ledger_.free_units(account, instrument.settle));
    return std::min(profit, free + holding.legs[0].margin + holding.legs[1].margin);
  };
  Int128 profits = 0;
  for (std::uint32_t i = 0; i < ledger_.account_count(); ++i)
    profits += profit_of(AccountId{i});
  if (profits == 0) return;
  const Int128 part = lacking >= profits ? Int128{1} << kBits : div_ceil(lacking << kBits, profits);
  for (std::uint32_t i = 0; i < ledger_.account_count() && lacking > 0; ++i) {
    const AccountId account{i};
    const Int128 profit = profit_of(account);
    const Int128 taken =
        std::min({lacking, profit, div_ceil(multiply(profit, part), Int128{1} << kBits)});
    if (taken <= 0) continue;
    lacking -= taken;
    const Money amount{taken, instrument.settle};
    ledger_.share_loss(account, instrument.id, amount);
    events_.emplace_back(LossShared{account, instrument.id, amount});
    Execution row;
    row.mark = mark_price(instrument.id).value_or(MarkPrice{});
    record(account, ExecutionKind::shared_loss, instrument, amount, row);
    mark_dirty(account);
  }
}

}  // namespace venuebox::engine
