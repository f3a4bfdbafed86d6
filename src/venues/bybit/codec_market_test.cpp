#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

TEST(Market, TimeIsTheDoors) {
  Exchange exchange;
  const std::string body = exchange.get("/v5/market/time");
  EXPECT_EQ(body, R"({"retCode":0,"retMsg":"OK","result":{"timeSecond":"1700000000",)"
                  R"("timeNano":"1700000000123000000"},"retExtInfo":{},"time":1700000000123})");
  EXPECT_EQ(at(exchange.get("/v5/system/status"), "time"), "1700000000000") << "the box's";
}

TEST(Market, ListsInstrumentsOfACategory) {
  Exchange exchange;
  const std::string linear = exchange.get("/v5/market/instruments-info?category=linear&limit=1000");
  EXPECT_EQ(size_of_list(linear, "result/list"), 2u);
  EXPECT_EQ(at(linear, "result/category"), "linear");
  EXPECT_EQ(at(linear, "result/nextPageCursor"), "");
  EXPECT_EQ(at(linear, "result/list/0/symbol"), "BTCUSDT");
  EXPECT_EQ(at(linear, "result/list/0/contractType"), "LinearPerpetual");
  EXPECT_EQ(at(linear, "result/list/0/settleCoin"), "USDT");
  EXPECT_EQ(at(linear, "result/list/0/priceScale"), "2");
  EXPECT_EQ(at(linear, "result/list/0/priceFilter"),
            R"({"minPrice":"0.10","maxPrice":"1999999.80","tickSize":"0.10"})");
  EXPECT_EQ(at(linear, "result/list/0/lotSizeFilter"),
            R"({"maxOrderQty":"1190.000","minOrderQty":"0.001","qtyStep":"0.001",)"
            R"("postOnlyMaxOrderQty":"1190.000","maxMktOrderQty":"500.000",)"
            R"("minNotionalValue":"5"})");
  EXPECT_EQ(at(linear, "result/list/0/leverageFilter/maxLeverage"), "100.00");

  const std::string spot = exchange.get("/v5/market/instruments-info?category=spot");
  EXPECT_EQ(at(spot, "result/list/0/lotSizeFilter/basePrecision"), "0.000001");
  EXPECT_EQ(at(spot, "result/list/0/lotSizeFilter/quotePrecision"), "0.0000001");
  EXPECT_EQ(at(spot, "result/list/0/lotSizeFilter/minOrderAmt"), "5");
  EXPECT_EQ(at(spot, "result/list/0/priceFilter/tickSize"), "0.1");

  for (const char* query :
       {"category=option&baseCoin=BTC", "category=inverse&limit=1000&status=PreLaunch",
        "category=linear&limit=1000&status=PreLaunch"}) {
    const std::string empty =
        exchange.get(std::string("/v5/market/instruments-info?").append(query));
    EXPECT_EQ(at(empty, "retCode"), "0") << query;
    EXPECT_EQ(at(empty, "result/list"), "[]") << query;
  }
}

TEST(Market, PagesInstruments) {
  Exchange exchange;
  const std::string first = exchange.get("/v5/market/instruments-info?category=linear&limit=1");
  EXPECT_EQ(at(first, "result/list/0/symbol"), "BTCUSDT");
  const std::string cursor = at(first, "result/nextPageCursor");
  ASSERT_NE(cursor, "");
  const std::string second =
      exchange.get("/v5/market/instruments-info?category=linear&limit=1&cursor=" + cursor);
  EXPECT_EQ(at(second, "result/list/0/symbol"), "ETHUSDT");
  EXPECT_EQ(at(second, "result/nextPageCursor"), "");
}

