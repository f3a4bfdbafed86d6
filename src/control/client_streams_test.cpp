// The client library's streams over real sockets, against a box that is served in this process.
#include "base/test_canaries.h"
#include "client/blocking.h"
#include "client/network_stream.h"
#include "client/watcher.h"
#include "control/test_served.h"
#include "venues/all.h"

namespace venuebox::control {
namespace {
using client::StreamEvent;
using unified::Origin;

gateway::ClientKeys alice() {
  const gateway::Credential credential = venues::find("bybit")->demo_credential("alice");
  return {credential.key, credential.secret};
}

struct ClientStreams : Served, testing::Test {
  ClientStreams() {
    const auto loaded = client::blocking<std::vector<unified::Market>>(
        loop, [&](auto then) { exchange.load_markets(then); });
    EXPECT_TRUE(loaded) << loaded.text;
    watcher.set_markets(exchange.markets());
    watcher.on_event([this](const StreamEvent& event) { events.push_back(event); });
  }
  static client::WatcherSettings watcher_settings() {
    client::WatcherSettings made;
    made.connection.reconnect.first = milliseconds(1);
    made.origin = Origin::simulated;
    return made;
  }
  std::string order(std::string_view price) {
    unified::NewOrder wanted;
    wanted.symbol = kSymbol;
    wanted.quantity = decimal("0.01");
    wanted.price = decimal(price);
    const auto placed = client::blocking<client::PlacedOrder>(
        loop, [&](auto then) { exchange.create_order(wanted, then); });
    EXPECT_TRUE(placed) << placed.text;
    return placed ? placed.value->id : std::string();
  }
  std::size_t count(StreamEvent::Kind kind) const {
    return static_cast<std::size_t>(std::ranges::count(events, kind, &StreamEvent::kind));
  }
  bool is_book(Origin origin, std::string_view bid) const {
    const unified::OrderBook* book = watcher.order_book(kSymbol);
    return book->origin == origin && !book->bids.empty() &&
           trimmed_text(book->bids[0].price.units, book->bids[0].price.scale) == bid;
  }

  const gateway::ClientDialect& dialect = *venues::find("bybit")->client;
  RandomStream random{1, "masks"};
  client::LoopScheduler scheduler{loop, door};
  client::NetworkTransport transport{loop, *net::base_url_from(url), {}};
  client::NetworkStreams streams{
      loop, *net::base_url_from(url), {}, [this] { return static_cast<net::Mask>(random.next()); }};
  client::Exchange exchange{dialect, alice(), transport, scheduler};
  client::Watcher watcher{dialect, alice(), streams, scheduler, watcher_settings()};
  std::vector<StreamEvent> events;
};

TEST_F(ClientStreams, TellWhatTheBoxDoesAndComeBackAfterAReset) {
  quote(600'000, 600'010);
  std::vector<unified::OrderRow> orders;
  std::vector<unified::PublicTrade> trades;
  Origin told = Origin::unavailable;
  bool was_stale = false;
  ASSERT_TRUE(watcher.watch_order_book(kSymbol, 50, [&](const unified::OrderBook& book) {
    told = book.origin;
    was_stale = was_stale || told == Origin::stale;
  }));
  ASSERT_TRUE(watcher.watch_trades(
      kSymbol, [&](const auto& rows) { trades.insert(trades.end(), rows.begin(), rows.end()); }));
  ASSERT_TRUE(watcher.watch_orders(
      [&](const auto& rows) { orders.insert(orders.end(), rows.begin(), rows.end()); }));
  until([&] { return is_book(Origin::simulated, "60000"); });
  until([&] { return count(StreamEvent::Kind::connected) == 2; });
  const std::string resting = order("60000.5");
  until([&] { return !orders.empty() && is_book(Origin::simulated, "60000.5"); });
  EXPECT_EQ(orders[0].id, resting);
  EXPECT_EQ(orders[0].state, unified::OrderState::open);
  order("60001");
  until([&] { return !trades.empty() && orders.back().state == unified::OrderState::filled; });
  EXPECT_EQ(trades[0].side, Side::buy);

  ASSERT_TRUE(box->reset());  // which closes streams with 1012
  until([&] { return was_stale; });
  EXPECT_EQ(told, Origin::stale);
  until([&] {
    return watcher.counts().reconnects == 2 && count(StreamEvent::Kind::gap) == 1 &&
           told == Origin::simulated;
  });
  EXPECT_EQ(watcher.counts().connects, 4u);
  for (const StreamEvent& event : events) {
    if (event.kind != StreamEvent::Kind::disconnected) continue;
    EXPECT_EQ(event.text, "the server said goodbye with 1012: the box was reset");
  }
  quote(500'000, 500'010);
  until([&] { return is_book(Origin::simulated, "50000"); });
  orders.clear();
  const std::string again = order("40000");
  until([&] { return !orders.empty(); });
  EXPECT_EQ(orders[0].id, again);
  EXPECT_EQ(watcher.counts().resyncs, 0u);
  EXPECT_EQ(watcher.counts().garbled, 0u);
}

TEST_F(ClientStreams, AWrongKeyIsToldOnce) {
  client::Watcher stranger{dialect, gateway::ClientKeys{"nobody", kCanarySecret}, streams,
                           scheduler, watcher_settings()};
  std::vector<StreamEvent> told;
  stranger.on_event([&](const StreamEvent& event) { told.push_back(event); });
  ASSERT_TRUE(stranger.watch_orders({}));
  until([&] { return !told.empty(); });
  EXPECT_EQ(told[0].kind, StreamEvent::Kind::login_refused);
  EXPECT_EQ(told[0].text, "the login was refused: API key is invalid.");
  EXPECT_EQ(stranger.counts().connects, 1u);
}

TEST_F(ClientStreams, BeyondLoopbackNothingIsContactedUnasked) {
  client::NetworkStreams outside{loop, *net::base_url_from(dialect.streams->base_url), {}, [this] {
                                   return static_cast<net::Mask>(random.next());
                                 }};
  client::Watcher guarded{dialect, std::nullopt, outside, scheduler, watcher_settings()};
  guarded.set_markets(exchange.markets());
  std::vector<StreamEvent> told;
  guarded.on_event([&](const StreamEvent& event) { told.push_back(event); });
  ASSERT_TRUE(guarded.watch_trades(kSymbol, {}));
  until([&] { return !told.empty(); });
  EXPECT_EQ(told[0].kind, StreamEvent::Kind::ended) << told[0].text;
  EXPECT_NE(told[0].text.find("stream.bybit.com"), std::string::npos) << told[0].text;
}

}  // namespace
}  // namespace venuebox::control
