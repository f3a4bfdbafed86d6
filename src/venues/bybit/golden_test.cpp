// Every captured request through a whole door: routed, authenticated, charged, executed, answered.
#include "gateway/door.h"
#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

// What a request cannot get in a box that has just begun, and why. Everything else is answered with
// retCode 0.
struct Refused {
  std::string_view call;
  std::string_view what;  // part of the body
  std::string_view code;
  std::string_view why;
};
constexpr Refused kRefused[] = {
    {"createOrder", "\"qty\":\"0.01\",\"reduceOnly\":true}", "110017", "there is no position yet"},
    {"createOrder", "\"positionIdx\":1", "10001", "positions are one-way"},
    {"editOrder", "fd4300ae", "110001", "no such order"},
    {"cancelOrder", "fd4300ae", "110001", "no such order"},
    {"cancelOrder", "1321003749386327552", "170213", "no such order"},
    {"cancelOrder", "cli-1", "110001", "no such order"},
    {"setLeverage", "\"10\"", "110043", "it is 10 already"},
    {"setPositionMode", "\"mode\":0", "110025", "it is 0 already"},
    {"transfer", "\"FUND\"", "131207", "there is no funding account"},
};

std::string_view expected_code(const Captured& captured) {
  for (const Refused& row : kRefused) {
    if (row.call == captured.call && captured.body.find(row.what) != std::string::npos) {
      return row.code;
    }
  }
  return "0";
}

