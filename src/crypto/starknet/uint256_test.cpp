#include "crypto/starknet/uint256.h"

#include <gtest/gtest.h>

namespace venuebox::crypto::starknet {
namespace {

constexpr Uint256 kMost(~0ull, ~0ull, ~0ull, ~0ull);
constexpr const char* kMostHex =
    "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
constexpr const char* kMostDecimal =
    "115792089237316195423570985008687907853269984665640564039457584007913129639935";

TEST(Uint256, ReadsAndWritesText) {
  EXPECT_EQ(hex_of(Uint256()), "0x0");
  EXPECT_EQ(decimal_of(Uint256()), "0");
  EXPECT_EQ(hex_of(kMost), kMostHex);
  EXPECT_EQ(decimal_of(kMost), kMostDecimal);
  EXPECT_EQ(uint256_from_text(kMostHex).value(), kMost);
  EXPECT_EQ(uint256_from_text(kMostDecimal).value(), kMost);
  EXPECT_EQ(uint256_from_text("0xAbCd").value(), Uint256(0xabcd));
  EXPECT_EQ(uint256_from_text("007").value(), Uint256(7));
  EXPECT_EQ(decimal_of(Uint256(1'000'000'000'000'000'000)), "1000000000000000000");
  EXPECT_EQ(hex_of(Uint256(0, 1, 0, 0)), "0x10000000000000000");
}

TEST(Uint256, RefusesOtherText) {
  for (const std::string_view text :
       {"", "0x", "12a", "-1", "+1", " 1", "0xg", "1.0",
        "0x10000000000000000000000000000000000000000000000000000000000000000",
        "115792089237316195423570985008687907853269984665640564039457584007913129639936"})
    EXPECT_FALSE(uint256_from_text(text)) << text;
}

TEST(Uint256, TakesBitsAcrossLimbs) {
  const Uint256 value = hex256("123456789abcdef0fedcba98765432100123456789abcdeffedcba9876543210");
  EXPECT_EQ(value.bits(0, 8), 0x10u);
  EXPECT_EQ(value.bits(60, 8), 0xffu);
  EXPECT_EQ(value.bits(248, 8), 0x12u);
  EXPECT_EQ(value.bits(252, 9), 0x1u);
  EXPECT_EQ(value.bits(256, 4), 0u);
  EXPECT_TRUE(value.bit(4));
  EXPECT_FALSE(value.bit(255));
}

TEST(Uint256, BytesAndBack) {
  const Uint256 value = hex256("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
  const auto bytes = bytes_of(value);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    EXPECT_EQ(bytes[i], i + 1);
  const std::string text(bytes.begin(), bytes.end());
  EXPECT_EQ(uint256_from_bytes(text), value);
  EXPECT_EQ(uint256_from_bytes(""), Uint256());
  EXPECT_EQ(uint256_from_bytes("\x01\x02"), Uint256(0x102));
}

}  // namespace
}  // namespace venuebox::crypto::starknet
