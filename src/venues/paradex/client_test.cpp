// The client's calls against the venue's own door: what one side encodes the other decodes. Holds
// the bodies of test_client.h.
#include <algorithm>

#include "venues/paradex/client_signing.h"
#include "venues/paradex/keys.h"
#include "venues/paradex/test_client.h"
#include "venues/paradex/test_signed_requests.h"

namespace venuebox::venues::paradex {
using gateway::ClientKeys;
using gateway::ClientRequest;
using gateway::ClientResponse;
using gateway::Verdict;

ClientKeys keys_of(std::string_view who) {
  const gateway::Credential credential = demo_credential(who);
  ClientKeys keys{
      .key = credential.key, .secret = credential.secret, .network = gateway::Network::testnet};
  keys.prepared = client_dialect.prepare(keys).value();
  return keys;
}

std::string text_of(const std::optional<Decimal>& value) {
  return value ? venuebox::text_of(*value) : "none";
}

Decimal decimal(std::string_view text) {
  const auto parsed = decimal_from_text(text);
  VENUEBOX_ASSERT(std::holds_alternative<Decimal>(parsed));
  return std::get<Decimal>(parsed);
}

unified::NewOrder limit(Side side, std::string_view quantity, std::string_view price) {
  return {.symbol = "BTC/USD:USDC",
          .side = side,
          .quantity = decimal(quantity),
          .price = decimal(price)};
}

Arrived::Arrived(const ClientRequest& sent)
    : target(sent.path + (sent.query.empty() ? "" : "?") + sent.query) {
  for (const auto& [name, value] : sent.headers)
    headers.push_back({name, value});
  request.method = sent.method;
  request.target = target;
  request.headers = headers;
  request.body = sent.body;
  net::split_target(request);
}

Wire::Wire() {
  exchange.quote(650'000, 650'001, 200'000);
  exchange.set_index(65'000);
  const std::vector<ClientResponse> answers{send(client_dialect.fetch_markets().front())};
  const auto read = client_dialect.read_markets(answers);
  EXPECT_TRUE(read) << read.error().text();
  if (read) markets = *read;
}

ClientResponse Wire::send(ClientRequest request, std::string_view who) {
  if (!request.is_private) return carry(request);
  ClientKeys keys = keys_of(who);
  if (request.path != "/v1/auth") keys.token = token(who);
  const auto is_signed = client_dialect.sign(request, keys, clock);
  EXPECT_TRUE(is_signed) << is_signed.error().text();
  return carry(request);
}

ClientResponse Wire::carry(const ClientRequest& request) {
  const Arrived arrived(request);
  gateway::Response response;
  exchange.door.handle(arrived.request, response, exchange,
                       {exchange.now, exchange.now, Exchange::kBoxKey});
  return {.status = response.status, .headers = {}, .body = response.body};
}

std::string Wire::token(std::string_view who) {
  const ClientResponse answer = send(client_dialect.ask_token(), who);
  const auto read = client_dialect.read_token(answer, clock);
  EXPECT_TRUE(read) << answer.body;
  return read ? read->text : std::string();
}

gateway::VenueAnswer Wire::judged(const Result<ClientRequest>& request) {
  EXPECT_TRUE(request) << request.error().text();
  return client_dialect.judge(*request, send(*request));
}

std::string Wire::place(const unified::NewOrder& order, std::string_view who) {
  const auto request = client_dialect.create_order(order, market());
  EXPECT_TRUE(request) << request.error().text();
  const ClientResponse answer = send(*request, who);
  const auto id = client_dialect.read_created_order(answer);
  EXPECT_TRUE(id) << answer.body;
  return id ? *id : std::string();
}

unified::OrderRow Wire::order(const unified::OrderName& name, std::string_view who) {
  const auto request = client_dialect.fetch_order(market(), name);
  const ClientResponse answer = send(*request, who);
  const auto rows = client_dialect.read_orders(answer, markets);
  EXPECT_TRUE(rows && rows->size() == 1) << answer.body;
  return rows && rows->size() == 1 ? rows->front() : unified::OrderRow{};
}

namespace {

// ---- market data --------------------------------------------------------------------------------

TEST(ParadexClient, ReadsMarketsAsTheyAreListed) {
  const Wire wire;
  ASSERT_EQ(wire.markets.size(), 2u);
  const unified::Market& market = wire.market();
  EXPECT_EQ(market.symbol, "BTC/USD:USDC");
  EXPECT_EQ(market.id, "BTC-USD-PERP");
  EXPECT_EQ(text_of(market.tick), "0.1");
  EXPECT_EQ(text_of(market.quantity_step), "0.00001");
  EXPECT_EQ(text_of(market.quantity_max), "100");
  EXPECT_EQ(text_of(market.notional_min), "10");
}

TEST(ParadexClient, ReadsPricesTheBookAndTheTape) {
  Wire wire;
  wire.place({.symbol = "BTC/USD:USDC", .type = OrderType::market, .quantity = decimal("0.25")});
  const auto ticker = client_dialect.read_ticker(
      wire.send(client_dialect.fetch_ticker(wire.market())), wire.market());
  ASSERT_TRUE(ticker) << ticker.error().text();
  EXPECT_EQ(text_of(ticker->bid), "65000");
  EXPECT_EQ(text_of(ticker->ask), "65000.1");
  EXPECT_EQ(text_of(ticker->last), "65000.1");
  const auto all =
      client_dialect.read_tickers(wire.send(client_dialect.fetch_tickers().front()), wire.markets);
  ASSERT_TRUE(all) << all.error().text();
  EXPECT_EQ(all->size(), 2u);
  const auto book = client_dialect.read_order_book(
      wire.send(client_dialect.fetch_order_book(wire.market(), 5)), wire.market());
  ASSERT_TRUE(book) << book.error().text();
  ASSERT_EQ(book->asks.size(), 1u);
  EXPECT_EQ(text_of(book->asks[0].quantity), "1.75");
  const auto trades = client_dialect.read_trades(
      wire.send(client_dialect.fetch_trades(wire.market(), 10)), wire.market());
  ASSERT_TRUE(trades) << trades.error().text();
  ASSERT_EQ(trades->size(), 1u);
  EXPECT_EQ(text_of(trades->front().quantity), "0.25");
  const auto candles = client_dialect.read_ohlcv(
      wire.send(client_dialect.fetch_ohlcv(wire.market(), 1, 10, wire.clock)), wire.market());
  ASSERT_TRUE(candles) << candles.error().text();
  ASSERT_FALSE(candles->empty());
  EXPECT_EQ(text_of(candles->back().volume), "0.25");
  EXPECT_EQ(*client_dialect.read_time(wire.send(client_dialect.fetch_time())), wire.exchange.now);
}

// ---- orders and what they come to ---------------------------------------------------------------

TEST(ParadexClient, PlacesFindsChangesAndCancelsAnOrder) {
  Wire wire;
  unified::NewOrder resting = limit(Side::buy, "0.02", "64000");
  resting.client_order_id = "bot-1";
  resting.is_post_only = true;
  const std::string id = wire.place(resting);
  unified::OrderRow row = wire.order({.id = id});
  EXPECT_EQ(row.id, wire.order({.id = {}, .client_order_id = "bot-1"}).id);
  EXPECT_EQ(row.state, unified::OrderState::open);
  EXPECT_TRUE(row.is_post_only);
  EXPECT_EQ(text_of(row.price), "64000");
  row.price = decimal("64000.5");
  row.quantity = decimal("0.03");
  EXPECT_EQ(wire.judged(client_dialect.edit_order(wire.market(), row)).verdict, Verdict::ok);
  const auto open = client_dialect.read_orders(
      wire.send(client_dialect.fetch_open_orders(wire.market())), wire.markets);
  ASSERT_TRUE(open && open->size() == 1);
  EXPECT_EQ(open->front().id, id);
  EXPECT_EQ(text_of(open->front().price), "64000.5");
  EXPECT_EQ(text_of(open->front().quantity), "0.03");
  const auto cancel = client_dialect.cancel_order(wire.market(), {.id = id});
  EXPECT_EQ(wire.judged(cancel).verdict, Verdict::ok);
  EXPECT_EQ(wire.judged(cancel).verdict, Verdict::unknown_order);
  EXPECT_EQ(wire.order({.id = id}).state, unified::OrderState::cancelled);
  const auto closed = client_dialect.read_orders(
      wire.send(client_dialect.fetch_closed_orders(wire.market(), 10)), wire.markets);
  ASSERT_TRUE(closed && closed->size() == 1);
  EXPECT_EQ(closed->front().reason, "USER_CANCELED");
}

TEST(ParadexClient, CancelsAllByMarket) {
  Wire wire;
  wire.place(limit(Side::buy, "0.02", "64000"));
  wire.place(limit(Side::buy, "0.02", "63900"));
  for (const ClientRequest& request : client_dialect.cancel_all_orders(wire.market()))
    EXPECT_EQ(wire.judged(request).verdict, Verdict::ok);
  const auto open = client_dialect.read_orders(
      wire.send(client_dialect.fetch_open_orders(wire.market())), wire.markets);
  ASSERT_TRUE(open);
  EXPECT_TRUE(open->empty());
}

TEST(ParadexClient, ReadsFillsPositionsAndMoney) {
  Wire wire;
  const std::string id = wire.place(limit(Side::sell, "0.5", "64999"));
  EXPECT_EQ(wire.order({.id = id}).state, unified::OrderState::filled);
  EXPECT_EQ(text_of(wire.order({.id = id}).average_price), "65000");
  const auto fills = client_dialect.read_my_trades(
      wire.send(client_dialect.fetch_my_trades(wire.market(), 10)), wire.markets);
  ASSERT_TRUE(fills && fills->size() == 1);
  EXPECT_EQ(fills->front().order, id);
  EXPECT_FALSE(fills->front().is_maker);
  EXPECT_EQ(text_of(fills->front().fee), "6.5");
  EXPECT_EQ(fills->front().fee_asset, "USDC");
  const auto positions =
      client_dialect.read_positions(wire.send(client_dialect.fetch_positions()), wire.markets);
  ASSERT_TRUE(positions && positions->size() == 1);
  EXPECT_EQ(positions->front().side, Side::sell);
  EXPECT_EQ(text_of(positions->front().quantity), "0.5");
  EXPECT_EQ(text_of(positions->front().entry_price), "65000");
  const auto balance = client_dialect.read_balance(wire.send(client_dialect.fetch_balance()));
  ASSERT_TRUE(balance && balance->size() == 1);
  EXPECT_EQ(text_of(balance->front().total), "999993.5");
  EXPECT_GT(balance->front().used->units, 0);
}

TEST(ParadexClient, ReadsAnOrderThatTheAccountCannotBearAsRejected) {
  Wire wire;
  EXPECT_EQ(wire.judged(client_dialect.set_leverage(wire.market(), decimal("1"))).verdict,
            Verdict::ok);
  const std::string id = wire.place(limit(Side::buy, "99", "64000"));
  const unified::OrderRow row = wire.order({.id = id});
  EXPECT_EQ(row.state, unified::OrderState::rejected);
  EXPECT_EQ(row.reason, "NOT_ENOUGH_MARGIN");
}

TEST(ParadexClient, WaitsForATrigger) {
  Wire wire;
  unified::NewOrder stop = limit(Side::buy, "0.02", "66100");
  stop.trigger_price = decimal("66000");
  stop.trigger_direction = TriggerDirection::rises;
  const unified::OrderRow row = wire.order({.id = wire.place(stop)});
  EXPECT_EQ(row.state, unified::OrderState::untriggered);
  EXPECT_EQ(text_of(row.trigger_price), "66000");
  EXPECT_EQ(row.type, OrderType::limit);
}

TEST(ParadexClient, RefusesWhatParadexCannotBeTold) {
  const Wire wire;
  unified::NewOrder order = limit(Side::buy, "1", "64000");
  for (const TimeInForce force : {TimeInForce::fok, TimeInForce::gtd}) {
    order.time_in_force = force;
    EXPECT_EQ(client_dialect.create_order(order, wire.market()).error().kind,
              ErrorKind::unsupported);
  }
  EXPECT_FALSE(client_dialect.set_leverage(wire.market(), decimal("2.5")));
  EXPECT_FALSE(client_dialect.cancel_order(wire.market(), {.id = "../account"}));
  unified::OrderRow nameless;
  nameless.client_order_id = "bot-1";
  EXPECT_EQ(client_dialect.edit_order(wire.market(), nameless).error().kind,
            ErrorKind::unsupported);
}

// ---- who sends it -------------------------------------------------------------------------------

// Same wallet, call and clock as ccxt's own request: same proof.
TEST(ParadexClient, SignsAsCcxtDoes) {
  const SignedRequest captured = signed_request("authenticateRest");
  const ClientKeys keys{.key = std::string(kWalletAddress),
                        .secret = std::string(kWallet),
                        .network = gateway::Network::testnet};
  ClientRequest request = client_dialect.ask_token();
  ASSERT_TRUE(client_dialect.sign(request, keys, timestamp_from_ms(captured.clock_ms)));
  for (const auto& [name, value] : request.headers) {
    const auto same = std::ranges::find_if(captured.headers, [&, &name = name](const auto& header) {
      return net::same_name(header.first, name);
    });
    ASSERT_NE(same, captured.headers.end()) << name;
    EXPECT_EQ(same->second, value) << name;
  }
}

TEST(ParadexClient, TakesAWalletsKeyOrAStarknetKey) {
  const ClientKeys wallet = keys_of("alice");
  const gateway::Credential alice = demo_credential("alice");
  ClientKeys by_wallet{.key = credential_fields(alice)[0].second,
                       .secret = alice.secret,
                       .network = gateway::Network::testnet};
  ClientRequest one = client_dialect.ask_token();
  ClientRequest other = one;
  const Timestamp now = timestamp_from_ms(1'750'000'000'000);
  ASSERT_TRUE(client_dialect.sign(one, wallet, now));
  ASSERT_TRUE(client_dialect.sign(other, by_wallet, now));
  EXPECT_EQ(one.headers, other.headers);
  by_wallet.secret = "0";
  EXPECT_FALSE(client_dialect.prepare(by_wallet));
}

TEST(ParadexClient, SignsAnOrderAnewForEachAttempt) {
  const Wire wire;
  auto request = client_dialect.create_order(limit(Side::buy, "1", "64000"), wire.market());
  ASSERT_TRUE(request);
  ClientKeys keys = keys_of("alice");
  EXPECT_FALSE(client_dialect.sign(*request, keys, wire.clock)) << "without a token";
  keys.token = "a.b.c";
  ASSERT_TRUE(client_dialect.sign(*request, keys, wire.clock));
  const std::string first = request->body;
  ASSERT_TRUE(client_dialect.sign(*request, keys, wire.clock + seconds(1)));
  EXPECT_NE(request->body, first);
  ASSERT_TRUE(client_dialect.sign(*request, keys, wire.clock));
  EXPECT_EQ(request->body, first);
  EXPECT_EQ(std::ranges::count(request->headers, std::string("Authorization"),
                               [](const auto& header) { return header.first; }),
            1);
}

TEST(ParadexClient, ReadsWhatTheDoorRefuses) {
  Wire wire;
  // A clock that is far ahead.
  wire.clock = wire.exchange.now + seconds(100);
  ClientRequest asking = client_dialect.ask_token();
  EXPECT_EQ(client_dialect.judge(asking, wire.send(asking)).verdict, Verdict::stale_clock);
  wire.clock = wire.exchange.now;
  // A token that has ended, and none that is one.
  ClientKeys keys = keys_of("alice");
  keys.token = wire.token();
  ClientRequest balance = client_dialect.fetch_balance();
  ASSERT_TRUE(client_dialect.sign(balance, keys, wire.clock));
  EXPECT_EQ(client_dialect.judge(balance, wire.carry(balance)).verdict, Verdict::ok);
  wire.exchange.now = wire.exchange.now + seconds(301);
  EXPECT_EQ(client_dialect.judge(balance, wire.carry(balance)).verdict, Verdict::not_authorised);
  wire.clock = wire.exchange.now;
  // Somebody else's signature under the order.
  auto order = client_dialect.create_order(limit(Side::buy, "1", "64000"), wire.market());
  ClientKeys bobs = keys_of("bob");
  bobs.token = wire.token("alice");
  ASSERT_TRUE(client_dialect.sign(*order, bobs, wire.clock));
  const auto answer = client_dialect.judge(*order, wire.carry(*order));
  EXPECT_EQ(answer.verdict, Verdict::not_authorised);
  EXPECT_TRUE(answer.words.starts_with("INVALID_ORDER_SIGNATURE")) << answer.words;
}

TEST(ParadexClient, TellsRefusalsApart) {
  Wire wire;
  EXPECT_EQ(
      wire.judged(client_dialect.create_order(limit(Side::buy, "1", "64000.05"), wire.market()))
          .verdict,
      Verdict::bad_price);
  unified::NewOrder twice = limit(Side::buy, "1", "64000");
  twice.client_order_id = "twice";
  wire.place(twice);
  EXPECT_EQ(wire.judged(client_dialect.create_order(twice, wire.market())).verdict,
            Verdict::duplicate_client_order_id);
  const ClientRequest query = client_dialect.fetch_balance();
  const auto verdict = [&](int status, std::string body) {
    return client_dialect.judge(query, {.status = status, .headers = {}, .body = std::move(body)});
  };
  EXPECT_EQ(verdict(503, R"({"error":"SERVICE_UNAVAILABLE","message":"overloaded"})").verdict,
            Verdict::unavailable);
  EXPECT_EQ(verdict(429, R"({"message":"Rate limit exceeded"})").verdict, Verdict::rate_limited);
  EXPECT_EQ(verdict(502, "<html>").verdict, Verdict::unavailable);
  EXPECT_EQ(verdict(200, "<html>").verdict, Verdict::garbled);
}

}  // namespace
}  // namespace venuebox::venues::paradex
