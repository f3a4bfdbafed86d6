// Which markets text asks for, and how recordings play together.
#include "market/factory.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "engine/test_desk.h"
#include "market/composite.h"
#include "market/recorded_market.h"
#include "market/recording_parts.h"
#include "market/replay.h"

namespace venuebox::market {
namespace {
using engine::TestDesk;
using Kind = RecordedMessage::Kind;

const std::string kMinute =
    std::string(VENUEBOX_SOURCE_DIR) + "/examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz";
const std::string kGolden = std::string(VENUEBOX_SOURCE_DIR) + "/src/market/golden/";
constexpr std::int64_t kOne = 100'000'000;

std::string error_of(const std::string& market) {
  const auto spec = MarketSpec::from_text(market);
  return spec ? "none" : spec.error().text();
}

void expect_error(const std::string& market, const std::string& part) {
  const std::string error = error_of(market);
  EXPECT_NE(error.find(part), std::string::npos) << market << "\n  " << error;
}

// Small Tardis files of a perpetual whose tick is 0.10 and whose lot is 0.001.
class Recordings : public testing::Test {
 protected:
  Recordings() {
    folder_ = (std::filesystem::temp_directory_path() / "venuebox-factory-XXXXXX").string();
    VENUEBOX_ASSERT(::mkdtemp(folder_.data()) != nullptr);
    desk_.check_laws = false;
  }
  ~Recordings() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
    return folder_ + "/" + name;
  }
  // Rows `second,bid,ask`.
  std::string quotes(const std::string& name, const std::string& symbol,
                     const std::vector<std::array<std::int64_t, 3>>& rows) const {
    std::string text =
        "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,"
        "bid_amount\n";
    for (const auto& [second, bid, ask] : rows)
      text += fmt::format("x,{},0,{},1,{},{},1\n", symbol, second * 1'000'000, ask, bid);
    return file(name, text);
  }
  std::string trades(const std::string& name, const std::string& symbol,
                     const std::vector<std::array<std::int64_t, 2>>& rows) const {
    std::string text = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n";
    for (const auto& [second, price] : rows)
      text += fmt::format("x,{},0,{},1,sell,{},0.5\n", symbol, second * 1'000'000, price);
    return file(name, text);
  }
  std::unique_ptr<Market> market(const std::string& text) {
    const auto spec = MarketSpec::from_text(text);
    EXPECT_TRUE(spec) << spec.error().text();
    auto made = make_market(*spec, 1, "bybit", desk_.view(), desk_.clock);
    EXPECT_TRUE(made) << made.error().text();
    return std::move(*made);
  }
  // Runs all that comes due up to `second` after the start.
  void run(Market& market, std::int64_t second) {
    while (market.next_due() <= TestDesk::kStart + seconds(second)) {
      desk_.clock = market.next_due();
      market.step(desk_);
    }
  }
  std::int64_t best_bid() const {
    BookLevel best;
    const bool any = desk_.view().depth(TestDesk::kPerpetual, Side::buy, {&best, 1}) == 1;
    return any ? best.price.raw / 10 : 0;
  }

