// Markets from files: what they come to, and each way in which a file can be bad.
#include "venues/paradex/fixtures.h"

#include <fstream>
#include <sstream>

#include "venues/paradex/instruments.h"
#include "venues/paradex/test_exchange.h"

namespace venuebox::venues::paradex {
namespace {
constexpr std::string_view kMarket = R"({
  "symbol": "BTC-USD-PERP",
  "base_currency": "BTC",
  "settlement_currency": "USDC",
  "order_size_increment": "0.00001",
  "price_tick_size": "0.10",
  "max_order_size": "100",
  "delta1_cross_margin_params": {
    "imf_base": "0.1"
  },
  "fee_config": {"api_fee": {
    "maker_fee": {"fee": "0.0001"},
    "taker_fee": {"fee": "0.0002"}
  }}
})";

std::string replaced(std::string_view what, std::string_view with) {
  std::string text(kMarket);
  text.replace(text.find(what), what.size(), with);
  return text;
}

std::string error_of(const std::vector<gateway::NamedText>& files) {
  const auto listings = listings_from_files(files);
  return listings ? "no error" : listings.error().text();
}
std::string error_of(const std::string& text) {
  return error_of(std::vector<gateway::NamedText>{{"a.json", text}});
}

TEST(ParadexFixtures, LoadsTheSamplesOfTheProject) {
  std::ifstream file(VENUEBOX_SOURCE_DIR "/fixtures/paradex/markets.json");
  std::stringstream text;
  text << file.rdbuf();
  const std::vector<gateway::NamedText> files{{"markets.json", text.str()}};
  const gateway::VenueOptions options{{"fixtures", gateway::files_text(files)}};
  ASSERT_TRUE(gateway::check_options(options, venue.options));
  Exchange exchange(
      {.verify_signatures = false, .rate_limits = gateway::RateLimits::off, .options = options});
  const std::string market = at(exchange.get("/v1/markets?market=BTC-USD-PERP"), "results/0");
  EXPECT_EQ(at(market, "delta1_cross_margin_params/imf_base"), "0.1");
  EXPECT_EQ(at(market, "delta1_cross_margin_params/mmf_factor"), "0.5");
  EXPECT_EQ(at(market, "fee_config/api_fee/maker_fee/fee"), "0.0001");
  EXPECT_EQ(at(market, "fee_config/api_fee/taker_fee/fee"), "0.0001");
  EXPECT_EQ(at(market, "settlement_currency"), "USDC");
  EXPECT_EQ(at(market, "position_limit"), "5000");
  EXPECT_EQ(at(exchange.get("/v1/instruments/ETH-USD-PERP"), "price_tick_size"), "0.01");
}

// What the venue shows of its markets can be given to it again.
TEST(ParadexFixtures, ReadsWhatMarketsAnswers) {
  Exchange exchange;
  const std::string shown = exchange.get("/v1/markets");
  const auto listings = listings_from_files(std::vector<gateway::NamedText>{{"shown.json", shown}});
  ASSERT_TRUE(listings) << listings.error().text();
  ASSERT_EQ(listings->size(), 2u);
  for (const gateway::Listing& read : *listings) {
    const Instrument usual = usual_listing(read.base).terms;
    EXPECT_EQ(read.terms.symbol, usual.symbol);
    EXPECT_EQ(read.terms.tick.units, usual.tick.units);
    EXPECT_EQ(read.terms.quantity_max, usual.quantity_max);
    EXPECT_EQ(read.terms.maker_fee, usual.maker_fee);
    EXPECT_EQ(read.terms.tiers.front().maintenance, usual.tiers.front().maintenance);
    EXPECT_EQ(read.terms.tiers.front().notional_max, usual.tiers.front().notional_max);
    EXPECT_EQ(read.terms.funding.cap, usual.funding.cap);
  }
}

