// Orders over Paradex's stream, and what becomes of a connection and its orders when it ends.
#include <fmt/format.h>

#include "gateway/streams.h"
#include "venues/paradex/test_streams.h"

namespace venuebox::venues::paradex {
namespace {
constexpr std::string_view kOrder =
    R"({"market":"BTC-USD-PERP","side":"BUY","type":"LIMIT","size":"0.01","price":"64000",)"
    R"("instruction":"GTC","client_id":"mine/1"})";

struct ParadexOrderEntry : ParadexStreams {
  ParadexOrderEntry()
      : ParadexStreams({.verify_signatures = false, .rate_limits = gateway::RateLimits::account}) {
    exchange.quote(649'990, 650'010, 1'000);
  }
  std::string ask(std::string_view method, std::string_view params) {
    return say(
        fmt::format(R"({{"jsonrpc":"2.0","method":"{}","params":{},"id":2}})", method, params));
  }
  std::string create() { return at(ask("order.create", kOrder), "result/order/id"); }
  std::size_t open_orders() { return size_of_list(exchange.get("/v1/orders"), "results"); }
  std::string why(std::string_view method, std::string_view params) {
    const std::string told = ask(method, params);
    return fmt::format("{} {}: {}", at(told, "error/code"), at(told, "error/message"),
                       at(told, "error/data"));
  }
};

TEST_F(ParadexOrderEntry, AnOrderIsTakenAsOverRest) {
  const std::string told = ask("order.create", kOrder);
  EXPECT_EQ(at(told, "id"), "2");
  EXPECT_EQ(at(told, "result/order/status"), "NEW");
  EXPECT_EQ(at(told, "result/order/client_id"), "mine/1");
  EXPECT_EQ(at(told, "result/created_at"), "1750000000000");
  EXPECT_EQ(at(told, "result/received_at"), "1750000000000");
  EXPECT_EQ(at(exchange.get("/v1/orders"), "results/0/id"), at(told, "result/order/id"));
}

TEST_F(ParadexOrderEntry, ABatchIsAnsweredOrderByOrder) {
  std::string other(kOrder);
  other.replace(other.find("mine/1"), 6, "mine/2");
  const std::string told = ask("order.create_batch", fmt::format("[{},{}]", kOrder, other));
  EXPECT_EQ(at(told, "result/results/0/order/client_id"), "mine/1");
  EXPECT_EQ(at(told, "result/results/1/order/client_id"), "mine/2");
  EXPECT_EQ(open_orders(), 2U);
}

TEST_F(ParadexOrderEntry, AnOrderIsModifiedAndKeepsItsId) {
  const std::string id = create();
  const std::string told =
      ask("order.modify", fmt::format(R"({{"id":"{}","market":"BTC-USD-PERP","side":"BUY",)"
                                      R"("type":"LIMIT","size":"0.02","price":"64100"}})",
                                      id));
  EXPECT_EQ(at(told, "result/order/id"), id);
  EXPECT_EQ(at(told, "result/order/price"), "64100");
}

TEST_F(ParadexOrderEntry, AnOrderIsCancelledByEitherName) {
  const std::string id = create();
  EXPECT_EQ(at(ask("order.cancel", fmt::format(R"({{"id":"{}"}})", id)), "result"),
            fmt::format(R"({{"order_id":"{}","status":"QUEUED_FOR_CANCELLATION"}})", id));
  create();
  EXPECT_EQ(at(ask("order.cancel", R"({"client_id":"mine/1","market":"BTC-USD-PERP"})"), "result"),
            R"({"client_id":"mine/1","status":"QUEUED_FOR_CANCELLATION"})");
  EXPECT_EQ(open_orders(), 0U);
  EXPECT_EQ(why("order.cancel", fmt::format(R"({{"id":"{}"}})", id)),
            "100 ORDER_IS_CLOSED: order is closed");
}

TEST_F(ParadexOrderEntry, AllOrdersAreCancelledOrThoseThatAreNamed) {
  const std::string id = create();
  EXPECT_EQ(at(ask("order.cancel_batch", fmt::format(R"({{"order_ids":["{}","7"]}})", id)),
               "result/results/1/status"),
            "NOT_FOUND");
  EXPECT_EQ(open_orders(), 0U);
  create();
  EXPECT_EQ(at(ask("order.cancel_all", R"({"market":"ETH-USD-PERP"})"), "result/status"),
            "QUEUED_FOR_CANCELLATION");
  EXPECT_EQ(open_orders(), 1U);
  EXPECT_EQ(at(ask("order.cancel_all", "{}"), "result/status"), "QUEUED_FOR_CANCELLATION");
  EXPECT_EQ(open_orders(), 0U);
}

TEST_F(ParadexOrderEntry, RefusalsCarryTheCodeAndWordsOfRest) {
  EXPECT_EQ(why("order.create", "[]"), "-32602 invalid params: params: not an object");
  EXPECT_EQ(why("order.create_batch", "{}"), "-32602 invalid params: params: not a list");
  EXPECT_EQ(why("order.modify", "{}"), "-32602 invalid params: params.id: not a text");
  EXPECT_EQ(why("order.cancel", R"({"id":7})"),
            "-32602 invalid params: params: neither id nor client_id");
  EXPECT_EQ(why("order.cancel_all", R"({"market":7})"),
            "-32602 invalid params: params.market: not a text");
  EXPECT_EQ(why("order.cancel", R"({"id":"no/such?order"})"),
            "100 ORDER_ID_NOT_FOUND: order id not found");
  EXPECT_EQ(at(ask("order.create", R"({"market":"XYZ","side":"BUY","type":"LIMIT","size":"1",)"
                                   R"("price":"1"})"),
               "error/message"),
            "MARKET_NOT_FOUND");
}

TEST_F(ParadexOrderEntry, TheBudgetIsThatOfRest) {
  for (int i = 0; i < 800; ++i)
    exchange.del("/v1/orders");
  EXPECT_EQ(why("order.cancel_all", "{}"), "100 Rate limit exceeded: (absent)");
}

TEST_F(ParadexStreams, OrdersNeedALogin) {
  for (const char* method : {"order.create", "order.cancel_all", "order.cancel_on_disconnect"}) {
    const std::string told =
        say(fmt::format(R"({{"jsonrpc":"2.0","method":"{}","params":{{}},"id":2}})", method));
    EXPECT_EQ(at(told, "error/code"), "40110") << method;
  }
}

// ---- the end of a connection --------------------------------------------------------------------

TEST_F(ParadexOrderEntry, OrdersEndWithTheirConnectionWhereThatIsWished) {
  exchange.post("/v1/orders", R"({"market":"BTC-USD-PERP","side":"BUY","type":"LIMIT",)"
                              R"("size":"0.01","price":"63900"})");
  create();
  EXPECT_EQ(at(ask("order.cancel_on_disconnect", R"({"enabled":true})"), "result"),
            R"({"enabled":true})");
  const auto ended = streams.close(socket);
  ASSERT_TRUE(ended);
  desk.execute(*ended);
  EXPECT_EQ(at(exchange.get("/v1/orders"), "results/0/price"), "63900") << "of no connection";
  EXPECT_EQ(open_orders(), 1U);
}

TEST_F(ParadexOrderEntry, OrdersStayWhereThatIsNotWished) {
  create();
  EXPECT_EQ(why("order.cancel_on_disconnect", R"({"enabled":1})"),
            "-32602 invalid params: params.enabled: neither true nor false");
  ask("order.cancel_on_disconnect", R"({"enabled":true})");
  ask("order.cancel_on_disconnect", R"({"enabled":false})");
  EXPECT_FALSE(streams.close(socket));
}

TEST_F(ParadexStreams, ClientsArePingedAndTheBinaryEncodingIsRefused) {
  EXPECT_EQ(socket.ping_every, seconds(55));
  EXPECT_EQ(socket.pong_within, seconds(5));
  gateway::Request request;
  gateway::Response response;
  request.query = "x=1";
  EXPECT_TRUE(streams.admits(request, response));
  request.query = "sbeSchemaId=1&sbeSchemaVersion=1";
  EXPECT_FALSE(streams.admits(request, response));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(at(response.body, "message"), "sbeSchemaId: messages are JSON here; leave it out");
}

}  // namespace
}  // namespace venuebox::venues::paradex
