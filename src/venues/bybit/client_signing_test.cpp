// The client's signatures against those of a real client, and its requests too.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "crypto/rsa.h"
#include "crypto/test_rsa_key.h"
#include "venues/bybit/signing.h"
#include "venues/bybit/test_client.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::ClientRequest;

std::string header(const std::vector<std::pair<std::string, std::string>>& headers,
                   std::string_view name) {
  std::string found;
  int count = 0;
  for (const auto& [key, value] : headers) {
    if (!net::same_name(key, name)) continue;
    found = value;
    ++count;
  }
  return count == 1 ? found : std::to_string(count) + " of " + std::string(name);
}

ClientRequest request_of(const Captured& captured) {
  const std::size_t mark = std::min(captured.target.find('?'), captured.target.size());
  ClientRequest request;
  request.method = captured.method;
  request.path = captured.target.substr(0, mark);
  if (mark < captured.target.size()) request.query = captured.target.substr(mark + 1);
  request.body = captured.body;
  request.is_private = true;
  return request;
}

// Made once: finding its primes takes a while.
const crypto::TestRsaKey& rsa_key() {
  static const crypto::TestRsaKey key = crypto::make_rsa_key(2'048);
  return key;
}

bool is_by_rsa(const Captured& captured) {
  return captured.secret.starts_with("-----BEGIN PUBLIC");
}

TEST(ClientSigning, WritesTheHeadersOfEveryCapturedRequest) {
  std::map<std::string, int> calls;
  for (const Captured& captured : captured_requests()) {
    if (captured.headers.empty() || is_by_rsa(captured)) continue;
    ClientRequest request = request_of(captured);
    const std::string key = header(captured.headers, "X-BAPI-API-KEY");
    ASSERT_TRUE(
        client_dialect.sign(request, {key, captured.secret}, timestamp_from_ms(captured.clock_ms)));
    int seen = 0;
    for (const auto& [name, value] : captured.headers) {
      if (!name.starts_with("X-BAPI-")) continue;
      EXPECT_EQ(header(request.headers, name), value) << captured.call << " " << captured.target;
      ++seen;
    }
    EXPECT_EQ(seen, 4) << captured.call;
    ++calls[captured.call];
  }
  for (const char* call :
       {"createOrder", "editOrder", "cancelOrder", "cancelAllOrders", "fetchOpenOrders",
        "fetchOrder", "fetchBalance", "fetchPositions", "fetchMyTrades", "setLeverage"}) {
    EXPECT_GT(calls[call], 0) << call;
  }
}

// The private half of the captured key was not kept: what it signed is checked as the server does,
// over the very bytes that this end signs.
TEST(ClientSigning, SignsTheBytesThatRsaKeysOfOthersSigned) {
  int seen = 0;
  for (const Captured& captured : captured_requests()) {
    if (captured.headers.empty() || !is_by_rsa(captured)) continue;
    const std::string timestamp = std::to_string(captured.clock_ms);
    const std::string key = header(captured.headers, "X-BAPI-API-KEY");
    const ClientRequest request = request_of(captured);
    const Signable parts{
        .timestamp = timestamp,
        .key = key,
        .recv_window = "5000",
        .payload = request.method == net::Method::get ? request.query : request.body};
    EXPECT_TRUE(crypto::rsa_sha256_verifies(captured.secret, pre_image(parts),
                                            header(captured.headers, "X-BAPI-SIGN")));
    ++seen;
  }
  EXPECT_EQ(seen, 2);
}

TEST(ClientSigning, SignsWithAnRsaKey) {
  const crypto::TestRsaKey& key = rsa_key();
  int seen = 0;
  for (const Captured& captured : captured_requests()) {
    if (captured.headers.empty()) continue;
    ClientRequest request = request_of(captured);
    ASSERT_TRUE(client_dialect.sign(request, {"myRsaKey", key.private_pem},
                                    timestamp_from_ms(captured.clock_ms)));
    const std::string payload = request.method == net::Method::get ? request.query : request.body;
    EXPECT_TRUE(crypto::rsa_sha256_verifies(
        key.public_pem, std::to_string(captured.clock_ms) + "myRsaKey5000" + payload,
        header(request.headers, "X-BAPI-SIGN")))
        << captured.call;
    if (++seen == 5) break;  // each takes milliseconds
  }
  EXPECT_EQ(seen, 5);
}

TEST(ClientSigning, RefusesAPrivateKeyThatIsNone) {
  const crypto::TestRsaKey& key = rsa_key();
  const std::string cut = key.private_pem.substr(0, 300) + "\n-----END PRIVATE KEY-----\n";
  for (const std::string& secret : {cut, key.locked_pem, std::string("PRIVATE KEY")}) {
    ClientRequest request = client_dialect.fetch_balance();
    const auto signed_by = client_dialect.sign(request, {"myRsaKey", secret}, Timestamp{});
    ASSERT_FALSE(signed_by);
    EXPECT_EQ(signed_by.error().where, "secret");
    EXPECT_EQ(signed_by.error().text().find(secret.substr(0, 40)), std::string::npos);
    EXPECT_TRUE(request.headers.empty()) << "a request with half a proof is worse than one without";
  }
}

TEST(ClientSigning, SignsAgainInPlaceOfAnEarlierTime) {
  Wire wire;
  ClientRequest request = client_dialect.fetch_balance();
  const gateway::ClientKeys keys{.key = "k", .secret = "s"};
  ASSERT_TRUE(client_dialect.sign(request, keys, timestamp_from_ms(1)));
  EXPECT_EQ(wire.judged(request).verdict, gateway::Verdict::ok) << "signed anew when it was sent";
}

// ---- what is signed -----------------------------------------------------------------------------

// The members of a body, or the parameters of a query, whatever their order.
std::map<std::string, std::string> terms_of(const ClientRequest& request) {
  std::map<std::string, std::string> terms;
  if (request.method == net::Method::post) {
    JsonObject json;
    EXPECT_TRUE(json.parse(request.body)) << request.body;
    for (const auto& member : json.members())
      terms[std::string(member.key)] = member.value.text;
    return terms;
  }
  std::string_view rest = request.query;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find('&'));
    const std::size_t equals = one.find('=');
    terms[std::string(one.substr(0, equals))] = one.substr(equals + 1);
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
  }
  return terms;
}

