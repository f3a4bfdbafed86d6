// Looks around at a venue: its markets, a price and where it comes from, a book, a balance.
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
  fmt::print("connected to {}\n", (*connection)->place());
  client::BlockingExchange& venue = (*connection)->blocking();

  const auto markets = venue.load_markets();  // first: all else names markets by their symbols
  if (!markets) {
    fmt::print(stderr, "no markets: {}\n", markets.text);
    return 1;
  }
  fmt::print("{} markets, among them {}\n", markets.value->size(), markets.value->front().symbol);

  const auto ticker = venue.fetch_ticker("BTC/USDT:USDT");
  if (!ticker) {
    fmt::print(stderr, "no price: {}\n", ticker.text);
    return 1;
  }
  const bool is_simulated = ticker.value->origin == unified::Origin::simulated;
  fmt::print("BTC/USDT:USDT {} / {} ({})\n", text_of(ticker.value->bid), text_of(ticker.value->ask),
             is_simulated ? "simulated" : "live");

  const auto book = venue.fetch_order_book("BTC/USDT:USDT", 3);
  if (book) {
    for (const unified::BookLevel& level : book.value->bids)
      fmt::print("  bid {} x {}\n", text_of(level.price), text_of(level.quantity));
  }

  // Without keys this is answered with nothing, and says so.
  const auto balance = venue.fetch_balance();
  if (!balance) fmt::print("no balance: {}\n", balance.text);
  for (const unified::AssetBalance& asset : balance.value->assets)
    fmt::print("{} {}\n", asset.asset, text_of(asset.total));
  return 0;
}
