// Triggers and stops as Bybit's bodies say them: which price is watched, and the take-profit and
// stop-loss that an order or a position carries.
#pragma once

#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {

// Absent or "0", which many clients send for it.
bool is_absent(std::string_view price);

// The members of a body that describe one leg.
struct StopNames {
  std::string_view price;   // trigger price; "0" takes the leg away
  std::string_view source;  // which price triggers it
  std::string_view type;    // Market or Limit
  std::string_view limit;   // price of a limit order
};
inline constexpr StopNames kTakeProfitNames{"takeProfit", "tpTriggerBy", "tpOrderType",
                                            "tpLimitPrice"};
inline constexpr StopNames kStopLossNames{"stopLoss", "slTriggerBy", "slOrderType", "slLimitPrice"};

// One leg; what is absent stays as it stands.
//   now   the leg as it stands, if it does
//   stop  set when the body names the leg; a trigger price of 0 takes it away
std::optional<Refusal> read_stop(Body&, const StopNames&, const Instrument&, const View&,
                                 const std::optional<StopTerms>& now,
                                 std::optional<StopTerms>& stop);

// `tpslMode`: Full, which is the default, or Partial.
std::optional<Refusal> read_stop_mode(Body&, Attachment& mode);

// "LastPrice", "MarkPrice" or "IndexPrice". An index that the box does not know never triggers
// anything, so it is refused.
std::optional<Refusal> read_source(std::string_view text, std::string_view name, const Instrument&,
                                   const View&, PriceSource& source);
std::string_view source_text(PriceSource source);

// What makes an order conditional, with Bybit's flags around it.
std::optional<Refusal> read_trigger(Body&, const Instrument&, const View&, PlaceOrder&);

}  // namespace venuebox::venues::bybit
