// The bodies of test_exchange.h, and a test of what the other tests start from.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "engine/engine.h"
#include "venues/bybit/test_exchange.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
Exchange::Exchange() : engine_(std::make_unique<engine::Engine>()) {
  for (const char* name : {"USDT", "BTC", "ETH", "USD"}) {
    execute(AddAsset{{AssetId{static_cast<std::uint16_t>(view().assets().size())}, name, 14}});
  }
  const std::vector<std::string> bases{"BTC", "ETH"};
  const auto listings = *venue.listings(bases, {});
  for (const gateway::Listing& listing : listings)
    list(listing);
  for (const auto& [id, kind, name] : {std::tuple{kAlice, AccountKindOf::user, "alice"},
                                       {kBob, AccountKindOf::user, "bob"},
                                       {kMarket, AccountKindOf::market, "market"}}) {
    execute(OpenAccount{id, kind, name, kNoAccount});
    execute(Deposit{id, {1'000'000 * power_of_ten(14), AssetId{0}}});
    execute(Deposit{id, {100 * power_of_ten(14), AssetId{1}}});
  }
}

Exchange::~Exchange() = default;

const View& Exchange::view() const { return *engine_; }

std::span<const Event> Exchange::execute(const CommandBody& body) {
  return engine_->execute({engine_->sequence() + 1, now, body});
}

void Exchange::list(const gateway::Listing& listing) {
  const Asset& base = *view().find_asset(listing.base);
  const Asset& quote = *view().find_asset(listing.quote);
  Instrument terms = listing.terms;
  terms.id = InstrumentId{static_cast<std::uint32_t>(view().instruments().size())};
  terms.base = base.id;
  terms.quote = terms.notional_min.asset = quote.id;
  terms.settle = view().find_asset(listing.settle)->id;
  const auto checked = checked_listing(terms, base, quote);
  ASSERT_TRUE(checked) << checked.error().text();
  execute(ListInstrument{*checked});
}

void Exchange::quote(std::string_view category, std::int64_t bid, std::int64_t ask,
                     std::int64_t lots) {
  std::optional<InstrumentKindOf> kind;
  ASSERT_FALSE(read_category(category, kind));
  const char* symbol = category == "inverse" ? "BTCUSD" : "BTCUSDT";
  for (const auto& [side, price] : {std::pair{Side::buy, bid}, {Side::sell, ask}}) {
    PlaceOrder order;
    order.account = kMarket;
    order.instrument = view().find_instrument(symbol, *kind)->id;
    order.side = side;
    order.price = Ticks{price};
    order.quantity = Lots{lots};
    execute(order);
  }
}

void Exchange::requote(std::string_view category, std::int64_t bid, std::int64_t ask,
                       std::int64_t lots) {
  execute(CancelAll{kMarket, {}});
  quote(category, bid, ask, lots);
}

void Exchange::open_fund(std::int64_t usdt, std::int64_t btc) {
  execute(OpenAccount{kFund, AccountKindOf::insurance, "fund", kNoAccount});
  if (usdt > 0) execute(Deposit{kFund, {usdt * power_of_ten(14), AssetId{0}}});
  if (btc > 0) execute(Deposit{kFund, {btc * power_of_ten(14), AssetId{1}}});
}

void Exchange::advance(Nanoseconds by) {
  now = now + by;
  execute(Tick{});
}

const gateway::Route& Exchange::route(gateway::Method method, std::string_view path) {
  const auto found = std::ranges::find_if(venue.routes, [&](const gateway::Route& route) {
    return route.method == method && route.path == path;
  });
  EXPECT_NE(found, venue.routes.end()) << path;
  return *found;
}

std::string Exchange::get(std::string_view target, AccountId account) {
  return send(gateway::Method::get, target, {}, account);
}

std::string Exchange::post(std::string_view path, std::string_view body, AccountId account) {
  return send(gateway::Method::post, path, body, account);
}

std::string Exchange::send(gateway::Method method, std::string_view target, std::string_view body,
                           AccountId account) {
  gateway::Request request;
  request.method = method;
  request.target = target;
  request.body = body;
  net::split_target(request);
  const gateway::Route& route = Exchange::route(method, request.path);
  response.reset();
  commands.clear();
  gateway::Call call{.request = request,
                     .view = view(),
                     .response = response,
                     .account = account,
                     .account_name = "alice",
                     .now = now,
                     .door_time = door_time,
                     .json = json,
                     .commands = commands,
                     .box_key = kBoxKey};
  if (!is_built(route)) {
    venue.refuse_not_built(call);
    return response.body;
  }
  if (route.answer) {
    route.answer(call);
    return response.body;
  }
  if (!route.decode(call)) return response.body;
  gateway::Outcomes outcomes;
  for (const CommandBody& command : commands) {
    outcomes.add(execute(command));
  }
  route.encode(call, outcomes);
  EXPECT_EQ(engine_->broken_law(), "");
  return response.body;
}

std::vector<Captured> captured_requests() {
  std::ifstream file(VENUEBOX_SOURCE_DIR "/src/venues/bybit/golden/requests.json");
  std::stringstream text;
  text << file.rdbuf();
  const std::string list = at(text.str(), "requests");
  std::deque<std::string> storage;
  const auto values = json_list(list, storage);
  EXPECT_TRUE(values);
  std::vector<Captured> captured;
  for (const JsonValue& value : *values) {
    Captured one;
    one.call = at(value.text, "call");
    one.secret = at(value.text, "credentials/secret");
    const std::string public_key = at(value.text, "credentials/rsa_public_key_spki_pem");
    if (public_key != "(absent)") one.secret = public_key;
    one.clock_ms = std::stoll(at(value.text, "clock_ms"));
    one.method = at(value.text, "method") == "GET" ? gateway::Method::get : gateway::Method::post;
    one.target = at(value.text, "path_and_query");
    one.body = at(value.text, "body");
    JsonObject headers;
    EXPECT_TRUE(headers.parse(at(value.text, "headers")));
    for (const auto& member : headers.members()) {
      one.headers.emplace_back(member.key, member.value.text);
    }
    captured.push_back(std::move(one));
  }
  return captured;
}

namespace {

TEST(Exchange, StartsWithTwoCoinsAndMoney) {
  const Exchange exchange;
  EXPECT_EQ(exchange.view().instruments().size(), 6u);
  EXPECT_EQ(exchange.view().balance(Exchange::kBob, AssetId{0}).cash.units,
            1'000'000 * power_of_ten(14));
  EXPECT_GT(captured_requests().size(), 60u);
}

}  // namespace
}  // namespace venuebox::venues::bybit