TEST(ParadexFixtures, TakesAListAndOneMarketAFile) {
  const std::string other = replaced("BTC-USD-PERP", "PEPE-USD-PERP");
  const auto listings = listings_from_files(std::vector<gateway::NamedText>{
      {"a.json", std::string(kMarket)}, {"b.json", "[" + other + "]"}});
  ASSERT_TRUE(listings) << listings.error().text();
  ASSERT_EQ(listings->size(), 2u);
  EXPECT_EQ(listings->back().terms.symbol, "PEPE-USD-PERP");
  EXPECT_EQ(listings->front().terms.leverage_max, 10);
  EXPECT_EQ(listings->front().terms.taker_fee, Rate{200'000});
}

// Each with the line on which it stands.
TEST(ParadexFixtures, SaysWhichFieldOfWhichLineIsBad) {
  const struct {
    std::string_view what, with, error;
  } kBad[] = {
      {R"("BTC-USD-PERP")", "5", "a.json:2: symbol: must be a text"},
      {R"("BTC-USD-PERP")", R"("")", "a.json:2: symbol: must be 1 to 40 of A-Z, 0-9 and -"},
      {R"("BTC-USD-PERP")", R"("btc\"")", "a.json:2: symbol: must be 1 to 40 of A-Z, 0-9 and -"},
      {R"(  "base_currency": "BTC",)", "", "a.json:1: base_currency: is missing"},
      {R"("USDC")", R"("USDT")", "a.json:4: settlement_currency: 'USDT' is not built, only USDC"},
      {R"("USDC",)", R"("USDC", "asset_kind": "OPTION",)",
       "a.json:4: asset_kind: 'OPTION' is not built, only PERP"},
      {R"("0.00001")", "null",
       "a.json:5: order_size_increment: must be a decimal number with at most 12 decimals"},
      {R"("0.10")", R"("-0.1")", "a.json:6: price_tick_size: must be 0.000000000001 to 1000000"},
      {R"("0.10")", R"("0.1.1")",
       "a.json:6: price_tick_size: must be a decimal number with at most 12 decimals"},
      {R"("100")", R"("0.000001")",
       "a.json:7: max_order_size: must be a decimal number with at most 5 decimals"},
      {R"("0.1")", R"("0.03")",
       "a.json:9: delta1_cross_margin_params/imf_base: must be 1 divided by a whole leverage, such "
       "as 0.1"},
      {R"("0.1")", R"("2")", "a.json:9: delta1_cross_margin_params/imf_base: must be 0.001 to 1"},
      {R"({"fee": "0.0001"})", R"("0.0001")",
       "a.json:1: fee_config/api_fee/maker_fee/fee: is missing"},
      {R"("0.0002")", R"("free")",
       "a.json:13: fee_config/api_fee/taker_fee/fee: must be a decimal number with at most 9 "
       "decimals"},
      {R"("0.0002")", R"("1.5")", "a.json:13: fee_config/api_fee/taker_fee/fee: must be -1 to 1"},
      {R"("USDC",)", R"("USDC", "max_open_orders": 0,)",
       "a.json:4: max_open_orders: must be 1 to 100000"},
      {R"("USDC",)", R"("USDC", "funding_period_hours": 1.5,)",
       "a.json:4: funding_period_hours: must be a decimal number with at most 0 decimals"},
  };
  for (const auto& [what, with, error] : kBad)
    EXPECT_EQ(error_of(replaced(what, with)), error);
}

TEST(ParadexFixtures, SaysWhereAFileIsNoJson) {
  EXPECT_EQ(error_of(""), "a.json:1: a value is missing");
  EXPECT_EQ(error_of(replaced(R"("BTC",)", R"("BTC")")), "a.json:4: ',' is missing");
  EXPECT_EQ(error_of(replaced(R"("BTC",)", R"("BTC,)")), "a.json:3: a text has no closing quote");
  EXPECT_EQ(error_of(replaced(R"("0.10")", "cheap")), "a.json:6: 'cheap' is no value");
  EXPECT_EQ(error_of(std::string(kMarket) + "\n!"), "a.json:15: something follows the end");
  EXPECT_EQ(error_of(std::string(kMarket).substr(0, 40)), "a.json:3: a text has no closing quote");
  EXPECT_EQ(error_of(replaced("base_currency", "symbol")), "a.json:3: symbol stands twice");
  EXPECT_EQ(error_of(std::string(40, '[')), "a.json:1: it is nested too deeply");
}

TEST(ParadexFixtures, RefusesFilesWithoutMarkets) {
  EXPECT_EQ(error_of("[]"), "a.json:1: markets: must be a list of markets that is not empty");
  EXPECT_EQ(error_of("5"), "a.json:1: markets: must be a list of markets that is not empty");
  EXPECT_EQ(error_of("{\n\"results\":{}}"),
            "a.json:2: results: must be a list of markets that is not empty");
  EXPECT_EQ(error_of("[5]"), "a.json:1: 0/symbol: is missing");
}

TEST(ParadexFixtures, RefusesAMarketThatAnotherFileHas) {
  const std::string market(kMarket);
  EXPECT_EQ(error_of({{"a.json", market}, {"b.json", "[\n" + market + "]"}}),
            "b.json:3: 0/symbol: BTC-USD-PERP is there already");
}

}  // namespace
}  // namespace venuebox::venues::paradex
