// The calls that are more than a question and its answer.
#include "client/test_acme.h"

namespace venuebox::client {
namespace {
using gateway::Verdict;
using Kind = CallOutcome::Kind;
using Reason = OrderCheck::Reason;

struct ExchangeCalls : AcmeTest {
  using Paths = std::vector<std::string>;
  OrderCheck check(const unified::NewOrder& order) {
    const auto reply = ask<OrderCheck>([&](auto then) { exchange.can_execute_order(order, then); });
    EXPECT_TRUE(reply);
    return reply.value.value_or(OrderCheck{});
  }
};

TEST_F(ExchangeCalls, TellTheTime) {
  venue.pages["/time"] = says("1700000000123");
  const auto reply = ask<Timestamp>([&](auto then) { exchange.fetch_time(then); });
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply.value->ms(), 1'700'000'000'123);
}

TEST_F(ExchangeCalls, AllTickersAreStaleWhereNoneCome) {
  const auto all = [&] {
    return ask<std::vector<unified::Ticker>>([&](auto then) { exchange.fetch_tickers(then); });
  };
  venue.pages["/tickers"] = kLost;
  EXPECT_EQ(all().value->at(0).origin, unified::Origin::unavailable);
  venue.pages["/tickers"] = says("100 101");
  EXPECT_EQ(all().value->at(0).origin, unified::Origin::live);
  venue.pages["/tickers"] = kLost;
  const auto stale = all();
  EXPECT_FALSE(stale);
  ASSERT_EQ(stale.value->size(), 2u);
  EXPECT_EQ(stale.value->at(0).origin, unified::Origin::stale);
  EXPECT_EQ(text_of(*stale.value->at(0).bid), "100");
  EXPECT_EQ(stale.value->at(1).origin, unified::Origin::unavailable);
}

TEST_F(ExchangeCalls, OrdersAreOpenAndClosedAndEachOnce) {
  venue.pages["/open/M1"] = says("1 a o 1 0 1;2 b o 1 0 1");
  venue.pages["/closed/M1/20"] = says("3 c f 1 1 1;2 b f 1 1 2");
  const auto reply = ask<std::vector<unified::OrderRow>>(
      [&](auto then) { exchange.fetch_orders(kPerpetual, 20, then); });
  ASSERT_TRUE(reply);
  std::map<std::string, unified::OrderState> states;
  for (const unified::OrderRow& row : *reply.value)
    states[row.id] = row.state;
  EXPECT_EQ(reply.value->size(), 3u);
  EXPECT_EQ(states.at("1"), unified::OrderState::open);
  EXPECT_EQ(states.at("2"), unified::OrderState::filled) << "which ended between the questions";
}

TEST_F(ExchangeCalls, AListThatIsCutOffSaysSo) {
  venue.pages["/positions"] = venue.pages["/positions?page=more"] = says("BTC/USDT 1;+");
  const auto cut =
      ask<std::vector<unified::PositionRow>>([&](auto then) { exchange.fetch_positions(then); });
  EXPECT_TRUE(cut.is_cut);
  venue.pages["/positions?page=more"] = says("BTC/USDT 1");
  const auto whole =
      ask<std::vector<unified::PositionRow>>([&](auto then) { exchange.fetch_positions(then); });
  EXPECT_FALSE(whole.is_cut);
}

TEST_F(ExchangeCalls, CancellingAllSendsAllAndTellsTheWorst) {
  struct Case {
    TransportResult first, second;
    Kind kind;
  };
  const Case cases[] = {{says("ok"), says("ok"), Kind::answered},
                        {says("", Verdict::refused), says("ok"), Kind::refused},
                        {kLost, says("", Verdict::refused), Kind::unknown},
                        {says("ok"), kLost, Kind::unknown}};
  for (const Case& row : cases) {
    venue.forget();
    venue.pages["/cancel-all/M1"] = row.first;
    venue.pages["/cancel-waiting/M1"] = row.second;
    const auto reply =
        ask<Nothing>([&](auto then) { exchange.cancel_all_orders(kPerpetual, then); });
    EXPECT_EQ(reply.kind, row.kind);
    EXPECT_EQ(venue.sent, (Paths{"/cancel-all/M1", "/cancel-waiting/M1"})) << "each once";
  }
}

TEST_F(ExchangeCalls, APositionIsClosedByAnOrderThatCanOnlyReduce) {
  venue.pages["/sell"] = venue.pages["/buy"] = says("42");
  struct Case {
    const char* position;
    const char* path;
    const char* body;
  };
  const Case cases[] = {{"BTC/USDT:USDT 0.5", "/sell", "venuebox-1 reduce 0.5"},
                        {"ETH/USDT:USDT 9;BTC/USDT:USDT -0.25", "/buy", "venuebox-2 reduce 0.25"}};
  for (const Case& row : cases) {
    venue.forget();
    venue.pages["/positions"] = says(row.position);
    const auto reply =
        ask<PlacedOrder>([&](auto then) { exchange.close_position(kPerpetual, then); });
    EXPECT_TRUE(reply) << reply.text;
    EXPECT_EQ(venue.sent, (Paths{"/positions", row.path}));
    EXPECT_EQ(venue.bodies[1], row.body);
  }
}

TEST_F(ExchangeCalls, WhereThereIsNoPositionNothingIsClosed) {
  struct Case {
    TransportResult positions;
    const char* text;
  };
  const Case cases[] = {{says(""), "there is no position in BTC/USDT:USDT"},
                        {says("ETH/USDT:USDT 1"), "there is no position in BTC/USDT:USDT"},
                        {says("BTC/USDT:USDT 1;BTC/USDT:USDT -1"),
                         "BTC/USDT:USDT is held on both sides; close one by an order"},
                        {says("", Verdict::not_authorised), "acme answered 0: so it is"}};
  for (const Case& row : cases) {
    venue.forget();
    venue.pages["/positions"] = row.positions;
    const auto reply =
        ask<PlacedOrder>([&](auto then) { exchange.close_position(kPerpetual, then); });
    EXPECT_EQ(reply.kind, Kind::refused);
    EXPECT_EQ(reply.text, row.text);
    EXPECT_EQ(venue.sent, Paths{"/positions"});
  }
}

TEST_F(ExchangeCalls, OrdersAreCheckedHereBeforeAnythingIsAsked) {
  struct Case {
    const char* price;
    const char* quantity;
    Reason reason;
  };
  const Case cases[] = {{"0", "1", Reason::price_missing},
                        {"100.05", "1", Reason::price_off_tick},
                        {"100.1", "0", Reason::quantity_off_step},
                        {"100.1", "0.0015", Reason::quantity_off_step},
                        {"100.1", "100.001", Reason::quantity_too_large},
                        {"1", "0.001", Reason::notional_too_small}};
  for (const Case& row : cases) {
    const OrderCheck checked = check(limit(row.price, row.quantity));
    EXPECT_EQ(checked.reason, row.reason) << row.price << " " << row.quantity;
    EXPECT_FALSE(checked.text.empty());
  }
  unified::NewOrder elsewhere = limit();
  elsewhere.symbol = "NO/SUCH";
  EXPECT_EQ(check(elsewhere).reason, Reason::unknown_market);
  EXPECT_EQ(venue.sent, Paths{}) << "no packet";
}

TEST_F(ExchangeCalls, OrdersAreCheckedAgainstWhatIsFree) {
  struct Case {
    const char* what;
    const char* symbol;
    Side side;
    const char* balance;
    const char* leverage;
    Reason reason;
  };
  // One for 100 of quote.
  const Case cases[] = {
      {"spot buy", "BTC/USDT", Side::buy, "USDT 120 20", "", Reason::none},
      {"spot buy, held", "BTC/USDT", Side::buy, "USDT 120 20.01", "", Reason::balance_too_small},
      {"spot sell", "BTC/USDT", Side::sell, "BTC 1", "", Reason::none},
      {"spot sell of more", "BTC/USDT", Side::sell, "BTC 0.9;USDT 500", "",
       Reason::balance_too_small},
      {"nothing known", "BTC/USDT", Side::sell, "USDT 500", "", Reason::balance_too_small},
      {"perpetual, leverage unknown", kPerpetual, Side::buy, "USDT 1", "", Reason::none},
      {"perpetual without money", kPerpetual, Side::sell, "USDT 1 1", "",
       Reason::balance_too_small},
      {"perpetual, enough", kPerpetual, Side::sell, "USDT 10", "10", Reason::none},
      {"perpetual, too little", kPerpetual, Side::sell, "USDT 9.99", "10",
       Reason::balance_too_small}};
  venue.pages["/leverage/M1"] = says("ok");
  for (const Case& row : cases) {
    if (*row.leverage != '\0') {
      EXPECT_TRUE(ask<Nothing>(
          [&](auto then) { exchange.set_leverage(row.symbol, decimal(row.leverage), then); }));
    }
    venue.forget();
    venue.pages["/balance"] = says(row.balance);
    unified::NewOrder order = limit();
    order.symbol = row.symbol;
    order.side = row.side;
    EXPECT_EQ(check(order).reason, row.reason) << row.what;
    EXPECT_EQ(venue.sent, Paths{"/balance"}) << row.what;
  }
}

TEST_F(ExchangeCalls, ABalanceThatDoesNotComeIsAReasonOfItsOwn) {
  venue.pages["/balance"] = says("", Verdict::not_authorised);
  EXPECT_EQ(check(limit()).reason, Reason::balance_unavailable);
  Exchange reader{kAcme, std::nullopt, venue, scheduler};
  const auto reply = ask<OrderCheck>([&](auto then) { reader.can_execute_order(limit(), then); });
  EXPECT_EQ(reply.value->reason, Reason::read_only);
  EXPECT_EQ(reply.value->text, "read-only: set ACME_API_KEY and ACME_SECRET to trade on acme");
}

// ---- what trading calls tell the own view -------------------------------------------------------

TEST_F(ExchangeCalls, ThatTradeTellTheOwnView) {
  const std::string name = place("42");
  const OwnOrder& own = exchange.own().orders().at(name);
  EXPECT_EQ(own.row.id, "42");
  EXPECT_EQ(own.standing, OwnOrder::Standing::known);
  unified::OrderRow changed = own.row;
  changed.price = decimal("90");
  EXPECT_TRUE(ask<PlacedOrder>([&](auto then) { exchange.edit_order(changed, then); }));
  EXPECT_EQ(text_of(*own.row.price), "90");
  EXPECT_TRUE(
      ask<PlacedOrder>([&](auto then) { exchange.cancel_order(kPerpetual, {.id = "42"}, then); }));
  EXPECT_EQ(own.row.state, unified::OrderState::cancelled);
  EXPECT_EQ(own.standing, OwnOrder::Standing::acknowledged);
}

TEST_F(ExchangeCalls, ALostOrderIsInTheOwnViewAsItWasFound) {
  venue.pages["/buy"] = kLost;
  struct Case {
    TransportResult order;
    unified::OrderState state;
    OwnOrder::Standing standing;
  };
  const Case cases[] = {
      {says("42 venuebox-1 o 1 0.5 9"), unified::OrderState::open, OwnOrder::Standing::known},
      {says(""), unified::OrderState::rejected, OwnOrder::Standing::known},
      {kLost, unified::OrderState::open, OwnOrder::Standing::unknown}};
  int number = 0;
  for (const Case& row : cases) {
    const std::string name = "venuebox-" + std::to_string(++number);
    venue.pages["/order/client/" + name] = row.order;
    ask<PlacedOrder>([&](auto then) { exchange.create_order(limit(), then); });
    const OwnOrder& own = exchange.own().orders().at(name);
    EXPECT_EQ(own.row.state, row.state) << number;
    EXPECT_EQ(own.standing, row.standing) << number;
    EXPECT_EQ(own.calls, 0) << number;
  }
  EXPECT_EQ(text_of(exchange.own().orders().at("venuebox-1").row.filled), "0.5");
}

TEST_F(ExchangeCalls, CancellingAllCancelsInTheOwnView) {
  const std::string name = place("42");
  venue.pages["/cancel-waiting/M1"] = kLost;
  ask<Nothing>([&](auto then) { exchange.cancel_all_orders(kPerpetual, then); });
  EXPECT_EQ(exchange.own().orders().at(name).standing, OwnOrder::Standing::unknown);
  venue.pages["/cancel-waiting/M1"] = says("ok");
  ask<Nothing>([&](auto then) { exchange.cancel_all_orders(kPerpetual, then); });
  EXPECT_EQ(exchange.own().orders().at(name).row.state, unified::OrderState::cancelled);
}

}  // namespace
}  // namespace venuebox::client
