// Decimal text to whole numbers and back, exactly. Nothing here rounds: a text that does not fit
// the asked scale is an error, and printing writes every digit that is there.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/wide.h"

namespace venuebox {

enum class DecimalError : std::uint8_t { malformed, too_precise, too_large };

// A decimal number as written: units * 10^-scale. "1.50" is {150, 2}.
struct Decimal {
  Int128 units = 0;
  int scale = 0;
};

inline constexpr int kDecimalScaleMax = 30;

// 10^exponent, for 0 <= exponent <= 37.
Int128 power_of_ten(int exponent);

// Reads [+-]digits[.digits][e[+-]digits] (the forms that JSON and venues write), nothing else.
std::variant<Decimal, DecimalError> decimal_from_text(std::string_view text);

// The number of 10^-scale units that the text denotes, exactly.
std::variant<Int128, DecimalError> units_from_text(std::string_view text, int scale);

// The same number at another scale; too_precise when digits would be lost.
std::variant<Int128, DecimalError> rescale(Decimal value, int scale);

// By what they are worth: 1.5 and 1.50 are equal.
std::strong_ordering compare(const Decimal& a, const Decimal& b);

// None: more than fits.
std::optional<Decimal> sum(const Decimal& a, const Decimal& b);
std::optional<Decimal> product(const Decimal& a, const Decimal& b);
constexpr Decimal negated(const Decimal& value) { return {-value.units, value.scale}; }

// Whether `value` is a whole number of `step`s. Requires step > 0.
bool is_multiple(const Decimal& value, const Decimal& step);

// Appends units * 10^-scale with exactly `scale` decimals ("37000.10").
void append_fixed(std::string& out, Int128 units, int scale);

// Appends units * 10^-scale without trailing zeros ("37000.1", "0", "-2").
void append_trimmed(std::string& out, Int128 units, int scale);

std::string fixed_text(Int128 units, int scale);
std::string trimmed_text(Int128 units, int scale);
inline std::string text_of(const Decimal& value) { return trimmed_text(value.units, value.scale); }

}  // namespace venuebox
