#include <set>

#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

constexpr auto kRealtime = "/v5/order/realtime?category=linear&symbol=BTCUSDT";
constexpr auto kHistory = "/v5/order/history?category=linear";

// Places an order and hands back its id.
std::string place(Exchange& exchange, std::string_view side, std::string_view price,
                  std::string_view quantity, std::string_view more = "",
                  std::string_view category = "linear", AccountId who = Exchange::kAlice) {
  std::string body = R"({"category":")";
  body.append(category).append(R"(","symbol":"BTCUSDT","side":")").append(side);
  if (price.empty()) {
    body += R"(","orderType":"Market")";
  } else {
    body.append(R"(","orderType":"Limit","price":")").append(price).append("\"");
  }
  body.append(R"(,"qty":")").append(quantity).append("\"").append(more).append("}");
  const std::string answer = exchange.post("/v5/order/create", body, who);
  EXPECT_EQ(at(answer, "retCode"), "0") << answer;
  return at(answer, "result/orderId");
}

std::string by_id(Exchange& exchange, const std::string& id) {
  return at(exchange.get(kRealtime + ("&orderId=" + id)), "result/list/0");
}

TEST(History, ShowsARestingOrder) {
  Exchange exchange;
  const std::string id = place(exchange, "Buy", "59900.10", "0.012", R"(,"orderLinkId":"cli-1")");
  const std::string body = exchange.get(kRealtime);
  EXPECT_EQ(at(body, "result/category"), "linear");
  EXPECT_EQ(at(body, "result/nextPageCursor"), "");
  ASSERT_EQ(size_of_list(body, "result/list"), 1u);
  const std::string row = at(body, "result/list/0");
  const std::vector<std::pair<const char*, std::string>> expected{
      {"orderId", id},
      {"orderLinkId", "cli-1"},
      {"symbol", "BTCUSDT"},
      {"price", "59900.10"},
      {"qty", "0.012"},
      {"side", "Buy"},
      {"orderStatus", "New"},
      {"cancelType", "UNKNOWN"},
      {"rejectReason", "EC_NoError"},
      {"avgPrice", ""},
      {"leavesQty", "0.012"},
      {"leavesValue", "718.8012"},
      {"cumExecQty", "0.000"},
      {"cumExecValue", "0"},
      {"cumExecFee", "0"},
      {"cumFeeDetail", "{}"},
      {"timeInForce", "GTC"},
      {"orderType", "Limit"},
      {"tpslMode", ""},
      {"lastPriceOnCreated", ""},
      {"createType", "CreateByUser"},
      {"positionIdx", "0"},
      {"createdTime", "1700000000000"},
      {"reduceOnly", "false"},
  };
  for (const auto& [key, value] : expected)
    EXPECT_EQ(at(row, key), value) << key;
}

TEST(History, ShowsASpotOrderWithItsOwnKeys) {
  Exchange exchange;
  const std::string id = place(exchange, "Buy", "59900.1", "0.5", "", "spot");
  const std::string row =
      at(exchange.get("/v5/order/realtime?category=spot&symbol=BTCUSDT"), "result/list/0");
  EXPECT_EQ(at(row, "orderId"), id);
  EXPECT_EQ(at(row, "qty"), "0.500000");
  for (const char* key : {"tpslMode", "createType", "lastPriceOnCreated"}) {
    EXPECT_EQ(at(row, key), "(absent)") << key;
  }
  EXPECT_EQ(at(row, "basePrice"), "");
  EXPECT_EQ(size_of_list(exchange.get(kRealtime), "result/list"), 0u);
}

