#include "market/synthetic.h"

#include <gtest/gtest.h>

#include "engine/test_desk.h"

namespace venuebox::market {
namespace {

using engine::TestDesk;
constexpr InstrumentId kPerpetual = TestDesk::kPerpetual;

// The world of TestDesk with the market in it, and a hash of all that happened.
struct World final : Desk {
  explicit World(std::uint64_t seed, std::string_view venue = "bybit")
      : market(seed, venue, {}, desk.clock) {
    desk.check_laws = false;
    for (const InstrumentId instrument : {kPerpetual, TestDesk::kSpot})
      market.add(desk.view(), instrument, std::nullopt);
  }
  std::span<const Event> execute(const CommandBody& body) override {
    const auto events = desk.execute(body);
    for (const Event& event : events)
      FieldHasher(hash).put(event);
    return events;
  }
  const View& view() const override { return desk.view(); }

  void run_until(Timestamp time) {
    while (market.next_due() <= time) {
      desk.clock = market.next_due();
      market.step(*this);
    }
    desk.clock = time;
  }
  void run(Nanoseconds span) { run_until(desk.clock + span); }

  std::vector<BookLevel> levels(Side side, InstrumentId instrument = kPerpetual) const {
    std::vector<BookLevel> all(100);
    all.resize(desk.view().depth(instrument, side, all));
    return all;
  }
  // 0 while a side is empty.
  double middle(InstrumentId instrument = kPerpetual) const {
    const auto bids = levels(Side::buy, instrument), asks = levels(Side::sell, instrument);
    if (bids.empty() || asks.empty()) return 0;
    return static_cast<double>(bids[0].price.raw + asks[0].price.raw) / 2;
  }
  double spread() const {
    return static_cast<double>(levels(Side::sell)[0].price.raw - levels(Side::buy)[0].price.raw);
  }
  // Quote within so many basis points of the middle, on both sides.
  double depth(double points) const {
    double sum = 0;
    for (const Side side : {Side::buy, Side::sell}) {
      for (const BookLevel& level : levels(side)) {
        const auto price = static_cast<double>(level.price.raw);
        if (std::abs(price / middle() - 1) > points * 1e-4) break;
        sum += price * 0.1 * static_cast<double>(level.quantity.raw) * 0.001;
      }
    }
    return sum;
  }

