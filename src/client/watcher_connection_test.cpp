// How a watcher's sockets come, stay and come back.
#include "client/test_watcher.h"

namespace venuebox::client {
namespace {
using Kind = StreamEvent::Kind;

struct WatcherConnection : WatcherTest {
  WatcherConnection() { make(); }
};

TEST_F(WatcherConnection, ConnectsWithTheFirstSubscription) {
  turn();
  EXPECT_TRUE(streams.lines.empty());
  watch_trades("BTC");
  watch_trades("ETH");
  EXPECT_TRUE(streams.lines.empty()) << "in a later turn";
  turn();
  ASSERT_EQ(streams.lines.size(), 1u);
  EXPECT_EQ(streams.last().path, "/public");
  EXPECT_EQ(streams.take_sent(), Texts{}) << "not before it is open";
  streams.accept();
  EXPECT_EQ(streams.take_sent(), (Texts{"sub 1 trades.BTC trades.ETH"}));
  EXPECT_EQ(take_events(Kind::connected).size(), 1u);
  watch_trades("SOL");
  EXPECT_EQ(streams.take_sent(), (Texts{"sub 2 trades.SOL"}));
}

TEST_F(WatcherConnection, AsksForNoMoreAtATimeThanTheVenueTakes) {
  for (const char* symbol : {"BTC", "ETH", "SOL"})
    watch_trades(symbol);
  turn();
  streams.accept();
  EXPECT_EQ(streams.take_sent(), (Texts{"sub 1 trades.BTC trades.ETH", "sub 2 trades.SOL"}));
}

TEST_F(WatcherConnection, LogsInFirstOnAPrivateSocket) {
  watch_orders();
  turn();
  EXPECT_EQ(streams.last().path, "/private");
  streams.accept();
  EXPECT_EQ(streams.take_sent(), Texts{"login key"});
  streams.say("login ok");
  EXPECT_EQ(streams.take_sent(), Texts{"sub 1 orders"});
  streams.say("order orders o1");
  EXPECT_EQ(told, Texts{"o1"});
}

TEST_F(WatcherConnection, ComesBackAndAsksForEverythingAgain) {
  watch_trades("BTC");
  watch_trades("ETH");
  open();
  streams.close({.code = 1012, .text = "the server said goodbye with 1012"});
  const auto lost = take_events(Kind::disconnected);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].path, "/public");
  EXPECT_EQ(lost[0].text, "the server said goodbye with 1012");
  wait_for_attempt();
  ASSERT_EQ(streams.lines.size(), 2u);
  EXPECT_EQ(streams.lines[0]->handler, nullptr);
  streams.accept();
  EXPECT_EQ(streams.take_sent(), (Texts{"sub 2 trades.BTC trades.ETH"}));
  streams.say("trade trades.BTC t1");
  EXPECT_EQ(told, Texts{"t1"});
  EXPECT_EQ(watcher->counts().connects, 2u);
  EXPECT_EQ(watcher->counts().reconnects, 1u);
}

TEST_F(WatcherConnection, WaitsEverLongerUpToAMinute) {
  watch_trades();
  turn();
  for (const std::int64_t base : {1'000, 2'000, 4'000, 8'000, 16'000, 32'000, 60'000, 60'000}) {
    streams.close();
    const std::int64_t waited = wait_for_attempt();
    EXPECT_GE(waited, base);
    EXPECT_LE(waited, base + base / 4 + 1);
  }
}

