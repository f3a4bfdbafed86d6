// venuebox trading-example: a small trading system on the client library, for trying out how one
// fares against an exchange that fails. It is told by the environment where that is and how often
// it may try again, says what it did, and ends with 0 when every order went in once.
#include <charconv>
#include <cstdlib>

#include <fmt/core.h>

#include "app/commands.h"
#include "library/connect.h"
#include "library/numbers.h"

namespace venuebox::app {
namespace {
constexpr const char* kSymbol = "BTC/USDT:USDT";
constexpr int kOrders = 10;
constexpr int kRetriesMax = 20;

std::string environment(const char* name, std::string otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : std::move(otherwise);
}

// By ENABLE_RETRIES and MAX_RETRIES.
Result<int> retries_wanted() {
  const std::string enabled = environment("ENABLE_RETRIES", "true");
  if (enabled != "true" && enabled != "false")
    return invalid("ENABLE_RETRIES", fmt::format("'{}' is not true or false", enabled));
  const std::string text = environment("MAX_RETRIES", "3");
  int retries = -1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), retries);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || retries < 0 ||
      retries > kRetriesMax)
    return invalid("MAX_RETRIES", fmt::format("'{}' is not 0 to {}", text, kRetriesMax));
  return enabled == "true" ? retries : 0;
}

// What the library refuses, the venue has not got, so it can be sent anew; of what is unknown only
// the venue's records can tell, and sending it again might double it.
bool place(client::BlockingExchange& venue, int number, int retries) {
  for (int tried = 0; tried <= retries; ++tried) {
    const auto placed = venue.create_order({.symbol = kSymbol,
                                            .side = number % 2 == 0 ? Side::buy : Side::sell,
                                            .type = OrderType::market,
                                            .quantity = {1, 2}});
    if (placed) {
      fmt::print("order {}: placed as {}\n", number + 1, placed.value->id);
      return true;
    }
    fmt::print("order {}: try {} failed: {}\n", number + 1, tried + 1, placed.text);
    if (placed.kind == client::CallOutcome::Kind::unknown) return false;
  }
  return false;
}
}  // namespace

int trading_example() {
  const auto retries = retries_wanted();
  if (!retries) return complain(2, "trading-example: " + retries.error().text());
  library::ConnectSettings settings{.venue = "bybit"};
  settings.base_url = environment("EXCHANGE_URL", "http://localhost:8000/bybit");
  settings.demo_account = "alice";
  settings.caller.retry.attempts_max = *retries + 1;
  settings.caller.retry.backoff = milliseconds(100);
  // It is to go on trying for as long as it was told to.
  settings.caller.breaker.failures_max = 1'000;
  const auto connection = library::connect(settings);
  if (!connection)
    return complain(2, "trading-example: EXCHANGE_URL: " + connection.error().text());
  client::BlockingExchange& venue = (*connection)->blocking();
  fmt::print("trading at {} with up to {} retries\n", (*connection)->place(), *retries);
  if (const auto markets = venue.load_markets(); !markets)
    return complain(1, "trading-example: no markets: " + markets.text);
  int placed = 0, priced = 0;
  for (int number = 0; number < kOrders; ++number) {
    priced += venue.fetch_ticker(kSymbol) ? 1 : 0;
    placed += place(venue, number, *retries) ? 1 : 0;
  }
  fmt::print("{} of {} prices seen, {} of {} orders placed\n", priced, kOrders, placed, kOrders);
  return placed == kOrders ? 0 : 1;
}

}  // namespace venuebox::app