struct OrderArguments {
  OrderType type = OrderType::limit;
  Side side = Side::buy;
  const char* price = "36000";
};

unified::NewOrder order(std::string_view symbol, const OrderArguments& arguments) {
  unified::NewOrder order;
  order.symbol = symbol;
  order.side = arguments.side;
  order.type = arguments.type;
  order.quantity = decimal("0.01");
  if (arguments.type == OrderType::limit) order.price = decimal(arguments.price);
  return order;
}

// What ccxt captured with the same arguments, in the order of the capture.
struct SameOrder {
  unified::NewOrder order;
  std::string_view body;
};

std::vector<SameOrder> same_orders() {
  const auto limit = [](auto change, const char* price = "36000", Side side = Side::buy) {
    unified::NewOrder wanted = order(kLinear, {OrderType::limit, side, price});
    change(wanted);
    return wanted;
  };
  const auto market = [](Side side, auto change, std::string_view symbol = kLinear) {
    unified::NewOrder wanted = order(symbol, {OrderType::market, side, ""});
    change(wanted);
    return wanted;
  };
  const auto as_is = [](unified::NewOrder&) {};
  const auto triggers = [](const char* price, TriggerDirection direction) {
    return [=](unified::NewOrder& o) {
      o.trigger_price = decimal(price);
      o.trigger_direction = direction;
    };
  };
  unified::NewOrder spot_limit = order(kSpot, {});
  spot_limit.client_order_id = "spot-1";
  unified::NewOrder spot_stop = order(kSpot, {OrderType::limit, Side::sell, "35900"});
  spot_stop.trigger_price = decimal("36000");
  return {
      {limit([](auto& o) { o.client_order_id = "cli-1"; }), "cli-1"},
      {limit([](auto& o) { o.is_post_only = true; }), "PostOnly"},
      {limit([](auto& o) { o.time_in_force = TimeInForce::ioc; }), "\"IOC\""},
      {limit([](auto& o) { o.time_in_force = TimeInForce::fok; }), "\"FOK\""},
      {limit([](auto& o) { o.is_reduce_only = true; }, "38000", Side::sell), "\"price\":\"38000\""},
      {market(Side::sell, [](auto& o) { o.is_reduce_only = true; }),
       R"("Market","category":"linear","qty":"0.01","reduceOnly":true)"},
      {market(Side::sell, as_is),
       R"("Sell","orderType":"Market","category":"linear","qty":"0.01"})"},
      {market(Side::buy, triggers("38000", TriggerDirection::rises)), "\"triggerPrice\":\"38000\""},
      {limit(triggers("36000", TriggerDirection::falls), "35900", Side::sell),
       R"("triggerDirection":2,"triggerPrice":"36000")"},
      {spot_limit, "spot-1"},
      {spot_stop, "StopOrder"},
      {market(Side::buy, as_is, kSpot), R"("marketUnit":"baseCoin","qty":"0.01")"},
      {market(Side::sell, as_is, kSpot), R"("Sell","orderType":"Market","category":"spot")"},
  };
}