TEST(Market, ShowsTheBook) {
  Exchange exchange;
  exchange.quote("linear", 599'999, 600'001, 1'500);
  exchange.quote("linear", 599'990, 600'010, 2'000);
  const std::string book = exchange.get("/v5/market/orderbook?symbol=BTCUSDT&category=linear");
  EXPECT_EQ(at(book, "result/b"), R"([["59999.90","1.500"],["59999.00","2.000"]])");
  EXPECT_EQ(at(book, "result/a"), R"([["60000.10","1.500"],["60001.00","2.000"]])");
  EXPECT_EQ(at(book, "result/s"), "BTCUSDT");
  EXPECT_EQ(at(book, "result/ts"), "1700000000000");
  const std::string top =
      exchange.get("/v5/market/orderbook?symbol=BTCUSDT&category=linear&limit=1");
  EXPECT_EQ(size_of_list(top, "result/b"), 1u);
  EXPECT_EQ(at(top, "result/u"), at(book, "result/u"));
  const std::string spot = exchange.get("/v5/market/orderbook?symbol=BTCUSDT&category=spot");
  EXPECT_EQ(at(spot, "result/b"), "[]") << "the other market of the same name";
}

TEST(Market, KnowsNoNumbersBeforeAnythingHappened) {
  Exchange exchange;
  const std::string body = exchange.get("/v5/market/tickers?symbol=BTCUSDT&category=linear");
  for (const char* key : {"lastPrice", "markPrice", "bid1Price", "ask1Size", "highPrice24h",
                          "price24hPcnt", "prevPrice1h"}) {
    EXPECT_EQ(at(body, std::string("result/list/0/").append(key)), "") << key;
  }
  // Clients tell the kinds apart by this, so it is never empty.
  EXPECT_EQ(at(body, "result/list/0/openInterestValue"), "0");
  EXPECT_EQ(at(exchange.get("/v5/market/tickers?symbol=BTCUSDT&category=spot"),
               "result/list/0/openInterestValue"),
            "(absent)");
}

TEST(Market, TickersFollowWhatTraded) {
  Exchange exchange;
  exchange.quote("linear", 600'000, 600'020, 1'000);
  const auto buy = [&](const char* quantity) {
    exchange.post("/v5/order/create",
                  std::string(R"({"category":"linear","symbol":"BTCUSDT","side":"Buy",)"
                              R"("orderType":"Market","qty":")") +
                      quantity + "\"}");
  };
  buy("0.400");
  exchange.quote("linear", 600'010, 606'020, 1'000);
  buy("0.600");
  buy("0.100");
  const std::string row =
      at(exchange.get("/v5/market/tickers?symbol=BTCUSDT&category=linear"), "result/list/0");
  EXPECT_EQ(at(row, "symbol"), "BTCUSDT");
  EXPECT_EQ(at(row, "lastPrice"), "60602.00");
  EXPECT_EQ(at(row, "prevPrice24h"), "60002.00");
  EXPECT_EQ(at(row, "highPrice24h"), "60602.00");
  EXPECT_EQ(at(row, "lowPrice24h"), "60002.00");
  EXPECT_EQ(at(row, "price24hPcnt"), "0.01");
  EXPECT_EQ(at(row, "volume24h"), "1.100");
  EXPECT_EQ(at(row, "turnover24h"), "66062.2");  // 1 * 60002 + 0.1 * 60602
  EXPECT_EQ(at(row, "bid1Price"), "60001.00");
  EXPECT_EQ(at(row, "ask1Size"), "0.900");
  EXPECT_EQ(at(row, "markPrice"), "60602");
  EXPECT_EQ(at(row, "openInterest"), "1.100");
  EXPECT_EQ(at(row, "openInterestValue"), "66662.2");
  EXPECT_EQ(size_of_list(exchange.get("/v5/market/tickers?category=linear"), "result/list"), 2u);

  const std::string trades =
      exchange.get("/v5/market/recent-trade?symbol=BTCUSDT&limit=2&category=linear");
  EXPECT_EQ(size_of_list(trades, "result/list"), 2u);
  EXPECT_EQ(at(trades, "result/list/0/price"), "60602.00") << "newest first";
  EXPECT_EQ(at(trades, "result/list/0/side"), "Buy");
  EXPECT_EQ(at(trades, "result/list/1/size"), "0.600");
  EXPECT_EQ(at(trades, "result/list/0/time"), "1700000000000");
}

TEST(Market, RefusesWhatItDoesNotKnow) {
  Exchange exchange;
  const std::string ticker = exchange.get("/v5/market/tickers?symbol=NOSUCH&category=spot");
  EXPECT_EQ(at(ticker, "retCode"), "10001");
  EXPECT_EQ(at(ticker, "retMsg"), "Not supported symbols");
  EXPECT_EQ(exchange.response.status, 200);
  for (const char* target :
       {"/v5/market/tickers", "/v5/market/tickers?category=futures",
        "/v5/market/orderbook?category=linear", "/v5/market/orderbook?category=option&symbol=X",
        "/v5/market/orderbook?category=linear&symbol=BTCUSDT&limit=0",
        "/v5/market/orderbook?category=linear&symbol=BTCUSDT&limit=1001",
        "/v5/market/orderbook?category=linear&symbol=BTCUSDT&limit=ten",
        "/v5/market/recent-trade?category=spot&symbol=BTCUSDT&limit=61",
        "/v5/market/instruments-info?category=linear&symbol=NOSUCH",
        "/v5/market/tickers?category=%ZZ", "/v5/market/kline?category=linear&symbol=BTCUSDT"}) {
    EXPECT_EQ(at(exchange.get(target), "retCode"), "10001") << target;
  }
}

TEST(Market, ReadsPercentEncodedParameters) {
  Exchange exchange;
  EXPECT_EQ(at(exchange.get("/v5/market/tickers?category=%6Cinear&symbol=BTC%55SDT"), "retCode"),
            "0");
}

}  // namespace
}  // namespace venuebox::venues::bybit
