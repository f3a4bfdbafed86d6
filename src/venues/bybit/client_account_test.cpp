// An account's own data and orders, from one end of the wire to the other.
#include <algorithm>

#include <fmt/format.h>

#include "engine/engine.h"
#include "venues/bybit/ids.h"
#include "venues/bybit/test_client.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::ClientRequest;
using gateway::Verdict;
using unified::OrderState;

struct Terms {
  std::string_view symbol = kLinear;
  Side side = Side::buy;
  const char* price = "36000";  // "": at market
  const char* quantity = "0.01";
};

unified::NewOrder order_of(const Terms& terms) {
  unified::NewOrder order;
  order.symbol = terms.symbol;
  order.side = terms.side;
  order.type = *terms.price == '\0' ? OrderType::market : OrderType::limit;
  order.quantity = decimal(terms.quantity);
  if (*terms.price != '\0') order.price = decimal(terms.price);
  return order;
}

InstrumentKindOf kind_of(std::string_view symbol) {
  return symbol == kSpot ? InstrumentKindOf::spot : InstrumentKindOf::linear_perpetual;
}

// The exchange's own picture of an order that the client knows by its id.
std::optional<Order> order_in(const Wire& wire, std::string_view symbol, std::string_view id) {
  const auto number = order_id_from_text(id, kind_of(symbol), Exchange::kBoxKey);
  if (!number) return std::nullopt;
  if (auto live = wire.exchange.view().live_order(*number)) return live;
  std::optional<Order> closed;
  wire.exchange.view().closed_orders(Exchange::kAlice, [&](const Order& order) {
    if (order.id == *number) closed = order;
    return !closed;
  });
  return closed;
}

std::string price_in(const Wire& wire, const Order& order) {
  const Instrument& instrument = wire.exchange.view().instruments()[order.instrument.raw];
  return trimmed_text(multiply(order.price.raw, instrument.tick.units), instrument.tick.scale);
}
std::string quantity_in(const Wire& wire, InstrumentId id, std::int64_t lots) {
  const Instrument& instrument = wire.exchange.view().instruments()[id.raw];
  return trimmed_text(multiply(lots, instrument.lot.units), instrument.lot.scale);
}

struct ClientOrders : testing::TestWithParam<std::string_view> {
  Wire wire;
  const std::string_view symbol = GetParam();
};
INSTANTIATE_TEST_SUITE_P(Markets, ClientOrders, testing::Values(kSpot, kLinear),
                         [](const auto& market) {
                           return std::string(market.param == kSpot ? "spot" : "linear");
                         });

TEST_P(ClientOrders, RestAndAreFoundByEitherName) {
  unified::NewOrder wanted = order_of({.symbol = symbol});
  wanted.client_order_id = "mine-1";
  wanted.is_post_only = true;
  const std::string id = wire.place(wanted);
  const auto real = order_in(wire, symbol, id);
  ASSERT_TRUE(real);
  for (const unified::OrderName& name :
       {unified::OrderName{.id = id}, unified::OrderName{.id = "", .client_order_id = "mine-1"}}) {
    const unified::OrderRow row = wire.order(symbol, name);
    EXPECT_EQ(row.id, id);
    EXPECT_EQ(row.client_order_id, real->client_order_id.view());
    EXPECT_EQ(row.symbol, symbol);
    EXPECT_EQ(row.side, real->side);
    EXPECT_EQ(row.type, OrderType::limit);
    EXPECT_EQ(row.time_in_force, TimeInForce::gtc);
    EXPECT_TRUE(row.is_post_only);
    EXPECT_FALSE(row.is_reduce_only);
    EXPECT_EQ(row.state, OrderState::open);
    EXPECT_EQ(text_of(row.price), price_in(wire, *real));
    EXPECT_EQ(text_of(row.quantity), quantity_in(wire, real->instrument, real->quantity.raw));
    EXPECT_EQ(text_of(row.filled), "0");
    EXPECT_EQ(text_of(row.average_price), "none");
    EXPECT_EQ(text_of(row.trigger_price), "none");
    EXPECT_EQ(row.reason, "");
    EXPECT_EQ(row.created, real->created);
    EXPECT_EQ(row.updated, real->updated);
  }
}

