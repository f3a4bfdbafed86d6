// Watching and unwatching, refusals, hostile messages, and who may be destroyed when.
#include "client/test_watcher.h"

namespace venuebox::client {
namespace {
using Kind = StreamEvent::Kind;

struct WatcherBasics : WatcherTest {
  WatcherBasics() { make(); }
};

TEST_F(WatcherBasics, SaysWhatItCannotWatch) {
  const auto unknown = watcher->watch_trades("DOGE", {});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().text(), "acme lists no market 'DOGE'; load_markets tells which");
  const auto candles = watcher->watch_ohlcv("BTC", 1, {});
  ASSERT_FALSE(candles);
  EXPECT_EQ(candles.error().text(), "topic: acme has no candles");
  watcher->set_markets({});
  const auto early = watcher->watch_trades("BTC", {});
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().text(),
            "markets are not loaded yet; load them and call set_markets first");
  turn();
  EXPECT_TRUE(streams.lines.empty());
}

TEST_F(WatcherBasics, TwoWatchesShareASubscription) {
  const auto first = watch_trades();
  const auto second = watch_trades();
  open();
  streams.say("trade trades.BTC t1");
  EXPECT_EQ(told, (Texts{"t1", "t1"}));
  watcher->unwatch(first);
  EXPECT_EQ(streams.take_sent(), Texts{});
  streams.say("trade trades.BTC t2");
  EXPECT_EQ(told, (Texts{"t1", "t1", "t2"}));
  watcher->unwatch(second);
  EXPECT_EQ(streams.take_sent(), Texts{"unsub 2 trades.BTC"});
  streams.say("trade trades.BTC t3");
  EXPECT_EQ(told.size(), 3u);
  EXPECT_EQ(watcher->counts().garbled, 0u) << "it was on its way";
}

TEST_F(WatcherBasics, ASecondWatchIsToldTheBookThatIsThere) {
  watch_book();
  open();
  streams.say("book book.BTC whole 5 10 20");
  watch_book();
  EXPECT_EQ(books.size(), 1u) << "in a later turn";
  turn();
  EXPECT_EQ(books.size(), 2u);
  EXPECT_EQ(streams.take_sent(), Texts{});
}

TEST_F(WatcherBasics, WhatIsUnwatchedWhileConnectingIsNotAskedFor) {
  const auto id = watch_trades("BTC");
  watch_trades("ETH");
  turn();
  watcher->unwatch(id);
  streams.accept();
  EXPECT_EQ(streams.take_sent(), Texts{"sub 1 trades.ETH"});
  watcher->unwatch(id);
  watcher->unwatch(12345);
  EXPECT_EQ(streams.take_sent(), Texts{});
}

TEST_F(WatcherBasics, ConnectsForNobodyNoMore) {
  watcher->unwatch(watch_trades());
  scheduler.run_for(seconds(10));
  EXPECT_TRUE(streams.lines.empty());
}

TEST_F(WatcherBasics, AnAnswerToWhatWasDroppedSinceMeansNothing) {
  const auto id = watch_book();
  turn();
  streams.accept();
  watcher->unwatch(id);
  watch_book();
  EXPECT_EQ(streams.take_sent(), (Texts{"sub 1 book.BTC", "unsub 2 book.BTC", "sub 3 book.BTC"}));
  streams.say("ok 1");
  streams.say("book book.BTC change 7 1 0");
  EXPECT_EQ(watcher->counts().resyncs, 0u) << "the one that counts is not answered yet";
  streams.say("no 1");
  streams.say("ok 3");
  EXPECT_EQ(take_events(Kind::refused).size(), 1u) << "an answer that nobody waits for";
}

// ---- refusals -----------------------------------------------------------------------------------

TEST_F(WatcherBasics, ARefusedSubscriptionIsToldAndDropped) {
  watch_trades();
  turn();
  streams.accept();
  streams.take_sent();
  streams.say("no 1");
  const auto refused = take_events(Kind::refused);
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].channel, "trades.BTC");
  EXPECT_EQ(refused[0].text, "acme says no");
  scheduler.run_for(seconds(15));
  EXPECT_EQ(streams.take_sent(), Texts{}) << "not asked for again";
}

TEST_F(WatcherBasics, OneThatIsRefusedTakesNoOtherWithIt) {
  watch_trades("BTC");
  watch_trades("ETH");
  turn();
  streams.accept();
  EXPECT_EQ(streams.take_sent(), Texts{"sub 1 trades.BTC trades.ETH"});
  streams.say("no 1");
  EXPECT_EQ(take_events(Kind::refused).size(), 0u);
  EXPECT_EQ(streams.take_sent(), (Texts{"sub 2 trades.BTC", "sub 3 trades.ETH"}));
  streams.say("no 2");
  streams.say("ok 3");
  const auto refused = take_events(Kind::refused);
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].channel, "trades.BTC");
  streams.say("trade trades.ETH t1");
  EXPECT_EQ(told, Texts{"t1"});
}

