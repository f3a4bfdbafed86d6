// What a venue's client makes of its parts, against a box of this process: who else trades on the
// account, money that comes from elsewhere, orders that wait too long, and streams that are cut.
#include "client/venue_client.h"

#include "library/in_process_streams.h"
#include "library/in_process_transport.h"
#include "library/numbers.h"
#include "library/test_box.h"
#include "venues/all.h"

namespace venuebox::library {
namespace {
using client::Difference;
using client::PlacedOrder;
using client::Policies;
using client::Reply;
using client::StreamEvent;
using client::VenueClient;
using unified::OrderState;

constexpr const char* kSymbol = "BTC/USDT:USDT";

// Streams that can be cut, as a network does.
class CutStreams final : public client::StreamTransport {
 public:
  explicit CutStreams(client::StreamTransport& inner) : inner_(inner) {}
  std::unique_ptr<client::MessageStream> open(std::string_view path,
                                              client::MessageStreamHandler& handler) override {
    auto stream = std::make_unique<Stream>(*this, handler);
    stream->inner = inner_.open(path, *stream);
    open_.insert(stream.get());
    return stream;
  }
  void cut() {
    const auto streams = open_;
    for (Stream* stream : streams) {
      if (open_.contains(stream)) stream->break_off();
    }
  }

 private:
  struct Stream final : client::MessageStream, client::MessageStreamHandler {
    Stream(CutStreams& given_owner, client::MessageStreamHandler& given_handler)
        : owner(given_owner), handler(given_handler) {}
    ~Stream() override { owner.open_.erase(this); }
    bool send(std::string_view message) override { return inner && inner->send(message); }
    void opened() override { handler.opened(); }
    void received(std::string_view message, bool is_text) override {
      handler.received(message, is_text);
    }
    void closed(const client::StreamEnd& end) override { handler.closed(end); }
    void break_off() {
      inner.reset();
      handler.closed({.code = 0, .status = 0, .text = "the connection was reset"});
    }
    CutStreams& owner;
    client::MessageStreamHandler& handler;
    std::unique_ptr<client::MessageStream> inner;
  };
  client::StreamTransport& inner_;
  std::set<Stream*> open_;
};

gateway::ClientKeys keys_of(std::string_view account) {
  const gateway::Credential credential = venues::find("bybit")->demo_credential(account);
  return {credential.key, credential.secret};
}

struct VenueClientTest : BoxTest {
  VenueClientTest() {
    settings.reconciliation.symbols = {kSymbol};
    quote(600'000, 600'010);
  }
  void quote(std::int64_t bid, std::int64_t ask) {
    const auto* perpetual = box->exchanges()[0]->engine().find_instrument(
        "BTCUSDT", InstrumentKindOf::linear_perpetual);
    ASSERT_TRUE(
        box->set_quote(0, perpetual->id, {Ticks{bid}, Ticks{ask}, {}, Lots{100}, Lots{100}}));
  }
  // A client of that account, started. What the first is told of is kept.
  std::unique_ptr<VenueClient> client(std::string_view account, bool has_streams) {
    client::ExchangeSettings exchange;
    exchange.origin = unified::Origin::simulated;
    exchange.order_id_prefix = fmt::format("client{}", ++clients);
    auto made = std::make_unique<VenueClient>(
        *venues::find("bybit")->client, keys_of(account), transport, has_streams ? &cut : nullptr,
        "this test has no streams", scheduler, exchange, settings);
    if (clients == 1) {
      made->on_difference = [this](const Difference& told) { differences.push_back(told); };
      made->on_fill = [this](const unified::FillRow& fill) { fills.push_back(fill.id); };
      made->on_event = [this](const StreamEvent& event) { events.push_back(event.kind); };
    }
    Reply<std::vector<unified::Market>> loaded;
    made->start([&](auto reply) { loaded = std::move(reply); });
    scheduler.run_for(seconds(2));
    EXPECT_TRUE(loaded) << loaded.text;
    EXPECT_EQ(made->reconciler().counts().runs, 1u) << "what there is already is known";
    differences.clear();
    return made;
  }
  Reply<PlacedOrder> place(VenueClient& by, Side side, std::string_view price,
                           std::string_view quantity = "0.01") {
    unified::NewOrder order{.symbol = kSymbol, .side = side, .quantity = *decimal(quantity)};
    order.price = *decimal(price);
    Reply<PlacedOrder> placed{.kind = client::CallOutcome::Kind::unknown, .value = {}};
    by.orders().create_order(order, [&](auto reply) { placed = std::move(reply); });
    scheduler.run_for(seconds(1));
    EXPECT_TRUE(placed) << placed.text;
    return placed;
  }
  void cancel(VenueClient& by, const std::string& id) {
    bool is_cancelled = false;
    by.orders().cancel_order(kSymbol, {.id = id},
                             [&](const auto& reply) { is_cancelled = bool(reply); });
    scheduler.run_for(seconds(1));
    EXPECT_TRUE(is_cancelled);
  }
  const client::OwnOrder* own(const VenueClient& of, const Reply<PlacedOrder>& placed) {
    return of.own().find({.id = placed.value->id});
  }
  std::vector<Difference::Kind> kinds() const {
    std::vector<Difference::Kind> found;
    for (const Difference& difference : differences)
      found.push_back(difference.kind);
    return found;
  }
  using Kinds = std::vector<Difference::Kind>;