TEST_P(ClientOrders, FillInPartsAndTellSo) {
  const std::string id =
      wire.place(order_of({.symbol = symbol, .price = "37000", .quantity = "0.03"}));
  wire.place(order_of({.symbol = symbol, .side = Side::sell, .price = "", .quantity = "0.01"}),
             "bob");
  unified::OrderRow row = wire.order(symbol, {.id = id});
  EXPECT_EQ(row.state, OrderState::open);
  EXPECT_EQ(text_of(row.filled), "0.01");
  EXPECT_EQ(text_of(row.average_price), "37000");
  wire.place(order_of({.symbol = symbol, .side = Side::sell, .price = "", .quantity = "0.02"}),
             "bob");
  row = wire.order(symbol, {.id = id});
  EXPECT_EQ(row.state, OrderState::filled);
  EXPECT_EQ(text_of(row.filled), "0.03");
  EXPECT_EQ(row.reason, "");
}

TEST_P(ClientOrders, AtMarketCountInBase) {
  const std::string id = wire.place(order_of({.symbol = symbol, .price = "", .quantity = "0.5"}));
  const auto real = order_in(wire, symbol, id);
  ASSERT_TRUE(real);
  const unified::OrderRow row = wire.order(symbol, {.id = id});
  EXPECT_EQ(row.type, OrderType::market);
  EXPECT_EQ(row.state, OrderState::filled);
  EXPECT_EQ(text_of(row.quantity), "0.5");
  EXPECT_EQ(text_of(row.filled), quantity_in(wire, real->instrument, real->filled.raw));
  EXPECT_EQ(text_of(row.price), "none") << "what it may slip to is nobody's price";
  EXPECT_EQ(text_of(row.average_price), "37001");
}

TEST_P(ClientOrders, SayWhyTheyEnded) {
  const auto ended = [&](auto change, const char* price) {
    unified::NewOrder wanted = order_of({.symbol = symbol, .price = price});
    change(wanted);
    return wire.order(symbol, {.id = wire.place(wanted)});
  };
  const auto ioc = ended([](auto& o) { o.time_in_force = TimeInForce::ioc; }, "36000");
  EXPECT_EQ(ioc.state, OrderState::cancelled);
  EXPECT_EQ(ioc.time_in_force, TimeInForce::ioc);
  EXPECT_EQ(ioc.reason, "EC_NoImmediateQtyToFill");
  const auto fok = ended([](auto& o) { o.time_in_force = TimeInForce::fok; }, "36000");
  EXPECT_EQ(fok.time_in_force, TimeInForce::fok);
  EXPECT_EQ(fok.reason, "EC_CancelForNoFullFill");
  const auto post_only = ended([](auto& o) { o.is_post_only = true; }, "37100");
  EXPECT_EQ(post_only.state, OrderState::cancelled);
  EXPECT_EQ(post_only.reason, "EC_PostOnlyWillTakeLiquidity");
}

TEST_P(ClientOrders, AreEdited) {
  unified::NewOrder wanted = order_of({.symbol = symbol});
  wanted.client_order_id = "mine-1";
  const std::string id = wire.place(wanted);
  unified::OrderRow changed = wire.order(symbol, {.id = id});
  changed.price = decimal("35900");
  EXPECT_EQ(wire.judged(client_dialect.edit_order(wire.market(symbol), changed)).verdict,
            Verdict::ok);
  changed.id.clear();  // by the client's name then
  changed.quantity = decimal("0.02");
  EXPECT_EQ(wire.judged(client_dialect.edit_order(wire.market(symbol), changed)).verdict,
            Verdict::ok);
  const auto real = order_in(wire, symbol, id);
  ASSERT_TRUE(real);
  EXPECT_EQ(price_in(wire, *real), "35900");
  EXPECT_EQ(quantity_in(wire, real->instrument, real->quantity.raw), "0.02");
  EXPECT_EQ(text_of(wire.order(symbol, {.id = id}).price), "35900");
}

