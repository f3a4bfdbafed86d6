// What orders on a stream are told when they are struck: in the stream's envelope, whatever the
// form would be over HTTP.
#include <gtest/gtest.h>

#include "box/test_box.h"
#include "faults/parse.h"
#include "gateway/test_socket.h"

namespace venuebox::box {
namespace {

struct StreamWords : testing::Test {
  StreamWords() {
    const net::Header upgrade[] = {{"Upgrade", "websocket"}};
    net::Request request;
    request.path = "/v5/trade";
    request.headers = upgrade;
    running.box->handle(0, request, running.response);
    port = running.response.upgrade;
    port->opened(socket, request);
  }
  void strike(std::string_view action) {
    auto fault = faults::fault_from_json(
        fmt::format(R"({{"name":"struck","where":{{"transport":"ws"}},"action":{}}})", action));
    ASSERT_TRUE(fault) << fault.error().text();
    ASSERT_TRUE(running.box->plan().put(*fault, running.box->now()));
  }
  std::vector<std::string> place() {
    ++requests;
    port->received(
        socket,
        fmt::format(R"({{"reqId":"r{0}","header":{{"X-BAPI-TIMESTAMP":"1700000000000"}},)"
                    R"("op":"order.create","args":[{{"category":"linear","symbol":"BTCUSDT",)"
                    R"("side":"Buy","orderType":"Limit","qty":"0.010","price":"59000.00",)"
                    R"("orderLinkId":"o{0}"}}]}})",
                    requests),
        true);
    return socket.take();
  }
  bool is_open(int n) {
    const auto open = running.send(net::Method::get,
                                   "/v5/order/realtime?category=linear&symbol=BTCUSDT&limit=50");
    return open.find(fmt::format(R"("orderLinkId":"o{}")", n)) != std::string::npos;
  }

  Running running{store::make_memory_store()};
  gateway::TestSocket socket;
  net::SocketHandler* port = nullptr;
  int requests = 0;
};

TEST_F(StreamWords, AreFramesWithACode) {
  const std::tuple<std::string_view, int, std::string_view> rows[] = {
      {R"({"type":"revoke_key"})", 10003, "API key is invalid."},
      {R"({"type":"authentication_failure"})", 10004, "error sign!"},
      {R"({"type":"rate_limit","threshold":0})", 10006,
       "Too many visits. Exceeded the API Rate Limit."},
      {R"({"type":"ban","scope":"address"})", 10403, "access too frequent"},
      {R"({"type":"overloaded"})", 10016, "Server error."},
      {R"({"type":"maintenance","message":"Back at 04:00"})", 10016, "Back at 04:00"},
      {R"({"type":"unknown_outcome","accepted":0,"status":"502"})", 10016, "Bad Gateway"},
      {R"({"type":"insufficient_balance"})", 110007, "ab not enough for new order"},
      {R"({"type":"invalid_symbol"})", 10001, "params error: symbol invalid"},
  };
  for (const auto& [action, code, text] : rows) {
    strike(action);
    const auto told = place();
    ASSERT_EQ(told.size(), 1u) << action;
    EXPECT_TRUE(told[0].starts_with(
        fmt::format(R"({{"reqId":"r{}","retCode":{},"retMsg":"{}","op":"order.create","data":)",
                    requests, code, text)))
        << told[0];
    EXPECT_FALSE(is_open(requests)) << action;
  }
}

TEST_F(StreamWords, CarryTheWaitInTheFramesHeader) {
  strike(R"({"type":"rate_limit","threshold":0,"retry_after_ms":2500})");
  const auto told = place();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_NE(told[0].find(fmt::format(R"("X-Bapi-Limit-Status":"0",)"
                                     R"("X-Bapi-Limit-Reset-Timestamp":"{}")",
                                     running.box->now().ms() + 2'500)),
            std::string::npos)
      << told[0];
}

TEST_F(StreamWords, AreNoneWhereTheAnswerIsLost) {
  for (const std::string_view how : {"reset", "timeout", "502", "504"}) {
    strike(fmt::format(R"({{"type":"response_lost","how":"{}"}})", how));
    EXPECT_EQ(place(), std::vector<std::string>{}) << how;
    EXPECT_TRUE(is_open(requests)) << how;
  }
}

TEST_F(StreamWords, KeepWhatHoldsThemTogetherWhileTheirShapeDrifts) {
  strike(R"({"type":"schema_drift","kind":"missing_field"})");
  for (int i = 0; i < 20; ++i) {
    const auto told = place();
    ASSERT_EQ(told.size(), 1u);
    EXPECT_NE(told[0].find(R"("retCode":0)"), std::string::npos) << told[0];
    const bool has_both = told[0].find(R"("orderId")") != std::string::npos &&
                          told[0].find(R"("orderLinkId")") != std::string::npos;
    EXPECT_FALSE(has_both) << told[0];
  }
}

TEST_F(StreamWords, AreJudgedByTheClockThatIsOff) {
  strike(R"({"type":"clock_skew","ms":10000})");
  const auto told = place();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_NE(told[0].find("server_timestamp[1700000010000]"), std::string::npos) << told[0];
}

}  // namespace
}  // namespace venuebox::box
