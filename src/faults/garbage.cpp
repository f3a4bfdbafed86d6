#include "faults/garbage.h"

#include <string_view>

#include "base/random.h"

namespace venuebox::faults {

std::string random_bytes(std::size_t size, std::uint64_t draw) {
  const RandomStream bits(draw, "garbage");
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<char>(bits.at(i));
  // 0xF8 and above begin no character.
  if (size > 0) bytes[0] = static_cast<char>(0xF8 | (bits.at(0) & 7));
  return bytes;
}

std::string broken_gzip(std::size_t size, std::uint64_t draw) {
  // Deflate, no flags, no time, Unix; then a last block of the type that RFC 1951 reserves.
  std::string bytes("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x07", 11);
  bytes += random_bytes(size, draw);
  return bytes;
}

std::string plain_text(std::size_t size) {
  // As Envoy words it.
  constexpr std::string_view kWords =
      "upstream connect error or disconnect/reset before headers. reset reason: connection "
      "termination\n";
  std::string text;
  while (text.size() < size)
    text += kWords;
  text.resize(size);
  return text;
}

}  // namespace venuebox::faults
