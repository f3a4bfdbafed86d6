// Faults of frames, each once, as a client of a stream sees them.
#include <gtest/gtest.h>

#include "box/test_box.h"
#include "faults/parse.h"
#include "gateway/test_socket.h"

namespace venuebox::box {
namespace {
using After = net::Delivery::After;
using Frames = std::vector<std::string>;

constexpr std::string_view kBook = "orderbook.50.BTCUSDT";
constexpr std::string_view kTrades = "publicTrade.BTCUSDT";

// What stands behind "key": in a message, up to the next comma or bracket.
std::string at(std::string_view message, std::string_view key) {
  const auto place = message.find(fmt::format(R"("{}":)", key));
  if (place == std::string_view::npos) return {};
  const std::string_view rest = message.substr(place + key.size() + 3);
  return std::string(rest.substr(0, rest.find_first_of(",}]")));
}

// A box with a pinned market, where each move of the quote is one frame of the book.
struct StreamFaultsTest : Running, testing::Test {
  StreamFaultsTest() : Running(store::make_memory_store(), config("pinned")) { move(); }
  ~StreamFaultsTest() override {
    for (const auto& [one, route] : open_sockets)
      box->close_stream(0, *one);
  }

  void strike(std::string_view json) {
    auto fault = faults::fault_from_json(json);
    ASSERT_TRUE(fault) << fault.error().text();
    ASSERT_TRUE(box->plan().put(*fault, box->now()));
  }
  // One fault on the channel of books.
  void strike_book(std::string_view action, std::string_view when = R"({"nth":[2]})") {
    strike(fmt::format(R"({{"name":"f","where":{{"channel":"book"}},"when":{},"action":{}}})", when,
                       action));
  }
  void open(gateway::TestSocket& one, std::string_view path) {
    const auto* route = box->exchanges()[0]->streams().find_route(path);
    box->open_stream(0, one, *route, "");
    open_sockets.emplace_back(&one, route);
  }
  void say(gateway::TestSocket& one, std::string_view message) {
    box->receive(0, one, message, true);
  }
  void subscribe(gateway::TestSocket& one, std::string_view topic) {
    say(one, fmt::format(R"({{"op":"subscribe","args":["{}"]}})", topic));
  }
  void close(gateway::TestSocket& one) {
    box->close_stream(0, one);
    std::erase_if(open_sockets, [&](const auto& open) { return open.first == &one; });
  }
  // Subscribed to the book, and told its state.
  void listen(gateway::TestSocket& one) {
    open(one, "/v5/public/linear");
    subscribe(one, kBook);
    turn(milliseconds(1));
  }
  // The book changes, by one tick each time.
  void move() {
    const auto* perpetual = box->exchanges()[0]->engine().find_instrument(
        "BTCUSDT", InstrumentKindOf::linear_perpetual);
    const market::Quote quote{
        Ticks{600'000 + moves}, Ticks{600'010 + moves}, {}, Lots{100}, Lots{100}};
    ++moves;
    ASSERT_TRUE(box->set_quote(0, perpetual->id, quote));
    turn(milliseconds(1));
  }
  // The numbers of the book's updates that were told.
  static Frames updates(const Frames& frames) {
    Frames numbers;
    for (const std::string& frame : frames)
      if (at(frame, "topic") == fmt::format(R"("{}")", kBook)) numbers.push_back(at(frame, "u"));
    return numbers;
  }
  Frames updates() { return updates(socket.take()); }

