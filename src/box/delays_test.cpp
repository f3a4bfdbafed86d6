// Latency of order entry and of answers, with a clock that is stepped: what happens when, and in
// which order it is told.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "box/test_box.h"

namespace venuebox::box {
namespace {

using Told = std::vector<std::string>;

gateway::LatencyModel model(std::string_view text) {
  return *gateway::LatencyModel::from_text(text);
}

gateway::Latency latency(std::string_view entry, std::string_view answer) {
  return {model(entry), model(answer)};
}

// Writes down what a stream is told.
class Listener final : public net::WebSocket {
 public:
  explicit Listener(Told& told) : told_(told) {}
  void send(std::string_view frame) override {
    const auto size = static_cast<unsigned char>(frame[1]);
    told_.push_back("stream " + std::string(frame.substr(size == 126 ? 4 : 2)));
  }
  void send_text(std::string_view text) override { told_.push_back("stream " + std::string(text)); }
  void close(std::uint16_t, std::string_view) override {}
  void end_rudely(net::Delivery::After) override {}
  std::size_t unsent() const override { return 0; }
  void set_idle_timeout(Nanoseconds) override {}
  void set_heartbeat(Nanoseconds, Nanoseconds) override {}
  void forget_handler() override {}

 private:
  Told& told_;
};

// Writes down what clients of HTTP are answered, or that they are not.
class Clients final : public net::AnswerHolder {
 public:
  explicit Clients(Told& told) : told_(told) {}
  std::unique_ptr<net::HeldAnswer> hold() override {
    return std::make_unique<Answer>(told_, ++held_);
  }

 private:
  class Answer final : public net::HeldAnswer {
   public:
    Answer(Told& told, int number) : told_(told), number_(number) {}
    ~Answer() override {
      if (!is_sent_) told_.push_back(fmt::format("closed {}", number_));
    }
    void send(net::Response& response) override {
      is_sent_ = true;
      told_.push_back(fmt::format("answer {} {}{}", number_, response.headers, response.body));
    }
    bool is_awaited() const override { return !is_sent_; }

   private:
    Told& told_;
    int number_;
    bool is_sent_ = false;
  };

  Told& told_;
  int held_ = 0;
};

struct World {
  explicit World(const gateway::Latency& delays, const std::string& market = "pinned",
                 ClockMode mode = ClockMode::manual,
                 std::unique_ptr<store::Store> store = store::make_memory_store()) {
    BoxConfig config;
    config.venues = {"bybit"};
    config.symbols = {"BTC"};
    config.market = *market::MarketSpec::from_text(market);
    BoxSettings settings;
    settings.clock.mode = mode;
    settings.verify_signatures["bybit"] = false;  // everybody is alice
    settings.rate_limits = gateway::RateLimits::off;
    settings.latency = delays;
    auto opened = Box::open(config, settings, door, std::move(store));
    VENUEBOX_ASSERT(bool(opened));
    box = std::move(*opened);
    if (market == "pinned") quote(600'000, 600'010);
  }
  ~World() { box.reset(); }  // It says goodbye to the listeners.

  // The answer, or nothing when it is held.
  std::string send(net::Method method, std::string_view path, std::string_view body = "") {
    net::Request request;
    request.method = method;
    request.path = path.substr(0, path.find('?'));
    if (path.contains('?')) request.query = path.substr(path.find('?') + 1);
    request.target = path;
    const std::string gone(body);  // The server's memory is used again afterwards.
    request.body = gone;
    response.reset();
    response.holder = &clients;
    box->handle(0, request, response);
    return response.held ? "" : response.body;
  }
  static std::string terms(std::string_view side, std::string_view price, std::string_view id) {
    return fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","side":"{}",)"
                       R"("orderType":"Limit","qty":"0.010","price":"{}","orderLinkId":"{}"}})",
                       side, price, id);
  }
  std::string place(std::string_view side, std::string_view price, std::string_view id) {
    return send(net::Method::post, "/v5/order/create", terms(side, price, id));
  }
  std::string cancel(std::string_view id) {
    return send(
        net::Method::post, "/v5/order/cancel",
        fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","orderLinkId":"{}"}})", id));
  }
  std::string orders() {
    return send(net::Method::get, "/v5/order/realtime?category=linear&symbol=BTCUSDT");
  }
  // Ends the turn; what was told in it.
  Told turn() {
    EXPECT_TRUE(box->commit());
    return std::exchange(told, {});
  }
  Told step(Nanoseconds by) {
    EXPECT_TRUE(box->advance_clock(box->now() + by));
    return turn();
  }
  // On the wall: the clock that drives the box goes on.
  Told pass(Nanoseconds by) {
    door.advance(by);
    box->advance();
    return turn();
  }
  void quote(std::int64_t bid, std::int64_t ask) {
    const InstrumentId perpetual =
        box->exchanges()[0]
            ->engine()
            .find_instrument("BTCUSDT", InstrumentKindOf::linear_perpetual)
            ->id;
    const market::Quote quote{Ticks{bid}, Ticks{ask}, {}, Lots{100}, Lots{100}};
    VENUEBOX_ASSERT(bool(box->set_quote(0, perpetual, quote)));
    if (box->clock().mode() == ClockMode::manual) step(seconds(1));  // It shows when time passes.
  }
  net::SocketHandler* open(Listener& on, const char* path) {
    const net::Header upgrade[] = {{"Upgrade", "websocket"}};
    net::Request request;
    request.path = path;
    request.headers = upgrade;
    response.reset();
    box->handle(0, request, response);
    net::SocketHandler* port = response.upgrade;
    port->opened(on, request);
    return port;
  }
  void listen(std::string_view topic) {
    open(listener, "/v5/private")
        ->received(listener, fmt::format(R"({{"op":"subscribe","args":["{}"]}})", topic), true);
    turn();
  }

