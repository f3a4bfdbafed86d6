// The client's side of Bybit's streams: its messages are those that ccxt sends, and what the
// server's side tells it reads.
#include "venues/bybit/client_streams.h"

#include <fstream>
#include <map>
#include <sstream>

#include "base/test_canaries.h"
#include "crypto/test_rsa_key.h"
#include "gateway/streams.h"
#include "gateway/test_socket.h"
#include "venues/bybit/signing.h"
#include "venues/bybit/test_client.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::BookStep;
using gateway::BookUpdate;
using gateway::ClientStreams;
using gateway::LoginAnswer;
using gateway::Pong;
using gateway::StreamNews;
using gateway::StreamTopic;
using gateway::StreamWish;
using gateway::SubscriptionAnswer;
using gateway::TickerUpdate;

const ClientStreams& dialect = *client_dialect.streams;

std::string name_of(const StreamWish& wish) {
  const auto channel = dialect.channel(wish);
  return channel ? std::to_string(channel->socket) + " " + channel->name : channel.error().text();
}

// Both ends of a stream, back to back.
struct ClientStreamsTest : testing::Test {
  ClientStreamsTest() {
    for (const auto& [id, name] : {std::pair{Exchange::kAlice, "alice"}, {Exchange::kBob, "bob"}}) {
      gateway::Credential credential = demo_credential(name);
      credential.account = id;
      door.add_credential(credential, name);
    }
  }
  ~ClientStreamsTest() override {
    for (auto& [place, socket] : sockets)
      streams.close(socket);
  }

  struct Observed final : Desk {
    explicit Observed(ClientStreamsTest& given) : test(given) {}
    std::span<const Event> execute(const CommandBody& body) override {
      const auto events = test.wire.exchange.execute(body);
      test.streams.observe(events, test.wire.exchange.view());
      return events;
    }
    const View& view() const override { return test.wire.exchange.view(); }
    ClientStreamsTest& test;
  };

  gateway::Moment moment() const {
    return {wire.exchange.now, wire.exchange.door_time, Exchange::kBoxKey};
  }
  // What the client reads of what came.
  std::vector<StreamNews> heard(std::size_t place) {
    std::vector<StreamNews> news;
    for (const std::string& message : sockets[place].take()) {
      auto read = dialect.read(place, message, wire.markets);
      EXPECT_TRUE(read) << message << ": " << read.error().text();
      if (read) news.push_back(std::move(*read));
    }
    return news;
  }
  StreamNews say(std::size_t place, const std::string& message) {
    const bool is_new = !sockets.contains(place);
    gateway::TestSocket& socket = sockets[place];
    if (is_new) {
      const auto* route = streams.find_route(dialect.sockets[place].path);
      EXPECT_NE(route, nullptr);
      streams.open(socket, *route, "");
    }
    streams.receive(socket, message, true, desk, moment(), log);
    auto news = heard(place);
    EXPECT_EQ(news.size(), 1u) << message;
    return news.empty() ? StreamNews{} : news.front();
  }
  std::string subscribe(const StreamWish& wish) {
    const auto channel = dialect.channel(wish);
    const std::vector<std::string> names{channel->name};
    const StreamNews news = say(channel->socket, dialect.subscribe(names, ++requests));
    const auto& answer = std::get<SubscriptionAnswer>(news.body);
    EXPECT_TRUE(answer.is_accepted) << answer.words;
    EXPECT_EQ(answer.request, requests);
    return channel->name;
  }
  void log_in() {
    const gateway::Credential alice = demo_credential("alice");
    const auto login = dialect.login({alice.key, alice.secret}, wire.exchange.door_time);
    EXPECT_TRUE(std::get<LoginAnswer>(say(kPrivateSocket, *login).body).is_accepted);
  }
  template <class T>
  T one(std::size_t place) {
    streams.publish(wire.exchange.view(), moment(), false);
    auto news = heard(place);
    EXPECT_EQ(news.size(), 1u);
    if (news.empty() || !std::holds_alternative<T>(news.front().body)) {
      ADD_FAILURE() << "something else came";
      return T{};
    }
    return std::get<T>(news.front().body);
  }
  void place(Side side, std::int64_t ticks, std::int64_t lots, AccountId account) {
    PlaceOrder order;
    order.account = account;
    order.instrument =
        wire.exchange.view().find_instrument("BTCUSDT", InstrumentKindOf::linear_perpetual)->id;
    order.side = side;
    order.price = Ticks{ticks};
    order.quantity = Lots{lots};
    order.value = {0, AssetId{0}};
    desk.execute(order);
  }
  StreamWish linear(StreamTopic topic) { return {.topic = topic, .market = &wire.market(kLinear)}; }

