// Public data from the server's side to the client's, and the bodies of test_client.h.
#include <algorithm>

#include "gateway/door.h"
#include "venues/bybit/signing.h"
#include "venues/bybit/test_client.h"

namespace venuebox::venues::bybit {
namespace {
std::vector<std::pair<std::string, std::string>> split_headers(std::string_view lines) {
  std::vector<std::pair<std::string, std::string>> headers;
  while (!lines.empty()) {
    const std::size_t colon = lines.find(": ");
    const std::size_t end = lines.find("\r\n");
    headers.emplace_back(lines.substr(0, colon), lines.substr(colon + 2, end - colon - 2));
    lines.remove_prefix(end + 2);
  }
  return headers;
}
}  // namespace

std::string text_of(const std::optional<Decimal>& value) {
  return value ? trimmed_text(value->units, value->scale) : "none";
}

Decimal decimal(std::string_view text) { return std::get<Decimal>(decimal_from_text(text)); }

Wire::Wire() : door(std::make_unique<gateway::Door>(venue, gateway::DoorSettings{})) {
  exchange.quote("linear", 369'990, 370'010, 100'000);
  exchange.quote("spot", 369'990, 370'010, 10'000'000);
  for (const auto& [id, name] : {std::pair{Exchange::kAlice, "alice"}, {Exchange::kBob, "bob"}}) {
    gateway::Credential credential = demo_credential(name);
    credential.account = id;
    door->add_credential(credential, name);
  }
  const auto read = client_dialect.read_markets(send_all(client_dialect.fetch_markets()));
  EXPECT_TRUE(read) << read.error().text();
  if (read) markets = *read;
}

Wire::~Wire() = default;

gateway::ClientResponse Wire::send(gateway::ClientRequest request, std::string_view who) {
  const gateway::Credential credential = demo_credential(who);
  if (request.is_private) {
    EXPECT_TRUE(client_dialect.sign(request, {credential.key, credential.secret}, clock));
  }
  std::vector<net::Header> headers;
  for (const auto& [name, value] : request.headers)
    headers.push_back({name, value});
  const std::string target = request.path + (request.query.empty() ? "" : "?") + request.query;
  gateway::Request arrived;
  arrived.method = request.method;
  arrived.target = target;
  arrived.headers = headers;
  arrived.body = request.body;
  net::split_target(arrived);
  gateway::Response response;
  door->handle(arrived, response, exchange, {exchange.now, door_time, Exchange::kBoxKey});
  return {
      .status = response.status, .headers = split_headers(response.headers), .body = response.body};
}

std::vector<gateway::ClientResponse> Wire::send_all(
    const std::vector<gateway::ClientRequest>& requests) {
  std::vector<gateway::ClientResponse> responses;
  for (const gateway::ClientRequest& request : requests)
    responses.push_back(send(request));
  return responses;
}

gateway::VenueAnswer Wire::judged(const Result<gateway::ClientRequest>& request) {
  if (!request) {
    ADD_FAILURE() << request.error().text();
    return {.verdict = gateway::Verdict::garbled, .code = 0, .words = {}, .retry_after = {}};
  }
  return client_dialect.judge(*request, send(*request));
}

std::string Wire::place(const unified::NewOrder& order, std::string_view who) {
  const auto request = client_dialect.create_order(order, market(order.symbol));
  if (!request) {
    ADD_FAILURE() << request.error().text();
    return {};
  }
  const auto id = client_dialect.read_created_order(send(*request, who));
  EXPECT_TRUE(id) << exchange.response.body;
  return id ? *id : std::string();
}

unified::OrderRow Wire::order(std::string_view symbol, const unified::OrderName& name) {
  const auto request = client_dialect.fetch_order(market(symbol), name);
  EXPECT_TRUE(request);
  const auto rows = client_dialect.read_orders(send(*request), markets);
  EXPECT_TRUE(rows && rows->size() == 1) << symbol << " " << name.id << name.client_order_id;
  return rows && rows->size() == 1 ? rows->front() : unified::OrderRow{};
}

const unified::Market& Wire::market(std::string_view symbol) const {
  const auto found = std::ranges::find(markets, symbol, &unified::Market::symbol);
  VENUEBOX_ASSERT(found != markets.end());
  return *found;
}

namespace {

// Of the exchange's own terms, as text with nothing rounded.
std::string text_of_step(Step step) { return trimmed_text(step.units, step.scale); }
std::string text_of_ticks(std::int64_t ticks, const Instrument& instrument) {
  return trimmed_text(multiply(ticks, instrument.tick.units), instrument.tick.scale);
}
std::string text_of_lots(std::int64_t lots, const Instrument& instrument) {
  return trimmed_text(multiply(lots, instrument.lot.units), instrument.lot.scale);
}

const Instrument& instrument_of(const Wire& wire, std::string_view symbol) {
  const unified::Market& market = wire.market(symbol);
  const bool is_spot = market.kind == unified::MarketKind::spot;
  return *wire.exchange.view().find_instrument(
      market.id, is_spot ? InstrumentKindOf::spot : InstrumentKindOf::linear_perpetual);
}

// Something to have traded: bob buys at market, alice does nothing.
void trade(Wire& wire, std::string_view symbol, std::string_view quantity) {
  unified::NewOrder order;
  order.symbol = symbol;
  order.type = OrderType::market;
  order.quantity = decimal(quantity);
  wire.place(order, "bob");
}

TEST(ClientPublic, ReadsEveryMarket) {
  const Wire wire;
  const auto instruments = wire.exchange.view().instruments();
  ASSERT_EQ(wire.markets.size(), static_cast<std::size_t>(std::ranges::count(
                                     instruments, false, &Instrument::is_inverse)))
      << "the client speaks of spot and linear";
  for (const std::string_view symbol : {"BTC/USDT", "BTC/USDT:USDT", "ETH/USDT", "ETH/USDT:USDT"}) {
    const unified::Market& market = wire.market(symbol);
    const Instrument& instrument = instrument_of(wire, symbol);
    EXPECT_EQ(market.id, instrument.symbol);
    EXPECT_EQ(market.base, symbol.substr(0, 3));
    EXPECT_EQ(market.quote, "USDT");
    EXPECT_EQ(market.settle, instrument.is_spot() ? "" : "USDT");
    EXPECT_TRUE(market.is_active);
    EXPECT_EQ(text_of(market.tick), text_of_step(instrument.tick));
    EXPECT_EQ(text_of(market.quantity_step), text_of_step(instrument.lot));
    EXPECT_EQ(text_of(market.quantity_min), text_of_lots(instrument.quantity_min.raw, instrument));
    EXPECT_EQ(text_of(market.quantity_max), text_of_lots(instrument.quantity_max.raw, instrument));
    EXPECT_EQ(text_of(market.notional_min), "5");
  }
}

TEST(ClientPublic, LeavesOutWhatItCouldNotFollow) {
  Wire wire;
  const gateway::ClientResponse whole = wire.send(client_dialect.fetch_markets()[1]);
  for (const auto& [ours, theirs] : {std::pair{"LinearPerpetual", "LinearFutures"},
                                     {"\"settleCoin\":\"USDT\"", "\"settleCoin\":\"USDC\""}}) {
    gateway::ClientResponse changed = whole;
    changed.body.replace(changed.body.find(ours), std::string_view(ours).size(), theirs);
    const auto read = client_dialect.read_markets(std::span(&changed, 1));
    ASSERT_TRUE(read) << read.error().text();
    ASSERT_EQ(read->size(), 1u);
    EXPECT_EQ(read->front().base, "ETH");
  }
}

TEST(ClientPublic, ReadsTheTime) {
  Wire wire;
  wire.door_time = Timestamp{1'700'000'123'456'789'012};
  const auto time = client_dialect.read_time(wire.send(client_dialect.fetch_time()));
  ASSERT_TRUE(time);
  EXPECT_EQ(time->ns, 1'700'000'123'456'789'012);
}

TEST(ClientPublic, ReadsTickers) {
  for (const std::string_view symbol : {kSpot, kLinear}) {
    Wire wire;
    const unified::Market& market = wire.market(symbol);
    const auto read = [&] {
      return *client_dialect.read_ticker(wire.send(client_dialect.fetch_ticker(market)), market);
    };
    const unified::Ticker before = read();
    EXPECT_FALSE(before.last) << "nothing has traded";
    EXPECT_FALSE(before.high);
    trade(wire, symbol, "0.5");
    const unified::Ticker ticker = read();
    const Instrument& instrument = instrument_of(wire, symbol);
    EXPECT_EQ(ticker.symbol, symbol);
    EXPECT_EQ(ticker.origin, unified::Origin::live);
    EXPECT_EQ(ticker.time, wire.exchange.now);
    EXPECT_EQ(text_of(ticker.bid), text_of_ticks(369'990, instrument));
    EXPECT_EQ(text_of(ticker.ask), text_of_ticks(370'010, instrument));
    EXPECT_EQ(text_of(ticker.last), text_of_ticks(370'010, instrument));
    EXPECT_EQ(text_of(ticker.high), text_of(ticker.last));
    EXPECT_EQ(text_of(ticker.low), text_of(ticker.last));
    EXPECT_EQ(text_of(ticker.volume), "0.5");
    EXPECT_EQ(text_of(ticker.turnover), "18500.5");
    EXPECT_EQ(text_of(ticker.bid_quantity), instrument.is_spot() ? "10" : "100");
    EXPECT_EQ(text_of(ticker.ask_quantity), instrument.is_spot() ? "9.5" : "99.5");
    EXPECT_EQ(ticker.mark.has_value(), !instrument.is_spot());
  }
}

TEST(ClientPublic, ReadsAllTickersAsItReadsEach) {
  Wire wire;
  trade(wire, kLinear, "0.5");
  std::vector<unified::Ticker> all;
  for (const gateway::ClientResponse& response : wire.send_all(client_dialect.fetch_tickers())) {
    const auto some = client_dialect.read_tickers(response, wire.markets);
    ASSERT_TRUE(some) << some.error().text();
    all.insert(all.end(), some->begin(), some->end());
  }
  EXPECT_EQ(all.size(), wire.markets.size());
  for (const std::string_view symbol : {kSpot, kLinear}) {
    const unified::Market& market = wire.market(symbol);
    const auto one =
        client_dialect.read_ticker(wire.send(client_dialect.fetch_ticker(market)), market);
    ASSERT_TRUE(one);
    const auto found = std::ranges::find(all, symbol, &unified::Ticker::symbol);
    ASSERT_NE(found, all.end());
    EXPECT_EQ(text_of(found->bid), text_of(one->bid));
    EXPECT_EQ(text_of(found->last), text_of(one->last));
    EXPECT_EQ(found->time, one->time);
  }
}

TEST(ClientPublic, LeavesOutTickersOfMarketsThatWereNotLoaded) {
  Wire wire;
  wire.markets.erase(wire.markets.begin() + 1, wire.markets.end());
  const auto responses = wire.send_all(client_dialect.fetch_tickers());
  EXPECT_EQ(client_dialect.read_tickers(responses[0], wire.markets)->size(), 1u);
  EXPECT_EQ(client_dialect.read_tickers(responses[1], wire.markets)->size(), 0u);
}

TEST(ClientPublic, ReadsOrderBooks) {
  for (const std::string_view symbol : {kSpot, kLinear}) {
    Wire wire;
    wire.exchange.quote(symbol == kSpot ? "spot" : "linear", 369'980, 370'020, 70);
    const unified::Market& market = wire.market(symbol);
    const auto book = client_dialect.read_order_book(
        wire.send(client_dialect.fetch_order_book(market, 50)), market);
    ASSERT_TRUE(book) << book.error().text();
    const Instrument& instrument = instrument_of(wire, symbol);
    EXPECT_EQ(book->symbol, symbol);
    EXPECT_EQ(book->time, wire.exchange.now);
    EXPECT_EQ(book->sequence, wire.exchange.view().book_version(instrument.id));
    ASSERT_EQ(book->bids.size(), 2u);
    ASSERT_EQ(book->asks.size(), 2u);
    EXPECT_EQ(text_of(book->bids[0].price), text_of_ticks(369'990, instrument));
    EXPECT_EQ(text_of(book->bids[1].price), text_of_ticks(369'980, instrument));
    EXPECT_EQ(text_of(book->bids[1].quantity), text_of_lots(70, instrument));
    EXPECT_EQ(text_of(book->asks[0].price), text_of_ticks(370'010, instrument));
    EXPECT_EQ(text_of(book->asks[1].price), text_of_ticks(370'020, instrument));
    const auto top = client_dialect.read_order_book(
        wire.send(client_dialect.fetch_order_book(market, 0)), market);
    EXPECT_EQ(top->bids.size(), 1u) << "no fewer than one level can be asked for";
  }
}

TEST(ClientPublic, ReadsTradesOldestFirst) {
  for (const std::string_view symbol : {kSpot, kLinear}) {
    Wire wire;
    trade(wire, symbol, "0.5");
    wire.exchange.now = wire.exchange.now + seconds(1);
    trade(wire, symbol, "0.25");
    const unified::Market& market = wire.market(symbol);
    const auto trades =
        client_dialect.read_trades(wire.send(client_dialect.fetch_trades(market, 9'999)), market);
    ASSERT_TRUE(trades) << trades.error().text();
    ASSERT_EQ(trades->size(), 2u);
    EXPECT_EQ(text_of((*trades)[0].quantity), "0.5");
    EXPECT_EQ((*trades)[0].symbol, symbol);
    EXPECT_EQ((*trades)[0].side, Side::buy);
    EXPECT_EQ(text_of((*trades)[0].price), text_of_ticks(370'010, instrument_of(wire, symbol)));
    EXPECT_EQ((*trades)[1].time, wire.exchange.now);
    EXPECT_EQ((*trades)[1].time - (*trades)[0].time, seconds(1));
    EXPECT_NE((*trades)[0].id, (*trades)[1].id);
  }
}

TEST(ClientPublic, ReadsCandlesOldestFirst) {
  for (const std::string_view symbol : {kSpot, kLinear}) {
    Wire wire;
    trade(wire, symbol, "0.5");
    wire.exchange.now = wire.exchange.now + seconds(60);
    trade(wire, symbol, "0.25");
    const unified::Market& market = wire.market(symbol);
    const auto candles = client_dialect.read_ohlcv(
        wire.send(client_dialect.fetch_ohlcv(market, 1, 10, wire.clock)), market);
    ASSERT_TRUE(candles) << candles.error().text();
    ASSERT_EQ(candles->size(), 2u);
    EXPECT_EQ(text_of((*candles)[0].volume), "0.5");
    EXPECT_EQ(text_of((*candles)[1].volume), "0.25");
    EXPECT_EQ((*candles)[1].start - (*candles)[0].start, seconds(60));
    EXPECT_EQ((*candles)[1].start.ms() % 60'000, 0);
    for (const Decimal price :
         {(*candles)[1].open, (*candles)[1].high, (*candles)[1].low, (*candles)[1].close}) {
      EXPECT_EQ(text_of(price), text_of_ticks(370'010, instrument_of(wire, symbol)));
    }
  }
}

TEST(ClientPublic, KnowsTheNamesOfIntervals) {
  Wire wire;
  for (const int minutes : {1, 3, 5, 15, 30, 60, 120, 240, 360, 720, 1'440, 10'080, 43'200}) {
    const auto request = client_dialect.fetch_ohlcv(wire.market(kLinear), minutes, 10, wire.clock);
    EXPECT_EQ(wire.judged(request).verdict, gateway::Verdict::ok) << request.query;
  }
  const auto request = client_dialect.fetch_ohlcv(wire.market(kLinear), 7, 10, wire.clock);
  EXPECT_EQ(wire.judged(request).verdict, gateway::Verdict::refused);
}

// One request's answer must not be taken for another's: spot and linear have the same symbols.
TEST(ClientPublic, TellsSpotFromLinear) {
  Wire wire;
  trade(wire, kSpot, "0.5");
  trade(wire, kLinear, "0.5");
  const unified::Market& spot = wire.market(kSpot);
  const unified::Market& linear = wire.market(kLinear);
  const auto ticker = wire.send(client_dialect.fetch_ticker(spot));
  EXPECT_TRUE(client_dialect.read_ticker(ticker, spot));
  EXPECT_FALSE(client_dialect.read_ticker(ticker, linear));
  EXPECT_FALSE(client_dialect.read_ticker(ticker, wire.market("ETH/USDT")));
  const auto trades = wire.send(client_dialect.fetch_trades(linear, 10));
  EXPECT_FALSE(client_dialect.read_trades(trades, spot));
  const auto candles = wire.send(client_dialect.fetch_ohlcv(linear, 1, 10, wire.clock));
  EXPECT_FALSE(client_dialect.read_ohlcv(candles, spot));
  const auto book = wire.send(client_dialect.fetch_order_book(spot, 10));
  EXPECT_FALSE(client_dialect.read_order_book(book, wire.market("ETH/USDT")));
}

}  // namespace
}  // namespace venuebox::venues::bybit
