// For tests: a whole exchange behind Paradex's door, two accounts with money in it, and the
// captured requests of real clients. Its bodies stand in exchange_test.cpp.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "gateway/door.h"
#include "gateway/test_json.h"
#include "model/desk.h"
#include "venues/paradex/paradex.h"

namespace venuebox::engine {
class Engine;
}

namespace venuebox::venues::paradex {

using gateway::at;
using gateway::size_of_list;

class Exchange : public Desk {
 public:
  static constexpr AccountId kAlice{0};
  static constexpr AccountId kBob{1};
  static constexpr AccountId kMarket{2};
  static constexpr AccountId kFund{3};
  static constexpr std::uint64_t kBoxKey = 77;

  // Without settings signatures do not count, nor do rates.
  explicit Exchange(gateway::DoorSettings settings = {.verify_signatures = false,
                                                      .rate_limits = gateway::RateLimits::off});
  ~Exchange() override;

  const View& view() const override;
  std::span<const Event> execute(const CommandBody& body) override;

  // An insurance fund with so many whole USDC, without which nothing is liquidated.
  void open_fund(std::int64_t usdc);
  // What falls due until then happens.
  void advance(Nanoseconds by);
  void set_index(std::int64_t dollars, std::string_view symbol = "BTC-USD-PERP");

  // Quotes of the market's own maker, in place of those that stand: prices in ticks, quantities in
  // lots.
  void quote(std::int64_t bid, std::int64_t ask, std::int64_t lots,
             std::string_view symbol = "BTC-USD-PERP");

  // Sends a request of an account, past authentication, and returns the response's body.
  std::string get(std::string_view target, AccountId account = kAlice);
  std::string post(std::string_view target, std::string_view body, AccountId account = kAlice);
  std::string put(std::string_view target, std::string_view body, AccountId account = kAlice);
  std::string del(std::string_view target, std::string_view body = {}, AccountId account = kAlice);
  std::string send(gateway::Method method, std::string_view target, std::string_view body,
                   AccountId account);

  Timestamp now = timestamp_from_ms(1'750'000'000'000);
  gateway::Response response;         // of the last request
  std::vector<CommandBody> commands;  // that were executed for the last request
  gateway::Door door;

 private:
  void list(const gateway::Listing& listing);

  std::unique_ptr<engine::Engine> engine_;
};

// One captured request of ccxt.
struct Captured {
  std::string call;
  std::int64_t clock_ms = 0;
  gateway::Method method = gateway::Method::get;
  std::string target;
  std::string body;
  std::string note;
};

std::vector<Captured> captured_requests();

}  // namespace venuebox::venues::paradex
