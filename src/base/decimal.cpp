#include "base/decimal.h"

#include <algorithm>
#include <array>

namespace venuebox {
namespace {
constexpr int kPowerMax = 37;

constexpr std::array<Int128, kPowerMax + 1> kPowers = [] {
  std::array<Int128, kPowerMax + 1> powers{};
  Int128 power = 1;
  for (int i = 0; i <= kPowerMax; ++i) {
    powers[static_cast<std::size_t>(i)] = power;
    if (i < kPowerMax) power *= 10;
  }
  return powers;
}();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Writes the digits of a magnitude backwards into the end of a buffer; returns where they start.
char* digits_before(char* end, UInt128 magnitude) {
  while (magnitude > ~std::uint64_t{0}) {
    *--end = static_cast<char>('0' + static_cast<int>(magnitude % 10));
    magnitude /= 10;
  }
  auto low = static_cast<std::uint64_t>(magnitude);
  do {
    *--end = static_cast<char>('0' + low % 10);
    low /= 10;
  } while (low != 0);
  return end;
}
}  // namespace

Int128 power_of_ten(int exponent) {
  VENUEBOX_ASSERT(exponent >= 0 && exponent <= kPowerMax);
  return kPowers[static_cast<std::size_t>(exponent)];
}

std::variant<Decimal, DecimalError> decimal_from_text(std::string_view text) {
  std::size_t at = 0;
  bool negative = false;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) negative = text[at++] == '-';

  Int128 units = 0;
  int scale = 0;
  bool any_digit = false;
  bool after_point = false;
  int pending_zeros = 0;  // Trailing zeros count only once a later digit needs them.
  const auto push = [&](int digit) {
    if (__builtin_mul_overflow(units, Int128{10}, &units)) return false;
    return !__builtin_add_overflow(units, Int128{digit}, &units);
  };
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.') {
      if (after_point) return DecimalError::malformed;
      after_point = true;
      continue;
    }
    if (!is_digit(c)) break;
    any_digit = true;
    if (after_point && c == '0') {
      ++pending_zeros;
      continue;
    }
    for (; pending_zeros > 0; --pending_zeros, ++scale) {
      if (!push(0)) return DecimalError::too_large;
    }
    if (!push(c - '0')) return DecimalError::too_large;
    if (after_point) ++scale;
  }
  if (!any_digit) return DecimalError::malformed;

  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    bool exponent_negative = false;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
      exponent_negative = text[at++] == '-';
    }
    if (at == text.size()) return DecimalError::malformed;
    int exponent = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) {
      if (exponent < 10'000) exponent = exponent * 10 + (text[at] - '0');
    }
    if (units != 0) scale += exponent_negative ? exponent : -exponent;
  }
  if (at != text.size()) return DecimalError::malformed;
  if (scale > kDecimalScaleMax) return DecimalError::too_precise;
  if (scale < 0) {
    if (-scale > kPowerMax) return DecimalError::too_large;
    if (__builtin_mul_overflow(units, power_of_ten(-scale), &units)) return DecimalError::too_large;
    scale = 0;
  }
  return Decimal{negative ? -units : units, scale};
}

std::variant<Int128, DecimalError> rescale(Decimal value, int scale) {
  VENUEBOX_ASSERT(scale >= 0 && scale <= kPowerMax);
  if (value.scale <= scale) {
    Int128 units = 0;
    if (__builtin_mul_overflow(value.units, power_of_ten(scale - value.scale), &units)) {
      return DecimalError::too_large;
    }
    return units;
  }
  const Int128 divisor = power_of_ten(value.scale - scale);
  if (value.units % divisor != 0) return DecimalError::too_precise;
  return value.units / divisor;
}

std::variant<Int128, DecimalError> units_from_text(std::string_view text, int scale) {
  const auto parsed = decimal_from_text(text);
  if (const auto* error = std::get_if<DecimalError>(&parsed)) return *error;
  return rescale(std::get<Decimal>(parsed), scale);
}

std::strong_ordering compare(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale, b.scale);
  const auto lifted_a = rescale(a, scale);
  const auto lifted_b = rescale(b, scale);
  // What does not fit at the finer scale is farther from zero than anything that does.
  if (std::holds_alternative<DecimalError>(lifted_a)) return a.units <=> 0;
  if (std::holds_alternative<DecimalError>(lifted_b)) return 0 <=> b.units;
  return std::get<Int128>(lifted_a) <=> std::get<Int128>(lifted_b);
}

std::optional<Decimal> sum(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale, b.scale);
  const auto lifted_a = rescale(a, scale);
  const auto lifted_b = rescale(b, scale);
  const auto* units_a = std::get_if<Int128>(&lifted_a);
  const auto* units_b = std::get_if<Int128>(&lifted_b);
  Decimal total{0, scale};
  if (!units_a || !units_b || __builtin_add_overflow(*units_a, *units_b, &total.units)) {
    return std::nullopt;
  }
  return total;
}

std::optional<Decimal> product(const Decimal& a, const Decimal& b) {
  Decimal result{0, a.scale + b.scale};
  if (__builtin_mul_overflow(a.units, b.units, &result.units)) return std::nullopt;
  for (; result.scale > 0 && result.units % 10 == 0; --result.scale)
    result.units /= 10;
  if (result.scale > kDecimalScaleMax) return std::nullopt;
  return result;
}

bool is_multiple(const Decimal& value, const Decimal& step) {
  VENUEBOX_ASSERT(step.units > 0);
  const int scale = std::max(value.scale, step.scale);
  const auto units = rescale(value, scale);
  const auto each = rescale(step, scale);
  // A step that does not fit at the value's scale is larger than the value.
  if (std::holds_alternative<DecimalError>(each)) return value.units == 0;
  // A value that does not fit at the step's has more digits than any market.
  if (std::holds_alternative<DecimalError>(units)) return false;
  return std::get<Int128>(units) % std::get<Int128>(each) == 0;
}

void append_fixed(std::string& out, Int128 units, int scale) {
  char buffer[96];
  char* const end = buffer + sizeof buffer;
  const bool negative = units < 0;
  const UInt128 magnitude = negative ? -static_cast<UInt128>(units) : static_cast<UInt128>(units);
  char* start = digits_before(end, magnitude);
  while (end - start <= scale)
    *--start = '0';
  if (negative) out.push_back('-');
  out.append(start, static_cast<std::size_t>(end - start - scale));
  if (scale == 0) return;
  out.push_back('.');
  out.append(end - scale, static_cast<std::size_t>(scale));
}

void append_trimmed(std::string& out, Int128 units, int scale) {
  append_fixed(out, units, scale);
  if (scale == 0) return;
  while (out.back() == '0')
    out.pop_back();
  if (out.back() == '.') out.pop_back();
}

std::string fixed_text(Int128 units, int scale) {
  std::string out;
  append_fixed(out, units, scale);
  return out;
}

std::string trimmed_text(Int128 units, int scale) {
  std::string out;
  append_trimmed(out, units, scale);
  return out;
}

}  // namespace venuebox
