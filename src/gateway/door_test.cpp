#include "gateway/door.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "engine/test_desk.h"
#include "gateway/request_log.h"

namespace venuebox::gateway {
namespace {

// A venue of few routes: what the door does must not depend on a real dialect.
bool decode_order(Call& call) {
  if (call.request.body == "bad") {
    call.response.status = 400;
    return false;
  }
  PlaceOrder order;
  order.account = call.account;
  order.instrument = engine::TestDesk::kPerpetual;
  order.price = Ticks{600'000};
  order.quantity = Lots{1};
  order.value = {0, engine::TestDesk::kUsdt};
  call.commands.emplace_back(order);
  if (call.request.body == "two") call.commands.emplace_back(order);
  return true;
}
void encode_order(Call& call, const Outcomes& outcomes) {
  call.response.body = fmt::format("{} outcomes, {} events", outcomes.size(), outcomes[0].size());
}
void answer_argument(Call& call) { call.response.body = call.arguments[0]; }
void answer_last(Call& call) { call.response.body = "the last of all"; }
void let_in(Call& call) {
  const auto account = (*call.onboarding)({{}, std::string(call.arguments[0]), "", "public"});
  call.response.body = account ? fmt::format("account {}", account->raw) : account.error().text();
  call.response.body += fmt::format(", knows {}", call.credentials->size());
  if (!call.verifies) call.response.body += ", everybody";
}
void answer_time(Call& call) { call.response.body = iso_text(call.now); }

// Three units of a budget that the body names.
Cost cost_of_batch(Call& call) {
  return {
      .budget = "batch", .part = call.request.body == "b" ? "b" : "a", .per_second = 4, .units = 3};
}
bool decode_batch(Call& call) {
  call.response.body = fmt::format("{} granted", call.granted);
  return false;
}

constexpr Route kRoutes[] = {
    {Method::post, "/batch", Access::trade, "place_orders", 4, decode_batch, encode_order, nullptr,
     cost_of_batch},
    {Method::get, "/time", Access::open, "fetch_time", 0, nullptr, nullptr, answer_time},
    {Method::post, "/order", Access::trade, "place_order", 2, decode_order, encode_order, nullptr},
    {Method::get, "/candles", Access::open, "fetch_ohlcv"},
    {Method::get, "/order/{}", Access::open, "fetch_order", 0, nullptr, nullptr, answer_argument},
    {Method::get, "/order/last", Access::open, "fetch_order", 0, nullptr, nullptr, answer_last},
    {Method::post, "/onboarding/{}", Access::open, "onboard", 0, nullptr, nullptr, let_in},
    {Method::get, "/ledger", Access::read, "fetch_ledger", 1},
};

const Venue kVenue{
    .name = "acme",
    .title = "Acme",
    .limits = {.body_bytes_max = 16,
               .address = {.requests = 3, .window = seconds(5), .ban = seconds(60)}},
    .routes = kRoutes,
    .listings = nullptr,
    .authenticate =
        [](Call& call, FindCredential find, AccountId& account) {
          const Credential* found = find(call.request.header("key").value_or(""));
          if (!found) return call.response.status = 401, false;
          account = found->account;
          return true;
        },
    .demo_credential = nullptr,
    .credential_fields = nullptr,
    .credential_from = nullptr,
    .curl_example = nullptr,
    .refuse_unknown_path = [](Call& call, bool other) { call.response.status = other ? 405 : 404; },
    .refuse_not_built = [](Call& call) { call.response.status = 501; },
    .refuse = [](Call& call, RejectReason) { call.response.status = 429; },
    .refuse_address = [](Call& call) { call.response.status = 403; },
    .limit_headers =
        [](Response& response, int limit, int remaining, Timestamp) {
          response.add_header("Left", fmt::format("{}/{}", remaining, limit));
        },
};

struct DoorTest : testing::Test {
  DoorTest() { door.add_credential({engine::TestDesk::kAlice, "k", "s"}, "alice"); }

  Response& send(Method method, std::string_view path, std::string_view body = "",
                 std::string_view key = "k") {
    const net::Header headers[] = {{"KEY", key}};
    Request request;
    request.method = method;
    request.path = path;
    request.target = path;
    request.headers = headers;
    request.body = body;
    response.reset();
    door.handle(request, response, desk, {desk.clock, door_time, 1});
    log.add(request, response);
    return response;
  }

  engine::TestDesk desk;
  DoorSettings settings;
  Door door{kVenue, settings};
  Timestamp door_time = timestamp_from_ms(5'000);
  Response response;
  RequestLog log;
};

TEST_F(DoorTest, CarriesCommandsToTheDeskAndTagsTheAnswer) {
  EXPECT_EQ(send(Method::post, "/order", "two").body, "2 outcomes, 2 events");
  EXPECT_EQ(response.tag.venue, "acme");
  EXPECT_EQ(response.tag.operation, "place_order");
  EXPECT_EQ(response.tag.account, "alice");
}

TEST_F(DoorTest, ReadsArgumentsFromThePathWhereNoPlainPathMatches) {
  EXPECT_EQ(send(Method::get, "/order/7").body, "7");
  EXPECT_EQ(send(Method::get, "/order/last").body, "the last of all");
  EXPECT_EQ(send(Method::post, "/order/7").status, 405);
}

TEST_F(DoorTest, LetsStrangersInByWhoeverOpensAccounts) {
  door.set_onboarding([](const Credential& credential) -> Result<AccountId> {
    if (credential.key == "full") return invalid("key", "no more room");
    EXPECT_EQ(credential.public_key, "public");
    return AccountId{9};
  });
  EXPECT_EQ(send(Method::post, "/onboarding/0x1").body, "account 9, knows 1");
  EXPECT_EQ(send(Method::post, "/onboarding/full").body, "key: no more room, knows 1");
}

TEST_F(DoorTest, LetsInFirstAndCarriesOutLater) {
  const net::Header headers[] = {{"KEY", "k"}};
  Request request;
  request.method = Method::post;
  request.path = request.target = "/order";
  request.headers = headers;
  request.body = "two";
  const Moment moment{desk.clock, door_time, 1};
  const auto admitted = door.admit(request, response, desk.view(), moment, std::nullopt);
  ASSERT_TRUE(admitted);
  EXPECT_TRUE(admitted->carries_commands());
  EXPECT_EQ(response.headers, "Left: 1/2\r\n") << "it is counted when it comes";
  EXPECT_EQ(response.body, "");
  door.carry_out(*admitted, request, response, desk, moment);
  EXPECT_EQ(response.body, "2 outcomes, 2 events");
  EXPECT_EQ(response.headers, "Left: 1/2\r\n");
  EXPECT_EQ(response.tag.account, "alice");

  response.reset();
  door.refuse(*admitted, request, response, desk.view(), moment, RejectReason::overloaded);
  EXPECT_EQ(response.status, 429);

  response.reset();
  request.headers = {};
  EXPECT_FALSE(door.admit(request, response, desk.view(), moment, std::nullopt));
  EXPECT_EQ(response.status, 401);
}

TEST_F(DoorTest, RefusesInTheVenuesWords) {
  EXPECT_EQ(send(Method::get, "/none").status, 404);
  EXPECT_EQ(send(Method::get, "/order").status, 405);
  EXPECT_EQ(send(Method::post, "/order", "", "stranger").status, 401);
  EXPECT_EQ(send(Method::post, "/order", "bad").status, 400);
  EXPECT_EQ(send(Method::post, "/order", "more than 16 bytes").status, 413);
  EXPECT_EQ(send(Method::get, "/time", "", "stranger").status, 200);
}

TEST_F(DoorTest, SaysWhatIsNotBuiltToWhoMayAsk) {
  EXPECT_EQ(send(Method::get, "/candles", "", "stranger").status, 501);
  EXPECT_EQ(response.tag.operation, "fetch_ohlcv");
  EXPECT_EQ(send(Method::get, "/ledger", "", "stranger").status, 401);
  EXPECT_EQ(send(Method::get, "/ledger").status, 501);
  EXPECT_EQ(send(Method::get, "/ledger").status, 429) << "it costs as much as if it were there";
}

TEST_F(DoorTest, LimitsCallsPerAccountInARollingSecond) {
  EXPECT_EQ(send(Method::post, "/order").headers, "Left: 1/2\r\n");
  door_time = door_time + milliseconds(600);
  EXPECT_EQ(send(Method::post, "/order").status, 200);
  EXPECT_EQ(send(Method::post, "/order").status, 429);
  EXPECT_EQ(response.headers, "Left: 0/2\r\n");
  door_time = door_time + milliseconds(400);  // the first call is a second old
  EXPECT_EQ(send(Method::post, "/order").status, 200);
  EXPECT_EQ(send(Method::post, "/order").status, 429);
}

TEST_F(DoorTest, GrantsPartOfABatchFromTheBudgetThatItNames) {
  EXPECT_EQ(send(Method::post, "/batch").body, "3 granted");
  EXPECT_EQ(response.headers, "Left: 1/4\r\n");
  EXPECT_EQ(send(Method::post, "/batch", "b").body, "3 granted") << "a budget of its own";
  EXPECT_EQ(send(Method::post, "/batch").body, "1 granted");
  EXPECT_EQ(send(Method::post, "/batch").status, 429);
  door_time = door_time + seconds(1);
  EXPECT_EQ(send(Method::post, "/batch").body, "3 granted");
}

TEST_F(DoorTest, LimitsAddressesOnlyWhenAskedTo) {
  Door strict(kVenue, {.verify_signatures = true, .rate_limits = RateLimits::all});
  Request request;
  request.method = Method::get;
  request.path = "/time";
  const auto status = [&](Door& asked, std::string_view peer) {
    request.peer = peer;
    response.reset();
    asked.handle(request, response, desk, {desk.clock, door_time, 1});
    return response.status;
  };
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(status(strict, "10.0.0.1"), 200);
  EXPECT_EQ(status(strict, "10.0.0.1"), 403);
  EXPECT_EQ(status(strict, "10.0.0.2"), 200);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(status(door, "10.0.0.1"), 200);
}

TEST_F(DoorTest, ShowsLimitsWithoutEnforcingThem) {
  Door lax(kVenue, {.verify_signatures = false, .rate_limits = RateLimits::headers});
  lax.set_anonymous(engine::TestDesk::kBob);
  Request request;
  request.method = Method::post;
  request.path = "/order";
  for (int i = 0; i < 5; ++i) {
    response.reset();
    lax.handle(request, response, desk, {desk.clock, door_time, 1});
    EXPECT_EQ(response.status, 200);
  }
  EXPECT_EQ(response.headers, "Left: 0/2\r\n");
}

TEST_F(DoorTest, AKeyBelongsToOneAccount) {
  EXPECT_FALSE(door.add_credential({engine::TestDesk::kBob, "k", "s"}, "bob"));
  EXPECT_TRUE(door.add_credential({engine::TestDesk::kBob, "b", "s"}, "bob"));
  EXPECT_EQ(door.account_name(engine::TestDesk::kBob), "bob");
}

TEST_F(DoorTest, TheLogKeepsTheNewestRequests) {
  for (std::size_t i = 0; i < kRequestsMax + 5; ++i)
    send(Method::get, "/time");
  send(Method::get, "/none");
  EXPECT_EQ(log.total(), kRequestsMax + 6);
  std::vector<std::uint64_t> numbers;
  log.each([&](const LoggedRequest& entry) {
    numbers.push_back(entry.number);
    return true;
  });
  EXPECT_EQ(numbers.size(), kRequestsMax);
  EXPECT_EQ(numbers.front(), kRequestsMax + 6);
  EXPECT_EQ(numbers.back(), 7u);
}

}  // namespace
}  // namespace venuebox::gateway
