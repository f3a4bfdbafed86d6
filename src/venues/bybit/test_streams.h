// For tests: Bybit's streams over an exchange, with one client and without a socket.
#pragma once

#include "gateway/streams.h"
#include "gateway/test_socket.h"
#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
using gateway::TestSocket;
using Messages = std::vector<std::string>;

inline constexpr std::string_view kKey = "mockxBybitKey000001";
inline constexpr std::string_view kSecret = "mockxBybitSecret0000000000000000001";
// As ccxt signs it, for expires 1700000010123: the capture in golden/stream_requests.json.
inline constexpr std::string_view kLogin =
    R"({"op":"auth","args":["mockxBybitKey000001","1700000010123",)"
    R"("af8f9b0e18038a0fbb78f39a7fdcd388b69170413964b355d1e6dedc1c548ce7"]})";
inline constexpr std::string_view kConnection = "000000000000004d-1";

struct BybitStreams : testing::Test {
  BybitStreams() {
    door.add_credential({Exchange::kAlice, std::string(kKey), std::string(kSecret)}, "alice");
  }

  // What is told of the exchange's commands is what the box would tell.
  struct Observed final : Desk {
    explicit Observed(BybitStreams& given) : test(given) {}
    std::span<const Event> execute(const CommandBody& body) override {
      const auto events = test.exchange.execute(body);
      test.streams.observe(events, test.exchange.view());
      return events;
    }
    const View& view() const override { return test.exchange.view(); }
    BybitStreams& test;
  };

  gateway::Moment moment() const { return {exchange.now, exchange.door_time, Exchange::kBoxKey}; }
  void open(std::string_view path, std::string_view query = "") {
    const gateway::StreamRoute* route = streams.find_route(path);
    ASSERT_NE(route, nullptr) << path;
    streams.open(socket, *route, query);
  }
  std::string say(std::string_view message, bool is_text = true) {
    streams.receive(socket, message, is_text, desk, moment(), log);
    const Messages answers = socket.take();
    EXPECT_EQ(answers.size(), 1U) << message;
    return answers.empty() ? std::string() : answers.front();
  }
  Messages end_turn() {
    streams.publish(exchange.view(), moment(), false);
    return socket.take();
  }
  std::string subscribe(std::string_view topic) {
    return say(R"({"op":"subscribe","args":[")" + std::string(topic) + R"("]})");
  }
  void quote(std::int64_t bid, std::int64_t ask, std::int64_t lots = 1'000) {
    for (const auto& [side, price] : {std::pair{Side::buy, bid}, {Side::sell, ask}}) {
      place(side, price, lots, Exchange::kMarket);
    }
  }
  OrderId place(Side side, std::int64_t price, std::int64_t lots, AccountId account,
                InstrumentKindOf kind = InstrumentKindOf::linear_perpetual) {
    PlaceOrder order;
    order.account = account;
    order.instrument = exchange.view().find_instrument("BTCUSDT", kind)->id;
    order.side = side;
    order.price = Ticks{price};
    order.quantity = Lots{lots};
    order.value = {0, AssetId{0}};
    const auto events = desk.execute(order);
    const auto* accepted = std::get_if<OrderAccepted>(&events.front());
    return accepted ? accepted->order.id : OrderId{};
  }

  Exchange exchange;
  gateway::Door door{venue, {}};
  TestSocket socket;
  gateway::RequestLog log;
  gateway::Streams streams{venue, door};
  Observed desk{*this};
};

// With Alice logged in, and quotes to trade with.
struct BybitPrivate : BybitStreams {
  BybitPrivate() {
    open("/v5/private");
    EXPECT_EQ(at(say(kLogin), "success"), "true");
    quote(599'990, 600'010);
  }
};

}  // namespace venuebox::venues::bybit
