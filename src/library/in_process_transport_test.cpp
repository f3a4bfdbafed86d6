#include "library/in_process_transport.h"

#include "faults/parse.h"
#include "library/test_box.h"

namespace venuebox::library {
namespace {
using client::TransportError;
using client::TransportResult;
using gateway::ClientRequest;
using gateway::ClientResponse;

struct InProcess : BoxTest {
  InProcess() : BoxTest(everybody_is_alice()) {
    transport = std::make_unique<InProcessTransport>(*box, 0, scheduler);
  }
  static box::BoxSettings everybody_is_alice() {
    box::BoxSettings settings;
    settings.verify_signatures["bybit"] = false;
    return settings;
  }
  void send(const ClientRequest& request, Nanoseconds deadline = seconds(10)) {
    transport->send(request, deadline,
                    [this](TransportResult result) { results.push_back(std::move(result)); });
  }
  const ClientResponse& answer(std::size_t i) { return std::get<ClientResponse>(results.at(i)); }
  const TransportError& error(std::size_t i) { return std::get<TransportError>(results.at(i)); }

  static ClientRequest time() {
    ClientRequest request;
    request.path = "/v5/market/time";
    return request;
  }
  static ClientRequest order(std::string_view price = "100") {
    ClientRequest request;
    request.method = net::Method::post;
    request.path = "/v5/order/create";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit",)"
                   R"("qty":"1","price":")" +
                   std::string(price) + R"("})";
    return request;
  }
  static ClientRequest open_orders() {
    ClientRequest request;
    request.path = "/v5/order/realtime";
    request.query = "category=linear&symbol=BTCUSDT";
    return request;
  }

  std::unique_ptr<InProcessTransport> transport;
  std::vector<TransportResult> results;
};

TEST_F(InProcess, AnswersInALaterTurn) {
  send(time());
  EXPECT_TRUE(results.empty());
  scheduler.run_for({});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(answer(0).status, 200);
  EXPECT_TRUE(answer(0).body.contains(R"("retCode":0)")) << answer(0).body;
  EXPECT_EQ(answer(0).headers.at(0),
            (std::pair<std::string, std::string>("Content-Type", "application/json")));
}

TEST_F(InProcess, CarriesQueriesBodiesAndHeadersBothWays) {
  send(order());
  send(open_orders());
  scheduler.run_for({});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_TRUE(answer(0).body.contains(R"("retCode":0)")) << answer(0).body;
  EXPECT_TRUE(answer(1).body.contains(R"("price":"100)")) << answer(1).body;
  const auto limit = std::ranges::find(answer(0).headers, "X-Bapi-Limit",
                                       &std::pair<std::string, std::string>::first);
  ASSERT_NE(limit, answer(0).headers.end());
  EXPECT_EQ(limit->second, "10");
}

TEST_F(InProcess, CommitsATurnOnce) {
  const int before = store->appended;
  send(order("100"));
  send(order("101"));
  scheduler.run_for({});
  EXPECT_EQ(store->appended, before + 1);
  EXPECT_EQ(box->requests().total(), 2u);
}

TEST_F(InProcess, WhatIsNotInTheJournalIsNotTold) {
  store->is_full = true;
  send(order());
  scheduler.run_for({});
  EXPECT_EQ(error(0).kind, TransportError::Kind::closed);
  EXPECT_TRUE(error(0).may_have_arrived);
  EXPECT_TRUE(error(0).text.contains("no space left")) << error(0).text;
}

TEST_F(InProcess, ACallThatIsTooLateNeverArrives) {
  send(order(), nanoseconds(-1));
  send(time());
  scheduler.run_for({});
  EXPECT_EQ(error(0).kind, TransportError::Kind::timeout);
  EXPECT_FALSE(error(0).may_have_arrived);
  EXPECT_EQ(answer(1).status, 200);
  EXPECT_EQ(box->requests().total(), 1u);
}

TEST_F(InProcess, WhoIsAnsweredMayEndIt) {
  transport->send(time(), seconds(1), [this](TransportResult) { transport.reset(); });
  send(time());
  scheduler.run_for({});
  EXPECT_TRUE(results.empty());
  EXPECT_FALSE(transport);
}

TEST_F(InProcess, EndsWithCallsWaiting) {
  send(order());
  transport.reset();
  scheduler.run_for({});
  EXPECT_TRUE(results.empty());
  EXPECT_EQ(box->requests().total(), 0u);
}

TEST_F(InProcess, FaultsOfTheWireAreFeltWithoutOne) {
  const auto fault = faults::fault_from_json(
      R"({"name":"f","when":{"nth":[1,2]},"action":{"type":"latency","ms":30}})");
  ASSERT_TRUE(box->plan().put(*fault, box->now()));
  send(time());
  send(time(), milliseconds(20));
  send(time());
  scheduler.run_for(milliseconds(1));
  ASSERT_EQ(results.size(), 1u) << "the third";
  scheduler.run_for(milliseconds(40));
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(error(1).kind, TransportError::Kind::timeout);
  EXPECT_EQ(answer(2).status, 200);
}

}  // namespace
}  // namespace venuebox::library
