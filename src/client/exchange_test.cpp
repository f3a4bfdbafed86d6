// The unified calls over a dialect of a few words, answered by script.
#include "client/test_acme.h"

namespace venuebox::client {
namespace {
using gateway::Verdict;
using Kind = CallOutcome::Kind;

struct ExchangeTest : testing::Test {
  ExchangeTest() {
    transport.answers = {says("BTC/USDT"), says("BTC/USDT:USDT")};
    exchange.load_markets([](Reply<std::vector<unified::Market>> reply) { EXPECT_TRUE(reply); });
    scheduler.run_for({});
    EXPECT_EQ(exchange.markets().size(), 2u);
    transport.sent.clear();
  }
  template <class T>
  Then<T> into(std::optional<Reply<T>>& place) {
    return [&place](Reply<T> reply) {
      EXPECT_FALSE(place) << "answered twice";
      place = std::move(reply);
    };
  }
  Reply<unified::Ticker> ticker(TransportResult answer) {
    std::optional<Reply<unified::Ticker>> reply;
    transport.answers = {answer, answer, answer};
    exchange.fetch_ticker("BTC/USDT", into(reply));
    scheduler.run_for(seconds(600));
    transport.answers.clear();
    EXPECT_TRUE(reply);
    return *reply;
  }
  Reply<PlacedOrder> place(std::deque<TransportResult> answers, std::int64_t quantity = 1) {
    std::optional<Reply<PlacedOrder>> reply;
    transport.answers = std::move(answers);
    exchange.create_order({.symbol = "BTC/USDT:USDT", .quantity = {quantity, 0}}, into(reply));
    scheduler.run_for(seconds(600));
    EXPECT_TRUE(reply);
    return *reply;
  }

