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

// Fees of an account without VIP level, in parts per billion.
constexpr Rate kLinearMaker{200'000};
constexpr Rate kLinearTaker{550'000};
constexpr Rate kSpotFee{1'000'000};
constexpr std::int64_t kNotionalMin = 5;  // quote

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
  listing.terms.maker_fee = is_spot ? kSpotFee : kLinearMaker;
  listing.terms.taker_fee = is_spot ? kSpotFee : kLinearTaker;
  listing.terms.leverage_max = is_spot ? 1 : coin.leverage_max;
  return listing;
}
}  // namespace

std::vector<gateway::Listing> listings(std::span<const std::string> bases) {
  std::vector<gateway::Listing> found;
  for (const std::string& base : bases) {
    const auto* coin = std::ranges::find(kCoins, base, &Coin::base);
    if (coin == std::end(kCoins)) continue;
    found.push_back(listing(*coin, InstrumentKindOf::linear_perpetual));
    found.push_back(listing(*coin, InstrumentKindOf::spot));
  }
  return found;
}

}  // namespace venuebox::venues::bybit