  std::int64_t moves = 0;
  gateway::TestSocket socket;
  gateway::TestSocket other;
  std::vector<std::pair<gateway::TestSocket*, const gateway::StreamRoute*>> open_sockets;
};

TEST_F(StreamFaultsTest, WithoutAPlanFramesAreShared) {
  listen(socket);
  EXPECT_EQ(socket.shared, 1);
  strike_book(R"({"type":"drop"})", R"({"nth":[1000]})");
  move();
  EXPECT_EQ(socket.shared, 1) << "each goes its own way";
  ASSERT_TRUE(box->plan().remove("f"));
  move();
  EXPECT_EQ(socket.shared, 2);
  EXPECT_EQ(updates(), (Frames{"1", "2", "3"}));
}

TEST_F(StreamFaultsTest, AFrameIsDropped) {
  strike_book(R"({"type":"drop"})");
  listen(socket);
  move();
  move();
  EXPECT_EQ(updates(), (Frames{"1", "3"}));
}

TEST_F(StreamFaultsTest, AFrameComesAgainNowOrLater) {
  strike_book(R"({"type":"duplicate","copies":2})");
  listen(socket);
  move();
  EXPECT_EQ(updates(), (Frames{"1", "2", "2", "2"}));
  strike_book(R"({"type":"duplicate","after_ms":50})", R"({"nth":[3]})");
  move();
  turn(milliseconds(48));
  EXPECT_EQ(updates(), (Frames{"3"}));
  turn(milliseconds(2));
  EXPECT_EQ(updates(), (Frames{"3"}));
}

TEST_F(StreamFaultsTest, AFrameComesLateAndOthersOvertakeIt) {
  strike_book(R"({"type":"delay","ms":50})");
  listen(socket);
  move();
  move();
  EXPECT_EQ(updates(), (Frames{"1", "3"}));
  turn(milliseconds(100));
  EXPECT_EQ(updates(), (Frames{"2"}));
}

TEST_F(StreamFaultsTest, AFrameComesBehindLaterOnesOrAfterAWhile) {
  strike_book(R"({"type":"reorder","by":2,"within_ms":1000})");
  listen(socket);
  for (int i = 0; i < 3; ++i)
    move();
  EXPECT_EQ(updates(), (Frames{"1", "3", "4", "2"}));
  strike_book(R"({"type":"reorder","by":2,"within_ms":1000})", R"({"nth":[5]})");
  move();
  turn(milliseconds(998));
  EXPECT_EQ(updates(), Frames{});
  turn(milliseconds(2));
  EXPECT_EQ(updates(), (Frames{"5"}));
}

TEST_F(StreamFaultsTest, AFrameIsDamaged) {
  listen(socket);
  listen(other);
  strike_book(R"({"type":"corrupt","kind":"truncated"})", R"({"nth":[1]})");
  socket.take();
  move();
  const Frames cut = socket.take();
  ASSERT_EQ(cut.size(), 1u);
  EXPECT_FALSE(cut[0].ends_with("}")) << cut[0];
  EXPECT_TRUE(other.take().back().ends_with("}")) << "it was damaged for one listener";
}

TEST_F(StreamFaultsTest, NumbersAreLeftOut) {
  strike_book(R"({"type":"sequence_gap","by":2})");
  listen(socket);
  for (int i = 0; i < 4; ++i)
    move();
  EXPECT_EQ(updates(), (Frames{"1", "4", "5"}));
}

TEST_F(StreamFaultsTest, NumbersBeginAgainWithASnapshotThatNobodyAskedFor) {
  strike_book(R"({"type":"sequence_reset","to":1})", R"({"nth":[3]})");
  listen(socket);
  move();
  move();
  EXPECT_EQ(updates(), (Frames{"1", "2", "3"}));
  turn(milliseconds(1));
  const Frames again = socket.take();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(at(again[0], "type"), R"("snapshot")");
  EXPECT_EQ(at(again[0], "u"), "1");
  move();
  EXPECT_EQ(updates(), (Frames{"2"}));
}

TEST_F(StreamFaultsTest, NoVenueHereHasAChecksumThatCouldBeWrong) {
  strike_book(R"({"type":"wrong_checksum"})");
  listen(socket);
  move();
  EXPECT_EQ(updates(), (Frames{"1", "2"}));
}

TEST_F(StreamFaultsTest, AStalledStreamAnswersPingsAndTellsNothing) {
  listen(socket);
  listen(other);
  strike_book(R"({"type":"stall","lasts_ms":1000})", R"({"nth":[1]})");
  socket.take(), other.take();
  subscribe(socket, kTrades);
  move();
  say(socket, R"({"op":"ping"})");
  move();
  const Frames told = socket.take();
  ASSERT_EQ(told.size(), 2u) << "the answers";
  EXPECT_EQ(at(told[1], "ret_msg"), R"("pong")");
  EXPECT_EQ(updates(other.take()), (Frames{"2", "3"})) << "the other goes on";
  turn(seconds(1));
  move();
  EXPECT_EQ(updates(), (Frames{"4"}));
}

TEST_F(StreamFaultsTest, OneChannelGoesSilentWhileOthersGoOn) {
  listen(socket);
  open(other, "/v5/private");
  subscribe(other, "order");
  subscribe(other, "execution");
  other.take();
  strike(R"({"name":"f","where":{"channel":"executions"},"action":{"type":"silence_channel"}})");
  place("Buy", "61000.00", "a");
  turn(milliseconds(1));
  const Frames told = other.take();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(at(told[0], "topic"), R"("order")");
}

TEST_F(StreamFaultsTest, TheVenueClosesWithAnyCode) {
  strike_book(R"({"type":"close","code":1012,"reason":"upgrade"})");
  listen(socket);
  move();
  EXPECT_EQ(socket.closed_with, 1012);
  EXPECT_EQ(updates(), (Frames{"1"}));
  strike_book(R"({"type":"close","code":1006})", R"({"nth":[3]})");
  listen(other);
  EXPECT_EQ(other.closed_with, 0);
  EXPECT_EQ(other.ended, After::half_closed);
}

TEST_F(StreamFaultsTest, AConnectionEndsRudely) {
  for (const auto& [action, after] : {std::pair(R"({"type":"hang"})", After::silent),
                                      std::pair(R"({"type":"connection_reset"})", After::reset),
                                      std::pair(R"({"type":"half_close"})", After::half_closed)}) {
    strike_book(action, R"({"every":1})");
    gateway::TestSocket one;
    listen(one);
    EXPECT_EQ(one.ended, after) << action;
    EXPECT_EQ(updates(one.take()), Frames{}) << action;
    close(one);
  }
}

TEST_F(StreamFaultsTest, AHangThatEndsTellsEverythingThen) {
  strike_book(R"({"type":"hang","hold_ms":100})");
  listen(socket);
  move();
  move();
  EXPECT_EQ(updates(), (Frames{"1"}));
  turn(milliseconds(200));
  EXPECT_EQ(updates(), (Frames{"2", "3"}));
}

TEST_F(StreamFaultsTest, ASubscriptionFailsInThreeWays) {
  const auto answer = [&](std::string_view how) {
    strike(
        fmt::format(R"({{"name":"f","action":{{"type":"refuse_subscription","how":"{}"}}}})", how));
    gateway::TestSocket one;
    listen(one);
    move();
    close(one);
    return one.take();
  };
  const Frames refused = answer("error");
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(at(refused[0], "ret_msg"), R"("error:too many topics for one connection")");
  EXPECT_EQ(answer("silent"), Frames{});
  const Frames pretended = answer("acknowledged");
  ASSERT_EQ(pretended.size(), 1u);
  EXPECT_EQ(at(pretended[0], "success"), "true");
}

TEST_F(StreamFaultsTest, AnExecutionIsToldAgainNowOrOnReconnect) {
  strike(R"({"name":"f","when":{"nth":[1]},"action":{"type":"duplicate_execution"}})");
  open(socket, "/v5/private");
  subscribe(socket, "execution");
  subscribe(socket, "order");
  socket.take();
  place("Buy", "61000.00", "a");
  turn(milliseconds(1));
  const auto executions = [&] {
    Frames told = socket.take();
    std::erase_if(told, [](const auto& frame) { return at(frame, "topic") != R"("execution")"; });
    return told;
  };
  Frames told = executions();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0], told[1]);
  strike(R"({"name":"f","when":{"nth":[2]},)"
         R"("action":{"type":"duplicate_execution","on_reconnect":true}})");
  place("Buy", "61000.00", "b");
  turn(milliseconds(1));
  told = executions();
  ASSERT_EQ(told.size(), 1u);
  close(socket);
  open(socket, "/v5/private");
  subscribe(socket, "execution");
  turn(milliseconds(1));
  EXPECT_EQ(socket.take().back(), told[0]);
}

