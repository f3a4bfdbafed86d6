#include "client/maintenance_queue.h"

#include "client/test_acme.h"

namespace venuebox::client {
namespace {
using gateway::Verdict;
using Orders = MaintenanceSettings::Orders;
using Fate = MaintenanceQueue::Fate;
using Kind = CallOutcome::Kind;

const TransportResult kClosed = says("", Verdict::maintenance);

struct MaintenanceTest : AcmeTest {
  MaintenanceTest() {
    venue.pages["/time"] = says("1");
    venue.pages["/buy"] = says("42");
    renew({.orders = Orders::queue});
  }
  void renew(MaintenanceSettings settings) {
    queue = std::make_unique<MaintenanceQueue>(exchange, scheduler, settings);
    fates.clear();
    queue->on_fate = [this](const std::string& name, Fate fate) { fates[name].push_back(fate); };
    venue.forget();
  }
  // An order whose answer is kept under its client order id.
  void order(const std::string& name, const char* symbol = kPerpetual) {
    unified::NewOrder wanted = limit();
    wanted.symbol = symbol;
    wanted.client_order_id = name;
    queue->create_order(wanted, [this, name](Reply<PlacedOrder> reply) {
      EXPECT_FALSE(answers.contains(name)) << name << " was answered twice";
      answers[name] = std::move(reply);
    });
  }
  // The names of the orders that the venue was sent.
  std::vector<std::string> orders_sent() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < venue.sent.size(); ++i) {
      if (venue.sent[i] == "/buy") names.push_back(venue.bodies[i].substr(0, 1));
    }
    return names;
  }
  using Names = std::vector<std::string>;

  std::unique_ptr<MaintenanceQueue> queue;
  std::map<std::string, std::vector<Fate>> fates;
  std::map<std::string, Reply<PlacedOrder>> answers;
};

TEST_F(MaintenanceTest, OutsideOfItOrdersGoStraightThrough) {
  order("a");
  scheduler.run_for({});
  EXPECT_TRUE(answers.at("a"));
  EXPECT_TRUE(fates.empty());
}

TEST_F(MaintenanceTest, InADeclaredWindowOrdersAreAsAsked) {
  struct Case {
    Orders orders;
    Fate fate;
  };
  for (const Case& row : {Case{Orders::refuse, Fate::refused}, Case{Orders::drop, Fate::dropped}}) {
    answers.clear();
    renew({.orders = row.orders});
    const Timestamp now = scheduler.now();
    queue->declare(now + seconds(10), now + seconds(100));
    EXPECT_FALSE(queue->is_in_maintenance(kPerpetual));
    scheduler.run_for(seconds(10));
    EXPECT_TRUE(queue->is_in_maintenance(kPerpetual));
    order("a");
    scheduler.run_for(seconds(89));
    EXPECT_EQ(answers.at("a").kind, Kind::refused);
    EXPECT_EQ(answers.at("a").verdict, Verdict::maintenance);
    EXPECT_EQ(fates.at("a"), std::vector{row.fate});
    EXPECT_EQ(queue->count(row.fate), 1u);
    scheduler.run_for(seconds(600));
    EXPECT_FALSE(queue->is_in_maintenance(kPerpetual));
    EXPECT_TRUE(venue.sent.empty()) << "it is over, and nothing was kept";
  }
  EXPECT_EQ(MaintenanceSettings{}.orders, Orders::refuse) << "unless asked otherwise";
}

TEST_F(MaintenanceTest, QueuedOrdersAreSentOnceInTheirOrderAndPaced) {
  queue->declare(scheduler.now(), scheduler.now() + seconds(60));
  for (const char* name : {"a", "b", "c"})
    order(name);
  scheduler.run_for(seconds(59));
  EXPECT_TRUE(venue.sent.empty()) << "nobody is asked about a window that is known";
  EXPECT_EQ(queue->queued(), 3u);
  scheduler.run_for(seconds(1) + milliseconds(250));
  EXPECT_EQ(orders_sent(), (Names{"a", "b"})) << "after the venue has told the time";
  order("d");
  scheduler.run_for(seconds(600));
  EXPECT_EQ(orders_sent(), (Names{"a", "b", "c", "d"})) << "nothing overtakes, nothing is repeated";
  EXPECT_EQ(venue.count("/time"), 1);
  for (const char* name : {"a", "b", "c", "d"}) {
    EXPECT_TRUE(answers.at(name)) << name;
    EXPECT_EQ(answers.at(name).value->client_order_id, name);
    EXPECT_EQ(fates.at(name), (std::vector{Fate::queued, Fate::sent}));
  }
}

TEST_F(MaintenanceTest, TheVenueItselfSaysThatItIsClosed) {
  venue.pages["/buy"] = venue.pages["/time"] = kClosed;
  order("a");
  scheduler.run_for({});
  order("b");
  EXPECT_TRUE(queue->is_in_maintenance(kPerpetual));
  EXPECT_EQ(queue->queued(), 2u);
  scheduler.run_for(seconds(300));
  EXPECT_EQ(orders_sent(), Names{"a"}) << "which is how it was noticed";
  EXPECT_EQ(venue.count("/time"), 10) << "every half minute";
  venue.pages["/buy"] = says("42");
  venue.pages["/time"] = says("1");
  scheduler.run_for(seconds(60));
  EXPECT_EQ(orders_sent(), (Names{"a", "a", "b"})) << "of which the first was never done";
  EXPECT_TRUE(answers.at("a") && answers.at("b"));
  const OwnOrder& own = exchange.own().orders().at("a");
  EXPECT_TRUE(own.is_live());
  EXPECT_EQ(own.standing, OwnOrder::Standing::known);
}

