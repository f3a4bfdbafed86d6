#include "faults/names.h"

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace venuebox::faults {
namespace {
constexpr std::array<std::string_view, 3> kTransports{"any", "http", "ws"};

// Which of these belong to a subject is said by the bits behind them.
enum Trait : std::uint16_t {
  kSigned = 1,
  kPlaces = 2,
  kAmends = 4,
  kCancels = 8,
  kNamesSymbol = 16,
  kMarketData = 32,
  kHistory = 64,
  kBalances = 128,
  kStream = 256,
};
struct Operation {
  std::string_view name;
  int traits = 0;
};
// clang-format off
constexpr Operation kOperations[] = {
    {"fetch_time",                 0},
    {"fetch_status",               0},
    {"fetch_markets",              kMarketData},
    {"fetch_currencies",           0},
    {"fetch_ticker",               kMarketData | kNamesSymbol},
    {"fetch_tickers",              kMarketData},
    {"fetch_order_book",           kMarketData | kNamesSymbol},
    {"fetch_trades",               kMarketData | kNamesSymbol},
    {"fetch_ohlcv",                kMarketData | kNamesSymbol},
    {"fetch_funding_rate",         kMarketData | kNamesSymbol},
    {"fetch_funding_rate_history", kMarketData | kNamesSymbol | kHistory},
    {"fetch_open_interest",        kMarketData | kNamesSymbol},
    {"fetch_price_limit",          kMarketData | kNamesSymbol},
    {"fetch_leverage_tiers",       kNamesSymbol},
    {"fetch_insurance",            0},
    {"onboard",                    0},
    {"place_order",                kSigned | kPlaces | kNamesSymbol},
    {"place_orders",               kSigned | kPlaces | kNamesSymbol},
    {"amend_order",                kSigned | kAmends | kNamesSymbol},
    {"amend_orders",               kSigned | kAmends | kNamesSymbol},
    {"cancel_order",               kSigned | kCancels | kNamesSymbol},
    {"cancel_orders",              kSigned | kCancels | kNamesSymbol},
    {"cancel_all",                 kSigned | kCancels | kNamesSymbol},
    {"cancel_all_after",           kSigned},
    {"fetch_order",                kSigned | kHistory},
    {"fetch_orders",               kSigned | kHistory},
    {"fetch_open_orders",          kSigned},
    {"fetch_my_trades",            kSigned | kHistory},
    {"fetch_ledger",               kSigned | kHistory},
    {"fetch_funding_history",      kSigned | kHistory},
    {"fetch_liquidations",         kSigned | kHistory},
    {"fetch_closed_positions",     kSigned | kHistory},
    {"fetch_balance",              kSigned | kBalances},
    {"fetch_funding_balance",      kSigned | kBalances},
    {"fetch_positions",            kSigned | kBalances},
    {"fetch_account",              kSigned},
    {"fetch_api_key",              kSigned},
    {"fetch_trading_fee",          kSigned | kNamesSymbol},
    {"fetch_leverage",             kSigned | kNamesSymbol},
    {"set_leverage",               kSigned | kNamesSymbol},
    {"set_margin_mode",            kSigned | kNamesSymbol},
    {"set_position_mode",          kSigned},
    {"set_risk_limit",             kSigned | kNamesSymbol},
    {"set_trading_stop",           kSigned | kNamesSymbol},
    {"set_auto_add_margin",        kSigned | kNamesSymbol},
    {"add_margin",                 kSigned | kNamesSymbol},
    {"transfer",                   kSigned},
    {"deposit",                    kSigned},
    {"withdraw",                   kSigned},
    {"authenticate",               kSigned},
    {kStreamOperation,             kStream},
};

constexpr std::array<std::string_view, 9> kChannels{
    "book", "trades", "ticker", "candles", "liquidations",
    "orders", "executions", "positions", "balances"};
constexpr std::pair<std::string_view, std::string_view> kChannelAliases[] = {
    {"order_book", "book"},  {"orderbook", "book"},   {"depth", "book"},       {"trade", "trades"},
    {"tickers", "ticker"},   {"kline", "candles"},    {"ohlcv", "candles"},    {"order", "orders"},
    {"fills", "executions"}, {"execution", "executions"}, {"position", "positions"},
    {"balance", "balances"}, {"wallet", "balances"}};

constexpr std::array<std::string_view, kHappenings> kHappeningNames{
    "order_accepted", "order_rejected", "order_cancelled", "order_amended", "order_triggered",
    "fill", "liquidation", "funding", "deposit", "connect", "disconnect", "login", "subscribe"};
// clang-format on

constexpr auto kOperationNames = [] {
  std::array<std::string_view, std::size(kOperations)> names{};
  std::ranges::transform(kOperations, names.begin(), &Operation::name);
  return names;
}();

int traits_of(Subject subject) {
  switch (subject) {
    case Subject::anything:
    case Subject::answers: return ~0;
    case Subject::signed_requests: return kSigned;
    case Subject::order_entry: return kPlaces | kAmends;
    case Subject::orders: return kPlaces | kAmends | kCancels;
    case Subject::placing: return kPlaces;
    case Subject::cancelling: return kCancels;
    case Subject::amending: return kAmends;
    case Subject::instruments: return kNamesSymbol;
    case Subject::market_data: return kMarketData;
    case Subject::history: return kHistory;
    case Subject::balances: return kBalances;
    case Subject::subscription: return kStream;
  }
  return ~0;
}

template <class Enum, std::size_t N>
std::optional<Enum> find_name(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}
}  // namespace

std::string_view name_of(Transport transport) {
  return kTransports[static_cast<std::size_t>(transport)];
}
std::optional<Transport> transport_from_name(std::string_view name) {
  const auto found = find_name<Transport>(kTransports, name);
  return found == Transport::any ? std::nullopt : found;
}

std::span<const std::string_view> all_operations() { return kOperationNames; }
std::span<const std::string_view> all_channels() { return kChannels; }

std::optional<std::string_view> channel_from_name(std::string_view name) {
  if (const auto known = std::ranges::find(kChannels, name); known != kChannels.end()) {
    return *known;
  }
  for (const auto& [alias, channel] : kChannelAliases) {
    if (alias == name) return channel;
  }
  return std::nullopt;
}

std::string_view name_of(Subject subject) {
  switch (subject) {
    case Subject::anything: return "any request";
    case Subject::answers: return "requests that do not open a stream";
    case Subject::signed_requests: return "signed requests";
    case Subject::order_entry: return "placing and amending orders";
    case Subject::orders: return "placing, amending and cancelling orders";
    case Subject::placing: return "placing orders";
    case Subject::cancelling: return "cancelling orders";
    case Subject::amending: return "amending orders";
    case Subject::instruments: return "requests that name a symbol";
    case Subject::market_data: return "market data";
    case Subject::history: return "lists of what is past";
    case Subject::balances: return "balances and positions";
    case Subject::subscription: return "streams";
  }
  return "any request";
}

bool concerns(Subject subject, std::string_view operation) {
  if (subject == Subject::anything) return true;
  if (subject == Subject::answers) return operation != kStreamOperation;
  const auto known = std::ranges::find(kOperations, operation, &Operation::name);
  return known == std::end(kOperations) || (known->traits & traits_of(subject)) != 0;
}

std::string_view name_of(Happening happening) {
  return kHappeningNames[static_cast<std::size_t>(happening)];
}
std::optional<Happening> happening_from_name(std::string_view name) {
  return find_name<Happening>(kHappeningNames, name);
}

}  // namespace venuebox::faults