TEST_P(ClientOrders, WaitForTheirTrigger) {
  unified::NewOrder wanted = order_of({.symbol = symbol, .side = Side::sell, .price = "35800"});
  wanted.trigger_price = decimal("35900");
  wanted.trigger_direction = TriggerDirection::falls;
  wire.place(order_of({.symbol = symbol, .price = ""}), "bob");  // a last price
  const std::string id = wire.place(wanted);
  unified::OrderRow row = wire.order(symbol, {.id = id});
  EXPECT_EQ(row.state, OrderState::untriggered);
  EXPECT_EQ(text_of(row.price), "35800");
  EXPECT_EQ(text_of(row.trigger_price), "35900");
  const auto real = order_in(wire, symbol, id);
  ASSERT_TRUE(real && real->trigger);
  EXPECT_EQ(real->trigger->direction, TriggerDirection::falls);

  row.trigger_price = decimal("35850");
  EXPECT_EQ(wire.judged(client_dialect.edit_order(wire.market(symbol), row)).verdict, Verdict::ok);
  EXPECT_EQ(text_of(wire.order(symbol, {.id = id}).trigger_price), "35850");

  const unified::OrderName name{.id = id, .client_order_id = "", .is_untriggered = true};
  EXPECT_EQ(wire.judged(client_dialect.cancel_order(wire.market(symbol), name)).verdict,
            Verdict::ok);
  EXPECT_EQ(wire.order(symbol, {.id = id}).state, OrderState::cancelled);
}

TEST_P(ClientOrders, AreCancelledByEitherName) {
  for (const bool by_id : {true, false}) {
    unified::NewOrder wanted = order_of({.symbol = symbol});
    wanted.client_order_id = by_id ? "a" : "b";
    const std::string id = wire.place(wanted);
    const unified::OrderName name{.id = by_id ? id : "", .client_order_id = wanted.client_order_id};
    EXPECT_EQ(wire.judged(client_dialect.cancel_order(wire.market(symbol), name)).verdict,
              Verdict::ok);
    const unified::OrderRow row = wire.order(symbol, name);
    EXPECT_EQ(row.state, OrderState::cancelled);
    EXPECT_EQ(row.reason, "EC_PerCancelRequest");
    EXPECT_EQ(wire.judged(client_dialect.cancel_order(wire.market(symbol), name)).verdict,
              Verdict::unknown_order);
  }
}

TEST_P(ClientOrders, AreAllCancelledThoseThatWaitIncluded) {
  wire.place(order_of({.symbol = symbol, .price = ""}), "bob");  // a last price
  wire.place(order_of({.symbol = symbol}));
  unified::NewOrder waiting = order_of({.symbol = symbol, .side = Side::sell, .price = "35800"});
  waiting.trigger_price = decimal("35900");
  waiting.trigger_direction = TriggerDirection::falls;
  wire.place(waiting);
  const auto open = [&] {
    return client_dialect
        .read_orders(wire.send(client_dialect.fetch_open_orders(wire.market(symbol))), wire.markets)
        ->size();
  };
  EXPECT_EQ(open(), 2u);
  for (const auto& request : client_dialect.cancel_all_orders(wire.market(symbol)))
    EXPECT_EQ(wire.judged(request).verdict, Verdict::ok);
  EXPECT_EQ(open(), 0u);
}

