#include <gtest/gtest.h>

#include "engine/test_desk.h"
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

// The market shows 50, alice stands behind them with 70, and 50 more of the market's behind her.
// Then the level shrinks to 50, and somebody sells 40: how much of that reaches alice?
std::int64_t filled_in_the_middle(QueueModel model) {
  TestDesk desk;
  Ladder ladder(model);
  const Instrument& instrument = desk.view().instruments()[0];
  const auto show = [&](std::int64_t quantity) {
    ladder.set_level(desk, instrument, Side::buy, Ticks{600'000}, Lots{quantity});
  };
  show(50);
  desk.execute(desk.limit(TestDesk::kAlice, Side::buy, 600'000, 70));
  show(100);
  show(50);
  EXPECT_EQ(shown(desk, Side::buy, 600'000), Lots{120});
  desk.execute(desk.market(TestDesk::kBob, Side::sell, 40));
  return desk.engine.position(TestDesk::kAlice, TestDesk::kPerpetual).size.raw;
}

TEST(Ladder, TheQueueModelDecidesHowSoonAnOrderIsReached) {
  EXPECT_EQ(filled_in_the_middle(QueueModel::tail), 0) << "all 50 are still before her";
  EXPECT_EQ(filled_in_the_middle(QueueModel::proportional), 15) << "25 of the 50 are";
  EXPECT_EQ(filled_in_the_middle(QueueModel::head), 40) << "nothing is";
}

TEST(Ladder, AProportionalDecreaseAddsUpWhateverTheSizes) {
  TestDesk desk;
  Ladder ladder(QueueModel::proportional);
  const Instrument& instrument = desk.view().instruments()[0];
  for (std::int64_t quantity = 1; quantity <= 10; ++quantity) {
    ladder.set_level(desk, instrument, Side::buy, Ticks{600'000}, Lots{quantity * quantity});
  }
  for (std::int64_t quantity = 99; quantity >= 0; quantity -= 7) {
    ladder.set_level(desk, instrument, Side::buy, Ticks{600'000}, Lots{quantity});
    EXPECT_EQ(shown(desk, Side::buy, 600'000), Lots{quantity});
  }
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

}  // namespace
}  // namespace venuebox::market
