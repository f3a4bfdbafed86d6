// What the client believes, whatever comes in whatever order.
#include "client/own_view.h"

#include <algorithm>

#include "client/test_acme.h"

namespace venuebox::client {
namespace {
using unified::OrderState;
using Deed = OwnView::Deed;
using Kind = CallOutcome::Kind;
using Standing = OwnOrder::Standing;

unified::OrderRow row(OrderState state, const char* filled, std::int64_t updated_ms) {
  unified::OrderRow row;
  row.id = "42";
  row.client_order_id = "mine";
  row.symbol = kPerpetual;
  row.state = state;
  row.quantity = decimal("10");
  row.filled = decimal(filled);
  row.updated = timestamp_from_ms(updated_ms);
  return row;
}
unified::FillRow fill(std::string id, const char* quantity) {
  unified::FillRow fill;
  fill.id = std::move(id);
  fill.order = "42";
  fill.symbol = kPerpetual;
  fill.quantity = decimal(quantity);
  fill.price = decimal("100");
  return fill;
}
unified::OrderRow asked(std::string id = "42") {
  unified::OrderRow row;
  row.id = std::move(id);
  row.client_order_id = "mine";
  row.quantity = decimal("10");
  return row;
}

struct OwnViewTest : testing::Test {
  OwnViewTest() {
    order.symbol = kPerpetual;
    order.quantity = decimal("10");
    order.price = decimal("100");
    order.client_order_id = "mine";
  }
  void place() {
    view.begin_placing(order, kStart);
    view.end(Deed::place, asked(), Kind::answered, gateway::Verdict::ok, "");
  }
  const OwnOrder& mine() const { return view.orders().at("mine"); }
  std::string filled() const { return text_of(mine().row.filled); }

