// Source: GET /v1/markets as documented (BTC-USD-PERP); steps of other coins are of the venue's
// order of magnitude.
#include "venues/paradex/instruments.h"

#include <algorithm>

#include "venues/paradex/fixtures.h"

namespace venuebox::venues::paradex {
namespace {
// Quantities in lots, prices in ticks.
struct Coin {
  std::string_view base;
  int leverage_max;  // 1 / imf_base
  Step tick;
  Step lot;
  std::int64_t quantity_max;    // max_order_size
  std::int64_t position_limit;  // in whole coins
  std::int64_t price_max;
};

// clang-format off
//                   tick     lot       max quantity   position    max price
constexpr Coin kCoins[] = {
    {"BTC",  50,  {1, 1},  {1, 5},    10'000'000,      5'000,   19'999'999},
    {"ETH",  50,  {1, 2},  {1, 4},    10'000'000,     50'000,   19'999'999},
    {"SOL",  50,  {1, 3},  {1, 2},     5'000'000,    500'000,   19'999'999},
    {"XRP",  20,  {1, 4},  {1, 1},    10'000'000,    500'000,    1'999'999},
    {"DOGE", 20,  {1, 5},  {1, 0},     5'000'000,    500'000,    1'999'999},
    {"ADA",  20,  {1, 4},  {1, 0},     2'000'000,    500'000,    1'999'999},
    {"LTC",  20,  {1, 2},  {1, 3},    10'000'000,    200'000,    1'999'999},
    {"LINK", 20,  {1, 3},  {1, 2},    10'000'000,    500'000,    1'999'999},
    {"AVAX", 20,  {1, 3},  {1, 2},    10'000'000,    500'000,    1'999'999},
    {"BNB",  20,  {1, 2},  {1, 3},    10'000'000,    100'000,    1'999'999},
    {"DOT",  20,  {1, 4},  {1, 1},    10'000'000,    500'000,    1'999'999},
    {"SUI",  20,  {1, 4},  {1, 1},    10'000'000,    500'000,    1'999'999},
};
// clang-format on

// Of a coin that is not among these.
constexpr Coin kOtherCoin{"", 20, {1, 2}, {1, 3}, 10'000'000, 1'000'000, 19'999'999};

// In parts per billion.
constexpr Rate kMakerFee{-50'000};
constexpr Rate kTakerFee{200'000};
constexpr Rate kLiquidationFee{10'000'000};
constexpr Rate kPriceBand{50'000'000};
constexpr std::int64_t kNotionalMin = 10;  // quote
constexpr std::uint32_t kOpenOrdersMax = 150;

// The rate is told for 8 hours and runs up each second.
constexpr FundingTerms kFunding{.kind = FundingKind::continuous,
                                .interval = seconds(8 * 3'600),
                                .interest = Rate{100'000},
                                .clamp = Rate{500'000},
                                .cap = Rate{50'000'000}};

// A quarter of a million dollars for a coin is more than any of these has cost: beyond it the limit
// in coins would not be reached.
constexpr std::int64_t kDollarsPerCoinMax = 250'000;

// Half of the initial margin is to be kept (mmf_factor 0.5).
RiskTier tier_of(const Coin& coin) {
  RiskTier tier;
  tier.notional_max = notional_of_limit(coin.position_limit);
  tier.leverage_max = coin.leverage_max;
  tier.maintenance = Rate{kRateOne / coin.leverage_max / 2};
  return tier;
}

const Coin* find_coin(std::string_view base) {
  const auto* coin = std::ranges::find(kCoins, base, &Coin::base);
  return coin == std::end(kCoins) ? nullptr : coin;
}
}  // namespace

Int128 notional_of_limit(std::int64_t coins) {
  return multiply(multiply(coins, kDollarsPerCoinMax), power_of_ten(kAssetScale));
}

gateway::Listing usual_listing(const std::string& base) {
  const Coin* known = find_coin(base);
  const Coin& coin = known ? *known : kOtherCoin;
  gateway::Listing listing{.terms = {}, .base = base, .quote = "USDC", .settle = "USDC"};
  Instrument& terms = listing.terms;
  terms.symbol = base + "-USD-PERP";
  terms.kind = InstrumentKindOf::linear_perpetual;
  terms.tick = coin.tick;
  terms.lot = coin.lot;
  terms.quantity_max = terms.market_quantity_max = Lots{coin.quantity_max};
  terms.price_max = Ticks{coin.price_max};
  terms.notional_min.units = kNotionalMin * power_of_ten(kAssetScale);
  terms.maker_fee = kMakerFee;
  terms.taker_fee = kTakerFee;
  terms.leverage_max = coin.leverage_max;
  terms.tiers = {tier_of(coin)};
  terms.liquidation_fee = kLiquidationFee;
  terms.funding = kFunding;
  terms.loss_sharing = LossSharing::socialise;
  terms.open_orders_max = terms.conditional_orders_max = kOpenOrdersMax;
  terms.price_band = kPriceBand;
  terms.accepts_before_risk = true;
  terms.remembers_client_ids = false;
  return listing;
}

std::int64_t position_limit(const Instrument& instrument) {
  const Int128 dollars = div_floor(instrument.tiers.back().notional_max, power_of_ten(kAssetScale));
  return static_cast<std::int64_t>(div_floor(dollars, kDollarsPerCoinMax));
}

Result<std::vector<gateway::Listing>> listings(std::span<const std::string> bases,
                                               const gateway::VenueOptions& options) {
  if (const auto fixtures = options.find("fixtures"); fixtures != options.end()) {
    const auto files = gateway::files_from_text(fixtures->second);
    return files ? listings_from_files(*files) : files.error();
  }
  std::vector<gateway::Listing> found;
  for (const std::string& base : bases) {
    if (find_coin(base)) found.push_back(usual_listing(base));
  }
  return found;
}

}  // namespace venuebox::venues::paradex
