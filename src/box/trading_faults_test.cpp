// Faults that change trading, on a market that stands still and on one that lives. Each test ends
// with the same story told by the journal alone, without a plan.
#include <gtest/gtest.h>

#include "box/test_box.h"
#include "faults/parse.h"

namespace venuebox::box {
namespace {

constexpr Ticks kBid{600'000};  // 60,000.00 in steps of 0.10
constexpr Ticks kAsk{600'010};

class Trading : public testing::Test {
 protected:
  void begin(const std::string& market = "pinned", bool has_index = true) {
    running = std::make_unique<Running>(folder.store(), config(market));
    ASSERT_TRUE(running->box) << running->error;
    const auto* listed = engine().find_instrument("BTCUSDT", InstrumentKindOf::linear_perpetual);
    ASSERT_NE(listed, nullptr);
    id = listed->id;
    const MarkPrice index{kBid.raw * kMarkPerTick};
    if (market == "pinned") quote(has_index ? std::optional(index) : std::nullopt);
    turn(seconds(1));
  }
  void quote(std::optional<MarkPrice> index) {
    const market::Quote quote{.bid = kBid,
                              .ask = kAsk,
                              .last = {},
                              .bid_size = Lots{5'000},
                              .ask_size = Lots{5'000},
                              .index = index};
    ASSERT_TRUE(running->box->set_quote(0, id, quote));
  }
  void TearDown() override {
    if (!running) return;
    EXPECT_EQ(engine().broken_law(), "");
    turn(seconds(1));
    const std::uint64_t state = running->box->state_hash();
    const std::uint64_t events = running->box->event_hash();
    const BoxConfig same = running->box->config();
    running.reset();
    Running again(folder.store(), same);
    ASSERT_TRUE(again.box) << again.error;
    EXPECT_EQ(again.box->state_hash(), state);
    EXPECT_EQ(again.box->event_hash(), events);
    EXPECT_EQ(again.box->exchanges()[0]->engine().broken_law(), "");
  }

  const engine::Engine& engine() const { return running->box->exchanges()[0]->engine(); }
  AccountId alice() const { return running->box->accounts()[0].id; }
  // The fault strikes the next request of the operation, once.
  void strike(std::string_view operation, std::string_view action) {
    const auto fault = faults::fault_from_json(
        fmt::format(R"({{"name":"{}","where":{{"operation":"{}"}},"times":1,"action":{{{}}}}})",
                    operation, operation, action));
    ASSERT_TRUE(fault) << fault.error().text();
    ASSERT_TRUE(running->box->plan().put(*fault, running->box->now()));
  }
  void turn(Nanoseconds step) { running->turn(step); }
  std::string place(std::string_view side, std::string_view price, std::string_view name) {
    return running->place(side, price, name);
  }
  std::string place_market(std::string_view side, std::string_view quantity,
                           std::string_view name) {
    return running->send(net::Method::post, "/v5/order/create",
                         fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","side":"{}",)"
                                     R"("orderType":"Market","qty":"{}","orderLinkId":"{}"}})",
                                     side, quantity, name));
  }
  std::string cancel(std::string_view name) {
    return running->send(
        net::Method::post, "/v5/order/cancel",
        fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","orderLinkId":"{}"}})", name));
  }
  std::string amend(std::string_view name, std::string_view price) {
    return running->send(net::Method::post, "/v5/order/amend",
                         fmt::format(R"({{"category":"linear","symbol":"BTCUSDT",)"
                                     R"("orderLinkId":"{}","price":"{}"}})",
                                     name, price));
  }
  std::string look() {
    return running->send(net::Method::get, "/v5/market/tickers?category=linear&symbol=BTCUSDT");
  }
  // Asked by alice, about the instrument.
  std::string positions() {
    return running->send(net::Method::get, "/v5/position/list?category=linear&symbol=BTCUSDT");
  }
  std::optional<Order> live(std::string_view name) const {
    return engine().live_order(alice(), ClientOrderId(name));
  }
  std::optional<Order> closed(std::string_view name) const {
    std::optional<Order> found;
    engine().closed_orders(alice(), [&](const Order& order) {
      if (order.client_order_id.view() == name) found = order;
      return !found;
    });
    return found;
  }
  SignedLots position() const { return engine().position(alice(), id).size; }
  Ticks best(Side side) const {
    BookLevel level;
    engine().depth(id, side, {&level, 1});
    return level.price;
  }
  static bool is_accepted(const std::string& answer) {
    return answer.find(R"("retCode":0)") != std::string::npos;
  }

  Folder folder;
  std::unique_ptr<Running> running;
  InstrumentId id;
};

constexpr std::string_view kThird = R"("type":"partial_fill","fill_ratio":0.3)";

class OnBothMarkets : public Trading, public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Markets, OnBothMarkets, testing::Values("pinned", "synthetic"));

TEST_P(OnBothMarkets, APartIsFilledAndTheRestStaysOpenWhileTheMarketGoesOn) {
  begin(GetParam());
  const Ticks limit = best(Side::sell) + Ticks{1'000};
  strike("place_order", kThird);
  EXPECT_TRUE(is_accepted(place("Buy", price_text(limit, engine().instruments()[id.raw]), "a")));
  for (int i = 0; i < 30; ++i) {
    const auto order = live("a");
    ASSERT_TRUE(order);
    EXPECT_EQ(order->filled, Lots{3});
    EXPECT_EQ(order->remaining(), Lots{7});
    turn(seconds(2));
  }
  EXPECT_EQ(position(), SignedLots{3});
  // Where the market shows one price a side, none is left.
  EXPECT_TRUE(best(Side::sell) > limit || best(Side::sell) == Ticks{0});
  EXPECT_TRUE(is_accepted(cancel("a")));
  turn(seconds(5));
  EXPECT_LT(best(Side::sell), limit);
}

TEST_P(OnBothMarkets, AnOrderThatWaitsIsFilledInPartAtItsPrice) {
  begin(GetParam());
  const Ticks limit = best(Side::buy) - Ticks{20'000};
  strike("place_order", kThird);
  place("Buy", price_text(limit, engine().instruments()[id.raw]), "a");
  ASSERT_TRUE(live("a"));
  EXPECT_EQ(live("a")->filled, Lots{3});
  EXPECT_EQ(live("a")->filled_value, Int128{limit.raw} * 3);
  EXPECT_GT(best(Side::buy), limit);
}

TEST_P(OnBothMarkets, OfAMarketOrderTheRestEnds) {
  begin(GetParam());
  strike("place_order", kThird);
  place_market("Sell", "0.010", "a");
  const auto order = closed("a");
  ASSERT_TRUE(order);
  EXPECT_EQ(order->status, OrderStatus::cancelled);
  EXPECT_EQ(order->filled, Lots{3});
  EXPECT_EQ(position(), SignedLots{-3});
}

TEST_F(Trading, ASingleLotIsNotDivided) {
  begin();
  strike("place_order", kThird);
  place_market("Buy", "0.001", "a");
  EXPECT_EQ(closed("a")->status, OrderStatus::filled);
}

TEST_P(OnBothMarkets, SlippageMakesThePriceWorseAndNeverBeyondItsBound) {
  begin(GetParam());
  bool is_worse = false;
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    const Ticks before = best(Side::sell);
    strike("place_order", R"("type":"slippage","max_slippage":0.01)");
    place_market("Buy", "0.010", name);
    const auto order = closed(name);
    ASSERT_TRUE(order);
    EXPECT_EQ(order->filled, Lots{10});
    const Int128 price = order->filled_value / 10;
    EXPECT_GE(price, before.raw);
    EXPECT_LE(price, before.raw + before.raw / 100);
    is_worse |= price > before.raw;
    turn(seconds(1));
  }
  EXPECT_TRUE(is_worse);
}

TEST_F(Trading, SlippageEndsAtTheOrdersOwnLimit) {
  begin();
  strike("place_order", R"("type":"slippage","max_slippage":1)");
  place("Buy", "60002.00", "a");
  const auto order = closed("a");
  ASSERT_TRUE(order);
  EXPECT_LE(order->filled_value / 10, 600'020);
  EXPECT_GE(order->filled_value / 10, kAsk.raw);
}

TEST_P(OnBothMarkets, AFillComesLaterThanItsAcknowledgement) {
  begin(GetParam());
  const Ticks limit = best(Side::sell) + Ticks{100};
  strike("place_order", R"("type":"delayed_fill","ms":5000)");
  place("Buy", price_text(limit, engine().instruments()[id.raw]), "a");
  turn(milliseconds(4'999));
  ASSERT_TRUE(live("a"));
  EXPECT_EQ(live("a")->filled, Lots{0});
  turn(milliseconds(1));
  ASSERT_TRUE(closed("a"));
  EXPECT_EQ(closed("a")->status, OrderStatus::filled);
  turn(seconds(1));
  EXPECT_LT(best(Side::sell), limit + Ticks{2'000});
}

TEST_P(OnBothMarkets, AnAcknowledgedOrderIsCancelledByTheVenue) {
  begin(GetParam());
  const Ticks limit = best(Side::sell) + Ticks{100};
  strike("place_order", R"("type":"reject_after_ack","after_ms":100)");
  EXPECT_TRUE(is_accepted(place("Buy", price_text(limit, engine().instruments()[id.raw]), "a")));
  ASSERT_TRUE(live("a"));
  turn(milliseconds(100));
  const auto order = closed("a");
  ASSERT_TRUE(order);
  EXPECT_EQ(order->cancel_reason, CancelReason::by_venue);
  EXPECT_EQ(order->filled, Lots{0});
  const auto told = running->send(net::Method::get, "/v5/order/history?category=linear");
  EXPECT_NE(told.find(R"("cancelType":"CancelByAdmin")"), std::string::npos);
}

TEST_P(OnBothMarkets, AFillComesBeforeTheCancel) {
  begin(GetParam());
  const Ticks limit = best(Side::buy) - Ticks{10'000};
  place("Buy", price_text(limit, engine().instruments()[id.raw]), "a");
  strike("cancel_order", R"("type":"cancel_fill_race")");
  EXPECT_NE(cancel("a").find(R"("retCode":110001)"), std::string::npos);
  ASSERT_TRUE(closed("a"));
  EXPECT_EQ(closed("a")->status, OrderStatus::filled);
  EXPECT_EQ(position(), SignedLots{10});
}

TEST_P(OnBothMarkets, AFillComesBeforeTheAmendment) {
  begin(GetParam());
  const Ticks limit = best(Side::buy) - Ticks{10'000};
  place("Buy", price_text(limit, engine().instruments()[id.raw]), "a");
  strike("amend_order", R"("type":"amend_race","fill_ratio":0.5)");
  const auto answer =
      running->send(net::Method::post, "/v5/order/amend",
                    R"({"category":"linear","symbol":"BTCUSDT","orderLinkId":"a","qty":"0.004"})");
  EXPECT_FALSE(is_accepted(answer));
  ASSERT_TRUE(live("a"));
  EXPECT_EQ(live("a")->filled, Lots{5});
  EXPECT_EQ(live("a")->quantity, Lots{10});
}

TEST_F(Trading, EachEntryOfABatchHasItsFault) {
  begin();
  const auto fault = faults::fault_from_json(fmt::format(
      R"({{"name":"f","where":{{"operation":"place_orders"}},"action":{{{}}}}})", kThird));
  ASSERT_TRUE(fault) << fault.error().text();
  ASSERT_TRUE(running->box->plan().put(*fault, running->box->now()));
  const auto answer = running->send(
      net::Method::post, "/v5/order/create-batch",
      R"({"category":"linear","request":[)"
      R"({"symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.010","price":"60100.0",)"
      R"("orderLinkId":"a"},)"
      R"({"symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.020","price":"60200.0",)"
      R"("orderLinkId":"b"}]})");
  ASSERT_TRUE(live("a")) << answer;
  ASSERT_TRUE(live("b")) << answer;
  EXPECT_EQ(live("a")->filled, Lots{3});
  EXPECT_EQ(live("b")->filled, Lots{6});
}

TEST_F(Trading, WhatStandsBehindAnotherOrderIsNotFilledBeforeIt) {
  begin();
  strike("place_order", kThird);
  place("Buy", "60100.00", "a");
  strike("place_order", kThird);
  place("Buy", "59000.00", "b");
  ASSERT_TRUE(live("a"));
  ASSERT_TRUE(live("b"));
  EXPECT_EQ(live("a")->filled, Lots{3});
  EXPECT_EQ(live("b")->filled, Lots{0});
}

TEST_F(Trading, TheVenueCancelsWhatAnAccountHasOpen) {
  begin();
  place("Buy", "50000.00", "a");
  place("Buy", "50001.00", "b");
  strike("fetch_positions", R"("type":"cancel_all_by_venue","scope":"account")");
  positions();
  ASSERT_TRUE(closed("a"));
  ASSERT_TRUE(closed("b"));
  EXPECT_EQ(closed("b")->cancel_reason, CancelReason::by_venue);
}

TEST_P(OnBothMarkets, AHaltEndsAfterItsTime) {
  begin(GetParam());
  strike("fetch_ticker", R"("type":"halt","lasts_ms":10000)");
  strike("fetch_tickers", R"("type":"halt","lasts_ms":10000)");
  look();
  EXPECT_FALSE(is_accepted(place("Buy", "50000.00", "a")));
  turn(milliseconds(9'999));
  EXPECT_FALSE(is_accepted(place("Buy", "50000.00", "b")));
  turn(milliseconds(1));
  EXPECT_TRUE(is_accepted(place("Buy", "50000.00", "c")));
  EXPECT_NE(best(Side::buy), Ticks{0});
}

TEST_P(OnBothMarkets, APositionIsReallyLiquidatedAndPricesComeBack) {
  begin(GetParam());
  place_market("Buy", "0.010", "a");
  turn(seconds(1));
  ASSERT_EQ(position(), SignedLots{10});
  const AssetId usdt = engine().instruments()[id.raw].settle;
  const Int128 before = engine().balance(alice(), usdt).cash.units;
  strike("fetch_positions", R"("type":"liquidation")");
  positions();
  EXPECT_EQ(position(), SignedLots{0});
  bool is_told = false;
  engine().executions(alice(), [&](const Execution& execution) {
    is_told |= execution.kind == ExecutionKind::liquidation;
    return true;
  });
  EXPECT_TRUE(is_told);
  // It lost its margin, and no more.
  const Int128 lost = before - engine().balance(alice(), usdt).cash.units;
  EXPECT_GT(lost, 0);
  EXPECT_LT(lost, before / 1'000);
  turn(seconds(1));
  const auto mark = engine().mark_price(id);
  ASSERT_TRUE(mark);
  EXPECT_GT(mark->raw, best(Side::buy).raw * kMarkPerTick * 99 / 100);
  EXPECT_NE(best(Side::buy), Ticks{0});
  EXPECT_NE(best(Side::sell), Ticks{0});
}

TEST_F(Trading, AShortPositionIsLiquidatedByARise) {
  begin();
  place_market("Sell", "0.010", "a");
  strike("fetch_positions", R"("type":"liquidation")");
  positions();
  EXPECT_EQ(position(), SignedLots{0});
}

TEST_F(Trading, WithoutAnIndexPricesAloneLeadToTheLiquidation) {
  begin("pinned", false);
  place_market("Buy", "0.010", "a");
  strike("fetch_positions", R"("type":"liquidation")");
  positions();
  EXPECT_EQ(position(), SignedLots{0});
}

TEST_P(OnBothMarkets, HalfAPositionIsDeleveraged) {
  begin(GetParam());
  place_market("Buy", "0.010", "a");
  strike("fetch_positions", R"("type":"adl","ratio":0.5)");
  positions();
  EXPECT_EQ(position(), SignedLots{5});
  ExecutionKind newest = ExecutionKind::trade;
  engine().executions(alice(), [&](const Execution& execution) {
    newest = execution.kind;
    return false;
  });
  EXPECT_EQ(newest, ExecutionKind::deleverage);
}

TEST_F(Trading, FundingRisesToTheCapOnceAndComesBack) {
  begin();
  place_market("Buy", "0.010", "a");
  strike("fetch_positions", R"("type":"funding_spike","rate":0.03)");
  positions();
  turn(seconds(9 * 3'600));
  std::vector<Rate> rates;
  engine().funding_history(id, [&](const FundingRow& row) {
    rates.push_back(row.rate);
    return true;
  });
  ASSERT_FALSE(rates.empty());
  EXPECT_EQ(rates.back(), engine().instruments()[id.raw].funding.cap);
  turn(seconds(8 * 3'600));
  engine().funding_history(id, [&](const FundingRow& row) {
    EXPECT_LT(row.rate, engine().instruments()[id.raw].funding.cap);
    return false;
  });
}

TEST_F(Trading, WithASpikeFundingIsPaidMoreOften) {
  begin();
  place_market("Buy", "0.010", "a");
  strike("fetch_positions", R"("type":"funding_spike","rate":-0.03,"interval_ms":3600000)");
  positions();
  const Timestamp now = running->box->now();
  const Timestamp next = engine().funding(id).next;
  EXPECT_EQ(next.ns % seconds(3'600).raw, 0) << "payments begin at 0:00 UTC";
  EXPECT_LE(next, now + seconds(3'600));
  const std::string listed =
      running->send(net::Method::get, "/v5/market/instruments-info?category=linear&symbol=BTCUSDT");
  EXPECT_NE(listed.find(R"("fundingInterval":60)"), std::string::npos) << listed;
  turn(seconds(3 * 3'600));
  std::vector<FundingRow> rows;
  engine().funding_history(id, [&](const FundingRow& row) {
    if (row.time > now) rows.push_back(row);
    return true;
  });
  ASSERT_EQ(rows.size(), 3u);
  std::ranges::sort(rows, {}, &FundingRow::time);
  EXPECT_EQ(rows[0].time, next);
  // The middle is not quite at the index without it.
  EXPECT_NEAR(static_cast<double>(rows[0].rate.raw),
              static_cast<double>(-engine().instruments()[id.raw].funding.cap.raw), 10'000);
  EXPECT_EQ(rows[1].time, next + seconds(3'600));
  EXPECT_GT(rows[1].rate, rows[0].rate);
}

TEST_F(Trading, OrdersHaveToKeepToNewSteps) {
  begin();
  ASSERT_TRUE(is_accepted(place("Buy", "59000.10", "old")));
  ASSERT_TRUE(is_accepted(place("Buy", "59000.20", "moved")));
  strike("fetch_order_book",
         R"("type":"filter_change","tick_factor":5,"lot_factor":2,"notional_min":"700")");
  running->send(net::Method::get, "/v5/market/orderbook?category=linear&symbol=BTCUSDT");
  const std::string listed =
      running->send(net::Method::get, "/v5/market/instruments-info?category=linear&symbol=BTCUSDT");
  EXPECT_NE(listed.find(R"("tickSize":"0.50")"), std::string::npos) << listed;
  EXPECT_NE(listed.find(R"("qtyStep":"0.002")"), std::string::npos) << listed;
  EXPECT_NE(listed.find(R"("minOrderQty":"0.002")"), std::string::npos) << listed;
  EXPECT_NE(listed.find(R"("minNotionalValue":"700")"), std::string::npos) << listed;
  const std::string refused = place("Buy", "59000.10", "off");
  EXPECT_NE(refused.find(R"("retCode":10001)"), std::string::npos) << refused;
  EXPECT_NE(place_market("Buy", "0.011", "odd").find("Qty invalid"), std::string::npos);
  EXPECT_FALSE(is_accepted(place("Buy", "59000.50", "small"))) << "590 is less than 700";
  EXPECT_TRUE(is_accepted(place_market("Buy", "0.012", "even")));
  EXPECT_EQ(position(), SignedLots{12});
  EXPECT_FALSE(is_accepted(amend("moved", "59000.30")));
  ASSERT_TRUE(live("old"));
  EXPECT_EQ(live("moved")->price, Ticks{590'002});
  EXPECT_TRUE(is_accepted(cancel("old")));
}

TEST_F(Trading, AChangeThatLimitsDoNotAllowLeavesTheTerms) {
  begin();
  strike("fetch_order_book", R"("type":"filter_change","notional_min":"99999999999999")");
  running->send(net::Method::get, "/v5/market/orderbook?category=linear&symbol=BTCUSDT");
  EXPECT_EQ(engine().instruments()[id.raw].tick_multiple, 1);
  EXPECT_TRUE(is_accepted(place("Buy", "59000.10", "a")));
}

TEST_F(Trading, TheLivingMarketQuotesInNewSteps) {
  begin("synthetic");
  strike("fetch_order_book", R"("type":"filter_change","tick_factor":50,"lot_factor":10)");
  running->send(net::Method::get, "/v5/market/orderbook?category=linear&symbol=BTCUSDT");
  turn(seconds(30));
  for (const Side side : {Side::buy, Side::sell}) {
    std::array<BookLevel, 10> levels;
    ASSERT_EQ(engine().depth(id, side, levels), levels.size());
    for (const BookLevel& level : levels)
      EXPECT_EQ(level.price.raw % 50, 0) << level.price.raw;
  }
}

TEST_P(OnBothMarkets, ADelistedInstrumentIsGoneWithItsOrdersAndPositions) {
  begin(GetParam());
  place_market("Buy", "0.010", "a");
  turn(seconds(1));
  place("Buy", "30000.00", "b");
  ASSERT_EQ(position(), SignedLots{10});
  ASSERT_TRUE(live("b"));
  strike("fetch_order_book", R"("type":"delist","settle":"zero","notice_ms":60000)");
  running->send(net::Method::get, "/v5/market/orderbook?category=linear&symbol=BTCUSDT");
  turn(seconds(59));
  EXPECT_EQ(engine().instruments()[id.raw].phase, TradingPhase::open) << "the notice runs";
  EXPECT_EQ(position(), SignedLots{10});
  turn(seconds(2));
  EXPECT_EQ(engine().instruments()[id.raw].phase, TradingPhase::delisted);
  EXPECT_EQ(position(), SignedLots{0});
  ASSERT_TRUE(closed("b"));
  EXPECT_EQ(closed("b")->status, OrderStatus::cancelled);
  std::optional<Ticks> price;
  engine().executions(alice(), [&](const Execution& execution) {
    if (execution.kind == ExecutionKind::delisting) price = execution.price;
    return !price;
  });
  EXPECT_EQ(price, Ticks{1});
  turn(seconds(60));
  EXPECT_FALSE(is_accepted(place("Buy", "30000.00", "c")));
}

TEST_F(Trading, ADelistingSettlesAtTheIndexAtOnce) {
  begin();
  place_market("Buy", "0.010", "a");
  strike("fetch_positions", R"("type":"price_anomaly","price":"index","by":0.1,"lasts_ms":60000)");
  positions();
  const auto index = engine().index_price(id);
  ASSERT_TRUE(index);
  strike("place_order", R"("type":"delist","settle":"index")");
  place("Buy", "59000.00", "b");
  EXPECT_EQ(engine().instruments()[id.raw].phase, TradingPhase::delisted);
  std::optional<Ticks> price;
  engine().executions(alice(), [&](const Execution& execution) {
    if (execution.kind == ExecutionKind::delisting) price = execution.price;
    return !price;
  });
  ASSERT_TRUE(price);
  EXPECT_NEAR(static_cast<double>(price->raw), static_cast<double>(index->raw) / kMarkPerTick, 1);
}

struct Anomaly {
  const char* market;
  const char* price;
};
class PriceAnomalies : public Trading, public testing::WithParamInterface<Anomaly> {};
INSTANTIATE_TEST_SUITE_P(Prices, PriceAnomalies,
                         testing::Values(Anomaly{"pinned", "mark"}, Anomaly{"pinned", "index"},
                                         Anomaly{"synthetic", "mark"},
                                         Anomaly{"synthetic", "index"}));

TEST_P(PriceAnomalies, APriceLeavesTheMarketAndReturns) {
  begin(GetParam().market);
  const bool is_mark = std::string_view(GetParam().price) == "mark";
  const auto price = [&] {
    return (is_mark ? engine().mark_price(id) : engine().index_price(id))->raw;
  };
  const std::int64_t usual = price();
  strike("fetch_positions",
         fmt::format(R"("type":"price_anomaly","price":"{}","by":-0.3,"lasts_ms":20000)",
                     GetParam().price));
  positions();
  for (int i = 0; i < 4; ++i) {
    EXPECT_LT(price(), usual * 72 / 100);
    EXPECT_GT(price(), usual * 68 / 100);
    turn(milliseconds(4'900));
  }
  turn(seconds(2));
  EXPECT_GT(price(), usual * 98 / 100);
  EXPECT_NE(best(Side::buy), Ticks{0});
}

TEST_F(Trading, AFrozenMarkStandsStillWhileOthersMove) {
  begin("synthetic");
  strike("fetch_positions",
         R"("type":"price_anomaly","price":"mark","kind":"frozen","lasts_ms":60000)");
  positions();
  turn(seconds(1));
  const auto version = engine().book_version(id);
  const auto index = engine().index_price(id);
  turn(seconds(50));
  EXPECT_EQ(engine().book_version(id), version);
  EXPECT_EQ(engine().index_price(id), index);
  turn(seconds(20));
  EXPECT_NE(engine().book_version(id), version);
}

TEST_P(OnBothMarkets, WhatIsStillToComeIsPartOfASnapshot) {
  begin(GetParam());
  const Ticks limit = best(Side::sell) + Ticks{1'000};
  strike("place_order", kThird);
  place("Buy", price_text(limit, engine().instruments()[id.raw]), "a");
  strike("fetch_tickers", R"("type":"halt","lasts_ms":10000)");
  strike("fetch_ticker", R"("type":"halt","lasts_ms":10000)");
  look();
  ASSERT_TRUE(running->box->commit());
  ASSERT_TRUE(running->box->save_snapshot());
  const BoxConfig same = running->box->config();
  running = nullptr;
  running = std::make_unique<Running>(folder.store(), same);
  ASSERT_TRUE(running->box) << running->error;
  EXPECT_EQ(engine().instruments()[id.raw].phase, TradingPhase::halted);
  turn(seconds(11));
  EXPECT_EQ(engine().instruments()[id.raw].phase, TradingPhase::open);
  ASSERT_TRUE(live("a"));
  EXPECT_EQ(live("a")->filled, Lots{3});
}

}  // namespace
}  // namespace venuebox::box
