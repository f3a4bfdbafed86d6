// Whether a market's terms and the money at hand allow an order. Knows what the venue has told of
// itself and asks nobody; what is not known allows.
#pragma once

#include <string>

#include "model/unified.h"

namespace venuebox::client {

struct OrderCheck {
  // In the order in which they are looked for.
  enum class Reason : std::uint8_t {
    none,  // it can be executed
    read_only,
    unknown_market,
    inactive_market,
    price_missing,
    price_off_tick,
    quantity_off_step,  // or not above 0
    quantity_too_small,
    quantity_too_large,
    notional_too_small,
    balance_too_small,
    balance_unavailable,  // it was asked for and not told
  };
  Reason reason = Reason::none;
  std::string text = {};  // what is wrong and what would do

  explicit operator bool() const { return reason == Reason::none; }
};

// By the market's terms alone.
//   price  what a market order would trade at; absent: not known
OrderCheck check_terms(const unified::NewOrder& order, const unified::Market& market,
                       const std::optional<Decimal>& price);

// By what the account has free, once the terms are met. Fees are not counted.
//   leverage  of a perpetual; absent: not known, and any free balance will do
OrderCheck check_funds(const unified::NewOrder& order, const unified::Market& market,
                       const std::optional<Decimal>& price, const std::optional<Decimal>& leverage,
                       const std::vector<unified::AssetBalance>& balances);

}  // namespace venuebox::client
