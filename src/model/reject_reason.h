// Why trading said no. The order of the enum is the order of the checks, so an order with two
// faults is always refused for the same one.
#pragma once

#include <cstdint>
#include <string_view>

namespace venuebox {

enum class RejectReason : std::uint8_t {
  unknown_account,
  unknown_instrument,
  quantity_not_positive,
  quantity_too_small,
  quantity_too_large,
  price_not_positive,
  price_too_high,
  notional_too_small,
  leverage_out_of_range,
  leverage_unchanged,
  duplicate_client_order_id,
  unknown_order,
  amend_unsupported,
  too_many_open_orders,
  no_liquidity,
  reduce_only_without_position,
  insufficient_balance,
  insufficient_margin,
  amount_not_positive,
  // Said by doors in front of the engine, never by the engine itself.
  rate_limited,
  overloaded,
  maintenance,
};

inline constexpr int kRejectReasons = static_cast<int>(RejectReason::maintenance) + 1;

// Whether the same command can succeed later without anybody changing it.
constexpr bool is_transient(RejectReason reason) {
  switch (reason) {
    case RejectReason::no_liquidity:
    case RejectReason::rate_limited:
    case RejectReason::overloaded:
    case RejectReason::maintenance: return true;
    default: return false;
  }
}

std::string_view name_of(RejectReason reason);

}  // namespace venuebox
