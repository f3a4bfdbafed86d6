// Leaves two orders in the book, finds them, and cancels those that have waited too long.
#include <algorithm>

#include <fmt/core.h>
#include <venuebox/library/numbers.h>

#include "settings.h"

using namespace venuebox;
using library::text_of;

// A bot that runs for long would give its orders some minutes, as in seconds(300). Here they are
// cancelled at once, so that the example leaves nothing behind.
constexpr Nanoseconds kAgeMax = seconds(0);

int main(int argc, char** argv) {
  const auto connection = library::connect(settings_from(argc, argv));
  if (!connection) {
    fmt::print(stderr, "{}\n", connection.error().text());
    return 2;
  }
  client::BlockingExchange& venue = (*connection)->blocking();
  const std::string symbol = "BTC/USDT:USDT";
  const auto markets = venue.load_markets();
  const auto ticker = venue.fetch_ticker(symbol);
  if (!ticker || !ticker.value->bid) {
    fmt::print(stderr, "no price: {}\n", ticker.text);
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
  fmt::print("{} open orders\n", open.value->size());
  const Timestamp now = (*connection)->scheduler().now();
  for (const unified::OrderRow& order : *open.value) {
    fmt::print("  {} {} at {}\n", order.client_order_id, text_of(order.quantity),
               text_of(order.price));
    if (now - order.created < kAgeMax) continue;
    const auto cancelled = venue.cancel_order(symbol, {.id = order.id});
    fmt::print("    {}\n", cancelled ? "cancelled" : cancelled.text);
  }
  const auto left = venue.fetch_open_orders(symbol);
  fmt::print("{} left\n", left ? left.value->size() : 0);
  return left ? 0 : 1;
}
