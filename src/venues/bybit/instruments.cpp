#include "venues/bybit/instruments.h"

#include <algorithm>

namespace venuebox::venues::bybit {
namespace {
// Quantities in lots, prices in ticks.
struct Terms {
  Step tick;
  Step lot;
  std::int64_t quantity_min;
  std::int64_t quantity_max;
  std::int64_t market_quantity_max;
  std::int64_t price_max;
};

struct Coin {
  std::string_view base;
  int leverage_max;
  Terms linear;
  Terms spot;
};

// Steps are the venue's; minima, maxima and leverage are of its order of magnitude for other coins
// than BTC, whose row is the documented one.
// clang-format off
//             tick         lot        min      max quantity  at market      max price
constexpr Coin kCoins[] = {
    {"BTC", 100,
     {{10, 2},  {1, 3},    1,        1'190'000,     500'000,       19'999'998},
     {{1, 1},   {1, 6},   11,       83'000'000,  41'500'000,       19'999'999}},
    {"ETH", 100,
     {{1, 2},   {1, 2},    1,          724'000,     338'000,       19'999'998},
     {{1, 2},   {1, 5},   24,      240'000'000, 120'000'000,       19'999'999}},
    {"SOL", 100,
     {{10, 3},  {1, 1},    1,          797'700,     127'500,          199'998},
     {{1, 2},   {1, 3},    7,       60'000'000,  30'000'000,          199'999}},
    {"XRP", 75,
     {{1, 4},   {1, 1},    1,       40'411'700,  12'246'000,        1'999'998},
     {{1, 4},   {1, 2},   99,      500'000'000, 250'000'000,        1'999'999}},
    {"DOGE", 75,
     {{1, 5},   {1, 0},    1,       13'500'000,   4'000'000,        1'999'998},
     {{1, 5},   {1, 1},   26,      400'000'000, 200'000'000,        1'999'999}},
    {"ADA", 75,
     {{1, 4},   {1, 0},    1,        4'700'000,     950'000,          199'998},
     {{1, 4},   {1, 2},  113,      300'000'000, 150'000'000,          199'999}},
    {"LTC", 50,
     {{1, 2},   {1, 1},    1,          270'000,      58'000,        1'999'998},
     {{1, 2},   {1, 5},  976,    2'000'000'000, 900'000'000,        1'999'999}},
    {"LINK", 75,
     {{1, 3},   {1, 1},    1,        1'300'000,     240'000,        1'999'998},
     {{1, 3},   {1, 3},   41,      140'000'000,  70'000'000,        1'999'999}},
    {"AVAX", 75,
     {{1, 3},   {1, 1},    1,        1'000'000,     200'000,        1'999'998},
     {{1, 2},   {1, 3},   24,      100'000'000,  50'000'000,          199'999}},
    {"BNB", 75,
     {{10, 2},  {1, 2},    1,          600'000,     100'000,          199'998},
     {{1, 1},   {1, 4},   76,       50'000'000,  25'000'000,          199'999}},
    {"DOT", 75,
     {{1, 4},   {1, 1},    1,        5'000'000,     900'000,        1'999'998},
     {{1, 4},   {1, 3},  106,      600'000'000, 300'000'000,        1'999'999}},
    {"SUI", 75,
     {{1, 4},   {10, 0},   1,          123'000,      27'000,        1'999'998},
     {{1, 4},   {1, 2},  132,      250'000'000, 125'000'000,        1'999'999}},
};
// clang-format on

// Inverse perpetuals: a lot is a dollar, and the largest order no more than the engine can count at
// its lowest price; Bybit's own are of the same order for BTC and ETH, and larger for the others.
struct InverseCoin {
  std::string_view base;
  int leverage_max;
  Step tick;
  std::int64_t quantity_max;
  std::int64_t price_max;
  std::int64_t tier;  // the first step of the risk limit, in whole coins
};
// clang-format off
constexpr InverseCoin kInverseCoins[] = {
    {"BTC", 100, {10, 2}, 10'000'000, 19'999'998,       150},
    {"ETH", 100, { 5, 2},  8'000'000,  4'000'000,     3'000},
    {"SOL",  75, { 1, 2},  1'500'000, 19'999'998,    30'000},
    {"XRP",  75, { 1, 4},     15'000,  1'999'998, 1'000'000},
    {"LTC",  50, { 1, 2},  1'500'000,  1'999'998,    10'000},
    {"DOT",  75, { 1, 3},    150'000,  1'999'998,   200'000},
};
// clang-format on

// Fees of an account without VIP level, in parts per billion.
constexpr Rate kPerpetualMaker{200'000};
constexpr Rate kPerpetualTaker{550'000};
constexpr Rate kSpotFee{1'000'000};
constexpr std::int64_t kNotionalMin = 5;  // quote

// What the insurance fund keeps of a position that it takes over: the fee of a taker.
constexpr Rate kLiquidationFee = kPerpetualTaker;

constexpr FundingTerms kFunding{.kind = FundingKind::interval,
                                .interval = seconds(8 * 3'600),
                                .interest = Rate{100'000},
                                .clamp = Rate{500'000},
                                .cap = Rate{3'750'000}};

// The steps of the risk limit, as multiples of the first. Bybit documents the first of BTC alone
// (2,000,000 USDT, and 150 BTC of the inverse contract); the further ones have the form that is
// typical of large venues, with half of the initial margin to be kept in each.
struct TierStep {
  int leverage;
  std::int64_t multiple;
};
constexpr TierStep kTierSteps[] = {{100, 1},  {75, 2},  {50, 5},  {40, 10}, {25, 25}, {20, 50},
                                   {10, 100}, {5, 150}, {4, 200}, {3, 300}, {2, 600}, {1, 1'200}};

//   first  the first step's limit, in whole units of the settlement asset
std::vector<RiskTier> tiers_of(int leverage_max, std::int64_t first) {
  std::vector<RiskTier> tiers;
  std::int64_t lowest = 0;  // multiple of the first step that is kept
  for (const TierStep& step : kTierSteps) {
    if (step.leverage > leverage_max) continue;
    if (lowest == 0) lowest = step.multiple;
    RiskTier tier;
    tier.notional_max = multiply(first, power_of_ten(kAssetScale)) * step.multiple / lowest;
    tier.leverage_max = step.leverage;
    tier.maintenance = Rate{kRateOne / step.leverage / 2};
    tiers.push_back(tier);
  }
  return tiers;
}

// What all perpetuals have in common.
void set_perpetual_terms(Instrument& terms, int leverage_max, std::int64_t first_tier) {
  terms.maker_fee = kPerpetualMaker;
  terms.taker_fee = kPerpetualTaker;
  terms.leverage_max = leverage_max;
  terms.tiers = tiers_of(leverage_max, first_tier);
  terms.liquidation_fee = kLiquidationFee;
  terms.funding = kFunding;
}

// First steps of linear risk limits, in USDT.
std::int64_t first_tier_of(std::string_view base) {
  if (base == "BTC") return 2'000'000;
  if (base == "ETH") return 1'000'000;
  return 200'000;
}

gateway::Listing listing(const Coin& coin, InstrumentKindOf kind) {
  const bool is_spot = kind == InstrumentKindOf::spot;
  const Terms& terms = is_spot ? coin.spot : coin.linear;
  const std::string base(coin.base);
  gateway::Listing listing{.terms = {}, .base = base, .quote = "USDT", .settle = "USDT"};
  listing.terms.symbol = base + "USDT";
  listing.terms.kind = kind;
  listing.terms.tick = terms.tick;
  listing.terms.lot = terms.lot;
  listing.terms.quantity_min = Lots{terms.quantity_min};
  listing.terms.quantity_max = Lots{terms.quantity_max};
  listing.terms.market_quantity_max = Lots{terms.market_quantity_max};
  listing.terms.price_max = Ticks{terms.price_max};
  listing.terms.notional_min.units = kNotionalMin * power_of_ten(kAssetScale);
  listing.terms.maker_fee = listing.terms.taker_fee = kSpotFee;
  listing.terms.leverage_max = 1;
  if (!is_spot) set_perpetual_terms(listing.terms, coin.leverage_max, first_tier_of(coin.base));
  return listing;
}

gateway::Listing inverse_listing(const InverseCoin& coin) {
  const std::string base(coin.base);
  gateway::Listing listing{.terms = {}, .base = base, .quote = "USD", .settle = base};
  listing.terms.symbol = base + "USD";
  listing.terms.kind = InstrumentKindOf::inverse_perpetual;
  listing.terms.tick = coin.tick;
  listing.terms.lot = {1, 0};
  listing.terms.quantity_max = Lots{coin.quantity_max};
  listing.terms.market_quantity_max = Lots{coin.quantity_max / 5};
  listing.terms.price_max = Ticks{coin.price_max};
  set_perpetual_terms(listing.terms, coin.leverage_max, coin.tier);
  return listing;
}
}  // namespace

Result<std::vector<gateway::Listing>> listings(std::span<const std::string> bases,
                                               const gateway::VenueOptions& /*options*/) {
  std::vector<gateway::Listing> found;
  for (const std::string& base : bases) {
    const auto* coin = std::ranges::find(kCoins, base, &Coin::base);
    if (coin == std::end(kCoins)) continue;
    found.push_back(listing(*coin, InstrumentKindOf::linear_perpetual));
    found.push_back(listing(*coin, InstrumentKindOf::spot));
  }
  // Behind all others, whose numbers stay what they were before there were inverse contracts.
  for (const std::string& base : bases) {
    const auto* coin = std::ranges::find(kInverseCoins, base, &InverseCoin::base);
    if (coin != std::end(kInverseCoins)) found.push_back(inverse_listing(*coin));
  }
  return found;
}

}  // namespace venuebox::venues::bybit
