// Leaves two orders in the book and lists them, under a policy that cancels what has waited for
// five minutes; then cancels them, so that the example leaves nothing behind.
#include <algorithm>

#include <fmt/core.h>
#include <venuebox/library/numbers.h>

#include "settings.h"

using namespace venuebox;
using library::text_of;

constexpr Nanoseconds kAgeMax = seconds(300);

int main(int argc, char** argv) {
  library::ConnectSettings settings = settings_from(argc, argv);
  settings.policies.age.age_max = kAgeMax;
  const auto connection = library::connect(settings);
  if (!connection) {
    fmt::print(stderr, "{}\n", connection.error().text());
    return 2;
  }
  const auto markets = (*connection)->start();  // From here on the policy holds.
  client::BlockingExchange& venue = (*connection)->blocking();
  const std::string symbol = "BTC/USDT:USDT";
  const auto ticker = venue.fetch_ticker(symbol);
  if (!markets || !ticker || !ticker.value->bid) {
    fmt::print(stderr, "no price: {}{}\n", markets.text, ticker.text);
    return 1;
  }
  // Prices are multiples of the market's tick; nobody sells a tenth or a fifth below the bid.
  const auto market = std::ranges::find(*markets.value, symbol, &unified::Market::symbol);
  for (const Decimal& part : {Decimal{9, 1}, Decimal{8, 1}}) {
    unified::NewOrder order{.symbol = symbol, .quantity = *library::decimal("0.01")};
    order.price = library::floored(library::times(*ticker.value->bid, part), market->tick);
    order.is_post_only = true;
    const auto placed = venue.create_order(order);
    if (!placed) {
      fmt::print(stderr, "not placed: {}\n", placed.text);
      return 1;
    }
  }

  const auto open = venue.fetch_open_orders(symbol);
  if (!open) {
    fmt::print(stderr, "no list of orders: {}\n", open.text);
    return 1;
  }
  fmt::print("{} open orders, each cancelled when it has waited for {} s\n", open.value->size(),
             kAgeMax.raw / seconds(1).raw);
  for (const unified::OrderRow& order : *open.value)
    fmt::print("  {} {} at {}\n", order.client_order_id, text_of(order.quantity),
               text_of(order.price));
  if (const auto cancelled = venue.cancel_all_orders(symbol); !cancelled) {
    fmt::print(stderr, "not cancelled: {}\n", cancelled.text);
    return 1;
  }
  const auto left = venue.fetch_open_orders(symbol);
  fmt::print("{} left\n", left ? left.value->size() : 0);
  return left ? 0 : 1;
}
