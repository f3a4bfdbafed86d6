// One command out of all that there are, made from draws: for property tests and the fuzz target.
// Numbers are small, so that orders meet, positions turn and refusals happen; now and then one is
// an extreme. Expects the world of TestDesk.
#pragma once

#include "engine/test_world.h"

namespace venuebox::engine {

// Draw has below(n): a number from 0 to n - 1.
template <class Draw>
class DrawnCommand {
 public:
  explicit DrawnCommand(Draw& draw) : draw_(draw) {}

  //   now       box time of the command
  //   orders    about how many orders there were so far
  CommandBody operator()(Timestamp now, std::uint64_t orders) {
    now_ = now;
    orders_ = orders;
    if (chance(40)) centre_ += static_cast<std::int64_t>(draw_.below(60'001)) - 30'000;
    centre_ = std::clamp<std::int64_t>(centre_, 300'000, 900'000);
    switch (draw_.below(45)) {
      case 0: return all_of_one_instrument();
      case 1:
      case 2: return cancel();
      case 3:
      case 4:
      case 5: return amend();
      case 6: return SetLeverage{account(), instrument(), static_cast<int>(draw_.below(120))};
      case 7: return ArmDeadManSwitch{account(), duration(30), filter()};
      case 8: return EndSession{account(), static_cast<std::uint32_t>(draw_.below(3))};
      case 9: return batch();
      case 10: return PlacePair{place(), place()};
      case 11: return position_stops();
      case 12: return SetIndexPrice{instrument(), mark()};
      case 13: return phase();
      case 14: return by_venue();
      case 15: return CancelAll{account(), filter()};
      case 16: return margin_mode();
      case 17: return position_mode();
      case 18: return change_margin();
      case 19:
      case 20: return transfer();
      case 21: return fee_rates();
      case 22:
        if (chance(4)) return terms();
        return plain();
      default: return chance(2) ? place() : plain();
    }
  }

 private:
  bool chance(std::uint64_t in) { return draw_.below(in) == 0; }
  std::int64_t number(std::uint64_t below) {
    static constexpr std::int64_t kExtremes[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1 << 20};
    if (chance(60)) return kExtremes[draw_.below(std::size(kExtremes))];
    return static_cast<std::int64_t>(draw_.below(below));
  }
  AccountId account() {
    return AccountId{static_cast<std::uint32_t>(draw_.below(chance(40) ? 9 : 5))};
  }
  InstrumentId instrument() {
    return InstrumentId{static_cast<std::uint32_t>(draw_.below(chance(40) ? 7 : 5))};
  }
  Side side() { return chance(2) ? Side::buy : Side::sell; }
  Ticks price() {
    if (chance(60)) return Ticks{number(2)};
    return Ticks{centre_ - 10 + static_cast<std::int64_t>(draw_.below(20))};
  }
  Lots quantity() { return Lots{number(chance(5) ? 40'000 : 40)}; }
  Nanoseconds duration(std::uint64_t below_ms) {
    const std::int64_t drawn = number(below_ms);
    return std::abs(drawn / 2) > 1'000'000 ? Nanoseconds{drawn} : milliseconds(drawn);
  }
  MarkPrice mark() {
    if (chance(60)) return MarkPrice{number(2)};
    return MarkPrice{price().raw * kMarkPerTick + 7};
  }
  OrderId order() {
    return OrderId{orders_ - draw_.below(std::min<std::uint64_t>(orders_, 60) + 1)};
  }
  ClientOrderId client_id() {
    static constexpr std::string_view kNames[] = {"", "", "", "", "a", "b", "c", "d", "e", "f"};
    return ClientOrderId(kNames[draw_.below(std::size(kNames))]);
  }
  PriceSource source() { return static_cast<PriceSource>(draw_.below(3)); }
  CancelAll all_of_one_instrument() {
    // One draw after the other: compilers differ in which argument they evaluate first.
    const AccountId owner = account();
    return cancel_all(owner, instrument());
  }
  StopTerms stop() {
    return {price(), source(), chance(2) ? OrderType::market : OrderType::limit, price()};
  }
  std::optional<StopTerms> maybe_stop(std::uint64_t in) {
    return chance(in) ? std::optional(stop()) : std::nullopt;
  }
  OrderFilter filter() {
    OrderFilter filter;
    if (chance(2)) filter.instrument = instrument();
    if (chance(4)) filter.kind = static_cast<InstrumentKindOf>(draw_.below(3));
    if (chance(4)) filter.settle = AssetId{static_cast<std::uint16_t>(draw_.below(4))};
    if (chance(4)) filter.conditional = chance(2);
    return filter;
  }
  Trigger trigger(Side side) {
    Trigger trigger;
    trigger.source = source();
    trigger.direction = static_cast<TriggerDirection>(draw_.below(2));
    trigger.may_fire_at_once = chance(2);
    if (!chance(4)) {
      trigger.price = price();
      return trigger;
    }
    trigger.direction = side == Side::sell ? TriggerDirection::falls : TriggerDirection::rises;
    if (chance(2)) {
      trigger.trail_offset = Ticks{number(9)};
    } else {
      trigger.trail_rate = Rate{number(20'000)};
    }
    if (chance(2)) trigger.activation = price();
    return trigger;
  }

  // A limit that mostly is taken: without these little would come to trade, and nobody to ruin.
  PlaceOrder plain() {
    PlaceOrder order;
    order.account = AccountId{static_cast<std::uint32_t>(draw_.below(5))};
    order.instrument = InstrumentId{static_cast<std::uint32_t>(draw_.below(chance(8) ? 5 : 4))};
    order.side = side();
    order.value = {0, TestWorld::kUsdt};
    order.price = Ticks{centre_ - 10 + static_cast<std::int64_t>(draw_.below(20))};
    order.quantity = Lots{static_cast<std::int64_t>(1 + draw_.below(400))};
    if (order.instrument == TestWorld::kInverse) order.quantity.raw *= 30;
    return order;
  }
  PlaceOrder place() {
    PlaceOrder order;
    order.account = account();
    order.instrument = instrument();
    order.side = side();
    order.value = {0, TestWorld::kUsdt};
    order.price = price();
    order.quantity = quantity();
    order.client_order_id = client_id();
    order.self_trade = static_cast<SelfTrade>(draw_.below(5));
    order.session = static_cast<std::uint32_t>(draw_.below(3));
    order.position_side = position_side();
    if (chance(4)) {
      order.type = OrderType::market;
      if (!chance(6)) order.price = {};
    }
    if (chance(4)) order.time_in_force = static_cast<TimeInForce>(draw_.below(4));
    if (order.time_in_force == TimeInForce::gtd)
      order.expires = chance(20) ? Timestamp{number(2)}
                                 : now_ + milliseconds(static_cast<std::int64_t>(draw_.below(100)));
    order.post_only = chance(8);
    order.reduce_only = chance(5);
    if (chance(8)) {
      order.close_position = true;
      order.quantity = {};
    }
    if (chance(8)) order.display = Lots{number(8)};
    if (chance(10)) {
      order.value = TestWorld::usdt(number(5'000));
      order.quantity = {};
    }
    if (chance(4)) {
      order.trigger = trigger(order.side);
      if (order.trigger->is_trailing()) order.type = OrderType::market;
      order.purpose = static_cast<OrderPurpose>(draw_.below(5));
      if (chance(3)) {
        order.attachment = static_cast<Attachment>(draw_.below(3));
        order.reduce_only = true;
        order.close_position = order.attachment == Attachment::whole;
        if (order.close_position) order.quantity = {};
      }
    } else if (chance(4)) {
      order.take_profit = maybe_stop(2);
      order.stop_loss = maybe_stop(2);
      order.stops = chance(2) ? Attachment::whole : Attachment::partial;
    }
    return order;
  }
  AmendOrder amend() {
    AmendOrder amend;
    amend.account = account();
    amend.instrument = instrument();
    amend.client_order_id = client_id();
    if (amend.client_order_id.empty()) amend.order = order();
    if (chance(2)) amend.price = price();
    if (chance(2)) amend.quantity = quantity();
    if (chance(4)) amend.trigger_price = price();
    amend.take_profit = maybe_stop(8);
    amend.stop_loss = maybe_stop(8);
    return amend;
  }
  CancelOrder cancel() {
    CancelOrder cancel{account(), instrument(), {}, client_id()};
    if (cancel.client_order_id.empty()) cancel.order = order();
    return cancel;
  }
  CommandBody batch() {
    const std::uint64_t kind = draw_.below(3);
    const std::uint64_t entries = draw_.below(4);
    PlaceBatch placed;
    AmendBatch amended;
    CancelBatch cancelled;
    for (std::uint64_t i = 0; i < entries; ++i) {
      if (kind == 0) placed.orders.push_back(place());
      if (kind == 1) amended.amends.push_back(amend());
      if (kind == 2) cancelled.cancels.push_back(cancel());
    }
    if (kind == 0) return placed;
    if (kind == 1) return amended;
    return cancelled;
  }
  SetPositionStops position_stops() {
    SetPositionStops stops;
    stops.account = account();
    stops.instrument = chance(3) ? instrument() : TestWorld::kPerpetual;
    stops.position_side = position_side();
    stops.take_profit = maybe_stop(2);
    stops.stop_loss = maybe_stop(2);
    if (chance(3)) {
      stops.mode = Attachment::partial;
      stops.quantity = quantity();
    } else if (chance(2)) {
      stops.trailing = Trail{Ticks{number(9)}, chance(2) ? price() : Ticks{}, source()};
    }
    return stops;
  }
  // Few accounts come to hedge, and then some of their orders must fit.
  PositionSide position_side() {
    return chance(6) ? static_cast<PositionSide>(draw_.below(3)) : PositionSide::both;
  }
  SetMarginMode margin_mode() {
    SetMarginMode command;
    command.account = account();
    if (!chance(4)) command.instrument = instrument();
    command.mode = static_cast<MarginMode>(draw_.below(2));
    return command;
  }
  SetPositionMode position_mode() {
    SetPositionMode command;
    command.account = account();
    if (!chance(4)) command.instrument = instrument();
    if (chance(4)) command.settle = AssetId{static_cast<std::uint16_t>(draw_.below(4))};
    command.mode = chance(3) ? PositionMode::hedge : PositionMode::one_way;
    return command;
  }
  // From a unit to most of what an account begins with.
  Int128 amount() {
    const Int128 digits = static_cast<Int128>(draw_.below(100));
    return digits * power_of_ten(static_cast<int>(draw_.below(19)));
  }
  ChangeMargin change_margin() {
    ChangeMargin command;
    command.account = account();
    command.instrument = instrument();
    command.position_side = position_side();
    command.change = chance(2) ? amount() : -amount();
    return command;
  }
  TransferMoney transfer() {
    TransferMoney command;
    command.account = account();
    command.to = account();
    command.amount.asset = AssetId{static_cast<std::uint16_t>(draw_.below(chance(30) ? 4 : 2))};
    command.amount.units = amount();
    return command;
  }
  // Seldom, or few orders would live long.
  CommandBody by_venue() {
    const std::uint64_t kind = draw_.below(6);
    if (kind == 0) return cancel_by_venue();
    if (kind > 2) return Tick{};
    return Deleverage{account(), instrument(), position_side(), quantity(), price()};
  }
  CancelByVenue cancel_by_venue() {
    CancelByVenue command{account(), filter(), {}};
    if (chance(6)) command.account = kNoAccount;
    if (chance(2)) command.order = order();
    return command;
  }
  SetFeeRates fee_rates() {
    SetFeeRates command;
    command.account = account();
    command.kind = static_cast<InstrumentKindOf>(draw_.below(3));
    command.rates.maker = Rate{std::max(number(400'000), -kRateOne) - 200'000};
    command.rates.taker = Rate{number(1'000'000)};
    return command;
  }
  // Mostly open, or nothing would happen any more.
  SetInstrumentPhase phase() {
    SetInstrumentPhase command{instrument()};
    if (chance(4)) command.phase = static_cast<TradingPhase>(draw_.below(42) / 10);
    if (command.phase == TradingPhase::delisted && chance(2)) command.settlement = price();
    return command;
  }
  ChangeTerms terms() {
    ChangeTerms command{.instrument = instrument()};
    if (chance(2)) command.tick_multiple = number(12);
    if (chance(2)) command.lot_multiple = number(12);
    if (chance(8)) command.notional_min = number(20) * power_of_ten(14);
    if (chance(4))
      command.funding_interval = seconds(60 * static_cast<std::int64_t>(draw_.below(9)));
    return command;
  }

  Draw& draw_;
  Timestamp now_;
  std::uint64_t orders_ = 0;
  std::int64_t centre_ = 600'000;  // around which prices are drawn; now and then it jumps
};

}  // namespace venuebox::engine
