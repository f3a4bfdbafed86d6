// Public answers of Paradex: golden excerpts where a client would notice every byte, and refusals.
#include <fmt/format.h>

#include "venues/paradex/test_exchange.h"

namespace venuebox::venues::paradex {
namespace {
// A book of 65,000 to 65,000.1 dollars and one trade at its offer, at an index of 65,000.
struct ParadexMarket : testing::Test {
  ParadexMarket() {
    exchange.set_index(65'000);
    exchange.quote(650'000, 650'001, 120'000);
    trade(Side::buy, 2'600);
  }
  void trade(Side side, std::int64_t lots) {
    PlaceOrder order;
    order.account = Exchange::kBob;
    order.instrument = InstrumentId{0};
    order.side = side;
    order.type = OrderType::market;
    order.quantity = Lots{lots};
    order.value = {0, AssetId{0}};
    exchange.execute(order);
  }
  std::string error(std::string_view target) {
    const std::string body = exchange.get(target);
    return fmt::format("{} {}", exchange.response.status, at(body, "error"));
  }
  std::string row(std::string_view target) { return at(exchange.get(target), "results/0"); }

  Exchange exchange;
};

TEST_F(ParadexMarket, ShowsTheBestOfTheBook) {
  const std::string body = exchange.get("/v1/bbo/BTC-USD-PERP");
  EXPECT_EQ(body, fmt::format(R"({{"market":"BTC-USD-PERP","seq_no":{},"ask":"65000.1",)"
                              R"("ask_size":"1.17400","bid":"65000.0","bid_size":"1.20000",)"
                              R"("last_updated_at":1750000000000}})",
                              exchange.view().book_version(InstrumentId{0})));
  EXPECT_EQ(exchange.get("/v1/bbo/BTC-USD-PERP/interactive"), body);
}

TEST_F(ParadexMarket, LeavesAnEmptySideEmpty) {
  const std::string body = exchange.get("/v1/bbo/ETH-USD-PERP");
  EXPECT_EQ(at(body, "ask"), "");
  EXPECT_EQ(at(body, "bid_size"), "");
  EXPECT_EQ(at(exchange.get("/v1/orderbook/ETH-USD-PERP"), "asks"), "[]");
  const std::string summary = row("/v1/markets/summary?market=ETH-USD-PERP");
  for (const char* member : {"oracle_price", "mark_price", "last_traded_price", "bid", "ask_size",
                             "underlying_price", "price_change_rate_24h"})
    EXPECT_EQ(at(summary, member), "") << member;
}

TEST_F(ParadexMarket, ShowsTheBookBestFirst) {
  const std::string body = exchange.get("/v1/orderbook/BTC-USD-PERP?depth=1");
  EXPECT_EQ(at(body, "asks"), R"([["65000.1","1.17400"]])");
  EXPECT_EQ(at(body, "bids"), R"([["65000.0","1.20000"]])");
  EXPECT_EQ(at(body, "best_bid_api"), R"(["65000.0","1.20000"])");
  EXPECT_EQ(at(body, "last_updated_at"), "1750000000000");
  EXPECT_EQ(exchange.get("/v1/orderbook/BTC-USD-PERP/interactive?depth=1"), body);
}

TEST_F(ParadexMarket, TellsWhatTakingASizeWouldCost) {
  const std::string path = "/v1/orderbook/BTC-USD-PERP/impact-price";
  EXPECT_EQ(at(exchange.get(path + "?side=BUY&size=1"), "impact_price"), "65000.1");
  EXPECT_EQ(at(exchange.get(path + "?side=SELL&size=1"), "impact_price"), "65000");
  EXPECT_EQ(at(exchange.get(path + "?side=SELL&size=99"), "impact_price"), "");
  for (const char* query : {"", "?side=BUY", "?side=buy&size=1", "?side=BUY&size=0",
                            "?side=BUY&size=0.000001", "?side=BUY&size=-1"})
    EXPECT_EQ(error(path + query), "400 INVALID_REQUEST_PARAMETER") << query;
}

TEST_F(ParadexMarket, ShowsTradesByTheTakersSide) {
  const std::string row = this->row("/v1/trades?market=BTC-USD-PERP");
  EXPECT_EQ(at(row, "id").size(), 28u);
  EXPECT_EQ(row.substr(row.find(R"("market")")),
            R"("market":"BTC-USD-PERP","side":"BUY","size":"0.02600","price":"65000.1",)"
            R"("created_at":1750000000000,"trade_type":"FILL"})");
}

TEST_F(ParadexMarket, TurnsThePagesOfTrades) {
  exchange.advance(seconds(1));
  for (int i = 1; i <= 4; ++i)
    trade(Side::sell, 100 * i);
  const std::string first = exchange.get("/v1/trades?market=BTC-USD-PERP&page_size=3");
  EXPECT_EQ(size_of_list(first, "results"), 3u);
  EXPECT_EQ(at(first, "results/0/size"), "0.00400");
  EXPECT_EQ(at(first, "prev"), "null");
  const std::string second =
      exchange.get("/v1/trades?market=BTC-USD-PERP&page_size=3&cursor=" + at(first, "next"));
  EXPECT_EQ(size_of_list(second, "results"), 2u);
  EXPECT_EQ(at(second, "results/1/side"), "BUY");
  EXPECT_EQ(at(second, "next"), "null");
  const auto count = [&](std::string_view bounds) {
    return size_of_list(exchange.get(fmt::format("/v1/trades?market=BTC-USD-PERP&{}", bounds)),
                        "results");
  };
  EXPECT_EQ(count("start_at=1750000001000"), 4u);
  EXPECT_EQ(count("end_at=1750000000999"), 1u);
}

TEST_F(ParadexMarket, SumsUpADay) {
  const std::string summary = row("/v1/markets/summary?market=BTC-USD-PERP");
  EXPECT_EQ(at(summary, "oracle_price"), "65000");
  EXPECT_EQ(at(summary, "last_traded_price"), "65000.1");
  EXPECT_EQ(at(summary, "volume_24h"), "1690.0026");
  EXPECT_EQ(at(summary, "price_change_rate_24h"), "0");
  EXPECT_EQ(at(summary, "open_interest"), "0.02600");
  EXPECT_EQ(at(summary, "total_volume"), "");
  EXPECT_EQ(at(summary, "greeks/delta"), "1");
  EXPECT_EQ(size_of_list(exchange.get("/v1/markets/summary?market=ALL"), "results"), 2u);
}

TEST_F(ParadexMarket, RunsFundingUpSecondBySecond) {
  exchange.advance(seconds(8 * 3'600));
  const std::string row = this->row("/v1/funding/data?market=BTC-USD-PERP");
  // The middle of the book is 0.05 above the index, which the interest's clamp covers.
  EXPECT_EQ(at(row, "funding_rate"), "0.0001");
  EXPECT_EQ(at(row, "funding_premium"), "6.5");
  EXPECT_EQ(at(row, "funding_rate_8h"), "0.0001");
  EXPECT_EQ(at(row, "funding_period_hours"), "8");
  EXPECT_TRUE(at(row, "funding_index").starts_with("6.49")) << row;
  EXPECT_EQ(at(row, "created_at"), "1750028800000");
  EXPECT_EQ(size_of_list(exchange.get("/v1/funding/data?market=BTC-USD-PERP&end_at=5"), "results"),
            0u);
}

TEST_F(ParadexMarket, FoldsCandles) {
  exchange.advance(seconds(120));
  trade(Side::sell, 5'000);
  const auto klines = [&](std::string_view resolution) {
    return exchange.get(
        fmt::format("/v1/markets/klines?symbol=BTC-USD-PERP&resolution={}"
                    "&start_at=1749996000000&end_at=1750003200000",
                    resolution));
  };
  EXPECT_EQ(klines("1"), R"({"results":[[1749999960000,65000.1,65000.1,65000.1,65000.1,0.026],)"
                         R"([1750000020000,65000.1,65000.1,65000.1,65000.1,0],)"
                         R"([1750000080000,65000.1,65000.1,65000.1,65000.1,0],)"
                         R"([1750000120000,65000,65000,65000,65000,0.05]]})");
  for (const char* resolution : {"3", "5", "15", "30", "60"}) {
    const std::string body = klines(resolution);
    EXPECT_EQ(body.find("65000.1,65000.1,65000,65000,0.076") != std::string::npos,
              std::string_view(resolution) != "3")
        << body;
  }
}

TEST_F(ParadexMarket, RefusesCandlesThatItDoesNotHave) {
  const std::string usual = "/v1/markets/klines?symbol=BTC-USD-PERP&start_at=1&end_at=2";
  EXPECT_EQ(error(usual), "400 INVALID_REQUEST_PARAMETER");
  EXPECT_EQ(error(usual + "&resolution=2"), "400 INVALID_REQUEST_PARAMETER");
  EXPECT_EQ(error(usual + "&resolution=1h"), "400 INVALID_REQUEST_PARAMETER");
  EXPECT_EQ(error(usual + "&resolution=1&price_kind=mark"), "501 NOT_SUPPORTED");
  EXPECT_EQ(error(usual + "&resolution=1&price_kind=underlying"), "501 NOT_SUPPORTED");
  EXPECT_EQ(error(usual + "&resolution=1&price_kind=best"), "400 INVALID_REQUEST_PARAMETER");
  EXPECT_EQ(error("/v1/markets/klines?symbol=NO&resolution=1&start_at=1&end_at=2"),
            "404 MARKET_NOT_FOUND");
  EXPECT_EQ(error("/v1/markets/klines?symbol=BTC-USD-PERP&resolution=1&start_at=2&end_at=1"),
            "400 INVALID_REQUEST_PARAMETER");
}

TEST_F(ParadexMarket, RefusesWhatNamesNoMarket) {
  for (const char* target :
       {"/v1/markets?market=NO", "/v1/markets/summary?market=NO", "/v1/bbo/NO",
        "/v1/orderbook/btc-usd-perp", "/v1/trades?market=NO", "/v1/funding/data?market=NO",
        "/v1/instruments/%zz", "/v1/orderbook/NO/impact-price?side=BUY&size=1"}) {
    EXPECT_EQ(error(target), "404 MARKET_NOT_FOUND") << target;
  }
}

TEST_F(ParadexMarket, RefusesQueriesThatDoNotHold) {
  for (const char* target :
       {"/v1/trades", "/v1/funding/data", "/v1/orderbook/BTC-USD-PERP?depth=0",
        "/v1/orderbook/BTC-USD-PERP?depth=ten", "/v1/trades?market=BTC-USD-PERP&page_size=5001",
        "/v1/trades?market=BTC-USD-PERP&page_size=-1", "/v1/trades?market=BTC-USD-PERP&cursor=x",
        "/v1/trades?market=BTC-USD-PERP&start_at=1.5",
        "/v1/funding/data?market=BTC-USD-PERP&end_at=tomorrow"}) {
    EXPECT_EQ(error(target), "400 INVALID_REQUEST_PARAMETER") << target;
  }
  EXPECT_EQ(error("/v1/orderbook/BTC-USD-PERP?price_tick=10"), "501 NOT_SUPPORTED");
  EXPECT_EQ(error("/v1/nothing"), "404 NOT_FOUND");
}

TEST_F(ParadexMarket, ListsTheTermsOfItsMarkets) {
  const std::string all = exchange.get("/v1/markets");
  EXPECT_EQ(size_of_list(all, "results"), 2u);
  EXPECT_EQ(
      row("/v1/markets?market=BTC-USD-PERP"),
      R"({"symbol":"BTC-USD-PERP","base_currency":"BTC","quote_currency":"USD",)"
      R"("settlement_currency":"USDC","order_size_increment":"0.00001","price_tick_size":"0.1",)"
      R"("min_notional":"10","open_at":0,"expiry_at":0,"asset_kind":"PERP",)"
      R"("market_kind":"cross","position_limit":"5000","price_bands_width":"0.05",)"
      R"("max_slippage":"0.05","max_open_orders":150,"max_funding_rate":"0.05",)"
      R"("max_funding_rate_change":"","funding_multiplier":1,"funding_period_hours":8,)"
      R"("interest_rate":"0.0001","clamp_rate":"0.0005","delta1_cross_margin_params":)"
      R"({"imf_base":"0.02","imf_shift":"0","imf_factor":"0","mmf_factor":"0.5"},)"
      R"("max_order_size":"100","price_feed_id":"","oracle_ewma_factor":"","max_tob_spread":"",)"
      R"("tags":[],"fee_config":{"api_fee":{"maker_fee":{"fee":"-0.00005"},)"
      R"("taker_fee":{"fee":"0.0002"}},"interactive_fee":{},"rpi_fee":{}},)"
      R"("chain_details":{"symbol":"BTC-USD-PERP","fee_maker":"-0.00005",)"
      R"("fee_taker":"0.0002","liquidation_fee":"0.01"}})");
}

TEST_F(ParadexMarket, AnswersThePathsOfOlderMocks) {
  EXPECT_EQ(exchange.get("/v1/instruments/BTC-USD-PERP"), row("/v1/markets?market=BTC-USD-PERP"));
  EXPECT_EQ(exchange.get("/v1/config"), exchange.get("/v1/system/config"));
  EXPECT_EQ(exchange.get("/health"), R"({"status":"ok"})");
}

TEST_F(ParadexMarket, AnswersTheSmallOnes) {
  exchange.open_fund(500);
  EXPECT_EQ(exchange.get("/v1/insurance"),
            R"({"account":"","account_value":"500","settlement_asset":"USDC",)"
            R"("updated_at":1750000000000})");
  for (const char* target : {"/v1/system/announcements", "/v1/system/volume-tiers",
                             "/v1/system/portfolio-margin-config", "/v1/markets/history",
                             "/v1/markets/settlement-price", "/v1/referrals/config", "/v1/vaults"})
    EXPECT_EQ(exchange.get(target), R"({"results":[]})") << target;
}

}  // namespace
}  // namespace venuebox::venues::paradex
