#include "market/recorded_market.h"

#include <algorithm>

namespace venuebox::market {
namespace {
// As Tardis names them.
constexpr std::string_view kCoinMargining[] = {
    "bitmex",        "deribit",  "binance-delivery", "bybit", "okex-swap", "okex-futures",
    "huobi-dm-swap", "huobi-dm", "cryptofacilities",
};
constexpr std::string_view kQuotes[] = {"USDT", "USDC", "USD"};

bool names_dollars(std::string_view symbol) {
  return symbol.ends_with("USD") || symbol.ends_with("-PERPETUAL") ||
         symbol.ends_with("USD_PERP") || symbol.ends_with("-USD-SWAP");
}
}  // namespace

std::string base_of(std::string_view symbol) {
  std::string_view base = symbol.substr(0, symbol.find_first_of("-_/:"));
  for (const std::string_view quote : kQuotes) {
    if (base.size() > quote.size() && base.ends_with(quote)) {
      base.remove_suffix(quote.size());
      break;
    }
  }
  return base == "XBT" ? "BTC" : std::string(base);
}

bool is_coin_margined(std::string_view exchange, std::string_view symbol) {
  return std::ranges::find(kCoinMargining, exchange) != std::end(kCoinMargining) &&
         names_dollars(symbol);
}

const Instrument* instrument_of(const View& view, std::string_view exchange,
                                std::string_view symbol) {
  const std::string base = base_of(symbol);
  const auto kind = is_coin_margined(exchange, symbol) ? InstrumentKindOf::inverse_perpetual
                                                       : InstrumentKindOf::linear_perpetual;
  const Instrument* found = nullptr;
  for (const Instrument& instrument : view.instruments()) {
    if (instrument.kind == kind && view.assets()[instrument.base.raw].name == base) {
      found = &instrument;
    }
  }
  return found;
}

}  // namespace venuebox::market
