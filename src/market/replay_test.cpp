#include "market/replay.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "engine/test_desk.h"
#include "market/reconstruction.h"

namespace venuebox::market {
namespace {

using engine::TestDesk;

const std::string kMinute =
    std::string(VENUEBOX_SOURCE_DIR) + "/examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz";
const std::string kGolden = std::string(VENUEBOX_SOURCE_DIR) + "/src/market/golden/";
const std::string kShared = std::string(VENUEBOX_SOURCE_DIR) + "/../shared/data/market/";

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

std::int64_t recorded_units(Step step) {
  return static_cast<std::int64_t>(step.units * power_of_ten(kRecordedScale - step.scale));
}

// After each recorded book change the book equals the reconstructed one. The instrument has the
// recording's steps; the engine only knows ticks and lots.
void expect_book_follows(const std::string& path, Step tick = {10, 2}, Step lot = {1, 3}) {
  TestDesk desk;
  desk.check_laws = false;
  Instrument instrument = desk.view().instruments()[0];
  instrument.tick = tick;
  instrument.lot = lot;
  auto made =
      Replay::make(*open_recording(path), instrument, {.speed = 1, .loop = false}, desk.clock);
  ASSERT_TRUE(made) << made.error().text();
  const std::unique_ptr<Replay> replay = std::move(*made);
  const auto recording = *open_recording(path);
  Reconstruction reconstruction(recorded_units(tick), recorded_units(lot));
  RecordedMessage message;
  std::uint64_t played = 0;
  while (recording->next(message)) {
    reconstruction.apply(message);
    ASSERT_NE(replay->next_due(), kNever);
    step(desk, *replay);
    ++played;
    if (message.kind != RecordedMessage::Kind::trade) {
      reconstruction.expect_equal(desk.view(), TestDesk::kPerpetual, played);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
  EXPECT_EQ(replay->next_due(), kNever);
  EXPECT_EQ(replay->off_tick(), 0u);
  EXPECT_EQ(desk.engine.broken_law(), "");
}

TEST(Replay, TheBookEqualsTheRecordedOneAfterEveryChange) { expect_book_follows(kMinute); }

struct Recorded {
  const char* file;
  Step tick;
  Step lot;
};
const Recorded kBybit{"bybit-linear-xrpusdt-ob500.data.zip", {1, 4}, {1, 0}};
const Recorded kTardisBook{"tardis-binance-futures-book_snapshot_25-BTCUSDT.csv", {1, 2}, {1, 3}};
const Recorded kTardisUpdates{
    "tardis-deribit-incremental_book_L2-BTC-PERPETUAL.csv", {5, 1}, {10, 0}};

TEST(Replay, TheBookEqualsTheRecordedOneInEveryFormat) {
  for (const Recorded& recorded : {kBybit, kTardisBook, kTardisUpdates}) {
    SCOPED_TRACE(recorded.file);
    expect_book_follows(kGolden + recorded.file, recorded.tick, recorded.lot);
  }
}

class SharedRecordings : public testing::TestWithParam<Recorded> {};

TEST_P(SharedRecordings, TheBookEqualsTheRecordedOneOverTheWholeFile) {
  const auto& [file, tick, lot] = GetParam();
  if (!std::filesystem::exists(kShared + file)) {
    GTEST_SKIP() << file << " is not in ../shared/data/market";
  }
  expect_book_follows(kShared + file, tick, lot);
}

INSTANTIATE_TEST_SUITE_P(
    , SharedRecordings,
    testing::Values(Recorded{"binance-usdm-btcusdt-20240808.raw.gz", {10, 2}, {1, 3}},
                    Recorded{"binance-usdm-ethusdt-20240808.raw.gz", {1, 2}, {1, 3}}, kBybit,
                    kTardisBook, kTardisUpdates),
    [](const auto& recorded) {
      std::string name = recorded.param.file;
      std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
      return name;
    });

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
