// Faults of the wire, each once, as a box tells its server of them.
#include <gtest/gtest.h>

#include "box/test_box.h"
#include "faults/parse.h"

namespace venuebox::box {
namespace {
using net::Delivery;
using After = net::Delivery::After;

// A box where one action strikes each placing of an order.
struct WireFaults : Running, testing::Test {
  WireFaults() : Running(store::make_memory_store(), config("pinned")) {}

  void strike(std::string_view action, std::string_view name = "f") {
    auto fault = faults::fault_from_json(fmt::format(
        R"({{"name":"{}","where":{{"operation":"place_order"}},"action":{}}})", name, action));
    ASSERT_TRUE(fault) << fault.error().text();
    ASSERT_TRUE(box->plan().put(*fault, box->now()));
  }
  // What an order is answered, and how that leaves.
  std::string order() { return place("Buy", "59000.00", "a"); }
  const Delivery& delivery() {
    EXPECT_TRUE(response.delivery);
    return *response.delivery;
  }
  bool is_carried_out() {
    const auto open = send(net::Method::get, "/v5/order/realtime?category=linear&symbol=BTCUSDT");
    return open.find(R"("orderLinkId":"a")") != std::string::npos;
  }
};

TEST_F(WireFaults, WithoutAPlanNothingIsBent) {
  order();
  EXPECT_FALSE(response.delivery);
}

TEST_F(WireFaults, LatencyIsAddedUp) {
  strike(R"({"type":"latency","ms":30})");
  strike(R"({"type":"latency","ms":12})", "g");
  EXPECT_NE(order().find(R"("retCode":0)"), std::string::npos);
  EXPECT_EQ(delivery().wait, milliseconds(42));
  EXPECT_EQ(delivery().after, After::kept);
  EXPECT_TRUE(is_carried_out());
}

TEST_F(WireFaults, TheSlowestOfSeveralPacesCounts) {
  strike(R"({"type":"bandwidth","bytes_per_s":1000})");
  order();
  EXPECT_EQ(delivery().piece_bytes, 20u);
  EXPECT_EQ(delivery().piece_every, milliseconds(20));
  strike(R"({"type":"slow_drip","bytes":2,"every_ms":100})", "g");
  order();
  EXPECT_EQ(delivery().piece_bytes, 2u);
  EXPECT_EQ(delivery().piece_every, milliseconds(100));
  strike(R"({"type":"bandwidth","bytes_per_s":10})", "h");
  order();
  EXPECT_EQ(delivery().piece_bytes, 1u);
  EXPECT_EQ(delivery().piece_every, milliseconds(100));
  strike(R"({"type":"bandwidth","bytes_per_s":1000000})", "i");
  order();
  EXPECT_EQ(delivery().piece_bytes, 1u);
}

TEST_F(WireFaults, AHangIsSilenceAndNothingIsDone) {
  strike(R"({"type":"hang"})");
  order();
  EXPECT_EQ(delivery().bytes_max, 0u);
  EXPECT_EQ(delivery().after, After::silent);
  EXPECT_FALSE(is_carried_out());
}

TEST_F(WireFaults, AHangInTheBodyPromisesOne) {
  strike(R"({"type":"hang","at":"body"})");
  order();
  EXPECT_EQ(delivery().body_bytes_max, 0u);
  EXPECT_EQ(delivery().content_length, 256u);
  EXPECT_EQ(delivery().after, After::silent);
  EXPECT_FALSE(is_carried_out());
}

TEST_F(WireFaults, AHangThatEndsAnswersAfterAll) {
  strike(R"({"type":"hang","hold_ms":500})");
  EXPECT_NE(order().find(R"("retCode":0)"), std::string::npos);
  EXPECT_EQ(delivery().wait, milliseconds(500));
  EXPECT_EQ(delivery().bytes_max, Delivery::kWhole);
  EXPECT_EQ(delivery().after, After::kept);
  EXPECT_TRUE(is_carried_out());
  strike(R"({"type":"hang","hold_ms":500,"at":"body"})");
  order();
  EXPECT_EQ(delivery().body_bytes_max, 0u);
  EXPECT_EQ(delivery().rest_after, milliseconds(500));
  EXPECT_FALSE(delivery().content_length);
}

TEST_F(WireFaults, AResetComesBeforeOrAfterTheRequestWasCarriedOut) {
  for (const char* at : {"before", "during"}) {
    strike(fmt::format(R"({{"type":"connection_reset","at":"{}"}})", at));
    order();
    EXPECT_EQ(delivery().bytes_max, 0u) << at;
    EXPECT_EQ(delivery().after, After::reset) << at;
    EXPECT_FALSE(is_carried_out()) << at;
  }
  strike(R"({"type":"connection_reset","at":"after"})");
  order();
  EXPECT_EQ(delivery().bytes_max, 0u);
  EXPECT_EQ(delivery().after, After::reset);
  EXPECT_TRUE(is_carried_out());
  strike(R"({"type":"connection_reset","at":"body","after_bytes":7})");
  order();
  EXPECT_EQ(delivery().bytes_max, Delivery::kWhole);
  EXPECT_EQ(delivery().body_bytes_max, 7u);
}

TEST_F(WireFaults, OneHalfOfTheConnectionEnds) {
  strike(R"({"type":"half_close","after_bytes":40})");
  order();
  EXPECT_EQ(delivery().bytes_max, 40u);
  EXPECT_EQ(delivery().after, After::half_closed);
  EXPECT_TRUE(is_carried_out());
}

TEST_F(WireFaults, ABodyEndsEarlyUnderItsOwnLength) {
  const std::string whole = order();
  strike(R"({"type":"truncated_body","keep":0.25})");
  const std::string cut = place("Buy", "59000.00", "b");
  EXPECT_NEAR(static_cast<double>(cut.size()), static_cast<double>(whole.size()) / 4, 2);
  EXPECT_TRUE(whole.starts_with(cut.substr(0, 10)));
  EXPECT_FALSE(response.delivery);
}

TEST_F(WireFaults, GarbageIsCarriedOutAndUnreadable) {
  strike(R"({"type":"garbage","bytes":100})");
  EXPECT_EQ(order().size(), 100u);
  EXPECT_TRUE(is_carried_out());
  strike(R"({"type":"garbage","kind":"broken_gzip"})");
  EXPECT_TRUE(order().starts_with("\x1f\x8b"));
  EXPECT_NE(response.headers.find("Content-Encoding: gzip\r\n"), std::string::npos);
  strike(R"({"type":"garbage","kind":"text","bytes":8})");
  EXPECT_EQ(order(), "upstream");
  EXPECT_EQ(response.content_type, "text/plain");
}

TEST_F(WireFaults, ALengthIsNotTheBodys) {
  strike(R"({"type":"wrong_length","by":-5})");
  const std::string body = order();
  EXPECT_EQ(delivery().content_length, body.size() - 5);
}

TEST_F(WireFaults, AProxyAnswersInTheVenuesStead) {
  strike(R"({"type":"html_error_page","status":"502","proxy":"nginx"})");
  EXPECT_NE(order().find("<h1>502 Bad Gateway</h1>"), std::string::npos);
  EXPECT_EQ(response.status, 502);
  EXPECT_EQ(response.content_type, "text/html");
  EXPECT_EQ(response.headers, "Server: nginx\r\n");
  EXPECT_FALSE(response.delivery);
  EXPECT_FALSE(is_carried_out());
}

TEST_F(WireFaults, ABodyIsEmpty) {
  strike(R"({"type":"empty_body","status":204})");
  EXPECT_EQ(order(), "");
  EXPECT_EQ(response.status, 204);
  EXPECT_TRUE(is_carried_out());
}

TEST_F(WireFaults, WhatIsAddedGoesAlongWithAnEnding) {
  strike(R"({"type":"latency","ms":5})");
  strike(R"({"type":"truncated_body","keep":0.5})", "g");
  strike(R"({"type":"wrong_length"})", "h");
  order();
  EXPECT_EQ(delivery().wait, milliseconds(5));
  EXPECT_FALSE(delivery().content_length) << "only the first ending strikes";
}

}  // namespace
}  // namespace venuebox::box
