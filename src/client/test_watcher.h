// For tests: a watcher of acme, over scripted streams and a clock that moves by hand.
#pragma once

#include <gtest/gtest.h>

#include "base/test_canaries.h"
#include "client/test_streams.h"
#include "client/test_transport.h"
#include "client/watcher.h"

namespace venuebox::client {

using Texts = std::vector<std::string>;

struct WatcherTest : testing::Test {
  void make(std::optional<gateway::ClientKeys> keys = gateway::ClientKeys{"key", kCanarySecret}) {
    watcher = std::make_unique<Watcher>(acme_with_streams(), std::move(keys), streams, scheduler,
                                        settings);
    watcher->set_markets(markets);
    watcher->on_event([this](const StreamEvent& event) { events.push_back(event); });
  }
  // Lets what is due now happen.
  void turn() { scheduler.run_for({}); }

  Watcher::WatchId watch_book(std::string_view symbol = "BTC") {
    const auto id = watcher->watch_order_book(
        symbol, 0, [this](const unified::OrderBook& book) { books.push_back(text_of(book)); });
    EXPECT_TRUE(id) << id.error().text();
    return id ? *id : 0;
  }
  Watcher::WatchId watch_trades(std::string_view symbol = "BTC") {
    const auto id = watcher->watch_trades(
        symbol, [this](const auto& trades) { told.push_back(trades.front().id); });
    EXPECT_TRUE(id) << id.error().text();
    return id ? *id : 0;
  }
  Watcher::WatchId watch_orders() {
    const auto id =
        watcher->watch_orders([this](const auto& orders) { told.push_back(orders.front().id); });
    EXPECT_TRUE(id) << id.error().text();
    return id ? *id : 0;
  }
  // A connection that is open, logged in where it has to be, and all that it asks for accepted.
  void open() {
    turn();
    streams.accept();
    if (streams.last().path == "/private") {
      EXPECT_EQ(streams.take_sent(), Texts{"login key"});
      streams.say("login ok");
    }
    accept_all();
  }
  void accept_all() {
    for (const std::string& message : streams.take_sent()) {
      const std::size_t space = message.find(' ');
      const bool is_request = message.starts_with("sub") || message.starts_with("unsub");
      const std::size_t end = message.find(' ', space + 1);
      if (is_request) streams.say("ok " + message.substr(space + 1, end - space - 1));
    }
  }
  // Runs until the next attempt to connect; returns how long that took, in ms.
  std::int64_t wait_for_attempt(Nanoseconds most = seconds(100)) {
    const std::size_t before = streams.lines.size();
    const Timestamp start = scheduler.now();
    while (streams.lines.size() == before && scheduler.now() - start < most)
      scheduler.run_for(milliseconds(1));
    return (scheduler.now() - start).raw / 1'000'000;
  }
  // Pongs for as long as that, so that nobody thinks the stream is silent.
  void stay_alive_for(Nanoseconds time) {
    for (const Timestamp end = scheduler.now() + time; scheduler.now() < end;) {
      streams.say("pong");
      scheduler.run_for(seconds(10));
    }
  }
  std::vector<StreamEvent> take_events(StreamEvent::Kind kind) {
    std::vector<StreamEvent> found;
    for (const StreamEvent& event : std::exchange(events, {})) {
      if (event.kind == kind) found.push_back(event);
    }
    return found;
  }

  static std::string text_of(const unified::OrderBook& book) {
    constexpr std::string_view kOrigins[] = {"live", "stale", "simulated", "unavailable"};
    std::string text(kOrigins[static_cast<std::size_t>(book.origin)]);
    for (const auto* side : {&book.bids, &book.asks}) {
      text += side == &book.bids ? " " : " /";
      for (const unified::BookLevel& level : *side)
        text +=
            (text.ends_with(' ') ? "" : " ") + trimmed_text(level.price.units, level.price.scale);
    }
    return text;
  }

  TestScheduler scheduler;
  ScriptedStreams streams;
  WatcherSettings settings;
  std::vector<unified::Market> markets{acme_market("BTC"), acme_market("ETH"), acme_market("SOL")};
  Texts books;  // as told, in words
  Texts told;   // ids of trades and orders
  std::vector<StreamEvent> events;
  std::unique_ptr<Watcher> watcher;  // ends first
};

}  // namespace venuebox::client
