#include "gateway/writing.h"

#include "base/assert.h"

namespace venuebox::gateway {

const Instrument& instrument_of(const View& view, InstrumentId id) {
  VENUEBOX_ASSERT(id.raw < view.instruments().size());
  return view.instruments()[id.raw];
}

const Asset& asset_of(const View& view, AssetId id) {
  VENUEBOX_ASSERT(id.raw < view.assets().size());
  return view.assets()[id.raw];
}

void write_price(JsonWriter& json, std::string_view key, std::optional<Ticks> price,
                 const Instrument& instrument) {
  if (!price) {
    json.text(key, "");
  } else {
    json.key(key).fixed(multiply(price->raw, instrument.tick.units), instrument.tick.scale);
  }
}

void write_quantity(JsonWriter& json, std::string_view key, Lots quantity,
                    const Instrument& instrument) {
  json.key(key).fixed(multiply(quantity.raw, instrument.lot.units), instrument.lot.scale);
}

void write_turnover(JsonWriter& json, Int128 turnover, const Instrument& instrument,
                    const View& view) {
  if (instrument.is_inverse()) {
    return void(json.trimmed(turnover, asset_of(view, instrument.settle).scale));
  }
  const Int128 step = static_cast<Int128>(instrument.tick.units) * instrument.lot.units;
  json.trimmed(multiply(turnover, step), instrument.tick.scale + instrument.lot.scale);
}

void write_average(JsonWriter& json, std::string_view key, Int128 value, Lots quantity,
                   const Instrument& instrument) {
  // The same number either way round: a linear quantity is worth more at a higher price, an inverse
  // one less.
  const bool is_inverse = instrument.is_inverse();
  const Int128 each = is_inverse ? instrument.inverse_units : instrument.units_per_tick_lot;
  const Int128 lots = multiply(quantity.raw, each);
  const Int128 divisor = is_inverse ? value : lots;
  const Int128 steps = multiply(is_inverse ? lots : value, instrument.tick.units);
  const Int128 fine = multiply(steps, power_of_ten(kAverageDecimals));
  const Int128 price = divisor == 0 ? 0 : div_half_even(fine, divisor);
  json.key(key).trimmed(price, instrument.tick.scale + kAverageDecimals);
}

Ticks ticks_from_mark(MarkPrice mark, bool up) {
  const Int128 ticks = up ? div_ceil(mark.raw, kMarkPerTick) : div_floor(mark.raw, kMarkPerTick);
  return Ticks{static_cast<std::int64_t>(ticks)};
}

void write_empty(JsonWriter& json, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    json.text(key, "");
}

void write_money(JsonWriter& json, std::string_view key, const Money& money, const View& view) {
  json.key(key).trimmed(money.units, asset_of(view, money.asset).scale);
}

}  // namespace venuebox::gateway
