// Latency over real sockets: the client library against a box that is served in this process.
#include "client/exchange.h"
#include "client/network_stream.h"
#include "client/network_transport.h"
#include "client/watcher.h"
#include "control/alarm.h"
#include "control/test_served.h"
#include "venues/all.h"

namespace venuebox::control {
namespace {
using Placed = client::Reply<client::PlacedOrder>;

gateway::ClientKeys alice() {
  const gateway::Credential credential = venues::find("bybit")->demo_credential("alice");
  return {credential.key, credential.secret};
}

// A client of one box.
struct Bot {
  Bot(Served& world, const std::string& url)
      : loop(world.loop),
        transport(loop, *net::base_url_from(url), {}),
        scheduler(loop, world.door) {
    load();
  }
  void load() {
    bool is_loaded = false;
    exchange.load_markets([&](auto reply) { is_loaded = bool(reply); });
    for (int turns = 0; !is_loaded && turns < 10'000; ++turns)
      loop.turn(milliseconds(10));
    EXPECT_TRUE(is_loaded);
  }
  void place(std::string_view price) {
    unified::NewOrder order;
    order.symbol = kSymbol;
    order.quantity = decimal("0.01");
    order.price = decimal(price);
    exchange.create_order(order, [this](Placed reply) { placed = std::move(reply); });
  }

  const gateway::ClientDialect& dialect = *venues::find("bybit")->client;
  net::Loop& loop;
  client::NetworkTransport transport;
  client::LoopScheduler scheduler;
  client::Exchange exchange{dialect, alice(), transport, scheduler};
  std::optional<Placed> placed;
};

struct DelaysTest : Served, testing::Test {
  // What the control API answers to a request of its own.
  net::Response control(net::Method method, std::string_view path, std::string_view body = "") {
    const net::Header headers[] = {{"Host", "127.0.0.1"}};
    const std::string target = "/_venuebox" + std::string(path);
    net::Request request;
    request.method = method;
    request.target = target;
    net::split_target(request);
    request.body = body;
    request.headers = headers;
    net::Response response;
    router->handle(request, response);
    return response;
  }
  std::uint64_t on_their_way() const { return box->in_transit(); }
};

TEST_F(DelaysTest, AFillReachesTheClientBeforeTheAnswerToItsOrder) {
  quote(600'000, 600'010);
  Bot bot(*this, url);
  RandomStream random{1, "masks"};
  client::NetworkStreams streams{
      loop, *net::base_url_from(url), {}, [&] { return static_cast<net::Mask>(random.next()); }};
  client::Watcher watcher{bot.dialect, alice(), streams, bot.scheduler, {}};
  watcher.set_markets(bot.exchange.markets());
  std::vector<unified::FillRow> fills;
  bool is_connected = false;
  watcher.on_event([&](const client::StreamEvent& event) {
    is_connected |= event.kind == client::StreamEvent::Kind::connected;
  });
  ASSERT_TRUE(watcher.watch_my_trades(
      [&](const auto& rows) { fills.insert(fills.end(), rows.begin(), rows.end()); }));
  until([&] { return is_connected; });
  ASSERT_EQ(control(net::Method::put, "/latency", R"({"entry":"fixed:20ms","answer":"fixed:30ms"})")
                .status,
            200);
  bot.place("60001");
  until([&] { return on_their_way() == 1; });
  control(net::Method::post, "/clock", R"({"advance_ms":20})");
  until([&] { return !fills.empty(); });
  EXPECT_FALSE(bot.placed);
  control(net::Method::post, "/clock", R"({"advance_ms":30})");
  until([&] { return bot.placed.has_value(); });
  EXPECT_TRUE(*bot.placed) << bot.placed->text;
  EXPECT_EQ(bot.placed->value->id, fills[0].order);
}

TEST_F(DelaysTest, TheLoopWakesWhenSomethingArrives) {
  Alarm alarm(loop, boxes);
  loop.at_end_of_turn([&] { alarm.set(); });
  box->clock().set_mode(box::ClockMode::wall, 1);
  box->set_latency({*gateway::LatencyModel::from_text("fixed:2ms"), {}});
  Bot bot(*this, url);
  bot.place("59000");
  until([&] { return on_their_way() == 1; });
  door.advance(milliseconds(2));
  // Nothing else wakes it: there is no other timer this near, and nobody sends anything.
  until([&] { return bot.placed.has_value(); });
  EXPECT_TRUE(*bot.placed) << bot.placed->text;
  EXPECT_EQ(boxes.next_arrival(), std::nullopt);
}

TEST_F(DelaysTest, ABoxThatIsDeletedLeavesItsClientsWithoutAnAnswer) {
  ASSERT_EQ(control(net::Method::post, "/boxes",
                    R"({"name":"one","market":"pinned","latency":{"entry":"fixed:1s"}})")
                .status,
            201);
  Bot bot(*this, "http://127.0.0.1:" + std::to_string(port) + "/box/one/bybit");
  bot.place("59000");
  until([&] { return boxes.find("one")->in_transit() == 1; });
  EXPECT_EQ(control(net::Method::del, "/boxes/one").status, 204);
  until([&] { return bot.placed.has_value(); });
  EXPECT_EQ(bot.placed->kind, client::CallOutcome::Kind::unknown) << bot.placed->text;
}

TEST_F(DelaysTest, LatencyIsShownAndChecked) {
  EXPECT_EQ(control(net::Method::get, "/latency").body, R"({"entry":"none","answer":"none"})");
  EXPECT_EQ(
      control(net::Method::put, "/latency", R"({"entry":"lognormal:20ms:0.5+spikes:0.01:500ms"})")
          .body,
      R"({"entry":"lognormal:20ms:0.5+spikes:0.01:500ms","answer":"none"})");
  EXPECT_EQ(control(net::Method::post, "/reset").status, 200);
  EXPECT_TRUE(control(net::Method::get, "/latency").body.contains("lognormal")) << "it stays";
  const auto field = [&](net::Method method, std::string_view path, std::string_view body) {
    const net::Response response = control(method, path, body);
    EXPECT_EQ(response.status, 400) << body;
    const std::size_t at = response.body.find("\"field\":");
    return at == std::string::npos ? response.body : response.body.substr(at);
  };
  EXPECT_EQ(field(net::Method::put, "/latency", R"({"entry":"fast"})"), R"("field":"entry"})");
  EXPECT_EQ(field(net::Method::put, "/latency", R"({"answer":5})"), R"("field":"answer"})");
  EXPECT_EQ(field(net::Method::put, "/latency", R"({"exit":"none"})"), R"("field":"exit"})");
  EXPECT_EQ(field(net::Method::post, "/boxes", R"({"name":"a","latency":{"answer":"fixed:1h"}})"),
            R"("field":"latency.answer"})");
  EXPECT_EQ(field(net::Method::post, "/boxes", R"({"name":"a","latency":{"exit":"none"}})"),
            R"("field":"latency.exit"})");
  EXPECT_EQ(field(net::Method::post, "/boxes", R"({"name":"a","latency":"fixed:1ms"})"),
            R"("field":"latency"})");
  EXPECT_EQ(boxes.all().size(), 1u);
}

}  // namespace
}  // namespace venuebox::control