TEST(History, ShowsAFilledOrderAndItsExecutions) {
  Exchange exchange;
  exchange.quote("linear", 600'000, 600'010, 20);
  exchange.quote("linear", 599'990, 600'020, 1'000);
  const std::string id = place(exchange, "Buy", "", "0.030");
  const std::string row = by_id(exchange, id);
  // 0.020 at 60001.00 and 0.010 at 60002.00.
  EXPECT_EQ(at(row, "orderStatus"), "Filled");
  EXPECT_EQ(at(row, "orderType"), "Market");
  EXPECT_EQ(at(row, "timeInForce"), "IOC");
  EXPECT_EQ(at(row, "avgPrice"), "60001.333333");
  EXPECT_EQ(at(row, "cumExecQty"), "0.030");
  EXPECT_EQ(at(row, "cumExecValue"), "1800.04");
  EXPECT_EQ(at(row, "cumExecFee"), "0.990022");
  EXPECT_EQ(at(row, "cumFeeDetail"), R"({"USDT":"0.990022"})");
  EXPECT_EQ(at(row, "leavesQty"), "0.000");

  const std::string body = exchange.get(
      "/v5/execution/list?execType=Trade&category=linear"
      "&symbol=BTCUSDT&orderId=" +
      id);
  ASSERT_EQ(size_of_list(body, "result/list"), 2u);
  const std::string newest = at(body, "result/list/0");
  const std::vector<std::pair<const char*, std::string>> expected{
      {"orderId", id},           {"symbol", "BTCUSDT"},  {"side", "Buy"},
      {"execPrice", "60002.00"}, {"execQty", "0.010"},   {"execValue", "600.02"},
      {"execFee", "0.330011"},   {"feeRate", "0.00055"}, {"isMaker", "false"},
      {"leavesQty", "0.000"},    {"execType", "Trade"},  {"createType", "CreateByUser"},
      {"orderQty", "0.030"},     {"feeCurrency", ""},    {"execTime", "1700000000000"},
  };
  for (const auto& [key, value] : expected)
    EXPECT_EQ(at(newest, key), value) << key;
  EXPECT_EQ(at(body, "result/list/1/execPrice"), "60001.00");
  EXPECT_LT(std::stoi(at(body, "result/list/1/seq")), std::stoi(at(newest, "seq")));
  EXPECT_EQ(at(newest, "execId"),
            at(exchange.get("/v5/market/recent-trade?category=linear&symbol=BTCUSDT"),
               "result/list/0/execId"))
      << "the tape shows the same fill";
}

TEST(History, SpotFeesAreInWhatWasReceived) {
  Exchange exchange;
  exchange.quote("spot", 600'000, 600'010, 1'000'000);
  const std::string bought = place(exchange, "Buy", "", "1000", "", "spot");
  const std::string sold = place(exchange, "Sell", "60000", "0.5", "", "spot");
  const std::string body = exchange.get("/v5/execution/list?category=spot&symbol=BTCUSDT");
  const std::string sale = at(body, "result/list/0");
  EXPECT_EQ(at(sale, "orderId"), sold);
  EXPECT_EQ(at(sale, "feeCurrency"), "USDT");
  EXPECT_EQ(at(sale, "execFee"), "30");
  EXPECT_EQ(at(sale, "createType"), "(absent)");
  EXPECT_EQ(at(sale, "execId").size(), 19u);
  const std::string purchase = at(body, "result/list/1");
  EXPECT_EQ(at(purchase, "feeCurrency"), "BTC");
  EXPECT_EQ(at(purchase, "execQty"), "0.016666");  // what 1000 pays for at 60001
  EXPECT_EQ(at(purchase, "execFee"), "0.000016666");
  const std::string row =
      at(exchange.get("/v5/order/history?category=spot&orderId=" + bought), "result/list/0");
  EXPECT_EQ(at(row, "orderStatus"), "Filled");
  EXPECT_EQ(at(row, "qty"), "0.016666");
  EXPECT_EQ(at(row, "marketUnit"), "baseCoin");
  EXPECT_EQ(at(row, "cumFeeDetail"), R"({"BTC":"0.000016666"})");
}

TEST(History, SaysHowOrdersEnded) {
  Exchange exchange;
  exchange.quote("linear", 599'000, 600'000, 300);
  exchange.quote("spot", 599'000, 600'000, 300'000);
  const auto ends = [&](const std::string& id) {
    const std::string row = by_id(exchange, id);
    return at(row, "orderStatus") + " " + at(row, "cancelType") + " " + at(row, "rejectReason");
  };
  EXPECT_EQ(ends(place(exchange, "Buy", "60100", "0.1", R"(,"timeInForce":"PostOnly")")),
            "Cancelled UNKNOWN EC_PostOnlyWillTakeLiquidity");
  EXPECT_EQ(ends(place(exchange, "Buy", "60100", "0.4", R"(,"timeInForce":"FOK")")),
            "Cancelled UNKNOWN EC_CancelForNoFullFill");
  EXPECT_EQ(ends(place(exchange, "Buy", "59950", "0.1", R"(,"timeInForce":"IOC")")),
            "Cancelled UNKNOWN EC_NoImmediateQtyToFill");
  const std::string resting = place(exchange, "Buy", "59950", "0.1");
  exchange.post("/v5/order/cancel",
                R"({"category":"linear","symbol":"BTCUSDT","orderId":")" + resting + "\"}");
  EXPECT_EQ(ends(resting), "Cancelled CancelByUser EC_PerCancelRequest");

  const std::string partly = place(exchange, "Buy", "60100", "0.4", R"(,"timeInForce":"IOC")");
  EXPECT_EQ(ends(partly), "Cancelled UNKNOWN EC_NoImmediateQtyToFill");
  EXPECT_EQ(at(by_id(exchange, partly), "cumExecQty"), "0.300");
  EXPECT_EQ(at(by_id(exchange, partly), "leavesQty"), "0.000");
  const std::string spot =
      place(exchange, "Buy", "60100", "0.4", R"(,"timeInForce":"IOC")", "spot");
  EXPECT_EQ(at(exchange.get("/v5/order/realtime?category=spot&orderId=" + spot),
               "result/list/0/orderStatus"),
            "PartiallyFilledCanceled");
}

TEST(History, KeepsOpenAndClosedApart) {
  Exchange exchange;
  exchange.quote("linear", 599'000, 600'000, 300);
  const std::string filled = place(exchange, "Buy", "60100", "0.1", R"(,"orderLinkId":"taken")");
  const std::string open = place(exchange, "Buy", "59950", "0.1");
  const auto ids = [&](std::string_view target) {
    const std::string body = exchange.get(target);
    EXPECT_EQ(at(body, "retCode"), "0") << target << body;
    std::set<std::string> found;
    for (std::size_t i = 0; i < size_of_list(body, "result/list"); ++i) {
      found.insert(at(body, "result/list/" + std::to_string(i) + "/orderId"));
    }
    return found;
  };
  using Ids = std::set<std::string>;
  EXPECT_EQ(ids(kRealtime), Ids{open});
  EXPECT_EQ(ids("/v5/order/realtime?category=linear&settleCoin=USDT"), Ids{open});
  EXPECT_EQ(ids("/v5/order/realtime?category=linear&baseCoin=ETH"), Ids{});
  EXPECT_EQ(ids("/v5/order/realtime?category=linear&symbol=BTCUSDT&openOnly=1"), Ids{filled});
  EXPECT_EQ(ids("/v5/order/realtime?category=linear&symbol=BTCUSDT&orderFilter=StopOrder"), Ids{});
  EXPECT_EQ(ids(std::string(kRealtime) + "&orderId=" + filled), Ids{filled});
  EXPECT_EQ(ids(std::string(kRealtime) + "&orderLinkId=taken"), Ids{filled});
  EXPECT_EQ(ids(std::string(kRealtime) + "&orderId=" + open), Ids{open});
  EXPECT_EQ(ids(std::string(kRealtime) + "&orderId=no-such-order"), Ids{});
  EXPECT_EQ(ids("/v5/order/realtime?category=inverse"), Ids{});
  EXPECT_EQ(ids(kHistory), Ids{filled});
  EXPECT_EQ(ids(std::string(kHistory) + "&orderStatus=Filled"), Ids{filled});
  EXPECT_EQ(ids(std::string(kHistory) + "&orderStatus=Cancelled"), Ids{});
  EXPECT_EQ(ids(std::string(kHistory) + "&orderId=" + open), Ids{});
  EXPECT_EQ(ids("/v5/order/history?category=spot"), Ids{});
}

TEST(History, ShowsNobodyElsesOrders) {
  Exchange exchange;
  exchange.quote("linear", 599'000, 600'000, 300);
  const std::string open = place(exchange, "Buy", "59950", "0.1", R"(,"orderLinkId":"mine")");
  place(exchange, "Buy", "60100", "0.1");
  for (const std::string& target :
       {std::string(kRealtime), kRealtime + ("&orderId=" + open),
        std::string(kRealtime) + "&orderLinkId=mine", std::string(kHistory),
        std::string("/v5/execution/list?category=linear")}) {
    EXPECT_EQ(size_of_list(exchange.get(target, Exchange::kBob), "result/list"), 0u) << target;
  }
}

TEST(History, PagesWithoutGapOrRepeat) {
  Exchange exchange;
  exchange.quote("linear", 599'000, 600'000, 300);
  for (int i = 0; i < 7; ++i)
    place(exchange, "Buy", "60100", "0.01");
  for (int i = 0; i < 5; ++i)
    place(exchange, "Buy", "59950", "0.01");
  for (const auto& [target, expected] : {std::pair<std::string, std::size_t>{kHistory, 7},
                                         {kRealtime, 5},
                                         {"/v5/execution/list?category=linear", 7}}) {
    std::set<std::string> seen;
    std::string cursor;
    int pages = 0;
    do {
      const std::string body = exchange.get(fmt::format("{}&limit=3&cursor={}", target, cursor));
      const std::size_t rows = size_of_list(body, "result/list");
      EXPECT_LE(rows, 3u);
      for (std::size_t i = 0; i < rows; ++i) {
        const std::string row = at(body, "result/list/" + std::to_string(i));
        const std::string id =
            at(row, "execId") == "(absent)" ? at(row, "orderId") : at(row, "execId");
        EXPECT_TRUE(seen.insert(id).second) << target << " repeats " << id;
      }
      cursor = at(body, "result/nextPageCursor");
    } while (!cursor.empty() && ++pages < 10);
    EXPECT_EQ(seen.size(), expected) << target;
  }
}

TEST(History, LooksAtAWindowOfTime) {
  Exchange exchange;
  exchange.quote("linear", 599'000, 600'000, 300);
  place(exchange, "Buy", "60100", "0.01");
  const auto rows = [&](const std::string& window) {
    return size_of_list(exchange.get(kHistory + window), "result/list");
  };
  EXPECT_EQ(rows("&startTime=1700000000000&endTime=1700000000000"), 1u);
  EXPECT_EQ(rows("&startTime=1700000000001"), 0u);
  EXPECT_EQ(rows("&endTime=1699999999999"), 0u);
  EXPECT_EQ(rows("&endTime=1700000000000"), 1u);
  exchange.now = exchange.now + seconds(8 * 86'400);
  EXPECT_EQ(rows(""), 0u) << "older than seven days";
  EXPECT_EQ(rows("&startTime=1700000000000"), 1u);
}

TEST(History, RefusesBadParameters) {
  Exchange exchange;
  for (const char* target :
       {"/v5/order/realtime", "/v5/order/realtime?category=linear",
        "/v5/order/realtime?category=linear&symbol=NOSUCH",
        "/v5/order/realtime?category=linear&symbol=BTCUSDT&limit=51",
        "/v5/order/realtime?category=linear&symbol=BTCUSDT&cursor=x",
        "/v5/order/history?category=linear&limit=-1",
        "/v5/order/history?category=linear&startTime=yesterday",
        "/v5/order/history?category=linear&startTime=2&endTime=1",
        "/v5/order/history?category=linear&startTime=0&endTime=99999999999",
        "/v5/execution/list?category=linear&limit=101", "/v5/execution/list"}) {
    EXPECT_EQ(at(exchange.get(target), "retCode"), "10001") << target;
  }
  EXPECT_EQ(at(exchange.get("/v5/execution/list?category=linear&execType=Funding&size=100"),
               "result/list"),
            "[]");
}

}  // namespace
}  // namespace venuebox::venues::bybit
