// What the client makes of refusals: those of the server's side, and those that only the real venue
// and the proxies in front of it give.
#include <gtest/gtest.h>

#include "venues/bybit/errors.h"
#include "venues/bybit/test_client.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::ClientRequest;
using gateway::ClientResponse;
using gateway::VenueAnswer;
using gateway::Verdict;

ClientRequest call_by(net::Method method) {
  ClientRequest request;
  request.method = method;
  return request;
}

VenueAnswer judged(const ClientResponse& response, net::Method method = net::Method::post) {
  return client_dialect.judge(call_by(method), response);
}

ClientResponse refusal(std::int64_t code, std::string_view words, int status = 200) {
  std::string body;
  JsonWriter json(body);
  json.open().number("retCode", code).text("retMsg", words).key("result").open().close();
  json.key("retExtInfo").open().close().number("time", 1'700'000'000'000).close();
  return {.status = status, .headers = {}, .body = body};
}

ClientResponse page(int status, std::string_view body) {
  return {.status = status, .headers = {}, .body = std::string(body)};
}

// ---- every reason that trading has --------------------------------------------------------------

Verdict expected(RejectReason reason) {
  switch (reason) {
    case RejectReason::unknown_account: return Verdict::not_authorised;
    case RejectReason::unknown_order: return Verdict::unknown_order;
    case RejectReason::price_not_positive:
    case RejectReason::price_too_high:
    case RejectReason::price_outside_band:
    case RejectReason::trigger_already_reached: return Verdict::bad_price;
    case RejectReason::duplicate_client_order_id: return Verdict::duplicate_client_order_id;
    case RejectReason::insufficient_balance:
    case RejectReason::insufficient_margin: return Verdict::insufficient_funds;
    case RejectReason::rate_limited: return Verdict::rate_limited;
    case RejectReason::overloaded: return Verdict::uncertain;
    case RejectReason::instrument_halted:
    case RejectReason::instrument_cancel_only:
    case RejectReason::instrument_post_only:
    case RejectReason::maintenance: return Verdict::maintenance;
    case RejectReason::leverage_unchanged: return Verdict::ok;
    default: return is_transient(reason) ? Verdict::unavailable : Verdict::refused;
  }
}

TEST(ClientVerdict, KnowsEveryReasonOfTheServersSide) {
  for (int i = 0; i < kRejectReasons; ++i) {
    const auto reason = static_cast<RejectReason>(i);
    // Bybit has one code for both, and the price is the likelier.
    if (reason == RejectReason::quantity_below_filled) continue;
    for (const auto kind : {InstrumentKindOf::spot, InstrumentKindOf::linear_perpetual}) {
      const VenueError& error = venue_error(reason, kind);
      const VenueAnswer answer = judged(refusal(error.code, error.text, error.status));
      EXPECT_EQ(answer.verdict, expected(reason)) << name_of(reason) << " " << error.code;
      EXPECT_EQ(answer.code, error.code);
      EXPECT_EQ(answer.words, error.text);
    }
  }
}

// ---- over the wire ------------------------------------------------------------------------------

struct Refused {
  const char* what;
  Verdict verdict;
  int spot_code;
  int linear_code;
  void (*change)(unified::NewOrder&);
};

constexpr Refused kRefused[] = {
    {"off the tick", Verdict::bad_price, 170134, 10001,
     [](unified::NewOrder& o) { o.price = decimal("36000.05"); }},
    {"far too high", Verdict::bad_price, 170132, 110003,
     [](unified::NewOrder& o) { o.price = decimal("9999999"); }},
    {"off the lot", Verdict::refused, 170137, 10001,
     [](unified::NewOrder& o) { o.quantity = decimal("0.0100000001"); }},
    {"too little", Verdict::refused, 170136, 10001,
     [](unified::NewOrder& o) { o.quantity = decimal("0.000001"); }},
    {"too dear", Verdict::insufficient_funds, 170131, 110007,
     [](unified::NewOrder& o) { o.quantity = decimal(o.symbol == kSpot ? "80" : "400"); }},
    {"there already", Verdict::duplicate_client_order_id, 170141, 110072,
     [](unified::NewOrder& o) { o.client_order_id = "taken"; }},
};

TEST(ClientVerdict, TellsRefusalsOfOrdersApart) {
  Wire wire;
  unified::NewOrder good;
  good.symbol = kSpot;
  good.quantity = decimal("0.01");
  good.price = decimal("36000");
  good.client_order_id = "taken";
  wire.place(good);
  good.client_order_id.clear();
  for (const std::string_view symbol : {kSpot, kLinear}) {
    good.symbol = symbol;
    for (const Refused& row : kRefused) {
      unified::NewOrder order = good;
      row.change(order);
      const VenueAnswer answer =
          wire.judged(client_dialect.create_order(order, wire.market(symbol)));
      EXPECT_EQ(answer.verdict, row.verdict) << row.what << ": " << answer.words;
      EXPECT_EQ(answer.code, symbol == kSpot ? row.spot_code : row.linear_code) << row.what;
      EXPECT_FALSE(answer.words.empty());
    }
  }
}

