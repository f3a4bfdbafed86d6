// Every request that a real client was seen to send, through the whole door at its own time: its
// signatures count, and it is answered, or refused in the venue's words where it names an order
// that this exchange has not got.
#include <fstream>
#include <sstream>

#include "venues/paradex/instruments.h"
#include "venues/paradex/jwt.h"
#include "venues/paradex/test_client.h"
#include "venues/paradex/test_signed_requests.h"
#include "venues/paradex/test_streams.h"

namespace venuebox::venues::paradex {
namespace {
constexpr AccountId kOnboarded{3};

struct CapturedMessage {
  std::string call;
  std::string clock_ms;
  gateway::ClientRequest request;
  bool is_stream = false;
};

gateway::Method method_of(std::string_view name) {
  using gateway::Method;
  for (const Method method : {Method::get, Method::post, Method::put, Method::del}) {
    if (net::method_name(method) == name) return method;
  }
  return Method::other;
}

// Tokens are those of a listener; a token of this box stands in their place.
std::string with_token(std::string text, std::string_view token) {
  constexpr std::string_view kCaptured = "dummy.jwt.token";
  const std::size_t at = text.find(kCaptured);
  return at == std::string::npos ? text : text.replace(at, kCaptured.size(), token);
}

CapturedMessage message_from(std::string_view json, std::string_view token) {
  CapturedMessage message;
  message.call = at(json, "call");
  message.clock_ms = at(json, "clock_ms");
  const std::string method = at(json, "method");
  message.is_stream = method == "WS";
  gateway::ClientRequest& request = message.request;
  request.method = method_of(method);
  const std::string target = at(json, "path_and_query");
  const std::size_t query = target.find('?');
  request.path = target.substr(0, query);
  if (query != std::string::npos) request.query = target.substr(query + 1);
  request.body = with_token(at(json, "body"), token);
  if (request.body == "null") request.body.clear();
  JsonObject headers;
  EXPECT_TRUE(headers.parse(at(json, "headers")));
  for (const auto& [name, value] : headers.members())
    request.headers.emplace_back(name, with_token(std::string(value.text), token));
  return message;
}

std::vector<CapturedMessage> captured_messages(std::string_view token) {
  std::ifstream file(VENUEBOX_SOURCE_DIR "/src/venues/paradex/golden/client_requests.json");
  std::stringstream text;
  text << file.rdbuf();
  const std::string list = at(text.str(), "requests");
  std::deque<std::string> storage;
  const auto values = json_list(list, storage);
  EXPECT_TRUE(values);
  std::vector<CapturedMessage> messages;
  for (const JsonValue& value : *values)
    messages.push_back(message_from(value.text, token));
  return messages;
}

// Its wallet's account is opened with a demo balance when it comes in.
void let_in(Exchange& exchange) {
  exchange.door.set_onboarding([&](const gateway::Credential& credential) -> Result<AccountId> {
    gateway::Credential owned = credential;
    owned.account = kOnboarded;
    exchange.execute(OpenAccount{kOnboarded, AccountKindOf::user, "ccxt", kNoAccount});
    exchange.execute(Deposit{kOnboarded, {1'000'000 * power_of_ten(kAssetScale), AssetId{0}}});
    EXPECT_TRUE(exchange.door.add_credential(owned, "ccxt"));
    return owned.account;
  });
}

// What is refused of a request that names an order: there is none of that name.
bool is_unknown_order(const gateway::ClientRequest& request, const std::string& body) {
  const std::string code = at(body, "error");
  return request.path.starts_with("/v1/orders/") &&
         (code == "ORDER_ID_NOT_FOUND" || code == "CLIENT_ORDER_ID_NOT_FOUND" ||
          code == "ORDER_IS_CLOSED");
}

// The box keeps candles of trades, none of the mark price, and says so.
bool is_mark_candle(const gateway::ClientRequest& request, int status) {
  return request.query.find("price_kind=mark") != std::string::npos && status == 501;
}

TEST(ParadexCaptured, EveryRequestIsServed) {
  Wire wire;
  let_in(wire.exchange);
  const std::string token = issued_token(Exchange::kBoxKey, kAddress, wire.exchange.now);
  int served = 0;
  for (const CapturedMessage& message : captured_messages(token)) {
    if (message.is_stream) continue;
    ASSERT_EQ(message.clock_ms, std::to_string(wire.exchange.now.ms())) << "its own time";
    const auto answer = wire.carry(message.request);
    const bool is_good = answer.status >= 200 && answer.status < 300;
    EXPECT_TRUE(is_good || is_unknown_order(message.request, answer.body) ||
                is_mark_candle(message.request, answer.status))
        << message.call << " " << message.request.path << " was answered " << answer.status << " "
        << answer.body;
    ++served;
  }
  EXPECT_EQ(served, 61);
}

TEST_F(ParadexStreams, EveryCapturedMessageIsAgreedTo) {
  const std::string address(exchange.door.credential_of(Exchange::kAlice)->key);
  const std::string token = issued_token(Exchange::kBoxKey, address, exchange.now);
  int said = 0;
  for (const CapturedMessage& message : captured_messages(token)) {
    if (!message.is_stream) continue;
    const std::string answer = say(message.request.body);
    EXPECT_NE(at(answer, "result"), "(absent)") << message.request.body << " " << answer;
    ++said;
  }
  EXPECT_EQ(said, 6);
}

}  // namespace
}  // namespace venuebox::venues::paradex
