#include "numbers.h"

#include <charconv>

#include <fmt/core.h>

#include "base/decimal.h"

namespace venuebox::scenarios {
namespace {

constexpr int kPercentScale = 7;  // 1 % is 10^7 parts per billion

struct TimeUnit {
  std::string_view name;
  std::int64_t ns;
};
constexpr TimeUnit kTimeUnits[] = {{"d", 86'400'000'000'000},
                                   {"h", 3'600'000'000'000},
                                   {"m", 60'000'000'000},
                                   {"s", 1'000'000'000},
                                   {"ms", 1'000'000},
                                   {"us", 1'000},
                                   {"ns", 1}};

std::optional<std::int64_t> whole_from_text(std::string_view text) {
  if (text == "max") return INT64_MAX;
  if (text == "min") return INT64_MIN;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A count of steps: `unit` and its raw value, "max", "min", or a decimal that `convert` reads.
template <class T, class Convert>
T read_count(Words& words, std::string_view unit, Convert convert) {
  if (words.take(unit)) return T{read_whole(words)};
  const std::string_view word = words.next("a number");
  if (word == "max") return T{INT64_MAX};
  if (word == "min") return T{INT64_MIN};
  const auto value = convert(word);
  if (const T* count = std::get_if<T>(&value)) return *count;
  if (std::get<DecimalError>(value) == DecimalError::too_precise) {
    words.fail(fmt::format("{} is not a multiple of the step; raw: {} N", word, unit));
  } else {
    words.fail(fmt::format("{} is not a number; raw: {} N, max, min", word, unit));
  }
  return {};
}

std::variant<MarkPrice, DecimalError> mark_from_decimal(std::string_view text, Step tick) {
  const auto units = units_from_text(text, tick.scale + 4);
  static_assert(kMarkPerTick == 10'000);
  if (const auto* error = std::get_if<DecimalError>(&units)) return *error;
  const Int128 value = std::get<Int128>(units);
  if (value % tick.units != 0) return DecimalError::too_precise;
  if (value / tick.units > INT64_MAX || value / tick.units < INT64_MIN) {
    return DecimalError::too_large;
  }
  return MarkPrice{static_cast<std::int64_t>(value / tick.units)};
}

std::optional<Nanoseconds> duration_from_text(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto digits = text.find_first_not_of("-0123456789");
  if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
  const auto count = whole_from_text(text.substr(0, digits));
  for (const TimeUnit& unit : kTimeUnits) {
    Nanoseconds value;
    if (count && unit.name == text.substr(digits) &&
        !__builtin_mul_overflow(*count, unit.ns, &value.raw)) {
      return value;
    }
  }
  return std::nullopt;
}

}  // namespace

bool begins_number(std::string_view word) {
  if (word == "ticks" || word == "lots" || word == "max" || word == "min") return true;
  if (word.starts_with('-') || word.starts_with('+')) word.remove_prefix(1);
  return !word.empty() && word.front() >= '0' && word.front() <= '9';
}

std::int64_t read_whole(Words& words) {
  const std::string_view word = words.next("a whole number");
  if (const auto value = whole_from_text(word)) return *value;
  words.fail(fmt::format("{} is not a whole number of 64 bits", word));
  return 0;
}

Ticks read_ticks(Words& words, const Instrument& terms) {
  return read_count<Ticks>(words, "ticks",
                           [&](std::string_view text) { return ticks_from_decimal(text, terms); });
}

Lots read_lots(Words& words, const Instrument& terms) {
  return read_count<Lots>(words, "lots",
                          [&](std::string_view text) { return lots_from_decimal(text, terms); });
}

MarkPrice read_mark_price(Words& words, const Instrument& terms) {
  return read_count<MarkPrice>(
      words, "marks", [&](std::string_view text) { return mark_from_decimal(text, terms.tick); });
}

Money read_money(Words& words, const Asset& asset) {
  const int scale = words.take("units") ? 0 : asset.scale;
  const std::string_view word = words.next("an amount");
  if (word == "max") return {kInt128Max, asset.id};
  if (word == "min") return {-kInt128Max - 1, asset.id};
  const auto units = units_from_text(word, scale);
  if (const auto* value = std::get_if<Int128>(&units)) return {*value, asset.id};
  words.fail(fmt::format("{} is not an amount of {}", word, asset.name));
  return {0, asset.id};
}

Rate read_rate(Words& words) {
  if (words.take("rate")) return Rate{read_whole(words)};
  std::string_view word = words.next("a rate");
  if (word.ends_with('%')) {
    const auto units = units_from_text(word.substr(0, word.size() - 1), kPercentScale);
    const auto* value = std::get_if<Int128>(&units);
    if (value && *value >= INT64_MIN && *value <= INT64_MAX) {
      return Rate{static_cast<std::int64_t>(*value)};
    }
  }
  words.fail(fmt::format("{} is not a rate such as 0.02%; raw: rate N", word));
  return {};
}

Step read_step(Words& words) {
  const std::string_view word = words.next("a step");
  const auto decimal = decimal_from_text(word);
  const auto* value = std::get_if<Decimal>(&decimal);
  if (value && value->units >= INT64_MIN && value->units <= INT64_MAX) {
    return {static_cast<std::int64_t>(value->units), value->scale};
  }
  words.fail(fmt::format("{} is not a step such as 0.10", word));
  return {};
}

Nanoseconds read_duration(Words& words) {
  const std::string_view word = words.next("a length of time");
  if (const auto value = duration_from_text(word)) return *value;
  words.fail(fmt::format("{} is not a length of time such as 10s, 1ms, 2h", word));
  return {};
}

std::string text_of(Ticks price, const Instrument& terms) {
  return trimmed_text(multiply(price.raw, terms.tick.units), terms.tick.scale);
}

std::string text_of(Lots quantity, const Instrument& terms) {
  return trimmed_text(multiply(quantity.raw, terms.lot.units), terms.lot.scale);
}

std::string text_of(SignedLots quantity, const Instrument& terms) {
  return text_of(Lots{quantity.raw}, terms);
}

std::string text_of(Rate rate) { return trimmed_text(rate.raw, kPercentScale) + "%"; }

std::string text_of(Nanoseconds duration) {
  for (const TimeUnit& unit : kTimeUnits) {
    if (duration.raw != 0 && duration.raw % unit.ns == 0) {
      return fmt::format("{:+}{}", duration.raw / unit.ns, unit.name);
    }
  }
  return "+0s";
}

std::string canonical(std::string_view word) {
  if (!begins_number(word)) return std::string(word);
  if (const auto duration = duration_from_text(word)) return text_of(*duration);
  const bool percent = word.ends_with('%');
  const auto decimal = decimal_from_text(percent ? word.substr(0, word.size() - 1) : word);
  const auto* value = std::get_if<Decimal>(&decimal);
  if (!value) return std::string(word);
  return trimmed_text(value->units, value->scale) + (percent ? "%" : "");
}

}  // namespace venuebox::scenarios
