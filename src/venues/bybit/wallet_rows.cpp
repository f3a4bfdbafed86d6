// The wallet of an account: each coin, and what it all comes to in dollars.
#include <algorithm>

#include "venues/bybit/account_rows.h"

namespace venuebox::venues::bybit {
namespace {
// What one account has of one asset, and what its perpetuals of this asset demand.
struct Holding {
  Balance balance;
  MarginSummary margin;
  Money unrealised;      // of all positions, at mark
  Money maintenance;     // of all positions
  Money realised;        // profit less fees and funding, since the account began
  bool settles = false;  // some perpetual pays profit in it

  Money equity() const { return balance.cash + unrealised; }
  Money position_initial() const { return margin.position_initial + balance.isolated; }
  bool is_nothing() const {
    return balance.cash.units == 0 && balance.held.units == 0 && equity().units == 0 &&
           position_initial().units == 0 && margin.order_initial.units == 0;
  }
};

void add_position(Holding& holding, const Position& position, const Instrument& instrument,
                  const View& view) {
  if (position.updated == Timestamp{}) return;  // never traded
  holding.realised += position.realised_profit - position.fees - position.funding;
  const auto mark = view.mark_price(instrument.id);
  if (position.size.raw == 0 || !mark) return;
  const Int128 value = value_at_mark(position.size, *mark, instrument).units;
  holding.unrealised.units += profit_between(position.entry_value.units, value, instrument);
  holding.maintenance.units += maintenance_margin(magnitude(value), instrument);
}

Holding holding_of(const View& view, AccountId account, AssetId asset) {
  const Money nothing{0, asset};
  const Balance balance = view.balance(account, asset);
  Holding holding{
      .balance = balance,
      .margin = {balance.cash, balance.held, nothing, nothing, nothing, nothing, nothing},
      .unrealised = nothing,
      .maintenance = nothing,
      .realised = nothing,
      .settles = false};
  for (const Instrument& instrument : view.instruments()) {
    if (instrument.is_spot() || instrument.settle != asset) continue;
    holding.settles = true;
    for (const PositionSide side : sides_of(view.position_mode(account, instrument.id))) {
      add_position(holding, view.position(account, instrument.id, side), instrument, view);
    }
  }
  if (holding.settles) holding.margin = view.margin(account, asset);
  return holding;
}

// Dollars per unit of an asset, with the tick's decimals.
std::optional<Decimal> usd_price(const Asset& asset, const View& view) {
  if (asset.name == "USDT") return Decimal{1, 0};
  const auto last_of = [&](std::string_view quote,
                           InstrumentKindOf kind) -> std::optional<Decimal> {
    const Instrument* instrument = view.find_instrument(asset.name + std::string(quote), kind);
    const auto last = instrument ? view.last_price(instrument->id) : std::nullopt;
    if (!last) return std::nullopt;
    return Decimal{multiply(last->raw, instrument->tick.units), instrument->tick.scale};
  };
  if (const auto price = last_of("USDT", InstrumentKindOf::spot)) return price;
  if (const auto price = last_of("USDT", InstrumentKindOf::linear_perpetual)) return price;
  return last_of("USD", InstrumentKindOf::inverse_perpetual);
}

// In 10^-8 dollars, for people to read: rounded half to even, and none where it would not fit.
std::optional<Int128> usd_at(const Money& money, const std::optional<Decimal>& price,
                             const View& view) {
  if (!price) return std::nullopt;
  const int scale = asset_of(view, money.asset).scale;
  const Int128 amount = scale <= kUsdDecimals
                            ? multiply(money.units, power_of_ten(kUsdDecimals - scale))
                            : div_half_even(money.units, power_of_ten(scale - kUsdDecimals));
  Int128 product = 0;
  if (__builtin_mul_overflow(amount, price->units, &product)) return std::nullopt;
  return div_half_even(product, power_of_ten(price->scale));
}

// A share of what backs it.
struct Share {
  Int128 part = 0;
  Int128 whole = 1;

