// For tests: the client's side and the server's, back to back without a socket. Its bodies stand in
// client_public_test.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "venues/bybit/client.h"
#include "venues/bybit/test_exchange.h"

namespace venuebox::gateway {
class Door;
}

namespace venuebox::venues::bybit {

// Without trailing zeros; "none".
std::string text_of(const std::optional<Decimal>& value);
Decimal decimal(std::string_view text);

// An exchange with quotes in BTCUSDT, spot and linear, and a client that acts as alice or bob.
class Wire {
 public:
  Wire();
  ~Wire();

  // Signs where that is called for, carries the request to the door and the answer back.
  gateway::ClientResponse send(gateway::ClientRequest request, std::string_view who = "alice");
  std::vector<gateway::ClientResponse> send_all(const std::vector<gateway::ClientRequest>&);
  // The same, and what the client makes of the answer.
  gateway::VenueAnswer judged(const Result<gateway::ClientRequest>& request);
  // Places an order that the venue takes, and returns its id.
  std::string place(const unified::NewOrder& order, std::string_view who = "alice");
  // What the client reads of one order.
  unified::OrderRow order(std::string_view symbol, const unified::OrderName& name);

  const unified::Market& market(std::string_view symbol) const;

  Exchange exchange;
  std::unique_ptr<gateway::Door> door;
  Timestamp clock = timestamp_from_ms(1'700'000'000'123);  // the client's
  Timestamp door_time = clock;
  std::vector<unified::Market> markets;
};

inline constexpr std::string_view kSpot = "BTC/USDT";
inline constexpr std::string_view kLinear = "BTC/USDT:USDT";

}  // namespace venuebox::venues::bybit
