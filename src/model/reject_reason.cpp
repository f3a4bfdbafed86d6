#include "model/reject_reason.h"

namespace venuebox {

std::string_view name_of(RejectReason reason) {
  switch (reason) {
    case RejectReason::unknown_account: return "unknown_account";
    case RejectReason::unknown_instrument: return "unknown_instrument";
    case RejectReason::unknown_order: return "unknown_order";
    case RejectReason::instrument_delisted: return "instrument_delisted";
    case RejectReason::instrument_halted: return "instrument_halted";
    case RejectReason::instrument_cancel_only: return "instrument_cancel_only";
    case RejectReason::batch_size_out_of_range: return "batch_size_out_of_range";
    case RejectReason::contradictory_terms: return "contradictory_terms";
    case RejectReason::quantity_not_positive: return "quantity_not_positive";
    case RejectReason::quantity_too_small: return "quantity_too_small";
    case RejectReason::quantity_too_large: return "quantity_too_large";
    case RejectReason::display_out_of_range: return "display_out_of_range";
    case RejectReason::price_not_positive: return "price_not_positive";
    case RejectReason::price_too_high: return "price_too_high";
    case RejectReason::price_outside_band: return "price_outside_band";
    case RejectReason::notional_too_small: return "notional_too_small";
    case RejectReason::trigger_out_of_range: return "trigger_out_of_range";
    case RejectReason::trigger_already_reached: return "trigger_already_reached";
    case RejectReason::stop_price_out_of_range: return "stop_price_out_of_range";
    case RejectReason::expiry_not_ahead: return "expiry_not_ahead";
    case RejectReason::leverage_out_of_range: return "leverage_out_of_range";
    case RejectReason::leverage_unchanged: return "leverage_unchanged";
    case RejectReason::mode_unchanged: return "mode_unchanged";
    case RejectReason::position_mode_mismatch: return "position_mode_mismatch";
    case RejectReason::orders_are_open: return "orders_are_open";
    case RejectReason::position_is_open: return "position_is_open";
    case RejectReason::margin_not_isolated: return "margin_not_isolated";
    case RejectReason::leverage_above_tier: return "leverage_above_tier";
    case RejectReason::duplicate_client_order_id: return "duplicate_client_order_id";
    case RejectReason::quantity_below_filled: return "quantity_below_filled";
    case RejectReason::amend_unsupported: return "amend_unsupported";
    case RejectReason::amend_unchanged: return "amend_unchanged";
    case RejectReason::too_many_open_orders: return "too_many_open_orders";
    case RejectReason::too_many_conditional_orders: return "too_many_conditional_orders";
    case RejectReason::instrument_post_only: return "instrument_post_only";
    case RejectReason::reduce_only_without_position: return "reduce_only_without_position";
    case RejectReason::no_liquidity: return "no_liquidity";
    case RejectReason::position_above_tier: return "position_above_tier";
    case RejectReason::insufficient_balance: return "insufficient_balance";
    case RejectReason::insufficient_margin: return "insufficient_margin";
    case RejectReason::margin_below_requirement: return "margin_below_requirement";
    case RejectReason::amount_not_positive: return "amount_not_positive";
    case RejectReason::amount_too_large: return "amount_too_large";
    case RejectReason::timeout_out_of_range: return "timeout_out_of_range";
    case RejectReason::listing_invalid: return "listing_invalid";
    case RejectReason::rate_limited: return "rate_limited";
    case RejectReason::overloaded: return "overloaded";
    case RejectReason::maintenance: return "maintenance";
  }
  return "unknown";
}

}  // namespace venuebox
