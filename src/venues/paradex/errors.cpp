// Sources: the sheet of the venue's codes behind docs/venues/paradex.md, "Errors".
#include "venues/paradex/errors.h"

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace venuebox::venues::paradex {
namespace {
struct Row {
  RejectReason reason;
  VenueError error;
};

using enum RejectReason;

constexpr VenueError invalid(std::string_view text) { return {400, "VALIDATION_ERROR", text}; }

constexpr VenueError kNotOpen{400, "MARKET_NOT_OPEN", "market is not open"};
constexpr VenueError kCancelOnly{400, "SYSTEM_STATUS_CANCEL_ONLY", "system is in cancel-only mode"};
constexpr VenueError kPostOnly{400, "SYSTEM_STATUS_POST_ONLY", "system is in post-only mode"};
constexpr VenueError kUnavailable{503, "SERVICE_UNAVAILABLE", "service unavailable"};

// In the order of RejectReason, which is asserted below.
// clang-format off
constexpr std::array<Row, kRejectReasons> kRows{{
    {unknown_account, {400, "ACCOUNT_NOT_FOUND", "account not found"}},
    {unknown_instrument, kUnknownMarket},
    {unknown_order, kUnknownOrder},
    {instrument_delisted, kNotOpen},
    {instrument_halted, kNotOpen},
    {instrument_cancel_only, kCancelOnly},
    {batch_size_out_of_range, {400, "BATCH_SIZE_OUT_OF_RANGE", "batch size out of range"}},
    {contradictory_terms, invalid("these options exclude each other")},
    {quantity_not_positive, invalid("size: must be above zero")},
    {quantity_too_small, invalid("size: below the order_size_increment")},
    {quantity_too_large, invalid("size: above the max_order_size")},
    {display_out_of_range, invalid("size: display size out of range")},
    {price_not_positive, invalid("price: must be above zero")},
    {price_too_high, invalid("price: too high")},
    {price_outside_band, invalid("price: outside of price_bands_width around the mark price")},
    {notional_too_small, invalid("size: notional below min_notional")},
    {trigger_out_of_range, invalid("trigger_price: out of range")},
    {trigger_already_reached, invalid("trigger_price: already reached")},
    {stop_price_out_of_range, invalid("trigger_price: on the wrong side of the price")},
    {expiry_not_ahead, invalid("expiry: is not ahead")},
    {leverage_out_of_range, invalid("leverage: out of range")},
    {leverage_unchanged, invalid("leverage: unchanged")},
    {mode_unchanged, invalid("margin_type: unchanged")},
    {position_mode_mismatch, invalid("side: no such position")},
    {orders_are_open, invalid("margin_type: orders are open")},
    {position_is_open, invalid("margin_type: a position is open")},
    {margin_not_isolated, invalid("margin_type: the position is not isolated")},
    {leverage_above_tier, invalid("leverage: too high for what is open")},
    {duplicate_client_order_id, {400, "DUPLICATED_CLIENT_ID", "client order id is duplicated"}},
    {quantity_below_filled, {400, "INVALID_ORDER_SIZE", "size: not above what is filled"}},
    {amend_unsupported, invalid("the order has no such term")},
    {amend_unchanged, invalid("nothing is changed")},
    {too_many_open_orders, {400, "MAX_OPEN_ORDERS_EXCEEDED", "too many open orders"}},
    {too_many_conditional_orders, {400, "MAX_OPEN_ORDERS_EXCEEDED", "too many untriggered orders"}},
    {instrument_post_only, kPostOnly},
    {reduce_only_without_position, invalid("flags: nothing to reduce")},
    {no_liquidity, invalid("size: nothing to match against")},
    {position_above_tier, invalid("size: exceeds the position limit")},
    {insufficient_balance, invalid("size: not enough balance")},
    {insufficient_margin, invalid("size: not enough margin")},
    {margin_below_requirement, invalid("leverage: the position would be liquidated")},
    {amount_not_positive, invalid("amount: must be above zero")},
    {amount_too_large, invalid("amount: too large")},
    {timeout_out_of_range, invalid("timeout: out of range")},
    {listing_invalid, invalid("market: cannot be listed")},
    {rate_limited, {429, "", "Rate limit exceeded"}},
    {overloaded, kUnavailable},
    {maintenance, kUnavailable},
}};
// clang-format on

constexpr bool rows_follow_the_enum() {
  return std::ranges::is_sorted(kRows, {}, &Row::reason) &&
         kRows.front().reason == RejectReason{} &&
         std::ranges::adjacent_find(kRows, {}, &Row::reason) == kRows.end();
}
static_assert(rows_follow_the_enum(), "a reason is missing or out of place");
}  // namespace

const VenueError& venue_error(RejectReason reason) {
  const auto at = static_cast<std::size_t>(reason);
  VENUEBOX_ASSERT(at < kRows.size());
  return kRows[at].error;
}

std::string_view cancel_reason_text(CancelReason reason) {
  switch (reason) {
    case CancelReason::none: return "";
    case CancelReason::by_user: return "USER_CANCELED";
    case CancelReason::immediate_or_cancel:
    case CancelReason::fill_or_kill: return "NO_LIQUIDITY";
    case CancelReason::post_only: return "POST_ONLY_WOULD_CROSS";
    case CancelReason::reduce_only:
    case CancelReason::position_closed: return "REDUCE_ONLY_WILL_INCREASE";
    case CancelReason::expired: return "EXPIRED";
    case CancelReason::self_trade: return "SELF_TRADE";
    case CancelReason::insufficient_funds: return "NOT_ENOUGH_MARGIN";
    case CancelReason::linked_order: return "LINKED_ORDER";
    case CancelReason::dead_man_switch:
    case CancelReason::disconnected: return "CANCEL_ON_DISCONNECT";
    case CancelReason::liquidation: return "IN_LIQUIDATION";
    case CancelReason::position_above_tier: return "ORDER_EXCEEDS_POSITION_LIMIT";
    case CancelReason::by_venue: return "CANCELED_BY_ADMIN";
    case CancelReason::delisted: return "MARKET_CLOSED";
  }
  return "";
}

}  // namespace venuebox::venues::paradex