  Told told;
  ManualClock door{timestamp_from_ms(1'700'000'000'000)};
  Listener listener{told};
  Clients clients{told};
  std::unique_ptr<Box> box;
  net::Response response;
};

bool is_fill(const std::string& told) { return told.starts_with("stream {\"id\":"); }
bool is_fine(const std::string& told, int number) {
  return told.starts_with(fmt::format("answer {} ", number)) && told.contains("\"retCode\":0");
}

TEST(Delays, AFillIsToldBeforeItsAcknowledgement) {
  World world(latency("fixed:20ms", "fixed:30ms"));
  world.listen("execution");
  const Timestamp sent = world.box->now();
  EXPECT_EQ(world.place("Buy", "60001", "mine"), "");
  EXPECT_EQ(world.turn(), Told{});
  EXPECT_EQ(world.step(milliseconds(20) + nanoseconds(-1)), Told{});
  const Told news = world.step(nanoseconds(1));
  ASSERT_EQ(news.size(), 1u);
  EXPECT_TRUE(is_fill(news[0])) << news[0];
  EXPECT_TRUE(news[0].contains(fmt::format("\"execTime\":\"{}\"", (sent + milliseconds(20)).ms())))
      << news[0];
  EXPECT_EQ(world.step(milliseconds(30) + nanoseconds(-1)), Told{});
  const Told answer = world.step(nanoseconds(1));
  ASSERT_EQ(answer.size(), 1u);
  EXPECT_TRUE(is_fine(answer[0], 1)) << answer[0];
}

TEST(Delays, TheOrderIsKeptWhenOneStepBringsBoth) {
  World world(latency("fixed:20ms", "fixed:30ms"));
  world.listen("execution");
  world.place("Buy", "60001", "mine");
  const Told told = world.step(seconds(1));
  ASSERT_EQ(told.size(), 2u);
  EXPECT_TRUE(is_fill(told[0])) << told[0];
  EXPECT_TRUE(is_fine(told[1], 1)) << told[1];
}

TEST(Delays, NothingIsToldBeforeItIsDurable) {
  World world(latency("none", "fixed:1ms"));
  world.place("Buy", "59000", "mine");
  ASSERT_TRUE(world.box->advance_clock(world.box->now() + seconds(1)));
  EXPECT_EQ(world.told, Told{});
  EXPECT_EQ(world.turn().size(), 1u);
}

// With an entry of no time the order is there at once, and only its answer is late.
TEST(Delays, EitherWayMayBeWithoutDelay) {
  World late_answer(latency("none", "fixed:30ms"));
  late_answer.place("Buy", "59000", "mine");
  EXPECT_TRUE(late_answer.orders().contains("mine"));
  EXPECT_EQ(late_answer.turn(), Told{});
  EXPECT_EQ(late_answer.step(milliseconds(30)).size(), 1u);

  World late_entry(latency("fixed:20ms", "none"));
  late_entry.place("Buy", "59000", "mine");
  EXPECT_FALSE(late_entry.orders().contains("mine"));
  EXPECT_EQ(late_entry.step(milliseconds(20)).size(), 1u);
  EXPECT_TRUE(late_entry.orders().contains("mine"));
}

TEST(Delays, ACancelArrivesAfterTheFill) {
  World world(latency("none", "none"));
  world.listen("execution");
  EXPECT_TRUE(world.place("Buy", "59990", "mine").contains("\"retCode\":0"));
  world.box->set_latency(latency("fixed:2s", "none"));
  EXPECT_EQ(world.cancel("mine"), "");
  EXPECT_EQ(world.turn(), Told{});
  // Whoever sees the market fall cancels; the market is faster.
  const InstrumentId perpetual = world.box->exchanges()[0]
                                     ->engine()
                                     .find_instrument("BTCUSDT", InstrumentKindOf::linear_perpetual)
                                     ->id;
  const market::Quote lower{Ticks{599'000}, Ticks{599'010}, {}, Lots{100}, Lots{100}};
  ASSERT_TRUE(world.box->set_quote(0, perpetual, lower));
  const Told told = world.step(seconds(3));
  ASSERT_EQ(told.size(), 2u);
  EXPECT_TRUE(is_fill(told[0])) << told[0];
  EXPECT_TRUE(told[1].starts_with("answer 1 ") && told[1].contains("110001")) << told[1];
}