TEST_F(StreamFaultsTest, SomeFaultsWaitForALoginOfTheirAccount) {
  strike(R"({"name":"f","where":{"operation":"place_order","account":"alice"},)"
         R"("when":{"after":{"event":"login"}},"action":{"type":"overloaded"}})");
  open(socket, "/v5/private");
  EXPECT_NE(place("Buy", "59000.00", "a").find(R"("retCode":0)"), std::string::npos)
      << "a connection is no login";
  say(socket, R"({"op":"auth","args":["key",1700000010000,"x"]})");
  EXPECT_EQ(at(socket.take().back(), "success"), "true");
  EXPECT_NE(place("Buy", "59000.00", "b").find(R"("retCode":10016)"), std::string::npos);
}

TEST_F(StreamFaultsTest, SomeFaultsWaitForASubscriptionToTheirChannel) {
  strike(R"({"name":"f","where":{"channel":"book"},"when":{"after":{"event":"subscribe","n":2}},)"
         R"("action":{"type":"drop"}})");
  listen(socket);
  subscribe(socket, kTrades);
  move();
  EXPECT_EQ(updates(), (Frames{"1", "2"})) << "one subscription to the book, and one to trades";
  strike(R"({"name":"refused","when":{"nth":[1]},"action":{"type":"refuse_subscription"}})");
  listen(other);
  move();
  EXPECT_EQ(updates(), (Frames{"3"})) << "what was refused is none";
  subscribe(other, kBook);
  move();
  EXPECT_EQ(updates(), Frames{});
}

