#include "venues/bybit/errors.h"

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace venuebox::venues::bybit {
namespace {
struct Row {
  RejectReason reason;
  VenueError linear;
  VenueError spot;
};

using enum RejectReason;

constexpr VenueError kTooManyVisits{10006, "Too many visits. Exceeded the API Rate Limit."};
constexpr VenueError kServerError{10016, "Server error."};
constexpr VenueError kNoTrading{110066, "Trading is currently not allowed."};
constexpr VenueError kNoQuote{182000, "symbol related quote price is null"};
constexpr VenueError kBadKey{kUnknownKey, "API key is invalid.", 401};
constexpr VenueError kBadAmount{kParameterError, "params error: amount invalid"};
constexpr VenueError kNoAmend{
    kParameterError,
    "params error: the order has no such term (triggerPrice, takeProfit or stopLoss) to amend"};
constexpr VenueError kUnchanged{kParameterError,
                                "The order remains unchanged as the parameters entered match the "
                                "existing ones."};
constexpr VenueError kHalted{110066, "Trading is currently not allowed."};
constexpr VenueError kBadRequest{kParameterError, "params error: request invalid"};
constexpr VenueError kBadTerms{kParameterError, "params error: these options exclude each other"};
constexpr VenueError kBadDisplay{kParameterError, "params error: display quantity invalid"};
constexpr VenueError kBadTrigger{kParameterError, "params error: triggerPrice invalid"};
constexpr VenueError kBadStop{kParameterError, "params error: takeProfit or stopLoss invalid"};
constexpr VenueError kBadExpiry{kParameterError, "params error: expiry invalid"};
constexpr VenueError kBadWindow{kParameterError, "params error: timeWindow invalid"};
constexpr VenueError kBadListing{kParameterError, "params error: instrument invalid"};
constexpr VenueError kLeverageTooHigh{110013, "cannot set leverage due to risk limit level"};
constexpr VenueError kSameMode{110025, "Position mode is not modified"};
constexpr VenueError kBadPositionIndex{kParameterError, "position idx not match position mode"};
constexpr VenueError kOrdersAreOpen{
    110028, "You have existing open orders, so the position mode cannot be switched"};
constexpr VenueError kPositionIsOpen{
    110024, "You have an existing position, so the position mode cannot be switched"};
constexpr VenueError kNotIsolated{kCrossMargin, "The position is in cross_margin"};
constexpr VenueError kPositionAboveTier{
    110090, "Order placement failed as your position may exceed the max limit"};
constexpr VenueError kMarginTooLow{110011,
                                   "Any adjustments made will trigger immediate liquidation"};
constexpr VenueError kSameLeverage{110043, "leverage not modified"};
constexpr VenueError kTooLittleBalance{110007, "ab not enough for new order"};
constexpr VenueError kTooLittleSpotBalance{170131, "Insufficient balance."};
constexpr VenueError kNothingToReduce{110017,
                                      "current position is zero, cannot fix reduce-only order qty"};

// In the order of RejectReason, which is asserted below.
// clang-format off
constexpr std::array<Row, kRejectReasons> kRows{{
    {unknown_account, kBadKey, kBadKey},
    {unknown_instrument, {kParameterError, "params error: symbol invalid"},
                         {170121, "Invalid symbol."}},
    {unknown_order, {110001, "order not exists or too late to cancel"},
                    {170213, "Order does not exist."}},
    {instrument_delisted, {110074, "This contract is not live."}, {170121, "Invalid symbol."}},
    {instrument_halted, kHalted, kHalted},
    {instrument_cancel_only, kHalted, kHalted},
    {batch_size_out_of_range, kBadRequest, kBadRequest},
    {contradictory_terms, kBadTerms, kBadTerms},
    {quantity_not_positive, {kParameterError, "Qty invalid"},
                            {170136, "Order quantity lower than the minimum."}},
    {quantity_too_small,
     {kParameterError, "The number of contracts exceeds minimum limit allowed"},
     {170136, "Order quantity lower than the minimum."}},
    {quantity_too_large,
     {kParameterError, "The number of contracts exceeds maximum limit allowed: too large"},
     {170124, "Order amount too large."}},
    {display_out_of_range, kBadDisplay, kBadDisplay},
    {price_not_positive, {kParameterError, "params error: price invalid"},
                         {170133, "Order price lower than the minimum."}},
    {price_too_high, {110003, "Order price exceeds the allowable range."},
                     {170132, "Order price too high."}},
    {price_outside_band, {110003, "Order price exceeds the allowable range."},
                         {kBuyTooHigh, "Buy order price cannot be higher than the limit."}},
    {notional_too_small, {110094, "Order does not meet minimum order value 5USDT"},
                         {170140, "Order value exceeded lower limit."}},
    {trigger_out_of_range, kBadTrigger, kBadTrigger},
    {trigger_already_reached,
     {kNotRising, "expect Rising, but trigger_price <= current"},
     {170210, "New order rejected: the trigger price is already reached."}},
    {stop_price_out_of_range, kBadStop, kBadStop},
    {expiry_not_ahead, kBadExpiry, kBadExpiry},
    {leverage_out_of_range, kLeverageTooHigh, kLeverageTooHigh},
    {leverage_unchanged, kSameLeverage, kSameLeverage},
    {mode_unchanged, kSameMode, kSameMode},
    {position_mode_mismatch, kBadPositionIndex, kBadPositionIndex},
    {orders_are_open, kOrdersAreOpen, kOrdersAreOpen},
    {position_is_open, kPositionIsOpen, kPositionIsOpen},
    {margin_not_isolated, kNotIsolated, kNotIsolated},
    {leverage_above_tier, kLeverageTooHigh, kLeverageTooHigh},
    {duplicate_client_order_id, {110072, "OrderLinkedID is duplicate"},
                                {170141, "Duplicate clientOrderId."}},
    {quantity_below_filled, {110003, "order quantity is not above what is filled"},
                            {170124, "Order amount is not above what is filled."}},
    {amend_unsupported, kNoAmend, kNoAmend},
    {amend_unchanged, kUnchanged, kUnchanged},
    {too_many_open_orders,
     {110020, "You can't have more than 500 active orders."},
     {170810, "Cannot exceed maximum of 500 conditional, TP/SL and active orders."}},
    {too_many_conditional_orders,
     {110009, "The number of stop orders exceeds the maximum allowable limit"},
     {170810, "Cannot exceed maximum of 500 conditional, TP/SL and active orders."}},
    {instrument_post_only, kHalted, kHalted},
    {reduce_only_without_position, kNothingToReduce, kNothingToReduce},
    {no_liquidity, kNoQuote, kNoQuote},
    {position_above_tier, kPositionAboveTier, kPositionAboveTier},
    {insufficient_balance, kTooLittleBalance, kTooLittleSpotBalance},
    {insufficient_margin, kTooLittleBalance, kTooLittleSpotBalance},
    {margin_below_requirement, kMarginTooLow, kMarginTooLow},
    {amount_not_positive, kBadAmount, kBadAmount},
    {amount_too_large, kBadAmount, kBadAmount},
    {timeout_out_of_range, kBadWindow, kBadWindow},
    {listing_invalid, kBadListing, kBadListing},
    {rate_limited, kTooManyVisits, kTooManyVisits},
    {overloaded, kServerError, kServerError},
    {maintenance, kNoTrading, kNoTrading},
}};
// clang-format on

constexpr bool rows_follow_the_enum() {
  return std::ranges::is_sorted(kRows, {}, &Row::reason) &&
         kRows.front().reason == RejectReason{} &&
         std::ranges::adjacent_find(kRows, {}, &Row::reason) == kRows.end();
}
static_assert(rows_follow_the_enum(), "a reason is missing or out of place");
}  // namespace

const VenueError& venue_error(RejectReason reason, InstrumentKindOf kind) {
  const auto at = static_cast<std::size_t>(reason);
  VENUEBOX_ASSERT(at < kRows.size());
  return kind == InstrumentKindOf::spot ? kRows[at].spot : kRows[at].linear;
}

}  // namespace venuebox::venues::bybit
