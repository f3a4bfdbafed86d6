// Instruments: what is listed, what comes, and what goes.
#include <fmt/core.h>

#include "control/api_call.h"
#include "control/listing_request.h"

namespace venuebox::control {
namespace {
constexpr std::pair<std::string_view, TradingPhase> kPhases[] = {
    {"open", TradingPhase::open},
    {"post_only", TradingPhase::post_only},
    {"cancel_only", TradingPhase::cancel_only},
    {"halted", TradingPhase::halted},
    {"delisted", TradingPhase::delisted}};

std::string_view name_of(TradingPhase phase) {
  return kPhases[static_cast<std::size_t>(phase)].first;
}

std::string_view name_of(FundingKind kind) {
  switch (kind) {
    case FundingKind::none: return "none";
    case FundingKind::interval: return "interval";
    case FundingKind::continuous: return "continuous";
  }
  return "none";
}

void write_tiers(JsonWriter& json, const Instrument& instrument, const Asset& settle) {
  json.key("tiers").open_list();
  for (const RiskTier& tier : instrument.tiers) {
    json.open().key("notional_max").trimmed(tier.notional_max, settle.scale);
    json.number("leverage_max", tier.leverage_max);
    json.key("maintenance").trimmed(tier.maintenance.raw, 9).close();
  }
  json.close_list();
}

void write_funding(JsonWriter& json, const FundingTerms& funding) {
  json.key("funding").open().text("kind", name_of(funding.kind));
  json.number("interval_ms", funding.interval.raw / 1'000'000);
  json.key("interest").trimmed(funding.interest.raw, 9);
  json.key("clamp").trimmed(funding.clamp.raw, 9).key("cap").trimmed(funding.cap.raw, 9).close();
}

// The members that POST takes have the same names here.
void write_instrument(JsonWriter& json, const box::Exchange& exchange,
                      const Instrument& instrument) {
  const engine::Engine& engine = exchange.engine();
  const auto asset = [&](AssetId id) -> const Asset& { return engine.assets()[id.raw]; };
  json.open().text("venue", exchange.door().venue().name).text("symbol", instrument.symbol);
  json.text("kind", category_of(instrument)).text("phase", name_of(instrument.phase));
  json.text("base", asset(instrument.base).name).text("quote", asset(instrument.quote).name);
  json.text("settle", asset(instrument.settle).name);
  json.text("tick", price_text(Ticks{instrument.tick_multiple}, instrument));
  json.text("lot", quantity_text(Lots{instrument.lot_multiple}, instrument));
  json.text("quantity_min", quantity_text(shown_quantity_min(instrument), instrument));
  json.text("quantity_max", quantity_text(instrument.quantity_max, instrument));
  json.text("market_quantity_max", quantity_text(instrument.market_quantity_max, instrument));
  json.text("price_max", price_text(instrument.price_max, instrument));
  json.key("notional_min");
  json.trimmed(instrument.notional_min.units, asset(instrument.quote).scale);
  json.key("maker_fee").trimmed(instrument.maker_fee.raw, 9);
  json.key("taker_fee").trimmed(instrument.taker_fee.raw, 9);
  if (!instrument.is_spot()) {
    json.number("leverage_max", instrument.leverage_max);
    json.key("liquidation_fee").trimmed(instrument.liquidation_fee.raw, 9);
    write_funding(json, instrument.funding);
    write_tiers(json, instrument, asset(instrument.settle));
  }
  json.number("open_orders_max", instrument.open_orders_max);
  json.number("conditional_orders_max", instrument.conditional_orders_max);
  json.key("price_band").trimmed(instrument.price_band.raw, 9);
  json.key("market_protection").trimmed(instrument.market_protection.raw, 9);
  const auto last = engine.last_price(instrument.id);
  json.key("last");
  last ? json.text(price_text(*last, instrument)) : json.null();
  const auto mark = engine.mark_price(instrument.id);
  json.key("mark");
  mark ? json.text(mark_text(*mark, instrument)) : json.null();
  json.close();
}
}  // namespace

void Api::list_instruments(Call& call) {
  call.box.advance();
  const auto venue = net::query_value(call.request.query, "venue");
  auto json = call.json();
  json.open_list();
  for (const auto& exchange : call.box.exchanges()) {
    if (venue && *venue != exchange->door().venue().name) continue;
    for (const Instrument& instrument : exchange->engine().instruments())
      write_instrument(json, *exchange, instrument);
  }
  json.close_list();
}

void Api::create_instrument(Call& call) {
  call.box.advance();
  const auto request = listing_from(call.body, call.box);
  if (!request) return call.fail(request.error());
  const auto& [exchange, listing, price] = *request;
  const auto listed = call.box.list_instrument(exchange, listing, price);
  if (!listed) return call.fail(listed.error());
  call.response.status = 201;
  auto json = call.json();
  const box::Exchange& at = *call.box.exchanges()[exchange];
  write_instrument(json, at, at.engine().instruments()[listed->raw]);
}

// {"phase":"delisted"}; "kind" where a symbol names two, "price" what positions are closed at.
void Api::change_instrument(Call& call) {
  const auto index = call.box.find_exchange(call.arguments[0]);
  if (!index) return call.fail({ErrorKind::not_found, "venue", "this box has no such venue"});
  const auto text = text_member(call.body, "phase");
  if (!text) return call.fail(text.error());
  const auto phase = std::ranges::find(kPhases, std::string_view((*text).value_or("")),
                                       &std::pair<std::string_view, TradingPhase>::first);
  if (phase == std::end(kPhases)) {
    return call.fail(invalid("phase", "must be open, post_only, cancel_only, halted or delisted"));
  }
  const auto kind = text_member(call.body, "kind");
  if (!kind) return call.fail(kind.error());
  const box::Exchange& exchange = *call.box.exchanges()[*index];
  const Instrument* found = nullptr;
  for (const Instrument& instrument : exchange.engine().instruments()) {
    if (instrument.symbol != call.arguments[1]) continue;
    if (*kind && **kind != category_of(instrument)) continue;
    if (found) {
      return call.fail(
          invalid("kind", fmt::format("'{}' is both {} and {}; say which", instrument.symbol,
                                      category_of(*found), category_of(instrument))));
    }
    found = &instrument;
  }
  if (!found) {
    return call.fail({ErrorKind::not_found, "symbol",
                      fmt::format("{} lists no such '{}'", call.arguments[0], call.arguments[1])});
  }
  const auto price = decimal_member(call.body, "price");
  if (!price) return call.fail(price.error());
  Ticks settlement;
  if (*price) {
    const auto ticks = ticks_from_decimal(**price, *found);
    if (!std::holds_alternative<Ticks>(ticks) || std::get<Ticks>(ticks).raw <= 0) {
      return call.fail(invalid("price", fmt::format("'{}' must be a price > 0 in steps of {}",
                                                    **price, price_text(Ticks{1}, *found))));
    }
    settlement = std::get<Ticks>(ticks);
  }
  const InstrumentId id = found->id;
  if (auto set = call.box.set_phase(*index, id, phase->second, settlement); !set) {
    return call.fail(set.error());
  }
  auto json = call.json();
  write_instrument(json, exchange, exchange.engine().instruments()[id.raw]);
}

}  // namespace venuebox::control
