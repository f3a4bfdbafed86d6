#include "venues/bybit/codec_account.h"

#include <algorithm>

#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::Outcomes;

constexpr int kUserIdBase = 24'600'000;
constexpr std::int64_t kKeyExpiryMs = 4'102'358'400'000;  // 2099-12-31
constexpr std::int64_t kDayMs = 86'400'000;
constexpr int kUsdDecimals = 8;
constexpr int kAverageDecimals = 4;  // of an entry price, beyond those of the tick

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
void write_entry_price(JsonWriter& json, const Position& position, const Instrument& instrument,
                       const View& view) {
  const Int128 value = position.entry_value.units;
  const Int128 size = multiply(position.size.raw, instrument.lot.units);
  const int decimals = instrument.tick.scale + kAverageDecimals;
  // The listing check leaves room for these decimals in the quote asset.
  const int spare = asset_of(view, instrument.quote).scale - instrument.lot.scale - decimals;
  const Int128 divisor = multiply(size < 0 ? -size : size, power_of_ten(spare));
  json.key("avgPrice").trimmed(div_half_even(value < 0 ? -value : value, divisor), decimals);
}

void write_open_position(JsonWriter& json, const Call& call, const Position& position,
                         const Instrument& instrument) {
  const View& view = call.view;
  const bool is_long = position.size.raw > 0;
  const Money margin = view.position_margin(call.account, instrument.id);
  const Money maintenance = maintenance_margin(position, instrument, view);
  json.text("side", is_long ? "Buy" : "Sell");
  write_quantity(json, "size", Lots{is_long ? position.size.raw : -position.size.raw}, instrument);
  write_entry_price(json, position, instrument, view);
  write_money(json, "positionValue", is_long ? position.entry_value : -position.entry_value, view);
  write_money(json, "positionBalance", margin, view);
  write_money(json, "positionIM", margin, view);
  write_money(json, "positionIMByMp", margin, view);
  write_money(json, "positionMM", maintenance, view);
  write_money(json, "positionMMByMp", maintenance, view);
  write_money(json, "unrealisedPnl", view.unrealised_profit(position), view);
}

void write_flat_position(JsonWriter& json) {
  json.text("side", "").text("size", "0").text("avgPrice", "0");
  write_empty(json, {"positionValue", "positionBalance", "positionIM", "positionIMByMp",
                     "positionMM", "positionMMByMp", "unrealisedPnl"});
}

void write_position(JsonWriter& json, const Call& call, const Position& position,
                    const Instrument& instrument) {
  const View& view = call.view;
  json.open().number("positionIdx", 0).number("riskId", 1).text("riskLimitValue", "");
  json.text("symbol", instrument.symbol);
  if (position.size.raw == 0) {
    write_flat_position(json);
  } else {
    write_open_position(json, call, position, instrument);
  }
  const auto mark = view.mark_price(instrument.id);
  json.text("markPrice", mark ? mark_text(*mark, instrument) : std::string());
  json.number("tradeMode", 0).text("positionStatus", "Normal").number("autoAddMargin", 0);
  json.number("adlRankIndicator", 0);
  json.number_text("leverage", view.leverage(call.account, instrument.id));
  // Nothing is liquidated yet, so there is no such price.
  write_empty(json, {"liqPrice", "bustPrice", "breakEvenPrice", "takeProfit", "stopLoss",
                     "mmrSysUpdatedTime", "leverageSysUpdatedTime", "sessionAvgPrice"});
  json.text("tpslMode", "Full").text("trailingStop", "0").boolean("isReduceOnly", false);
  const Money nothing{0, instrument.settle};
  const bool traded = position.updated != Timestamp{};
  write_money(json, "curRealisedPnl", traded ? position.open_realised : nothing, view);
  write_money(json, "cumRealisedPnl", traded ? position.realised_profit - position.fees : nothing,
              view);
  json.number("seq", static_cast<std::int64_t>(view.book_version(instrument.id)));
  json.number_text("createdTime", position.opened.ms());
  json.number_text("updatedTime", position.updated.ms());
  json.number("openTime", position.opened.ms() / 1'000).close();
}

// ---- leverage -----------------------------------------------------------------------------------

// Bybit takes hundredths of a leverage; the engine takes whole ones.
std::optional<Refusal> read_leverage(std::string_view text, int& leverage) {
  constexpr int kFarTooHigh = 1'000'000;  // the engine says what is out of range
  const auto units = units_from_text(text, 2);
  if (std::holds_alternative<DecimalError>(units)) return bad_parameter("buyLeverage");
  const Int128 hundredths = std::get<Int128>(units);
  if (hundredths % 100 != 0) return not_supported("fractional leverage");
  leverage = static_cast<int>(std::clamp<Int128>(hundredths / 100, 0, kFarTooHigh));
  return std::nullopt;
}

std::optional<Refusal> read_set_leverage(const Call& call, Body& body, SetLeverage& command) {
  const std::string_view category = body.text("category");
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(category, kind)) return no;
  if (kind != InstrumentKindOf::linear_perpetual) return not_supported(category);
  const Instrument* instrument = call.view.find_instrument(body.text("symbol"), *kind);
  if (!instrument) return refusal_for(RejectReason::unknown_instrument, *kind);
  int buy = 0;
  int sell = 0;
  if (auto no = read_leverage(body.text("buyLeverage"), buy)) return no;
  if (auto no = read_leverage(body.text("sellLeverage"), sell)) return no;
  if (buy != sell) {
    return Refusal{kParameterError, "params error: buyLeverage must equal sellLeverage"};
  }
  command = {.account = call.account, .instrument = instrument->id, .leverage = buy};
  return std::nullopt;
}
}  // namespace