  std::string folder_;
  TestDesk desk_;
};

TEST(MarketSpec, ReadsWhatItWrites) {
  for (const std::string& text :
       {std::string("synthetic"), std::string("pinned"), "replay:" + kMinute,
        "replay:" + kMinute + ":speed=10:loop=off",
        "replay:" + kMinute + ":queue=head:from=5s:to=2024-08-08T23:54:30Z",
        "replay:" + kMinute + "," + kGolden + "bybit-linear-xrpusdt-ob500.data.zip"}) {
    const auto spec = MarketSpec::from_text(text);
    ASSERT_TRUE(spec) << spec.error().text();
    EXPECT_EQ(MarketSpec::from_text(spec->text())->text(), spec->text());
  }
  const auto spec = *MarketSpec::from_text(
      "replay:" + kMinute + ":speed=10:queue=proportional:from=2024-08-08T23:54:20Z:to=30s");
  EXPECT_EQ(spec.speed, 10);
  EXPECT_EQ(spec.queue, QueueModel::proportional);
  EXPECT_EQ(spec.begins, *timestamp_from_iso("2024-08-08T23:54:20Z"));
  EXPECT_EQ(spec.ends, spec.sources[0].inside.begins + seconds(30));
  EXPECT_EQ(*recording_start(spec), spec.begins);
}

TEST(MarketSpec, RefusesWithTheCause) {
  const std::string trades = kGolden + "tardis-bitmex-trades-XBTUSD.csv";
  expect_error("", "is not pinned, synthetic or replay:FILE");
  expect_error("live", "is not pinned");
  expect_error("replay:", "needs a file");
  expect_error("replay:/none", "does not exist");
  expect_error("replay:" + kGolden, "is a folder");
  expect_error("replay:" + kMinute + ":speed=0", "speed");
  expect_error("replay:" + kMinute + ":loop=maybe", "on or off");
  expect_error("replay:" + kMinute + ":queue=middle", "tail, proportional or head");
  expect_error("replay:" + kMinute + ":from=soon", "neither a time");
  expect_error("replay:" + kMinute + ":from=20s:to=10s", "must not be before from");
  expect_error("replay:" + kMinute + ":from=2h", "was recorded from 2024-08-08T23:54:1");
  expect_error("replay:" + kMinute + ":x", "does not exist");
  expect_error("replay:" + kMinute + "#0123456789abcdef", "has changed");
  expect_error("replay:" + kMinute + "," + kMinute, "second recording of the book");
  expect_error("replay:" + trades, "only trades of XBTUSD");
  expect_error("replay:" + kMinute + "," + trades, "second recording of the trades");
}

TEST(RecordedMarket, KnowsWhatRecordersWrite) {
  for (const char* symbol : {"BTCUSDT", "BTC-PERPETUAL", "XBTUSD", "BTC-USDT-SWAP", "BTC_USDT",
                             "BTCUSDC", "BTC-USD", "BTC/USDT:USDT"}) {
    EXPECT_EQ(base_of(symbol), "BTC") << symbol;
  }
  EXPECT_EQ(base_of("1000PEPEUSDT"), "1000PEPE");
  EXPECT_TRUE(is_coin_margined("bitmex", "XBTUSD"));
  EXPECT_TRUE(is_coin_margined("deribit", "BTC-PERPETUAL"));
  EXPECT_FALSE(is_coin_margined("coinbase", "BTC-USD"));
  EXPECT_FALSE(is_coin_margined("bybit", "BTCUSDT"));
}

TEST_F(Recordings, ACoinMarginedRecordingNeedsSuchAnInstrument) {
  const auto spec = *MarketSpec::from_text("replay:" + kGolden +
                                           "tardis-deribit-incremental_book_L2-BTC-PERPETUAL.csv");
  const auto refused = make_market(spec, 1, "bybit", desk_.view(), desk_.clock);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("coin-margined BTC"), std::string::npos);
  for (const CommandBody& command : TestDesk::risk_commands())
    desk_.execute(command);
  EXPECT_TRUE(make_market(spec, 1, "bybit", desk_.view(), desk_.clock));
}

TEST_F(Recordings, PricesOfAnotherScaleAreRefusedWithFileLineAndCause) {
  for (const std::string& text :
       {quotes("cents", "BTCUSDT", {{1, 6'000'000'000, 6'000'100'000}}),
        file("fine",
             "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,"
             "bid_amount\nx,BTCUSDT,0,1,1,60.123,60.122,1\n")}) {
    const auto refused = make_market(*MarketSpec::from_text("replay:" + text), 1, "bybit",
                                     desk_.view(), desk_.clock);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().where, text);
    EXPECT_NE(refused.error().detail.find("line 2: its price 60"), std::string::npos)
        << refused.error().detail;
  }
}

