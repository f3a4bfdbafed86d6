// Channels of all markets, channels that repeat themselves, and requests of any method.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/test_desk.h"
#include "gateway/streams.h"
#include "gateway/test_socket.h"

namespace venuebox::gateway {
namespace {
using engine::TestDesk;
using Messages = std::vector<std::string>;

// "trades" and "tickers" of all markets; "book" and "orders" that do not stay silent.
Channel channel_of(std::string_view topic) {
  Channel channel{.topic = std::string(topic), .instrument = TestDesk::kPerpetual, .levels = 3};
  channel.all_markets = topic == "trades" || topic == "tickers";
  if (topic == "trades") channel.kind = ChannelKind::trades;
  if (topic == "tickers") channel.kind = ChannelKind::ticker;
  if (topic == "orders") channel.kind = ChannelKind::orders;
  if (topic == "orders" || topic == "tickers") channel.repeat = seconds(1);
  return channel;
}

// "+topic", "-topic", "DELETE target"
void receive(StreamCall& call, bool) {
  const std::string_view topic = call.message.substr(1);
  if (call.message.starts_with("+")) {
    const bool was_there = call.actions.is_subscribed(topic);
    call.actions.subscribe(channel_of(topic));
    return call.actions.reply(was_there ? "again" : "ok");
  }
  if (call.message.starts_with("-")) {
    return call.actions.reply(call.actions.unsubscribe(topic) ? "ok" : "no such topic");
  }
  Response response;
  call.actions.perform({Method::del, call.message.substr(7), "{}"}, response);
  call.actions.reply(fmt::format("{} {}", response.status, response.body));
}

void publish(Publication& p) {
  const std::string market = fmt::format("#{}", p.channel.instrument.raw);
  if (p.is_repeat && p.channel.kind == ChannelKind::orders) return p.tell("still the same");
  if (p.channel.kind == ChannelKind::trades) p.tell(fmt::format("{} {}", market, p.trades.size()));
  if (p.channel.kind == ChannelKind::orders)
    p.tell(fmt::format("{} orders", p.news->orders.size()));
  if (p.channel.kind == ChannelKind::ticker && (p.is_snapshot || p.is_repeat)) p.tell(market);
  if (p.channel.kind == ChannelKind::book) {
    p.tell(fmt::format("{} bids, before {}", p.book.bids.size(), p.book.bids_before.size()));
  }
}

void answer_cancel(Call& call) {
  call.response.body =
      fmt::format("{} {} {}", call.arguments[0], call.request.query, call.request.body);
}
constexpr Route kRoutes[] = {
    {Method::del, "/order/{}", Access::trade, "cancel_order", 0, nullptr, nullptr, answer_cancel},
};
constexpr StreamRoute kStreamRoutes[] = {{"/", Access::open}};
constexpr StreamTable kTable{.routes = kStreamRoutes, .receive = receive, .publish = publish};

Venue venue_of_streams() {
  Venue venue{.name = "acme", .title = "Acme", .limits = {}, .routes = kRoutes};
  venue.streams = &kTable;
  return venue;
}
const Venue kVenue = venue_of_streams();

struct StreamsOfMarkets : testing::Test {
  StreamsOfMarkets() {
    door.set_anonymous(TestDesk::kAlice);
    streams.open(socket, kStreamRoutes[0], "");
  }
  std::string say(std::string_view message) {
    streams.receive(socket, message, true, desk, moment(), log);
    const Messages replies = socket.take();
    return replies.empty() ? std::string() : replies.front();
  }
  Messages end_turn() {
    streams.publish(desk.view(), moment(), true);
    return socket.take();
  }
  void execute(const CommandBody& body) { streams.observe(desk.execute(body), desk.view()); }
  void trade(InstrumentId instrument) {
    execute(desk.limit(TestDesk::kMarket, Side::sell, 600'000, 5, instrument));
    execute(desk.limit(TestDesk::kBob, Side::buy, 600'000, 5, instrument));
  }
  // One more market like the first.
  InstrumentId list() {
    Instrument terms = desk.view().instruments()[TestDesk::kPerpetual.raw];
    terms.id = InstrumentId{static_cast<std::uint32_t>(desk.view().instruments().size())};
    terms.symbol = "NEW";
    desk.execute(ListInstrument{terms});
    return terms.id;
  }
  Moment moment() const { return {desk.clock, desk.clock, 1}; }

  TestDesk desk;
  Door door{kVenue, {.verify_signatures = false}};
  TestSocket socket;
  RequestLog log;
  Streams streams{kVenue, door};
};

TEST_F(StreamsOfMarkets, OneTopicCarriesEveryMarket) {
  EXPECT_EQ(say("+trades"), "ok");
  EXPECT_EQ(end_turn(), Messages{});
  trade(TestDesk::kPerpetual);
  trade(TestDesk::kSpot);
  EXPECT_EQ(end_turn(), (Messages{fmt::format("#{} 1", TestDesk::kPerpetual.raw),
                                  fmt::format("#{} 1", TestDesk::kSpot.raw)}));
}

TEST_F(StreamsOfMarkets, AMarketThatIsListedLaterJoins) {
  say("+tickers");
  const std::size_t markets = desk.view().instruments().size();
  EXPECT_EQ(end_turn().size(), markets);
  const InstrumentId listed = list();
  EXPECT_EQ(end_turn(), Messages{fmt::format("#{}", listed.raw)});
  EXPECT_EQ(end_turn(), Messages{});
}

TEST_F(StreamsOfMarkets, ATopicIsLeftInAllItsMarkets) {
  say("+trades");
  EXPECT_EQ(say("+trades"), "again");
  EXPECT_EQ(say("-trades"), "ok");
  EXPECT_EQ(say("-trades"), "no such topic");
  list();
  trade(TestDesk::kPerpetual);
  EXPECT_EQ(end_turn(), Messages{});
}

TEST_F(StreamsOfMarkets, AQuietChannelIsToldToRepeatItself) {
  say("+orders");
  EXPECT_EQ(end_turn(), Messages{"still the same"});
  desk.clock = desk.clock + milliseconds(999);
  EXPECT_EQ(end_turn(), Messages{});
  execute(desk.limit(TestDesk::kAlice, Side::buy, 599'000, 1));
  EXPECT_EQ(end_turn(), Messages{"1 orders"});
  desk.clock = desk.clock + milliseconds(999);
  EXPECT_EQ(end_turn(), Messages{}) << "a second after the news";
  desk.clock = desk.clock + milliseconds(1);
  EXPECT_EQ(end_turn(), Messages{"still the same"});
}

TEST_F(StreamsOfMarkets, AChangeOfABookComesWithWhatStoodBefore) {
  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'000, 1));
  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'001, 1));
  say("+book");
  EXPECT_EQ(end_turn(), Messages{"2 bids, before 0"});
  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'001, 1));
  EXPECT_EQ(end_turn(), Messages{"1 bids, before 2"});
}

TEST_F(StreamsOfMarkets, ARequestHasItsMethodAndQuery) {
  EXPECT_EQ(say("DELETE /order/7?market=X"), "200 7 market=X {}");
  EXPECT_EQ(log.total(), 1u);
}

}  // namespace
}  // namespace venuebox::gateway
