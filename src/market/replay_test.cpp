#include "market/replay.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "engine/test_desk.h"

namespace venuebox::market {
namespace {

using engine::TestDesk;

const std::string kMinute =
    std::string(VENUEBOX_SOURCE_DIR) + "/examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz";
const std::string kDay = std::string(VENUEBOX_SOURCE_DIR) +
                         "/../shared/data/market/binance-usdm-btcusdt-20240808.raw.gz";

std::unique_ptr<Replay> replay_of(const TestDesk& desk, const std::string& path,
                                  ReplayOptions options = {.speed = 1, .loop = false}) {
  auto replay =
      Replay::make(*open_recording(path), desk.view().instruments()[0], options, desk.clock);
  VENUEBOX_ASSERT(bool(replay));
  return std::move(*replay);
}

void step(TestDesk& desk, Replay& replay) {
  desk.clock = replay.next_due();
  replay.step(desk);
}

// The book as the recording says it is, read by other means than the replay's.
class Reconstruction {
 public:
  void apply(const RecordedMessage& message) {
    if (message.kind == RecordedMessage::Kind::trade) return;
    if (message.kind == RecordedMessage::Kind::snapshot) bids_.clear(), asks_.clear();
    for (const RecordedLevel& level : message.bids)
      set(bids_, level);
    for (const RecordedLevel& level : message.asks)
      set(asks_, level);
  }
  void expect_equal(const View& view, std::uint64_t after) const {
    std::vector<BookLevel> levels(20'000);
    std::size_t count = view.depth(TestDesk::kPerpetual, Side::buy, levels);
    ASSERT_EQ(count, bids_.size()) << "bids after message " << after;
    std::size_t i = 0;
    for (auto level = bids_.rbegin(); level != bids_.rend(); ++level, ++i) {
      ASSERT_EQ(levels[i].price.raw, level->first) << "after message " << after;
      ASSERT_EQ(levels[i].quantity.raw, level->second) << "after message " << after;
    }
    count = view.depth(TestDesk::kPerpetual, Side::sell, levels);
    ASSERT_EQ(count, asks_.size()) << "asks after message " << after;
    i = 0;
    for (auto level = asks_.begin(); level != asks_.end(); ++level, ++i) {
      ASSERT_EQ(levels[i].price.raw, level->first) << "after message " << after;
      ASSERT_EQ(levels[i].quantity.raw, level->second) << "after message " << after;
    }
  }

 private:
  static void set(std::map<std::int64_t, std::int64_t>& side, const RecordedLevel& level) {
    const std::int64_t ticks = level.price / 10'000'000;  // of 0.10
    const std::int64_t lots = level.quantity / 100'000;   // of 0.001
    if (lots == 0) {
      side.erase(ticks);
    } else {
      side[ticks] = lots;
    }
  }
  std::map<std::int64_t, std::int64_t> bids_, asks_;
};

void expect_book_follows(const std::string& path) {
  TestDesk desk;
  desk.check_laws = false;
  const auto replay = replay_of(desk, path);
  const auto recording = *open_recording(path);
  Reconstruction reconstruction;
  RecordedMessage message;
  std::uint64_t played = 0;
  while (recording->next(message)) {
    reconstruction.apply(message);
    ASSERT_NE(replay->next_due(), kNever);
    step(desk, *replay);
    ++played;
    if (message.kind != RecordedMessage::Kind::trade) {
      reconstruction.expect_equal(desk.view(), played);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
  EXPECT_EQ(replay->next_due(), kNever);
  EXPECT_EQ(replay->off_tick(), 0u);
  EXPECT_EQ(desk.engine.broken_law(), "");
}

TEST(Replay, TheBookEqualsTheRecordedOneAfterEveryChange) { expect_book_follows(kMinute); }

TEST(Replay, TheBookEqualsTheRecordedOneOverTheWholeDay) {
  if (!std::filesystem::exists(kDay)) {
    GTEST_SKIP() << "binance-usdm-btcusdt-20240808.raw.gz is not in ../shared/data/market";
  }
  expect_book_follows(kDay);
}

TEST(Replay, TheTapeTradesThroughAUsersOrder) {
  TestDesk desk;
  desk.check_laws = false;
  const auto replay = replay_of(desk, kMinute);
  step(desk, *replay);
  BookLevel best;
  ASSERT_EQ(desk.engine.depth(TestDesk::kPerpetual, Side::buy, {&best, 1}), 1u);
  desk.execute(desk.limit(TestDesk::kAlice, Side::buy, best.price.raw, 10));
  while (replay->next_due() != kNever &&
         desk.engine.position(TestDesk::kAlice, TestDesk::kPerpetual).size.raw < 10) {
    step(desk, *replay);
  }
  EXPECT_EQ(desk.engine.position(TestDesk::kAlice, TestDesk::kPerpetual).size.raw, 10);
  EXPECT_EQ(desk.engine.broken_law(), "");
}

TEST(Replay, LoopsAndKeepsTimeGoingForwards) {
  TestDesk desk;
  desk.check_laws = false;
  const auto replay = replay_of(desk, kMinute, {.speed = 1'000, .loop = true});
  const Timestamp start = replay->next_due();
  Timestamp last = start;
  int snapshots = 0;
  for (int i = 0; i < 12'000; ++i) {
    ASSERT_GE(replay->next_due(), last);
    snapshots += replay->next_due() - last >= seconds(1) ? 1 : 0;
    last = replay->next_due();
    step(desk, *replay);
  }
  EXPECT_GE(snapshots, 2) << "two rounds of one minute at a thousandfold speed";
}

TEST(Replay, GoesOnFromWhatItSaved) {
  TestDesk live;
  live.check_laws = false;
  const auto replay = replay_of(live, kMinute);
  for (int i = 0; i < 2'000; ++i)
    step(live, *replay);

  std::string engine, market;
  live.engine.save(engine);
  ByteWriter out(market);
  replay->save(out);
  TestDesk again;
  again.check_laws = false;
  ASSERT_TRUE(again.engine.load(engine));
  const auto resumed = replay_of(again, kMinute);
  ByteReader in(market);
  resumed->load(in);
  ASSERT_TRUE(in.ok() && in.at_end());
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_EQ(resumed->next_due(), replay->next_due());
    step(live, *replay);
    step(again, *resumed);
  }
  EXPECT_EQ(again.engine.state_hash(), live.engine.state_hash());
}

TEST(Replay, AfterAPauseItGoesOnWhereItStopped) {
  TestDesk desk;
  desk.check_laws = false;
  const auto replay = replay_of(desk, kMinute);
  for (int i = 0; i < 10; ++i)
    step(desk, *replay);
  const Timestamp due = replay->next_due();
  replay->resume_at(due + seconds(3'600));
  EXPECT_EQ(replay->next_due(), due + seconds(3'600));
  step(desk, *replay);
  EXPECT_LT(replay->next_due(), due + seconds(3'602));
}

TEST(Replay, PricesThatDoNotFitAreRefused) {
  TestDesk desk;
  Instrument coarse = desk.view().instruments()[0];
  coarse.tick = {7, 1};
  const auto replay = Replay::make(*open_recording(kMinute), coarse, {}, desk.clock);
  ASSERT_FALSE(replay);
  EXPECT_NE(replay.error().text().find("tick size"), std::string::npos);
}

}  // namespace
}  // namespace venuebox::market