TEST_F(Recordings, WhatIsPassedOverIsNoted) {
  const std::string path = quotes("q", "BTCUSDT", {{1, 100, 101}, {3, 100, 102}, {2, 100, 103}});
  std::ofstream(path, std::ios::app) << "x,BTCUSDT,0,4,1\n";
  const auto notes = MarketSpec::from_text("replay:" + path)->notes();
  ASSERT_EQ(notes.size(), 2u);
  EXPECT_EQ(notes[0], path +
                          ": 1 unreadable lines skipped, first line 5: 5 cells, where the "
                          "header has 8");
  EXPECT_NE(notes[1].find("1 times that go back, first line 4"), std::string::npos) << notes[1];
}

TEST_F(Recordings, QuotesShowOneLevelEachSide) {
  const auto played =
      market("replay:" + quotes("q", "BTCUSDT", {{10, 100, 101}, {12, 90, 91}}) + ":loop=off");
  run(*played, 0);
  EXPECT_EQ(best_bid(), 100);
  run(*played, 2);
  std::array<BookLevel, 3> levels;
  EXPECT_EQ(desk_.view().depth(TestDesk::kPerpetual, Side::buy, levels), 1u);
  EXPECT_EQ(desk_.view().depth(TestDesk::kPerpetual, Side::sell, levels), 1u);
  EXPECT_EQ(best_bid(), 90);
}

