// Buys at the market, and looks at what it became: the order, its fills, the position.
#include <fmt/core.h>
#include <venuebox/library/numbers.h>

#include "settings.h"

using namespace venuebox;
using library::text_of;

int main(int argc, char** argv) {
  const auto connection = library::connect(settings_from(argc, argv));
  if (!connection) {
    fmt::print(stderr, "{}\n", connection.error().text());
    return 2;
  }
  client::BlockingExchange& venue = (*connection)->blocking();
  if (const auto markets = venue.load_markets(); !markets) {
    fmt::print(stderr, "no markets: {}\n", markets.text);
    return 1;
  }
  const std::string symbol = "BTC/USDT:USDT";
  const auto placed = venue.create_order({.symbol = symbol,
                                          .side = Side::buy,
                                          .type = OrderType::market,
                                          .quantity = *library::decimal("0.01")});
  // Refused: it was not taken, for this reason. Unknown: nobody can tell, and the venue's records
  // are asked again before anything is repeated.
  if (!placed) {
    fmt::print(stderr, "not placed: {}\n", placed.text);
    return 1;
  }
  fmt::print("placed {} as {}\n", placed.value->id, placed.value->client_order_id);

  const auto order = venue.fetch_order(symbol, {.id = placed.value->id});
  if (!order) {
    fmt::print(stderr, "not found: {}\n", order.text);
    return 1;
  }
  fmt::print("filled {} of {} at {} on average\n", text_of(order.value->filled),
             text_of(order.value->quantity), text_of(order.value->average_price));

  const auto fills = venue.fetch_my_trades(symbol, 10);
  for (const unified::FillRow& fill : fills.value.value_or(std::vector<unified::FillRow>())) {
    if (fill.order != placed.value->id) continue;
    fmt::print("  {} at {}, fee {} {}\n", text_of(fill.quantity), text_of(fill.price),
               text_of(fill.fee), fill.fee_asset);
  }
  const auto positions = venue.fetch_positions();
  for (const auto& position : positions.value.value_or(std::vector<unified::PositionRow>()))
    fmt::print("position {} {}\n", position.symbol, text_of(position.quantity));
  return 0;
}