// Answers the request in a new exchange whose clock shows when it was sent.
std::string answer(const Captured& captured, gateway::Response& response) {
  Exchange exchange;
  exchange.quote("linear", 369'990, 370'010, 100'000);
  exchange.quote("spot", 369'990, 370'010, 10'000'000);
  gateway::Door door(venue, {});
  door.add_credential({Exchange::kAlice, "mockxBybitKey000001", captured.secret}, "alice");
  std::vector<net::Header> headers;
  for (const auto& [name, value] : captured.headers)
    headers.push_back({name, value});
  gateway::Request request;
  request.method = captured.method;
  request.target = captured.target;
  request.headers = headers;
  request.body = captured.body;
  net::split_target(request);
  const Timestamp door_time = timestamp_from_ms(captured.clock_ms);
  door.handle(request, response, exchange, {exchange.now, door_time, Exchange::kBoxKey});
  return response.body;
}

TEST(Golden, EveryCapturedRequestIsAnswered) {
  std::set<std::string> seen;
  for (const Captured& captured : captured_requests()) {
    gateway::Response response;
    const std::string body = answer(captured, response);
    const std::string line = captured.call + " " + captured.target + " " + captured.body;
    EXPECT_EQ(at(body, "retCode"), expected_code(captured)) << line << "\n" << body;
    EXPECT_EQ(response.status, 200) << line;
    EXPECT_EQ(at(body, "retExtInfo").front(), '{') << line;
    EXPECT_EQ(at(body, "result").front(), '{') << line;
    const bool is_private = !captured.headers.empty();
    EXPECT_EQ(response.headers.find("X-Bapi-Limit-Status") != std::string::npos, is_private)
        << line << "\n"
        << response.headers;
    EXPECT_FALSE(response.tag.operation.empty()) << line;
    seen.insert(captured.call);
  }
  EXPECT_EQ(seen.size(), 37u) << "calls of the client, each at least once";
}

TEST(Golden, EveryRowOfTheTableIsMet) {
  for (const Refused& row : kRefused) {
    bool met = false;
    for (const Captured& captured : captured_requests()) {
      met |= row.call == captured.call && captured.body.find(row.what) != std::string::npos;
    }
    EXPECT_TRUE(met) << row.call << " " << row.what;
  }
}

// ---- rate limits --------------------------------------------------------------------------------

struct LimitsTest : testing::Test {
  LimitsTest() { exchange.quote("linear", 369'990, 370'010, 100'000); }

  // Sends past the signature, so that only the limits say no.
  std::string send(gateway::Method method, std::string_view target, std::string_view body) {
    gateway::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.peer = "127.0.0.1";
    net::split_target(request);
    response.reset();
    door.handle(request, response, exchange, {exchange.now, door_time, Exchange::kBoxKey});
    return response.body;
  }
  std::string order(std::string_view category, int number) {
    return send(gateway::Method::post, "/v5/order/create",
                fmt::format(R"({{"category":"{}","symbol":"BTCUSDT","side":"Buy",)"
                            R"("orderType":"Limit","price":"30000","qty":"0.001",)"
                            R"("orderLinkId":"{}-{}"}})",
                            category, category, number));
  }
  int accepted(std::string_view category, int tries) {
    int count = 0;
    for (int i = 0; i < tries; ++i)
      count += at(order(category, i), "retCode") == "0" ? 1 : 0;
    return count;
  }

  Exchange exchange;
  gateway::Door door{venue, {.verify_signatures = false, .rate_limits = gateway::RateLimits::all}};
  Timestamp door_time = timestamp_from_ms(1'700'000'000'000);
  gateway::Response response;
};

TEST_F(LimitsTest, SpotAndLinearHaveTheirOwnBudgets) {
  EXPECT_EQ(accepted("linear", 12), 10);
  EXPECT_NE(response.headers.find("X-Bapi-Limit: 10\r\nX-Bapi-Limit-Status: 0\r\n"),
            std::string::npos)
      << response.headers;
  EXPECT_EQ(accepted("spot", 25), 20);
  EXPECT_EQ(at(response.body, "retMsg"), "Too many visits. Exceeded the API Rate Limit.");
  EXPECT_EQ(at(response.body, "retCode"), "10006");
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.headers.find("X-Bapi-Limit-Reset-Timestamp: 1700000001000"),
            std::string::npos);
  door_time = door_time + seconds(1);
  EXPECT_EQ(at(order("linear", 99), "retCode"), "0");
}

TEST_F(LimitsTest, ExcessEntriesOfABatchFailOnTheirOwn) {
  std::string body = R"({"category":"linear","request":[)";
  for (int i = 0; i < 12; ++i) {
    body += i == 0 ? "" : ",";
    body +=
        R"({"symbol":"BTCUSDT","side":"Buy","orderType":"Limit","price":"30000","qty":"0.001"})";
  }
  body += "]}";
  const std::string answer = send(gateway::Method::post, "/v5/order/create-batch", body);
  EXPECT_EQ(at(answer, "retCode"), "0");
  ASSERT_EQ(size_of_list(answer, "result/list"), 12u);
  EXPECT_EQ(at(answer, "retExtInfo/list/9/code"), "0");
  EXPECT_EQ(at(answer, "retExtInfo/list/10/code"), "10006");
  EXPECT_EQ(at(answer, "retExtInfo/list/11/msg"), "Too many visits. Exceeded the API Rate Limit.");
  EXPECT_EQ(at(answer, "result/list/11/orderId"), "");
  EXPECT_EQ(at(order("linear", 1), "retCode"), "0") << "batches have a budget of their own";
}

TEST_F(LimitsTest, BodiesThatCannotBeReadAreCountedToo) {
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(at(send(gateway::Method::post, "/v5/order/create", "{"), "retCode"), "10001");
  EXPECT_EQ(at(send(gateway::Method::post, "/v5/order/create", "{"), "retCode"), "10006");
}

TEST_F(LimitsTest, KeepsOutAnAddressThatAsksTooOften) {
  for (int i = 0; i < 600; ++i)
    send(gateway::Method::get, "/v5/market/time", "");
  EXPECT_EQ(response.status, 200);
  send(gateway::Method::get, "/v5/market/time", "");
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.body, "access too frequent");
  door_time = door_time + seconds(599);
  EXPECT_EQ(send(gateway::Method::get, "/v5/market/time", ""), "access too frequent");
  door_time = door_time + seconds(1);
  EXPECT_EQ(at(send(gateway::Method::get, "/v5/market/time", ""), "retCode"), "0");
}

}  // namespace
}  // namespace venuebox::venues::bybit