  TestDesk desk;
  Synthetic market;
  Hasher hash;
};

TEST(Synthetic, TheFirstStepFillsTheBook) {
  World run(1);
  run.run({});
  for (const InstrumentId instrument : {kPerpetual, TestDesk::kSpot}) {
    EXPECT_GE(run.levels(Side::buy, instrument).size(), 15u);
    EXPECT_GE(run.levels(Side::sell, instrument).size(), 15u);
    EXPECT_NEAR(run.middle(instrument), 600'000, 1'000);
  }
  EXPECT_EQ(run.market.fair_prices().regime(), Regime::normal);
}

TEST(Synthetic, TradesWithinSecondsAndStaysLawful) {
  World run(1);
  run.run(seconds(10));
  int trades = 0;
  run.view().trades(kPerpetual, [&](const Trade&) { return ++trades, true; });
  EXPECT_GT(trades, 5);
  run.run(seconds(600));
  EXPECT_EQ(run.desk.engine.broken_law(), "");
}

// On every machine and with every compiler. Who changes the market on purpose changes this too.
TEST(Synthetic, EqualSeedsGiveEqualEvents) {
  World a(7), b(7), c(8);
  for (World* run : {&a, &b, &c})
    run->run(seconds(120));
  EXPECT_EQ(a.hash.value(), b.hash.value());
  EXPECT_NE(a.hash.value(), c.hash.value());
  EXPECT_EQ(a.hash.value(), 0xf03aec2db035f6du);
}

TEST(Synthetic, GoesOnFromWhatItSavedInTheMiddleOfAStep) {
  World a(7), b(7);
  a.run(seconds(60));
  a.execute(a.desk.market(TestDesk::kAlice, Side::buy, 3'000));
  a.run(milliseconds(130));
  std::string engine, market;
  a.desk.engine.save(engine);
  ByteWriter out(market);
  a.market.save(out);
  ASSERT_TRUE(b.desk.engine.load(engine));
  ByteReader in(market);
  b.market.load(in);
  ASSERT_TRUE(in.ok() && in.at_end());
  b.desk.clock = a.desk.clock;
  a.hash = b.hash = {};
  a.run(seconds(60));
  b.run(seconds(60));
  EXPECT_EQ(a.hash.value(), b.hash.value());
  EXPECT_EQ(a.desk.engine.state_hash(), b.desk.engine.state_hash());
}

TEST(Synthetic, AfterAPauseItGoesOnWhereItStopped) {
  World run(7);
  run.run(seconds(10));
  const double before = run.middle();
  const Timestamp later = run.desk.clock + seconds(3'600);
  run.market.resume_at(later);
  EXPECT_EQ(run.market.next_due(), later);
  run.run_until(later + milliseconds(300));
  EXPECT_NEAR(run.middle(), before, before * 2e-3);
}

TEST(Synthetic, OutsideACrashTheBookIsNeverCrossedNorEmptyNorOutOfBounds) {
  World run(2);
  double spreads = 0, wide = 0, depths = 0;
  constexpr int kSamples = 7'200;
  for (int i = 0; i < kSamples; ++i) {
    run.run(milliseconds(500));
    const Regime regime = run.market.fair_prices().regime();
    ASSERT_FALSE(run.levels(Side::buy).empty() || run.levels(Side::sell).empty()) << i;
    ASSERT_GT(run.spread(), 0);
    if (regime == Regime::wild || regime == Regime::crash) continue;
    ASSERT_LT(run.spread(), run.middle() * 10e-4) << i;
    ASSERT_GT(run.depth(10), 1e6) << i;
    spreads += 1;
    wide += run.spread() > 2 ? 1 : 0;
    depths += run.depth(10);
  }
  EXPECT_LT(wide / spreads, 0.3) << "mostly one tick, as in the recordings";
  // Both sides; the recording of BTCUSDT has 9 million each.
  EXPECT_GT(depths / spreads, 9e6);
  EXPECT_LT(depths / spreads, 36e6);
}

TEST(Synthetic, AVenuesPriceDiffersByItsBasis) {
  World here(4, "bybit"), there(4, "elsewhere");
  for (World* run : {&here, &there})
    run->run(seconds(1'800));
  EXPECT_NEAR(here.middle() / there.middle(), 1, 10e-4);
  EXPECT_NE(here.hash.value(), there.hash.value());
  EXPECT_EQ(here.market.fair_prices().price(0), there.market.fair_prices().price(0));
  EXPECT_EQ(here.view().index_price(kPerpetual), there.view().index_price(kPerpetual));
}

// Two markets that differ by a user's order alone.
TEST(Synthetic, AUsersOrderMovesThePriceForAWhile) {
  World with(5), without(5);
  double soon = 0, late = 0;
  constexpr int kOrders = 10;
  for (int i = 0; i < kOrders; ++i) {
    with.run(seconds(30));
    without.run(seconds(30));
    with.execute(Deposit{TestDesk::kAlice, TestDesk::usdt(10'000'000)});
    with.execute(with.desk.market(TestDesk::kAlice, i % 2 == 0 ? Side::buy : Side::sell, 80'000));
    const double direction = i % 2 == 0 ? 1e4 : -1e4;
    const auto difference = [&] { return direction * (with.middle() / without.middle() - 1); };
    with.run(seconds(2));
    without.run(seconds(2));
    soon += difference() / kOrders;
    with.run(seconds(600));
    without.run(seconds(600));
    late += difference() / kOrders;
  }
  EXPECT_GT(soon, 1) << "basis points";
  EXPECT_LT(soon, 30);
  EXPECT_LT(std::abs(late), soon / 2);
}

TEST(Synthetic, LiquidityThinsInACrash) {
  constexpr std::uint64_t kEarlyCrash = 203;  // its crash comes after a minute and a half
  World run(kEarlyCrash);
  double usual = 0, thin = 0, narrow = 0, wide = 0;
  int before = 0, during = 0;
  for (int i = 0; i < 200; ++i) {
    run.run(seconds(1));
    const Regime regime = run.market.fair_prices().regime();
    if (regime == Regime::normal) {
      usual += run.depth(10);
      narrow += run.spread();
      ++before;
    } else if (regime == Regime::crash) {
      thin += run.depth(10);
      wide += run.spread();
      ++during;
    }
  }
  ASSERT_GT(during, 10);
  EXPECT_LT(thin / during, 0.4 * usual / before);
  EXPECT_GT(wide / during, 5 * narrow / before);
}

TEST(Synthetic, InverseContractsAreShownInQuote) {
  TestDesk desk;
  for (const CommandBody& command : TestDesk::risk_commands())
    desk.execute(command);
  Synthetic market(7, "bybit", {}, desk.clock);
  market.add(desk.view(), TestDesk::kInverse, std::nullopt);
  for (int i = 0; i < 200; ++i) {
    desk.clock = market.next_due();
    market.step(desk);
  }
  BookLevel far[10];
  ASSERT_EQ(desk.view().depth(TestDesk::kInverse, Side::buy, far), 10u);
  EXPECT_NEAR(static_cast<double>(far[0].price.raw), 600'000, 1'000);
  EXPECT_GT(far[9].quantity.raw, 100'000) << "USD, one to a lot";
  EXPECT_LT(far[9].quantity.raw, 10'000'000);
  EXPECT_TRUE(desk.view().last_price(TestDesk::kInverse));
}

}  // namespace
}  // namespace venuebox::market
