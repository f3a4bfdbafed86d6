#include "market/past_candles.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/test_desk.h"
#include "market/opening.h"
#include "model/candles.h"

namespace venuebox::market {
namespace {

using engine::TestDesk;
constexpr InstrumentId kPerpetual = TestDesk::kPerpetual;
constexpr InstrumentId kSpot = TestDesk::kSpot;
constexpr std::int64_t kDay = 1'440;
constexpr CandleInterval kWeek{CandleInterval::Calendar::week, 7 * kDay};
constexpr CandleInterval kMonth{CandleInterval::Calendar::month, 31 * kDay};

constexpr CandleInterval every(std::int64_t minutes) {
  return {CandleInterval::Calendar::minutes, minutes};
}

// The world of TestDesk with a past that ends in the middle of a minute, on a Friday.
struct PastTest : testing::Test {
  PastTest() { desk.engine.set_past(&past); }

  std::vector<Candle> newest(CandleInterval interval, std::int64_t limit,
                             InstrumentId instrument = kPerpetual) const {
    return candles(desk.view(), instrument, interval, 0, now_minute(), limit);
  }
  std::int64_t now_minute() const { return desk.clock.ns / seconds(60).raw; }
  void trade(std::int64_t price, std::int64_t lots) {
    desk.execute(desk.limit(TestDesk::kAlice, Side::sell, price, lots));
    desk.execute(desk.limit(TestDesk::kBob, Side::buy, price, lots));
  }

