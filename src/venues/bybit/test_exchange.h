// For tests: a whole exchange behind Bybit's routes, two accounts with money in it, and the
// captured requests of real clients. Its bodies stand in exchange_test.cpp.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "gateway/test_json.h"
#include "gateway/venue.h"
#include "model/desk.h"
#include "venues/bybit/bybit.h"

namespace venuebox::engine {
class Engine;
}

namespace venuebox::venues::bybit {

using gateway::at;
using gateway::size_of_list;

class Exchange final : public Desk {
 public:
  static constexpr AccountId kAlice{0};
  static constexpr AccountId kBob{1};
  static constexpr AccountId kMarket{2};
  static constexpr AccountId kFund{3};
  static constexpr std::uint64_t kBoxKey = 77;

  Exchange();
  ~Exchange() override;

  const View& view() const override;
  std::span<const Event> execute(const CommandBody& body) override;

  // An insurance fund with so many whole USDT and BTC, without which nothing is liquidated.
  void open_fund(std::int64_t usdt, std::int64_t btc = 0);
  // What falls due until then happens.
  void advance(Nanoseconds by);

  // Quotes of the market's own maker in BTCUSDT or BTCUSD: prices in ticks, quantities in lots.
  void quote(std::string_view category, std::int64_t bid, std::int64_t ask, std::int64_t lots);
  // The same in place of all quotes that stand.
  void requote(std::string_view category, std::int64_t bid, std::int64_t ask, std::int64_t lots);

  static const gateway::Route& route(gateway::Method method, std::string_view path);

  // Sends a request past authentication and returns the response's body.
  std::string get(std::string_view target, AccountId account = kAlice);
  std::string post(std::string_view path, std::string_view body, AccountId account = kAlice);
  std::string send(gateway::Method method, std::string_view target, std::string_view body,
                   AccountId account);

  Timestamp now = timestamp_from_ms(1'700'000'000'000);
  Timestamp door_time = timestamp_from_ms(1'700'000'000'123);
  gateway::Response response;         // of the last request
  std::vector<CommandBody> commands;  // of the last request
  JsonObject json;

 private:
  void list(const gateway::Listing& listing);

  std::unique_ptr<engine::Engine> engine_;
};

// One captured request.
struct Captured {
  std::string call;
  std::string secret;  // or a public key
  std::int64_t clock_ms = 0;
  gateway::Method method = gateway::Method::get;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

std::vector<Captured> captured_requests();

}  // namespace venuebox::venues::bybit