  TestScheduler scheduler;
  ScriptedTransport transport{scheduler};
  Exchange exchange{kAcme, gateway::ClientKeys{"key", "secret"}, transport, scheduler};
};

TEST_F(ExchangeTest, APriceIsLiveThenStaleAndNeverInvented) {
  const auto none = ticker(kLost);
  EXPECT_EQ(none.value->origin, unified::Origin::unavailable);
  EXPECT_FALSE(none.value->last);
  const auto live = ticker(says("60000.5"));
  EXPECT_EQ(live.value->origin, unified::Origin::live);
  EXPECT_EQ(live.value->last->units, 600'005);
  for (const TransportResult& bad : {kLost, says("much"), says("", Verdict::rate_limited)}) {
    const auto stale = ticker(bad);
    EXPECT_FALSE(stale);
    EXPECT_EQ(stale.value->origin, unified::Origin::stale);
    EXPECT_EQ(stale.value->last->units, 600'005) << "what was known";
  }
}

TEST_F(ExchangeTest, ASimulatedVenueSaysSo) {
  ExchangeSettings settings;
  settings.origin = unified::Origin::simulated;
  Exchange mock{kAcme, std::nullopt, transport, scheduler, settings};
  transport.answers = {says("BTC/USDT"), says("BTC/USDT:USDT"), says("1")};
  std::optional<Reply<unified::Ticker>> reply;
  mock.load_markets([&](const Reply<std::vector<unified::Market>>&) {
    mock.fetch_ticker("BTC/USDT", into(reply));
  });
  scheduler.run_for(seconds(1));
  EXPECT_EQ(reply.value().value->origin, unified::Origin::simulated);
}

TEST_F(ExchangeTest, UnknownMarketsAreRefusedHere) {
  std::optional<Reply<unified::Ticker>> reply;
  exchange.fetch_ticker("NO/SUCH", into(reply));
  scheduler.run_for({});
  EXPECT_EQ(reply.value().kind, Kind::refused);
  EXPECT_EQ(reply->text, "acme lists no market 'NO/SUCH'; load_markets tells which");
  EXPECT_EQ(transport.sent.size(), 0u);
}

TEST_F(ExchangeTest, PagesAreOneList) {
  std::optional<Reply<std::vector<unified::PositionRow>>> reply;
  transport.answers = {says("first+"), says("second+"), says("third")};
  exchange.fetch_positions(into(reply));
  scheduler.run_for(seconds(1));
  ASSERT_TRUE(reply.value());
  EXPECT_EQ(reply->value->size(), 3u);
}

TEST_F(ExchangeTest, AVenueThatPagesForEverIsCutOff) {
  std::optional<Reply<std::vector<unified::PositionRow>>> reply;
  for (int i = 0; i < 100; ++i)
    transport.answers.push_back(says("again+"));
  exchange.fetch_positions(into(reply));
  scheduler.run_for(seconds(60));
  EXPECT_EQ(reply.value().value->size(), 20u);
}

TEST_F(ExchangeTest, AnOrderThatIsAnsweredHasItsIds) {
  const auto placed = place({says("42")});
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed.value->id, "42");
  EXPECT_EQ(placed.value->client_order_id, "venuebox-1");
  EXPECT_EQ(place({says("43")}).value->client_order_id, "venuebox-2");
}

TEST_F(ExchangeTest, AnOrderWhoseAnswerIsLostIsFoundByItsName) {
  const auto placed = place({kLost, says("42")});
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed.value->id, "42");
  ASSERT_EQ(transport.sent.size(), 2u) << "sent once, and looked for";
  EXPECT_EQ(transport.sent[1].path, "/order/client/venuebox-1");
}

TEST_F(ExchangeTest, AnOrderThatNeverArrivedIsRefused) {
  const auto placed = place({kLost, says("")});
  EXPECT_EQ(placed.kind, Kind::refused);
  EXPECT_EQ(placed.text, "acme: no answer in 10 s; the venue has not got it");
}

TEST_F(ExchangeTest, AnOrderThatCannotBeLookedForStaysUnknown) {
  const auto placed = place({kLost, kLost, kLost, kLost});
  EXPECT_EQ(placed.kind, Kind::unknown);
  EXPECT_EQ(placed.value->client_order_id, "venuebox-1") << "by which its owner can look again";
}

TEST_F(ExchangeTest, AnAnswerThatCannotBeReadLeavesTheOrderUnknownUntilItIsFound) {
  const auto placed = place({says(""), says("42")});
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed.value->id, "42");
}

TEST_F(ExchangeTest, WhatTheDialectHasNoWordsForIsNotSent) {
  const auto placed = place({}, 0);
  EXPECT_EQ(placed.kind, Kind::refused);
  EXPECT_EQ(placed.text, "quantity: is not positive");
  EXPECT_EQ(transport.sent.size(), 0u);
}

TEST_F(ExchangeTest, ReadOnlyRefusesTradingAndHasNoBalances) {
  Exchange reader{kAcme, std::nullopt, transport, scheduler};
  transport.answers = {says("BTC/USDT"), says("BTC/USDT:USDT")};
  reader.load_markets([](const auto& reply) { EXPECT_TRUE(reply); });
  scheduler.run_for({});
  transport.sent.clear();
  EXPECT_FALSE(reader.trading_enabled());
  EXPECT_EQ(reader.missing(), "read-only: set ACME_API_KEY and ACME_SECRET to trade on acme");
  EXPECT_EQ(exchange.missing(), "");
  std::optional<Reply<PlacedOrder>> order;
  std::optional<Reply<unified::Balances>> balances;
  reader.create_order({.symbol = "BTC/USDT", .quantity = {1, 0}}, into(order));
  reader.fetch_balance(into(balances));
  scheduler.run_for(seconds(600));
  EXPECT_EQ(order.value().kind, Kind::refused);
  EXPECT_FALSE(balances.value().value->is_available);
  EXPECT_EQ(transport.sent.size(), 0u) << "no packet";
}

TEST_F(ExchangeTest, WhereNothingMayBeTradedOneCanStillLook) {
  ExchangeSettings settings;
  settings.caller.no_trading = "acme is only watched; set so and so";
  Exchange watcher{kAcme, gateway::ClientKeys{"key", "secret"}, transport, scheduler, settings};
  transport.answers = {says("BTC/USDT"), says("BTC/USDT:USDT"), says("USDT")};
  std::optional<Reply<unified::Balances>> balances;
  std::optional<Reply<PlacedOrder>> order;
  watcher.load_markets([&](const Reply<std::vector<unified::Market>>&) {
    watcher.fetch_balance(into(balances));
    watcher.create_order({.symbol = "BTC/USDT", .quantity = {1, 0}}, into(order));
  });
  scheduler.run_for(seconds(1));
  EXPECT_TRUE(balances.value());
  EXPECT_EQ(order.value().kind, Kind::refused);
  EXPECT_EQ(order->text, "acme is only watched; set so and so");
  EXPECT_EQ(watcher.missing(), order->text);
  EXPECT_TRUE(watcher.has_keys());
  EXPECT_EQ(transport.sent.size(), 3u) << "no order";
}

TEST_F(ExchangeTest, BalancesSayThatTheyAreThere) {
  std::optional<Reply<unified::Balances>> balances;
  transport.answers = {says("USDT")};
  exchange.fetch_balance(into(balances));
  scheduler.run_for({});
  EXPECT_TRUE(balances.value().value->is_available);
  EXPECT_EQ(balances->value->assets.at(0).asset, "USDT");
}

}  // namespace
}  // namespace venuebox::client