void answer_api_key(Call& call) {
  reply(call, [&](JsonWriter& json) {
    const std::int64_t number = static_cast<std::int64_t>(call.account.raw);
    json.open().number_text("id", 13'770'000 + number).text("note", call.account_name);
    json.text("apiKey", call.request.header("X-BAPI-API-KEY").value_or(""));
    json.number("readOnly", 0).text("secret", "");
    json.key("permissions")
        .raw(R"({"ContractTrade":["Order","Position"],"Spot":["SpotTrade"],)"
             R"("Wallet":["AccountTransfer"],"Options":[],"Derivatives":["DerivativesTrade"],)"
             R"("Exchange":[],"CopyTrading":[],"BlockTrade":[],"NFT":[],"Affiliate":[]})");
    json.key("ips").raw(R"(["*"])").number("type", 1);
    json.number("deadlineDay", (kKeyExpiryMs - call.now.ms()) / kDayMs);
    json.text("expiredAt", "2099-12-31T00:00:00Z").text("createdAt", "2023-01-01T00:00:00Z");
    json.number("unified", 0).number("uta", 1).number("userID", kUserIdBase + number);
    json.number("inviterID", 0).text("vipLevel", "No VIP").text("mktMakerLevel", "0");
    json.number("affiliateID", 0).text("rsaPublicKey", "").boolean("isMaster", true);
    json.text("parentUid", "0").close();
  });
}

void answer_account_info(Call& call) {
  reply(call, [](JsonWriter& json) {
    json.open().number("unifiedMarginStatus", 6).text("marginMode", "REGULAR_MARGIN");
    json.text("updatedTime", "1697078946000").text("dcpStatus", "OFF").number("timeWindow", 0);
    json.number("smpGroup", 0).boolean("isMasterTrader", false);
    json.text("spotHedgingStatus", "OFF").close();
  });
}

// No coin can be deposited or withdrawn over a chain.
void answer_coin_info(Call& call) {
  reply(call, [](JsonWriter& json) { json.open().key("rows").open_list().close_list().close(); });
}

void answer_wallet_balance(Call& call) {
  const Params params(call);
  if (params.text("accountType") != "UNIFIED") {
    return void(refuse(call, {kParameterError, "accountType only support UNIFIED."}));
  }
  const std::string coins = params.text("coin");
  reply(call, [&](JsonWriter& json) {
    UsdTotals totals;
    json.open().key("list").open_list().open().key("coin").open_list();
    for (const Asset& asset : call.view.assets()) {
      const Holding holding = holding_of(call.view, call.account, asset.id);
      if (holding.is_nothing()) continue;
      const auto price = usd_price(asset, call.view);
      add_to(totals, holding, price, call.view);
      if (lists_coin(coins, asset.name)) write_coin(json, asset, holding, price, call.view);
    }
    json.close_list();
    write_totals(json, totals);
    json.close().close_list().close();
  });
}

