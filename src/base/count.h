// A whole number of one thing, which cannot be added to a whole number of another.
#pragma once

#include <compare>
#include <cstdint>

namespace venuebox {

template <class Unit>
struct Count {
  std::int64_t raw = 0;

  friend constexpr auto operator<=>(Count, Count) = default;
  friend constexpr Count operator+(Count a, Count b) { return {a.raw + b.raw}; }
  friend constexpr Count operator-(Count a, Count b) { return {a.raw - b.raw}; }
  constexpr Count operator-() const { return {-raw}; }
  constexpr Count& operator+=(Count b) { return raw += b.raw, *this; }
  constexpr Count& operator-=(Count b) { return raw -= b.raw, *this; }
};

// A name for one of many: ordered and comparable, but nothing can be counted with it.
template <class Kind, class Raw = std::uint32_t>
struct Id {
  Raw raw = 0;
  friend constexpr auto operator<=>(Id, Id) = default;
};

}  // namespace venuebox