TEST_F(Recordings, TradesOfOneFilePlayInTheBookOfAnother) {
  const std::string book = quotes("q", "BTCUSDT", {{10, 100, 101}, {14, 90, 91}});
  const std::string tape = trades("t", "BTCUSDT", {{9, 100}, {12, 100}, {20, 100}});
  const auto played = market("replay:" + tape + "," + book + ":loop=off");
  run(*played, 1);
  EXPECT_EQ(best_bid(), 100);
  EXPECT_FALSE(desk_.view().last_price(TestDesk::kPerpetual)) << "trades before the book are left";
  run(*played, 2);
  EXPECT_EQ(desk_.view().last_price(TestDesk::kPerpetual), Ticks{1'000});
  run(*played, 4);
  EXPECT_EQ(best_bid(), 90);
}

TEST_F(Recordings, APartBeginsWithTheBookAsItWasThen) {
  auto whole =
      *open_recording(quotes("q", "BTCUSDT", {{10, 100, 101}, {11, 99, 101}, {15, 98, 101}}));
  const auto part = part_of(std::move(whole), timestamp_from_ms(12'000), timestamp_from_ms(15'000));
  for (int round = 0; round < 2; ++round) {
    RecordedMessage message;
    ASSERT_TRUE(part->next(message));
    EXPECT_EQ(message.kind, Kind::snapshot);
    EXPECT_EQ(message.time, timestamp_from_ms(12'000));
    EXPECT_EQ(message.bids, (std::vector<RecordedLevel>{{99 * kOne, kOne}}));
    ASSERT_TRUE(part->next(message));
    EXPECT_EQ(message.kind, Kind::depth);
    EXPECT_EQ(message.time, timestamp_from_ms(15'000));
    EXPECT_FALSE(part->next(message));
    part->rewind();
  }
}

TEST_F(Recordings, FromAndToCutWhatIsPlayed) {
  const auto played =
      market("replay:" +
             quotes("q", "BTCUSDT", {{10, 100, 101}, {12, 99, 101}, {14, 98, 101}, {16, 97, 101}}) +
             ":from=3s:to=1970-01-01T00:00:15Z:loop=off");
  run(*played, 0);
  EXPECT_EQ(best_bid(), 99) << "as of 13 s";
  run(*played, 1);
  EXPECT_EQ(best_bid(), 98);
  run(*played, 60);
  EXPECT_EQ(best_bid(), 98) << "what comes at 16 s is not played";
}

// Two instruments with recordings of different beginnings and ends: their distance stays what it
// was recorded as, through rounds and pauses.
TEST_F(Recordings, SeveralStaySideBySide) {
  Instrument ether = desk_.view().instruments()[0];
  ether.id = InstrumentId{2};
  ether.base = AssetId{2};
  ether.symbol = "ETHUSDT";
  desk_.execute(AddAsset{{AssetId{2}, "ETH", 14}});
  desk_.execute(ListInstrument{ether});
  const auto first =
      *MarketSpec::from_text("replay:" + quotes("b", "BTCUSDT", {{10, 100, 101}, {14, 99, 101}}) +
                             "," + quotes("e", "ETHUSDT", {{12, 50, 51}, {20, 49, 51}}));
  auto made = make_market(first, 1, "bybit", desk_.view(), desk_.clock);
  ASSERT_TRUE(made) << made.error().text();
  Market& market = **made;
  const auto bids = [&](InstrumentId id) {
    BookLevel best;
    return desk_.view().depth(id, Side::buy, {&best, 1}) == 1 ? best.price.raw / 10 : 0;
  };
  run(market, 1);
  EXPECT_EQ(bids(ether.id), 0) << "its recording begins two seconds later";
  run(market, 2);
  EXPECT_EQ(bids(ether.id), 50);
  run(market, 10);
  EXPECT_EQ(bids(ether.id), 49);
  EXPECT_EQ(bids(TestDesk::kPerpetual), 99);
  run(market, 11);  // A round is ten seconds and the gap of one.
  EXPECT_EQ(bids(TestDesk::kPerpetual), 100);
  run(market, 12);
  EXPECT_EQ(bids(ether.id), 49);
  run(market, 13);
  EXPECT_EQ(bids(ether.id), 50);
  // The next message would be due at 15; after the pause it comes a hundred seconds later.
  const Nanoseconds until = market.next_due() - desk_.clock;
  market.resume_at(market.next_due() + seconds(100));
  EXPECT_EQ(market.next_due() - desk_.clock, until + seconds(100));
  run(market, 114);
  EXPECT_EQ(bids(TestDesk::kPerpetual), 100);
  run(market, 115);
  EXPECT_EQ(bids(TestDesk::kPerpetual), 99);
  run(market, 120);
  EXPECT_EQ(bids(ether.id), 50);
  run(market, 121);
  EXPECT_EQ(bids(ether.id), 49);
}

TEST_F(Recordings, APartWithTradesGoesOnFromWhatItSaved) {
  const std::string text =
      "replay:" +
      quotes("q", "BTCUSDT", {{10, 100, 101}, {12, 99, 101}, {14, 98, 101}, {16, 97, 101}}) + "," +
      trades("t", "BTCUSDT", {{13, 99}, {15, 98}}) + ":from=1s:queue=head";
  const auto live = market(text);
  run(*live, 3);
  std::string engine, saved;
  desk_.engine.save(engine);
  ByteWriter out(saved);
  live->save(out);

  TestDesk again;
  again.check_laws = false;
  ASSERT_TRUE(again.engine.load(engine));
  auto resumed =
      make_market(*MarketSpec::from_text(text), 1, "bybit", again.view(), TestDesk::kStart);
  ASSERT_TRUE(resumed);
  ByteReader in(saved);
  (*resumed)->load(in);
  ASSERT_TRUE(in.ok() && in.at_end());
  run(*live, 9);
  while ((*resumed)->next_due() <= TestDesk::kStart + seconds(9)) {
    again.clock = (*resumed)->next_due();
    (*resumed)->step(again);
  }
  EXPECT_EQ(best_bid(), 98) << "in the second round";
  EXPECT_EQ(again.engine.state_hash(), desk_.engine.state_hash());
}

TEST_F(Recordings, TheSpotMarketFollowsTheReplayedPerpetual) {
  const auto played = market("replay:" + kMinute);
  run(*played, 0);
  BookLevel best;
  ASSERT_EQ(desk_.view().depth(TestDesk::kSpot, Side::buy, {&best, 1}), 1u);
  EXPECT_NEAR(static_cast<double>(best.price.raw), 618'002, 200);
}

}  // namespace
}  // namespace venuebox::market
