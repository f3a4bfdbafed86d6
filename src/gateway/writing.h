// Writing what all venues show in their own frames: prices, quantities and money as decimal text.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

#include "base/json_writer.h"
#include "model/view.h"

namespace venuebox::gateway {

// By number; the exchange gives numbers in the order of its lists.
const Instrument& instrument_of(const View& view, InstrumentId id);
const Asset& asset_of(const View& view, AssetId id);

// A price or quantity with the decimals of its step; an unknown price is empty.
void write_price(JsonWriter& json, std::string_view key, std::optional<Ticks> price,
                 const Instrument& instrument);
void write_quantity(JsonWriter& json, std::string_view key, Lots quantity,
                    const Instrument& instrument);
// What was traded as a value, in quote or of inverse contracts in coin; see DayStatistics.
void write_turnover(JsonWriter& json, Int128 turnover, const Instrument& instrument,
                    const View& view);
inline constexpr int kAverageDecimals = 4;  // of an average price, beyond those of the tick
// What a quantity cost on average: the price at which it has this value, which is positive and in
// settlement units. Rounded half to even.
void write_average(JsonWriter& json, std::string_view key, Int128 value, Lots quantity,
                   const Instrument& instrument);
// A mark price as one that can be ordered at: rounded to a tick, up or down.
Ticks ticks_from_mark(MarkPrice mark, bool up);
// Members that are there, and empty.
void write_empty(JsonWriter& json, std::initializer_list<std::string_view> keys);
// Money as text without trailing zeros.
void write_money(JsonWriter& json, std::string_view key, const Money& money, const View& view);

}  // namespace venuebox::gateway
