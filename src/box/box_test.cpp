#include "box/box.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "box/test_streaming.h"

namespace venuebox::box {
namespace {

// A little of everything: orders that rest and fill, time, an account, a refusal.
void live_a_little(Running& running) {
  running.place("Buy", "59000.00", "rests");
  running.place("Buy", "62000.00", "fills");
  ASSERT_TRUE(running.box->commit());
  running.turn(seconds(2));
  running.place("Sell", "0.01", "refused");
  ASSERT_TRUE(running.box->create_account("dave", std::nullopt, {}));
  ASSERT_TRUE(running.box->deposit("dave", "bybit", "USDT", "12.5"));
  ASSERT_TRUE(running.box->commit());
  running.turn(milliseconds(700));
}

TEST(Box, EqualConfigurationsAndCommandsGiveEqualBytes) {
  Running a(store::make_memory_store()), b(store::make_memory_store());
  Running other(store::make_memory_store(), config("synthetic", 2));
  for (Running* running : {&a, &b, &other})
    live_a_little(*running);
  EXPECT_EQ(a.box->state_hash(), b.box->state_hash());
  EXPECT_EQ(a.box->event_hash(), b.box->event_hash());
  EXPECT_NE(a.box->event_hash(), other.box->event_hash());
  EXPECT_EQ(a.send(net::Method::get, "/v5/order/realtime?category=linear&symbol=BTCUSDT"),
            b.send(net::Method::get, "/v5/order/realtime?category=linear&symbol=BTCUSDT"));
}

TEST(Box, ComesBackFromItsJournal) {
  Folder folder;
  std::uint64_t state = 0, events = 0;
  {
    Running running(folder.store());
    live_a_little(running);
    state = running.box->state_hash();
    events = running.box->event_hash();
  }
  Running again(folder.store());
  ASSERT_TRUE(again.box) << again.error;
  EXPECT_TRUE(again.box->is_recovered());
  EXPECT_EQ(again.box->state_hash(), state);
  EXPECT_EQ(again.box->event_hash(), events);
  EXPECT_EQ(again.box->accounts().back().name, "dave");
  EXPECT_NE(again.place("Buy", "59000.00", "rests").find("110072"), std::string::npos)
      << "the client order id is taken";
}

TEST(Box, ComesBackFromASnapshotAndGoesOnAlike) {
  Folder folder;
  Running straight(store::make_memory_store());
  live_a_little(straight);
  {
    Running running(folder.store());
    live_a_little(running);
    ASSERT_TRUE(running.box->save_snapshot());
  }
  Running again(folder.store());
  ASSERT_TRUE(again.box) << again.error;
  EXPECT_FALSE(again.box->is_recovered()) << "no batch follows the snapshot";
  for (Running* running : {&straight, &again}) {
    running->place("Buy", "62000.00", "later");
    ASSERT_TRUE(running->box->commit());
    running->turn(seconds(3));
  }
  EXPECT_EQ(again.box->state_hash(), straight.box->state_hash());
  EXPECT_EQ(again.box->event_hash(), straight.box->event_hash());
}

TEST(Box, AWallBoxGoesOnAtTheWallAfterAPause) {
  Folder folder;
  const BoxSettings wall = settings(ClockMode::wall);
  {
    Running running(folder.store(), config(), wall);
    running.place("Buy", "59000.00", "rests");
    ASSERT_TRUE(running.box->commit());
  }
  {
    Running later(folder.store(), config(), wall);
    ASSERT_TRUE(later.box) << later.error;
    later.door.advance(seconds(3'600));
    later.box->advance();
    EXPECT_EQ(later.box->now(), later.door.now());
    ASSERT_TRUE(later.box->commit());
  }
  Running third(folder.store(), config(), wall);
  ASSERT_TRUE(third.box) << third.error;
}

TEST(Box, WhatTheMarketDidToAUserIsNotForgotten) {
  Folder folder;
  const BoxSettings wall = settings(ClockMode::wall);
  std::string filled;
  const char* history = "/v5/order/history?category=linear&symbol=BTCUSDT&orderStatus=Filled";
  {
    Running running(folder.store(), config(), wall);
    running.place("Buy", "60000.00", "waits");
    ASSERT_TRUE(running.box->commit());
    for (int i = 0; i < 20'000 && !filled.contains("waits"); ++i) {
      running.door.advance(milliseconds(250));
      running.box->advance();
      filled = running.send(net::Method::get, history);
      ASSERT_TRUE(running.box->commit());
    }
    ASSERT_TRUE(filled.contains("waits")) << filled;
  }
  Running again(folder.store(), config(), wall);
  ASSERT_TRUE(again.box) << again.error;
  EXPECT_TRUE(again.send(net::Method::get, history).contains("waits"));
}

// No command comes at the moment when an order expires: the box makes that moment happen, at its
// own time, and a recovered box makes it again.
TEST(Box, WhatFallsDueInAQuietMarketHappensThen) {
  Folder folder;
  std::uint64_t state = 0, events = 0;
  {
    Running running(folder.store(), config("pinned"));
    const Timestamp start = running.box->now();
    PlaceOrder order;
    order.account = AccountId{4};
    order.price = Ticks{500'000};
    order.quantity = Lots{10};
    order.value.asset = AssetId{1};
    order.time_in_force = TimeInForce::gtd;
    order.expires = start + milliseconds(1'234);
    Exchange& exchange = *running.box->exchanges()[0];
    exchange.desk().execute(order);
    running.place("Buy", "59000.00", "stays");  // takes what was noted into the batch
    running.turn(seconds(60));
    int closed = 0;
    exchange.engine().closed_orders(order.account, [&](const Order& ended) {
      EXPECT_EQ(ended.cancel_reason, CancelReason::expired);
      EXPECT_EQ(ended.updated, order.expires);
      return ++closed > 0;
    });
    EXPECT_EQ(closed, 1);
    state = running.box->state_hash();
    events = running.box->event_hash();
  }
  Running again(folder.store(), config("pinned"));
  ASSERT_TRUE(again.box) << again.error;
  EXPECT_EQ(again.box->state_hash(), state);
  EXPECT_EQ(again.box->event_hash(), events);
}

TEST(Box, AStoreThatDoesNotFitIsRefusedWithWhatDiffers) {
  Folder folder;
  { Running running(folder.store()); }
  Running other(folder.store(), config("pinned", 3));
  EXPECT_FALSE(other.box);
  EXPECT_NE(other.error.find("seed: stored 1, asked for 3"), std::string::npos) << other.error;
  EXPECT_NE(other.error.find("market: stored synthetic, asked for pinned"), std::string::npos);
  EXPECT_NE(other.error.find("--fresh"), std::string::npos);
  BoxSettings fresh = settings();
  fresh.fresh = true;
  Running anew(folder.store(), config("pinned", 3), fresh);
  EXPECT_TRUE(anew.box) << anew.error;
}

TEST(Box, ResetIsTheBeginningAgain) {
  Running running(store::make_memory_store());
  const std::uint64_t state = running.box->state_hash();
  const std::uint64_t events = running.box->event_hash();
  live_a_little(running);
  EXPECT_NE(running.box->state_hash(), state);
  ASSERT_TRUE(running.box->reset());
  EXPECT_EQ(running.box->state_hash(), state);
  EXPECT_EQ(running.box->event_hash(), events);
  EXPECT_EQ(running.box->accounts().size(), 3u);
}

TEST(Box, AResetThatFailsChangesNothing) {
  Folder folder;
  const std::string recording = folder.path + "/r.raw.gz";
  std::filesystem::copy_file(std::string(VENUEBOX_SOURCE_DIR) +
                                 "/examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz",
                             recording);
  std::uint64_t state = 0;
  {
    Running running(folder.store(), config("replay:" + recording));
    live_a_little(running);
    state = running.box->state_hash();
    std::filesystem::rename(recording, recording + ".away");
    EXPECT_FALSE(running.box->reset());
    EXPECT_EQ(running.box->state_hash(), state);
    EXPECT_EQ(running.box->accounts().size(), 4u);
    ASSERT_TRUE(running.box->commit());
  }
  std::filesystem::rename(recording + ".away", recording);
  Running again(folder.store(), config("replay:" + recording));
  ASSERT_TRUE(again.box) << again.error;
  EXPECT_EQ(again.box->state_hash(), state);
}

TEST(Box, VenuesAndSymbolsAreCheckedBeforeAnythingIsMade) {
  const auto error_of = [](std::vector<std::string> venues, std::vector<std::string> symbols) {
    BoxConfig wanted = config();
    wanted.venues = std::move(venues);
    wanted.symbols = std::move(symbols);
    return Running(store::make_memory_store(), wanted).error;
  };
  EXPECT_EQ(error_of({"bybit", "bybit"}, {"BTC"}), "venues: 'bybit' is named twice");
  EXPECT_EQ(error_of({}, {"BTC"}), "venues: name at least one");
  EXPECT_EQ(error_of({"none"}, {"BTC"}), "venues: 'none' is not a venue of this program");
  EXPECT_EQ(error_of({"bybit"}, {"BTC", "BTC"}), "symbols: 'BTC' is named twice");
  EXPECT_NE(error_of({"bybit"}, {"BTC", "NOPE"}).find("no venue here lists 'NOPE'"),
            std::string::npos);
}

TEST(Box, OneStepOfTheClockIsBounded) {
  Running running(store::make_memory_store());
  EXPECT_FALSE(running.box->advance_clock(running.box->now() + seconds(86'401)));
  Running pinned(store::make_memory_store(), config("pinned"));
  EXPECT_TRUE(pinned.box->advance_clock(pinned.box->now() + seconds(86'401)));
  EXPECT_FALSE(pinned.box->advance_clock(timestamp_from_ms(9'000'000'000'000)));
}

TEST(Box, WhatCannotKeepUpFallsBehindItsClock) {
  Folder folder;
  BoxSettings fast = settings(ClockMode::scaled);
  fast.clock.scale = 100'000;
  std::uint64_t state = 0;
  {
    Running running(folder.store(), config(), fast);
    const Timestamp begin = running.box->now();
    running.door.advance(seconds(10));  // 1,000,000 seconds of the box
    ASSERT_TRUE(running.box->commit());
    running.box->advance();
    EXPECT_GT(running.box->now(), begin);
    EXPECT_LT(running.box->now(), begin + seconds(10'000)) << "one turn does a bounded amount";
    running.place("Buy", "59000.00", "a");
    ASSERT_TRUE(running.box->commit());
    state = running.box->state_hash();
  }
  Running again(folder.store(), config(), fast);
  ASSERT_TRUE(again.box) << again.error;
  EXPECT_EQ(again.box->state_hash(), state);
}

TEST(Box, AWallBoxThatWasAsleepDoesNotCatchUp) {
  Folder folder;
  std::uint64_t state = 0;
  {
    Running running(folder.store(), config(), settings(ClockMode::wall));
    running.door.advance(seconds(7'200));
    running.box->advance();
    EXPECT_EQ(running.box->now(), running.door.now());
    running.place("Buy", "59000.00", "a");
    EXPECT_LT(running.box->exchanges()[0]->engine().sequence(), 1'000u);
    ASSERT_TRUE(running.box->commit());
    state = running.box->state_hash();
  }
  const auto report = replay_journal(folder.store(true));
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->state_hash, state);
}

TEST(Box, RefusalsOfOperatorsChangeNothing) {
  Running running(store::make_memory_store());
  const std::uint64_t state = running.box->state_hash();
  using Balances = std::map<std::string, std::string>;
  EXPECT_FALSE(running.box->create_account("alice", std::nullopt, {}));
  EXPECT_FALSE(running.box->create_account("", std::nullopt, {}));
  EXPECT_FALSE(running.box->create_account("eve", Balances{{"USDT", "-1"}}, {}));
  EXPECT_FALSE(running.box->create_account("eve", Balances{{"USDT", "1e40"}}, {}));
  EXPECT_FALSE(running.box->create_account("eve", Balances{{"NONE", "1"}}, {}));
  EXPECT_FALSE(running.box->create_account("eve", std::nullopt, {{"acme", "{}"}}));
  EXPECT_FALSE(running.box->create_account("eve", std::nullopt, {{"bybit", "["}}));
  EXPECT_FALSE(running.box->deposit("eve", "bybit", "USDT", "1"));
  EXPECT_FALSE(running.box->deposit("alice", "acme", "USDT", "1"));
  EXPECT_FALSE(running.box->deposit("alice", "bybit", "USDT", "0"));
  EXPECT_FALSE(running.box->set_quote(0, InstrumentId{0}, {{1}, {2}, {}, {1}, {1}}))
      << "the market is not pinned";
  EXPECT_FALSE(running.box->advance_clock(running.box->now() + nanoseconds(-1)));
  EXPECT_EQ(running.box->state_hash(), state);
}

// A store that fails from its n-th append on.
class FailingStore final : public store::Store {
 public:
  explicit FailingStore(int appends) : appends_left_(appends) {}
  Result<std::optional<store::Maker>> maker() override { return inner_->maker(); }
  Result<void> set_maker(const store::Maker& maker) override { return inner_->set_maker(maker); }
  Result<std::uint64_t> append(std::string_view batch) override {
    if (appends_left_-- <= 0) return Error{ErrorKind::io, "disk", "is full"};
    return inner_->append(batch);
  }
  Result<void> save_snapshot(const store::Snapshot& s) override { return inner_->save_snapshot(s); }
  Result<std::optional<store::Snapshot>> load_snapshot() override {
    return inner_->load_snapshot();
  }
  Result<void> each_batch(FunctionRef<bool(std::uint64_t, std::string_view)> visit) override {
    return inner_->each_batch(visit);
  }

 private:
  std::unique_ptr<store::Store> inner_ = store::make_memory_store();
  int appends_left_;
};

TEST(Box, ACommitThatFailsSaysSo) {
  Running never(std::make_unique<FailingStore>(0));
  EXPECT_FALSE(never.box);
  Running once(std::make_unique<FailingStore>(1));
  ASSERT_TRUE(once.box) << once.error;
  EXPECT_TRUE(once.box->commit()) << "nothing happened, so nothing is written";
  once.place("Buy", "59000.00", "a");
  const auto committed = once.box->commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().text(), "disk: is full");
}

TEST(ReplayJournal, FindsTheSameEventsAndLeavesTheFileAlone) {
  Folder folder;
  std::uint64_t state = 0;
  {
    Running running(folder.store());
    live_a_little(running);
    state = running.box->state_hash();
  }
  for (int i = 0; i < 2; ++i) {
    const auto report = replay_journal(folder.store(true));
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(report->state_hash, state);
    EXPECT_GE(report->batches, 5u);
    EXPECT_FALSE(report->from_snapshot);
  }
}

TEST(ReplayJournal, NoticesWhatDoesNotRepeat) {
  Folder folder;
  { Running running(folder.store()); }
  Batch forged;
  forged.event_hash = 1;
  forged.entries.push_back({kManualStart, Passed{}});
  std::string bytes = bytes_of(forged);
  ByteWriter(bytes).put(hash_of(bytes));
  ASSERT_TRUE(folder.store()->append(bytes));
  const auto report = replay_journal(folder.store(true));
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().text().find("batch 2"), std::string::npos) << report.error().text();
  ASSERT_TRUE(folder.store()->set_maker({kFormatVersion, engine::kEngineVersion, config().text()}));
  bytes.back() ^= 1;
  ASSERT_TRUE(folder.store()->append(bytes));
  const auto damaged = replay_journal(folder.store(true));
  ASSERT_FALSE(damaged);
  EXPECT_NE(damaged.error().text().find("is damaged"), std::string::npos);
}

TEST(BoxClock, FollowsItsModeAndNeverGoesBack) {
  ManualClock door(timestamp_from_ms(1'000));
  BoxClock wall(door, {});
  EXPECT_EQ(wall.now(), timestamp_from_ms(1'000));
  door.set(timestamp_from_ms(400));
  EXPECT_EQ(wall.now(), timestamp_from_ms(1'000));
  door.set(timestamp_from_ms(2'000));
  EXPECT_EQ(wall.now(), timestamp_from_ms(2'000));
  wall.advance_to(timestamp_from_ms(9'000));
  door.advance(milliseconds(1));
  EXPECT_EQ(wall.now(), timestamp_from_ms(9'001));

  BoxClock scaled(door, {.mode = ClockMode::scaled, .scale = 10, .start = Timestamp{}});
  door.advance(milliseconds(3));
  EXPECT_EQ(scaled.now(), timestamp_from_ms(30));

  BoxClock manual(door, {.mode = ClockMode::manual, .scale = 1, .start = {}});
  EXPECT_EQ(manual.now(), kManualStart);
  door.advance(seconds(5));
  EXPECT_EQ(manual.now(), kManualStart);
  manual.set_mode(ClockMode::wall, 1);
  door.advance(seconds(5));
  EXPECT_EQ(manual.now(), kManualStart + seconds(5));
}

TEST(BoxConfig, ReadsWhatItWrites) {
  const BoxConfig written = config("pinned", 99);
  const auto read = BoxConfig::from_text(written.text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text(), written.text());
  for (const char* text : {"", "{}", R"({"name":"x"})"})
    EXPECT_FALSE(BoxConfig::from_text(text));
}

// ---- streams ------------------------------------------------------------------------------------

TEST(BoxStreams, AnOrderIsToldOnItsOwnStreamInTheSameTurn) {
  Streaming running;
  running.say(0, R"({"op":"subscribe","args":["order"]})");
  ASSERT_TRUE(running.box->commit());
  running.place("Buy", "59000", "mine");
  EXPECT_EQ(running.sockets[0].take().size(), 0u) << "not before it is durable";
  ASSERT_TRUE(running.box->commit());
  const auto news = running.sockets[0].take();
  ASSERT_EQ(news.size(), 1u);
  EXPECT_TRUE(news[0].contains("\"orderLinkId\":\"mine\"")) << news[0];
}

TEST(BoxStreams, WhatTheClockBringsIsTold) {
  Streaming running;
  running.say(1, R"({"op":"subscribe","args":["orderbook.50.BTCUSDT"]})");
  ASSERT_TRUE(running.box->commit());
  EXPECT_EQ(running.sockets[1].take().size(), 1u);
  const View& view = running.box->exchanges()[0]->engine();
  const InstrumentId perpetual =
      view.find_instrument("BTCUSDT", InstrumentKindOf::linear_perpetual)->id;
  const market::Quote quote{Ticks{600'000}, Ticks{600'010}, {}, Lots{100}, Lots{100}};
  ASSERT_TRUE(running.box->set_quote(0, perpetual, quote));
  running.turn(seconds(1));
  EXPECT_EQ(running.sockets[1].take().size(), 1u);
}

TEST(BoxStreams, AResetSaysGoodbye) {
  Streaming running;
  ASSERT_TRUE(running.box->reset());
  for (const gateway::TestSocket& socket : running.sockets) {
    EXPECT_EQ(socket.closed_with, net::close_code::kServiceRestart);
    EXPECT_TRUE(socket.is_forgotten);
  }
}

TEST(BoxStreams, HandshakesAreInTheRequestLog) {
  Streaming running;
  running.box->requests().each([](const gateway::LoggedRequest& request) {
    EXPECT_EQ(request.venue, "bybit");
    EXPECT_EQ(request.operation, "stream");
    EXPECT_EQ(request.status, 101);
    return true;
  });
  EXPECT_EQ(running.box->requests().total(), 2u);
}

TEST(BoxStreams, AnOrdinaryRequestToAStreamsAddressFindsNothing) {
  Streaming running;
  running.send(net::Method::get, "/v5/private");
  EXPECT_EQ(running.response.status, 404);
  EXPECT_EQ(running.response.upgrade, nullptr);
}

TEST(BoxStreams, ListeningChangesNothingOfTheBox) {
  Streaming running;
  Running silent(store::make_memory_store(), config("pinned"));
  for (const char* topic : {"order", "execution", "position", "wallet"})
    running.say(0, fmt::format(R"({{"op":"subscribe","args":["{}"]}})", topic));
  running.say(1, R"({"op":"subscribe","args":["tickers.BTCUSDT","kline.1.BTCUSDT"]})");
  for (Running* each : {static_cast<Running*>(&running), &silent}) {
    each->place("Buy", "59000", "mine");
    each->turn(seconds(60));
  }
  EXPECT_EQ(running.box->state_hash(), silent.box->state_hash());
  EXPECT_EQ(running.box->event_hash(), silent.box->event_hash());
}

}  // namespace
}  // namespace venuebox::box
