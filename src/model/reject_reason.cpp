#include "model/reject_reason.h"

namespace venuebox {

std::string_view name_of(RejectReason reason) {
  switch (reason) {
    case RejectReason::unknown_account: return "unknown_account";
    case RejectReason::unknown_instrument: return "unknown_instrument";
    case RejectReason::quantity_not_positive: return "quantity_not_positive";
    case RejectReason::quantity_too_small: return "quantity_too_small";
    case RejectReason::quantity_too_large: return "quantity_too_large";
    case RejectReason::price_not_positive: return "price_not_positive";
    case RejectReason::price_too_high: return "price_too_high";
    case RejectReason::notional_too_small: return "notional_too_small";
    case RejectReason::leverage_out_of_range: return "leverage_out_of_range";
    case RejectReason::leverage_unchanged: return "leverage_unchanged";
    case RejectReason::duplicate_client_order_id: return "duplicate_client_order_id";
    case RejectReason::unknown_order: return "unknown_order";
    case RejectReason::amend_unsupported: return "amend_unsupported";
    case RejectReason::too_many_open_orders: return "too_many_open_orders";
    case RejectReason::no_liquidity: return "no_liquidity";
    case RejectReason::reduce_only_without_position: return "reduce_only_without_position";
    case RejectReason::insufficient_balance: return "insufficient_balance";
    case RejectReason::insufficient_margin: return "insufficient_margin";
    case RejectReason::amount_not_positive: return "amount_not_positive";
    case RejectReason::rate_limited: return "rate_limited";
    case RejectReason::overloaded: return "overloaded";
    case RejectReason::maintenance: return "maintenance";
  }
  return "unknown";
}

}  // namespace venuebox
