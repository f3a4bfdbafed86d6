#include "model/instrument.h"

#include <fmt/core.h>

namespace venuebox {
namespace {
constexpr std::int64_t kStepsMax = INT64_C(1) << 47;
constexpr int kScaleMax = 18;
constexpr int kMarkDecimals = 4;
static_assert(kMarkPerTick == 10'000);

// Counts whole steps in a decimal text.
std::variant<std::int64_t, DecimalError> steps_from_decimal(std::string_view text, Step step) {
  const auto units = units_from_text(text, step.scale);
  if (const auto* error = std::get_if<DecimalError>(&units)) return *error;
  const Int128 value = std::get<Int128>(units);
  if (value % step.units != 0) return DecimalError::too_precise;
  const Int128 steps = value / step.units;
  if (steps > kStepsMax || steps < -kStepsMax) return DecimalError::too_large;
  return static_cast<std::int64_t>(steps);
}

std::string step_text(std::int64_t count, Step step) {
  return fixed_text(multiply(count, step.units), step.scale);
}
}  // namespace

Money base_amount(Lots quantity, const Instrument& instrument, int base_scale) {
  const Int128 per_lot = instrument.lot.units * power_of_ten(base_scale - instrument.lot.scale);
  return {multiply(quantity.raw, per_lot), instrument.base};
}

std::variant<Ticks, DecimalError> ticks_from_decimal(std::string_view text, const Instrument& i) {
  const auto steps = steps_from_decimal(text, i.tick);
  if (const auto* error = std::get_if<DecimalError>(&steps)) return *error;
  return Ticks{std::get<std::int64_t>(steps)};
}

std::variant<Lots, DecimalError> lots_from_decimal(std::string_view text, const Instrument& i) {
  const auto steps = steps_from_decimal(text, i.lot);
  if (const auto* error = std::get_if<DecimalError>(&steps)) return *error;
  return Lots{std::get<std::int64_t>(steps)};
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
  const int step_scale = instrument.tick.scale + instrument.lot.scale;
  if (step_scale + kMarkDecimals > quote.scale || instrument.lot.scale > base.scale) {
    return refuse(fmt::format("one tick of one lot has {} decimals; {} decimals of {} allow {}",
                              step_scale, quote.scale, quote.name, quote.scale - kMarkDecimals));
  }
  if (instrument.quantity_min.raw <= 0 || instrument.quantity_max < instrument.quantity_min ||
      instrument.market_quantity_max < instrument.quantity_min || instrument.price_max.raw <= 0) {
    return refuse("quantity and price limits must be positive and in order");
  }
  const Lots quantity_max = std::max(instrument.quantity_max, instrument.market_quantity_max);
  if (quantity_max.raw > kStepsMax || instrument.price_max.raw > kStepsMax) {
    return refuse("limits beyond 2^47 steps");
  }
  const Int128 per_step = static_cast<Int128>(instrument.tick.units) * instrument.lot.units;
  Int128 units = 0;
  if (__builtin_mul_overflow(per_step, power_of_ten(quote.scale - step_scale), &units)) {
    return refuse("one tick of one lot is too much money");
  }
  // Rates take a product of notional and 10^9; sums of many notionals must still fit.
  const Int128 bound = kInt128Max / kRateOne / 1'000;
  Int128 largest = static_cast<Int128>(instrument.price_max.raw) * quantity_max.raw;
  if (__builtin_mul_overflow(largest, units, &largest) || largest > bound) {
    return refuse("the largest order's notional does not fit; lower the limits");
  }
  Int128 base_units = 0;
  if (__builtin_mul_overflow(multiply(instrument.lot.units, quantity_max.raw),
                             power_of_ten(base.scale - instrument.lot.scale), &base_units) ||
      base_units > bound) {
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
  if (instrument.notional_min.units < 0 || instrument.notional_min.units > largest) {
    return refuse("the least notional lies between 0 and that of the largest order");
  }
  instrument.units_per_tick_lot = units;
  instrument.units_per_mark_lot = units / kMarkPerTick;
  instrument.steps_min = div_ceil(instrument.notional_min.units, units);
  return instrument;
}

}  // namespace venuebox
