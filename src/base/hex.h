// Bytes as two lower-case hexadecimal digits each.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

namespace venuebox {

inline constexpr auto kHexPairs = [] {
  constexpr char kDigits[] = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t byte = 0; byte < pairs.size(); ++byte)
    pairs[byte] = {kDigits[byte >> 4], kDigits[byte & 15]};
  return pairs;
}();

// Writes both digits at `to`; returns what is behind them.
inline char* put_hex(char* to, std::uint8_t byte) {
  std::memcpy(to, kHexPairs[byte].data(), 2);
  return to + 2;
}

}  // namespace venuebox