  Policies settings;
  InProcessTransport transport{*box, 0, scheduler};
  InProcessStreams inner{*box, 0, scheduler};
  CutStreams cut{inner};
  int clients = 0;
  std::vector<Difference> differences;
  std::vector<std::string> fills;  // ids, as told
  std::vector<StreamEvent::Kind> events;
};

// ---- reconciliation, by calls alone -------------------------------------------------------------

TEST_F(VenueClientTest, AnOrderOfAnotherClientIsFoundAndAdopted) {
  settings.reconciliation.unknown_order = client::ReconcilerSettings::Unknown::adopt;
  const auto mine = client("alice", false);
  const auto other = client("alice", false);
  const auto placed = place(*other, Side::buy, "50000");
  EXPECT_FALSE(own(*mine, placed)) << "nobody has told";
  scheduler.run_for(seconds(30));
  EXPECT_EQ(kinds(), Kinds{Difference::Kind::unknown_order_found});
  ASSERT_TRUE(own(*mine, placed));
  EXPECT_TRUE(own(*mine, placed)->is_live());
  scheduler.run_for(seconds(60));
  EXPECT_EQ(differences.size(), 1u) << "once";
}

TEST_F(VenueClientTest, AnOrderThatWasCancelledElsewhereVanishes) {
  const auto mine = client("alice", false);
  const auto other = client("alice", false);
  const auto placed = place(*mine, Side::buy, "50000");
  cancel(*other, placed.value->id);
  EXPECT_TRUE(own(*mine, placed)->is_live()) << "nobody has told";
  scheduler.run_for(seconds(30));
  EXPECT_EQ(kinds(), Kinds{Difference::Kind::order_vanished});
  EXPECT_EQ(own(*mine, placed)->row.state, OrderState::cancelled);
}

TEST_F(VenueClientTest, ADepositIsADifferentBalance) {
  const auto mine = client("alice", false);
  ASSERT_TRUE(box->deposit("alice", "bybit", "USDT", "5"));
  scheduler.run_for(seconds(30));
  ASSERT_EQ(kinds(), Kinds{Difference::Kind::balance_differs});
  EXPECT_EQ(differences[0].about, "USDT");
  EXPECT_EQ(text_of(differences[0].ours), "1000000");
  EXPECT_EQ(text_of(differences[0].theirs), "1000005");
}

TEST_F(VenueClientTest, FillsWithoutStreamsAreAskedForAndToldOnce) {
  const auto mine = client("alice", false);
  const auto bob = client("bob", false);
  const auto placed = place(*mine, Side::buy, "60000.5", "0.02");
  place(*bob, Side::sell, "60000.5");
  EXPECT_TRUE(fills.empty()) << "nobody has told";
  scheduler.run_for(seconds(60));
  EXPECT_EQ(text_of(own(*mine, placed)->row.filled), "0.01");
  EXPECT_EQ(fills.size(), 1u);
}

// ---- streams ------------------------------------------------------------------------------------

TEST_F(VenueClientTest, StreamsTellBeforeTheReconciliationHasTo) {
  const auto mine = client("alice", true);
  const auto other = client("alice", false);
  const auto bob = client("bob", false);
  const auto cancelled = place(*mine, Side::buy, "50000");
  const auto filled = place(*mine, Side::buy, "60000.5");
  cancel(*other, cancelled.value->id);
  place(*bob, Side::sell, "60000.5");
  EXPECT_EQ(own(*mine, cancelled)->row.state, OrderState::cancelled);
  EXPECT_EQ(own(*mine, filled)->row.state, OrderState::filled);
  EXPECT_EQ(fills.size(), 1u);
  EXPECT_EQ(text_of(mine->own().positions().at(kSymbol).size), "0.01");
  scheduler.run_for(seconds(60));
  EXPECT_EQ(kinds(), Kinds{}) << "for there was nothing left to find";
  EXPECT_GE(mine->reconciler().counts().runs, 2u);
}

TEST_F(VenueClientTest, AResetLosesNoFill) {
  settings.reconciliation.every = {};  // so that only the gap makes it look
  settings.streams.connection.reconnect.first = seconds(5);
  const auto mine = client("alice", true);
  const auto bob = client("bob", false);
  const auto placed = place(*mine, Side::buy, "60000.5", "0.03");
  place(*bob, Side::sell, "60000.5");
  ASSERT_EQ(fills.size(), 1u);
  cut.cut();
  place(*bob, Side::sell, "60000.5");
  place(*bob, Side::sell, "60000.5");
  EXPECT_EQ(fills.size(), 1u) << "the connection is down";
  EXPECT_EQ(text_of(own(*mine, placed)->row.filled), "0.01");
  scheduler.run_for(seconds(30));
  EXPECT_EQ(std::ranges::count(events, StreamEvent::Kind::gap), 1);
  EXPECT_EQ(mine->reconciler().counts().runs, 2u);
  EXPECT_EQ(own(*mine, placed)->row.state, OrderState::filled);
  EXPECT_EQ(text_of(own(*mine, placed)->filled_by_fills), "0.03");
  EXPECT_EQ(fills.size(), 3u) << "each once";
  EXPECT_EQ(kinds(), Kinds{}) << "the fills explain it all";
  place(*bob, Side::sell, "60000.5");
  place(*mine, Side::buy, "60000.5");
  EXPECT_EQ(fills.size(), 4u) << "and it goes on by stream";
}

TEST_F(VenueClientTest, WithoutStreamsThereIsNoWatcher) {
  const auto mine = client("alice", false);
  const auto watcher = mine->watcher();
  ASSERT_FALSE(watcher);
  EXPECT_EQ(watcher.error().kind, ErrorKind::unsupported);
  EXPECT_EQ(watcher.error().text(), "streams: this test has no streams");
}

TEST_F(VenueClientTest, NothingIsBelievedThatNothingCorrects) {
  client::VenueClient calls{*venues::find("bybit")->client, keys_of("alice"), transport, nullptr,
                            "this test has no streams",     scheduler,        {}};
  calls.exchange().load_markets([](const auto& reply) { EXPECT_TRUE(reply) << reply.text; });
  scheduler.run_for(seconds(1));
  place(calls, Side::buy, "50000");
  EXPECT_TRUE(calls.own().orders().empty());
  calls.start([](const auto& reply) { EXPECT_TRUE(reply) << reply.text; });
  scheduler.run_for(seconds(2));
  const auto placed = place(calls, Side::buy, "50001");
  EXPECT_EQ(calls.own().orders().size(), 1u);
  EXPECT_TRUE(own(calls, placed)->is_live());
}

// ---- what becomes of orders ---------------------------------------------------------------------

TEST_F(VenueClientTest, AnOrderThatWaitsTooLongIsCancelledOnceAskedFor) {
  const auto patient = client("bob", true);
  const auto stays = place(*patient, Side::buy, "50000");
  settings.age.age_max = seconds(300);
  const auto mine = client("alice", true);
  const auto placed = place(*mine, Side::buy, "50000");
  scheduler.run_for(seconds(290));
  EXPECT_TRUE(own(*mine, placed)->is_live());
  scheduler.run_for(seconds(12));
  EXPECT_EQ(own(*mine, placed)->row.state, OrderState::cancelled);
  ASSERT_EQ(mine->age_policy().outcomes().size(), 1u);
  EXPECT_EQ(mine->age_policy().outcomes()[0].outcome, client::AgedOrder::Outcome::cancelled);
  EXPECT_TRUE(own(*patient, stays)->is_live()) << "off unless it is given an age";
}

TEST_F(VenueClientTest, InAMaintenanceOrdersAreRefusedUnlessTheyAreToBeQueued) {
  const auto create = [&](VenueClient& by, int& answers) {
    unified::NewOrder order{.symbol = kSymbol, .quantity = *decimal("0.01")};
    order.price = *decimal("50000");
    auto last = std::make_shared<Reply<PlacedOrder>>();
    by.orders().create_order(order, [&answers, last](auto reply) {
      ++answers;
      *last = std::move(reply);
    });
    scheduler.run_for(seconds(1));
    return last;
  };
  int answers = 0;
  const auto refusing = client("alice", false);
  refusing->orders().maintenance().declare(scheduler.now(), scheduler.now() + seconds(60));
  EXPECT_EQ(create(*refusing, answers)->verdict, gateway::Verdict::maintenance);
  settings.maintenance.orders = client::MaintenanceSettings::Orders::queue;
  const auto queueing = client("bob", false);
  queueing->orders().maintenance().declare(scheduler.now(), scheduler.now() + seconds(60));
  answers = 0;
  const auto sent = create(*queueing, answers);
  EXPECT_EQ(answers, 0);
  scheduler.run_for(seconds(120));
  EXPECT_EQ(answers, 1);
  ASSERT_TRUE(*sent) << sent->text;
  EXPECT_TRUE(own(*queueing, *sent)->is_live());

  queueing->orders().maintenance().declare(scheduler.now(), scheduler.now() + seconds(60));
  const auto removed = create(*queueing, answers);
  queueing->orders().cancel_all_orders(kSymbol, [](const auto&) {});
  scheduler.run_for(seconds(120));
  EXPECT_EQ(removed->text, "cancelled before it was sent");
  EXPECT_EQ(own(*queueing, *sent)->row.state, OrderState::cancelled);
}

}  // namespace
}  // namespace venuebox::library
