#include "venues/bybit/codec_market.h"

#include <array>

#include "model/candles.h"
#include "venues/bybit/account_rows.h"
#include "venues/bybit/ids.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
constexpr std::size_t kBookLevelsMax = 1'000;
constexpr int kPercentDecimals = 6;  // price24hPcnt is a fraction: 0.0137 is 1.37 %
constexpr int kRateDecimals = 9;     // a rate is in parts per billion
constexpr std::string_view kLaunchTime = "1585526400000";  // one for all: no coin's own is known

void write_step(JsonWriter& json, std::string_view key, Step step) {
  json.key(key).fixed(step.units, step.scale);
}

// ---- instruments-info ---------------------------------------------------------------------------

std::string_view status_of(const Instrument& instrument) {
  return instrument.phase == TradingPhase::delisted ? "Closed" : "Trading";
}

// What is closed is shown to who asks for it; spot that is closed is unknown.
bool is_listed_as(const Instrument& instrument, std::string_view status, bool is_named) {
  const bool is_closed = instrument.phase == TradingPhase::delisted;
  if (is_closed && (instrument.is_spot() || (status.empty() && !is_named))) return false;
  return status.empty() || status == status_of(instrument);
}

void write_coins(JsonWriter& json, const Instrument& instrument, const View& view) {
  json.text("symbol", instrument.symbol);
  json.text("baseCoin", asset_of(view, instrument.base).name);
  json.text("quoteCoin", asset_of(view, instrument.quote).name);
  json.text("status", status_of(instrument));
}

std::int64_t funding_minutes(const Instrument& instrument) {
  return instrument.funding.interval.raw / seconds(60).raw;
}

void write_perpetual_terms(JsonWriter& json, const Instrument& instrument, const View& view) {
  json.open();
  write_coins(json, instrument, view);
  json.text("settleCoin", asset_of(view, instrument.settle).name);
  json.number("symbolId", instrument.id.raw + 1);
  json.text("contractType", instrument.is_inverse() ? "InversePerpetual" : "LinearPerpetual");
  json.text("launchTime", kLaunchTime).text("deliveryTime", "0").text("deliveryFeeRate", "");
  json.number_text("priceScale", instrument.tick.scale);
  json.key("leverageFilter").open().text("minLeverage", "1");
  json.key("maxLeverage").fixed(instrument.leverage_max * 100, 2).text("leverageStep", "1").close();
  json.key("priceFilter").open();
  write_price(json, "minPrice", Ticks{instrument.tick_multiple}, instrument);
  write_price(json, "maxPrice", instrument.price_max, instrument);
  write_step(json, "tickSize", shown_tick(instrument));
  json.close().key("lotSizeFilter").open();
  write_quantity(json, "maxOrderQty", instrument.quantity_max, instrument);
  write_quantity(json, "minOrderQty", shown_quantity_min(instrument), instrument);
  write_step(json, "qtyStep", shown_lot(instrument));
  write_quantity(json, "postOnlyMaxOrderQty", instrument.quantity_max, instrument);
  write_quantity(json, "maxMktOrderQty", instrument.market_quantity_max, instrument);
  if (!instrument.is_inverse()) {
    write_money(json, "minNotionalValue", instrument.notional_min, view);
  }
  json.close().boolean("unifiedMarginTrade", true);
  json.number("fundingInterval", funding_minutes(instrument)).text("copyTrading", "none");
  json.key("upperFundingRate").trimmed(instrument.funding.cap.raw, kRateDecimals);
  json.key("lowerFundingRate").trimmed(-instrument.funding.cap.raw, kRateDecimals);
  json.boolean("isPreListing", false);
  json.key("preListingInfo").null().key("riskParameters").open();
  json.text("priceLimitRatioX", "0.01").text("priceLimitRatioY", "0.02").close();
  json.text("symbolType", "").close();
}

