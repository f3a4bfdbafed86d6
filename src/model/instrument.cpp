#include "model/instrument.h"

#include <fmt/core.h>

namespace venuebox {
namespace {
constexpr std::int64_t kStepsMax = INT64_C(1) << 47;
constexpr int kScaleMax = 18;
constexpr int kMarkDecimals = 4;
static_assert(kMarkPerTick == 10'000);

// Counts whole steps in a decimal text; the count must be a multiple.
std::variant<std::int64_t, DecimalError> steps_from_decimal(std::string_view text, Step step,
                                                            std::int64_t multiple) {
  const auto units = units_from_text(text, step.scale);
  if (const auto* error = std::get_if<DecimalError>(&units)) return *error;
  const Int128 value = std::get<Int128>(units);
  if (value % step.units != 0) return DecimalError::too_precise;
  const Int128 steps = value / step.units;
  if (steps % multiple != 0) return DecimalError::too_precise;
  if (steps > kStepsMax || steps < -kStepsMax) return DecimalError::too_large;
  return static_cast<std::int64_t>(steps);
}

// One tick of one lot in quote units, and whether every notional of a linear contract is exact.
Result<Int128> linear_units(const Instrument& instrument, const Asset& quote) {
  const int step_scale = instrument.tick.scale + instrument.lot.scale;
  if (step_scale + kMarkDecimals > quote.scale) {
    return invalid(instrument.symbol,
                   fmt::format("one tick of one lot has {} decimals; {} decimals of {} allow {}",
                               step_scale, quote.scale, quote.name, quote.scale - kMarkDecimals));
  }
  const Int128 per_step = static_cast<Int128>(instrument.tick.units) * instrument.lot.units;
  Int128 units = 0;
  if (__builtin_mul_overflow(per_step, power_of_ten(quote.scale - step_scale), &units)) {
    return invalid(instrument.symbol, "one tick of one lot is too much money");
  }
  return units;
}

// What one lot is worth in coin at a price of one tick: a lot is a number of quote.
Result<Int128> inverse_units(const Instrument& instrument, const Asset& coin) {
  const int scale = coin.scale + instrument.tick.scale - instrument.lot.scale;
  Int128 units = 0;
  if (scale < 0 || scale > 2 * kScaleMax ||
      __builtin_mul_overflow(static_cast<Int128>(instrument.lot.units), power_of_ten(scale),
                             &units) ||
      units % instrument.tick.units != 0) {
    return invalid(instrument.symbol, "one lot at one tick is no whole number of coin units");
  }
  return units / instrument.tick.units;
}

// Fills in the tier that an instrument without tiers has, and what makes the requirement steady.
Result<void> check_tiers(Instrument& instrument, Int128 notional_most) {
  auto& tiers = instrument.tiers;
  const auto refuse = [&](std::string why) { return invalid(instrument.symbol, std::move(why)); };
  if (tiers.empty()) {
    tiers.push_back({.notional_max = notional_most,
                     .leverage_max = instrument.leverage_max,
                     .maintenance = Rate{kRateOne / instrument.leverage_max / 2},
                     .deduction = 0});
  }
  if (tiers.size() > kTiersMax) return refuse(fmt::format("at most {} risk tiers", kTiersMax));
  if (tiers.front().leverage_max != instrument.leverage_max) {
    return refuse("the first risk tier has the largest leverage");
  }
  const RiskTier* before = nullptr;
  for (RiskTier& tier : tiers) {
    if (tier.leverage_max < 1 || tier.notional_max <= 0 || tier.notional_max > notional_most ||
        tier.maintenance.raw < 0 || multiply(tier.maintenance.raw, tier.leverage_max) > kRateOne) {
      return refuse("a risk tier's maintenance margin is at most its initial margin");
    }
    tier.deduction = 0;
    if (before) {
      if (tier.notional_max <= before->notional_max || tier.leverage_max > before->leverage_max ||
          tier.maintenance < before->maintenance) {
        return refuse("risk tiers rise in notional and maintenance, and fall in leverage");
      }
      const std::int64_t more = tier.maintenance.raw - before->maintenance.raw;
      tier.deduction =
          before->deduction + div_floor(multiply(before->notional_max, more), kRateOne);
    }
    before = &tier;
  }
  return {};
}

Result<void> check_funding(const Instrument& instrument) {
  const FundingTerms& terms = instrument.funding;
  const auto is_share = [](Rate rate) { return 0 <= rate.raw && rate.raw <= kRateOne; };
  if (terms.interval < seconds(60) || terms.interval > seconds(7 * 86'400) ||
      terms.interval.raw % seconds(1).raw != 0 || !is_share(terms.cap) || !is_share(terms.clamp) ||
      terms.interest.raw < -kRateOne || terms.interest.raw > kRateOne) {
    return invalid(instrument.symbol,
                   "a funding interval is whole seconds from a minute to a week, its rates shares");
  }
  if (terms.kind == FundingKind::continuous && instrument.is_inverse()) {
    return invalid(instrument.symbol, "continuous funding is of linear perpetuals");
  }
  return {};
}

Result<void> check_multiples(const Instrument& instrument) {
  const auto fits = [](std::int64_t multiple, Step step, std::int64_t most) {
    return 1 <= multiple && multiple <= std::min(kStepMultipleMax, most) &&
           step.units <= INT64_MAX / multiple;
  };
  const Lots most = std::min(instrument.quantity_max, instrument.market_quantity_max);
  if (fits(instrument.tick_multiple, instrument.tick, instrument.price_max.raw) &&
      fits(instrument.lot_multiple, instrument.lot, most.raw)) {
    return {};
  }
  return invalid(
      instrument.symbol,
      fmt::format("orders keep to 1 to {} ticks and lots, at most the limits", kStepMultipleMax));
}

std::string step_text(std::int64_t count, Step step) {
  return fixed_text(multiply(count, step.units), step.scale);
}
}  // namespace

Money base_amount(Lots quantity, const Instrument& instrument, int base_scale) {
  const Int128 per_lot = instrument.lot.units * power_of_ten(base_scale - instrument.lot.scale);
  return {multiply(quantity.raw, per_lot), instrument.base};
}

const RiskTier& tier_of(Int128 notional, const Instrument& instrument) {
  for (const RiskTier& tier : instrument.tiers) {
    if (notional <= tier.notional_max) return tier;
  }
  return instrument.tiers.back();
}

Int128 notional_max(int leverage, const Instrument& instrument) {
  Int128 most = 0;
  for (const RiskTier& tier : instrument.tiers) {
    if (tier.leverage_max >= leverage) most = tier.notional_max;
  }
  return most;
}

Int128 maintenance_margin(Int128 notional, const Instrument& instrument) {
  const RiskTier& tier = tier_of(notional, instrument);
  return div_ceil(multiply(notional, tier.maintenance.raw), kRateOne) - tier.deduction;
}

Step shown_tick(const Instrument& instrument) {
  return {instrument.tick.units * instrument.tick_multiple, instrument.tick.scale};
}

Step shown_lot(const Instrument& instrument) {
  return {instrument.lot.units * instrument.lot_multiple, instrument.lot.scale};
}

Lots shown_quantity_min(const Instrument& instrument) {
  const std::int64_t multiple = instrument.lot_multiple;
  return Lots{(instrument.quantity_min.raw + multiple - 1) / multiple * multiple};
}

std::variant<Ticks, DecimalError> ticks_from_decimal(std::string_view text, const Instrument& i) {
  const auto steps = steps_from_decimal(text, i.tick, i.tick_multiple);
  if (const auto* error = std::get_if<DecimalError>(&steps)) return *error;
  return Ticks{std::get<std::int64_t>(steps)};
}

std::variant<Lots, DecimalError> lots_from_decimal(std::string_view text, const Instrument& i) {
  const auto steps = steps_from_decimal(text, i.lot, i.lot_multiple);
  if (const auto* error = std::get_if<DecimalError>(&steps)) return *error;
  return Lots{std::get<std::int64_t>(steps)};
}

std::optional<MarkPrice> mark_from_decimal(std::string_view text, const Instrument& i) {
  const auto units = units_from_text(text, i.tick.scale + kMarkDecimals);
  const Int128* value = std::get_if<Int128>(&units);
  if (!value || *value <= 0) return std::nullopt;
  const Int128 mark = div_half_even(*value, i.tick.units);
  if (mark <= 0 || mark > multiply(i.price_max.raw, kMarkPerTick)) return std::nullopt;
  return MarkPrice{static_cast<std::int64_t>(mark)};
}

Lots lots_affordable(Money quote_amount, Ticks price, const Instrument& instrument) {
  VENUEBOX_ASSERT(price.raw > 0 && quote_amount.units >= 0);
  const Int128 lots = quote_amount.units / multiply(price.raw, instrument.units_per_tick_lot);
  return Lots{lots > kStepsMax ? kStepsMax : static_cast<std::int64_t>(lots)};
}

std::string price_text(Ticks price, const Instrument& instrument) {
  return step_text(price.raw, instrument.tick);
}

std::string mark_text(MarkPrice mark, const Instrument& instrument) {
  return trimmed_text(multiply(mark.raw, instrument.tick.units),
                      instrument.tick.scale + kMarkDecimals);
}

std::string quantity_text(Lots quantity, const Instrument& instrument) {
  return step_text(quantity.raw, instrument.lot);
}

Result<Instrument> checked_listing(Instrument instrument, const Asset& base, const Asset& quote) {
  const auto refuse = [&](std::string why) { return invalid(instrument.symbol, std::move(why)); };
  if (instrument.tick.units <= 0 || instrument.lot.units <= 0) {
    return refuse("tick and lot size must be positive");
  }
  const auto is_scale = [](int scale) { return 0 <= scale && scale <= kScaleMax; };
  if (!is_scale(instrument.tick.scale) || !is_scale(instrument.lot.scale)) {
    return refuse(fmt::format("tick and lot size have 0 to {} decimals", kScaleMax));
  }
  const bool is_inverse = instrument.is_inverse();
  if (instrument.lot.scale > (is_inverse ? quote : base).scale) {
    return refuse("a lot is finer than its asset");
  }
  if (instrument.quantity_min.raw <= 0 || instrument.quantity_max < instrument.quantity_min ||
      instrument.market_quantity_max < instrument.quantity_min || instrument.price_max.raw <= 0) {
    return refuse("quantity and price limits must be positive and in order");
  }
  const Lots quantity_max = std::max(instrument.quantity_max, instrument.market_quantity_max);
  if (quantity_max.raw > kStepsMax || instrument.price_max.raw > kStepsMax) {
    return refuse("limits beyond 2^47 steps");
  }
  if (auto multiples = check_multiples(instrument); !multiples) return multiples.error();
  const Result<Int128> units =
      is_inverse ? inverse_units(instrument, base) : linear_units(instrument, quote);
  if (!units) return units.error();
  // Rates take a product of notional and 10^9; sums of many notionals must still fit. An inverse
  // contract is worth most where its price is least.
  const Int128 bound = kInt128Max / kRateOne / 1'000;
  Int128 largest =
      static_cast<Int128>(is_inverse ? kMarkPerTick : instrument.price_max.raw) * quantity_max.raw;
  if (__builtin_mul_overflow(largest, *units, &largest) || largest > bound) {
    return refuse("the largest order's notional does not fit; lower the limits");
  }
  Int128 base_units = 0;
  if (!is_inverse &&
      (__builtin_mul_overflow(multiply(instrument.lot.units, quantity_max.raw),
                              power_of_ten(base.scale - instrument.lot.scale), &base_units) ||
       base_units > bound)) {
    return refuse("the largest order's quantity does not fit; lower the limits");
  }
  const auto is_share = [](Rate rate) { return -kRateOne <= rate.raw && rate.raw <= kRateOne; };
  if (!is_share(instrument.maker_fee) || !is_share(instrument.taker_fee)) {
    return refuse("fees lie between -100 % and 100 %");
  }
  if (instrument.price_band.raw < 0 || instrument.price_band.raw > 100 * kRateOne ||
      instrument.market_protection.raw < 0 || instrument.market_protection.raw > 100 * kRateOne) {
    return refuse("price band and market protection lie between 0 and 10,000 %");
  }
  if (instrument.leverage_max < 1 || instrument.leverage_max > kLeverageMax) {
    return refuse(fmt::format("the largest leverage lies between 1 and {}", kLeverageMax));
  }
  if (instrument.notional_min.units < 0 || instrument.notional_min.units > largest ||
      (is_inverse && instrument.notional_min.units != 0)) {
    return refuse("the least notional lies between 0 and that of the largest order; inverse: 0");
  }
  if (!is_share(instrument.liquidation_fee) || instrument.liquidation_fee.raw < 0) {
    return refuse("the liquidation fee lies between 0 and 100 %");
  }
  if (!instrument.is_spot()) {
    if (auto tiers = check_tiers(instrument, bound); !tiers) return tiers.error();
    if (auto funding = check_funding(instrument); !funding) return funding.error();
  }
  instrument.units_per_tick_lot = is_inverse ? 0 : *units;
  instrument.units_per_mark_lot = instrument.units_per_tick_lot / kMarkPerTick;
  // Rounded up for each step, so that parts of an order hold what the whole does.
  const Rate dearest = std::max(instrument.maker_fee, instrument.taker_fee);
  const bool holds_fee = instrument.is_spot() && instrument.spot_fee == SpotFee::quote;
  const Money step{instrument.units_per_tick_lot, instrument.quote};
  instrument.hold_per_step =
      step.units + (holds_fee ? std::max(Int128{0}, fee_on(step, dearest).units) : Int128{0});
  instrument.inverse_units = is_inverse ? *units : 0;
  instrument.steps_min = is_inverse ? 0 : div_ceil(instrument.notional_min.units, *units);
  return instrument;
}

}  // namespace venuebox
