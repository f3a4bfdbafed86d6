// What Bybit says when trading says no: one code and text per reason, for linear and for spot.
#pragma once

#include <string_view>

#include "model/instrument.h"
#include "model/reject_reason.h"

namespace venuebox::venues::bybit {

// Codes that are not tied to a RejectReason.
inline constexpr int kParameterError = 10001;
inline constexpr int kStaleRequest = 10002;
inline constexpr int kUnknownKey = 10003;
inline constexpr int kWrongSignature = 10004;
inline constexpr int kUnknownRoute = 10017;
inline constexpr int kNotRising = 110092;
inline constexpr int kNotFalling = 110093;
inline constexpr int kBuyTooHigh = 170193;
inline constexpr int kSellTooLow = 170194;
inline constexpr int kBadOrderFilter = 170202;
inline constexpr int kNoTriggerPrice = 170203;
inline constexpr int kStopsUnchanged = 34040;
inline constexpr int kNoSuchAccount = 131207;
inline constexpr int kSameAccountType = 131211;
inline constexpr int kPriceDecimals = 170134;
inline constexpr int kQuantityDecimals = 170137;
inline constexpr int kNotUnified = 100028;
inline constexpr int kTooLittleToAdd = 110014;
inline constexpr int kCrossMargin = 110015;
inline constexpr int kMarginUnchanged = 110027;
inline constexpr int kNoHedgeMode = 110029;
inline constexpr int kNoRiskLimit = 110031;
inline constexpr int kNoPosition = 110033;
inline constexpr int kMarginModeFailed = 3400045;

struct VenueError {
  int code = 0;
  std::string_view text;
  int status = 200;  // Bybit answers nearly every refusal with HTTP 200.
};

const VenueError& venue_error(RejectReason reason, InstrumentKindOf kind);

}  // namespace venuebox::venues::bybit
