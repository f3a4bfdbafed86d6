#include "venues/bybit/account_rows.h"

#include <algorithm>

namespace venuebox::venues::bybit {
namespace {
constexpr int kUsdDecimals = 8;

// ---- margin and value ---------------------------------------------------------------------------

// Half of the initial margin at the highest leverage, as in the first tier of Bybit's risk limits.
Money maintenance_margin(const Position& position, const Instrument& instrument, const View& view) {
  const auto mark = view.mark_price(instrument.id);
  if (!mark || position.size.raw == 0) return {0, instrument.settle};
  const Int128 value = value_at_mark(position.size, *mark, instrument).units;
  return {div_ceil(value < 0 ? -value : value, 2 * instrument.leverage_max), instrument.settle};
}

// What one account has of one asset.
struct Holding {
  Balance balance;
  MarginSummary margin;
  Money maintenance;
  Money realised;        // profit less fees, since the account began
  bool settles = false;  // some perpetual pays profit in it

  Money equity() const { return balance.cash + margin.unrealised; }
  bool is_nothing() const {
    return balance.cash.units == 0 && balance.held.units == 0 && equity().units == 0 &&
           margin.position_initial.units == 0 && margin.order_initial.units == 0;
  }
};

Holding holding_of(const View& view, AccountId account, AssetId asset) {
  const Money nothing{0, asset};
  const Balance balance = view.balance(account, asset);
  Holding holding{.balance = balance,
                  .margin = {balance.cash, balance.held, nothing, nothing, nothing},
                  .maintenance = nothing,
                  .realised = nothing,
                  .settles = false};
  for (const Instrument& instrument : view.instruments()) {
    if (instrument.is_spot() || instrument.settle != asset) continue;
    holding.settles = true;
    const Position position = view.position(account, instrument.id);
    if (position.updated == Timestamp{}) continue;  // never traded
    holding.maintenance += maintenance_margin(position, instrument, view);
    holding.realised += position.realised_profit - position.fees;
  }
  if (holding.settles) holding.margin = view.margin(account, asset);
  return holding;
}

// USD per unit of an asset, with the tick's decimals; USDT counts as one dollar.
std::optional<Decimal> usd_price(const Asset& asset, const View& view) {
  if (asset.name == "USDT") return Decimal{1, 0};
  for (const auto kind : {InstrumentKindOf::spot, InstrumentKindOf::linear_perpetual}) {
    const Instrument* instrument = view.find_instrument(asset.name + "USDT", kind);
    const auto last = instrument ? view.last_price(instrument->id) : std::nullopt;
    if (last) return Decimal{multiply(last->raw, instrument->tick.units), instrument->tick.scale};
  }
  return std::nullopt;
}

// In 10^-8 dollars, for people to read: rounded half to even, and none where it would not fit.
std::optional<Int128> usd_value(const Money& money, const std::optional<Decimal>& price,
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
};

void add_to(UsdTotals& totals, const Holding& holding, const std::optional<Decimal>& price,
            const View& view) {
  const auto usd = [&](const Money& money) { return usd_value(money, price, view).value_or(0); };
  totals.equity += usd(holding.equity());
  totals.wallet += usd(holding.balance.cash);
  if (!holding.settles) return;
  const MarginSummary& margin = holding.margin;
  totals.unrealised += usd(margin.unrealised);
  totals.margin_balance += usd(holding.equity());
  totals.available += usd(margin.available());
  totals.initial += usd(margin.position_initial + margin.order_initial);
  totals.maintenance += usd(holding.maintenance);
}

void write_usd(JsonWriter& json, std::initializer_list<std::string_view> keys, Int128 value) {
  for (const std::string_view key : keys)
    json.key(key).trimmed(value, kUsdDecimals);
}

void write_rate(JsonWriter& json, std::initializer_list<std::string_view> keys, Int128 part,
                Int128 whole) {
  constexpr int kDecimals = 4;
  const Int128 rate = whole > 0 ? div_half_even(multiply(part, power_of_ten(kDecimals)), whole) : 0;
  for (const std::string_view key : keys)
    json.key(key).trimmed(rate, kDecimals);
}

void write_totals(JsonWriter& json, const UsdTotals& totals) {
  json.text("accountType", "UNIFIED");
  write_usd(json, {"totalEquity"}, totals.equity);
  write_usd(json, {"totalWalletBalance"}, totals.wallet);
  write_usd(json, {"totalMarginBalance"}, totals.margin_balance);
  write_usd(json, {"totalAvailableBalance"}, totals.available);
  write_usd(json, {"totalPerpUPL"}, totals.unrealised);
  write_usd(json, {"totalInitialMargin", "totalInitialMarginByMp"}, totals.initial);
  write_usd(json, {"totalMaintenanceMargin", "totalMaintenanceMarginByMp"}, totals.maintenance);
  write_rate(json, {"accountIMRate", "accountIMRateByMp"}, totals.initial, totals.margin_balance);
  write_rate(json, {"accountMMRate", "accountMMRateByMp"}, totals.maintenance,
             totals.margin_balance);
  json.text("accountLTV", "0");
}

void write_coin(JsonWriter& json, const Asset& asset, const Holding& holding,
                const std::optional<Decimal>& price, const View& view) {
  json.open().text("coin", asset.name);
  write_money(json, "equity", holding.equity(), view);
  if (const auto usd = usd_value(holding.equity(), price, view)) {
    write_usd(json, {"usdValue"}, *usd);
  } else {
    json.text("usdValue", "");
  }
  write_money(json, "walletBalance", holding.balance.cash, view);
  write_money(json, "locked", holding.balance.held, view);
  write_money(json, "totalOrderIM", holding.margin.order_initial, view);
  write_money(json, "totalPositionIM", holding.margin.position_initial, view);
  write_money(json, "totalPositionMM", holding.maintenance, view);
  write_money(json, "unrealisedPnl", holding.margin.unrealised, view);
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

// ---- positions ----------------------------------------------------------------------------------

// |entry value| / |size|, rounded half to even at the tick's decimals and four more.
void write_entry_price(JsonWriter& json, std::string_view key, const Position& position,
                       const Instrument& instrument, const View& view) {
  const Int128 value = position.entry_value.units;
  const Int128 size = multiply(position.size.raw, instrument.lot.units);
  const int decimals = instrument.tick.scale + kAverageDecimals;
  // The listing check leaves room for these decimals in the quote asset.
  const int spare = asset_of(view, instrument.quote).scale - instrument.lot.scale - decimals;
  const Int128 divisor = multiply(size < 0 ? -size : size, power_of_ten(spare));
  json.key(key).trimmed(div_half_even(value < 0 ? -value : value, divisor), decimals);
}

void write_open_position(JsonWriter& json, AccountId account, const Position& position,
                         const Instrument& instrument, const View& view,
                         std::string_view entry_key) {
  const bool is_long = position.size.raw > 0;
  const PositionRisk risk = view.risk(account, position);
  const Money margin = risk.initial;
  const Money maintenance = maintenance_margin(position, instrument, view);
  json.text("side", is_long ? "Buy" : "Sell");
  write_quantity(json, "size", Lots{is_long ? position.size.raw : -position.size.raw}, instrument);
  write_entry_price(json, entry_key, position, instrument, view);
  write_money(json, "positionValue", is_long ? position.entry_value : -position.entry_value, view);
  write_money(json, "positionBalance", margin, view);
  write_money(json, "positionIM", margin, view);
  write_money(json, "positionIMByMp", margin, view);
  write_money(json, "positionMM", maintenance, view);
  write_money(json, "positionMMByMp", maintenance, view);
  write_money(json, "unrealisedPnl", risk.unrealised, view);
}

void write_flat_position(JsonWriter& json, std::string_view entry_key) {
  json.text("side", "").text("size", "0").text(entry_key, "0");
  write_empty(json, {"positionValue", "positionBalance", "positionIM", "positionIMByMp",
                     "positionMM", "positionMMByMp", "unrealisedPnl"});
}

// What stands to protect the whole position; parts have orders of their own and no place here.
struct StandingStops {
  std::optional<Order> take_profit;
  std::optional<Order> stop_loss;
  std::optional<Order> trailing;
};

StandingStops standing_stops(const View& view, AccountId account, InstrumentId instrument) {
  StandingStops stops;
  view.live_orders(account, [&](const Order& order) {
    if (order.instrument != instrument || order.attachment != Attachment::whole) return true;
    if (order.status != OrderStatus::untriggered) return true;
    if (order.purpose == OrderPurpose::take_profit) stops.take_profit = order;
    if (order.purpose == OrderPurpose::stop_loss) stops.stop_loss = order;
    if (order.purpose == OrderPurpose::trailing_stop) stops.trailing = order;
    return true;
  });
  return stops;
}

void write_stops(JsonWriter& json, const StandingStops& stops, const Instrument& instrument) {
  const auto price = [](const std::optional<Order>& order) {
    return order ? std::optional(order->trigger->price) : std::nullopt;
  };
  write_price(json, "takeProfit", price(stops.take_profit), instrument);
  write_price(json, "stopLoss", price(stops.stop_loss), instrument);
  if (stops.trailing) {
    write_price(json, "trailingStop", stops.trailing->trigger->trail_offset, instrument);
  } else {
    json.text("trailingStop", "0");
  }
}
}  // namespace

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
  json.close_list();
  write_totals(json, totals);
}

void write_position_row(JsonWriter& json, AccountId account, const Instrument& instrument,
                        const View& view, std::string_view entry_key) {
  const Position position = view.position(account, instrument.id);
  json.number("positionIdx", 0).number("riskId", 1);
  write_money(json, "riskLimitValue", risk_limit(instrument), view);
  json.text("symbol", instrument.symbol);
  if (position.size.raw == 0) {
    write_flat_position(json, entry_key);
  } else {
    write_open_position(json, account, position, instrument, view, entry_key);
  }
  const auto mark = view.mark_price(instrument.id);
  json.text("markPrice", mark ? mark_text(*mark, instrument) : std::string());
  json.number("tradeMode", 0).text("positionStatus", "Normal").number("autoAddMargin", 0);
  json.number("adlRankIndicator", 0);
  json.number_text("leverage", view.leverage(account, instrument.id));
  // Nothing is liquidated yet, so there is no such price.
  write_empty(json, {"liqPrice", "bustPrice", "breakEvenPrice", "mmrSysUpdatedTime",
                     "leverageSysUpdatedTime", "sessionAvgPrice"});
  write_stops(json, standing_stops(view, account, instrument.id), instrument);
  json.text("tpslMode", "Full").boolean("isReduceOnly", false);
  const Money nothing{0, instrument.settle};
  const bool traded = position.updated != Timestamp{};
  write_money(json, "curRealisedPnl", traded ? position.open_realised : nothing, view);
  write_money(json, "cumRealisedPnl", traded ? position.realised_profit - position.fees : nothing,
              view);
  json.number("seq", static_cast<std::int64_t>(view.book_version(instrument.id)));
  json.number_text("createdTime", position.opened.ms());
  json.number_text("updatedTime", position.updated.ms());
  json.number("openTime", position.opened.ms() / 1'000);
}

// The first tier is the only one, and reaches as far as the largest order.
Money closing_fee(const Execution& execution) {
  const Int128 closed = multiply(execution.fee.units, execution.closed.raw);
  return {div_half_even(closed, execution.quantity.raw), execution.fee.asset};
}

Money risk_limit(const Instrument& instrument) {
  return notional(instrument.price_max, instrument.quantity_max, instrument);
}

}  // namespace venuebox::venues::bybit
