// A bot's connection over real sockets, against a box that is served in this process: money that
// comes from elsewhere, orders that wait too long, and a server that goes away and comes back.
#include "control/test_served.h"
#include "library/connect.h"
#include "library/in_process_transport.h"
#include "library/numbers.h"
#include "net/http_client.h"
#include "venues/all.h"

namespace venuebox::control {
namespace {
using client::Difference;
using client::StreamEvent;
using library::text_of;
using unified::OrderState;

struct ConnectionTest : Served, testing::Test {
  ConnectionTest() {
    settings.venue = "bybit";
    settings.base_url = url;
    settings.demo_account = "alice";
    settings.loop = &loop;
    settings.clock = &door;
    settings.policies.reconciliation.symbols = {std::string(kSymbol)};
    settings.policies.reconciliation.every = {};  // so that only what a test says makes it look
    settings.caller.pacing = {.capacity = 1'000'000,
                              .refill_per_second = 1};  // by a clock that stands still
    settings.policies.streams.connection.reconnect.first = milliseconds(1);
    quote(600'000, 600'010);
  }
  void start() {
    auto made = library::connect(settings);
    ASSERT_TRUE(made) << made.error().text();
    bot = std::move(*made);
    bot->venue().on_difference = [this](const Difference& told) { differences.push_back(told); };
    bot->venue().on_fill = [this](const unified::FillRow& fill) { fills.push_back(fill); };
    bot->venue().on_event = [this](const StreamEvent& event) { events.push_back(event.kind); };
    const auto markets = bot->start();
    ASSERT_TRUE(markets) << markets.text;
    until([&] { return bot->venue().reconciler().counts().runs > 0; });
    differences.clear();
  }
  std::string place(std::string_view price, std::string_view quantity = "0.01") {
    unified::NewOrder order;
    order.symbol = kSymbol;
    order.quantity = decimal(quantity);
    order.price = decimal(price);
    const auto placed = bot->blocking().create_order(order);
    EXPECT_TRUE(placed) << placed.text;
    return placed ? placed.value->id : std::string();
  }
  const client::OwnOrder& own(const std::string& id) {
    return *bot->venue().own().find({.id = id});
  }
  std::size_t count(StreamEvent::Kind kind) const {
    return static_cast<std::size_t>(std::ranges::count(events, kind));
  }

  library::ConnectSettings settings;
  std::unique_ptr<library::Connection> bot;
  std::vector<Difference> differences;
  std::vector<unified::FillRow> fills;
  std::vector<StreamEvent::Kind> events;
};

TEST_F(ConnectionTest, ADepositByTheControlApiIsFoundWhereNoStreamTells) {
  settings.streams_url = "http://127.0.0.1:1";  // where nobody listens
  settings.policies.reconciliation.every = milliseconds(100);
  start();
  net::HttpClient http(loop);
  int status = 0;
  http.send({.url = *net::base_url_from("http://127.0.0.1:" + std::to_string(port)),
             .method = net::Method::post,
             .target = "/_venuebox/accounts/alice/deposit",
             .headers = {{"Content-Type", "application/json"}},
             .body = R"({"venue":"bybit","asset":"USDT","amount":"5"})"},
            [&](auto result) { status = result ? (*result).status : -1; });
  until([&] { return status != 0 && !differences.empty(); });
  EXPECT_EQ(status, 200);
  EXPECT_EQ(differences[0].kind, Difference::Kind::balance_differs);
  EXPECT_EQ(differences[0].about, "USDT");
  EXPECT_EQ(text_of(differences[0].ours), "1000000");
  EXPECT_EQ(text_of(differences[0].theirs), "1000005");
  EXPECT_EQ(text_of(bot->venue().own().balances().at("USDT").row.total), "1000005");
}

TEST_F(ConnectionTest, AnOrderIsCancelledByItsAge) {
  settings.policies.age.age_max = seconds(300);
  settings.policies.age.check_every = milliseconds(1);
  start();
  const std::string id = place("50000");
  EXPECT_TRUE(own(id).is_live());
  door.set(door.now() + seconds(299));
  for (int i = 0; i < 20; ++i)
    loop.turn(milliseconds(1));
  EXPECT_TRUE(own(id).is_live());
  door.set(door.now() + seconds(1));
  until([&] { return own(id).row.state == OrderState::cancelled; });
  EXPECT_EQ(bot->venue().age_policy().outcomes().size(), 1u);
}

TEST_F(ConnectionTest, AServerThatComesBackHasLostNoFill) {
  start();
  until([&] { return count(StreamEvent::Kind::connected) == 1; });
  const std::string id = place("60000.5", "0.02");
  until([&] { return own(id).row.updated > Timestamp{}; });  // by stream

  server.reset();
  library::InProcessTransport beside{*box, 0, bot->scheduler()};
  const auto bobs = venues::find("bybit")->demo_credential("bob");
  client::Exchange bob{*venues::find("bybit")->client, gateway::ClientKeys{bobs.key, bobs.secret},
                       beside, bot->scheduler()};
  client::BlockingExchange selling{loop, bob};
  ASSERT_TRUE(selling.load_markets());
  for (int i = 0; i < 2; ++i) {
    unified::NewOrder order;
    order.symbol = kSymbol;
    order.side = Side::sell;
    order.quantity = decimal("0.01");
    order.price = decimal("60000.5");
    ASSERT_TRUE(selling.create_order(order));
  }
  EXPECT_TRUE(fills.empty());
  EXPECT_TRUE(own(id).is_live()) << "nobody could tell";

  listen(port);
  until([&] { return bot->venue().reconciler().counts().runs == 2; });
  EXPECT_EQ(count(StreamEvent::Kind::gap), 1u);
  EXPECT_EQ(own(id).row.state, OrderState::filled);
  EXPECT_EQ(fills.size(), 2u);
  EXPECT_EQ(text_of(own(id).filled_by_fills), "0.02");
}

}  // namespace
}  // namespace venuebox::control