TEST_P(ClientOrders, StandOnPages) {
  std::vector<std::string> placed;
  wire.exchange.now = wire.clock;
  for (int i = 0; i < 120; ++i) {
    wire.clock = wire.door_time = wire.clock + seconds(1);  // for the rate limit
    placed.push_back(wire.place(order_of({.symbol = symbol, .quantity = "0.001"})));
  }
  std::vector<std::string> seen;
  std::optional<gateway::ClientRequest> request =
      client_dialect.fetch_open_orders(wire.market(symbol));
  int pages = 0;
  for (; request && pages < 10; ++pages) {
    const gateway::ClientResponse response = wire.send(*request);
    const auto rows = client_dialect.read_orders(response, wire.markets);
    ASSERT_TRUE(rows) << rows.error().text();
    for (const unified::OrderRow& row : *rows)
      seen.push_back(row.id);
    request = client_dialect.next_page(*request, response);
  }
  EXPECT_EQ(pages, 3);
  std::ranges::reverse(seen);  // newest first
  EXPECT_EQ(seen, placed);
}

TEST_P(ClientOrders, AreListedOnceTheyHaveEnded) {
  const std::string open = wire.place(order_of({.symbol = symbol}));
  const std::string filled =
      wire.place(order_of({.symbol = symbol, .price = "", .quantity = "0.01"}));
  const auto rows = client_dialect.read_orders(
      wire.send(client_dialect.fetch_closed_orders(wire.market(symbol), 1'000)), wire.markets);
  ASSERT_TRUE(rows) << rows.error().text();
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().id, filled);
  EXPECT_EQ(rows->front().state, OrderState::filled);
}

TEST_P(ClientOrders, LeaveExecutionsOldestFirst) {
  unified::NewOrder taking = order_of({.symbol = symbol, .price = "", .quantity = "0.5"});
  taking.client_order_id = "taker";
  const std::string id = wire.place(taking);
  wire.exchange.now = wire.exchange.now + seconds(1);
  wire.place(order_of({.symbol = symbol, .price = "37000", .quantity = "0.25"}));
  wire.place(order_of({.symbol = symbol, .side = Side::sell, .price = "", .quantity = "0.25"}),
             "bob");

  const auto fills = client_dialect.read_my_trades(
      wire.send(client_dialect.fetch_my_trades(wire.market(symbol), 50)), wire.markets);
  ASSERT_TRUE(fills) << fills.error().text();
  std::vector<Execution> real;
  wire.exchange.view().executions(Exchange::kAlice, [&](const Execution& execution) {
    real.insert(real.begin(), execution);
    return true;
  });
  ASSERT_EQ(fills->size(), 2u);
  ASSERT_EQ(real.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const unified::FillRow& fill = (*fills)[i];
    const Asset& asset = wire.exchange.view().assets()[real[i].fee.asset.raw];
    EXPECT_EQ(fill.symbol, symbol);
    EXPECT_EQ(fill.client_order_id, real[i].client_order_id.view());
    EXPECT_EQ(fill.side, real[i].side);
    EXPECT_EQ(fill.is_maker, real[i].is_maker);
    EXPECT_EQ(text_of(fill.quantity), quantity_in(wire, real[i].instrument, real[i].quantity.raw));
    EXPECT_EQ(text_of(fill.fee), trimmed_text(real[i].fee.units, asset.scale));
    EXPECT_EQ(fill.fee_asset, asset.name);
    EXPECT_EQ(fill.time, real[i].time);
  }
  EXPECT_EQ((*fills)[0].order, id);
  EXPECT_EQ(text_of((*fills)[0].price), "37001");
  EXPECT_EQ(text_of((*fills)[1].price), "37000");
  EXPECT_TRUE((*fills)[1].is_maker);
  EXPECT_EQ((*fills)[0].fee_asset, symbol == kSpot ? "BTC" : "USDT");
}

// ---- leverage -----------------------------------------------------------------------------------

TEST(ClientLeverage, IsSetForBothDirectionsAndMaySetTheSame) {
  Wire wire;
  const unified::Market& market = wire.market(kLinear);
  for (const char* leverage : {"25", "25", "7"}) {
    EXPECT_EQ(wire.judged(client_dialect.set_leverage(market, decimal(leverage))).verdict,
              Verdict::ok);
    wire.place(order_of({.price = ""}));
    const auto positions =
        client_dialect.read_positions(wire.send(client_dialect.fetch_positions()), wire.markets);
    ASSERT_TRUE(positions);
    EXPECT_EQ(text_of(positions->at(0).leverage), leverage);
  }
  EXPECT_EQ(wire.judged(client_dialect.set_leverage(market, decimal("1000"))).verdict,
            Verdict::refused);
}

TEST(ClientLeverage, IsRefusedHereWhereThereIsNone) {
  Wire wire;
  EXPECT_FALSE(client_dialect.set_leverage(wire.market(kSpot), decimal("5")));
  EXPECT_FALSE(client_dialect.set_leverage(wire.market(kLinear), decimal("0")));
}

// ---- positions and balances ---------------------------------------------------------------------

TEST(ClientPositions, AreReadBothWays) {
  for (const Side side : {Side::buy, Side::sell}) {
    Wire wire;
    const auto read = [&] {
      return *client_dialect.read_positions(wire.send(client_dialect.fetch_positions()),
                                            wire.markets);
    };
    EXPECT_TRUE(read().empty());
    wire.place(order_of({.side = side, .price = "", .quantity = "0.5"}));
    const auto positions = read();
    ASSERT_EQ(positions.size(), 1u);
    const Instrument& instrument =
        *wire.exchange.view().find_instrument("BTCUSDT", InstrumentKindOf::linear_perpetual);
    const Position real = wire.exchange.view().position(Exchange::kAlice, instrument.id);
    EXPECT_EQ(positions[0].symbol, kLinear);
    EXPECT_EQ(positions[0].side, side);
    EXPECT_EQ(real.size.raw, side == Side::buy ? 500 : -500);
    EXPECT_EQ(text_of(positions[0].quantity), "0.5");
    EXPECT_EQ(text_of(positions[0].entry_price), side == Side::buy ? "37001" : "36999");
    EXPECT_EQ(
        text_of(positions[0].mark_price),
        trimmed_text(
            decimal(mark_text(*wire.exchange.view().mark_price(instrument.id), instrument)).units,
            decimal(mark_text(*wire.exchange.view().mark_price(instrument.id), instrument)).scale));
    const Money profit = wire.exchange.view().risk(Exchange::kAlice, real).unrealised;
    EXPECT_EQ(text_of(positions[0].unrealised_profit),
              trimmed_text(profit.units, wire.exchange.view().assets()[profit.asset.raw].scale));
    EXPECT_EQ(text_of(positions[0].leverage),
              std::to_string(wire.exchange.view().leverage(Exchange::kAlice, instrument.id)));
  }
}

TEST(ClientPositions, AreReducedAndNoMore) {
  Wire wire;
  wire.place(order_of({.price = "", .quantity = "0.5"}));
  unified::NewOrder closing = order_of({.side = Side::sell, .price = "", .quantity = "0.5"});
  closing.is_reduce_only = true;
  EXPECT_TRUE(wire.order(kLinear, {.id = wire.place(closing)}).is_reduce_only);
  EXPECT_TRUE(
      client_dialect.read_positions(wire.send(client_dialect.fetch_positions()), wire.markets)
          ->empty());
  const auto refused = wire.judged(client_dialect.create_order(closing, wire.market(kLinear)));
  EXPECT_EQ(refused.verdict, Verdict::refused);
  EXPECT_EQ(refused.code, 110017);
}

TEST(ClientPositions, OfUnknownMarketsAreNotLeftOut) {
  Wire wire;
  wire.place(order_of({.price = "", .quantity = "0.5"}));
  std::erase_if(wire.markets, [](const auto& market) { return market.symbol == kLinear; });
  const auto read =
      client_dialect.read_positions(wire.send(client_dialect.fetch_positions()), wire.markets);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::not_found);
}

TEST(ClientBalance, SaysWhatIsOwnedAndWhatOfItIsUsed) {
  Wire wire;
  wire.place(order_of({.symbol = kSpot, .price = "30000", .quantity = "1"}));
  wire.place(order_of({.price = "30000", .quantity = "1"}));
  wire.place(order_of({.price = "", .quantity = "0.5"}));
  const auto assets = client_dialect.read_balance(wire.send(client_dialect.fetch_balance()));
  ASSERT_TRUE(assets) << assets.error().text();
  ASSERT_EQ(assets->size(), 2u);
  const View& view = wire.exchange.view();
  for (const unified::AssetBalance& row : *assets) {
    const Asset& asset = *view.find_asset(row.asset);
    const Balance real = view.balance(Exchange::kAlice, asset.id);
    EXPECT_EQ(text_of(row.total), trimmed_text(real.cash.units, asset.scale));
    Money used = real.held;
    if (asset.name == "USDT") {
      const MarginSummary margin = view.margin(Exchange::kAlice, asset.id);
      used = used + margin.position_initial + margin.order_initial;
      EXPECT_GT(margin.position_initial.units, 0);
      EXPECT_GT(margin.order_initial.units, 0);
      EXPECT_GT(real.held.units, 0);
    }
    EXPECT_EQ(text_of(row.used), trimmed_text(used.units, asset.scale));
  }
}

// ---- rows that only the real venue has ----------------------------------------------------------

// The documented row, with some members in place of its own.
unified::OrderRow order_from(
    std::string_view category,
    std::initializer_list<std::pair<std::string_view, std::string_view>> changes) {
  std::vector<std::pair<std::string_view, std::string_view>> members{
      {"orderId", "a"},       {"orderLinkId", ""},       {"symbol", "BTCUSDT"},
      {"price", "36000.00"},  {"qty", "0.010"},          {"side", "Buy"},
      {"orderStatus", "New"}, {"cancelType", "UNKNOWN"}, {"rejectReason", "EC_NoError"},
      {"avgPrice", ""},       {"cumExecQty", "0.000"},   {"timeInForce", "GTC"},
      {"orderType", "Limit"}, {"triggerPrice", ""},      {"marketUnit", ""},
      {"createdTime", "1"},   {"updatedTime", "2"},
  };
  for (const auto& change : changes) {
    for (auto& member : members) {
      if (member.first == change.first) member.second = change.second;
    }
  }
  std::string body;
  JsonWriter json(body);
  json.open().number("retCode", 0).number("time", 1).key("result").open();
  json.text("category", category).key("list").open_list().open().boolean("reduceOnly", false);
  for (const auto& [name, value] : members)
    json.text(name, value);
  json.close().close_list().close().close();
  const Wire wire;
  const auto rows = client_dialect.read_orders({200, {}, body}, wire.markets);
  EXPECT_TRUE(rows) << rows.error().text();
  return rows ? rows->front() : unified::OrderRow{};
}

TEST(ClientRows, HaveEveryStatus) {
  for (const auto& [status, state] : {std::pair{"New", OrderState::open},
                                      {"PartiallyFilled", OrderState::open},
                                      {"Triggered", OrderState::open},
                                      {"Untriggered", OrderState::untriggered},
                                      {"Filled", OrderState::filled},
                                      {"Cancelled", OrderState::cancelled},
                                      {"PartiallyFilledCanceled", OrderState::cancelled},
                                      {"Deactivated", OrderState::cancelled},
                                      {"Rejected", OrderState::rejected}}) {
    EXPECT_EQ(order_from("linear", {{"orderStatus", status}}).state, state) << status;
  }
}

TEST(ClientRows, OfAValueCountWhatItCameTo) {
  const auto spot = [](std::string_view side, std::string_view unit) {
    return order_from("spot", {{"orderType", "Market"},
                               {"orderStatus", "Filled"},
                               {"timeInForce", "IOC"},
                               {"side", side},
                               {"marketUnit", unit},
                               {"qty", "370"},
                               {"cumExecQty", "0.01"},
                               {"avgPrice", "37000"}});
  };
  EXPECT_EQ(text_of(spot("Buy", "").quantity), "0.01") << "370 USDT to spend";
  EXPECT_EQ(text_of(spot("Buy", "quoteCoin").quantity), "0.01");
  EXPECT_EQ(text_of(spot("Buy", "baseCoin").quantity), "370");
  EXPECT_EQ(text_of(spot("Sell", "").quantity), "370");
  EXPECT_EQ(text_of(spot("Sell", "quoteCoin").quantity), "0.01");
}

TEST(ClientRows, HaveNoPriceWhereTheVenueWritesZero) {
  const auto row = order_from(
      "linear",
      {{"avgPrice", "0"}, {"triggerPrice", "0.00"}, {"orderType", "Market"}, {"price", "0"}});
  EXPECT_EQ(text_of(row.price), "none");
  EXPECT_EQ(text_of(row.average_price), "none");
  EXPECT_EQ(text_of(row.trigger_price), "none");
}

TEST(ClientRows, SayWhatCancelledThemWhereNothingRefused) {
  const auto reason = [](std::string_view refused, std::string_view cancelled) {
    return order_from(
               "linear",
               {{"orderStatus", "Cancelled"}, {"rejectReason", refused}, {"cancelType", cancelled}})
        .reason;
  };
  EXPECT_EQ(reason("EC_PerCancelRequest", "CancelByUser"), "EC_PerCancelRequest");
  EXPECT_EQ(reason("EC_Others", "CancelByReduceOnly"), "CancelByReduceOnly");
  EXPECT_EQ(reason("EC_NoError", "CancelByPrepareLiq"), "CancelByPrepareLiq");
  EXPECT_EQ(reason("EC_Others", "UNKNOWN"), "EC_Others");
  EXPECT_EQ(reason("EC_NoError", "UNKNOWN"), "");
}

TEST(ClientRows, OfRetailPriceImprovementOnlyAddToTheBook) {
  EXPECT_TRUE(order_from("linear", {{"timeInForce", "RPI"}}).is_post_only);
  EXPECT_FALSE(order_from("linear", {}).is_post_only);
}

// Under portfolio margin the venue has no margin to show for one coin.
TEST(ClientBalance, DoesNotSayWhatTheVenueDoesNot) {
  const auto read = [](std::string_view margin) {
    const std::string body =
        fmt::format(R"({{"retCode":0,"time":1,"result":{{"list":[{{"accountType":"UNIFIED",)"
                    R"("coin":[{{"coin":"USDT","walletBalance":"-3.5","locked":"0.25",)"
                    R"("totalPositionIM":"1","totalOrderIM":"{}"}}]}}]}}}})",
                    margin);
    return client_dialect.read_balance({200, {}, body});
  };
  EXPECT_EQ(text_of(read("0.005")->front().used), "1.255");
  EXPECT_EQ(text_of(read("")->front().used), "none");
  EXPECT_EQ(text_of(read("")->front().total), "-3.5") << "borrowed";
  EXPECT_FALSE(read("-1"));
  EXPECT_FALSE(read("170000000000000000000000000000000000000")) << "the sum does not fit";
}

// Real cursors come percent-encoded and go back as they came.
TEST(ClientPages, GoByTheCursor) {
  const ClientRequest asked = client_dialect.fetch_positions();
  const auto next = [&](const ClientRequest& request, std::string_view cursor) {
    return client_dialect.next_page(
        request,
        {200,
         {},
         fmt::format(R"({{"retCode":0,"time":1,"result":{{"nextPageCursor":"{}"}}}})", cursor)});
  };
  EXPECT_FALSE(next(asked, ""));
  const auto second = next(asked, "a%3A1%2Cb");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->query, asked.query + "&cursor=a%3A1%2Cb");
  EXPECT_EQ(next(*second, "c&d")->query, asked.query + "&cursor=c%26d");
  EXPECT_EQ(second->path, asked.path);
  EXPECT_TRUE(second->is_private);
}

}  // namespace
}  // namespace venuebox::venues::bybit
