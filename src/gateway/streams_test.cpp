#include "gateway/streams.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "engine/test_desk.h"
#include "gateway/stream.h"
#include "gateway/test_socket.h"

namespace venuebox::gateway {
namespace {
using engine::TestDesk;

// ---- a dialect of a few words -------------------------------------------------------------------

// "book", "top", "trades", "ticker" for everybody; "orders", "fills", "wallet" for one's own.
Channel channel_of(std::string_view topic) {
  Channel channel{.topic = std::string(topic)};
  channel.instrument = TestDesk::kPerpetual;
  channel.levels = 3;
  if (topic == "book") channel.pace = milliseconds(20);
  if (topic == "top") {
    channel.levels = 1;
    channel.is_always_whole = true;
    channel.repeat = seconds(3);
  }
  if (topic == "trades") channel.kind = ChannelKind::trades;
  if (topic == "ticker") channel.kind = ChannelKind::ticker;
  if (topic == "orders") channel.kind = ChannelKind::orders;
  if (topic == "fills") channel.kind = ChannelKind::executions;
  if (topic == "wallet") channel.kind = ChannelKind::balances;
  return channel;
}

// "login KEY", "+topic", "-topic", "order", "claim ID"
void receive(StreamCall& call, bool is_text) {
  const std::string_view message = call.message;
  if (!is_text) return call.actions.reply("text only");
  if (message.starts_with("login ")) {
    const Credential* credential = call.find(message.substr(6));
    if (!credential) return call.actions.reply("who?");
    call.actions.log_in(credential->account);
    return call.actions.reply("welcome");
  }
  if (message.starts_with("+")) {
    const bool fits = call.actions.subscribe(channel_of(message.substr(1)));
    return call.actions.reply(fits ? "ok" : "too many");
  }
  if (message.starts_with("-")) {
    return call.actions.reply(call.actions.unsubscribe(message.substr(1)) ? "ok" : "no such topic");
  }
  if (message.starts_with("claim ")) {
    return call.actions.reply(call.actions.claim(message.substr(6)) ? "new" : "used");
  }
  Response response;
  if (call.actions.perform({Method::post, "/order", message}, response))
    call.actions.reply(response.body);
}

void answer_performed(StreamCall& call, const Response& response) {
  call.actions.reply(fmt::format("{}: {}", call.message, response.body));
}

std::string levels_text(std::span<const BookLevel> levels) {
  std::string text;
  for (const BookLevel& level : levels)
    text += fmt::format(" {}x{}", level.price.raw, level.quantity.raw);
  return text;
}

void publish(Publication& p) {
  std::string text;
  switch (p.channel.kind) {
    case ChannelKind::book:
      text = fmt::format("{} {}:{} /{}", p.book.is_whole ? "book" : "delta", p.book.update,
                         levels_text(p.book.bids), levels_text(p.book.asks));
      break;
    case ChannelKind::trades:
      for (const Trade& trade : p.trades)
        text += fmt::format("{}@{} ", trade.quantity.raw, trade.price.raw);
      break;
    case ChannelKind::ticker: {
      const auto last = p.view.last_price(p.channel.instrument);
      text = fmt::format("last {}", last ? last->raw : 0);
      if (!p.is_snapshot && text == p.memory.text) return;
      p.memory.text = text;
      break;
    }
    default:
      if (!p.news) return;
      for (const OrderNews& news : p.news->orders) {
        if (p.channel.kind == ChannelKind::orders) {
          text += fmt::format("{}:{}{} ", news.order.id.raw, static_cast<int>(news.order.status),
                              news.has_triggered ? "!" : "");
        }
      }
      for (const Execution& execution : p.news->executions) {
        if (p.channel.kind == ChannelKind::executions)
          text += fmt::format("{}x{} ", execution.order.raw, execution.quantity.raw);
      }
      if (p.channel.kind == ChannelKind::balances && p.news->balances) text = "wallet";
  }
  if (!text.empty()) p.tell(text);
}

bool decode_order(Call& call) {
  PlaceOrder order;
  order.account = call.account;
  order.instrument = TestDesk::kPerpetual;
  order.side = call.request.body == "sell" ? Side::sell : Side::buy;
  order.price = Ticks{600'000};
  order.quantity = Lots{5};
  order.value = {0, TestDesk::kUsdt};
  call.commands.emplace_back(order);
  return true;
}
void encode_order(Call& call, const Outcomes& outcomes) {
  call.response.body = fmt::format("{} events for {}", outcomes[0].size(), call.account_name);
}
constexpr Route kRoutes[] = {
    {Method::post, "/order", Access::trade, "place_order", 0, decode_order, encode_order},
};
constexpr StreamRoute kStreamRoutes[] = {{"/public", Access::open}, {"/private", Access::trade}};
constexpr StreamTable kTable{.routes = kStreamRoutes,
                             .limits = {.topics_max = 4,
                                        .unsent_bytes_max = 1'000,
                                        .step_bytes_max = 3'000,
                                        .idle_timeout = seconds(7)},
                             .receive = receive,
                             .publish = publish,
                             .answer_performed = answer_performed};

Venue venue_of_streams() {
  Venue venue{.name = "acme", .title = "Acme", .limits = {}, .routes = kRoutes};
  venue.streams = &kTable;
  return venue;
}
const Venue kVenue = venue_of_streams();

// ---- the tests ----------------------------------------------------------------------------------

using Messages = std::vector<std::string>;

// Whose client does not read.
struct Growing final : net::WebSocket {
  void send(std::string_view frame) override { waiting += frame.size(), ++frames; }
  void send_text(std::string_view) override {}
  void close(std::uint16_t, std::string_view) override { is_closed = true; }
  void end_rudely(net::Delivery::After) override {}
  std::size_t unsent() const override { return waiting; }
  void set_idle_timeout(Nanoseconds) override {}
  void set_heartbeat(Nanoseconds, Nanoseconds) override {}
  void forget_handler() override {}
  std::size_t waiting = 0;
  int frames = 0;
  bool is_closed = false;
};

struct StreamsTest : testing::Test {
  StreamsTest() {
    door.add_credential({TestDesk::kAlice, "a", ""}, "alice");
    door.add_credential({TestDesk::kBob, "b", ""}, "bob");
  }

  void open(TestSocket& on, std::string_view path = "/public") {
    streams.open(on, *streams.find_route(path), "");
  }
  // The replies to one message.
  Messages say(TestSocket& on, std::string_view message) {
    ObservedDesk observed{*this};
    streams.receive(on, message, true, observed, moment(), log);
    return on.take();
  }
  void login(TestSocket& on, std::string_view key) {
    open(on, "/private");
    ASSERT_EQ(say(on, fmt::format("login {}", key)), Messages{"welcome"});
  }
  void execute(const CommandBody& body) { streams.observe(desk.execute(body), desk.view()); }
  void end_turn(bool is_paced = false) { streams.publish(desk.view(), moment(), is_paced); }
  Moment moment() const { return {desk.clock, desk.clock, 1}; }

  // As the box does it: what the door executes is observed too.
  struct ObservedDesk final : Desk {
    explicit ObservedDesk(StreamsTest& given) : test(given) {}
    std::span<const Event> execute(const CommandBody& body) override {
      const auto events = test.desk.execute(body);
      test.streams.observe(events, test.desk.view());
      return events;
    }
    const View& view() const override { return test.desk.view(); }
    StreamsTest& test;
  };

  TestDesk desk;
  Door door{kVenue, {}};
  TestSocket socket, other;
  Growing reader;
  RequestLog log;
  Streams streams{kVenue, door};
};

TEST_F(StreamsTest, ABookIsToldWholeAndThenByWhatChanges) {
  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'990, 7));
  open(socket);
  EXPECT_EQ(say(socket, "+book"), Messages{"ok"});
  end_turn();
  EXPECT_EQ(socket.take(), Messages{"book 1: 599990x7 /"});
  end_turn();
  EXPECT_EQ(socket.take(), Messages{}) << "nothing changed";

  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'990, 3));
  execute(desk.limit(TestDesk::kMarket, Side::sell, 600'010, 1));
  end_turn();
  EXPECT_EQ(socket.take(), Messages{"delta 2: 599990x10 / 600010x1"});

  for (const int price : {599'991, 599'992, 599'993})
    execute(desk.limit(TestDesk::kMarket, Side::buy, price, 1));
  end_turn();
  EXPECT_EQ(socket.take(), Messages{"delta 3: 599993x1 599992x1 599991x1 599990x0 /"})
      << "the fourth level falls out of sight";
}

TEST_F(StreamsTest, WhoComesLaterGetsTheBookThatTheOthersHave) {
  open(socket);
  say(socket, "+book");
  end_turn();
  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'990, 7));
  open(other);
  say(other, "+book");
  socket.take();
  end_turn(true);
  EXPECT_EQ(socket.take(), Messages{"delta 2: 599990x7 /"}) << "before its pace, for the newcomer";
  EXPECT_EQ(other.take(), Messages{"book 2: 599990x7 /"});
  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'990, 1));
  desk.clock = desk.clock + milliseconds(20);
  end_turn(true);
  EXPECT_EQ(socket.take(), Messages{"delta 3: 599990x8 /"});
  EXPECT_EQ(other.take(), Messages{"delta 3: 599990x8 /"});
  EXPECT_EQ(socket.shared, other.shared + 1) << "one frame for both";
}

TEST_F(StreamsTest, ABookWaitsForItsPace) {
  open(socket);
  say(socket, "+book");
  end_turn(true);
  socket.take();
  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'990, 7));
  desk.clock = desk.clock + milliseconds(19);
  end_turn(true);
  EXPECT_EQ(socket.take(), Messages{});
  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'990, 1));
  desk.clock = desk.clock + milliseconds(1);
  end_turn(true);
  EXPECT_EQ(socket.take(), Messages{"delta 2: 599990x8 /"}) << "both changes in one";
}

TEST_F(StreamsTest, AnUnchangedTopIsRepeatedWithItsNumber) {
  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'990, 7));
  open(socket);
  say(socket, "+top");
  end_turn(true);
  EXPECT_EQ(socket.take(), Messages{"book 1: 599990x7 /"});
  desk.clock = desk.clock + seconds(3);
  end_turn(true);
  EXPECT_EQ(socket.take(), Messages{"book 1: 599990x7 /"});
  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'991, 1));
  end_turn(true);
  EXPECT_EQ(socket.take(), Messages{"book 2: 599991x1 /"}) << "never a delta";
}

TEST_F(StreamsTest, TradesAreToldOnceInTheirOrder) {
  execute(desk.limit(TestDesk::kMarket, Side::sell, 600'000, 5));
  open(socket);
  say(socket, "+trades");
  end_turn();
  EXPECT_EQ(socket.take(), Messages{}) << "no backlog";
  execute(desk.market(TestDesk::kAlice, Side::buy, 2));
  execute(desk.market(TestDesk::kBob, Side::buy, 3));
  end_turn();
  EXPECT_EQ(socket.take(), Messages{"2@600000 3@600000 "});
  end_turn();
  EXPECT_EQ(socket.take(), Messages{});
}

TEST_F(StreamsTest, ATickerRemembersWhatItTold) {
  open(socket);
  say(socket, "+ticker");
  end_turn();
  EXPECT_EQ(socket.take(), Messages{"last 0"});
  end_turn();
  EXPECT_EQ(socket.take(), Messages{});
  execute(desk.limit(TestDesk::kMarket, Side::sell, 600'000, 5));
  execute(desk.market(TestDesk::kAlice, Side::buy, 2));
  end_turn();
  EXPECT_EQ(socket.take(), Messages{"last 600000"});
}

TEST_F(StreamsTest, AnAccountHearsOfItsOrdersAsEachCommandLeftThem) {
  login(socket, "a");
  login(other, "b");
  for (TestSocket* each : {&socket, &other}) {
    say(*each, "+orders");
    say(*each, "+fills");
    say(*each, "+wallet");
  }
  execute(desk.limit(TestDesk::kAlice, Side::sell, 600'000, 5));
  execute(desk.market(TestDesk::kBob, Side::buy, 2));
  end_turn();
  // 1: open; 1: partially filled; 2: filled. Feeds are told by account and then by topic.
  EXPECT_EQ(socket.take(), (Messages{"1x2 ", "1:1 1:2 ", "wallet"}));
  EXPECT_EQ(other.take(), (Messages{"2x2 ", "2:3 ", "wallet"}));
  end_turn();
  EXPECT_EQ(socket.take(), Messages{});
}

TEST_F(StreamsTest, AnOrderOverTheStreamIsToldOnItsOwnPrivateStreamInTheSameTurn) {
  login(socket, "a");
  say(socket, "+orders");
  end_turn();
  socket.take();
  EXPECT_EQ(say(socket, "buy"), Messages{"2 events for alice"});
  EXPECT_EQ(log.total(), 1u) << "logged as a request of its own";
  end_turn();
  EXPECT_EQ(socket.take(), Messages{"1:1 "});
}

TEST_F(StreamsTest, TellsWhenAConditionalOrderFires) {
  login(socket, "a");
  say(socket, "+orders");
  PlaceOrder stop = desk.limit(TestDesk::kAlice, Side::buy, 600'020, 1);
  stop.trigger = Trigger{.direction = TriggerDirection::rises, .price = Ticks{600'010}};
  execute(stop);
  execute(desk.limit(TestDesk::kMarket, Side::sell, 600'010, 5));
  execute(desk.market(TestDesk::kBob, Side::buy, 2));
  end_turn();
  EXPECT_EQ(socket.take(), Messages{"1:0 1:3! "}) << "untriggered, then filled by the trade";
}

TEST_F(StreamsTest, UnsubscribingEndsTheNews) {
  open(socket);
  say(socket, "+book");
  EXPECT_EQ(say(socket, "-book"), Messages{"ok"}) << "even before the first was told";
  EXPECT_EQ(say(socket, "-book"), Messages{"no such topic"});
  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'990, 7));
  end_turn();
  EXPECT_EQ(socket.take(), Messages{});
}

TEST_F(StreamsTest, SubscribingTwiceIsOnce) {
  open(socket);
  say(socket, "+book");
  end_turn();
  socket.take();
  EXPECT_EQ(say(socket, "+book"), Messages{"ok"});
  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'990, 7));
  end_turn();
  EXPECT_EQ(socket.take(), Messages{"delta 2: 599990x7 /"});
}

TEST_F(StreamsTest, BoundsWhatOneConnectionAsksFor) {
  open(socket);
  for (const char* topic : {"+book", "+top", "+trades", "+ticker"})
    EXPECT_EQ(say(socket, topic), Messages{"ok"});
  EXPECT_EQ(say(socket, "+more"), Messages{"too many"});
}

TEST_F(StreamsTest, ClosesWhoIsTooSlow) {
  open(socket);
  open(other);
  say(socket, "+book");
  say(other, "+book");
  socket.backlog = 1'001;
  end_turn();
  EXPECT_EQ(socket.closed_with, net::close_code::kPolicyViolation);
  EXPECT_EQ(socket.take(), Messages{}) << "and told nothing more";
  EXPECT_EQ(other.closed_with, 0);
  streams.close(socket);
  execute(desk.limit(TestDesk::kMarket, Side::buy, 599'990, 7));
  other.take();
  end_turn();
  EXPECT_EQ(other.take(), Messages{"delta 2: 599990x7 /"}) << "the others notice nothing";
}

TEST_F(StreamsTest, WhatOneTurnBringsMakesNobodySlow) {
  streams.open(reader, *streams.find_route("/public"), "");
  for (const char* topic : {"+trades", "+book"})
    streams.receive(reader, topic, true, desk, moment(), log);
  execute(desk.limit(TestDesk::kMarket, Side::sell, 600'000, 500));
  for (int i = 0; i < 200; ++i)
    execute(desk.market(TestDesk::kAlice, Side::buy, 1));
  end_turn();
  EXPECT_GT(reader.waiting, 1'000u);
  EXPECT_FALSE(reader.is_closed);
  execute(desk.market(TestDesk::kAlice, Side::buy, 1));
  end_turn();
  EXPECT_TRUE(reader.is_closed) << "what was left over from the turn before";
}

TEST_F(StreamsTest, WhatAStepBringsIsToldInPartsAndMakesNobodySlow) {
  streams.open(reader, *streams.find_route("/public"), "");
  streams.receive(reader, "+trades", true, desk, moment(), log);
  execute(desk.limit(TestDesk::kMarket, Side::sell, 600'000, 500));
  const auto trade = [&](int count) {
    for (int i = 0; i < count; ++i)
      execute(desk.market(TestDesk::kAlice, Side::buy, 1));
  };
  int parts = 0;
  for (; reader.waiting <= 3'000 && parts < 100; ++parts) {
    trade(20);
    streams.tell(desk.view(), moment(), false);
    EXPECT_EQ(reader.frames, parts + 1);
  }
  ASSERT_LT(parts, 20) << "the offer is used up";
  trade(20);
  streams.tell(desk.view(), moment(), false);
  EXPECT_EQ(reader.frames, parts) << "it has much to read already";
  end_turn();
  EXPECT_EQ(reader.frames, parts + 1) << "the rest at the end";

  trade(1);
  end_turn();
  EXPECT_FALSE(reader.is_closed) << "it has not had the time to read";
  trade(1);
  end_turn();
  EXPECT_TRUE(reader.is_closed) << "but now it is further behind";
}

TEST_F(StreamsTest, RequestIdsAreRememberedForAWhile) {
  open(socket);
  EXPECT_EQ(say(socket, "claim x"), Messages{"new"});
  EXPECT_EQ(say(socket, "claim x"), Messages{"used"});
  for (int i = 0; i < 1'000; ++i)
    say(socket, fmt::format("claim {}", i));
  EXPECT_EQ(say(socket, "claim x"), Messages{"new"});
  EXPECT_EQ(say(socket, "claim 999"), Messages{"used"});
}

TEST_F(StreamsTest, WhatIsPerformedLaterIsAnsweredThenToWhoeverIsStillThere) {
  login(socket, "a");
  std::optional<StreamAsker> asker;
  const auto later = [&](const StreamAsker& from, AccountId account, const Request& request,
                         Response&) {
    EXPECT_EQ(account, TestDesk::kAlice);
    EXPECT_EQ(request.body, "buy");
    asker = from;
    return false;
  };
  const Perform perform(later);
  streams.receive(socket, "buy", true, desk, moment(), log, &perform);
  EXPECT_EQ(socket.take(), Messages{});
  ASSERT_TRUE(asker);
  EXPECT_EQ(log.total(), 0u);
  Response response;
  response.body = "bought";
  streams.answer(*asker, response, desk.view(), moment());
  EXPECT_EQ(socket.take(), Messages{"buy: bought"});

  streams.close(socket);
  streams.answer(*asker, response, desk.view(), moment());
  open(socket, "/private");
  streams.answer(*asker, response, desk.view(), moment());
  EXPECT_EQ(socket.take(), Messages{}) << "another connection, if at the same place";
}

TEST_F(StreamsTest, SaysGoodbyeWhenTheBoxEnds) {
  TestSocket left;
  {
    Streams ending{kVenue, door};
    ending.open(left, kStreamRoutes[0], "");
    EXPECT_EQ(left.idle_timeout, seconds(7));
  }
  EXPECT_TRUE(left.is_forgotten);
  EXPECT_EQ(left.closed_with, net::close_code::kGoingAway);
}

TEST_F(StreamsTest, WhileSignaturesAreOffEverybodyIsTheFirstAccount) {
  Door open_door{kVenue, {.verify_signatures = false}};
  open_door.set_anonymous(TestDesk::kBob);
  Streams anonymous{kVenue, open_door};
  anonymous.open(socket, kStreamRoutes[1], "");
  anonymous.receive(socket, "+orders", true, desk, moment(), log);
  EXPECT_EQ(socket.take(), Messages{"ok"});
  anonymous.observe(desk.execute(desk.limit(TestDesk::kBob, Side::buy, 599'990, 7)), desk.view());
  anonymous.publish(desk.view(), moment(), false);
  EXPECT_EQ(socket.take(), Messages{"1:1 "});
}

}  // namespace
}  // namespace venuebox::gateway
