// For tests: Bybit's streams over an exchange, with one client and without a socket. Its bodies
// stand in streams_test.cpp.
#pragma once

#include <memory>

#include "venues/bybit/test_exchange.h"

namespace venuebox::gateway {
class Door;
class RequestLog;
class Streams;
struct Moment;
class TestSocket;
}  // namespace venuebox::gateway

namespace venuebox::venues::bybit {
using Messages = std::vector<std::string>;

inline constexpr std::string_view kKey = "mockxBybitKey000001";
inline constexpr std::string_view kSecret = "mockxBybitSecret0000000000000000001";
// As ccxt signs it, for expires 1700000010123: the capture in golden/stream_requests.json.
inline constexpr std::string_view kLogin =
    R"({"op":"auth","args":["mockxBybitKey000001","1700000010123",)"
    R"("af8f9b0e18038a0fbb78f39a7fdcd388b69170413964b355d1e6dedc1c548ce7"]})";
inline constexpr std::string_view kConnection = "000000000000004d-1";

struct BybitStreams : testing::Test {
  BybitStreams();
  ~BybitStreams() override;

  gateway::Moment moment() const;
  void open(std::string_view path, std::string_view query = "");
  std::string say(std::string_view message, bool is_text = true);
  Messages end_turn();
  std::string subscribe(std::string_view topic);
  void quote(std::int64_t bid, std::int64_t ask, std::int64_t lots = 1'000);
  OrderId place(Side side, std::int64_t price, std::int64_t lots, AccountId account,
                InstrumentKindOf kind = InstrumentKindOf::linear_perpetual);

  Exchange exchange;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;

 public:
  gateway::Door& door;
  gateway::TestSocket& socket;
  gateway::RequestLog& log;
  gateway::Streams& streams;
  Desk& desk;  // what is told of its commands is what the box would tell
};

// With Alice logged in, and quotes to trade with.
struct BybitPrivate : BybitStreams {
  BybitPrivate();
};

}  // namespace venuebox::venues::bybit