  bool is_above(const Share& other) const {
    constexpr Int128 kFine = 1'000'000;
    return in(kFine) > other.in(kFine);
  }
  Int128 in(Int128 units) const {
    return whole > 0 ? div_half_even(multiply(part, units), whole) : part > 0 ? units : 0;
  }
};

// Sums over an account, in 10^-8 dollars.
struct UsdTotals {
  Int128 equity = 0;
  Int128 wallet = 0;
  Int128 unrealised = 0;
  // Of settlement assets alone: nothing else is collateral here.
  Int128 margin_balance = 0;
  Int128 available = 0;
  Int128 initial = 0;
  Int128 maintenance = 0;
  // Of the coin that is nearest to its liquidation: each backs its own perpetuals.
  Share initial_share = {};
  Share maintenance_share = {};
};

void add_to(UsdTotals& totals, const Holding& holding, const std::optional<Decimal>& price,
            const View& view) {
  const auto usd = [&](const Money& money) { return usd_at(money, price, view).value_or(0); };
  totals.equity += usd(holding.equity());
  totals.wallet += usd(holding.balance.cash);
  if (!holding.settles) return;
  const MarginSummary& margin = holding.margin;
  const Money initial = margin.position_initial + margin.order_initial;
  totals.unrealised += usd(holding.unrealised);
  totals.margin_balance += usd(holding.equity());
  totals.available += usd(margin.available());
  totals.initial += usd(holding.position_initial() + margin.order_initial);
  totals.maintenance += usd(holding.maintenance);
  const Share needed{initial.units, margin.equity().units};
  const Share kept{margin.maintenance.units, margin.equity().units};
  if (needed.is_above(totals.initial_share)) totals.initial_share = needed;
  if (kept.is_above(totals.maintenance_share)) totals.maintenance_share = kept;
}

void write_usd(JsonWriter& json, std::initializer_list<std::string_view> keys, Int128 value) {
  for (const std::string_view key : keys)
    json.key(key).trimmed(value, kUsdDecimals);
}

void write_share(JsonWriter& json, std::initializer_list<std::string_view> keys,
                 const Share& share) {
  constexpr int kDecimals = 4;
  for (const std::string_view key : keys)
    json.key(key).trimmed(share.in(power_of_ten(kDecimals)), kDecimals);
}

// Isolated positions have no margin in common, so that mode has no sums of it.
void write_margin_totals(JsonWriter& json, const UsdTotals& totals, MarginMode mode) {
  if (mode == MarginMode::isolated) {
    return write_empty(
        json, {"totalMarginBalance", "totalAvailableBalance", "totalInitialMargin",
               "totalInitialMarginByMp", "totalMaintenanceMargin", "totalMaintenanceMarginByMp",
               "accountIMRate", "accountIMRateByMp", "accountMMRate", "accountMMRateByMp"});
  }
  write_usd(json, {"totalMarginBalance"}, totals.margin_balance);
  write_usd(json, {"totalAvailableBalance"}, totals.available);
  write_usd(json, {"totalInitialMargin", "totalInitialMarginByMp"}, totals.initial);
  write_usd(json, {"totalMaintenanceMargin", "totalMaintenanceMarginByMp"}, totals.maintenance);
  write_share(json, {"accountIMRate", "accountIMRateByMp"}, totals.initial_share);
  write_share(json, {"accountMMRate", "accountMMRateByMp"}, totals.maintenance_share);
}

void write_coin(JsonWriter& json, const Asset& asset, const Holding& holding,
                const std::optional<Decimal>& price, const View& view) {
  json.open().text("coin", asset.name);
  write_money(json, "equity", holding.equity(), view);
  if (const auto usd = usd_at(holding.equity(), price, view)) {
    write_usd(json, {"usdValue"}, *usd);
  } else {
    json.text("usdValue", "");
  }
  write_money(json, "walletBalance", holding.balance.cash, view);
  write_money(json, "locked", holding.balance.held, view);
  write_money(json, "totalOrderIM", holding.margin.order_initial, view);
  write_money(json, "totalPositionIM", holding.position_initial(), view);
  write_money(json, "totalPositionMM", holding.maintenance, view);
  write_money(json, "unrealisedPnl", holding.unrealised, view);
  write_money(json, "cumRealisedPnl", holding.realised, view);
  for (const std::string_view key :
       {"spotHedgingQty", "borrowAmount", "accruedInterest", "bonus", "spotBorrow"}) {
    json.text(key, "0");
  }
  json.boolean("marginCollateral", holding.settles).boolean("collateralSwitch", holding.settles);
  // Empty since 2025 for unified accounts: clients compute it from what is used.
  write_empty(json, {"availableToWithdraw", "availableToBorrow"});
  json.close();
}

// Whether a comma-separated list names the coin; an empty list names all.
bool lists_coin(std::string_view list, std::string_view coin) {
  if (list.empty()) return true;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (list.substr(0, comma) == coin) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}
}  // namespace

std::optional<Int128> usd_value(const Money& money, const View& view) {
  return usd_at(money, usd_price(asset_of(view, money.asset), view), view);
}

void write_wallet_row(JsonWriter& json, AccountId account, std::string_view coins,
                      const View& view) {
  UsdTotals totals;
  json.key("coin").open_list();
  for (const Asset& asset : view.assets()) {
    const Holding holding = holding_of(view, account, asset.id);
    if (holding.is_nothing()) continue;
    const auto price = usd_price(asset, view);
    add_to(totals, holding, price, view);
    if (lists_coin(coins, asset.name)) write_coin(json, asset, holding, price, view);
  }
  json.close_list().text("accountType", "UNIFIED");
  write_usd(json, {"totalEquity"}, totals.equity);
  write_usd(json, {"totalWalletBalance"}, totals.wallet);
  write_usd(json, {"totalPerpUPL"}, totals.unrealised);
  write_margin_totals(json, totals, account_margin_mode(account, view));
  json.text("accountLTV", "0");
}

}  // namespace venuebox::venues::bybit