  static constexpr Timestamp kStart = timestamp_from_ms(1'700'000'000'000);
  unified::NewOrder order;
  OwnView view;
};

TEST_F(OwnViewTest, AnOrderIsUnknownUntilItIsAnswered) {
  view.begin_placing(order, kStart);
  EXPECT_EQ(mine().calls, 1);
  EXPECT_EQ(mine().standing, Standing::unknown);
  EXPECT_EQ(mine().since, kStart);
  view.end(Deed::place, asked(), Kind::answered, gateway::Verdict::ok, "");
  EXPECT_EQ(mine().calls, 0);
  EXPECT_EQ(mine().standing, Standing::known);
  EXPECT_EQ(view.find({.id = "42"}), &mine());
}

TEST_F(OwnViewTest, OutcomesSayWhatIsBelieved) {
  using gateway::Verdict;
  struct Case {
    const char* what;
    Deed deed;
    Kind outcome;
    Verdict verdict;
    OrderState state;
    Standing standing;
  };
  const Case cases[] = {
      {"no change", Deed::change, Kind::refused, Verdict::refused, OrderState::open,
       Standing::known},
      {"too late to change", Deed::change, Kind::refused, Verdict::unknown_order, OrderState::open,
       Standing::unknown},
      {"lost change", Deed::change, Kind::unknown, Verdict::ok, OrderState::open,
       Standing::unknown},
      {"cancelled", Deed::cancel, Kind::answered, Verdict::ok, OrderState::cancelled,
       Standing::acknowledged},
      {"too late to cancel", Deed::cancel, Kind::refused, Verdict::unknown_order, OrderState::open,
       Standing::unknown},
      {"lost cancel", Deed::cancel, Kind::unknown, Verdict::ok, OrderState::open,
       Standing::unknown},
      {"placed twice", Deed::place, Kind::refused, Verdict::duplicate_client_order_id,
       OrderState::open, Standing::known},
  };
  for (const Case& row : cases) {
    view = {};
    place();
    if (row.deed == Deed::place) {
      view.begin_placing(order, kStart);
    } else {
      view.begin({.id = "42"});
    }
    EXPECT_EQ(mine().calls, 1) << row.what;
    view.end(row.deed, asked(), row.outcome, row.verdict, "");
    EXPECT_EQ(mine().row.state, row.state) << row.what;
    EXPECT_EQ(mine().standing, row.standing) << row.what;
    EXPECT_EQ(mine().calls, 0) << row.what;
  }
}

TEST_F(OwnViewTest, ARefusedOrderIsRejectedAndALostOneUnknown) {
  view.begin_placing(order, kStart);
  view.end(Deed::place, asked(""), Kind::refused, gateway::Verdict::bad_price, "too high");
  EXPECT_EQ(mine().row.state, OrderState::rejected);
  EXPECT_EQ(mine().row.reason, "too high");
  view = {};
  view.begin_placing(order, kStart);
  view.end(Deed::place, asked(""), Kind::unknown, gateway::Verdict::ok, "no answer");
  EXPECT_TRUE(mine().is_live());
  EXPECT_EQ(mine().standing, Standing::unknown);
}

TEST_F(OwnViewTest, WhatTheVenueHasShownIsNotUnknown) {
  view.begin_placing(order, kStart);
  EXPECT_TRUE(view.take(row(OrderState::open, "0", 1)));
  view.end(Deed::place, asked(""), Kind::unknown, gateway::Verdict::ok, "no answer");
  EXPECT_EQ(mine().standing, Standing::known);
  EXPECT_EQ(mine().row.id, "42");
}

// Every order in which an order's life can be told ends in the same belief.
TEST_F(OwnViewTest, RowsMayComeInAnyOrderAndTwice) {
  const std::vector<unified::OrderRow> life = {
      row(OrderState::open, "0", 1), row(OrderState::open, "3", 2), row(OrderState::open, "7", 3),
      row(OrderState::cancelled, "7", 4)};
  std::vector<std::size_t> order_of_rows = {0, 1, 2, 3};
  do {
    view = {};
    place();
    for (const std::size_t i : order_of_rows) {
      const Decimal before = mine().row.filled;
      view.take(life[i]);
      EXPECT_FALSE(view.take(life[i])) << "no news twice";
      EXPECT_TRUE(compare(mine().row.filled, before) >= 0) << "never less";
    }
    EXPECT_EQ(mine().row.state, OrderState::cancelled);
    EXPECT_EQ(filled(), "7");
    EXPECT_EQ(text_of(view.positions().at(kPerpetual).traded), "7") << "and each part once";
  } while (std::ranges::next_permutation(order_of_rows).found);
}

TEST_F(OwnViewTest, FillsAndRowsOfTheSameTradeCountOnce) {
  const auto steps = std::vector<std::function<void()>>{
      [&] { view.take(fill("a", "4")); }, [&] { view.take(fill("b", "6")); },
      [&] { view.take(row(OrderState::open, "4", 1)); },
      [&] { view.take(row(OrderState::filled, "10", 2)); }};
  std::vector<std::size_t> turns = {0, 1, 2, 3};
  do {
    view = {};
    place();
    for (const std::size_t i : turns) {
      steps[i]();
      steps[i]();
    }
    EXPECT_EQ(filled(), "10");
    EXPECT_EQ(mine().row.state, OrderState::filled);
    EXPECT_EQ(text_of(view.positions().at(kPerpetual).traded), "10");
  } while (std::ranges::next_permutation(turns).found);
}

TEST_F(OwnViewTest, FillsAloneFillAnOrder) {
  place();
  EXPECT_TRUE(view.take(fill("a", "4")));
  EXPECT_FALSE(view.take(fill("a", "4")));
  EXPECT_EQ(filled(), "4");
  EXPECT_TRUE(mine().is_live());
  EXPECT_TRUE(view.take(fill("b", "6")));
  EXPECT_EQ(mine().row.state, OrderState::filled);
}

TEST_F(OwnViewTest, OrdersOfOthersAreLeftAloneUntilAdopted) {
  EXPECT_FALSE(view.take(row(OrderState::open, "0", 1)));
  EXPECT_FALSE(view.take(fill("a", "4")));
  EXPECT_TRUE(view.orders().empty());
  view.adopt(row(OrderState::open, "2", 1), kStart);
  EXPECT_EQ(filled(), "2");
  EXPECT_TRUE(view.positions().empty()) << "which the position tells already";
}

TEST_F(OwnViewTest, AdoptingTakesEvenWhatIsLess) {
  place();
  view.take(row(OrderState::open, "7", 5));
  view.adopt(row(OrderState::open, "3", 5), kStart);
  EXPECT_EQ(filled(), "3");
}

TEST_F(OwnViewTest, OwnTradesMoveWhatTheyTradeIn) {
  place();
  view.take({.asset = "USDT", .total = decimal("100"), .used = {}});
  EXPECT_FALSE(view.balances().at("USDT").has_moved);
  view.take(fill("a", "4"));
  EXPECT_TRUE(view.balances().at("USDT").has_moved);
  EXPECT_FALSE(view.balances().contains("BTC")) << "a perpetual settles in USDT alone";
  view.take({.asset = "USDT", .total = decimal("99"), .used = {}});
  EXPECT_FALSE(view.balances().at("USDT").has_moved);
  unified::PositionRow position;
  position.symbol = kPerpetual;
  position.side = Side::sell;
  position.quantity = decimal("4");
  view.take(position);
  EXPECT_EQ(text_of(view.positions().at(kPerpetual).size), "-4");
  EXPECT_EQ(text_of(view.positions().at(kPerpetual).traded), "0");
}

TEST_F(OwnViewTest, RemembersThatManyEndedOrdersAndEveryLiveOne) {
  place();
  for (int i = 0; i < 1'500; ++i) {
    unified::OrderRow other = row(OrderState::cancelled, "0", 1);
    other.id = "other-" + std::to_string(i);
    other.client_order_id.clear();
    view.adopt(other, kStart);
  }
  EXPECT_EQ(view.orders().size(), 1'001u);
  EXPECT_TRUE(mine().is_live());
  EXPECT_EQ(view.find({.id = "other-0"}), nullptr);
  EXPECT_NE(view.find({.id = "other-1499"}), nullptr);
}

}  // namespace
}  // namespace venuebox::client
