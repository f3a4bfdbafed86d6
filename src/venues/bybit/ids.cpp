#include "venues/bybit/ids.h"

#include <charconv>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/hex.h"
#include "base/wide.h"

namespace venuebox::venues::bybit {
namespace {
// What keeps order ids and fill ids apart.
struct Series {
  std::uint64_t salt;
  std::uint64_t decimal_offset;  // spot: 19 digits that rise with the number
};
constexpr Series kOrders{0x6f72646572ull, 1'900'000'000'000'000'000ull};
constexpr Series kFills{0x66696c6cull, 2'100'000'000'000'000'000ull};
constexpr std::uint64_t kMessageSalt = 0x6d657373616765ull;
constexpr std::uint64_t kDecimalNumbersMax = 100'000'000'000'000'000ull;

// The 122 free bits of a UUID are two halves of a Feistel network. A number fills 64 of them; the
// other 58 must come out as zeros again, which a foreign UUID does with a chance of 2^-58.
constexpr int kRounds = 6;
constexpr int kHalfBits = 61;
constexpr std::uint64_t kHalf = (1ull << kHalfBits) - 1;

std::uint64_t round_value(std::uint64_t half, std::uint64_t key, int round) {
  return mix(half ^ mix(key + static_cast<std::uint64_t>(round) * 0x9e3779b97f4a7c15ull)) & kHalf;
}

UInt128 scrambled(std::uint64_t number, std::uint64_t key) {
  std::uint64_t left = number >> kHalfBits;
  std::uint64_t right = number & kHalf;
  for (int round = 0; round < kRounds; ++round) {
    left ^= round_value(right, key, round);
    std::swap(left, right);
  }
  return static_cast<UInt128>(left) << kHalfBits | right;
}

std::optional<std::uint64_t> unscrambled(UInt128 value, std::uint64_t key) {
  auto left = static_cast<std::uint64_t>(value >> kHalfBits);
  auto right = static_cast<std::uint64_t>(value) & kHalf;
  for (int round = kRounds - 1; round >= 0; --round) {
    std::swap(left, right);
    left ^= round_value(right, key, round);
  }
  if (left >> (64 - kHalfBits) != 0) return std::nullopt;
  return left << kHalfBits | right;
}

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr bool is_dash(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

// Version 4, variant 1, as random UUIDs have it.
ShownId uuid_text(UInt128 free_bits) {
  const auto high = static_cast<std::uint64_t>(free_bits >> 62);  // 60 bits
  const std::uint64_t low = static_cast<std::uint64_t>(free_bits) & ((1ull << 62) - 1);
  const std::uint64_t words[] = {high >> 12 << 16 | 0x4000 | (high & 0xfff), 1ull << 63 | low};
  std::array<char, 36> text;
  char* at = text.data();
  for (int byte = 0; byte < 16; ++byte) {
    if (byte == 4 || byte == 6 || byte == 8 || byte == 10) *at++ = '-';
    at = put_hex(at, static_cast<std::uint8_t>(words[byte / 8] >> (56 - 8 * (byte % 8))));
  }
  return ShownId({text.data(), text.size()});
}

std::optional<UInt128> free_bits_of_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::uint64_t words[2] = {};
  int nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const std::size_t digit = kHexDigits.find(text[i]);
    if (digit == std::string_view::npos) return std::nullopt;
    words[nibble / 16] = words[nibble / 16] << 4 | digit;
    ++nibble;
  }
  if ((words[0] >> 12 & 15) != 4 || words[1] >> 62 != 2) return std::nullopt;
  const std::uint64_t high = words[0] >> 16 << 12 | (words[0] & 0xfff);
  return static_cast<UInt128>(high) << 62 | (words[1] & ((1ull << 62) - 1));
}

ShownId decimal_text(std::uint64_t number, const Series& series) {
  VENUEBOX_ASSERT(number < kDecimalNumbersMax);
  const fmt::format_int digits(series.decimal_offset + number);
  return ShownId({digits.data(), digits.size()});
}

std::optional<std::uint64_t> number_from_decimal(std::string_view text, const Series& series) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.size() != 19 || error != std::errc{} || stopped != end) return std::nullopt;
  if (value < series.decimal_offset) return std::nullopt;
  const std::uint64_t number = value - series.decimal_offset;
  if (number >= kDecimalNumbersMax) return std::nullopt;
  return number;
}

ShownId shown(std::uint64_t number, InstrumentKindOf kind, std::uint64_t box_key,
              const Series& series) {
  if (kind == InstrumentKindOf::spot) return decimal_text(number, series);
  return uuid_text(scrambled(number, box_key ^ series.salt));
}

template <class Id>
std::optional<Id> from_text(std::string_view text, InstrumentKindOf kind, std::uint64_t box_key,
                            const Series& series) {
  std::optional<std::uint64_t> number;
  if (kind == InstrumentKindOf::spot) {
    number = number_from_decimal(text, series);
  } else if (const auto free_bits = free_bits_of_uuid(text)) {
    number = unscrambled(*free_bits, box_key ^ series.salt);
  }
  if (!number || *number == 0) return std::nullopt;  // Numbers begin at 1.
  return Id{*number};
}
}  // namespace

ShownId shown_order_id(OrderId id, InstrumentKindOf kind, std::uint64_t box_key) {
  return shown(id.raw, kind, box_key, kOrders);
}

ShownId shown_fill_id(FillId id, InstrumentKindOf kind, std::uint64_t box_key) {
  return shown(id.raw, kind, box_key, kFills);
}

ShownId shown_message_id(std::uint64_t number, std::uint64_t box_key) {
  return uuid_text(scrambled(number, box_key ^ kMessageSalt));
}

std::optional<OrderId> order_id_from_text(std::string_view text, InstrumentKindOf kind,
                                          std::uint64_t box_key) {
  return from_text<OrderId>(text, kind, box_key, kOrders);
}

std::optional<FillId> fill_id_from_text(std::string_view text, InstrumentKindOf kind,
                                        std::uint64_t box_key) {
  return from_text<FillId>(text, kind, box_key, kFills);
}

}  // namespace venuebox::venues::bybit
