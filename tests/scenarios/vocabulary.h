// The words that scenarios have for the model's enums, in the order of the enumerators.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "model/fill.h"
#include "words.h"

namespace venuebox::scenarios {

template <class E>
inline constexpr int kWords = 0;

template <>
inline constexpr auto kWords<Side> = std::to_array<std::string_view>({"buy", "sell"});
template <>
inline constexpr auto kWords<OrderType> = std::to_array<std::string_view>({"limit", "market"});
template <>
inline constexpr auto kWords<TimeInForce> = std::to_array<std::string_view>({"gtc", "ioc", "fok",
                                                                             "gtd"});
template <>
inline constexpr auto kWords<OrderStatus> = std::to_array<std::string_view>(
    {"untriggered", "open", "partially_filled", "filled", "cancelled"});
template <>
inline constexpr auto kWords<CancelReason> = std::to_array<std::string_view>(
    {"none", "by_user", "immediate_or_cancel", "fill_or_kill", "post_only", "reduce_only",
     "expired", "self_trade", "insufficient_funds", "linked_order", "position_closed",
     "dead_man_switch", "disconnected", "liquidation", "position_above_tier",
     "by_venue", "delisted"});
template <>
inline constexpr auto kWords<PriceSource> = std::to_array<std::string_view>({"last", "mark",
                                                                             "index"});
template <>
inline constexpr auto kWords<OrderPurpose> =
    std::to_array<std::string_view>({"ordinary", "stop", "take_profit", "stop_loss",
                                     "trailing_stop", "liquidation", "deleverage", "delisting"});
template <>
inline constexpr auto kWords<Attachment> = std::to_array<std::string_view>({"none", "whole",
                                                                            "partial"});
template <>
inline constexpr auto kWords<SelfTrade> = std::to_array<std::string_view>(
    {"allow", "cancel_maker", "cancel_taker", "cancel_both", "decrement"});
template <>
inline constexpr auto kWords<TradingPhase> =
    std::to_array<std::string_view>({"open", "post_only", "cancel_only", "halted", "delisted"});
template <>
inline constexpr auto kWords<InstrumentKindOf> =
    std::to_array<std::string_view>({"spot", "linear_perpetual", "inverse_perpetual"});
template <>
inline constexpr auto kWords<AccountKindOf> = std::to_array<std::string_view>({"user", "market",
                                                                               "insurance"});
template <>
inline constexpr auto kWords<MarginMode> = std::to_array<std::string_view>({"cross", "isolated"});
template <>
inline constexpr auto kWords<PositionMode> = std::to_array<std::string_view>({"one_way", "hedge"});
template <>
inline constexpr auto kWords<PositionSide> = std::to_array<std::string_view>({"both", "long",
                                                                              "short"});
template <>
inline constexpr auto kWords<FillKindOf> =
    std::to_array<std::string_view>({"trade", "liquidation", "deleverage", "delisting"});
template <>
inline constexpr auto kWords<FundingKind> = std::to_array<std::string_view>({"none", "interval",
                                                                             "continuous"});
template <>
inline constexpr auto kWords<SpotFee> = std::to_array<std::string_view>({"received", "quote"});
template <>
inline constexpr auto kWords<LossSharing> = std::to_array<std::string_view>({"deleverage",
                                                                             "socialise"});

// A new enumerator without a word fails here or in the table above.
static_assert(kWords<CancelReason>.size() == static_cast<int>(CancelReason::delisted) + 1);
static_assert(kWords<OrderStatus>.size() == static_cast<int>(OrderStatus::cancelled) + 1);
static_assert(kWords<OrderPurpose>.size() == static_cast<int>(OrderPurpose::delisting) + 1);
static_assert(kWords<SelfTrade>.size() == static_cast<int>(SelfTrade::decrement) + 1);
static_assert(kWords<TradingPhase>.size() == static_cast<int>(TradingPhase::delisted) + 1);

template <class E>
std::string_view word_of(E value) {
  return kWords<E>.at(static_cast<std::size_t>(value));
}

template <class E>
std::optional<E> value_of(std::string_view word) {
  const auto found = std::ranges::find(kWords<E>, word);
  if (found == kWords<E>.end()) return std::nullopt;
  return static_cast<E>(found - kWords<E>.begin());
}

template <class E>
E read_enum(Words& words) {
  const std::string_view word = words.next(fmt::format("{}", fmt::join(kWords<E>, "|")));
  if (const auto value = value_of<E>(word)) return *value;
  words.fail(fmt::format("{} is none of {}", word, fmt::join(kWords<E>, ", ")));
  return {};
}

}  // namespace venuebox::scenarios
