#include "venues/paradex/rows_market.h"

#include "model/candles.h"
#include "venues/paradex/ids.h"
#include "venues/paradex/instruments.h"
#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {
namespace {
constexpr int kRateDecimals = 9;    // a rate is in parts per billion
constexpr int kChangeDecimals = 6;  // price_change_rate_24h is a ratio: 0.0137 is 1.37 %
// The box opened none of its markets at a time of its own; clients want a number here.
constexpr std::int64_t kOpenAt = 0;

std::string_view side_text(Side side) { return side == Side::buy ? "BUY" : "SELL"; }

void write_rate(JsonWriter& json, std::string_view key, Int128 rate) {
  json.key(key).trimmed(rate, kRateDecimals);
}

void write_mark(JsonWriter& json, std::string_view key, std::optional<MarkPrice> price,
                const Instrument& instrument) {
  json.text(key, price ? mark_text(*price, instrument) : std::string());
}

void write_best(JsonWriter& json, std::string_view price_key, std::string_view size_key, Side side,
                const Instrument& instrument, const View& view) {
  BookLevel level;
  if (view.depth(instrument.id, side, {&level, 1}) == 0) {
    return write_empty(json, {price_key, size_key});
  }
  write_price(json, price_key, level.price, instrument);
  write_quantity(json, size_key, level.quantity, instrument);
}

// What a day's trades say: the value, and how far the price has gone.
void write_day(JsonWriter& json, const Instrument& instrument, const View& view) {
  const std::optional<Ticks> last = last_shown_price(view, instrument.id);
  const DayStatistics day = day_with_past(view, instrument.id);
  write_price(json, "last_traded_price", last, instrument);
  gateway::write_turnover(json.key("volume_24h"), day.turnover, instrument, view);
  if (last && day.first.raw > 0) {
    const Int128 change = multiply(last->raw - day.first.raw, power_of_ten(kChangeDecimals));
    json.key("price_change_rate_24h");
    json.trimmed(div_half_even(change, day.first.raw), kChangeDecimals);
  } else {
    json.text("price_change_rate_24h", "");
  }
}

std::int64_t funding_hours(const Instrument& instrument) {
  return instrument.funding.interval.raw / seconds(3'600).raw;
}

// As if it were told for 8 hours, whatever it is told for.
Int128 rate_over_8h(Rate rate, const Instrument& instrument) {
  return div_half_even(multiply(rate.raw, seconds(8 * 3'600).raw), instrument.funding.interval.raw);
}

void write_step(JsonWriter& json, std::string_view key, Step step) {
  json.key(key).trimmed(step.units, step.scale);
}

void write_fees(JsonWriter& json, const Instrument& instrument) {
  json.key("fee_config").open().key("api_fee").open();
  json.key("maker_fee").open();
  write_rate(json, "fee", instrument.maker_fee.raw);
  json.close().key("taker_fee").open();
  write_rate(json, "fee", instrument.taker_fee.raw);
  json.close().close();
  json.key("interactive_fee").open().close().key("rpi_fee").open().close().close();
}

// imf_base is what the highest leverage leaves, mmf_factor the share of it that must be kept.
void write_margin(JsonWriter& json, const Instrument& instrument) {
  const RiskTier& tier = instrument.tiers.front();
  json.key("delta1_cross_margin_params").open();
  write_rate(json, "imf_base", div_half_even(kRateOne, tier.leverage_max));
  json.text("imf_shift", "0").text("imf_factor", "0");
  write_rate(json, "mmf_factor", multiply(tier.maintenance.raw, tier.leverage_max));
  json.close();
}

void write_funding_terms(JsonWriter& json, const Instrument& instrument) {
  write_rate(json, "max_funding_rate", instrument.funding.cap.raw);
  json.text("max_funding_rate_change", "").number("funding_multiplier", 1);
  json.number("funding_period_hours", funding_hours(instrument));
  write_rate(json, "interest_rate", instrument.funding.interest.raw);
  write_rate(json, "clamp_rate", instrument.funding.clamp.raw);
}
}  // namespace

void write_trade(JsonWriter& json, const Trade& trade, const Instrument& instrument,
                 std::uint64_t box_key) {
  json.open().text("id", shown_fill_id(trade.id, box_key).view());
  json.text("market", instrument.symbol).text("side", side_text(trade.taker_side));
  write_quantity(json, "size", trade.quantity, instrument);
  write_price(json, "price", trade.price, instrument);
  json.number("created_at", trade.time.ms()).text("trade_type", "FILL").close();
}

void write_bbo(JsonWriter& json, const Instrument& instrument, const View& view, Timestamp now) {
  json.open().text("market", instrument.symbol);
  json.number("seq_no", static_cast<std::int64_t>(view.book_version(instrument.id)));
  write_best(json, "ask", "ask_size", Side::sell, instrument, view);
  write_best(json, "bid", "bid_size", Side::buy, instrument, view);
  json.number("last_updated_at", now.ms()).close();
}

// A perpetual has no volatility of its own, and moves with its underlying one to one.
void write_summary(JsonWriter& json, const Instrument& instrument, const View& view,
                   Timestamp now) {
  const std::optional<MarkPrice> spot = view.index_price(instrument.id);
  json.open().text("symbol", instrument.symbol);
  write_mark(json, "oracle_price", spot, instrument);
  write_mark(json, "mark_price", view.mark_price(instrument.id), instrument);
  write_best(json, "bid", "bid_size", Side::buy, instrument, view);
  write_best(json, "ask", "ask_size", Side::sell, instrument, view);
  write_day(json, instrument, view);
  json.text("total_volume", "").number("created_at", now.ms());
  write_mark(json, "underlying_price", spot, instrument);
  json.text("external_fair_price", "");
  write_quantity(json, "open_interest", view.open_interest(instrument.id), instrument);
  write_rate(json, "funding_rate", view.funding(instrument.id).rate.raw);
  write_empty(json, {"future_funding_rate", "mark_iv", "bid_iv", "ask_iv", "last_iv"});
  json.text("delta", "1").key("greeks").open();
  json.text("delta", "1").text("gamma", "0").text("vega", "0").close().close();
}

FundingObservation funding_now(const Instrument& instrument, const View& view, Timestamp now) {
  return {now, view.funding(instrument.id), view.index_price(instrument.id)};
}

// The premium is what one coin pays in a period: the rate of the spot price.
void write_funding_row(JsonWriter& json, const FundingObservation& seen,
                       const Instrument& instrument, const View& view) {
  json.open().text("market", instrument.symbol);
  write_funding_index(json, "funding_index", seen.state.index, instrument, view);
  if (seen.spot) {
    const Int128 premium =
        multiply(multiply(seen.spot->raw, instrument.tick.units), seen.state.rate.raw);
    const Int128 each = div_half_even(premium, kMarkPerTick);
    json.key("funding_premium").trimmed(each, instrument.tick.scale + kRateDecimals);
  } else {
    json.text("funding_premium", "");
  }
  write_rate(json, "funding_rate", seen.state.rate.raw);
  write_rate(json, "funding_rate_8h", rate_over_8h(seen.state.rate, instrument));
  json.number("funding_period_hours", funding_hours(instrument));
  json.number("created_at", seen.time.ms()).close();
}

void write_funding_index(JsonWriter& json, std::string_view key, Int128 index,
                         const Instrument& instrument, const View& view) {
  const Int128 coin = multiply(index, power_of_ten(instrument.lot.scale));
  json.key(key).trimmed(div_half_even(coin, instrument.lot.units),
                        asset_of(view, instrument.settle).scale);
}

void write_market(JsonWriter& json, const Instrument& instrument, const View& view) {
  const std::string& base = asset_of(view, instrument.base).name;
  json.open().text("symbol", instrument.symbol).text("base_currency", base);
  json.text("quote_currency", kQuoteShown);
  json.text("settlement_currency", asset_of(view, instrument.settle).name);
  write_step(json, "order_size_increment", shown_lot(instrument));
  write_step(json, "price_tick_size", shown_tick(instrument));
  write_money(json, "min_notional", instrument.notional_min, view);
  json.number("open_at", kOpenAt).number("expiry_at", 0);
  json.text("asset_kind", "PERP").text("market_kind", "cross");
  json.key("position_limit").fixed(position_limit(instrument), 0);
  write_rate(json, "price_bands_width", instrument.price_band.raw);
  write_rate(json, "max_slippage", instrument.market_protection.raw);
  json.number("max_open_orders", instrument.open_orders_max);
  write_funding_terms(json, instrument);
  write_margin(json, instrument);
  json.key("max_order_size");
  json.trimmed(multiply(instrument.quantity_max.raw, instrument.lot.units), instrument.lot.scale);
  write_empty(json, {"price_feed_id", "oracle_ewma_factor", "max_tob_spread"});
  json.key("tags").open_list().close_list();
  write_fees(json, instrument);
  json.key("chain_details").open().text("symbol", instrument.symbol);
  write_rate(json, "fee_maker", instrument.maker_fee.raw);
  write_rate(json, "fee_taker", instrument.taker_fee.raw);
  write_rate(json, "liquidation_fee", instrument.liquidation_fee.raw);
  json.close().close();
}

void write_levels(JsonWriter& json, std::string_view key, std::span<const BookLevel> levels,
                  const Instrument& instrument) {
  json.key(key).open_list();
  for (const BookLevel& level : levels) {
    json.open_list().fixed(multiply(level.price.raw, instrument.tick.units), instrument.tick.scale);
    json.fixed(multiply(level.quantity.raw, instrument.lot.units), instrument.lot.scale);
    json.close_list();
  }
  json.close_list();
}

}  // namespace venuebox::venues::paradex