  Wire wire;
  gateway::Door door{venue, {}};
  gateway::RequestLog log;
  gateway::Streams streams{venue, door};
  Observed desk{*this};
  std::map<std::size_t, gateway::TestSocket> sockets;
  std::uint64_t requests = 0;
};

// ---- what it says -------------------------------------------------------------------------------

// Of golden/stream_requests.json, those of one call.
std::vector<std::string> captured(std::string_view call, std::string_view symbol) {
  std::ifstream file(VENUEBOX_SOURCE_DIR "/src/venues/bybit/golden/stream_requests.json");
  std::stringstream text;
  text << file.rdbuf();
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < size_of_list(text.str(), "requests"); ++i) {
    const std::string row = "requests/" + std::to_string(i) + "/";
    const bool is_of_symbol =
        symbol.empty() || at(text.str(), row + "args").find(symbol) != std::string::npos;
    if (at(text.str(), row + "call") == call && is_of_symbol)
      bodies.push_back(at(text.str(), row + "body"));
  }
  return bodies;
}

TEST_F(ClientStreamsTest, SaysWhatCcxtSays) {
  struct Row {
    std::string_view call;
    std::string_view symbol;
    StreamWish wish;
    std::uint64_t request;
  };
  const unified::Market* spot = &wire.market(kSpot);
  const unified::Market* linear = &wire.market(kLinear);
  const std::vector<Row> rows{
      {"watchOrderBook", R"("BTC/USDT:USDT")", {StreamTopic::order_book, linear, 50}, 1},
      {"watchTicker", "", {StreamTopic::ticker, linear}, 2},
      {"watchTrades", "", {StreamTopic::trades, linear}, 3},
      {"watchOHLCV", "", {StreamTopic::candles, linear, 0, 1}, 4},
      {"watchOrderBook", R"("BTC/USDT")", {StreamTopic::order_book, spot, 50}, 5},
      {"watchOrders", "", {StreamTopic::orders}, 6},
      {"watchMyTrades", "", {StreamTopic::fills}, 7},
      {"watchBalance", "", {StreamTopic::balances}, 8},
      {"watchPositions", "", {StreamTopic::positions}, 9},
  };
  for (const Row& row : rows) {
    const std::vector<std::string> names{dialect.channel(row.wish)->name};
    std::string expected = captured(row.call, row.symbol).back();
    // ccxt notes for itself which of its functions asked.
    const std::size_t note = expected.find(R"(,"callerMethodName")");
    if (note != std::string::npos) expected = expected.substr(0, note) + "}";
    EXPECT_EQ(dialect.subscribe(names, row.request), expected);
  }
  const std::vector<std::string> trades{"publicTrade.BTCUSDT"};
  EXPECT_EQ(dialect.unsubscribe(trades, 13), captured("unWatchTrades", "").at(0));
}

TEST_F(ClientStreamsTest, LogsInAsCcxtDoes) {
  const auto login = dialect.login({"mockxBybitKey000001", "mockxBybitSecret0000000000000000001"},
                                   timestamp_from_ms(1'700'000'000'123));
  ASSERT_TRUE(login);
  EXPECT_EQ(*login, captured("watchOrders", "").at(0));
}

