#include "crypto/base64url.h"

#include <array>
#include <cstdint>

namespace venuebox::crypto {
namespace {
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t kNone = 64;
constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}();
}  // namespace

std::string base64url(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t kept = 0;
  int bits = 0;
  for (const char byte : bytes) {
    kept = kept << 8 | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 6;) {
      bits -= 6;
      text.push_back(kAlphabet[kept >> bits & 63]);
    }
  }
  if (bits > 0) text.push_back(kAlphabet[kept << (6 - bits) & 63]);
  return text;
}

std::optional<std::string> bytes_from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t kept = 0;
  int bits = 0;
  for (const char c : text) {
    const std::uint8_t value = kValues[static_cast<unsigned char>(c)];
    if (value == kNone) return std::nullopt;
    kept = kept << 6 | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>(kept >> bits & 0xff));
  }
  if ((kept & ((1u << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace venuebox::crypto
