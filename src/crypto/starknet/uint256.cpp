#include "crypto/starknet/uint256.h"

#include <algorithm>

#include <fmt/core.h>

namespace venuebox::crypto::starknet {
namespace {

// value * factor + digit; false when that needs more than 256 bits.
bool append_digit(Uint256& value, std::uint64_t factor, std::uint64_t digit) {
  UInt128 carry = digit;
  for (std::uint64_t& limb : value.limbs) {
    carry += static_cast<UInt128>(limb) * factor;
    limb = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return carry == 0;
}

// The value of a hexadecimal digit, or 16.
std::uint64_t digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint64_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint64_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint64_t>(c - 'A' + 10);
  return 16;
}

}  // namespace

Uint256 uint256_from_bytes(std::string_view bytes) {
  VENUEBOX_ASSERT(bytes.size() <= 32);
  Uint256 value;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t place = bytes.size() - 1 - i;
    value.limbs[place / 8] |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i]))
                              << (8 * (place % 8));
  }
  return value;
}

std::array<std::uint8_t, 32> bytes_of(const Uint256& value) {
  std::array<std::uint8_t, 32> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t place = bytes.size() - 1 - i;
    bytes[i] = static_cast<std::uint8_t>(value.limbs[place / 8] >> (8 * (place % 8)));
  }
  return bytes;
}

Result<Uint256> uint256_from_text(std::string_view text) {
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  const std::uint64_t base = is_hex ? 16 : 10;
  const std::string_view digits = is_hex ? text.substr(2) : text;
  if (digits.empty()) return invalid("", "no digits; a decimal number or 0x and digits is wanted");
  Uint256 value;
  for (const char c : digits) {
    const std::uint64_t digit = digit_of(c);
    if (digit >= base) return invalid("", "not a decimal number, nor 0x and hexadecimal digits");
    if (!append_digit(value, base, digit)) return invalid("", "more than 256 bits");
  }
  return value;
}

std::string hex_of(const Uint256& value) {
  int top = 3;
  while (top > 0 && value.limbs[top] == 0)
    --top;
  std::string text = fmt::format("0x{:x}", value.limbs[top]);
  while (top-- > 0)
    text += fmt::format("{:016x}", value.limbs[top]);
  return text;
}

std::string decimal_of(const Uint256& value) {
  constexpr std::uint64_t kChunk = 1'000'000'000'000'000'000;  // 10^18, digits by digits
  Uint256 rest = value;
  std::string text;  // backwards
  do {
    UInt128 remainder = 0;
    for (int i = 3; i >= 0; --i) {
      remainder = remainder << 64 | rest.limbs[i];
      rest.limbs[i] = static_cast<std::uint64_t>(remainder / kChunk);
      remainder %= kChunk;
    }
    auto chunk = static_cast<std::uint64_t>(remainder);
    for (int i = 0; i < 18 && (chunk != 0 || !rest.is_zero()); ++i, chunk /= 10)
      text.push_back(static_cast<char>('0' + chunk % 10));
  } while (!rest.is_zero());
  if (text.empty()) text.push_back('0');
  std::ranges::reverse(text);
  return text;
}

}  // namespace venuebox::crypto::starknet