TEST_F(WatcherConnection, WaitsAsEverAfterAWhileOfHealth) {
  watch_trades();
  open();
  for (int i = 0; i < 4; ++i) {
    streams.close();
    wait_for_attempt();
    open();
  }
  streams.close();
  EXPECT_GE(wait_for_attempt(), 16'000) << "opening alone is no health";
  open();
  stay_alive_for(seconds(60));
  streams.close();
  EXPECT_LE(wait_for_attempt(), 1'250);
}

TEST_F(WatcherConnection, WaitsDifferBetweenSeeds) {
  std::set<std::int64_t> waits;
  for (const std::uint64_t seed : {1, 2, 3}) {
    settings.connection.seed = seed;
    make();
    watch_trades();
    turn();
    streams.close();
    waits.insert(wait_for_attempt());
  }
  EXPECT_EQ(waits.size(), 3u);
}

TEST_F(WatcherConnection, WatchingAgainAndAgainMakesNoStorm) {
  const auto id = watch_trades();
  turn();
  watcher->unwatch(id);
  streams.close();
  for (int i = 0; i < 100; ++i) {
    watcher->unwatch(watch_trades());
    scheduler.run_for(milliseconds(1));
  }
  EXPECT_EQ(streams.lines.size(), 1u) << "the wait still counts";
  watch_trades();
  wait_for_attempt();
  EXPECT_EQ(streams.lines.size(), 2u);
}

TEST_F(WatcherConnection, DoesNotComeBackForNobody) {
  const auto id = watch_trades();
  open();
  watcher->unwatch(id);
  streams.close();
  scheduler.run_for(seconds(200));
  EXPECT_EQ(streams.lines.size(), 1u);
  watch_trades();
  turn();
  EXPECT_EQ(streams.lines.size(), 2u);
}

// ---- for good -----------------------------------------------------------------------------------

TEST_F(WatcherConnection, StaysAwayWhereItIsToldTo) {
  const StreamEnd ends[] = {{.code = kAcmeNeverAgain, .text = "never again"},
                            {.status = 401, .text = "never again"},
                            {.status = 404, .text = "never again"},
                            {.is_guarded = true, .text = "never again"}};
  for (const StreamEnd& end : ends) {
    make();
    watch_trades();
    turn();
    streams.close(end);
    const auto ended = take_events(Kind::ended);
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_EQ(ended[0].text, "never again");
    const std::size_t opened = streams.lines.size();
    scheduler.run_for(seconds(1'000));
    EXPECT_EQ(streams.lines.size(), opened);
    watch_trades("ETH");
    turn();
    EXPECT_EQ(streams.lines.size(), opened + 1) << "somebody asked for it";
  }
}

TEST_F(WatcherConnection, IsPatientWhereItIsAskedTo) {
  for (const int status : {403, 429}) {
    make();
    watch_trades();
    turn();
    streams.close({.status = status, .text = "too often"});
    EXPECT_GE(wait_for_attempt(), 60'000);
  }
}

TEST_F(WatcherConnection, ComesBackAfterAllOtherEnds) {
  for (const std::uint16_t code : {0, 1000, 1001, 1006, 1008, 1011, 1012, 1013, 4999}) {
    make();
    watch_trades();
    turn();
    streams.close({.code = code, .text = "gone"});
    EXPECT_LE(wait_for_attempt(), 1'250) << code;
  }
}

TEST_F(WatcherConnection, ARefusedLoginIsTriedOnce) {
  watch_orders();
  turn();
  streams.accept();
  streams.say("login no");
  const auto refused = take_events(Kind::login_refused);
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].text, "the login was refused: acme says no");
  EXPECT_EQ(streams.last().handler, nullptr) << "the socket is closed";
  scheduler.run_for(seconds(1'000));
  EXPECT_EQ(streams.lines.size(), 1u);
}

TEST_F(WatcherConnection, ALoginThatMayPassIsTriedLater) {
  watch_orders();
  turn();
  streams.accept();
  streams.say("login later");
  EXPECT_EQ(take_events(Kind::disconnected).size(), 1u);
  EXPECT_LE(wait_for_attempt(), 1'250);
}

TEST_F(WatcherConnection, KeysThatCannotSignAreToldAndNotSent) {
  make(gateway::ClientKeys{"", kCanarySecret});
  watch_orders();
  turn();
  streams.accept();
  const auto refused = take_events(Kind::login_refused);
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].text, "key: is empty");
  EXPECT_EQ(streams.take_sent(), Texts{});
}

TEST_F(WatcherConnection, WithoutKeysPrivateWatchesAreRefused) {
  make(std::nullopt);
  for (const auto& refused : {watcher->watch_orders({}), watcher->watch_my_trades({}),
                              watcher->watch_positions({}), watcher->watch_balance({})}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text(),
              "read-only: set ACME_API_KEY and ACME_SECRET to trade on acme");
  }
  scheduler.run_for(seconds(10));
  EXPECT_TRUE(streams.lines.empty()) << "no packet";
  watch_trades();
  turn();
  EXPECT_EQ(streams.lines.size(), 1u) << "public data works";
}

// ---- silence ------------------------------------------------------------------------------------

TEST_F(WatcherConnection, PingsAtTheVenuesPace) {
  watch_trades();
  open();
  scheduler.run_for(seconds(19));
  EXPECT_EQ(streams.take_sent(), Texts{});
  scheduler.run_for(seconds(2));
  EXPECT_EQ(streams.take_sent(), Texts{"ping 1"});
  streams.say("pong");
  scheduler.run_for(seconds(20));
  EXPECT_EQ(streams.take_sent(), Texts{"ping 2"});
}

TEST_F(WatcherConnection, NoticesSilence) {
  watch_trades();
  open();
  scheduler.run_for(seconds(30));
  streams.say("pong");
  scheduler.run_for(seconds(49));
  EXPECT_EQ(take_events(Kind::silent).size(), 0u);
  scheduler.run_for(seconds(1));
  const auto silent = take_events(Kind::silent);
  ASSERT_EQ(silent.size(), 1u);
  EXPECT_EQ(silent[0].text, "nothing was heard for 50000 ms");
  EXPECT_EQ(watcher->counts().silent, 1u);
  EXPECT_LE(wait_for_attempt(), 1'250);
}

TEST_F(WatcherConnection, NoiseIsSilence) {
  watch_trades();
  open();
  for (int i = 0; i < 50; ++i) {
    streams.say("noise");
    scheduler.run_for(seconds(1));
  }
  EXPECT_EQ(watcher->counts().silent, 1u);
  EXPECT_EQ(watcher->counts().garbled, 50u);
}

TEST_F(WatcherConnection, SilenceIsSettable) {
  settings.connection.silent_after = seconds(3);
  make();
  watch_trades();
  open();
  scheduler.run_for(seconds(3));
  EXPECT_EQ(watcher->counts().silent, 1u);
}

TEST_F(WatcherConnection, NoticesThatItNeverOpens) {
  watch_trades();
  turn();
  scheduler.run_for(seconds(50));
  EXPECT_EQ(take_events(Kind::silent).size(), 1u);
}

TEST_F(WatcherConnection, NoticesAQuietSubscriptionWhereAskedTo) {
  settings.quiet_after = seconds(15);
  make();
  watch_trades("BTC");
  watch_trades("ETH");
  open();
  scheduler.run_for(seconds(10));
  for (const char* trade : {"trade trades.BTC t1", "trade trades.ETH t2"})
    streams.say(trade);
  scheduler.run_for(seconds(14));
  streams.say("trade trades.ETH t3");
  EXPECT_EQ(take_events(Kind::silent).size(), 0u);
  scheduler.run_for(seconds(1));
  const auto silent = take_events(Kind::silent);
  ASSERT_EQ(silent.size(), 1u);
  EXPECT_EQ(silent[0].text, "nothing was heard of trades.BTC");
}

TEST_F(WatcherConnection, AnAccountMayBeQuiet) {
  settings.quiet_after = seconds(15);
  make();
  watch_orders();
  open();
  stay_alive_for(seconds(100));
  EXPECT_EQ(watcher->counts().silent, 0u);
}

// ---- answers that do not come -------------------------------------------------------------------

TEST_F(WatcherConnection, ALoginThatIsNotAnsweredIsTriedAgain) {
  watch_orders();
  turn();
  streams.accept();
  scheduler.run_for(seconds(10));
  const auto lost = take_events(Kind::disconnected);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].text, "the login was not answered");
}

TEST_F(WatcherConnection, ASubscriptionThatIsNotAnsweredIsTriedAgain) {
  watch_trades();
  turn();
  streams.accept();
  streams.take_sent();
  scheduler.run_for(seconds(10));
  const auto lost = take_events(Kind::disconnected);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].text, "a subscription was not answered");
}

TEST_F(WatcherConnection, WhatCannotBeSentEndsTheConnection) {
  watch_trades();
  turn();
  streams.last().takes_messages = false;
  streams.accept();
  EXPECT_NE(streams.last().handler, nullptr) << "in a later turn";
  turn();
  EXPECT_EQ(take_events(Kind::disconnected).size(), 1u);
  EXPECT_LE(wait_for_attempt(), 1'250);
}

// ---- what was missed ----------------------------------------------------------------------------

TEST_F(WatcherConnection, TellsWhatOfAnAccountMayBeMissing) {
  watch_orders();
  open();
  EXPECT_EQ(take_events(Kind::gap).size(), 0u) << "nothing was told before";
  streams.say("order orders o1");
  const Timestamp last_heard = scheduler.now();
  scheduler.run_for(seconds(5));
  streams.close();
  wait_for_attempt();
  streams.close();  // and once more, before it has logged in
  wait_for_attempt();
  streams.accept();
  streams.take_sent();
  streams.say("login ok");
  scheduler.run_for(seconds(1));
  EXPECT_EQ(take_events(Kind::gap).size(), 0u) << "nothing is told yet";
  accept_all();
  const auto gaps = take_events(Kind::gap);
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].path, "/private");
  EXPECT_EQ(gaps[0].from, last_heard);
  EXPECT_EQ(gaps[0].until, scheduler.now());
}

TEST_F(WatcherConnection, PublicNewsHaveNoGaps) {
  watch_trades();
  open();
  streams.close();
  wait_for_attempt();
  open();
  EXPECT_EQ(take_events(Kind::gap).size(), 0u);
}

TEST_F(WatcherConnection, AnUnreadableMessageOfAnAccountIsAGap) {
  watch_orders();
  open();
  const Timestamp last_heard = scheduler.now();
  scheduler.run_for(seconds(3));
  streams.say("garbage");
  const auto gaps = take_events(Kind::gap);
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].from, last_heard);
  EXPECT_EQ(gaps[0].until, scheduler.now());
}

}  // namespace
}  // namespace venuebox::client