TEST_F(ClientStreamsTest, LogsInByRsa) {
  const crypto::TestRsaKey key = crypto::make_rsa_key(2'048);
  door.add_credential({Exchange::kAlice, "rsaKey", key.public_pem}, "alice");
  const auto login = dialect.login({"rsaKey", key.private_pem}, wire.exchange.door_time);
  ASSERT_TRUE(login);
  const StreamNews answer = say(kPrivateSocket, *login);
  EXPECT_TRUE(std::get<LoginAnswer>(answer.body).is_accepted);
}

TEST_F(ClientStreamsTest, RefusesAKeyThatIsNone) {
  const std::string none =
      std::string("-----BEGIN PRIVATE KEY-----\n") + kCanaryKey + "\n-----END PRIVATE KEY-----";
  const auto login = dialect.login({"key", none}, {});
  ASSERT_FALSE(login);
  EXPECT_EQ(login.error().text().find(kCanaryKey), std::string::npos);
}

TEST_F(ClientStreamsTest, ChoosesSocketAndTopic) {
  const unified::Market* spot = &wire.market(kSpot);
  for (const auto& [levels, name] :
       {std::pair{0, "0 orderbook.50.BTCUSDT"},
        {1, "0 orderbook.1.BTCUSDT"},
        {2, "0 orderbook.50.BTCUSDT"},
        {51, "0 orderbook.200.BTCUSDT"},
        {1'000, "0 orderbook.1000.BTCUSDT"},
        {1'001, "levels: Bybit's deepest book has 1000 levels on each side"},
        {-1, "levels: Bybit's deepest book has 1000 levels on each side"}}) {
    EXPECT_EQ(name_of({StreamTopic::order_book, spot, levels}), name);
  }
  for (const auto& [minutes, name] : {std::pair{1, "1 kline.1.BTCUSDT"},
                                      {24 * 60, "1 kline.D.BTCUSDT"},
                                      {2, "minutes: Bybit has no such candles"}}) {
    EXPECT_EQ(name_of({StreamTopic::candles, &wire.market(kLinear), 0, minutes}), name);
  }
}

TEST_F(ClientStreamsTest, EverySocketIsARouteOfTheServersSide) {
  for (const gateway::ClientSocket& socket : dialect.sockets) {
    const auto* route = streams.find_route(socket.path);
    ASSERT_NE(route, nullptr) << socket.path;
    EXPECT_EQ(route->access != gateway::Access::open, socket.is_private);
  }
}

// ---- answers ------------------------------------------------------------------------------------

TEST_F(ClientStreamsTest, ReadsPongsOfEverySocket) {
  for (std::size_t place = 0; place < dialect.sockets.size(); ++place)
    EXPECT_TRUE(std::holds_alternative<Pong>(say(place, dialect.ping(7)).body));
}

TEST_F(ClientStreamsTest, ReadsRefusals) {
  const std::vector<std::string> wrong{"orderbook.50.NOPE"};
  const StreamNews news = say(kLinearSocket, dialect.subscribe(wrong, 8));
  const auto& refused = std::get<SubscriptionAnswer>(news.body);
  EXPECT_FALSE(refused.is_accepted);
  EXPECT_EQ(refused.request, 8u);
  EXPECT_EQ(refused.words, "error:handler not found,topic:orderbook.50.NOPE");
  const StreamNews unread = say(kLinearSocket, "{}");
  EXPECT_EQ(std::get<SubscriptionAnswer>(unread.body).request, 0u);

  const auto login = dialect.login({"nobody", "x"}, wire.exchange.door_time);
  const StreamNews stranger = say(kPrivateSocket, *login);
  const auto& answer = std::get<LoginAnswer>(stranger.body);
  EXPECT_FALSE(answer.is_accepted);
  EXPECT_FALSE(answer.may_retry);
  EXPECT_EQ(answer.words, "API key is invalid.");
}

TEST_F(ClientStreamsTest, ALoginMayPassLater) {
  for (const auto& [code, may_retry] :
       {std::pair{"10006", true}, {"10016", true}, {"10004", false}, {"33004", false}}) {
    const auto news = dialect.read(
        kPrivateSocket,
        R"({"success":false,"ret_msg":"no","op":"auth","retCode":)" + std::string(code) + "}", {});
    ASSERT_TRUE(news);
    EXPECT_EQ(std::get<LoginAnswer>(news->body).may_retry, may_retry) << code;
  }
}

// ---- public news --------------------------------------------------------------------------------

TEST_F(ClientStreamsTest, ReadsABookAndWhatChanged) {
  subscribe(linear(StreamTopic::order_book));
  const auto whole = one<BookUpdate>(kLinearSocket);
  EXPECT_TRUE(whole.is_whole);
  EXPECT_EQ(whole.update, 1u);
  EXPECT_EQ(whole.book.symbol, kLinear);
  EXPECT_EQ(whole.book.time, wire.exchange.now);
  ASSERT_EQ(whole.book.bids.size(), 1u);
  EXPECT_EQ(text_of(whole.book.bids[0].price), "36999");
  EXPECT_EQ(text_of(whole.book.asks[0].quantity), "100");
  place(Side::buy, 370'010, 100'000, Exchange::kBob);
  const auto change = one<BookUpdate>(kLinearSocket);
  EXPECT_FALSE(change.is_whole);
  EXPECT_EQ(change.update, 2u);
  EXPECT_GT(change.book.sequence, whole.book.sequence);
  EXPECT_TRUE(change.book.bids.empty());
  ASSERT_EQ(change.book.asks.size(), 1u);
  EXPECT_EQ(text_of(change.book.asks[0].price), "37001");
  EXPECT_EQ(text_of(change.book.asks[0].quantity), "0");
}

TEST_F(ClientStreamsTest, KnowsWhatFollows) {
  BookUpdate change;
  for (const auto& [update, step] : {std::pair{8u, BookStep::follows},
                                     {7u, BookStep::repeats},
                                     {9u, BookStep::breaks},
                                     {6u, BookStep::breaks},
                                     {0u, BookStep::breaks}}) {
    change.update = update;
    EXPECT_EQ(dialect.book_step(7, change), step) << update;
  }
  const auto restarted =
      dialect.read(kLinearSocket,
                   R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1700000000123,"data":)"
                   R"({"s":"BTCUSDT","b":[],"a":[["1","2"]],"u":1,"seq":9},"cts":1700000000121})",
                   wire.markets);
  ASSERT_TRUE(restarted);
  EXPECT_TRUE(std::get<BookUpdate>(restarted->body).is_whole) << "u of 1 is a restart";
}

TEST_F(ClientStreamsTest, ReadsTradesAndCandles) {
  subscribe(linear(StreamTopic::trades));
  place(Side::buy, 370'010, 10, Exchange::kBob);
  place(Side::sell, 369'990, 20, Exchange::kBob);
  const auto trades = one<std::vector<unified::PublicTrade>>(kLinearSocket);
  ASSERT_EQ(trades.size(), 2u);
  EXPECT_EQ(trades[0].side, Side::buy);
  EXPECT_EQ(text_of(trades[0].price), "37001");
  EXPECT_EQ(text_of(trades[1].quantity), "0.02");
  EXPECT_EQ(trades[1].symbol, kLinear);
  subscribe({StreamTopic::candles, &wire.market(kLinear), 0, 5});
  const auto candles = one<std::vector<unified::Candle>>(kLinearSocket);
  ASSERT_EQ(candles.size(), 1u);
  EXPECT_EQ(text_of(candles[0].open), "37001");
  EXPECT_EQ(text_of(candles[0].close), "36999");
  EXPECT_EQ(text_of(candles[0].volume), "0.03");
}

unified::Ticker merged(unified::Ticker ticker, const TickerUpdate& news) {
  for (const auto& [member, value] : news.members)
    ticker.*member = value;
  return ticker;
}

TEST_F(ClientStreamsTest, ReadsOnlyWhatChangedOfATicker) {
  subscribe(linear(StreamTopic::ticker));
  const auto whole = one<TickerUpdate>(kLinearSocket);
  EXPECT_TRUE(whole.is_whole);
  unified::Ticker ticker = merged({}, whole);
  EXPECT_EQ(text_of(ticker.bid), "36999");
  EXPECT_EQ(text_of(ticker.last), "none") << "nothing has traded";
  EXPECT_EQ(text_of(ticker.volume), "0");
  place(Side::buy, 370'010, 100'000, Exchange::kBob);
  const auto change = one<TickerUpdate>(kLinearSocket);
  EXPECT_FALSE(change.is_whole);
  for (const auto& [member, value] : change.members)
    EXPECT_NE(member, &unified::Ticker::bid) << "as before";
  ticker = merged(ticker, change);
  EXPECT_EQ(text_of(ticker.bid), "36999");
  EXPECT_EQ(text_of(ticker.ask), "none") << "it was taken";
  EXPECT_EQ(text_of(ticker.last), "37001");
  EXPECT_EQ(text_of(ticker.volume), "100");
}

TEST_F(ClientStreamsTest, ASpotTickerHasNoBestPrices) {
  subscribe({.topic = StreamTopic::ticker, .market = &wire.market(kSpot)});
  const auto whole = one<TickerUpdate>(kSpotSocket);
  EXPECT_TRUE(whole.is_whole);
  EXPECT_EQ(merged({}, whole).bid, std::nullopt);
}

// ---- an account's own ---------------------------------------------------------------------------

TEST_F(ClientStreamsTest, ReadsOrders) {
  log_in();
  subscribe({.topic = StreamTopic::orders});
  place(Side::buy, 360'000, 10, Exchange::kAlice);
  const auto orders = one<std::vector<unified::OrderRow>>(kPrivateSocket);
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0].symbol, kLinear);
  EXPECT_EQ(orders[0].state, unified::OrderState::open);
  EXPECT_EQ(text_of(orders[0].price), "36000");
}

TEST_F(ClientStreamsTest, ReadsFills) {
  log_in();
  subscribe({.topic = StreamTopic::fills});
  place(Side::buy, 370'010, 10, Exchange::kAlice);
  const auto fills = one<std::vector<unified::FillRow>>(kPrivateSocket);
  ASSERT_EQ(fills.size(), 1u);
  EXPECT_EQ(text_of(fills[0].price), "37001");
  EXPECT_FALSE(fills[0].is_maker);
  EXPECT_EQ(fills[0].fee_asset, "USDT");
}

TEST_F(ClientStreamsTest, ReadsPositionsThatComeAndGo) {
  log_in();
  subscribe({.topic = StreamTopic::positions});
  place(Side::sell, 369'990, 10, Exchange::kAlice);
  const auto held = one<std::vector<unified::PositionRow>>(kPrivateSocket);
  ASSERT_EQ(held.size(), 1u);
  EXPECT_EQ(held[0].side, Side::sell);
  EXPECT_EQ(text_of(held[0].quantity), "0.01");
  EXPECT_EQ(text_of(held[0].entry_price), "36999");
  place(Side::buy, 370'010, 10, Exchange::kAlice);
  const auto flat = one<std::vector<unified::PositionRow>>(kPrivateSocket);
  ASSERT_EQ(flat.size(), 1u);
  EXPECT_EQ(text_of(flat[0].quantity), "0");
  EXPECT_EQ(flat[0].symbol, kLinear);
}

TEST_F(ClientStreamsTest, ReadsTheWallet) {
  log_in();
  subscribe({.topic = StreamTopic::balances});
  place(Side::buy, 370'010, 10, Exchange::kAlice);
  const auto assets = one<std::vector<unified::AssetBalance>>(kPrivateSocket);
  ASSERT_FALSE(assets.empty());
  EXPECT_EQ(assets[0].asset, "USDT");
  EXPECT_EQ(text_of(assets[0].total), "999999.7964945") << "less 0.055 % of 370.01";
}

TEST_F(ClientStreamsTest, LeavesOutWhatTheUnifiedCallsDoNotKnow) {
  const auto inverse =
      dialect.read(kPrivateSocket,
                   R"({"id":"x","topic":"order","creationTime":1,"data":[{"category":"inverse"}]})",
                   wire.markets);
  ASSERT_TRUE(inverse);
  EXPECT_TRUE(std::get<std::vector<unified::OrderRow>>(inverse->body).empty());
  const auto funding = dialect.read(kPrivateSocket,
                                    R"({"id":"x","topic":"execution","creationTime":1,"data":[)"
                                    R"({"category":"linear","symbol":"BTCUSDT",)"
                                    R"("execType":"Funding"}]})",
                                    wire.markets);
  ASSERT_TRUE(funding);
  EXPECT_TRUE(std::get<std::vector<unified::FillRow>>(funding->body).empty());
}

// ---- hostile messages ---------------------------------------------------------------------------

TEST_F(ClientStreamsTest, BelievesNothing) {
  const std::string book = R"({"topic":"orderbook.50.BTCUSDT","type":"snapshot","ts":1,"data":)";
  const std::vector<std::pair<std::size_t, std::string>> messages{
      {kLinearSocket, ""},
      {kLinearSocket, "null"},
      {kLinearSocket, "[]"},
      {kLinearSocket, R"("x")"},
      {kLinearSocket, "\xff"},
      {kLinearSocket, std::string(1 << 20, '[')},
      {kLinearSocket, R"({"op":"dance","success":true})"},
      {kLinearSocket, R"({"op":"subscribe"})"},
      {kLinearSocket, R"({"op":"subscribe","success":"yes"})"},
      {kLinearSocket, R"({"op":"subscribe","success":true,"req_id":"-1"})"},
      {kLinearSocket, R"({"op":"subscribe","success":true,"req_id":{}})"},
      {kLinearSocket, R"({"op":"auth","success":true,"retCode":"x"})"},
      {kLinearSocket, R"({"topic":1})"},
      {kLinearSocket, R"({"topic":""})"},
      {kLinearSocket, R"({"topic":"orderbook.50.ETHUSDT","type":"snapshot","ts":1,"data":{}})"},
      {kLinearSocket, R"({"topic":"liquidation.BTCUSDT","type":"snapshot","ts":1,"data":{}})"},
      {kLinearSocket, R"({"topic":"orderbook.50.BTCUSDT","type":"whole","ts":1,"data":{}})"},
      {kLinearSocket, R"({"topic":"orderbook.50.BTCUSDT"})"},
      {kLinearSocket, book + "[]}"},
      {kLinearSocket, book + R"({"s":"BTCUSDT","s":"BTCUSDT"}})"},
      {kLinearSocket, book + R"({"s":"ETHUSDT","b":[],"a":[],"u":1,"seq":1}})"},
      {kLinearSocket, book + R"({"s":"BTCUSDT","b":[],"a":[],"u":-1,"seq":1}})"},
      {kLinearSocket, book + R"({"s":"BTCUSDT","b":{},"a":[],"u":1,"seq":1}})"},
      {kLinearSocket, book + R"({"s":"BTCUSDT","b":[["1"]],"a":[],"u":1,"seq":1}})"},
      {kLinearSocket, book + R"({"s":"BTCUSDT","b":[["1","0"]],"a":[],"u":1,"seq":1}})"},
      {kLinearSocket, book + R"({"s":"BTCUSDT","b":[["1","1"],["2","1"]],"a":[],"u":1,"seq":1}})"},
      {kLinearSocket, R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","data":[{}]})"},
      {kLinearSocket, R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","data":[1]})"},
      {kLinearSocket, R"({"topic":"tickers.BTCUSDT","type":"delta","ts":1,"data":)"
                      R"({"symbol":"BTCUSDT","lastPrice":"-1"}})"},
      {kLinearSocket, R"({"topic":"kline.1.BTCUSDT","type":"snapshot","data":[{"start":1,)"
                      R"("open":"2","high":"1","low":"1","close":"1","volume":"0"}]})"},
      {kPrivateSocket, R"({"topic":"greeks","data":[]})"},
      {kPrivateSocket, R"({"topic":"order","data":{}})"},
      {kPrivateSocket, R"({"topic":"order","data":[{"category":"linear","symbol":"NONE"}]})"},
      {kPrivateSocket, R"({"topic":"wallet","data":[{"accountType":"UNIFIED","coin":[1]}]})"},
  };
  for (const auto& [socket, message] : messages)
    EXPECT_FALSE(dialect.read(socket, message, wire.markets)) << message.substr(0, 100);
}

// Every beginning of what the server's side says is no message, and reads no further than it goes.
TEST_F(ClientStreamsTest, ATruncatedMessageIsNone) {
  log_in();
  for (const StreamTopic topic :
       {StreamTopic::order_book, StreamTopic::trades, StreamTopic::ticker})
    subscribe(linear(topic));
  for (const StreamTopic topic :
       {StreamTopic::orders, StreamTopic::fills, StreamTopic::positions, StreamTopic::balances}) {
    subscribe({.topic = topic});
  }
  place(Side::buy, 370'010, 10, Exchange::kAlice);
  streams.publish(wire.exchange.view(), moment(), false);
  std::size_t messages = 0;
  for (const std::size_t socket : {std::size_t{kLinearSocket}, std::size_t{kPrivateSocket}}) {
    for (const std::string& message : sockets[socket].take()) {
      ++messages;
      EXPECT_TRUE(dialect.read(socket, message, wire.markets)) << message;
      for (std::size_t size = 0; size < message.size(); ++size)
        EXPECT_FALSE(dialect.read(socket, message.substr(0, size), wire.markets)) << size;
    }
  }
  EXPECT_EQ(messages, 7u);
}

}  // namespace
}  // namespace venuebox::venues::bybit
