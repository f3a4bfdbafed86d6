// For tests: the client's side and the server's, back to back without a socket. Its bodies stand in
// client_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "gateway/client_streams.h"
#include "venues/paradex/client.h"
#include "venues/paradex/test_exchange.h"

namespace venuebox::venues::paradex {

// Keys of a demo account, prepared, for the chain that the box is on.
gateway::ClientKeys keys_of(std::string_view who);
// Without trailing zeros; "none".
std::string text_of(const std::optional<Decimal>& value);
Decimal decimal(std::string_view text);

// A request as a venue's door takes it; views into the client's.
struct Arrived {
  explicit Arrived(const gateway::ClientRequest& sent);

  std::string target;
  std::vector<net::Header> headers;
  gateway::Request request;
};

// An exchange at which signatures count, with quotes in BTC-USD-PERP, and clients that act as alice
// or bob.
class Wire {
 public:
  Wire();

  // Signs where that is called for, with a token where one is, carries the request to the door and
  // the answer back.
  gateway::ClientResponse send(gateway::ClientRequest request, std::string_view who = "alice");
  gateway::ClientResponse carry(const gateway::ClientRequest& request);
  // The same, and what the client makes of the answer.
  gateway::VenueAnswer judged(const Result<gateway::ClientRequest>& request);
  // Places an order that the venue takes, and returns its id.
  std::string place(const unified::NewOrder& order, std::string_view who = "alice");
  // What the client reads of one order.
  unified::OrderRow order(const unified::OrderName& name, std::string_view who = "alice");
  // A token of this moment.
  std::string token(std::string_view who = "alice");

  const unified::Market& market() const { return markets.front(); }

  Exchange exchange{gateway::DoorSettings{.rate_limits = gateway::RateLimits::off}};
  Timestamp clock = exchange.now;  // the client's
  std::vector<unified::Market> markets;
};

// A limit order on BTC/USD:USDC.
unified::NewOrder limit(Side side, std::string_view quantity, std::string_view price);

}  // namespace venuebox::venues::paradex
