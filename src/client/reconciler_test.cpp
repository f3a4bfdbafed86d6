// Every difference, every policy, and what must not be taken for a difference.
#include "client/reconciler.h"

#include "client/test_acme.h"

namespace venuebox::client {
namespace {
using gateway::Verdict;
using unified::OrderState;
using Kind = Difference::Kind;
using Settings = ReconcilerSettings;
using Standing = OwnOrder::Standing;

struct ReconcilerTest : AcmeTest {
  ReconcilerTest() {
    venue.pages["/open/M1"] = says("");
    venue.pages["/positions"] = says("");
    venue.pages["/balance"] = says("USDT 1000");
    renew({});
  }
  void renew(Settings settings) {
    settings.symbols = {kPerpetual};
    reconciler = std::make_unique<Reconciler>(exchange, scheduler, settings);
    reconciler->on_difference = [this](const Difference& d) { differences.push_back(d); };
    reconciler->on_failed = [this](const std::string& why) { failures.push_back(why); };
  }
  void reconcile() {
    differences.clear();
    reconciler->run();
    scheduler.run_for(seconds(20));
    EXPECT_FALSE(reconciler->is_running());
  }
  // The one difference there is.
  Difference only() {
    EXPECT_EQ(differences.size(), 1u);
    if (differences.empty()) return {};
    return differences[0];
  }
  const OwnOrder& own(std::string_view name) { return exchange.own().orders().find(name)->second; }

