#include "engine/engine.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/random.h"
#include "engine/drawn_trading.h"
#include "engine/test_desk.h"

namespace venuebox::engine {
namespace {

using D = TestDesk;

template <class T>
std::vector<T> of(std::span<const Event> events) {
  std::vector<T> found;
  for (const Event& event : events) {
    if (const T* match = std::get_if<T>(&event)) found.push_back(*match);
  }
  return found;
}

std::optional<RejectReason> refusal(std::span<const Event> events) {
  const auto rejected = of<Rejected>(events);
  return rejected.empty() ? std::nullopt : std::optional(rejected[0].reason);
}

CancelReason end_of(std::span<const Event> events) {
  const auto cancelled = of<OrderCancelled>(events);
  return cancelled.empty() ? CancelReason::none : cancelled[0].reason;
}

std::string cash(const D& desk, AccountId account, AssetId asset = D::kUsdt) {
  return trimmed_text(desk.engine.balance(account, asset).cash.units, 14);
}

TEST(Matching, PriceThenTime) {
  D desk;
  desk.execute(desk.limit(D::kAlice, Side::sell, 600'010, 5));
  desk.execute(desk.limit(D::kBob, Side::sell, 600'000, 5));
  desk.execute(desk.limit(D::kAlice, Side::sell, 600'000, 5));
  const auto fills = of<Fill>(desk.execute(desk.limit(D::kMarket, Side::buy, 600'010, 12)));
  ASSERT_EQ(fills.size(), 3u);
  EXPECT_EQ(fills[0].maker.account, D::kBob);
  EXPECT_EQ(fills[0].price, Ticks{600'000});
  EXPECT_EQ(fills[1].maker.account, D::kAlice);
  EXPECT_EQ(fills[2].price, Ticks{600'010});
  EXPECT_EQ(fills[2].quantity, Lots{2});
  EXPECT_EQ(fills[2].maker.remaining, Lots{3});
}

TEST(Matching, WhatIsLeftRestsOrEndsByItsTimeInForce) {
  D desk;
  desk.execute(desk.limit(D::kMarket, Side::sell, 600'000, 5));
  PlaceOrder fok = desk.limit(D::kAlice, Side::buy, 600'000, 6);
  fok.time_in_force = TimeInForce::fok;
  auto events = desk.execute(fok);
  EXPECT_EQ(of<Fill>(events).size(), 0u);
  EXPECT_EQ(end_of(events), CancelReason::fill_or_kill);

  PlaceOrder post = desk.limit(D::kAlice, Side::buy, 600'000, 6);
  post.post_only = true;
  EXPECT_EQ(end_of(desk.execute(post)), CancelReason::post_only);

  PlaceOrder ioc = desk.limit(D::kAlice, Side::buy, 600'000, 6);
  ioc.time_in_force = TimeInForce::ioc;
  events = desk.execute(ioc);
  EXPECT_EQ(of<Fill>(events).size(), 1u);
  EXPECT_EQ(of<OrderCancelled>(events)[0].remaining, Lots{1});

  events = desk.execute(desk.limit(D::kAlice, Side::buy, 600'000, 6));
  EXPECT_EQ(of<OrderRested>(events)[0].remaining, Lots{6});
  std::vector<OrderStatus> ends;
  desk.engine.closed_orders(D::kAlice, [&](const Order& order) {
    ends.push_back(order.status);
    return true;
  });
  EXPECT_EQ(ends.size(), 3u);
}

TEST(Matching, AMarketOrderStopsAtItsProtection) {
  D desk;
  desk.execute(desk.limit(D::kMarket, Side::sell, 600'000, 5));
  desk.execute(desk.limit(D::kMarket, Side::sell, 630'000, 5));  // exactly 5 % away
  desk.execute(desk.limit(D::kMarket, Side::sell, 630'001, 5));
  const auto events = desk.execute(desk.market(D::kAlice, Side::buy, 15));
  EXPECT_EQ(of<Fill>(events).size(), 2u);
  EXPECT_EQ(end_of(events), CancelReason::immediate_or_cancel);
  EXPECT_EQ(of<OrderAccepted>(events)[0].order.price, Ticks{630'000});
}

TEST(Matching, AMarketOrderOnAnEmptyBookEndsUnfilled) {
  D desk;
  const auto events = desk.execute(desk.market(D::kAlice, Side::buy, 15));
  EXPECT_EQ(end_of(events), CancelReason::immediate_or_cancel);
}

// 0.010 BTC at 60,000.00: fee 600 * 0.055 % = 0.33; sold at 60,100.00: fee 601 * 0.02 % = 0.1202,
// profit 1.
TEST(Perpetual, ProfitAndFeesGoToCash) {
  D desk;
  desk.execute(desk.limit(D::kMarket, Side::sell, 600'000, 10));
  desk.execute(desk.limit(D::kAlice, Side::buy, 600'000, 10));
  EXPECT_EQ(cash(desk, D::kAlice), "999999.67");
  EXPECT_EQ(desk.engine.position(D::kAlice, D::kPerpetual).size, SignedLots{10});
  desk.execute(desk.limit(D::kAlice, Side::sell, 601'000, 10));
  desk.execute(desk.limit(D::kMarket, Side::buy, 601'000, 10));
  EXPECT_EQ(cash(desk, D::kAlice), "1000000.5498");
  const Position flat = desk.engine.position(D::kAlice, D::kPerpetual);
  EXPECT_EQ(flat.size, SignedLots{0});
  EXPECT_EQ(trimmed_text(flat.realised_profit.units, 14), "1");
  EXPECT_EQ(trimmed_text(flat.fees.units, 14), "0.4502");
}

// Long 3 at 60,000.00, then sell 5 at 60,010.00: 3 close with 0.03 profit, 2 open short.
TEST(Perpetual, AFillThatTurnsAPositionClosesThenOpens) {
  D desk;
  desk.execute(desk.limit(D::kMarket, Side::sell, 600'000, 3));
  desk.execute(desk.limit(D::kAlice, Side::buy, 600'000, 3));
  desk.execute(desk.limit(D::kMarket, Side::buy, 600'100, 5));
  const auto fill = of<Fill>(desk.execute(desk.limit(D::kAlice, Side::sell, 600'100, 5)))[0];
  EXPECT_EQ(fill.taker.closed, Lots{3});
  EXPECT_EQ(trimmed_text(fill.taker.realised_profit.units, 14), "0.03");
  const Position position = desk.engine.position(D::kAlice, D::kPerpetual);
  EXPECT_EQ(position.size, SignedLots{-2});
  EXPECT_EQ(trimmed_text(position.entry_value.units, 14), "-120.02");
}

// Entry value 3 * 60,000.0 + 1 * 60,000.1 ticks; closing 1 of 4 takes the floor of a quarter.
TEST(Perpetual, RoundingStaysWithThePosition) {
  D desk;
  desk.execute(desk.limit(D::kMarket, Side::sell, 600'000, 3));
  desk.execute(desk.limit(D::kMarket, Side::sell, 600'001, 1));
  desk.execute(desk.limit(D::kAlice, Side::buy, 600'001, 4));
  desk.execute(desk.limit(D::kMarket, Side::buy, 600'000, 4));
  for (int i = 0; i < 3; ++i)
    desk.execute(desk.limit(D::kAlice, Side::sell, 600'000, 1));
  desk.execute(desk.limit(D::kAlice, Side::sell, 600'000, 1));
  const Position flat = desk.engine.position(D::kAlice, D::kPerpetual);
  EXPECT_EQ(flat.entry_value.units, 0);
  EXPECT_EQ(trimmed_text(flat.realised_profit.units, 14), "-0.0001");
}

TEST(Spot, TheFeeComesOutOfWhatIsReceived) {
  D desk;
  desk.execute(desk.limit(D::kBob, Side::sell, 600'000, 10, D::kSpot));
  desk.execute(desk.limit(D::kAlice, Side::buy, 600'000, 10, D::kSpot));
  EXPECT_EQ(cash(desk, D::kAlice, D::kBtc), "100.0099945");  // 0.010 less 0.055 %
  EXPECT_EQ(cash(desk, D::kAlice), "999400");
  EXPECT_EQ(cash(desk, D::kBob), "1000599.88");  // 600 less 0.02 %
  EXPECT_EQ(cash(desk, D::kBob, D::kBtc), "99.99");
}

TEST(Spot, RestingOrdersHoldTheRightAsset) {
  D desk;
  desk.execute(desk.limit(D::kAlice, Side::buy, 500'000, 10, D::kSpot));
  desk.execute(desk.limit(D::kAlice, Side::sell, 700'000, 20, D::kSpot));
  EXPECT_EQ(trimmed_text(desk.engine.balance(D::kAlice, D::kUsdt).held.units, 14), "500");
  EXPECT_EQ(trimmed_text(desk.engine.balance(D::kAlice, D::kBtc).held.units, 14), "0.02");
  desk.execute(cancel_all(D::kAlice, D::kSpot));
  EXPECT_EQ(desk.engine.balance(D::kAlice, D::kUsdt).held.units, 0);
  EXPECT_EQ(desk.engine.balance(D::kAlice, D::kBtc).held.units, 0);
}

TEST(Spot, AnOrderByValueSpendsAtMostThat) {
  D desk;
  desk.execute(desk.limit(D::kMarket, Side::sell, 600'000, 2, D::kSpot));
  desk.execute(desk.limit(D::kMarket, Side::sell, 610'000, 100, D::kSpot));
  PlaceOrder order = desk.market(D::kAlice, Side::buy, 0, D::kSpot);
  order.value = D::usdt(300);  // 120 for 0.002, then 2 lots of 61 each for 180
  const auto events = desk.execute(order);
  EXPECT_EQ(of<OrderAccepted>(events)[0].order.quantity, Lots{4});
  EXPECT_EQ(cash(desk, D::kAlice), "999758");
  EXPECT_EQ(end_of(events), CancelReason::none);
}

TEST(Spot, AnOrderByValueThatEmptiesTheBookEndsUnfilled) {
  D desk;
  desk.execute(desk.limit(D::kMarket, Side::sell, 600'000, 2, D::kSpot));  // 120 of 300
  PlaceOrder order = desk.market(D::kAlice, Side::buy, 0, D::kSpot);
  order.value = D::usdt(300);
  const auto events = desk.execute(order);
  EXPECT_EQ(of<OrderAccepted>(events)[0].order.quantity, Lots{5});  // 180 more would buy 3
  EXPECT_EQ(of<OrderCancelled>(events)[0].remaining, Lots{3});
  EXPECT_EQ(end_of(events), CancelReason::immediate_or_cancel);
}

// Long 10 at 60,000.00, then sell 20 at 61,000.00. The old position made 10 less its fees; the new
// one has cost its own half of the fee: 610 * 0.055 %.
TEST(Perpetual, APositionThatTurnsBeginsItsProfitAnew) {
  D desk;
  desk.execute(desk.limit(D::kMarket, Side::sell, 600'000, 10));
  desk.execute(desk.limit(D::kAlice, Side::buy, 600'000, 10));
  desk.execute(desk.limit(D::kMarket, Side::buy, 610'000, 20));
  desk.execute(desk.limit(D::kAlice, Side::sell, 610'000, 20));
  const Position turned = desk.engine.position(D::kAlice, D::kPerpetual);
  EXPECT_EQ(turned.size, SignedLots{-10});
  EXPECT_EQ(trimmed_text(turned.open_realised.units, 14), "-0.3355");
  EXPECT_EQ(trimmed_text(turned.realised_profit.units, 14), "10");
}

TEST(Mark, NoSingleOrderFarAwayMovesIt) {
  D desk;
  EXPECT_EQ(desk.engine.mark_price(D::kPerpetual), std::nullopt);
  desk.execute(desk.limit(D::kMarket, Side::buy, 599'990, 5));
  desk.execute(desk.limit(D::kMarket2, Side::sell, 600'010, 5));
  EXPECT_EQ(desk.engine.mark_price(D::kPerpetual), MarkPrice{600'000 * kMarkPerTick});
  desk.execute(desk.market(D::kAlice, Side::buy, 5));
  EXPECT_EQ(desk.engine.mark_price(D::kPerpetual), MarkPrice{600'010 * kMarkPerTick});
  desk.execute(desk.limit(D::kAlice, Side::sell, 19'000'000, 1));
  EXPECT_EQ(desk.engine.mark_price(D::kPerpetual), MarkPrice{600'010 * kMarkPerTick});
}

TEST(ReduceOnly, NeverTurnsAPosition) {
  D desk;
  PlaceOrder reduce = desk.limit(D::kAlice, Side::sell, 600'000, 5);
  reduce.reduce_only = true;
  EXPECT_EQ(refusal(desk.execute(reduce)), RejectReason::reduce_only_without_position);

  desk.execute(desk.limit(D::kMarket, Side::sell, 600'000, 3));
  desk.execute(desk.limit(D::kAlice, Side::buy, 600'000, 3));
  reduce.price = Ticks{610'000};
  EXPECT_EQ(of<OrderAccepted>(desk.execute(reduce))[0].order.quantity, Lots{3});
  // An ordinary sale in front takes part of the position away, in the same sweep.
  desk.execute(desk.limit(D::kAlice, Side::sell, 609'000, 2));
  const auto events = desk.execute(desk.limit(D::kMarket, Side::buy, 610'000, 10));
  EXPECT_EQ(desk.engine.position(D::kAlice, D::kPerpetual).size, SignedLots{0});
  EXPECT_EQ(end_of(events), CancelReason::reduce_only);
}

TEST(ReduceOnly, ClosingTakesTheWholePosition) {
  D desk;
  desk.execute(desk.limit(D::kMarket, Side::sell, 600'000, 3));
  desk.execute(desk.limit(D::kAlice, Side::buy, 600'000, 3));
  desk.execute(desk.limit(D::kMarket, Side::buy, 599'000, 9));
  PlaceOrder close = desk.market(D::kAlice, Side::sell, 0);
  close.close_position = true;
  desk.execute(close);
  EXPECT_EQ(desk.engine.position(D::kAlice, D::kPerpetual).size, SignedLots{0});
}

TEST(ReduceOnly, RestingOrdersShrinkWithThePosition) {
  D desk;
  desk.execute(desk.limit(D::kMarket, Side::sell, 600'000, 5));
  desk.execute(desk.limit(D::kAlice, Side::buy, 600'000, 5));
  PlaceOrder take_profit = desk.limit(D::kAlice, Side::sell, 650'000, 5);
  take_profit.reduce_only = true;
  desk.execute(take_profit);
  desk.execute(desk.limit(D::kMarket, Side::buy, 599'000, 3));
  auto events = desk.execute(desk.market(D::kAlice, Side::sell, 3));
  EXPECT_EQ(of<OrderAmended>(events)[0].quantity, Lots{2});
  desk.execute(desk.limit(D::kMarket, Side::buy, 599'000, 2));
  events = desk.execute(desk.market(D::kAlice, Side::sell, 2));
  EXPECT_EQ(of<OrderCancelled>(events)[0].reason, CancelReason::reduce_only);
}

// Each order below has the fault of its line and every fault after it that it can have; the reason
// must be the first one.
TEST(Refusals, ComeInTheOrderOfTheEnum) {
  D desk;
  desk.execute(desk.limit(D::kMarket, Side::sell, 600'000, 1));
  PlaceOrder named = desk.limit(D::kAlice, Side::buy, 100'000, 1);
  named.client_order_id = ClientOrderId("taken");
  desk.execute(named);

  PlaceOrder order = desk.limit(AccountId{99}, Side::sell, -1, -1);
  order.instrument = InstrumentId{99};
  order.client_order_id = ClientOrderId("taken");
  order.reduce_only = true;
  EXPECT_EQ(refusal(desk.execute(order)), RejectReason::unknown_account);
  order.account = D::kAlice;
  EXPECT_EQ(refusal(desk.execute(order)), RejectReason::unknown_instrument);
  order.instrument = D::kPerpetual;
  EXPECT_EQ(refusal(desk.execute(order)), RejectReason::quantity_not_positive);
  order.quantity = Lots{1'000'001};
  EXPECT_EQ(refusal(desk.execute(order)), RejectReason::quantity_too_large);
  order.quantity = Lots{1'000'000};
  EXPECT_EQ(refusal(desk.execute(order)), RejectReason::price_not_positive);
  order.price = Ticks{20'000'001};
  EXPECT_EQ(refusal(desk.execute(order)), RejectReason::price_too_high);
  order.price = Ticks{1};
  order.quantity = Lots{1};
  order.reduce_only = false;
  EXPECT_EQ(refusal(desk.execute(order)), RejectReason::notional_too_small);
  order.price = Ticks{20'000'000};
  order.quantity = Lots{1'000'000};
  EXPECT_EQ(refusal(desk.execute(order)), RejectReason::duplicate_client_order_id);
  order.client_order_id = {};
  EXPECT_EQ(refusal(desk.execute(order)), RejectReason::insufficient_margin);
  order.reduce_only = true;
  EXPECT_EQ(refusal(desk.execute(order)), RejectReason::reduce_only_without_position);
  EXPECT_EQ(refusal(desk.execute(desk.limit(D::kAlice, Side::sell, 600'000, 100'001, D::kSpot))),
            RejectReason::insufficient_balance);
  EXPECT_EQ(refusal(desk.execute(CancelOrder{D::kBob, D::kPerpetual, OrderId{2}, {}})),
            RejectReason::unknown_order);
  EXPECT_EQ(refusal(desk.execute(SetLeverage{D::kAlice, D::kPerpetual, 101})),
            RejectReason::leverage_out_of_range);
  EXPECT_EQ(refusal(desk.execute(SetLeverage{D::kAlice, D::kPerpetual, 10})),
            RejectReason::leverage_unchanged);
  EXPECT_EQ(refusal(desk.execute(Deposit{D::kAlice, D::usdt(-1)})),
            RejectReason::amount_not_positive);
}

TEST(Terms, FundingFollowsANewIntervalCountedFromMidnight) {
  constexpr InstrumentId kPaying{2};
  constexpr Timestamp kMidnight = timestamp_from_ms(1'700'006'400'000);  // it is 22:13:20
  D desk;
  Instrument paying = D::terms(kPaying, InstrumentKindOf::linear_perpetual);
  paying.symbol = "ETHUSDT";
  paying.funding.kind = FundingKind::interval;
  desk.execute(ListInstrument{paying});
  const auto change = [&](InstrumentId id, std::int64_t minutes) {
    ChangeTerms command{.instrument = id};
    command.funding_interval = seconds(60 * minutes);
    return refusal(desk.execute(command));
  };
  const auto next = [&] { return desk.engine.funding(kPaying).next; };
  EXPECT_EQ(next(), kMidnight);
  EXPECT_EQ(change(kPaying, 30), std::nullopt);
  EXPECT_EQ(next(), kMidnight + seconds(-5'400));
  EXPECT_EQ(desk.engine.next_due(), next());
  desk.clock = next();
  EXPECT_EQ(change(kPaying, 60), std::nullopt);
  EXPECT_EQ(next(), kMidnight + seconds(-3'600));
  EXPECT_EQ(change(kPaying, 0), RejectReason::listing_invalid);
  EXPECT_EQ(change(D::kSpot, 60), RejectReason::contradictory_terms);
  EXPECT_EQ(next(), kMidnight + seconds(-3'600));
}

TEST(Terms, NewStepsAreWholeMultiplesWithinTheLimits) {
  D desk;
  const auto change = [&](std::int64_t tick, std::int64_t lot) {
    ChangeTerms command{.instrument = D::kPerpetual};
    command.tick_multiple = tick;
    command.lot_multiple = lot;
    return refusal(desk.execute(command));
  };
  EXPECT_EQ(change(0, 1), RejectReason::listing_invalid);
  EXPECT_EQ(change(1, 1'001), RejectReason::listing_invalid);
  EXPECT_EQ(change(5, 4), std::nullopt);
  const Instrument& terms = desk.engine.instruments()[D::kPerpetual.raw];
  EXPECT_EQ(shown_quantity_min(terms), Lots{4});
  EXPECT_EQ(std::get<Ticks>(ticks_from_decimal("60000.50", terms)), Ticks{600'005});
  EXPECT_EQ(std::get<DecimalError>(ticks_from_decimal("60000.60", terms)),
            DecimalError::too_precise);
  EXPECT_EQ(std::get<DecimalError>(lots_from_decimal("0.006", terms)), DecimalError::too_precise);
  EXPECT_EQ(change(1, 1), std::nullopt);
  EXPECT_EQ(std::get<Lots>(lots_from_decimal("0.006", terms)), Lots{6});
}

TEST(Refusals, ChangeNothingButTimeAndSequence) {
  D desk;
  desk.execute(desk.limit(D::kMarket, Side::sell, 600'000, 1));
  const std::uint64_t before = desk.engine.state_hash();
  desk.clock = desk.clock + seconds(1);
  ASSERT_TRUE(refusal(desk.execute(desk.limit(D::kAlice, Side::buy, 20'000'000, 1'000'000))));
  EXPECT_EQ(desk.engine.state_hash(), before);
}

TEST(Refusals, OpenOrdersAreBounded) {
  D desk;
  desk.check_laws = false;  // 500 orders; the last command is checked below.
  for (std::uint32_t i = 0; i < 500; ++i) {
    ASSERT_FALSE(refusal(desk.execute(desk.limit(D::kAlice, Side::buy, 100'000, 1))));
  }
  desk.check_laws = true;
  EXPECT_EQ(refusal(desk.execute(desk.limit(D::kAlice, Side::buy, 100'000, 1))),
            RejectReason::too_many_open_orders);
}

// 1,000,000 USDT at leverage 10 carries 10,000,000 of notional: 166.666 BTC at 60,000, and fees
// only for what trades at once.
TEST(Margin, LimitsWhatCanBeOpened) {
  D desk;
  EXPECT_EQ(refusal(desk.execute(desk.limit(D::kAlice, Side::buy, 600'000, 166'667))),
            RejectReason::insufficient_margin);
  EXPECT_FALSE(refusal(desk.execute(desk.limit(D::kAlice, Side::buy, 600'000, 166'666))));
  // The other side needs no more than the larger of both.
  EXPECT_FALSE(refusal(desk.execute(desk.limit(D::kAlice, Side::sell, 610'000, 163'934))));
  EXPECT_EQ(refusal(desk.execute(desk.limit(D::kAlice, Side::buy, 600'000, 1))),
            RejectReason::insufficient_margin);
  // Cash that backs the orders cannot be spent on spot.
  EXPECT_EQ(refusal(desk.execute(desk.limit(D::kAlice, Side::buy, 600'000, 1, D::kSpot))),
            RejectReason::insufficient_balance);
  EXPECT_EQ(refusal(desk.execute(SetLeverage{D::kAlice, D::kPerpetual, 9})),
            RejectReason::insufficient_margin);
  EXPECT_FALSE(refusal(desk.execute(SetLeverage{D::kAlice, D::kPerpetual, 20})));
}

TEST(Amend, KeepsItsPlaceInTheQueue) {
  D desk;
  desk.execute(desk.limit(D::kAlice, Side::sell, 600'000, 5));
  desk.execute(desk.limit(D::kBob, Side::sell, 600'000, 5));
  OrderId first;
  desk.engine.live_orders(D::kAlice, [&](const Order& order) { return first = order.id, false; });
  desk.execute(desk.amend(D::kAlice, first, 2));
  const auto fills = of<Fill>(desk.execute(desk.limit(D::kMarket, Side::buy, 600'000, 3)));
  EXPECT_EQ(fills[0].maker.account, D::kAlice);
  EXPECT_EQ(fills[0].quantity, Lots{2});
  EXPECT_EQ(fills[1].maker.account, D::kBob);
}

TEST(Snapshot, RestoresAnEqualState) {
  D desk;
  desk.execute(desk.limit(D::kAlice, Side::sell, 600'000, 5));
  desk.execute(desk.limit(D::kBob, Side::buy, 600'000, 2));
  desk.execute(desk.limit(D::kBob, Side::buy, 500'000, 2, D::kSpot));
  std::string bytes;
  desk.engine.save(bytes);
  D other;
  ASSERT_TRUE(other.engine.load(bytes));
  EXPECT_EQ(other.engine.state_hash(), desk.engine.state_hash());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Engine cut;
    EXPECT_FALSE(cut.load(std::string_view(bytes).substr(0, size))) << size;
  }
}

TEST(Queries, MinutesAreToldNewestFirst) {
  D desk;
  const auto trade = [&](std::int64_t price, std::int64_t lots) {
    desk.execute(desk.limit(D::kAlice, Side::sell, price, lots));
    desk.execute(desk.limit(D::kBob, Side::buy, price, lots));
  };
  trade(600'000, 5);
  trade(600'300, 1);
  trade(600'100, 2);
  desk.clock = desk.clock + seconds(120);
  trade(600'200, 1);
  const auto traded = [&](Resolution resolution) {
    std::vector<Candle> seen;
    EXPECT_TRUE(desk.engine.traded(D::kPerpetual, resolution, [&](const Candle& candle) {
      seen.push_back(candle);
      return true;
    }));
    return seen;
  };
  const std::vector<Candle> seen = traded(Resolution::minute);
  ASSERT_EQ(seen.size(), 2u) << "the minute between, in which nothing traded, is not there";
  EXPECT_EQ(seen[0].start, seen[1].start + 2);
  EXPECT_EQ(seen[1].open.raw, 600'000);
  EXPECT_EQ(seen[1].high.raw, 600'300);
  EXPECT_EQ(seen[1].low.raw, 600'000);
  EXPECT_EQ(seen[1].close.raw, 600'100);
  EXPECT_EQ(seen[1].volume.raw, 8);
  EXPECT_EQ(traded(Resolution::quarter).size(), 2u) << "22:13 and 22:15";
  for (const Resolution longer : {Resolution::hour, Resolution::day}) {
    const std::vector<Candle> stretches = traded(longer);
    ASSERT_EQ(stretches.size(), 1u);
    Candle both = seen[1];
    append(both, seen[0]);
    both.start = seen[1].start - seen[1].start % minutes_of(longer);
    EXPECT_EQ(stretches[0], both) << "the minute under way is part of it";
  }
}

// Whether a conditional order had fired when it ended is not told by anything else of it.
TEST(Triggers, AnOrderThatEndedTellsWhetherItFired) {
  D desk;
  const auto stop = [&](std::int64_t trigger) {
    PlaceOrder order = desk.limit(D::kAlice, Side::sell, 650'000, 1);
    order.trigger = Trigger{.direction = TriggerDirection::falls, .price = Ticks{trigger}};
    desk.execute(order);
  };
  stop(599'000);
  stop(590'000);
  desk.execute(desk.limit(D::kMarket, Side::buy, 599'000, 1));
  desk.execute(desk.limit(D::kBob, Side::sell, 599'000, 1));
  desk.execute(cancel_all(D::kAlice, D::kPerpetual));
  std::vector<std::int64_t> fired_at;
  desk.engine.closed_orders(D::kAlice, [&](const Order& order) {
    fired_at.push_back(order.trigger->best.raw);
    return true;
  });
  std::ranges::sort(fired_at);
  EXPECT_EQ(fired_at, (std::vector<std::int64_t>{0, 599'000}));
}

// The same in every preset and compiler. Changes with the engine's rules, and then its version
// does.
TEST(Determinism, EqualCommandsGiveEqualHashesInEveryBuild) {
  RandomStream draw(7, "commands");
  DrawnTrading trading;
  ASSERT_EQ(trading.run(draw, 400), "");
  EXPECT_EQ(trading.event_hash(), 16222742218006298460u);
  EXPECT_EQ(trading.engine().state_hash(), 10366097192628527747u);
}

TEST(Properties, BooksAgreeLawsHoldAndSnapshotsContinue) {
  EXPECT_TRUE(rc::check("any commands", [](std::uint64_t seed) {
    RandomStream draw(seed, "commands");
    DrawnTrading trading;
    const std::string wrong = trading.run(draw, 80);
    RC_ASSERT(wrong == "");
  }));
}

// What is drawn must reach every kind of event, or the properties say less than they seem to.
TEST(Properties, DrawnCommandsReachEveryEvent) {
  std::map<std::size_t, int> seen;
  std::map<FillKindOf, int> fills;
  for (std::uint64_t seed = 100; seed < 160; ++seed) {
    RandomStream draw(seed, "commands");
    DrawnTrading trading;
    ASSERT_EQ(trading.run(draw, 500), "") << "seed " << seed;
    for (const auto& [kind, count] : trading.seen())
      seen[kind] += count;
    for (const auto& [kind, count] : trading.fills())
      fills[kind] += count;
  }
  for (std::size_t kind = 0; kind < std::variant_size_v<Event>; ++kind)
    EXPECT_GT(seen[kind], 0) << "event " << kind;
  EXPECT_GT(fills[FillKindOf::liquidation], 0);
  EXPECT_GT(fills[FillKindOf::deleverage], 0);
  EXPECT_GT(fills[FillKindOf::delisting], 0);
}

}  // namespace
}  // namespace venuebox::engine