TEST(ClientRequests, AskForOrdersAsARealClientDoes) {
  const Wire wire;
  const std::vector<Captured> captures = captured_requests();
  for (const SameOrder& same : same_orders()) {
    const auto captured = std::ranges::find_if(captures, [&](const Captured& one) {
      return one.call == "createOrder" && one.body.find(same.body) != std::string::npos;
    });
    ASSERT_NE(captured, captures.end()) << same.body;
    const auto request = client_dialect.create_order(same.order, wire.market(same.order.symbol));
    ASSERT_TRUE(request) << request.error().text();
    EXPECT_EQ(request->path, captured->target);
    EXPECT_EQ(terms_of(*request), terms_of(request_of(*captured))) << captured->body;
  }
}

TEST(ClientRequests, NameOrdersAsARealClientDoes) {
  const Wire wire;
  unified::OrderRow changed;
  changed.id = "fd4300ae-7847-404e-b947-b46980a4d140";
  changed.quantity = decimal("0.02");
  changed.price = decimal("36100");
  const unified::Market& linear = wire.market(kLinear);
  const std::vector<std::pair<std::string, Result<ClientRequest>>> made{
      {"editOrder", client_dialect.edit_order(linear, changed)},
      {"cancelOrder", client_dialect.cancel_order(linear, {.id = changed.id})},
      {"cancelOrder", client_dialect.cancel_order(linear, {.id = "", .client_order_id = "cli-1"})},
      {"cancelOrder",
       client_dialect.cancel_order(wire.market(kSpot), {.id = "1321003749386327552"})},
      {"cancelAllOrders", client_dialect.cancel_all_orders(linear).front()},
      {"fetchOrder", client_dialect.fetch_order(linear, {.id = changed.id})},
      {"fetchMyTrades", client_dialect.fetch_my_trades(linear, 50)},
      {"fetchBalance", client_dialect.fetch_balance()},
      {"fetchPositions", client_dialect.fetch_positions()},
      {"fetchTicker", client_dialect.fetch_ticker(linear)},
      {"fetchOrderBook", client_dialect.fetch_order_book(wire.market(kSpot), 50)},
      {"fetchTrades", client_dialect.fetch_trades(linear, 100)},
      {"fetchOHLCV", client_dialect.fetch_ohlcv(linear, 1, 5, {})},
      {"loadMarkets", client_dialect.fetch_markets()[0]},
      {"loadMarkets", client_dialect.fetch_markets()[1]},
      {"fetchTime", client_dialect.fetch_time()},
  };
  const std::vector<Captured> captures = captured_requests();
  for (const auto& [call, request] : made) {
    ASSERT_TRUE(request) << call;
    EXPECT_TRUE(std::ranges::any_of(captures,
                                    [&](const Captured& one) {
                                      const ClientRequest theirs = request_of(one);
                                      return one.call == call && theirs.path == request->path &&
                                             terms_of(theirs) == terms_of(*request);
                                    }))
        << call << " " << request->query << request->body;
  }
}