  std::unique_ptr<Reconciler> reconciler;
  std::vector<Difference> differences;
  std::vector<std::string> failures;
};

TEST_F(ReconcilerTest, WhereAllAgreesNothingIsSaid) {
  const std::string name = place("42");
  venue.pages["/open/M1"] = says("42 " + name + " o 1 0 5");
  reconcile();
  reconcile();
  EXPECT_TRUE(differences.empty());
  EXPECT_EQ(reconciler->counts().runs, 2u);
  EXPECT_EQ(text_of(exchange.own().balances().at("USDT").row.total), "1000") << "as first told";
}

// ---- orders of others ---------------------------------------------------------------------------

TEST_F(ReconcilerTest, AnUnknownOrderIsHandledAsAsked) {
  struct Case {
    Settings::Unknown policy;
    std::size_t own_orders;
    int cancels;
    std::size_t reports_after;  // by the second reconciliation
  };
  const Case cases[] = {{Settings::Unknown::ignore, 0, 0, 1},
                        {Settings::Unknown::adopt, 1, 0, 0},
                        {Settings::Unknown::cancel, 0, 1, 0}};
  for (const Case& row : cases) {
    exchange.own() = {};
    renew({.unknown_order = row.policy});
    venue.pages["/open/M1"] = says("7 theirs o 2 0.5 5");
    venue.forget();
    reconcile();
    EXPECT_EQ(only().kind, Kind::unknown_order_found);
    EXPECT_EQ(only().about, "theirs");
    EXPECT_FALSE(only().our_order);
    EXPECT_EQ(only().their_order->id, "7");
    EXPECT_EQ(exchange.own().orders().size(), row.own_orders);
    EXPECT_EQ(venue.count("/cancel/7"), row.cancels);
    EXPECT_EQ(reconciler->counts().of(Kind::unknown_order_found), 1u);
    if (row.cancels > 0) venue.pages["/open/M1"] = says("");
    reconcile();
    EXPECT_EQ(differences.size(), row.reports_after);
    EXPECT_EQ(venue.count("/cancel/7"), row.cancels) << "once";
  }
}

// ---- orders that vanished -----------------------------------------------------------------------

TEST_F(ReconcilerTest, AVanishedOrderIsLookedUpByItsName) {
  struct Case {
    const char* found;
    OrderState state;
    const char* filled;
    bool is_difference;
  };
  const Case cases[] = {{"f 1 1", OrderState::filled, "1", true},
                        {"c 1 0.25", OrderState::cancelled, "0.25", true},
                        {"", OrderState::cancelled, "0", true},
                        {"o 1 0.5", OrderState::open, "0.5", false}};
  for (const Case& row : cases) {
    exchange.own() = {};
    const std::string name = place("42");
    const std::string found = *row.found ? "42 " + name + " " + row.found + " 9" : "";
    venue.pages["/order/client/" + name] = says(found);
    reconcile();
    EXPECT_EQ(own(name).row.state, row.state) << row.found;
    EXPECT_EQ(text_of(own(name).row.filled), row.filled);
    ASSERT_EQ(differences.size(), row.is_difference ? 1u : 0u) << row.found;
    if (!row.is_difference) continue;
    EXPECT_EQ(differences[0].kind, Kind::order_vanished);
    EXPECT_EQ(differences[0].our_order->state, OrderState::open);
    EXPECT_EQ(differences[0].their_order.has_value(), *row.found != '\0');
  }
  EXPECT_EQ(reconciler->counts().of(Kind::order_vanished), 3u);
}

TEST_F(ReconcilerTest, AVanishedOrderIsMarkedWhereThatIsAsked) {
  renew({.vanished_order = Settings::Vanished::mark});
  const std::string name = place("42");
  venue.forget();
  reconcile();
  EXPECT_EQ(only().kind, Kind::order_vanished);
  EXPECT_EQ(own(name).standing, Standing::missing);
  EXPECT_EQ(venue.count("/order/client/" + name), 0) << "nobody is asked";
  reconcile();
  EXPECT_TRUE(differences.empty()) << "that is known";
  venue.pages["/open/M1"] = says("42 " + name + " o 1 0 9");
  reconcile();
  EXPECT_EQ(own(name).standing, Standing::known) << "it is back";
}

TEST_F(ReconcilerTest, ALookUpThatFailsLeavesTheOrderAsItIs) {
  const std::string name = place("42");
  venue.pages["/order/client/" + name] = says("", Verdict::not_authorised);
  reconcile();
  EXPECT_TRUE(differences.empty());
  EXPECT_TRUE(own(name).is_live());
  EXPECT_EQ(reconciler->counts().failed, 1u);
  EXPECT_EQ(reconciler->counts().runs, 0u);
}

// ---- orders that differ -------------------------------------------------------------------------

TEST_F(ReconcilerTest, StatusAndFilledAreComparedAndAdoptedOrNot) {
  struct Case {
    Settings::Differing policy;
    const char* theirs;
    std::vector<Kind> kinds;
    const char* filled;
  };
  const Case cases[] = {
      {Settings::Differing::adopt, "o 1 0.5 9", {Kind::filled_differs}, "0.5"},
      {Settings::Differing::only_report, "o 1 0.5 9", {Kind::filled_differs}, "0"},
      {Settings::Differing::adopt, "u 1 0 9", {Kind::status_differs}, "0"},
      {Settings::Differing::adopt,
       "u 1 0.5 9",
       {Kind::status_differs, Kind::filled_differs},
       "0.5"}};
  for (const Case& row : cases) {
    exchange.own() = {};
    renew({.order = row.policy});
    const std::string name = place("42");
    venue.pages["/open/M1"] = says("42 " + name + " " + row.theirs);
    reconcile();
    std::vector<Kind> kinds;
    for (const Difference& difference : differences)
      kinds.push_back(difference.kind);
    EXPECT_EQ(kinds, row.kinds) << row.theirs;
    EXPECT_EQ(text_of(own(name).row.filled), row.filled);
    const std::size_t before = differences.size();
    reconcile();
    const bool is_settled = row.policy == Settings::Differing::adopt;
    EXPECT_EQ(differences.size(), is_settled ? 0 : before);
  }
}

TEST_F(ReconcilerTest, AnOlderPictureThanOursIsNoDifference) {
  const std::string name = place("42");
  unified::OrderRow row = own(name).row;
  row.updated = timestamp_from_ms(9);
  row.filled = decimal("0.5");
  exchange.own().take(row);
  exchange.own().take({.asset = "USDT", .total = decimal("1000"), .used = {}});
  venue.pages["/open/M1"] = says("42 " + name + " o 1 0.25 8");
  venue.pages["/positions"] = says("BTC/USDT:USDT 0.5");
  reconcile();
  EXPECT_TRUE(differences.empty());
  EXPECT_EQ(text_of(own(name).row.filled), "0.5");
}

// ---- what is in flight --------------------------------------------------------------------------

// Whatever happens to an order while the lists are being fetched, none of it is a difference.
TEST_F(ReconcilerTest, WhatIsTouchedDuringTheFetchIsNotCompared) {
  using Touch = std::function<void(const std::string& name)>;
  const auto ignore = [](const Reply<PlacedOrder>&) {};
  struct Case {
    const char* what;
    Touch touch;
  };
  const Case cases[] = {
      {"placed", [&](const auto&) { exchange.create_order(limit(), ignore); }},
      {"changed", [&](const auto& name) { exchange.edit_order(own(name).row, ignore); }},
      {"cancelled",
       [&](const auto& name) {
         exchange.cancel_order(kPerpetual, {.id = "", .client_order_id = name}, ignore);
       }},
      {"filled",
       [&](const auto& name) {
         unified::FillRow fill;
         fill.id = "f";
         fill.client_order_id = name;
         fill.quantity = decimal("1");
         exchange.own().take(fill);
       }},
      {"told to have ended", [&](const auto& name) {
         unified::OrderRow row = own(name).row;
         row.state = OrderState::cancelled;
         row.updated = timestamp_from_ms(99);
         exchange.own().take(row);
       }}};
  for (const Case& row : cases) {
    for (const bool is_listed : {false, true}) {
      // Before the fetch began, and while it is under way.
      for (const Nanoseconds when : {milliseconds(-50), milliseconds(50), milliseconds(250)}) {
        exchange.own() = {};
        renew({});
        venue.latency = {};
        const std::string name = place("42");
        venue.pages["/open/M1"] = says(is_listed ? "42 " + name + " o 1 0 5" : "");
        venue.pages["/order/client/" + name] = says("42 " + name + " o 1 0 5");
        venue.latency = milliseconds(100);
        differences.clear();
        if (when.raw > 0) reconciler->run();
        scheduler.run_for(when.raw > 0 ? when : Nanoseconds{});
        row.touch(name);
        if (when.raw < 0) {
          scheduler.run_for(milliseconds(50));
          if (row.what != std::string_view("placed") && own(name).calls == 0) continue;
          reconciler->run();
        }
        scheduler.run_for(seconds(10));
        for (const Difference& difference : differences)
          ADD_FAILURE() << row.what << " " << when.raw << " " << difference.about;
      }
    }
  }
}

TEST_F(ReconcilerTest, WhatIsInFlightAllTheWhileIsNotCompared) {
  const auto ignore = [](const Reply<PlacedOrder>&) {};
  venue.latencies = {{"/sell", seconds(60)}, {"/cancel/42", seconds(60)}};
  const std::string name = place("42");
  unified::NewOrder order = limit();
  order.side = Side::sell;
  exchange.create_order(order, ignore);
  exchange.cancel_order(kPerpetual, {.id = "42", .client_order_id = name}, ignore);
  for (const std::string& open :
       {std::string(), "42 " + name + " u 1 0.5 5;43 venuebox-2 o 1 0.5 5"}) {
    venue.pages["/open/M1"] = says(open);
    venue.forget();
    reconcile();
    EXPECT_TRUE(differences.empty());
    EXPECT_EQ(reconciler->counts().settled, 0u);
    EXPECT_EQ(venue.count("/order/client/" + name), 0);
  }
  EXPECT_EQ(own(name).calls, 1);
}

TEST_F(ReconcilerTest, AnOrderThatStaysUnknownIsSettledHere) {
  struct Case {
    const char* open;
    const char* found;
    OrderState state;
    const char* filled;
  };
  const Case cases[] = {{"o 1 0.25 9", "", OrderState::open, "0.25"},
                        {"", "f 1 1 9", OrderState::filled, "1"},
                        {"", "", OrderState::rejected, "0"}};
  int number = 0;
  for (const Case& row : cases) {
    const std::string name = "venuebox-" + std::to_string(++number);
    const std::string path = "/order/client/" + name;
    venue.pages["/buy"] = kLost;
    venue.pages[path] = says("", Verdict::not_authorised);  // The settle look-up gets nowhere.
    const auto reply = ask<PlacedOrder>([&](auto then) { exchange.create_order(limit(), then); });
    EXPECT_EQ(reply.kind, CallOutcome::Kind::unknown);
    EXPECT_EQ(own(name).standing, Standing::unknown);
    const auto told = [&](const char* words) {
      return says(*words ? std::to_string(number) + " " + name + " " + words : "");
    };
    venue.pages["/open/M1"] = told(row.open);
    venue.pages[path] = told(row.found);
    venue.forget();
    reconcile();
    EXPECT_EQ(own(name).row.state, row.state) << number;
    EXPECT_EQ(own(name).standing, Standing::known);
    EXPECT_EQ(text_of(own(name).row.filled), row.filled);
    EXPECT_EQ(reconciler->counts().settled, static_cast<std::uint64_t>(number));
    EXPECT_TRUE(differences.empty()) << "nothing was believed of it";
    EXPECT_EQ(venue.count("/buy"), 0) << "and it is never sent again";
    venue.pages["/open/M1"] = says("");
    exchange.own().settle(name, OrderState::cancelled, "");
  }
}

TEST_F(ReconcilerTest, ACancelledOrdersLastFillsAreFetched) {
  const std::string name = place("42");
  ask<PlacedOrder>([&](auto then) { exchange.cancel_order(kPerpetual, {.id = "42"}, then); });
  EXPECT_EQ(own(name).standing, Standing::acknowledged);
  venue.pages["/order/client/" + name] = says("42 " + name + " c 1 0.25 9");
  venue.pages["/positions"] = says("");
  reconcile();
  EXPECT_EQ(text_of(own(name).row.filled), "0.25");
  EXPECT_EQ(own(name).standing, Standing::known);
  venue.pages["/positions"] = says("BTC/USDT:USDT 0.25");
  venue.pages["/balance"] = says("USDT 999.9");
  venue.forget();
  reconcile();
  EXPECT_TRUE(differences.empty()) << "the fill explains position and fee";
  EXPECT_EQ(venue.count("/order/client/" + name), 0) << "that is settled";
}

// ---- positions and balances ---------------------------------------------------------------------

TEST_F(ReconcilerTest, PositionsAreComparedAndAdoptedOrNot) {
  struct Case {
    Settings::Differing policy;
    const char* first;
    const char* then;
    const char* ours;
    const char* theirs;
  };
  const Case cases[] = {
      {Settings::Differing::adopt, "BTC/USDT:USDT 1", "BTC/USDT:USDT -2", "1", "-2"},
      {Settings::Differing::adopt, "BTC/USDT:USDT 1", "", "1", "0"},
      {Settings::Differing::only_report, "", "BTC/USDT:USDT 3", "0", "3"}};
  for (const Case& row : cases) {
    exchange.own() = {};
    renew({.position = row.policy});
    venue.pages["/positions"] = says(row.first);
    reconcile();
    EXPECT_TRUE(differences.empty()) << "what is first told is taken";
    venue.pages["/positions"] = says(row.then);
    reconcile();
    EXPECT_EQ(only().kind, Kind::position_differs);
    EXPECT_EQ(only().about, kPerpetual);
    EXPECT_EQ(text_of(only().ours.value_or(Decimal{})), row.ours);
    EXPECT_EQ(text_of(only().theirs.value_or(Decimal{})), row.theirs);
    reconcile();
    EXPECT_EQ(differences.size(), row.policy == Settings::Differing::adopt ? 0u : 1u);
  }
}

TEST_F(ReconcilerTest, OwnFillsExplainAPositionWhicheverIsToldFirst) {
  reconcile();
  const std::string name = place("42");
  unified::FillRow fill;
  fill.id = "f";
  fill.client_order_id = name;
  fill.quantity = decimal("1");
  unified::PositionRow position;
  position.symbol = kPerpetual;
  position.quantity = decimal("1");
  for (const bool position_is_first : {true, false}) {
    exchange.own() = {};
    exchange.own().know_positions();
    exchange.own().begin_placing(
        [&] {
          auto order = limit();
          order.client_order_id = name;
          return order;
        }(),
        scheduler.now());
    if (position_is_first) exchange.own().take(position);
    exchange.own().take(fill);
    if (!position_is_first) exchange.own().take(position);
    venue.pages["/positions"] = says("BTC/USDT:USDT 1");
    reconcile();
    EXPECT_TRUE(differences.empty());
    EXPECT_EQ(text_of(exchange.own().positions().at(kPerpetual).size), "1");
  }
  exchange.own().take(position);
  venue.pages["/positions"] = says("BTC/USDT:USDT 2");
  reconcile();
  EXPECT_EQ(only().kind, Kind::position_differs) << "and no more than that";
}

TEST_F(ReconcilerTest, BalancesAreComparedAndAdoptedOrNot) {
  for (const auto policy : {Settings::Differing::adopt, Settings::Differing::only_report}) {
    exchange.own() = {};
    renew({.balance = policy});
    venue.pages["/balance"] = says("USDT 1000 1;BTC 1");
    reconcile();
    EXPECT_TRUE(differences.empty()) << "what is first told is taken";
    venue.pages["/balance"] = says("USDT 1000 5;BTC 1");
    reconcile();
    EXPECT_TRUE(differences.empty()) << "what is in use comes and goes";
    venue.pages["/balance"] = says("USDT 990");
    reconcile();
    ASSERT_EQ(differences.size(), 2u);
    EXPECT_EQ(differences[0].kind, Kind::balance_differs);
    EXPECT_EQ(differences[0].about, "BTC");
    EXPECT_EQ(text_of(*differences[0].theirs), "0");
    EXPECT_EQ(text_of(*differences[1].ours), "1000");
    reconcile();
    EXPECT_EQ(differences.size(), policy == Settings::Differing::adopt ? 0u : 2u);
  }
}

// ---- when, and what is concluded from a part ----------------------------------------------------

TEST_F(ReconcilerTest, NothingIsConcludedFromAPart) {
  for (const char* path : {"/open/M1", "/positions", "/balance"}) {
    exchange.own() = {};
    renew({});
    const std::string name = place("42");
    const TransportResult good = venue.pages[path];
    for (const TransportResult& bad : {kLost, says("", Verdict::not_authorised)}) {
      failures.clear();
      venue.pages[path] = bad;
      reconcile();
      scheduler.run_for(seconds(600));  // for the breaker
      EXPECT_TRUE(differences.empty()) << path;
      EXPECT_EQ(failures.size(), 1u);
      EXPECT_TRUE(own(name).is_live());
    }
    EXPECT_EQ(reconciler->counts().failed, 2u);
    EXPECT_EQ(reconciler->counts().runs, 0u);
    venue.pages[path] = good;
  }
}

TEST_F(ReconcilerTest, AListThatIsCutOffIsAPart) {
  place("42");
  venue.pages["/open/M1"] = venue.pages["/open/M1?page=more"] = says("7 theirs o 1 0 5;+");
  reconcile();
  EXPECT_TRUE(differences.empty());
  EXPECT_EQ(failures.at(0), "there are more open orders than are asked for");
}

TEST_F(ReconcilerTest, RunsEveryThirtySecondsAndNeverTwiceAtOnce) {
  reconciler->start();
  reconciler->start();
  scheduler.run_for(seconds(29));
  EXPECT_EQ(venue.count("/balance"), 0);
  scheduler.run_for(seconds(61));
  EXPECT_EQ(venue.count("/balance"), 3);
  venue.latency = seconds(9);
  scheduler.run_for(seconds(31));  // The next has begun and is under way.
  ASSERT_TRUE(reconciler->is_running());
  const int asked = venue.count("/open/M1");
  reconciler->run();
  reconciler->run();
  EXPECT_EQ(venue.count("/open/M1"), asked);
  scheduler.run_for(seconds(27));
  EXPECT_EQ(venue.count("/open/M1"), asked + 1) << "one more, for both, once it is over";
  EXPECT_TRUE(reconciler->is_running());
}

TEST_F(ReconcilerTest, IsOffAtZeroAndWithoutKeys) {
  renew({.every = {}});
  reconciler->start();
  scheduler.run_for(seconds(600));
  Exchange reader{kAcme, std::nullopt, venue, scheduler};
  Reconciler other(reader, scheduler);
  other.start();
  scheduler.run_for(seconds(600));
  EXPECT_TRUE(venue.sent.empty());
  reconcile();
  EXPECT_EQ(reconciler->counts().runs, 1u) << "on demand";
}

TEST_F(ReconcilerTest, NothingHappensAfterItsEnd) {
  reconciler->start();
  reconciler->run();
  reconciler.reset();
  scheduler.run_for(seconds(600));
  EXPECT_TRUE(differences.empty());
  EXPECT_EQ(venue.sent.size(), 1u) << "the one that was under way";
}

}  // namespace
}  // namespace venuebox::client