TEST(ClientVerdict, TellsATriggerThatWentBy) {
  Wire wire;
  unified::NewOrder order;
  order.symbol = kLinear;
  order.type = OrderType::market;
  order.quantity = decimal("0.01");
  wire.place(order, "bob");  // a last price
  order.trigger_price = decimal("36000");
  order.trigger_direction = TriggerDirection::rises;
  const auto answer = wire.judged(client_dialect.create_order(order, wire.market(kLinear)));
  EXPECT_EQ(answer.verdict, Verdict::bad_price);
  EXPECT_EQ(answer.code, 110092);
}

TEST(ClientVerdict, TellsUnknownOrders) {
  Wire wire;
  for (const auto& [symbol, code] : {std::pair{kSpot, 170213}, {kLinear, 110001}}) {
    const unified::Market& market = wire.market(symbol);
    unified::OrderRow changed;
    changed.quantity = decimal("1");
    changed.client_order_id = "nobodys";
    for (const auto& request :
         {client_dialect.cancel_order(market, {.id = "", .client_order_id = "nobodys"}),
          client_dialect.edit_order(market, changed)}) {
      const VenueAnswer answer = wire.judged(request);
      EXPECT_EQ(answer.verdict, Verdict::unknown_order);
      EXPECT_EQ(answer.code, code);
    }
  }
}

TEST(ClientVerdict, TellsWhoIsAtTheDoor) {
  Wire wire;
  const auto verdict = [&](const gateway::ClientKeys& keys, Timestamp clock) {
    ClientRequest request = client_dialect.fetch_balance();
    EXPECT_TRUE(client_dialect.sign(request, keys, clock));
    request.is_private = false;  // as it is, then
    return wire.judged(request).verdict;
  };
  const gateway::Credential alice = venue.demo_credential("alice");
  EXPECT_EQ(verdict({alice.key, alice.secret}, wire.clock), Verdict::ok);
  EXPECT_EQ(verdict({alice.key, "wrong"}, wire.clock), Verdict::not_authorised);
  EXPECT_EQ(verdict({"nobody", alice.secret}, wire.clock), Verdict::not_authorised);
  EXPECT_EQ(verdict({alice.key, alice.secret}, wire.clock + seconds(-6)), Verdict::stale_clock);
  EXPECT_EQ(verdict({alice.key, alice.secret}, wire.clock + seconds(1)), Verdict::stale_clock);
  ClientRequest unsigned_request = client_dialect.fetch_balance();
  unsigned_request.is_private = false;
  EXPECT_EQ(wire.judged(unsigned_request).verdict, Verdict::not_authorised) << "10001 with 401";
}

TEST(ClientVerdict, TellsHowLongToWait) {
  Wire wire;
  wire.exchange.now = wire.clock;
  unified::NewOrder order;
  order.symbol = kLinear;
  order.quantity = decimal("0.001");
  order.price = decimal("36000");
  VenueAnswer answer;
  int taken = 0;
  while (taken < 20) {
    answer = wire.judged(client_dialect.create_order(order, wire.market(kLinear)));
    if (answer.verdict != Verdict::ok) break;
    ++taken;
  }
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(answer.verdict, Verdict::rate_limited);
  EXPECT_EQ(answer.code, 10006);
  EXPECT_EQ(answer.retry_after, seconds(1));
  wire.clock = wire.door_time = wire.clock + answer.retry_after;
  EXPECT_EQ(wire.judged(client_dialect.create_order(order, wire.market(kLinear))).verdict,
            Verdict::ok);
}

// ---- what only the real venue says --------------------------------------------------------------

TEST(ClientVerdict, BelievesNoWaitThatCannotBe) {
  for (const char* reset : {"", "soon", "1e3", "-5", "1600000000000", "1700000000000",
                            "99999999999999999999", "9223372036854775807", "1700009999999"}) {
    ClientResponse response = refusal(10006, "Too many visits.");
    response.headers = {{"x-bapi-limit-reset-timestamp", reset}};
    EXPECT_EQ(judged(response).verdict, Verdict::rate_limited);
    EXPECT_EQ(judged(response).retry_after, Nanoseconds{}) << reset;
  }
  ClientResponse response = refusal(10006, "Too many visits.");
  response.headers = {{"x-bapi-limit-reset-timestamp", "1700000000250"}};
  EXPECT_EQ(judged(response).retry_after, milliseconds(250));
}