void write_spot_terms(JsonWriter& json, const Instrument& instrument, const View& view) {
  json.open();
  write_coins(json, instrument, view);
  json.text("innovation", "0").text("marginTrading", "none").text("stTag", "0");
  json.key("lotSizeFilter").open();
  write_step(json, "basePrecision", shown_lot(instrument));
  json.key("quotePrecision").fixed(1, instrument.tick.scale + instrument.lot.scale);
  write_quantity(json, "minOrderQty", shown_quantity_min(instrument), instrument);
  write_quantity(json, "maxOrderQty", instrument.quantity_max, instrument);
  write_money(json, "minOrderAmt", instrument.notional_min, view);
  write_money(json, "maxOrderAmt",
              notional(instrument.price_max, instrument.quantity_max, instrument), view);
  write_quantity(json, "maxLimitOrderQty", instrument.quantity_max, instrument);
  write_quantity(json, "maxMarketOrderQty", instrument.market_quantity_max, instrument);
  write_quantity(json, "postOnlyMaxLimitOrderSize", instrument.quantity_max, instrument);
  json.close().key("priceFilter").open();
  write_step(json, "tickSize", shown_tick(instrument));
  json.close().key("riskParameters").open();
  json.text("priceLimitRatioX", "0.005").text("priceLimitRatioY", "0.01").close();
  json.text("symbolType", "").close();
}

// ---- tickers ------------------------------------------------------------------------------------

std::optional<BookLevel> best_level(const View& view, InstrumentId id, Side side) {
  BookLevel level;
  return view.depth(id, side, {&level, 1}) == 1 ? std::optional(level) : std::nullopt;
}

void write_best(JsonWriter& json, std::string_view price_key, std::string_view size_key, Side side,
                const Instrument& instrument, const View& view) {
  const auto level = best_level(view, instrument.id, side);
  if (!level) return write_empty(json, {price_key, size_key});
  write_price(json, price_key, level->price, instrument);
  write_quantity(json, size_key, level->quantity, instrument);
}

std::optional<Ticks> known(Ticks price) {
  return price.raw == 0 ? std::nullopt : std::optional(price);
}

void write_common_ticker(JsonWriter& json, const Instrument& instrument, const View& view) {
  const std::optional<Ticks> last = last_shown_price(view, instrument.id);
  const DayStatistics day = day_with_past(view, instrument.id);
  json.text("symbol", instrument.symbol);
  write_price(json, "lastPrice", last, instrument);
  write_price(json, "prevPrice24h", known(day.first), instrument);
  if (last && day.first.raw > 0) {
    const Int128 change = multiply(last->raw - day.first.raw, power_of_ten(kPercentDecimals));
    json.key("price24hPcnt").trimmed(div_half_even(change, day.first.raw), kPercentDecimals);
  } else {
    json.text("price24hPcnt", "");
  }
  write_price(json, "highPrice24h", known(day.high), instrument);
  write_price(json, "lowPrice24h", known(day.low), instrument);
  write_quantity(json, "volume24h", day.volume, instrument);
  write_turnover(json.key("turnover24h"), day.turnover, instrument, view);
}

void write_bests(JsonWriter& json, const Instrument& instrument, const View& view) {
  write_best(json, "bid1Price", "bid1Size", Side::buy, instrument, view);
  write_best(json, "ask1Price", "ask1Size", Side::sell, instrument, view);
}

// Of the last trade; empty before the first.
std::string_view tick_direction(InstrumentId id, const View& view) {
  std::optional<Ticks> last;
  int seen = 0;
  std::int64_t step = 0;
  view.trades(id, [&](const Trade& trade) {
    ++seen;
    if (last) step = last->raw - trade.price.raw;
    if (!last) last = trade.price;
    return step == 0;
  });
  if (!last) return {};  // Nothing has traded.
  return direction_text(step >= 0, seen > 2 || (seen == 2 && step == 0));
}

// The rate of the present interval, as it would be if it ended now.
void write_funding(JsonWriter& json, const Instrument& instrument, const View& view) {
  const FundingState funding = view.funding(instrument.id);
  json.key("fundingRate").trimmed(funding.rate.raw, kRateDecimals);
  json.number_text("nextFundingTime", funding.next.ms());
  json.key("fundingCap").trimmed(instrument.funding.cap.raw, kRateDecimals);
}