TEST(Delays, RequestsOvertakeAsTheirDelaysSay) {
  World world(latency("fixed:30ms", "fixed:50ms"));
  world.place("Buy", "59000", "first");
  world.box->set_latency(latency("fixed:10ms", "none"));
  world.place("Buy", "59000", "second");
  world.step(milliseconds(20));
  EXPECT_TRUE(world.orders().contains("second"));
  EXPECT_FALSE(world.orders().contains("first"));
  world.step(milliseconds(10));
  const std::string both = world.orders();
  EXPECT_LT(both.find("\"first\""), both.find("\"second\"")) << "the newest stands first";
}

TEST(Delays, EqualDelaysKeepTheOrderInWhichRequestsCame) {
  World world(latency("fixed:30ms", "fixed:30ms"));
  for (const char* id : {"a", "b", "c"})
    world.place("Buy", "59000", id);
  const Told told = world.step(seconds(1));
  ASSERT_EQ(told.size(), 3u);
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(is_fine(told[static_cast<std::size_t>(i)], i + 1)) << told[0];
  const std::string all = world.orders();
  EXPECT_LT(all.find("\"c\""), all.find("\"b\""));
  EXPECT_LT(all.find("\"b\""), all.find("\"a\""));
}

TEST(Delays, WhatCarriesNoCommandIsAnsweredAtOnce) {
  World world(latency("fixed:1s", "fixed:1s"));
  EXPECT_NE(world.orders(), "");
  EXPECT_NE(world.send(net::Method::get, "/v5/market/time"), "");
  EXPECT_NE(world.send(net::Method::get, "/nowhere"), "");
  EXPECT_EQ(world.box->requests().total(), 3u);
  world.place("Buy", "59000", "mine");
  EXPECT_EQ(world.box->requests().total(), 3u) << "it is in the log when it has been carried out";
  world.step(seconds(1));
  EXPECT_EQ(world.box->requests().total(), 4u);
}

TEST(Delays, WhoCannotWaitIsAnsweredAtOnce) {
  World world(latency("fixed:1s", "fixed:1s"));
  const std::string body = World::terms("Buy", "59000", "mine");
  net::Request request;
  request.method = net::Method::post;
  request.path = request.target = "/v5/order/create";
  request.body = body;
  net::Response response;
  world.box->handle(0, request, response);
  EXPECT_TRUE(response.body.contains("\"retCode\":0")) << response.body;
}

TEST(Delays, OrdersOverTheTradeStreamTakeAsLong) {
  World world(latency("fixed:20ms", "fixed:30ms"));
  world.listen("execution");
  Listener trading{world.told};
  net::SocketHandler* port = world.open(trading, "/v5/trade");
  const std::string message = fmt::format(
      R"({{"reqId":"r1","header":{{"X-BAPI-TIMESTAMP":"{}"}},"op":"order.create","args":[{}]}})",
      world.door.now().ms(), World::terms("Buy", "60001", "mine"));
  port->received(trading, message, true);
  EXPECT_EQ(world.turn(), Told{});
  Told told = world.step(milliseconds(20));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_TRUE(is_fill(told[0])) << told[0];
  told = world.step(milliseconds(30));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_TRUE(told[0].starts_with(R"(stream {"reqId":"r1","retCode":0,)")) << told[0];
  port->received(trading, message, true);
  EXPECT_EQ(world.turn().size(), 1u) << "a repeated request id is refused where it comes in";
}

TEST(Delays, AResetEndsWhatIsOnItsWay) {
  World world(latency("fixed:20ms", "fixed:30ms"));
  const std::uint64_t state = [] { return World(latency("none", "none")).box->state_hash(); }();
  world.place("Buy", "59000", "arrived");
  world.step(milliseconds(20));
  world.place("Buy", "59000", "under way");
  ASSERT_TRUE(world.box->reset());
  EXPECT_EQ(world.turn(), (Told{"closed 1", "closed 2"}));
  world.quote(600'000, 600'010);
  EXPECT_EQ(world.box->state_hash(), state);
  EXPECT_EQ(world.step(seconds(1)), Told{});
}