void answer_fee_rates(Call& call) {
  const Params params(call);
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(params.text("category"), kind)) return void(refuse(call, *no));
  const std::string symbol = params.text("symbol");
  call.response.tag.symbol = symbol;
  if (!symbol.empty() && !(kind && call.view.find_instrument(symbol, *kind))) {
    return void(refuse(call, bad_parameter("symbol")));
  }
  reply(call, [&](JsonWriter& json) {
    json.open().key("list").open_list();
    for (const Instrument& instrument : call.view.instruments()) {
      if (!kind || instrument.kind != *kind) continue;
      if (!symbol.empty() && instrument.symbol != symbol) continue;
      json.open().text("symbol", instrument.symbol);
      json.key("takerFeeRate").trimmed(instrument.taker_fee.raw, 9);
      json.key("makerFeeRate").trimmed(instrument.maker_fee.raw, 9).close();
    }
    json.close_list().close();
  });
}

void answer_positions(Call& call) {
  Params params(call);
  const std::string category = params.text("category");
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(category, kind)) return void(refuse(call, *no));
  if (kind == InstrumentKindOf::spot) return void(refuse(call, bad_parameter("category")));
  const std::string symbol = params.text("symbol");
  const std::string base = params.text("baseCoin");
  const std::string settle = params.text("settleCoin");
  call.response.tag.symbol = symbol;
  Pager pager(params, 200, 20);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (kind && symbol.empty() && settle.empty() && base.empty()) {
    return void(refuse(call, {kParameterError, "params error: symbol or settleCoin is required"}));
  }
  if (kind && !symbol.empty() && !call.view.find_instrument(symbol, *kind)) {
    return void(refuse(call, bad_parameter("symbol")));
  }
  const auto wanted = [&](const Instrument& instrument) {
    if (!kind || instrument.kind != *kind) return false;
    if (!symbol.empty()) return instrument.symbol == symbol;  // shown even when flat
    if (call.view.position(call.account, instrument.id).size.raw == 0) return false;
    if (!base.empty()) return asset_of(call.view, instrument.base).name == base;
    return asset_of(call.view, instrument.settle).name == settle;
  };
  reply(call, [&](JsonWriter& json) {
    json.open().text("category", category).key("list").open_list();
    for (const Instrument& instrument : call.view.instruments()) {
      if (!wanted(instrument) || !pager.takes(instrument.id.raw + 1)) continue;
      write_position(json, call, call.view.position(call.account, instrument.id), instrument);
    }
    json.close_list().text("nextPageCursor", pager.next_cursor()).close();
  });
}

bool decode_set_leverage(Call& call) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  Body body(call.json);
  call.response.tag.symbol = body.text("symbol");
  SetLeverage command;
  const auto refusal = read_set_leverage(call, body, command);
  if (auto no = body.wrong()) return refuse(call, *no);
  if (refusal) return refuse(call, *refusal);
  call.commands.emplace_back(command);
  return true;
}

void encode_set_leverage(Call& call, const Outcomes& outcomes) {
  for (const Event& event : outcomes[0]) {
    if (const auto* rejected = std::get_if<Rejected>(&event)) {
      return void(refuse(call, refusal_for(rejected->reason, InstrumentKindOf::linear_perpetual)));
    }
  }
  reply_empty(call);
}

// Positions are one-way (mode 0), so asking for that changes nothing, which is an error to Bybit.
void answer_switch_position_mode(Call& call) {
  if (auto no = parse_body(call)) return void(refuse(call, *no));
  Body body(call.json);
  const std::string_view mode = body.number("mode");
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(body.text("category"), kind)) return void(refuse(call, *no));
  if (auto no = body.wrong()) return void(refuse(call, *no));
  if (mode == "3") return void(refuse(call, not_supported("hedge mode")));
  if (mode != "0") return void(refuse(call, bad_parameter("mode")));
  refuse(call, {kPositionModeUnchanged, "Position mode is not modified"});
}

void answer_set_margin_mode(Call& call) {
  if (auto no = parse_body(call)) return void(refuse(call, *no));
  Body body(call.json);
  const std::string_view mode = body.text("setMarginMode");
  if (mode == "REGULAR_MARGIN") {
    return reply(call, [](JsonWriter& json) {
      json.open().key("reasons").open_list().close_list().close();
    });
  }
  if (mode != "ISOLATED_MARGIN" && mode != "PORTFOLIO_MARGIN") {
    return void(refuse(call, bad_parameter("setMarginMode")));
  }
  JsonWriter json(call.response.body);
  json.open().number("retCode", kMarginModeFailed).text("retMsg", "Set margin mode failed");
  json.key("result").open().key("reasons").open_list().open();
  json.text("reasonCode", "3400000").text("reasonMsg", "Only REGULAR_MARGIN is supported here");
  json.close().close_list().close();
  end_reply(json, "{}", call.now.ms());
}

}  // namespace venuebox::venues::bybit
