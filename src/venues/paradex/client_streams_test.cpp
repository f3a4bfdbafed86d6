// The client's messages against the venue's own streams: what one side says the other hears.
#include "venues/paradex/client_streams.h"

#include "venues/paradex/jwt.h"
#include "venues/paradex/test_client.h"
#include "venues/paradex/test_streams.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::StreamNews;
using gateway::StreamTopic;
using gateway::StreamWish;

struct ParadexClientStreams : ParadexStreams {
  ParadexClientStreams() {
    exchange.quote(649'990, 650'010, 1'000);
    unified::Market market;
    market.symbol = "BTC/USD:USDC";
    market.id = "BTC-USD-PERP";
    market.kind = unified::MarketKind::perpetual;
    markets = {market};
  }

  StreamNews heard(std::string_view message, std::size_t place) const {
    auto news = client_streams.read(place, message, markets);
    EXPECT_TRUE(news) << message << " " << (news ? "" : news.error().text());
    return news ? std::move(*news) : StreamNews{};
  }

  // Asks for it, and hands back its name.
  std::string follow(const StreamWish& wish) {
    const auto channel = client_streams.channel(wish);
    EXPECT_TRUE(channel);
    const std::vector<std::string> names{channel->name};
    const auto news = heard(say(client_streams.subscribe(names, 7)), channel->socket);
    const auto* answer = std::get_if<gateway::SubscriptionAnswer>(&news.body);
    EXPECT_TRUE(answer && answer->is_accepted && answer->request == 7);
    return channel->name;
  }

  // What a turn brought on a channel, as the client reads it.
  template <class Body>
  std::vector<Body> turn(std::size_t place) {
    std::vector<Body> bodies;
    for (const std::string& message : end_turn()) {
      const StreamNews news = heard(message, place);
      const auto* body = std::get_if<Body>(&news.body);
      EXPECT_TRUE(body) << message;
      if (body) bodies.push_back(*body);
    }
    return bodies;
  }

  gateway::LoginAnswer log_in_as_client(std::string token) {
    gateway::ClientKeys keys = keys_of("alice");
    keys.token = std::move(token);
    const StreamNews news = heard(say(*client_streams.login(keys, exchange.now)), kPrivateSocket);
    EXPECT_TRUE(std::holds_alternative<gateway::LoginAnswer>(news.body));
    return std::get<gateway::LoginAnswer>(news.body);
  }
  std::string token() const {
    const std::string address(exchange.door.credential_of(Exchange::kAlice)->key);
    return issued_token(Exchange::kBoxKey, address, exchange.now);
  }

  std::vector<unified::Market> markets;
};

TEST_F(ParadexClientStreams, LogsInWithATokenAlone) {
  EXPECT_FALSE(client_streams.login(keys_of("alice"), exchange.now));
  EXPECT_FALSE(log_in_as_client("nobody").is_accepted);
  EXPECT_TRUE(log_in_as_client(token()).is_accepted);
}

TEST_F(ParadexClientStreams, ToldOfARefusalAndAPong) {
  const std::vector<std::string> names{"trades.NOSUCH-USD-PERP"};
  const auto news = heard(say(client_streams.subscribe(names, 9)), kPublicSocket);
  const auto& answer = std::get<gateway::SubscriptionAnswer>(news.body);
  EXPECT_FALSE(answer.is_accepted);
  EXPECT_EQ(answer.request, 9u);
  EXPECT_NE(answer.words.find("invalid channel"), std::string::npos);
  const auto pong = heard(say(client_streams.ping(1)), kPublicSocket);
  EXPECT_TRUE(std::holds_alternative<gateway::Pong>(pong.body));
}

TEST_F(ParadexClientStreams, KeepsABookByItsChanges) {
  follow({.topic = StreamTopic::order_book, .market = &markets[0], .levels = 10});
  const auto whole = turn<gateway::BookUpdate>(kPublicSocket);
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_TRUE(whole[0].is_whole);
  EXPECT_EQ(text_of(whole[0].book.bids.at(0).price), "64999");
  place(Side::buy, 649'980, 500, Exchange::kMarket);
  const auto change = turn<gateway::BookUpdate>(kPublicSocket);
  ASSERT_EQ(change.size(), 1u);
  EXPECT_FALSE(change[0].is_whole);
  ASSERT_EQ(change[0].book.bids.size(), 1u);
  EXPECT_EQ(text_of(change[0].book.bids[0].quantity), "0.005");
  using gateway::BookStep;
  EXPECT_EQ(client_streams.book_step(whole[0].update, change[0]), BookStep::follows);
  EXPECT_EQ(client_streams.book_step(change[0].update, change[0]), BookStep::repeats);
  EXPECT_EQ(client_streams.book_step(whole[0].update - 1, change[0]), BookStep::breaks);
}

TEST_F(ParadexClientStreams, HearsTradesAndTickers) {
  follow({.topic = StreamTopic::trades, .market = &markets[0]});
  (void)end_turn();
  place(Side::buy, 650'010, 100, Exchange::kBob);
  const auto trades = turn<std::vector<unified::PublicTrade>>(kPublicSocket);
  ASSERT_EQ(trades.size(), 1u);
  EXPECT_EQ(text_of(trades[0].at(0).price), "65001");
  EXPECT_EQ(trades[0].at(0).side, Side::buy);
}

TEST_F(ParadexClientStreams, HearsOfItsOrdersFillsPositionsAndMoney) {
  ASSERT_TRUE(log_in_as_client(token()).is_accepted);
  follow({.topic = StreamTopic::orders});
  (void)end_turn();
  place(Side::buy, 640'000, 100, Exchange::kAlice);
  const auto orders = turn<std::vector<unified::OrderRow>>(kPrivateSocket);
  ASSERT_FALSE(orders.empty());
  EXPECT_EQ(orders.back().at(0).state, unified::OrderState::open);
  EXPECT_EQ(text_of(orders.back().at(0).quantity), "0.001");
}

TEST_F(ParadexClientStreams, HearsEachFillOnce) {
  ASSERT_TRUE(log_in_as_client(token()).is_accepted);
  follow({.topic = StreamTopic::fills});
  (void)end_turn();
  place(Side::buy, 650'010, 100, Exchange::kAlice);
  const auto fills = turn<std::vector<unified::FillRow>>(kPrivateSocket);
  ASSERT_EQ(fills.size(), 1u);
  EXPECT_FALSE(fills[0].at(0).is_maker);
  EXPECT_EQ(text_of(fills[0].at(0).price), "65001");
}

TEST_F(ParadexClientStreams, HasNoCandlesAndNoDeepBooks) {
  EXPECT_FALSE(
      client_streams.channel({.topic = StreamTopic::candles, .market = &markets[0], .minutes = 1}));
  EXPECT_FALSE(client_streams.channel(
      {.topic = StreamTopic::order_book, .market = &markets[0], .levels = 50}));
}

}  // namespace
}  // namespace venuebox::venues::paradex
