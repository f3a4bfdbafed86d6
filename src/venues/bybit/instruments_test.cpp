#include "venues/bybit/instruments.h"

#include <gtest/gtest.h>

namespace venuebox::venues::bybit {
namespace {

const std::vector<std::string> kAll{"BTC", "ETH",  "SOL",  "XRP", "DOGE", "ADA",
                                    "LTC", "LINK", "AVAX", "BNB", "DOT",  "SUI"};

TEST(Instruments, AllCanBeListed) {
  const auto all = listings(kAll);
  ASSERT_EQ(all.size(), 2 * kAll.size());
  for (const gateway::Listing& listing : all) {
    const Asset base{AssetId{1}, listing.base, kAssetScale};
    const Asset quote{AssetId{0}, listing.quote, kAssetScale};
    const auto checked = checked_listing(listing.terms, base, quote);
    EXPECT_TRUE(checked) << checked.error().text();
    EXPECT_EQ(listing.terms.symbol, listing.base + "USDT");
    EXPECT_LE(listing.terms.market_quantity_max, listing.terms.quantity_max);
  }
}

TEST(Instruments, BitcoinHasTheDocumentedTerms) {
  const auto bitcoin = listings(std::vector<std::string>{"NOSUCH", "BTC"});
  ASSERT_EQ(bitcoin.size(), 2u);
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
}

}  // namespace
}  // namespace venuebox::venues::bybit