// Beyond what is common: a derivative's mark, open interest and funding. What the box does not know
// (the price an hour ago) is empty, never invented. Its index is its own mark unless somebody has
// set one: there are no other venues to ask.
void write_perpetual_ticker(JsonWriter& json, const Instrument& instrument, const View& view,
                            TickerForm form) {
  json.open();
  write_common_ticker(json, instrument, view);
  write_bests(json, instrument, view);
  const std::optional<MarkPrice> mark = view.mark_price(instrument.id);
  const std::string mark_price = mark ? mark_text(*mark, instrument) : std::string();
  const std::optional<MarkPrice> index = view.index_price(instrument.id);
  json.text("indexPrice", index ? mark_text(*index, instrument) : mark_price);
  json.text("markPrice", mark_price);
  const Lots open = view.open_interest(instrument.id);
  write_quantity(json, "openInterest", open, instrument);
  // Never empty: clients tell a perpetual from a spot market by this field.
  const Money value =
      mark ? value_at_mark(SignedLots{open.raw}, *mark, instrument) : Money{0, instrument.settle};
  write_money(json, "openInterestValue", value, view);
  write_funding(json, instrument, view);
  write_empty(json, {"prevPrice1h", "predictedDeliveryPrice", "basisRate", "basis", "preOpenPrice",
                     "preQty", "curPreListingPhase", "basisRateYear"});
  if (form == TickerForm::answer) {
    json.text("deliveryFeeRate", "").text("deliveryTime", "0");
  } else {
    json.text("tickDirection", tick_direction(instrument.id, view));
  }
  json.number_text("fundingIntervalHour", funding_minutes(instrument) / 60).close();
}

void write_spot_ticker(JsonWriter& json, const Instrument& instrument, const View& view,
                       TickerForm form) {
  json.open();
  write_common_ticker(json, instrument, view);
  if (form == TickerForm::answer) write_bests(json, instrument, view);
  const std::optional<MarkPrice> mark = view.mark_price(instrument.id);
  json.text("usdIndexPrice", mark ? mark_text(*mark, instrument) : std::string()).close();
}

// ---- one market ---------------------------------------------------------------------------------

void write_side(JsonWriter& json, std::string_view key, Side side, std::size_t limit,
                const Instrument& instrument, const View& view) {
  std::array<BookLevel, kBookLevelsMax> levels;
  const std::size_t count = view.depth(instrument.id, side, std::span(levels).first(limit));
  write_levels(json, key, std::span(levels).first(count), instrument);
}

void write_trade(JsonWriter& json, const Trade& trade, const Instrument& instrument,
                 std::uint64_t box_key) {
  json.open().text("execId", shown_fill_id(trade.id, instrument.kind, box_key).view());
  json.text("symbol", instrument.symbol);
  write_price(json, "price", trade.price, instrument);
  write_quantity(json, "size", trade.quantity, instrument);
  json.text("side", trade.taker_side == Side::buy ? "Buy" : "Sell");
  json.number_text("time", trade.time.ms());
  json.boolean("isBlockTrade", false).boolean("isRPITrade", false);
  json.number_text("seq", static_cast<std::int64_t>(trade.id.raw)).close();
}

// One step of the risk limit. Rates are fractions, except those of inverse contracts, which Bybit
// documents in percent.
void write_risk_limit(JsonWriter& json, const Instrument& instrument, std::size_t index,
                      const View& view) {
  const RiskTier& tier = instrument.tiers[index];
  const int decimals = instrument.is_inverse() ? kRateDecimals - 2 : kRateDecimals;
  const Money deduction{tier.deduction, instrument.settle};
  json.open().number("id", static_cast<std::int64_t>(index) + 1).text("symbol", instrument.symbol);
  write_money(json, "riskLimitValue", {tier.notional_max, instrument.settle}, view);
  json.key("maintenanceMargin").trimmed(tier.maintenance.raw, decimals);
  json.key("initialMargin").trimmed(div_ceil(kRateOne, tier.leverage_max), decimals);
  json.number("isLowestRisk", index == 0 ? 1 : 0);
  json.key("maxLeverage").fixed(tier.leverage_max * 100, 2);
  if (index == 0) {
    json.text("mmDeduction", "");
  } else {
    write_money(json, "mmDeduction", deduction, view);
  }
  json.close();
}

// The symbols of the perpetuals that settle in an asset, comma-separated.
std::string symbols_settled_in(AssetId asset, const View& view) {
  std::string symbols;
  for (const Instrument& instrument : view.instruments()) {
    if (instrument.is_spot() || instrument.settle != asset) continue;
    if (!symbols.empty()) symbols.push_back(',');
    symbols += instrument.symbol;
  }
  return symbols;
}
}  // namespace

