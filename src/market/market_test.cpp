#include <gtest/gtest.h>

#include "engine/test_desk.h"
#include "market/factory.h"
#include "market/pinned.h"

namespace venuebox::market {
namespace {

using engine::TestDesk;

Lots shown(const TestDesk& desk, Side side, std::int64_t price) {
  Lots sum;
  desk.view().level_orders(TestDesk::kPerpetual, side, Ticks{price},
                           [&](const RestingOrder& order) {
                             sum += order.remaining;
                             return true;
                           });
  return sum;
}

TEST(Ladder, SetsItsOwnQuantityFromTheTailAndLeavesOthersAlone) {
  TestDesk desk;
  Ladder ladder;
  const Instrument& instrument = desk.view().instruments()[0];
  ladder.set_level(desk, instrument, Side::buy, Ticks{600'000}, Lots{5});
  desk.execute(desk.limit(TestDesk::kAlice, Side::buy, 600'000, 7));
  ladder.set_level(desk, instrument, Side::buy, Ticks{600'000}, Lots{9});
  EXPECT_EQ(shown(desk, Side::buy, 600'000), Lots{16});
  ladder.set_level(desk, instrument, Side::buy, Ticks{600'000}, Lots{3});
  std::vector<std::int64_t> queue;
  desk.view().level_orders(TestDesk::kPerpetual, Side::buy, Ticks{600'000},
                           [&](const RestingOrder& order) {
                             queue.push_back(order.remaining.raw);
                             return true;
                           });
  EXPECT_EQ(queue, (std::vector<std::int64_t>{3, 7}));
  ladder.set_level(desk, instrument, Side::buy, Ticks{600'000}, {});
  EXPECT_EQ(shown(desk, Side::buy, 600'000), Lots{7});
}

TEST(Pinned, ShowsTheQuoteAndTradesAtLast) {
  TestDesk desk;
  Pinned pinned;
  ASSERT_TRUE(pinned.set_quote(desk, TestDesk::kPerpetual,
                               {Ticks{599'990}, Ticks{600'010}, Ticks{600'000}, Lots{5}, Lots{6}}));
  EXPECT_EQ(desk.view().last_price(TestDesk::kPerpetual), Ticks{600'000});
  EXPECT_EQ(shown(desk, Side::buy, 599'990), Lots{5});
  EXPECT_EQ(shown(desk, Side::sell, 600'010), Lots{6});
  ASSERT_TRUE(pinned.set_quote(desk, TestDesk::kPerpetual,
                               {Ticks{610'000}, Ticks{610'010}, {}, Lots{1}, Lots{1}}));
  EXPECT_EQ(shown(desk, Side::buy, 599'990), Lots{0});
  EXPECT_EQ(shown(desk, Side::sell, 600'010), Lots{0});
  EXPECT_EQ(desk.view().last_price(TestDesk::kPerpetual), Ticks{600'000});
  EXPECT_FALSE(
      pinned.set_quote(desk, TestDesk::kPerpetual, {Ticks{5}, Ticks{5}, {}, Lots{1}, Lots{1}}));
  EXPECT_FALSE(pinned.set_quote(desk, InstrumentId{9}, {Ticks{5}, Ticks{6}, {}, {1}, {1}}));
}

TEST(Pinned, ANewQuoteThatCrossesAUsersOrderFillsIt) {
  TestDesk desk;
  Pinned pinned;
  desk.execute(desk.limit(TestDesk::kAlice, Side::buy, 600'000, 4));
  ASSERT_TRUE(pinned.set_quote(desk, TestDesk::kPerpetual,
                               {Ticks{590'000}, Ticks{595'000}, {}, Lots{9}, Lots{9}}));
  EXPECT_EQ(desk.engine.position(TestDesk::kAlice, TestDesk::kPerpetual).size, SignedLots{4});
}

// A stop of alice's long position, which sells all of it at the market.
OrderId stop_loss(TestDesk& desk, std::int64_t at, PriceSource source) {
  PlaceOrder stop = desk.market(TestDesk::kAlice, Side::sell, 0);
  stop.close_position = true;
  stop.trigger =
      Trigger{.source = source, .direction = TriggerDirection::falls, .price = Ticks{at}};
  const auto events = desk.execute(stop);
  const auto* accepted = std::get_if<OrderAccepted>(&events.front());
  EXPECT_NE(accepted, nullptr);
  return accepted ? accepted->order.id : OrderId{};
}

TEST(Pinned, AStopThatANewQuoteFiresMeetsThatQuote) {
  for (const PriceSource source : {PriceSource::last, PriceSource::mark}) {
    TestDesk desk;
    Pinned pinned;
    ASSERT_TRUE(pinned.set_quote(desk, TestDesk::kPerpetual,
                                 {Ticks{600'000}, Ticks{600'010}, {}, Lots{900}, Lots{900}}));
    desk.execute(desk.market(TestDesk::kAlice, Side::buy, 500));
    stop_loss(desk, 590'000, source);
    ASSERT_TRUE(
        pinned.set_quote(desk, TestDesk::kPerpetual,
                         {Ticks{589'900}, Ticks{589'910}, Ticks{589'900}, Lots{900}, Lots{900}}));
    const Position position = desk.engine.position(TestDesk::kAlice, TestDesk::kPerpetual);
    EXPECT_EQ(position.size, SignedLots{0});
    // 0.5 * (58990 - 60001)
    EXPECT_EQ(position.realised_profit.units, TestDesk::usdt("-505.5").units);
    if (source == PriceSource::last) {
      EXPECT_EQ(shown(desk, Side::buy, 589'900), Lots{400}) << "what the stop took is gone";
    }
  }
}

TEST(Pinned, AMovingQuoteShowsNoPriceThatIsNotBetweenTheTwo) {
  TestDesk desk;
  Pinned pinned;
  const auto quote = [&](std::int64_t bid) {
    ASSERT_TRUE(pinned.set_quote(desk, TestDesk::kPerpetual,
                                 {Ticks{bid}, Ticks{bid + 10}, {}, Lots{900}, Lots{900}}));
  };
  quote(600'000);
  desk.execute(desk.market(TestDesk::kAlice, Side::buy, 500));
  quote(650'000);
  const OrderId stop = stop_loss(desk, 640'000, PriceSource::mark);
  for (const std::int64_t bid : {700'000, 645'000, 645'005, 644'000, 644'001}) {
    quote(bid);
    EXPECT_EQ(desk.engine.live_order(stop)->status, OrderStatus::untriggered)
        << "the last trade was at 60001, but no mark came near 64000: " << bid;
  }
}

TEST(Pinned, TheLastPriceMayLieOutsideTheQuote) {
  TestDesk desk;
  Pinned pinned;
  for (const std::int64_t last : {599'000, 601'000}) {
    ASSERT_TRUE(pinned.set_quote(desk, TestDesk::kPerpetual,
                                 {Ticks{600'000}, Ticks{600'010}, Ticks{last}, Lots{5}, Lots{6}}));
    EXPECT_EQ(desk.view().last_price(TestDesk::kPerpetual), Ticks{last});
    EXPECT_EQ(shown(desk, Side::buy, 600'000), Lots{5});
    EXPECT_EQ(shown(desk, Side::sell, 600'010), Lots{6});
    EXPECT_EQ(shown(desk, Side::buy, last), Lots{0});
    EXPECT_EQ(shown(desk, Side::sell, last), Lots{0});
  }
}

TEST(MarketSpec, ReadsWhatItWrites) {
  const std::string minute = std::string(VENUEBOX_SOURCE_DIR) +
                             "/examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz";
  for (const std::string& text : {std::string("synthetic"), std::string("pinned"),
                                  "replay:" + minute, "replay:" + minute + ":speed=10:loop=off"}) {
    const auto spec = MarketSpec::from_text(text);
    ASSERT_TRUE(spec) << spec.error().text();
    EXPECT_EQ(MarketSpec::from_text(spec->text())->text(), spec->text());
  }
  EXPECT_EQ(MarketSpec::from_text("replay:" + minute + ":speed=10")->speed, 10);
  for (const std::string& text :
       {std::string(""), std::string("live"), std::string("replay:"), std::string("replay:/none"),
        "replay:" + minute + ":speed=0", "replay:" + minute + ":x",
        "replay:" + minute + "#0123456789abcdef"}) {
    EXPECT_FALSE(MarketSpec::from_text(text)) << text;
  }
}

TEST(Factory, TheSpotMarketFollowsTheReplayedPerpetual) {
  TestDesk desk;
  desk.check_laws = false;
  const auto spec =
      *MarketSpec::from_text("replay:" + std::string(VENUEBOX_SOURCE_DIR) +
                             "/examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz");
  auto market = make_market(spec, 1, "bybit", desk.view(), desk.clock);
  ASSERT_TRUE(market) << market.error().text();
  const Timestamp start = desk.clock;
  while ((*market)->next_due() == start)
    (*market)->step(desk);
  BookLevel best;
  ASSERT_EQ(desk.view().depth(TestDesk::kSpot, Side::buy, {&best, 1}), 1u);
  EXPECT_NEAR(static_cast<double>(best.price.raw), 618'002, 200);
}

}  // namespace
}  // namespace venuebox::market