TEST_F(MaintenanceTest, AMarketThatIsHaltedHoldsUpNoOther) {
  venue.pages["/buy"] = kClosed;
  order("a");
  scheduler.run_for({});
  venue.pages["/buy"] = says("42");
  order("b");
  order("c", "BTC/USDT");
  scheduler.run_for({});
  EXPECT_EQ(orders_sent(), (Names{"a", "c"}));
  EXPECT_TRUE(answers.at("c"));
  scheduler.run_for(seconds(40));
  EXPECT_EQ(orders_sent(), (Names{"a", "c", "a", "b"}));
}

TEST_F(MaintenanceTest, AVenueThatTellsTheTimeAndTakesNoOrdersIsAskedSparingly) {
  venue.pages["/buy"] = kClosed;
  order("a");
  order("b");
  scheduler.run_for(seconds(301));
  EXPECT_LE(venue.count("/time"), 10);
  EXPECT_LE(orders_sent().size(), 12u);
  venue.pages["/buy"] = says("42");
  scheduler.run_for(seconds(60));
  EXPECT_EQ(queue->queued(), 0u);
  EXPECT_TRUE(answers.at("a") && answers.at("b"));
}

TEST_F(MaintenanceTest, WhatBecameOfAQueuedOrderIsToldAndNotRepeated) {
  queue->declare(scheduler.now(), scheduler.now() + seconds(60));
  order("a");
  scheduler.run_for(seconds(1));
  venue.pages["/buy"] = kLost;
  venue.pages["/order/client/a"] = says("", Verdict::not_authorised);
  scheduler.run_for(seconds(600));
  EXPECT_EQ(answers.at("a").kind, Kind::unknown);
  EXPECT_EQ(orders_sent(), Names{"a"});
}

TEST_F(MaintenanceTest, AQueueThatIsFullRefuses) {
  renew({.orders = Orders::queue, .queued_max = 2});
  queue->declare(scheduler.now(), scheduler.now() + seconds(60));
  for (const char* name : {"a", "b", "c"})
    order(name);
  scheduler.run_for({});
  EXPECT_EQ(answers.at("c").text, "the venue is in maintenance, and the queue is full");
  EXPECT_EQ(fates.at("c"), std::vector{Fate::refused});
  scheduler.run_for(seconds(600));
  EXPECT_EQ(orders_sent(), (Names{"a", "b"}));
}

TEST_F(MaintenanceTest, CancellingAQueuedOrderTakesItOut) {
  queue->declare(scheduler.now(), scheduler.now() + seconds(60));
  order("a");
  order("b");
  const auto cancel = [&](const char* name) {
    return ask<PlacedOrder>(
        [&](auto then) {
          queue->cancel_order(kPerpetual, {.id = "", .client_order_id = name}, then);
        },
        seconds(1));
  };
  EXPECT_TRUE(cancel("a"));
  EXPECT_TRUE(venue.sent.empty());
  EXPECT_EQ(answers.at("a").kind, Kind::refused);
  EXPECT_EQ(fates.at("a"), (std::vector{Fate::queued, Fate::removed}));
  EXPECT_TRUE(cancel("elsewhere"));
  EXPECT_EQ(venue.sent, Names{"/cancel/client/elsewhere"}) << "which is for the venue";
  scheduler.run_for(seconds(600));
  EXPECT_EQ(orders_sent(), Names{"b"});
}

TEST_F(MaintenanceTest, AnOrderIsNamedWhenItIsQueued) {
  queue->declare(scheduler.now(), scheduler.now() + seconds(60));
  const auto reply = ask<PlacedOrder>([&](auto then) { queue->create_order(limit(), then); });
  EXPECT_EQ(reply.value->client_order_id, fates.begin()->first);
}

TEST_F(MaintenanceTest, AWindowMayLastLongerThanWasSaid) {
  venue.pages["/time"] = venue.pages["/buy"] = kClosed;
  queue->declare(scheduler.now(), scheduler.now() + seconds(60));
  order("a");
  scheduler.run_for(seconds(200));
  EXPECT_TRUE(orders_sent().empty());
  EXPECT_TRUE(queue->is_in_maintenance(kPerpetual));
  venue.pages["/time"] = says("1");
  venue.pages["/buy"] = says("42");
  scheduler.run_for(seconds(31));
  EXPECT_EQ(orders_sent(), Names{"a"});
}

TEST_F(MaintenanceTest, NothingIsSentAfterItsEnd) {
  queue->declare(scheduler.now(), scheduler.now() + seconds(60));
  order("a");
  queue.reset();
  scheduler.run_for(seconds(600));
  EXPECT_TRUE(venue.sent.empty());
  EXPECT_TRUE(answers.empty());
}

}  // namespace
}  // namespace venuebox::client
