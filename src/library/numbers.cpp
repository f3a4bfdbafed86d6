#include "library/numbers.h"

#include <algorithm>

namespace venuebox::library {
namespace {
// Both as units of the finer scale.
struct Aligned {
  Int128 a;
  Int128 b;
  int scale;
};
Aligned aligned(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale, b.scale);
  return {multiply(a.units, power_of_ten(scale - a.scale)),
          multiply(b.units, power_of_ten(scale - b.scale)), scale};
}
}  // namespace

Result<Decimal> decimal(std::string_view text) {
  const auto read = decimal_from_text(text);
  if (const auto* value = std::get_if<Decimal>(&read)) return *value;
  return invalid("decimal", "'" + std::string(text) + "' is no decimal number that can be kept");
}

std::string text_of(const std::optional<Decimal>& value) {
  return value ? text_of(*value) : "none";
}

Decimal times(const Decimal& a, const Decimal& b) {
  return {multiply(a.units, b.units), a.scale + b.scale};
}

Decimal floored(const Decimal& value, const Decimal& step) {
  const Aligned both = aligned(value, step);
  return {multiply(div_floor(both.a, both.b), both.b), both.scale};
}

Decimal ceiled(const Decimal& value, const Decimal& step) {
  const Aligned both = aligned(value, step);
  return {multiply(div_ceil(both.a, both.b), both.b), both.scale};
}

}  // namespace venuebox::library