void write_levels(JsonWriter& json, std::string_view key, std::span<const BookLevel> levels,
                  const Instrument& instrument) {
  json.key(key).open_list();
  for (const BookLevel& level : levels) {
    json.open_list();
    json.fixed(multiply(level.price.raw, instrument.tick.units), instrument.tick.scale);
    if (level.quantity.raw == 0) {
      json.text("0");
    } else {
      json.fixed(multiply(level.quantity.raw, instrument.lot.units), instrument.lot.scale);
    }
    json.close_list();
  }
  json.close_list();
}

std::string_view direction_text(bool rises, bool is_same) {
  if (rises) return is_same ? "ZeroPlusTick" : "PlusTick";
  return is_same ? "ZeroMinusTick" : "MinusTick";
}

std::optional<Refusal> read_market(const Call& call, const Params& params,
                                   const Instrument*& instrument, std::string_view category) {
  std::optional<InstrumentKindOf> kind;
  std::string named = params.text("category");
  if (named.empty()) named = category;
  if (auto no = read_category(named, kind)) return no;
  const std::string symbol = params.text("symbol");
  call.response.tag.symbol = symbol;
  instrument = kind ? call.view.find_instrument(symbol, *kind) : nullptr;
  if (!instrument) return bad_parameter("symbol");
  return std::nullopt;
}

void answer_risk_limits(Call& call) {
  const Params params(call);
  const std::string category = params.text("category");
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(category, kind)) return void(refuse(call, *no));
  if (kind == InstrumentKindOf::spot) return void(refuse(call, bad_parameter("category")));
  const std::string symbol = params.text("symbol");
  call.response.tag.symbol = symbol;
  if (kind && !symbol.empty() && !call.view.find_instrument(symbol, *kind)) {
    return void(refuse(call, bad_parameter("symbol")));
  }
  reply(call, [&](JsonWriter& json) {
    json.open().text("category", category).key("list").open_list();
    for (const Instrument& instrument : call.view.instruments()) {
      if (!kind || instrument.kind != *kind) continue;
      if (!symbol.empty() && instrument.symbol != symbol) continue;
      for (std::size_t i = 0; i < instrument.tiers.size(); ++i)
        write_risk_limit(json, instrument, i, call.view);
    }
    json.close_list().text("nextPageCursor", "").close();
  });
}

void answer_price_limit(Call& call) {
  const Params params(call);
  const Instrument* instrument = nullptr;
  if (auto no = read_market(call, params, instrument, "linear")) return void(refuse(call, *no));
  reply(call, [&](JsonWriter& json) {
    json.open().text("symbol", instrument->symbol);
    write_price(json, "buyLmt", price_limit(*instrument, Side::buy, call.view), *instrument);
    write_price(json, "sellLmt", price_limit(*instrument, Side::sell, call.view), *instrument);
    json.number_text("ts", call.now.ms()).close();
  });
}

// One pool for each settlement coin, which all of its perpetuals share.
void answer_insurance(Call& call) {
  const Params params(call);
  const std::string coin = params.text("coin");
  if (!coin.empty() && !call.view.find_asset(coin)) {
    return void(refuse(call, bad_parameter("coin")));
  }
  reply(call, [&](JsonWriter& json) {
    json.open().number_text("updatedTime", call.now.ms()).key("list").open_list();
    for (const Asset& asset : call.view.assets()) {
      const std::string symbols = symbols_settled_in(asset.id, call.view);
      if (symbols.empty() || (!coin.empty() && asset.name != coin)) continue;
      const Money pool = call.view.insurance(asset.id);
      const auto value = usd_value(pool, call.view);
      json.open().text("coin", asset.name).text("symbols", symbols);
      write_money(json, "balance", pool, call.view);
      json.text("value", value ? trimmed_text(*value, kUsdDecimals) : std::string()).close();
    }
    json.close_list().close();
  });
}

