// Instruments that come and go while a box runs.
#include <gtest/gtest.h>

#include "box/test_box.h"

namespace venuebox::box {
namespace {

constexpr auto kLinear = InstrumentKindOf::linear_perpetual;

const engine::Engine& engine_of(const Running& running) {
  return running.box->exchanges()[0]->engine();
}

const Instrument& find(const Running& running, std::string_view symbol) {
  const Instrument* found = engine_of(running).find_instrument(symbol, kLinear);
  VENUEBOX_ASSERT(found != nullptr);
  return *found;
}

// With the terms of bitcoin's perpetual.
gateway::Listing listing(const Running& running, const std::string& base) {
  gateway::Listing listing{find(running, "BTCUSDT"), base, "USDT", "USDT"};
  listing.terms.symbol = base + "USDT";
  return listing;
}

InstrumentId list(Running& running, const std::string& base, Ticks price) {
  const auto listed = running.box->list_instrument(0, listing(running, base), price);
  VENUEBOX_ASSERT(bool(listed));
  return *listed;
}

std::string buy(Running& running, std::string_view symbol, std::string_view quantity) {
  return running.send(net::Method::post, "/v5/order/create",
                      fmt::format(R"({{"category":"linear","symbol":"{}","side":"Buy",)"
                                  R"("orderType":"Market","qty":"{}"}})",
                                  symbol, quantity));
}

// Everything that the venue says of a symbol's market.
std::string shown(Running& running, std::string_view symbol) {
  std::string text;
  for (const char* path : {"tickers", "orderbook", "recent-trade"}) {
    text += running.send(net::Method::get,
                         fmt::format("/v5/market/{}?category=linear&symbol={}", path, symbol));
  }
  return text;
}

TEST(Listing, TheMarketTradesItAtOnce) {
  Running running(store::make_memory_store());
  running.turn(seconds(5));
  const InstrumentId id = list(running, "NEW", Ticks{50'000});
  BookLevel bid;
  ASSERT_EQ(engine_of(running).depth(id, Side::buy, {&bid, 1}), 1u) << "no time has passed";
  EXPECT_NEAR(static_cast<double>(bid.price.raw), 50'000, 100);
  EXPECT_TRUE(running.send(net::Method::get, "/v5/market/instruments-info?category=linear")
                  .contains("NEWUSDT"));
  EXPECT_TRUE(buy(running, "NEWUSDT", "0.010").contains("\"retCode\":0"));
  EXPECT_EQ(engine_of(running).position(AccountId{4}, id).size.raw, 10);
  running.turn(seconds(30));
  int trades = 0;
  engine_of(running).trades(id, [&](const Trade&) { return ++trades, true; });
  EXPECT_GT(trades, 3);
}

TEST(Listing, WithoutAPriceItIsAFunctionOfSeedAndBase) {
  Running one(store::make_memory_store()), two(store::make_memory_store());
  Running other(store::make_memory_store(), config("synthetic", 2));
  two.turn(seconds(60));
  const auto price = [](Running& running, const std::string& base) {
    return *running.box->fair_price(base);
  };
  EXPECT_EQ(price(one, "NEW"), price(two, "NEW"));
  EXPECT_NE(price(one, "NEW"), price(one, "NEWER"));
  EXPECT_NE(price(one, "NEW"), price(other, "NEW"));
}

TEST(Listing, AllOtherSymbolsStayWhatTheyWouldBe) {
  Running with(store::make_memory_store()), without(store::make_memory_store());
  with.turn(seconds(7));
  without.turn(seconds(7));
  list(with, "NEW", Ticks{50'000});
  for (int i = 0; i < 20; ++i) {
    with.turn(seconds(3));
    without.turn(seconds(3));
    const auto depth = [](const Running& running) {
      std::vector<std::pair<std::int64_t, std::int64_t>> levels;
      for (const Side side : {Side::buy, Side::sell}) {
        BookLevel all[50];
        const InstrumentId id = find(running, "BTCUSDT").id;
        const std::size_t count = engine_of(running).depth(id, side, all);
        for (const BookLevel& level : std::span(all).first(count))
          levels.emplace_back(level.price.raw, level.quantity.raw);
      }
      return levels;
    };
    ASSERT_EQ(depth(with), depth(without)) << "after " << i;
  }
  const auto day = [](const Running& running) {
    const DayStatistics all = engine_of(running).day_statistics(find(running, "BTCUSDT").id);
    return std::pair(all.volume.raw, all.high.raw);
  };
  EXPECT_EQ(day(with), day(without));
}

TEST(Listing, DemoAccountsGetTheirBalanceOfANewAsset) {
  Running running(store::make_memory_store());
  gateway::Listing spot = listing(running, "NEW");
  spot.terms = *engine_of(running).find_instrument("BTCUSDT", InstrumentKindOf::spot);
  spot.terms.symbol = "NEWUSDT";
  ASSERT_TRUE(running.box->list_instrument(0, spot, {}));
  const Asset* asset = engine_of(running).find_asset("NEW");
  ASSERT_TRUE(asset);
  const Int128 million = multiply(1'000'000, power_of_ten(asset->scale));
  for (const std::uint32_t demo : {0u, 1u, 2u}) {
    const AccountId account{market::kAccounts + demo};
    EXPECT_EQ(engine_of(running).balance(account, asset->id).cash.units, million);
  }
  const Asset* quote = engine_of(running).find_asset("USDT");
  EXPECT_EQ(engine_of(running).balance(AccountId{4}, quote->id).cash.units, million);
}

TEST(Listing, UnderPinnedItWaitsForAQuote) {
  Running running(store::make_memory_store(), config("pinned"));
  const auto refused = running.box->list_instrument(0, listing(running, "NEW"), Ticks{50'000});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "price");
  const InstrumentId id = list(running, "NEW", {});
  EXPECT_FALSE(engine_of(running).mark_price(id));
  ASSERT_TRUE(
      running.box->set_quote(0, id, {Ticks{49'990}, Ticks{50'000}, {}, Lots{100}, Lots{100}}));
  EXPECT_TRUE(buy(running, "NEWUSDT", "0.010").contains("\"retCode\":0"));
  EXPECT_EQ(engine_of(running).position(AccountId{4}, id).size.raw, 10);
}

TEST(Listing, WhatIsThereAlreadyIsRefusedAndChangesNothing) {
  Running running(store::make_memory_store());
  const std::uint64_t state = running.box->state_hash();
  const auto where = [&](const gateway::Listing& wanted, Ticks price) {
    const auto refused = running.box->list_instrument(0, wanted, price);
    return refused ? std::string("it is listed") : refused.error().where;
  };
  EXPECT_EQ(where(listing(running, "BTC"), {}), "symbol");
  gateway::Listing wanted = listing(running, "BTC");
  wanted.terms.symbol = "BTC-OTHER";
  EXPECT_EQ(where(wanted, Ticks{50'000}), "price") << "bitcoin has a price";
  wanted.settle = "BTC";
  EXPECT_EQ(where(wanted, {}), "settle");
  wanted = listing(running, "USDT");
  EXPECT_EQ(where(wanted, {}), "quote");
  wanted = listing(running, "NEW");
  wanted.terms.tick = {0, 0};
  EXPECT_EQ(where(wanted, {}), "NEWUSDT");
  EXPECT_EQ(running.box->state_hash(), state);
}

struct Hashes {
  std::uint64_t state = 0;
  std::uint64_t events = 0;
  friend bool operator==(const Hashes&, const Hashes&) = default;
};

Hashes hashes(const Running& running) {
  return {running.box->state_hash(), running.box->event_hash()};
}

// Lists, trades, lists again and delists the first one.
void live(Running& running) {
  running.turn(seconds(3));
  const InstrumentId id = list(running, "NEW", Ticks{50'000});
  ASSERT_TRUE(running.box->commit());
  running.turn(seconds(3));
  buy(running, "NEWUSDT", "0.010");
  list(running, "LATER", {});
  running.turn(seconds(4));
  ASSERT_TRUE(running.box->set_phase(0, id, TradingPhase::delisted, {}));
  ASSERT_TRUE(running.box->commit());
}

TEST(Listing, ComesBackFromTheJournal) {
  for (const char* market : {"synthetic", "pinned"}) {
    Folder folder;
    Hashes before, after;
    {
      Running running(folder.store(), config(market));
      running.turn(seconds(3));
      list(running, "NEW", Ticks{market == std::string("pinned") ? 0 : 50'000});
      running.turn(seconds(3));
      before = hashes(running);
    }
    Running again(folder.store(), config(market));
    ASSERT_TRUE(again.box) << again.error;
    EXPECT_EQ(hashes(again), before) << market;
    EXPECT_EQ(find(again, "NEWUSDT").phase, TradingPhase::open);
  }
}

TEST(Listing, AfterListingAndDelistingItComesBackFromTheJournal) {
  Folder folder;
  Hashes before;
  {
    Running running(folder.store());
    live(running);
    running.turn(seconds(5));
    before = hashes(running);
  }
  const auto report = replay_journal(folder.store(true));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->state_hash, before.state);
  EXPECT_EQ(report->event_hash, before.events);
  Running again(folder.store());
  ASSERT_TRUE(again.box) << again.error;
  EXPECT_EQ(hashes(again), before);
}

TEST(Listing, AfterASnapshotItGoesOnAsIfNothingHadBeen) {
  Folder folder;
  Running straight(store::make_memory_store());
  live(straight);
  straight.turn(seconds(10));
  {
    Running running(folder.store());
    live(running);
    ASSERT_TRUE(running.box->save_snapshot());
  }
  Running again(folder.store());
  ASSERT_TRUE(again.box) << again.error;
  EXPECT_EQ(again.box->recovered_batches(), 0u);
  EXPECT_EQ(find(again, "NEWUSDT").phase, TradingPhase::delisted);
  again.turn(seconds(10));
  EXPECT_EQ(hashes(again), hashes(straight));
  EXPECT_EQ(shown(again, "LATERUSDT"), shown(straight, "LATERUSDT"));
}

TEST(Listing, AResetEndsWhatWasListed) {
  Running running(store::make_memory_store());
  const Hashes start = hashes(running);
  live(running);
  ASSERT_TRUE(running.box->reset());
  EXPECT_EQ(hashes(running), start);
  EXPECT_FALSE(engine_of(running).find_instrument("NEWUSDT", kLinear));
}

TEST(Delisting, EndsTheMarketAndTellsTheVenuesOwnWords) {
  Running running(store::make_memory_store());
  running.turn(seconds(3));
  const InstrumentId id = list(running, "NEW", Ticks{50'000});
  list(running, "LATER", Ticks{50'000});
  buy(running, "NEWUSDT", "0.010");
  ASSERT_TRUE(running.box->set_phase(0, id, TradingPhase::delisted, Ticks{60'000}));
  EXPECT_EQ(engine_of(running).position(AccountId{4}, id).size.raw, 0);
  const auto get = [&](std::string_view path) { return running.send(net::Method::get, path); };
  EXPECT_TRUE(get("/v5/execution/list?category=linear&symbol=NEWUSDT")
                  .contains(R"("execType":"Delivery")"));
  EXPECT_TRUE(get("/v5/position/closed-pnl?category=linear&symbol=NEWUSDT")
                  .contains("\"avgExitPrice\":\"6000\""));
  EXPECT_TRUE(get("/v5/account/transaction-log?category=linear").contains("DELIVERY"));
  const char* all = "/v5/market/instruments-info?category=linear";
  EXPECT_FALSE(get(all).contains("NEWUSDT"));
  EXPECT_TRUE(get(all).contains("LATERUSDT"));
  EXPECT_TRUE(get(std::string(all) + "&status=Closed").contains("NEWUSDT"));
  EXPECT_TRUE(get(std::string(all) + "&symbol=NEWUSDT").contains(R"("status":"Closed")"));
  EXPECT_FALSE(get("/v5/market/tickers?category=linear").contains("NEWUSDT"));
  EXPECT_TRUE(get("/v5/market/tickers?category=linear&symbol=NEWUSDT").contains("10001"));
  EXPECT_TRUE(buy(running, "NEWUSDT", "0.010").contains("110074"));

  const std::uint64_t version = engine_of(running).book_version(id);
  running.turn(seconds(30));
  EXPECT_EQ(engine_of(running).book_version(id), version) << "nobody quotes it any more";
  EXPECT_EQ(engine_of(running).broken_law(), "");
}

TEST(Delisting, IsForGood) {
  Running running(store::make_memory_store());
  const InstrumentId id = list(running, "NEW", Ticks{50'000});
  ASSERT_TRUE(running.box->set_phase(0, id, TradingPhase::delisted, {}));
  EXPECT_FALSE(running.box->set_phase(0, id, TradingPhase::open, {}));
  EXPECT_FALSE(running.box->list_instrument(0, listing(running, "NEW"), {}));
}

TEST(Delisting, OfARecordedInstrumentEndsItsReplay) {
  const std::string recording = std::string(VENUEBOX_SOURCE_DIR) +
                                "/examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz";
  Running running(store::make_memory_store(), config("replay:" + recording));
  running.turn(seconds(2));
  const InstrumentId id = find(running, "BTCUSDT").id;
  ASSERT_TRUE(running.box->set_phase(0, id, TradingPhase::delisted, {}));
  const std::uint64_t version = engine_of(running).book_version(id);
  running.turn(seconds(5));
  EXPECT_EQ(engine_of(running).book_version(id), version);
}

// What stood before a halt stands in it, and the market goes on from there afterwards.
TEST(Phases, AHaltKeepsTheMarketStill) {
  Running running(store::make_memory_store());
  running.turn(seconds(5));
  const InstrumentId id = find(running, "BTCUSDT").id;
  ASSERT_TRUE(running.box->set_phase(0, id, TradingPhase::halted, {}));
  const std::uint64_t version = engine_of(running).book_version(id);
  running.turn(seconds(60));
  EXPECT_EQ(engine_of(running).book_version(id), version);
  ASSERT_TRUE(running.box->set_phase(0, id, TradingPhase::open, {}));
  running.turn(seconds(10));
  EXPECT_NE(engine_of(running).book_version(id), version);
  EXPECT_EQ(engine_of(running).broken_law(), "");
}

// The recording goes on while nothing trades: afterwards the book is what it would be.
TEST(Phases, AfterAHaltAReplayShowsTheRecordedBook) {
  const std::string recording = std::string(VENUEBOX_SOURCE_DIR) +
                                "/examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz";
  Folder folder;
  Running straight(store::make_memory_store(), config("replay:" + recording));
  straight.turn(seconds(22));
  const auto book = [](const Running& running) {
    std::vector<std::pair<std::int64_t, std::int64_t>> levels;
    BookLevel all[200];
    for (const Side side : {Side::buy, Side::sell}) {
      const InstrumentId id = find(running, "BTCUSDT").id;
      const std::size_t count = engine_of(running).depth(id, side, all);
      for (const BookLevel& level : std::span(all).first(count))
        levels.emplace_back(level.price.raw, level.quantity.raw);
    }
    return levels;
  };
  {
    Running running(folder.store(), config("replay:" + recording));
    const InstrumentId id = find(running, "BTCUSDT").id;
    running.turn(seconds(10));
    ASSERT_TRUE(running.box->set_phase(0, id, TradingPhase::halted, {}));
    running.turn(seconds(10));
    ASSERT_TRUE(running.box->save_snapshot());
  }
  Running again(folder.store(), config("replay:" + recording));
  ASSERT_TRUE(again.box) << again.error;
  EXPECT_NE(book(again), book(straight));
  const InstrumentId id = find(again, "BTCUSDT").id;
  ASSERT_TRUE(again.box->set_phase(0, id, TradingPhase::open, {}));
  again.turn(seconds(2));
  EXPECT_EQ(book(again), book(straight));
}

}  // namespace
}  // namespace venuebox::box
