// For tests: Paradex's streams over an exchange, with clients and without a socket. Its bodies
// stand in streams_test.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/test_socket.h"
#include "venues/paradex/test_exchange.h"

namespace venuebox::gateway {
class RequestLog;
class Streams;
}  // namespace venuebox::gateway

namespace venuebox::venues::paradex {
using Messages = std::vector<std::string>;

class ParadexStreams : public testing::Test {
 public:
  // Signatures count, and nobody has logged in.
  explicit ParadexStreams(gateway::DoorSettings settings = {
                              .rate_limits = gateway::RateLimits::off});
  ~ParadexStreams() override;

  gateway::Moment moment() const;
  // The answer to one message.
  std::string say(std::string_view message, bool is_text = true);
  std::string subscribe(std::string_view channel);
  // With a token of this account, of this moment.
  std::string log_in(AccountId account = Exchange::kAlice);
  // What the client is told at the end of a turn.
  Messages end_turn(bool is_paced = false);
  // What stands in the data of what one turn brought; nothing else may have come.
  std::string data_of_turn();

  OrderId place(Side side, std::int64_t price, std::int64_t lots, AccountId account,
                std::string_view symbol = "BTC-USD-PERP");

  Exchange exchange;
  gateway::TestSocket socket;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;

 public:
  gateway::RequestLog& log;
  gateway::Streams& streams;
  Desk& desk;  // what is told of its commands is what the box would tell
};

}  // namespace venuebox::venues::paradex
