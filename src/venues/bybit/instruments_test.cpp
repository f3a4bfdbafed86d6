#include "venues/bybit/instruments.h"

#include <gtest/gtest.h>

namespace venuebox::venues::bybit {
namespace {

const std::vector<std::string> kAll{"BTC", "ETH",  "SOL",  "XRP", "DOGE", "ADA",
                                    "LTC", "LINK", "AVAX", "BNB", "DOT",  "SUI"};

TEST(Instruments, AllCanBeListed) {
  const auto all = *listings(kAll, {});
  ASSERT_EQ(all.size(), 2 * kAll.size() + 6);
  for (const gateway::Listing& listing : all) {
    const Asset base{AssetId{1}, listing.base, kAssetScale};
    const Asset quote{AssetId{0}, listing.quote, kAssetScale};
    const auto checked = checked_listing(listing.terms, base, quote);
    EXPECT_TRUE(checked) << checked.error().text();
    EXPECT_EQ(listing.terms.symbol, listing.base + listing.quote);
    EXPECT_LE(listing.terms.market_quantity_max, listing.terms.quantity_max);
  }
}

TEST(Instruments, BitcoinHasTheDocumentedTerms) {
  const auto bitcoin = *listings(std::vector<std::string>{"NOSUCH", "BTC"}, {});
  ASSERT_EQ(bitcoin.size(), 3u);
  const Instrument& linear = bitcoin[0].terms;
  EXPECT_EQ(price_text(Ticks{370'001}, linear), "37000.10");
  EXPECT_EQ(price_text(linear.price_max, linear), "1999999.80");
  EXPECT_EQ(quantity_text(linear.quantity_max, linear), "1190.000");
  EXPECT_EQ(linear.taker_fee, Rate{550'000});
  const Instrument& spot = bitcoin[1].terms;
  EXPECT_EQ(price_text(Ticks{370'001}, spot), "37000.1");
  EXPECT_EQ(quantity_text(spot.quantity_min, spot), "0.000011");
  EXPECT_EQ(quantity_text(spot.quantity_max, spot), "83.000000");
  EXPECT_EQ(spot.maker_fee, Rate{1'000'000});
  EXPECT_EQ(spot.leverage_max, 1);
}

TEST(Instruments, InverseContractsStandBehindAllOthers) {
  const auto all = *listings(kAll, {});
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool is_inverse = i >= 2 * kAll.size();
    EXPECT_EQ(all[i].terms.is_inverse(), is_inverse) << all[i].terms.symbol;
    EXPECT_EQ(all[i].quote, is_inverse ? "USD" : "USDT");
    EXPECT_EQ(all[i].settle, is_inverse ? all[i].base : "USDT");
  }
  const Instrument& bitcoin = all[2 * kAll.size()].terms;
  EXPECT_EQ(bitcoin.symbol, "BTCUSD");
  EXPECT_EQ(price_text(Ticks{370'001}, bitcoin), "37000.10");
  EXPECT_EQ(quantity_text(bitcoin.quantity_min, bitcoin), "1");
  EXPECT_EQ(bitcoin.notional_min.units, 0);
}

TEST(Instruments, TheFirstTierIsTheDocumentedOne) {
  const auto bitcoin = *listings(std::vector<std::string>{"BTC"}, {});
  const auto first = [&](std::size_t i) { return bitcoin[i].terms.tiers.front(); };
  EXPECT_TRUE(first(0).notional_max == 2'000'000 * power_of_ten(kAssetScale));
  EXPECT_TRUE(first(2).notional_max == 150 * power_of_ten(kAssetScale));
  for (const std::size_t i : {0, 2}) {
    EXPECT_EQ(first(i).leverage_max, 100);
    EXPECT_EQ(first(i).maintenance, Rate{5'000'000});
    EXPECT_EQ(bitcoin[i].terms.tiers.back().leverage_max, 1);
    EXPECT_EQ(bitcoin[i].terms.funding.kind, FundingKind::interval);
    EXPECT_EQ(bitcoin[i].terms.funding.cap, Rate{3'750'000});
  }
}

// A coin of less leverage begins further down the list, with a first tier of the same size.
TEST(Instruments, LessLeverageBeginsFurtherDown) {
  const auto litecoin = *listings(std::vector<std::string>{"LTC"}, {});
  const auto& tiers = litecoin[0].terms.tiers;
  EXPECT_EQ(tiers.front().leverage_max, 50);
  EXPECT_EQ(tiers.front().maintenance, Rate{10'000'000});
  EXPECT_TRUE(tiers.front().notional_max == 200'000 * power_of_ten(kAssetScale));
  EXPECT_TRUE(tiers[1].notional_max == 400'000 * power_of_ten(kAssetScale)) << "10 / 5 of it";
}

}  // namespace
}  // namespace venuebox::venues::bybit
