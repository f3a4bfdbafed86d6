// The names by which faults choose: transports, operations, channels and events, one set for all
// venues.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace venuebox::faults {

enum class Transport : std::uint8_t { any, http, ws };
std::string_view name_of(Transport transport);
std::optional<Transport> transport_from_name(std::string_view name);

// The operations of all venues' routes (gateway::Route::operation), "authenticate", and "stream",
// which is the request that opens a stream and everything sent on it that answers no request.
std::span<const std::string_view> all_operations();
inline constexpr std::string_view kStreamOperation = "stream";

// The kinds of channel (gateway::ChannelKind) by their names; some have others that users know.
std::span<const std::string_view> all_channels();
std::optional<std::string_view> channel_from_name(std::string_view name);

// What an operation is about, which decides what can befall it.
enum class Subject : std::uint8_t {
  anything,
  answers,          // what is answered, and not by the opening of a stream
  signed_requests,  // what needs credentials
  order_entry,      // placing and amending
  orders,           // placing, amending and cancelling
  placing,
  cancelling,
  amending,
  instruments,   // what names a symbol
  market_data,   // public data
  history,       // lists of past orders, trades and ledger lines
  balances,      // balances and positions
  subscription,  // streams
};
std::string_view name_of(Subject subject);
// An operation that is not known, or none, is about everything.
bool concerns(Subject subject, std::string_view operation);

// What happens in a box that a fault can wait for.
enum class Happening : std::uint8_t {
  order_accepted,
  order_rejected,
  order_cancelled,
  order_amended,
  order_triggered,
  fill,
  liquidation,
  funding,
  deposit,
  connect,
  disconnect,
  login,
  subscribe,
};
inline constexpr std::size_t kHappenings = static_cast<std::size_t>(Happening::subscribe) + 1;
std::string_view name_of(Happening happening);
std::optional<Happening> happening_from_name(std::string_view name);

}  // namespace venuebox::faults