// ---- hostile messages ---------------------------------------------------------------------------

TEST_F(WatcherBasics, WhatCannotBeReadIsCountedAndTold) {
  watch_trades();
  open();
  const std::string huge(std::size_t{1} << 20, 'x');
  for (const std::string& message : {std::string(), std::string("\0\xff", 2), huge})
    streams.say(message);
  streams.say("pong", false);
  EXPECT_EQ(watcher->counts().garbled, 4u);
  EXPECT_EQ(watcher->counts().messages, 5u);
  const auto garbled = take_events(Kind::garbled);
  ASSERT_EQ(garbled.size(), 4u);
  EXPECT_EQ(garbled[2].text, "message: is none of acme's") << "and the message is not repeated";
  EXPECT_EQ(garbled[3].text, "message: is not text");
  streams.say("trade trades.BTC t1");
  EXPECT_EQ(told, Texts{"t1"}) << "and it goes on";
}

TEST_F(WatcherBasics, NewsOfAnotherKindThanTheChannelsAreNotTold) {
  watch_trades();
  watch_book();
  open();
  for (const char* message :
       {"book trades.BTC whole 5 10 20", "last trades.BTC whole 5", "order trades.BTC o1",
        "trade book.BTC t1", "last book.BTC whole 5", "trade nothing t1"}) {
    streams.say(message);
  }
  EXPECT_EQ(told, Texts{});
  EXPECT_EQ(books, Texts{});
}

TEST_F(WatcherBasics, AnswersThatNobodyAskedForMeanNothing) {
  watch_trades();
  open();
  for (const char* message : {"login ok", "login no", "ok 99", "pong"})
    streams.say(message);
  EXPECT_EQ(streams.lines.size(), 1u);
  EXPECT_NE(streams.last().handler, nullptr);
  streams.say("no 99");
  EXPECT_EQ(take_events(Kind::refused).size(), 1u) << "but a refusal is told";
}

// ---- what callbacks may do ----------------------------------------------------------------------

TEST_F(WatcherBasics, MayBeDestroyedWhenNewsAreTold) {
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(watcher->watch_trades("BTC", [this](const auto& trades) {
      told.push_back(trades.front().id);
      watcher.reset();
    }));
  }
  open();
  streams.say("trade trades.BTC t1");
  EXPECT_EQ(told, Texts{"t1"}) << "and nothing more is told";
  EXPECT_EQ(streams.last().handler, nullptr);
  scheduler.run_for(seconds(200));
  EXPECT_EQ(streams.lines.size(), 1u);
}

TEST_F(WatcherBasics, MayBeDestroyedByAnyEvent) {
  for (const Kind kind : {Kind::connected, Kind::disconnected, Kind::silent, Kind::garbled,
                          Kind::refused, Kind::resync}) {
    make();
    bool is_destroyed = false;
    watcher->on_event([&](const StreamEvent& event) {
      if (event.kind != kind) return;
      is_destroyed = true;
      watcher.reset();
    });
    watch_book();
    const auto last = [this] { return streams.last().handler; };
    turn();
    streams.accept();
    if (last()) accept_all();
    if (last() && kind == Kind::garbled) streams.say("noise");
    if (last() && kind == Kind::refused) streams.say("no 99");
    if (last() && kind == Kind::resync) streams.say("book book.BTC change 7 1 0");
    if (last() && kind == Kind::disconnected) streams.close();
    if (last()) scheduler.run_for(seconds(100));
    EXPECT_TRUE(is_destroyed) << static_cast<int>(kind);
    EXPECT_EQ(last(), nullptr);
  }
}

TEST_F(WatcherBasics, MayUnwatchAndWatchWhenNewsAreTold) {
  Watcher::WatchId id = 0;
  const auto made = watcher->watch_trades("BTC", [&](const auto& trades) {
    told.push_back(trades.front().id);
    watcher->unwatch(id);
    watch_trades("ETH");
  });
  id = *made;
  open();
  streams.say("trade trades.BTC t1");
  EXPECT_EQ(streams.take_sent(), (Texts{"unsub 2 trades.BTC", "sub 3 trades.ETH"}));
  streams.say("trade trades.ETH t2");
  EXPECT_EQ(told, (Texts{"t1", "t2"}));
}

TEST_F(WatcherBasics, EndsTheConnectionWithItself) {
  watch_trades();
  turn();
  watcher.reset();
  EXPECT_EQ(streams.last().handler, nullptr);
  scheduler.run_for(seconds(100));
}

}  // namespace
}  // namespace venuebox::client
