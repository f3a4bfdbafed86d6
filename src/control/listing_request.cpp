#include "control/listing_request.h"

#include <cmath>

#include <fmt/core.h>

#include "control/api_call.h"
#include "market/makers.h"

namespace venuebox::control {
namespace {
using market::size_of;

constexpr double kAlike = 10;  // how far apart two prices are that can have the same steps
constexpr double kStepsMost = 1e13;
constexpr std::string_view kSymbolCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/.:";
constexpr std::string_view kAssetCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

Result<std::optional<std::string>> name_member(const JsonObject& body, std::string_view key,
                                               std::string_view characters) {
  auto name = text_member(body, key);
  if (!name || !*name) return name;
  if ((*name)->empty() || (*name)->size() > 32 ||
      (*name)->find_first_not_of(characters) != std::string::npos) {
    return invalid(std::string(key),
                   fmt::format("'{}' must have 1 to 32 characters of {}", **name, characters));
  }
  return name;
}

Result<std::optional<InstrumentKindOf>> kind_member(const JsonObject& body) {
  const auto text = text_member(body, "kind");
  if (!text) return text.error();
  if (!*text) return std::optional<InstrumentKindOf>{};
  if (**text == "spot") return std::optional(InstrumentKindOf::spot);
  if (**text == "linear") return std::optional(InstrumentKindOf::linear_perpetual);
  if (**text == "inverse") return std::optional(InstrumentKindOf::inverse_perpetual);
  return invalid("kind", "must be spot, linear or inverse");
}

// The instrument whose terms are taken where nothing else is said.
Result<const Instrument*> pattern_for(const JsonObject& body, const View& view) {
  const auto like = text_member(body, "like");
  if (!like) return like.error();
  const auto kind = kind_member(body);
  if (!kind) return kind.error();
  for (const auto wanted : {InstrumentKindOf::linear_perpetual, InstrumentKindOf::spot,
                            InstrumentKindOf::inverse_perpetual}) {
    if (*kind && **kind != wanted) continue;
    for (const Instrument& instrument : view.instruments()) {
      if (instrument.kind == wanted && (!*like || **like == instrument.symbol)) return &instrument;
    }
  }
  if (!*like) return invalid("kind", "the venue lists none of this kind to take the terms from");
  return Error{ErrorKind::not_found, "like",
               fmt::format("the venue lists no such '{}'{}", **like, *kind ? " of this kind" : "")};
}

Result<std::optional<Step>> step_member(const JsonObject& body, std::string_view key) {
  const auto text = decimal_member(body, key);
  if (!text) return text.error();
  if (!*text) return std::optional<Step>{};
  const auto decimal = decimal_from_text(**text);
  const auto* found = std::get_if<Decimal>(&decimal);
  if (!found || found->units <= 0 || found->units > INT64_MAX || found->scale < 0 ||
      found->scale > 18) {
    return invalid(std::string(key), fmt::format("'{}' must be a step > 0, such as 0.01", **text));
  }
  return std::optional(Step{static_cast<std::int64_t>(found->units), found->scale});
}

// 10^exponent.
Step power_step(int exponent) {
  if (exponent >= 0) return {static_cast<std::int64_t>(power_of_ten(exponent)), 0};
  return {1, -exponent};
}

std::int64_t steps_in(double value, Step step) {
  return std::llround(std::clamp(value / size_of(step), 1.0, kStepsMost));
}

// Steps and limits for a price that is `ratio` times the pattern's: a tick is 1e-5 to 1e-4 of the
// price, a lot 0.1 to 1 of the quote, and limits come to the same money.
void fit(Instrument& terms, const Instrument& pattern, double price, double ratio,
         std::optional<Step> tick, std::optional<Step> lot) {
  const bool is_scaled = ratio > kAlike || ratio < 1 / kAlike;
  const double times = is_scaled ? ratio : 1;
  const int magnitude = is_scaled ? static_cast<int>(std::floor(std::log10(price))) : 0;
  const bool keeps_lot = !is_scaled || terms.is_inverse();
  terms.tick = tick.value_or(is_scaled ? power_step(magnitude - 4) : pattern.tick);
  terms.lot = lot.value_or(keeps_lot ? pattern.lot : power_step(-magnitude - 1));
  const double less = terms.is_inverse() ? 1 : 1 / times;
  const auto lots = [&](Lots quantity) {
    const double whole = static_cast<double>(quantity.raw) * size_of(pattern.lot);
    return Lots{steps_in(whole * less, terms.lot)};
  };
  terms.quantity_min = is_scaled ? Lots{1} : lots(pattern.quantity_min);
  terms.quantity_max = lots(pattern.quantity_max);
  terms.market_quantity_max = lots(pattern.market_quantity_max);
  const double highest = static_cast<double>(pattern.price_max.raw) * size_of(pattern.tick);
  terms.price_max = Ticks{steps_in(highest * times, terms.tick)};
}

// Members in steps of the instrument, and shares.
Result<void> read_limits(const JsonObject& body, Instrument& terms, int quote_scale) {
  for (const auto& [key, lots] : {std::pair{"quantity_min", &terms.quantity_min},
                                  std::pair{"quantity_max", &terms.quantity_max},
                                  std::pair{"market_quantity_max", &terms.market_quantity_max}}) {
    const auto text = decimal_member(body, key);
    if (!text) return text.error();
    if (!*text) continue;
    const auto read = lots_from_decimal(**text, terms);
    const auto* found = std::get_if<Lots>(&read);
    if (!found || found->raw <= 0) {
      return invalid(key, fmt::format("'{}' must be a quantity > 0 in steps of {}", **text,
                                      quantity_text(Lots{1}, terms)));
    }
    *lots = *found;
  }
  const auto highest = decimal_member(body, "price_max");
  if (!highest) return highest.error();
  if (*highest) {
    const auto read = ticks_from_decimal(**highest, terms);
    const auto* found = std::get_if<Ticks>(&read);
    if (!found || found->raw <= 0) {
      return invalid("price_max", fmt::format("'{}' must be a price > 0 in steps of {}", **highest,
                                              price_text(Ticks{1}, terms)));
    }
    terms.price_max = *found;
  }
  for (const auto& [key, rate] :
       {std::pair{"maker_fee", &terms.maker_fee}, std::pair{"taker_fee", &terms.taker_fee}}) {
    const auto text = decimal_member(body, key);
    if (!text) return text.error();
    if (!*text) continue;
    const auto units = units_from_text(**text, 9);
    const auto* value = std::get_if<Int128>(&units);
    if (!value || *value > kRateOne || *value < -kRateOne) {
      return invalid(key, "must be a share of the value, from -1 to 1, as text");
    }
    rate->raw = static_cast<std::int64_t>(*value);
  }
  const auto least = decimal_member(body, "notional_min");
  if (!least) return least.error();
  if (*least) {
    const auto units = units_from_text(**least, quote_scale);
    const auto* value = std::get_if<Int128>(&units);
    if (!value || *value < 0) return invalid("notional_min", "must be an amount >= 0, as text");
    terms.notional_min.units = *value;
  }
  const auto leverage = number_member(body, "leverage_max");
  if (!leverage) return leverage.error();
  if (*leverage) {
    if (terms.is_spot() || **leverage < 1 || **leverage > kLeverageMax) {
      return invalid("leverage_max",
                     fmt::format("is of perpetuals, and lies between 1 and {}", kLeverageMax));
    }
    terms.leverage_max = static_cast<int>(**leverage);
    terms.tiers.clear();  // They begin with the largest leverage; now there is one for all.
  }
  return {};
}

Result<Ticks> ticks_of(const std::string& text, const Instrument& terms) {
  const auto read = ticks_from_decimal(text, terms);
  const auto* found = std::get_if<Ticks>(&read);
  if (found && found->raw > 0 && *found <= terms.price_max) return *found;
  return invalid("price",
                 fmt::format("'{}' must be a price > 0 in steps of {}, and at most {}", text,
                             price_text(Ticks{1}, terms), price_text(terms.price_max, terms)));
}

// Symbol and assets, into `listing`.
Result<void> read_names(const JsonObject& body, const View& view, const Instrument& pattern,
                        gateway::Listing& listing) {
  auto symbol = name_member(body, "symbol", kSymbolCharacters);
  if (!symbol) return symbol.error();
  if (!*symbol) return invalid("symbol", "is missing");
  auto base = name_member(body, "base", kAssetCharacters);
  if (!base) return base.error();
  auto quote = name_member(body, "quote", kAssetCharacters);
  if (!quote) return quote.error();
  auto settle = name_member(body, "settle", kAssetCharacters);
  if (!settle) return settle.error();
  listing.terms.symbol = **symbol;
  listing.quote = (*quote).value_or(view.assets()[pattern.quote.raw].name);
  if (!*base) {
    const bool tells = (*symbol)->ends_with(listing.quote) && **symbol != listing.quote;
    if (!tells) return invalid("base", "is missing, and the symbol does not end in the quote");
    *base = (*symbol)->substr(0, (*symbol)->size() - listing.quote.size());
  }
  listing.base = **base;
  listing.settle = (*settle).value_or(pattern.is_inverse() ? listing.base : listing.quote);
  return {};
}
}  // namespace

Result<ListingRequest> listing_from(const JsonObject& body, const box::Box& box) {
  const auto venue = text_member(body, "venue");
  if (!venue) return venue.error();
  if (!*venue) return invalid("venue", "is missing");
  const auto exchange = box.find_exchange(**venue);
  if (!exchange) return Error{ErrorKind::not_found, "venue", "this box has no such venue"};
  const View& view = box.exchanges()[*exchange]->engine();
  const auto found = pattern_for(body, view);
  if (!found) return found.error();
  const Instrument& pattern = **found;

  ListingRequest request{.exchange = *exchange, .listing = {}, .price = {}};
  Instrument& terms = request.listing.terms;
  terms = pattern;
  terms.phase = TradingPhase::open;
  terms.tick_multiple = terms.lot_multiple = 1;
  if (auto read = read_names(body, view, pattern, request.listing); !read) return read.error();
  const auto tick = step_member(body, "tick");
  if (!tick) return tick.error();
  const auto lot = step_member(body, "lot");
  if (!lot) return lot.error();
  const auto price = decimal_member(body, "price");
  if (!price) return price.error();

  // Where quotes say the price, there is none to fit the steps to.
  const auto usual = box.fair_price(view.assets()[pattern.base.raw].name);
  auto opening = box.fair_price(request.listing.base);
  if (opening && *price) {
    const auto step = step_member(body, "price");
    if (!step) return step.error();
    opening = size_of(**step);
  }
  const double ratio = usual && opening ? *opening / *usual : 1;
  fit(terms, pattern, opening.value_or(0), ratio, *tick, *lot);
  if (auto read = read_limits(body, terms, view.assets()[pattern.quote.raw].scale); !read) {
    return read.error();
  }
  if (*price) {
    const auto ticks = ticks_of(**price, terms);
    if (!ticks) return ticks.error();
    request.price = *ticks;
  }
  return request;
}

}  // namespace venuebox::control
