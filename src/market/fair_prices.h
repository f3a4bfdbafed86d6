// What base assets are worth, before anybody trades: walks with a common factor, volatility that
// clusters, regimes that switch, and jumps. A function of the seed, the base asset and the number
// of the step alone, so all venues of a box have the same; nothing that is traded moves it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"

namespace venuebox::market {

enum class Regime : std::uint8_t { calm, normal, wild, crash };

// What a regime makes of the market, as multiples of the normal one.
struct RegimeTerms {
  double volatility = 1;
  double liquidity = 1;
  double spread = 1;
  double takers = 1;
};
const RegimeTerms& terms_of(Regime regime);

// How a base asset trades.
struct BaseProfile {
  std::string_view base;
  double start_price = 10;    // in units of the quote asset
  double volatility = 1;      // of a year in the normal regime: 0.5 is 50 %
  double correlation = 0.75;  // with the common factor
  double liquidity = 0.03;    // of the book, as a part of bitcoin's
  double takers = 0.6;        // orders per second on the perpetual
};
// Of a base asset that is not known: a small coin, whose price is drawn.
BaseProfile profile_of(std::uint64_t seed, std::string_view base);

class FairPrices {
 public:
  static constexpr Nanoseconds kStep = milliseconds(250);

  explicit FairPrices(std::uint64_t seed);

  // Its number for price(); the same when it is known already.
  //   price  at which it begins now; absent: its profile's
  std::size_t add(std::string_view base, std::optional<double> price = std::nullopt);
  std::optional<double> price_of(std::string_view base) const;  // none: it is not known
  void step();

  double price(std::size_t base) const { return walks_[base].price; }
  const BaseProfile& profile(std::size_t base) const { return walks_[base].profile; }
  Regime regime() const { return regime_; }
  // Present volatility, as a multiple of what it is on average in the normal regime.
  double agitation() const { return agitation_; }

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  struct Walk {
    std::string base;
    BaseProfile profile;
    RandomStream draws;
    double price = 0;
  };

  void switch_regime();
  double jump(const RandomStream& draws, double per_day) const;

  std::uint64_t seed_;
  RandomStream regimes_;
  RandomStream common_;
  std::vector<Walk> walks_;
  Regime regime_ = Regime::normal;
  double heat_ = 1;  // variance now, as a multiple of the regime's
  double agitation_ = 1;
  std::uint64_t steps_ = 0;
};

}  // namespace venuebox::market