TEST(ClientVerdict, AsksAgainOnlyWhatChangesNothing) {
  for (const auto& response :
       {refusal(10000, "Server Timeout"), refusal(10016, "Server error."),
        refusal(170146, "Order creation timeout"), refusal(99999, "Request timeout"),
        refusal(99999, "whatever", 502), refusal(0, "OK", 500), page(502, "<html>Bad gateway"),
        page(503, ""), page(504, "{"), page(520, "{}")}) {
    EXPECT_EQ(judged(response, net::Method::post).verdict, Verdict::uncertain) << response.body;
    EXPECT_EQ(judged(response, net::Method::get).verdict, Verdict::unavailable) << response.body;
  }
  for (const int code : {110079, 182000}) {
    EXPECT_EQ(judged(refusal(code, "not now")).verdict, Verdict::unavailable);
  }
}

TEST(ClientVerdict, GoesByTheStatusOfWhatStandsInFront) {
  const VenueAnswer banned = judged(page(403, "access too frequent"));
  EXPECT_EQ(banned.verdict, Verdict::rate_limited);
  EXPECT_EQ(banned.retry_after, seconds(600));
  EXPECT_EQ(judged(page(403, "<p>block access from your country</p>")).verdict,
            Verdict::not_authorised);
  EXPECT_EQ(judged(page(429, "")).verdict, Verdict::rate_limited);
  EXPECT_EQ(judged(refusal(429, "System frequency protection", 429)).verdict,
            Verdict::rate_limited);
  EXPECT_EQ(judged(page(401, "")).verdict, Verdict::not_authorised);
}

TEST(ClientVerdict, TakesTheCodeAsTextToo) {
  EXPECT_EQ(judged(page(200, R"({"retCode":"0","retMsg":"OK"})")).verdict, Verdict::ok);
  EXPECT_EQ(judged(page(200, R"({"retCode":"110001","retMsg":""})")).verdict,
            Verdict::unknown_order);
}

TEST(ClientVerdict, KnowsWhatIsNoAnswer) {
  const std::vector<std::string_view> none{
      "",
      "<html></html>",
      "null",
      "[]",
      "{}",
      "\x1f\x8b\x08",
      R"({"retCode":null})",
      R"({"retCode":true})",
      R"({"retCode":{}})",
      R"({"retCode":0.5})",
      R"({"retCode":-1})",
      R"({"retCode":99999999999999999999})",
      R"({"retCode":2147483648})",
      R"({"retCode":0,"retCode":110001})",
      R"({"code":"0","msg":"","data":[]})",             // of another venue
      R"({"code":-1121,"msg":"Invalid symbol."})",      // of another venue
      R"({"status":"ok","response":{"type":"order"}})"  // of another venue
  };
  for (const std::string_view body : none) {
    EXPECT_EQ(judged(page(200, body)).verdict, Verdict::garbled) << body;
    EXPECT_EQ(judged(page(404, body)).verdict, Verdict::garbled) << body;
  }
  EXPECT_EQ(judged(refusal(0, "OK", 302)).verdict, Verdict::garbled);
}

TEST(ClientVerdict, TellsMaintenanceFromOverload) {
  EXPECT_EQ(judged(refusal(110066, "Trading is currently not allowed.")).verdict,
            Verdict::maintenance);
  EXPECT_EQ(judged(refusal(123456, "System maintenance, try again later")).verdict,
            Verdict::maintenance);
  EXPECT_EQ(judged(page(503, "<h1>Scheduled Maintenance</h1>")).verdict, Verdict::maintenance);
  EXPECT_EQ(judged(page(503, "<p><h1>503 Maintenance until 02:40</h1></p>")).words,
            "HTTP 503: 503 Maintenance until 02:40");
  EXPECT_EQ(judged(page(503, "Under maintenance")).words, "HTTP 503: closed for maintenance");
  EXPECT_EQ(judged(page(503, "<h1>Busy</h1>")).verdict, Verdict::uncertain);
  EXPECT_EQ(judged(page(502, "maintenance")).verdict, Verdict::uncertain)
      << "a gateway that lost its server";
  EXPECT_EQ(judged(refusal(10016, "maintenance of the server failed")).verdict, Verdict::uncertain)
      << "a code that is known says more than words";
}

TEST(ClientVerdict, TakesALeverageThatIsSetAlreadyForSet) {
  EXPECT_EQ(judged(refusal(110043, "leverage not modified")).verdict, Verdict::ok);
}

TEST(ClientVerdict, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(judged(refusal(123456, "something new")).verdict, Verdict::refused);
}

}  // namespace
}  // namespace venuebox::venues::bybit
