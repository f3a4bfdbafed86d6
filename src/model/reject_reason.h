// Why trading said no. The order of the enum is the order of the checks, so an order with two
// faults is always refused for the same one.
#pragma once

#include <cstdint>
#include <string_view>

namespace venuebox {

enum class RejectReason : std::uint8_t {
  unknown_account,
  unknown_instrument,
  unknown_order,
  instrument_delisted,
  instrument_halted,
  instrument_cancel_only,
  batch_size_out_of_range,
  contradictory_terms,  // options that exclude each other
  quantity_not_positive,
  quantity_too_small,
  quantity_too_large,
  display_out_of_range,  // of an iceberg
  price_not_positive,
  price_too_high,
  price_outside_band,  // too far beyond the mark price
  notional_too_small,
  trigger_out_of_range,  // trigger price, trail or activation
  trigger_already_reached,
  stop_price_out_of_range,  // take-profit or stop-loss on the wrong side of the price
  expiry_not_ahead,
  leverage_out_of_range,
  leverage_unchanged,
  mode_unchanged,          // margin or position mode
  position_mode_mismatch,  // a side of a position that the position mode has not got
  orders_are_open,         // which keep a mode from changing
  position_is_open,        // likewise
  margin_not_isolated,     // there is none to change
  leverage_above_tier,     // for what is open
  duplicate_client_order_id,
  quantity_below_filled,
  amend_unsupported,  // this order has no such term
  amend_unchanged,
  too_many_open_orders,
  too_many_conditional_orders,
  instrument_post_only,
  reduce_only_without_position,
  no_liquidity,         // nothing to match against
  position_above_tier,  // larger than the risk limit allows with this leverage
  insufficient_balance,
  insufficient_margin,
  margin_below_requirement,  // an isolated position would keep too little
  amount_not_positive,
  amount_too_large,
  timeout_out_of_range,
  listing_invalid,  // an asset or instrument that cannot be listed
  // Said by doors in front of the engine, never by the engine itself.
  rate_limited,
  overloaded,
  maintenance,
};

inline constexpr int kRejectReasons = static_cast<int>(RejectReason::maintenance) + 1;

// Whether the same command can succeed later without anybody changing it.
constexpr bool is_transient(RejectReason reason) {
  switch (reason) {
    case RejectReason::instrument_halted:
    case RejectReason::instrument_cancel_only:
    case RejectReason::instrument_post_only:
    case RejectReason::no_liquidity:
    case RejectReason::rate_limited:
    case RejectReason::overloaded:
    case RejectReason::maintenance: return true;
    default: return false;
  }
}

std::string_view name_of(RejectReason reason);

}  // namespace venuebox