  TestDesk desk;
  const Timestamp start = desk.clock + milliseconds(20'500);
  PastCandles past{7, "bybit", desk.view(), start};
};

// Open, extremes, close and volume; the turnover of a longer candle is its own.
void expect_same(const Candle& whole, const Candle& folded) {
  EXPECT_EQ(whole.open, folded.open) << whole.start;
  EXPECT_EQ(whole.high, folded.high) << whole.start;
  EXPECT_EQ(whole.low, folded.low) << whole.start;
  EXPECT_EQ(whole.close, folded.close) << whole.start;
  EXPECT_EQ(whole.volume, folded.volume) << whole.start;
}

TEST_F(PastTest, LongerCandlesAreFoldsOfShorterOnes) {
  const std::pair<CandleInterval, CandleInterval> pairs[] = {
      {every(3), every(1)},     {every(5), every(1)},     {every(15), every(1)},
      {every(15), every(5)},    {every(30), every(15)},   {every(60), every(1)},
      {every(120), every(60)},  {every(240), every(30)},  {every(360), every(3)},
      {every(720), every(120)}, {every(kDay), every(60)}, {kWeek, every(240)},
      {kMonth, every(kDay)},
  };
  for (const auto& [longer, shorter] : pairs) {
    for (const Candle& whole : newest(longer, 5)) {
      const std::int64_t last = std::min(next_candle(whole.start, longer) - 1, now_minute());
      auto parts = candles(desk.view(), kPerpetual, shorter, whole.start, last, 100'000);
      ASSERT_FALSE(parts.empty());
      Candle folded = parts.back();
      for (auto part = parts.rbegin() + 1; part != parts.rend(); ++part)
        append(folded, *part);
      EXPECT_EQ(folded.start, whole.start);
      expect_same(whole, folded);
    }
  }
}

TEST_F(PastTest, EachCandleOpensWhereTheOneBeforeCloses) {
  for (const CandleInterval interval :
       {every(1), every(5), every(60), every(kDay), kWeek, kMonth}) {
    const auto list = newest(interval, 600);
    ASSERT_EQ(list.size(), 600u);
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Candle& candle = list[i];
      EXPECT_LE(candle.low, std::min(candle.open, candle.close));
      EXPECT_GE(candle.high, std::max(candle.open, candle.close));
      EXPECT_GT(candle.low.raw, 0);
      EXPECT_GT(candle.volume.raw, 0);
      EXPECT_GE(candle.turnover, static_cast<Int128>(candle.low.raw) * candle.volume.raw);
      EXPECT_LE(candle.turnover, static_cast<Int128>(candle.high.raw) * candle.volume.raw);
      if (i == 0) continue;
      EXPECT_EQ(candle.close, list[i - 1].open);
      EXPECT_EQ(next_candle(candle.start, interval), list[i - 1].start);
    }
  }
}

TEST_F(PastTest, EndsWhereTheMarketBegins) {
  for (const InstrumentId id : {kPerpetual, kSpot}) {
    const Instrument& instrument = desk.view().instruments()[id.raw];
    const double opening = opening_ticks(profile_of(1, "BTC"), instrument);
    EXPECT_EQ(newest(every(1), 1, id)[0].close.raw, std::llround(opening));
    EXPECT_EQ(newest(kMonth, 1, id)[0].close.raw, std::llround(opening));
    EXPECT_EQ(last_shown_price(desk.view(), id)->raw, std::llround(opening));
  }
}

TEST_F(PastTest, TheCandleOfTheStartIsTheFoldOfBothParts) {
  const Candle before = newest(every(60), 1)[0];
  desk.clock = start;
  trade(before.high.raw + 50, 3);
  desk.clock = start + seconds(60);
  trade(before.low.raw - 50, 2);
  for (const CandleInterval interval : {every(60), every(kDay), kWeek, kMonth}) {
    const Candle both = newest(interval, 1)[0];
    EXPECT_GE(both.high, before.high + Ticks{50});
    EXPECT_LE(both.low, before.low - Ticks{50});
    EXPECT_EQ(both.close, before.low - Ticks{50});
  }
  const Candle hour = newest(every(60), 1)[0];
  EXPECT_EQ(hour.open, before.open);
  EXPECT_EQ(hour.volume, before.volume + Lots{5});
  const auto minutes = newest(every(1), 3);
  EXPECT_EQ(minutes[0].volume.raw, 2);
  EXPECT_EQ(minutes[1].close, before.high + Ticks{50});
  EXPECT_EQ(minutes[1].open, minutes[2].close);
}

TEST_F(PastTest, IsOfTheSeedAndTheNamesAlone) {
  const auto of = [&](std::uint64_t seed, std::string_view venue) {
    const PastCandles other(seed, venue, desk.view(), start);
    return *other.candle(kPerpetual, now_minute() - 600, now_minute());
  };
  const Candle candle = *past.candle(kPerpetual, now_minute() - 600, now_minute());
  EXPECT_EQ(of(7, "bybit"), candle);
  EXPECT_NE(of(8, "bybit").open, candle.open);
  EXPECT_EQ(of(7, "other").open, candle.open) << "prices are those of the base asset";
  EXPECT_NE(of(7, "other").volume, candle.volume);
}

TEST_F(PastTest, ADayMovesAndTradesLikeTheMarketDoes) {
  const auto days = newest(every(kDay), 365);
  double sum = 0, lots = 0;
  for (const Candle& day : days) {
    const double change = static_cast<double>(day.close.raw) / static_cast<double>(day.open.raw);
    sum += (change - 1) * (change - 1);
    lots += static_cast<double>(day.volume.raw);
  }
  const double year = std::sqrt(sum);
  EXPECT_GT(year, 0.3);
  EXPECT_LT(year, 0.9);
  const Instrument& instrument = desk.view().instruments()[kPerpetual.raw];
  const double value = lots / 365 * value_of_lot(600'000, instrument);
  EXPECT_NEAR(value / (turnover_per_second(profile_of(1, "BTC"), instrument) * 86'400), 1, 0.2);
}

TEST_F(PastTest, TheDaysStatisticsReachIntoIt) {
  const DayStatistics day = day_with_past(desk.view(), kPerpetual);
  const Candle folded = *past.candle(kPerpetual, now_minute() + 1 - kDay, now_minute() + 1);
  EXPECT_EQ(day.first, folded.open);
  EXPECT_EQ(day.high, folded.high);
  EXPECT_EQ(day.low, folded.low);
  EXPECT_EQ(day.volume, folded.volume);
  desk.clock = start + seconds(25 * 3'600);
  trade(600'000, 3);
  EXPECT_EQ(day_with_past(desk.view(), kPerpetual).volume.raw, 3) << "a day later it is gone";
}

TEST_F(PastTest, FundingWasPaidAtEachInterval) {
  Instrument paying = TestDesk::terms(InstrumentId{2}, InstrumentKindOf::linear_perpetual);
  paying.symbol = "BTCPERP";
  paying.funding.kind = FundingKind::interval;
  desk.execute(ListInstrument{paying});
  const PastCandles with_funding(7, "bybit", desk.view(), start);
  desk.engine.set_past(&with_funding);
  std::vector<FundingRow> rows;
  desk.view().funding_history(paying.id, [&](const FundingRow& row) {
    rows.push_back(row);
    return rows.size() < 300;
  });
  ASSERT_EQ(rows.size(), 300u);
  const FundingTerms& terms = paying.funding;
  EXPECT_LE(rows[0].time, start);
  EXPECT_GT(rows[0].time + terms.interval, start);
  for (std::size_t i = 1; i < rows.size(); ++i)
    EXPECT_EQ(rows[i].time + terms.interval, rows[i - 1].time);
  const auto usual = std::ranges::count(rows, terms.interest, &FundingRow::rate);
  EXPECT_GT(usual, 120);
  EXPECT_LT(usual, 240);
}

TEST_F(PastTest, AnInstrumentThatCameLaterHasNone) {
  EXPECT_FALSE(past.candle(InstrumentId{99}, 0, now_minute()));
  EXPECT_FALSE(past.candle(kPerpetual, past.end_minute(), past.end_minute() + 1));
}

}  // namespace
}  // namespace venuebox::market