// Clients set their signature clock by this, so it shows the clock that judges signatures.
void answer_time(Call& call) {
  const Timestamp now = call.door_time;
  JsonWriter json(call.response.body);
  json.open().number("retCode", 0).text("retMsg", "OK").key("result").open();
  json.number_text("timeSecond", now.ns / 1'000'000'000).number_text("timeNano", now.ns).close();
  end_reply(json, "{}", now.ms());
}

void answer_system_status(Call& call) {
  reply(call, [](JsonWriter& json) { json.open().key("list").open_list().close_list().close(); });
}

void answer_instruments(Call& call) {
  Params params(call);
  const std::string category = params.text("category");
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(category, kind)) return void(refuse(call, *no));
  const std::string symbol = params.text("symbol");
  const std::string status = params.text("status");
  const std::string base = params.text("baseCoin");
  Pager pager(params, 1'000, 500);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (kind && !symbol.empty() && !call.view.find_instrument(symbol, *kind)) {
    return void(refuse(call, bad_parameter("symbol")));
  }
  const auto wanted = [&](const Instrument& instrument) {
    return kind && instrument.kind == *kind && (symbol.empty() || instrument.symbol == symbol) &&
           is_listed_as(instrument, status, !symbol.empty()) &&
           (base.empty() || asset_of(call.view, instrument.base).name == base);
  };
  reply(call, [&](JsonWriter& json) {
    json.open().text("category", category).key("list").open_list();
    for (const Instrument& instrument : call.view.instruments()) {
      if (!wanted(instrument) || !pager.takes(instrument.id.raw + 1)) continue;
      if (instrument.is_spot()) {
        write_spot_terms(json, instrument, call.view);
      } else {
        write_perpetual_terms(json, instrument, call.view);
      }
    }
    json.close_list();
    if (category != "spot") json.text("nextPageCursor", pager.next_cursor());
    json.close();
  });
}

void answer_tickers(Call& call) {
  const Params params(call);
  const std::string category = params.text("category");
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(category, kind)) return void(refuse(call, *no));
  const std::string symbol = params.text("symbol");
  call.response.tag.symbol = symbol;
  const Instrument* named = kind ? call.view.find_instrument(symbol, *kind) : nullptr;
  if (!symbol.empty() && !(named && named->phase != TradingPhase::delisted)) {
    return void(refuse(call, {kParameterError, "Not supported symbols"}));
  }
  reply(call, [&](JsonWriter& json) {
    json.open().text("category", category).key("list").open_list();
    for (const Instrument& instrument : call.view.instruments()) {
      if (!kind || instrument.kind != *kind) continue;
      if (instrument.phase == TradingPhase::delisted) continue;
      if (!symbol.empty() && instrument.symbol != symbol) continue;
      write_ticker(json, instrument, call.view, TickerForm::answer);
    }
    json.close_list().close();
  });
}

void write_ticker(JsonWriter& json, const Instrument& instrument, const View& view,
                  TickerForm form) {
  if (instrument.is_spot()) return write_spot_ticker(json, instrument, view, form);
  write_perpetual_ticker(json, instrument, view, form);
}

void answer_order_book(Call& call) {
  Params params(call);
  const Instrument* instrument = nullptr;
  if (auto no = read_market(call, params, instrument)) return void(refuse(call, *no));
  const std::int64_t limit =
      params.integer("limit", 1, kBookLevelsMax, instrument->is_spot() ? 1 : 25);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  reply(call, [&](JsonWriter& json) {
    const auto depth = static_cast<std::size_t>(limit);
    const auto version = static_cast<std::int64_t>(call.view.book_version(instrument->id));
    json.open().text("s", instrument->symbol);
    write_side(json, "a", Side::sell, depth, *instrument, call.view);
    write_side(json, "b", Side::buy, depth, *instrument, call.view);
    json.number("ts", call.now.ms()).number("u", version).number("seq", version);
    json.number("cts", call.now.ms()).close();
  });
}

void answer_recent_trades(Call& call) {
  Params params(call);
  const Instrument* instrument = nullptr;
  if (auto no = read_market(call, params, instrument)) return void(refuse(call, *no));
  const std::int64_t limit_max = instrument->is_spot() ? 60 : 1'000;
  std::int64_t left = params.integer("limit", 1, limit_max, std::min<std::int64_t>(limit_max, 500));
  if (auto no = params.wrong()) return void(refuse(call, *no));
  reply(call, [&](JsonWriter& json) {
    json.open().text("category", category_name(instrument->kind)).key("list").open_list();
    call.view.trades(instrument->id, [&](const Trade& trade) {
      write_trade(json, trade, *instrument, call.box_key);
      return --left > 0;
    });
    json.close_list().close();
  });
}

}  // namespace venuebox::venues::bybit