TEST(ClientRequests, RefuseWhatBybitHasNoWordsFor) {
  const Wire wire;
  const auto refused = [&](std::string_view symbol, auto change) {
    unified::NewOrder wanted = order(symbol, {});
    change(wanted);
    const auto request = client_dialect.create_order(wanted, wire.market(symbol));
    return request ? std::string("sent") : request.error().where;
  };
  EXPECT_EQ(refused(kLinear, [](auto&) {}), "sent");
  EXPECT_EQ(refused(kLinear, [](auto& o) { o.price.reset(); }), "price");
  EXPECT_EQ(refused(kLinear, [](auto& o) { o.price = decimal("0"); }), "price");
  EXPECT_EQ(refused(kLinear, [](auto& o) { o.quantity = decimal("-1"); }), "quantity");
  EXPECT_EQ(refused(kLinear, [](auto& o) { o.time_in_force = TimeInForce::gtd; }), "time_in_force");
  EXPECT_EQ(refused(kLinear,
                    [](auto& o) {
                      o.type = OrderType::market;
                      o.time_in_force = TimeInForce::fok;
                    }),
            "time_in_force");
  EXPECT_EQ(refused(kLinear,
                    [](auto& o) {
                      o.is_post_only = true;
                      o.time_in_force = TimeInForce::ioc;
                    }),
            "is_post_only");
  EXPECT_EQ(refused(kLinear, [](auto& o) { o.trigger_price = decimal("1"); }), "trigger_direction");
  EXPECT_EQ(refused(kSpot, [](auto& o) { o.trigger_price = decimal("1"); }), "sent");
  EXPECT_EQ(refused(kSpot, [](auto& o) { o.trigger_price = decimal("0"); }), "trigger_price");
  EXPECT_EQ(refused(kSpot, [](auto& o) { o.is_reduce_only = true; }), "is_reduce_only");
  EXPECT_EQ(refused(kSpot, [](auto& o) { o.client_order_id = "a b"; }), "client_order_id");
  EXPECT_EQ(refused(kSpot, [](auto& o) { o.client_order_id = std::string(37, 'a'); }),
            "client_order_id");
  const unified::Market& market = wire.market(kLinear);
  EXPECT_FALSE(client_dialect.cancel_order(market, {}));
  EXPECT_FALSE(client_dialect.fetch_order(market, {})) << "all orders would be taken for one";
  EXPECT_FALSE(client_dialect.edit_order(market, {}));
}

TEST(ClientRequests, WriteNumbersAsTheyAre) {
  const Wire wire;
  unified::NewOrder wanted = order(kSpot, {});
  wanted.quantity = decimal("0.000000000000000000000000000001");
  wanted.price = decimal("123456789012345678901234567890");
  const auto request = client_dialect.create_order(wanted, wire.market(kSpot));
  ASSERT_TRUE(request);
  EXPECT_EQ(at(request->body, "qty"), "0.000000000000000000000000000001");
  EXPECT_EQ(at(request->body, "price"), "123456789012345678901234567890");
}

TEST(ClientRequests, EncodeWhatStandsInAQuery) {
  const Wire wire;
  const auto request = client_dialect.fetch_order(wire.market(kLinear), {.id = "a&category=spot%"});
  ASSERT_TRUE(request);
  EXPECT_EQ(request->query, "category=linear&symbol=BTCUSDT&orderId=a%26category%3Dspot%25");
}

}  // namespace
}  // namespace venuebox::venues::bybit