TEST(Delays, SoManyAreOnTheirWayAtMost) {
  World world(latency("fixed:20ms", "none"));
  for (std::size_t i = 0; i < kInTransitMax; ++i)
    ASSERT_EQ(world.cancel("none"), "");
  const std::string refused = world.cancel("none");
  EXPECT_TRUE(refused.contains("10016")) << refused;
  EXPECT_EQ(world.step(milliseconds(20)).size(), kInTransitMax);
  EXPECT_EQ(world.cancel("none"), "");
}

// Orders, cancels and time among a market that moves.
void live(World& world, Told& told) {
  world.listen("order");
  for (int i = 0; i < 40; ++i) {
    world.place(i % 2 == 0 ? "Buy" : "Sell", i % 3 == 0 ? "62000" : "58000", fmt::format("o{}", i));
    if (i % 4 == 3) world.cancel(fmt::format("o{}", i - 1));
    for (const std::string& text : world.step(milliseconds(7)))
      told.push_back(text);
  }
  for (const std::string& text : world.step(seconds(2)))
    told.push_back(text);
}

TEST(Delays, EqualRunsGiveEqualBytesAndAJournalThatRepeats) {
  const auto delays =
      latency("lognormal:20ms:0.8+spikes:0.1:300ms", "normal:5ms:3ms+spikes:0.1:100ms");
  Folder folder;
  Told first, second;
  std::uint64_t state = 0;
  std::uint64_t events = 0;
  {
    World world(delays, "synthetic", ClockMode::manual, folder.store());
    live(world, first);
    state = world.box->state_hash();
    events = world.box->event_hash();
  }
  World again(delays, "synthetic");
  live(again, second);
  EXPECT_GT(first.size(), 50u);
  EXPECT_EQ(first, second);
  EXPECT_EQ(again.box->event_hash(), events);
  const auto report = replay_journal(folder.store(true));
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->state_hash, state);
  EXPECT_EQ(report->event_hash, events);
}

TEST(Delays, OnTheWallARequestArrivesAtItsOwnTimeHoweverLateTheTurn) {
  Folder folder;
  {
    World world(latency("fixed:20ms", "fixed:1s"), "synthetic", ClockMode::wall, folder.store());
    world.listen("order");
    const Timestamp sent = world.box->now();
    EXPECT_EQ(world.box->next_arrival(), std::nullopt);
    world.place("Buy", "50000", "mine");
    world.turn();
    EXPECT_EQ(world.box->next_arrival(), milliseconds(20));
    const Told told = world.pass(milliseconds(900));
    ASSERT_EQ(told.size(), 1u);
    EXPECT_TRUE(
        told[0].contains(fmt::format("\"createdTime\":\"{}\"", (sent + milliseconds(20)).ms())))
        << told[0];
    EXPECT_EQ(world.box->next_arrival(), milliseconds(120));
    EXPECT_EQ(world.pass(milliseconds(119)), Told{});
    EXPECT_EQ(world.pass(milliseconds(1)).size(), 1u);
    EXPECT_EQ(world.box->next_arrival(), std::nullopt);
  }
  // The market had gone on when the turn ended, and the journal says how far.
  const auto report = replay_journal(folder.store(true));
  ASSERT_TRUE(report) << report.error().text();
}

TEST(Delays, AScaledBoxWaitsLessByTheDoorsClock) {
  World world(latency("fixed:1s", "none"), "pinned", ClockMode::wall);
  world.box->clock().set_mode(ClockMode::scaled, 300);
  world.place("Buy", "59000", "mine");
  world.turn();
  EXPECT_EQ(world.box->next_arrival(), nanoseconds(3'333'334));
  EXPECT_EQ(world.pass(nanoseconds(3'333'333)), Told{});
  EXPECT_EQ(world.pass(nanoseconds(1)).size(), 1u);
}

TEST(Delays, WhatWasOnItsWayWhileTheMachineSleptArrivesAfterwards) {
  Folder folder;
  std::uint64_t state = 0;
  {
    World world(latency("fixed:2s", "none"), "synthetic", ClockMode::wall, folder.store());
    world.place("Buy", "50000", "mine");
    world.turn();
    EXPECT_EQ(world.pass(seconds(7'200)).size(), 1u);
    EXPECT_TRUE(
        world.orders().contains(fmt::format("\"createdTime\":\"{}\"", world.door.now().ms())))
        << world.orders();
    state = world.box->state_hash();
  }
  const auto report = replay_journal(folder.store(true));
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->state_hash, state);
}

TEST(Delays, ACrashForgetsWhatWasOnItsWay) {
  Folder folder;
  std::uint64_t state = 0;
  {
    World world(latency("fixed:20ms", "none"), "pinned", ClockMode::manual, folder.store());
    state = world.box->state_hash();
    world.place("Buy", "59000", "lost");
    world.turn();
  }
  const auto report = replay_journal(folder.store(true));
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->state_hash, state);
}

}  // namespace
}  // namespace venuebox::box
