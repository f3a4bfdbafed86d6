// What Paradex says when something is refused: a status, a code in capitals, and words.
#pragma once

#include <string_view>

#include "model/order.h"
#include "model/reject_reason.h"

namespace venuebox::venues::paradex {

struct VenueError {
  int status = 400;
  std::string_view code;  // empty: the body has words alone
  std::string_view text;
};

// Codes that are not tied to a RejectReason.
inline constexpr VenueError kNotFound{404, "NOT_FOUND", "Not Found"};
inline constexpr VenueError kMethodNotAllowed{405, "METHOD_NOT_ALLOWED", "Method Not Allowed"};
inline constexpr VenueError kNotSupported{501, "NOT_SUPPORTED", "not supported by venuebox"};
inline constexpr VenueError kMissingJwt{401, "UNAUTHORIZED_ERROR", "missing or malformed jwt"};
inline constexpr VenueError kExpiredJwt{401, "UNAUTHORIZED_ERROR", "invalid or expired jwt"};
inline constexpr VenueError kUnknownSubject{400, "ACCOUNT_NOT_FOUND", "account not found"};
inline constexpr VenueError kNotOnboarded{400, "NOT_ONBOARDED",
                                          "User has never called /onboarding endpoint"};
inline constexpr VenueError kMalformedSignature{
    400, "INVALID_STARKNET_SIGNATURE", "signature: has to be [\"r\",\"s\"], two numbers in text"};
inline constexpr VenueError kWrongSignature{400, "STARKNET_SIGNATURE_VERIFICATION_FAILED",
                                            "signature verification failed"};
inline constexpr VenueError kWrongOrderSignature{400, "INVALID_ORDER_SIGNATURE",
                                                 "order signature verification failed"};
inline constexpr VenueError kBadAddress{400, "INVALID_STARKNET_ADDRESS",
                                        "PARADEX-STARKNET-ACCOUNT: is not the address of this key"};
inline constexpr VenueError kBadPublicKey{400, "PUBLIC_KEY_INVALID",
                                          "public_key: is not a key of this account"};
inline constexpr VenueError kBinding{400, "BINDING_ERROR", "request body is not what is expected"};
inline constexpr VenueError kUnknownMarket{404, "MARKET_NOT_FOUND", "market not found"};
inline constexpr VenueError kUnknownOrder{404, "ORDER_ID_NOT_FOUND", "order id not found"};
inline constexpr VenueError kUnknownClientId{404, "CLIENT_ORDER_ID_NOT_FOUND",
                                             "client order id not found"};
inline constexpr VenueError kOrderIsClosed{400, "ORDER_IS_CLOSED", "order is closed"};
inline constexpr VenueError kOrderIsNotOpen{400, "ORDER_IS_NOT_OPEN", "order is not open"};
inline constexpr VenueError kNotWhitelisted{403, "RPI_ACCOUNT_NOT_WHITELISTED",
                                            "account is not whitelisted for RPI orders"};

const VenueError& venue_error(RejectReason reason);

// `cancel_reason` of an order; empty where it has none.
std::string_view cancel_reason_text(CancelReason reason);

}  // namespace venuebox::venues::paradex