TEST_F(StreamFaultsTest, OfARequestOnAStreamTheStreamIsStruck) {
  strike(R"({"name":"f","where":{"operation":"place_order"},)"
         R"("action":{"type":"connection_reset","at":"after"}})");
  open(socket, "/v5/trade");
  say(socket, R"({"op":"order.create","header":{"X-BAPI-TIMESTAMP":"1700000000000"},"args":[)"
              R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit",)"
              R"("qty":"0.010","price":"59000.00","orderLinkId":"a"}]})");
  EXPECT_EQ(socket.ended, After::reset);
  EXPECT_EQ(socket.take(), Frames{});
  EXPECT_NE(send(net::Method::get, "/v5/order/realtime?category=linear&symbol=BTCUSDT")
                .find(R"("orderLinkId":"a")"),
            std::string::npos);
}

TEST_F(StreamFaultsTest, WhatIsPutOffEndsWithItsConnection) {
  strike_book(R"({"type":"delay","ms":50})");
  listen(socket);
  move();
  socket.take();
  close(socket);
  ASSERT_TRUE(box->plan().remove("f"));
  turn(milliseconds(100));
  EXPECT_EQ(socket.take(), Frames{});
}

TEST_F(StreamFaultsTest, AWallClockIsToldWhenTheNextFrameIsDue) {
  strike_book(R"({"type":"delay","ms":50})");
  listen(socket);
  EXPECT_EQ(box->next_arrival(), std::nullopt);
  box->clock().set_mode(ClockMode::wall, 1);
  turn(seconds(1));  // longer than the book's pace
  move();
  EXPECT_EQ(box->next_arrival(), milliseconds(50));
}

}  // namespace
}  // namespace venuebox::box
