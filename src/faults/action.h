// What a fault does: one of the types of design section 9, with its parameters as numbers and text.
// What the types are and take is said by the table in actions.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/count.h"

namespace venuebox::faults {

// A probability or a ratio, in parts per billion; 0.1 is 100'000'000.
using Ratio = Count<struct PartPerBillionUnit>;
inline constexpr Ratio kWhole{1'000'000'000};

// The order is that of the table.
enum class ActionType : std::uint8_t {
  // wire, HTTP
  latency,
  bandwidth,
  slow_drip,
  hang,
  connection_reset,
  half_close,
  truncated_body,
  garbage,
  wrong_length,
  html_error_page,
  empty_body,
  // wire, stream
  drop,
  duplicate,
  delay,
  reorder,
  corrupt,
  sequence_gap,
  sequence_reset,
  wrong_checksum,
  stall,
  silence_channel,
  close,
  refuse_subscription,
  // gateway door
  expire_auth,
  revoke_key,
  clock_skew,
  reject_nonce,
  authentication_failure,
  // exchange
  rate_limit,
  ban,
  budget_spent,
  maintenance,
  overloaded,
  unknown_outcome,
  response_lost,
  error_although_accepted,
  invalid_order,
  insufficient_balance,
  invalid_symbol,
  stale_data,
  history_gap,
  balance_mismatch,
  schema_drift,
  // trading, by journaled commands
  partial_fill,
  slippage,
  delayed_fill,
  reject_after_ack,
  cancel_fill_race,
  amend_race,
  duplicate_execution,
  cancel_all_by_venue,
  liquidation,
  adl,
  funding_spike,
  price_anomaly,
  filter_change,
  delist,
  halt,
  // one of the others, drawn each time
  invalid_response,
  random,
  mixed,
};
inline constexpr std::size_t kActionTypes = static_cast<std::size_t>(ActionType::mixed) + 1;

// One parameter's value. A ratio is in parts per billion, a flag 0 or 1, a choice its place among
// the choices; only a text has text.
struct Value {
  std::int64_t number = 0;
  std::string text = {};

  friend bool operator==(const Value&, const Value&) = default;
  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.number, s.text);
  }
};

struct Action {
  ActionType type = ActionType::latency;
  std::vector<Value> values = {};  // all of the type's parameters, in the table's order

  // By the parameter's name, which the type must have.
  std::int64_t number(std::string_view parameter) const;
  Ratio ratio(std::string_view parameter) const { return {number(parameter)}; }
  bool flag(std::string_view parameter) const { return number(parameter) != 0; }
  std::string_view choice(std::string_view parameter) const;
  std::string_view text(std::string_view parameter) const;

  friend bool operator==(const Action&, const Action&) = default;
  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.type, s.values);
  }
};

// With all parameters at their defaults.
Action default_action(ActionType type);

}  // namespace venuebox::faults
