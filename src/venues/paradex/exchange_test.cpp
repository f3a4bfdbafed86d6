// The bodies of test_exchange.h, and a test of what the other tests start from.
#include <fstream>
#include <sstream>

#include "engine/engine.h"
#include "venues/paradex/instruments.h"
#include "venues/paradex/keys.h"
#include "venues/paradex/test_exchange.h"

namespace venuebox::venues::paradex {

Exchange::Exchange(gateway::DoorSettings settings)
    : door(venue, settings), engine_(std::make_unique<engine::Engine>()) {
  for (const char* name : {"USDC", "BTC", "ETH"}) {
    const AssetId id{static_cast<std::uint16_t>(view().assets().size())};
    execute(AddAsset{{id, name, kAssetScale}});
  }
  const std::vector<std::string> bases{"BTC", "ETH"};
  const auto listings = *venue.listings(bases, door.options());
  for (const gateway::Listing& listing : listings)
    list(listing);
  for (const auto& [id, kind, name] : {std::tuple{kAlice, AccountKindOf::user, "alice"},
                                       {kBob, AccountKindOf::user, "bob"},
                                       {kMarket, AccountKindOf::market, "market"}}) {
    execute(OpenAccount{id, kind, name, kNoAccount});
    execute(Deposit{id, {1'000'000 * power_of_ten(kAssetScale), AssetId{0}}});
    if (kind != AccountKindOf::user) continue;
    gateway::Credential credential = demo_credential(name);
    credential.account = id;
    EXPECT_TRUE(door.add_credential(credential, name));
  }
  door.set_anonymous(kAlice);
}

Exchange::~Exchange() = default;

const View& Exchange::view() const { return *engine_; }

std::span<const Event> Exchange::execute(const CommandBody& body) {
  commands.push_back(body);
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

void Exchange::quote(std::int64_t bid, std::int64_t ask, std::int64_t lots,
                     std::string_view symbol) {
  const InstrumentId id = view().find_instrument(symbol, InstrumentKindOf::linear_perpetual)->id;
  execute(cancel_all(kMarket, id));
  for (const auto& [side, price] : {std::pair{Side::buy, bid}, {Side::sell, ask}}) {
    PlaceOrder order;
    order.account = kMarket;
    order.instrument = id;
    order.side = side;
    order.price = Ticks{price};
    order.quantity = Lots{lots};
    execute(order);
  }
}

void Exchange::set_index(std::int64_t dollars, std::string_view symbol) {
  const Instrument& instrument =
      *view().find_instrument(symbol, InstrumentKindOf::linear_perpetual);
  const auto price = mark_from_decimal(std::to_string(dollars), instrument);
  ASSERT_TRUE(price);
  execute(SetIndexPrice{instrument.id, *price});
}

void Exchange::open_fund(std::int64_t usdc) {
  execute(OpenAccount{kFund, AccountKindOf::insurance, "fund", kNoAccount});
  if (usdc > 0) execute(Deposit{kFund, {usdc * power_of_ten(kAssetScale), AssetId{0}}});
}

void Exchange::advance(Nanoseconds by) {
  now = now + by;
  execute(Tick{});
}

std::string Exchange::get(std::string_view target, AccountId account) {
  return send(gateway::Method::get, target, {}, account);
}
std::string Exchange::post(std::string_view target, std::string_view body, AccountId account) {
  return send(gateway::Method::post, target, body, account);
}
std::string Exchange::put(std::string_view target, std::string_view body, AccountId account) {
  return send(gateway::Method::put, target, body, account);
}
std::string Exchange::del(std::string_view target, std::string_view body, AccountId account) {
  return send(gateway::Method::del, target, body, account);
}

std::string Exchange::send(gateway::Method method, std::string_view target, std::string_view body,
                           AccountId account) {
  gateway::Request request;
  request.method = method;
  request.target = target;
  request.body = body;
  net::split_target(request);
  response.reset();
  commands.clear();
  const gateway::Moment moment{.box_time = now, .door_time = now, .box_key = kBoxKey};
  door.handle_for(account, request, response, *this, moment);
  EXPECT_EQ(engine_->broken_law(), "");
  return response.body;
}

namespace {
gateway::Method method_of(std::string_view name) {
  using gateway::Method;
  for (const Method method : {Method::get, Method::post, Method::put, Method::del}) {
    if (net::method_name(method) == name) return method;
  }
  return Method::other;
}
}  // namespace

std::vector<Captured> captured_requests() {
  std::ifstream file(VENUEBOX_SOURCE_DIR "/src/venues/paradex/golden/account_requests.json");
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
    one.clock_ms = std::stoll(at(value.text, "clock_ms"));
    one.method = method_of(at(value.text, "method"));
    one.target = at(value.text, "path_and_query");
    one.body = at(value.text, "body");
    if (one.body == "null") one.body.clear();
    one.note = at(value.text, "note");
    captured.push_back(std::move(one));
  }
  return captured;
}

namespace {

TEST(ParadexExchange, StartsWithTwoMarketsAndMoney) {
  const Exchange exchange;
  EXPECT_EQ(exchange.view().instruments().size(), 2u);
  EXPECT_EQ(exchange.view().balance(Exchange::kBob, AssetId{0}).cash.units,
            1'000'000 * power_of_ten(kAssetScale));
  EXPECT_GT(captured_requests().size(), 30u);
}

}  // namespace
}  // namespace venuebox::venues::paradex
