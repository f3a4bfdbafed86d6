// Settings and what they lead to: which host, which keys, which errors, and that nothing leaves
// this machine unasked.
#include "library/connect.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "base/test_canaries.h"
#include "box/box.h"
#include "net/http_server.h"
#include "venues/all.h"

namespace venuebox::library {
namespace {
using Kind = client::CallOutcome::Kind;

constexpr const char* kCanary = kCanaryKey;

const char* no_variables(const char*) { return nullptr; }
const char* canary_variables(const char*) { return kCanary; }
// As copied from two lines.
std::string broken_canary(char between) {
  return kCanarySecret + (between + std::string(kCanaryKey));
}
const char* broken_variables(const char*) {
  static const std::string broken = broken_canary(' ');
  return broken.c_str();
}
const char* half_the_variables(const char* name) {
  return std::string_view(name) == "BYBIT_API_KEY" ? kCanary : nullptr;
}

struct ConnectTest : testing::Test {
  ConnectSettings settings() {
    ConnectSettings settings{.venue = "bybit"};
    settings.environment = no_variables;
    settings.log = [this](std::string_view text) { said.emplace_back(text); };
    return settings;
  }
  std::unique_ptr<Connection> connected(const ConnectSettings& settings) {
    auto connection = connect(settings);
    EXPECT_TRUE(connection) << connection.error().text();
    return std::move(*connection);
  }
  void expect_error(const ConnectSettings& settings, ErrorKind kind, std::string_view text) {
    const auto connection = connect(settings);
    ASSERT_FALSE(connection) << text;
    EXPECT_EQ(connection.error().kind, kind) << connection.error().text();
    EXPECT_EQ(connection.error().text(), text);
    EXPECT_FALSE(connection.error().text().contains("canary")) << "which is shown to nobody";
  }
  std::vector<std::string> said;
};

// ---- where it is --------------------------------------------------------------------------------

TEST_F(ConnectTest, GoesToABoxOnThisMachineUnlessToldOtherwise) {
  EXPECT_EQ(connected(settings())->place(), "http://localhost:8000/bybit");
  auto other = settings();
  other.base_url = "http://127.0.0.1:9000/box/one/bybit";
  EXPECT_EQ(connected(other)->place(), "http://127.0.0.1:9000/box/one/bybit");
}

TEST_F(ConnectTest, TheEnvironmentChoosesTheHostAndWhetherToTrade) {
  struct Row {
    const char* env;
    bool testnet;
    const char* host;
    bool trades;
  };
  for (const Row& row : {Row{"shadow", true, "https://api-testnet.bybit.com", true},
                         Row{"soak", true, "https://api-testnet.bybit.com", true},
                         Row{"shadow", false, "https://api.bybit.com", false},
                         Row{"soak", false, "https://api.bybit.com", false},
                         Row{"prod", false, "https://api.bybit.com", true}}) {
    auto chosen = settings();
    chosen.api_env = row.env;
    chosen.testnet = row.testnet;
    chosen.network = true;
    chosen.keys = gateway::ClientKeys{"key", "secret"};
    const auto connection = connected(chosen);
    EXPECT_EQ(connection->place(), row.host) << row.env;
    EXPECT_EQ(connection->exchange().trading_enabled(), row.trades) << row.env << row.testnet;
  }
  EXPECT_EQ(said, (std::vector<std::string>{
                      "api_env shadow only watches bybit's mainnet; trade on its testnet, or with "
                      "prod",
                      "api_env soak only watches bybit's mainnet; trade on its testnet, or with "
                      "prod"}));
}

TEST_F(ConnectTest, NothingBeyondThisMachineUnasked) {
  for (const char* env : {"shadow", "soak", "prod"}) {
    auto asked = settings();
    asked.api_env = env;
    expect_error(asked, ErrorKind::not_allowed,
                 "network: api.bybit.com is beyond this machine; allow the network to speak to it");
  }
  auto given = settings();
  given.base_url = "https://venue.example";
  expect_error(given, ErrorKind::not_allowed,
               "network: venue.example is beyond this machine; allow the network to speak to it");
}

TEST_F(ConnectTest, StreamsOfABoxStayOnThisMachineToo) {
  auto given = settings();
  given.streams_url = "wss://venue.example";
  expect_error(given, ErrorKind::conflict,
               "streams_url: venue.example is beyond this machine, and the calls go to a box on "
               "it");
  given.streams_url = "ftp://localhost";
  const auto wrong = connect(given);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().where, "streams_url");
}

TEST_F(ConnectTest, KeysOfOneEnvironmentDoNotGoToAnother) {
  auto settings = this->settings();
  settings.network = true;
  settings.testnet = true;
  expect_error(settings, ErrorKind::conflict,
               "testnet: api_env dev is a box on this machine; choose shadow or soak for the "
               "testnet");
  settings.api_env = "prod";
  expect_error(settings, ErrorKind::conflict,
               "testnet: api_env prod is the mainnet; choose shadow or soak");
  settings.testnet = false;
  settings.api_env = "dev";
  settings.base_url = "https://api.bybit.com";
  expect_error(settings, ErrorKind::conflict,
               "base_url: api_env dev is a box on this machine, and api.bybit.com is beyond it; "
               "choose shadow, soak or prod");
}

TEST_F(ConnectTest, SettingsThatCannotBeMeant) {
  auto wrong = settings();
  wrong.venue = "bitby";
  expect_error(wrong, ErrorKind::not_found,
               "venue: 'bitby' is none of those there are: bybit, paradex");
  wrong = settings();
  wrong.api_env = "live";
  expect_error(wrong, ErrorKind::invalid, "api_env: 'live' is not dev, shadow, soak or prod");
  wrong = settings();
  wrong.base_url = "localhost:8000";
  expect_error(wrong, ErrorKind::invalid,
               "base_url: has to begin with http://, https://, ws:// or wss://");
  wrong.base_url = "http://canary:secret@localhost";
  expect_error(wrong, ErrorKind::invalid,
               "base_url: holds a user name or password; give credentials apart from it");
  wrong = settings();
  wrong.ca_file = "/no/such.pem";
  expect_error(wrong, ErrorKind::invalid, "ca_file: /no/such.pem cannot be read");
  wrong = settings();
  wrong.demo_account = "mallory";
  expect_error(wrong, ErrorKind::invalid, "demo_account: 'mallory' is not alice, bob or carol");
  wrong = settings();
  wrong.use_mock_mode = true;
  wrong.mock.market = "lively";
  const auto connection = connect(wrong);
  ASSERT_FALSE(connection);
  EXPECT_TRUE(connection.error().text().starts_with("mock.market: ")) << connection.error().text();
}

// ---- keys ---------------------------------------------------------------------------------------

TEST_F(ConnectTest, WithoutKeysItIsReadOnlyAndSaysSoOnce) {
  const auto connection = connected(settings());
  EXPECT_FALSE(connection->exchange().trading_enabled());
  EXPECT_EQ(said, std::vector<std::string>{
                      "bybit: read-only, for want of keys; set BYBIT_API_KEY and BYBIT_API_SECRET, "
                      "or keep venuebox/dev/bybit/apiKey and venuebox/dev/bybit/secret"});
}

TEST_F(ConnectTest, HalfAPairOfKeysIsNone) {
  auto half = settings();
  half.environment = half_the_variables;
  EXPECT_FALSE(connected(half)->exchange().trading_enabled());
  EXPECT_EQ(said.size(), 1u);
}

TEST_F(ConnectTest, KeysComeFromTheFirstThatHasThem) {
  const auto with = [](std::string_view prefix, std::string_view env) {
    auto secrets = std::make_shared<client::MemorySecrets>();
    for (const char* type : {"apiKey", "secret"}) {
      EXPECT_TRUE(secrets->save({std::string(prefix), std::string(env), "bybit", type}, kCanary));
    }
    return secrets;
  };
  auto settings = this->settings();
  settings.secrets = {with("venuebox", "prod"), with("desk/one", "dev")};
  EXPECT_FALSE(connected(settings)->exchange().trading_enabled()) << "of another environment";
  settings.secret_prefix = "desk/one";
  EXPECT_TRUE(connected(settings)->exchange().trading_enabled());
  settings.secrets.clear();
  settings.environment = canary_variables;
  EXPECT_TRUE(connected(settings)->exchange().trading_enabled());
  EXPECT_EQ(said.size(), 1u);
}

// A provider that is not ours and checks nothing.
class CarelessSecrets final : public client::Secrets {
 public:
  Result<std::optional<std::string>> find(const client::SecretName&) const override {
    return std::optional<std::string>(broken_canary('\n'));
  }
  Result<std::vector<client::SecretName>> list() const override {
    return std::vector<client::SecretName>();
  }
  Result<void> save(const client::SecretName&, std::string_view) override { return {}; }
  Result<void> revoke(const client::SecretName&) override { return {}; }
};

TEST_F(ConnectTest, WhatIsNoKeyIsNamedByItsPlaceAlone) {
  constexpr const char* kWords = "has a space or line break inside; copy the key alone";
  auto broken = settings();
  broken.environment = broken_variables;
  expect_error(broken, ErrorKind::invalid, std::string("BYBIT_API_KEY: ") + kWords);
  broken = settings();
  broken.secrets = {std::make_shared<CarelessSecrets>()};
  expect_error(broken, ErrorKind::invalid, std::string("venuebox/dev/bybit/apiKey: ") + kWords);
  broken = settings();
  broken.keys = gateway::ClientKeys{"key", broken_canary(' ')};
  expect_error(broken, ErrorKind::invalid, std::string("keys.secret: ") + kWords);
  EXPECT_TRUE(said.empty());
}

// ---- speaking -----------------------------------------------------------------------------------

// A box behind a socket, as `venuebox serve` has one, at the root of its port.
struct SocketBox : net::HttpHandler {
  SocketBox() {
    box::BoxConfig config;
    config.venues = {"bybit"};
    config.symbols = {"BTC"};
    config.market = *market::MarketSpec::from_text("synthetic");
    box = std::move(*box::Box::open(config, {}, clock, store::make_memory_store()));
    loop.at_end_of_turn([this] {
      EXPECT_TRUE(box->commit());
      server.flush();
    });
  }
  void handle(const net::Request& request, net::Response& response) override {
    box->handle(0, request, response);
  }
  ManualClock clock{timestamp_from_ms(1'700'000'000'000)};
  net::Loop loop;
  std::unique_ptr<box::Box> box;
  net::HttpServer server{loop, clock, *this};
};

TEST_F(ConnectTest, SpeaksToABoxBehindASocket) {
  SocketBox other;
  const auto endpoint = other.server.listen("127.0.0.1", 0);
  ASSERT_TRUE(endpoint) << endpoint.error().text();
  auto local = settings();
  local.base_url = "http://127.0.0.1:" + std::to_string(endpoint->port);
  local.loop = &other.loop;
  local.clock = &other.clock;
  local.demo_account = "bob";
  const auto connection = connected(local);
  EXPECT_TRUE(said.empty()) << "a demo account's keys are keys";
  ASSERT_TRUE(connection->blocking().load_markets());
  const auto ticker = connection->blocking().fetch_ticker("BTC/USDT:USDT");
  ASSERT_TRUE(ticker) << ticker.text;
  EXPECT_EQ(ticker.value->origin, unified::Origin::simulated);
  EXPECT_TRUE(connection->blocking().fetch_balance());
}

TEST_F(ConnectTest, MockModeTradesInABoxOfThisProcess) {
  auto mock = settings();
  mock.use_mock_mode = true;
  mock.environment = canary_variables;  // of a real venue, and not for a box
  const auto connection = connected(mock);
  EXPECT_TRUE(said.empty());
  EXPECT_EQ(connection->place(), "a box of this process");
  auto& venue = connection->blocking();
  ASSERT_TRUE(venue.load_markets());
  const auto ticker = venue.fetch_ticker("BTC/USDT:USDT");
  ASSERT_TRUE(ticker) << ticker.text;
  EXPECT_EQ(ticker.value->origin, unified::Origin::simulated);
  const auto placed = venue.create_order(
      {.symbol = "BTC/USDT:USDT", .type = OrderType::market, .quantity = {1, 2}});
  ASSERT_TRUE(placed) << placed.text;
  const auto order = venue.fetch_order("BTC/USDT:USDT", {.id = placed.value->id});
  ASSERT_TRUE(order) << order.text;
  EXPECT_EQ(order.value->state, unified::OrderState::filled);
  const auto fills = venue.fetch_my_trades("BTC/USDT:USDT", 10);
  ASSERT_TRUE(fills) << fills.text;
  EXPECT_FALSE(fills.value->empty());
}

TEST_F(ConnectTest, MockModeHasStreamsAndFollowsItsAccount) {
  auto mock = settings();
  mock.use_mock_mode = true;
  const auto connection = connected(mock);
  ASSERT_TRUE(connection->start());
  const auto streams = connection->streams();
  ASSERT_TRUE(streams) << streams.error().text();
  unified::OrderBook book;
  ASSERT_TRUE((*streams)->watch_order_book("BTC/USDT:USDT", 50,
                                           [&](const unified::OrderBook& told) { book = told; }));
  std::vector<unified::FillRow> fills;
  connection->venue().on_fill = [&](const unified::FillRow& fill) { fills.push_back(fill); };
  const auto placed = connection->blocking().create_order(
      {.symbol = "BTC/USDT:USDT", .type = OrderType::market, .quantity = {1, 2}});
  ASSERT_TRUE(placed) << placed.text;
  for (int turns = 0; book.bids.empty() || fills.empty(); ++turns) {
    ASSERT_LT(turns, 1'000) << "it never came";
    connection->loop().turn(milliseconds(10));
  }
  EXPECT_EQ(book.origin, unified::Origin::simulated);
  EXPECT_EQ(fills[0].order, placed.value->id);
  EXPECT_EQ(connection->venue().own().find({.id = placed.value->id})->row.state,
            unified::OrderState::filled);
}

TEST_F(ConnectTest, MockModeTakesTheKeysItIsGiven) {
  auto mock = settings();
  mock.use_mock_mode = true;
  mock.keys = gateway::ClientKeys{"nobodys", kCanary};
  const auto connection = connected(mock);
  const auto balance = connection->blocking().fetch_balance();
  EXPECT_EQ(balance.kind, Kind::refused);
  EXPECT_EQ(balance.verdict, gateway::Verdict::not_authorised) << balance.text;
}

TEST_F(ConnectTest, ASessionIsRecordedAndAnsweredFrom) {
  const std::string path = testing::TempDir() + "venuebox-session.jsonl";
  std::filesystem::remove(path);
  const auto trade = [&](const ConnectSettings& chosen) {
    const auto connection = connected(chosen);
    auto& venue = connection->blocking();
    EXPECT_TRUE(venue.load_markets());
    const auto ticker = venue.fetch_ticker("BTC/USDT:USDT");
    const auto placed = venue.create_order(
        {.symbol = "BTC/USDT:USDT", .type = OrderType::market, .quantity = {1, 2}});
    EXPECT_TRUE(placed) << placed.text;
    const auto order = venue.fetch_order("BTC/USDT:USDT", {.id = placed.value->id});
    EXPECT_TRUE(order) << order.text;
    const auto once_more = venue.fetch_order("BTC/USDT:USDT", {.id = placed.value->id});
    return std::tuple(ticker.value->origin, ticker.value->bid->units, placed.value->id,
                      order.value->filled.units, bool(once_more), once_more.text);
  };
  auto recorded = settings();
  recorded.use_mock_mode = true;
  recorded.record_to = path;
  const auto live = trade(recorded);
  auto answered = settings();
  answered.answer_from = path;
  answered.environment = canary_variables;
  EXPECT_EQ(std::get<0>(live), unified::Origin::simulated);
  auto expected = live;
  std::get<0>(expected) = unified::Origin::stale;
  EXPECT_EQ(trade(answered), expected);

  std::ifstream in(path);
  const std::string file{std::istreambuf_iterator<char>(in), {}};
  const auto alice = venues::find("bybit")->demo_credential("alice");
  EXPECT_TRUE(file.contains("/v5/order/create"));
  for (const std::string& secret : {alice.key, alice.secret, std::string("X-BAPI")})
    EXPECT_FALSE(file.contains(secret)) << secret;

  const auto connection = connected(answered);
  const auto missing = connection->blocking().fetch_balance();
  EXPECT_EQ(missing.kind, Kind::refused);
  EXPECT_TRUE(
      missing.text.starts_with("GET /v5/account/wallet-balance?accountType=UNIFIED was not "
                               "recorded; the nearest is GET /v5/"))
      << missing.text;
  const auto streams = connection->streams();
  ASSERT_FALSE(streams);
  EXPECT_EQ(streams.error().kind, ErrorKind::unsupported);
  EXPECT_EQ(streams.error().text(), "streams: a recording answers calls and has no streams");
  answered.use_mock_mode = true;
  expect_error(answered, ErrorKind::conflict,
               "answer_from: a recording is neither recorded again nor a box; leave out record_to "
               "and use_mock_mode");
  std::filesystem::remove(path);
}

TEST_F(ConnectTest, WhatIsWrappedAroundSeesTheCalls) {
  class Counting final : public client::Transport {
   public:
    Counting(std::unique_ptr<client::Transport> inner, int& calls)
        : inner_(std::move(inner)), calls_(calls) {}
    void send(const gateway::ClientRequest& request, Nanoseconds deadline,
              std::function<void(client::TransportResult)> done) override {
      ++calls_;
      inner_->send(request, deadline, std::move(done));
    }

   private:
    std::unique_ptr<client::Transport> inner_;
    int& calls_;
  };
  int calls = 0;
  auto mock = settings();
  mock.use_mock_mode = true;
  mock.wrap = [&](auto inner, auto&) {
    return std::make_unique<Counting>(std::move(inner), calls);
  };
  EXPECT_TRUE(connected(mock)->blocking().load_markets());
  EXPECT_EQ(calls, 2);
}

TEST_F(ConnectTest, EqualMocksShowEqualMarkets) {
  const ManualClock clock(timestamp_from_ms(1'700'000'000'000));
  const auto ask = [&](std::uint64_t seed) {
    auto mock = settings();
    mock.use_mock_mode = true;
    mock.mock.seed = seed;
    mock.clock = &clock;
    const auto connection = connected(mock);
    EXPECT_TRUE(connection->blocking().load_markets());
    return connection->box()->state_hash();
  };
  EXPECT_EQ(ask(1), ask(1));
  EXPECT_NE(ask(1), ask(2));
}

}  // namespace
}  // namespace venuebox::library
