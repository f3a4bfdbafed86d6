#include "crypto/keccak.h"

#include <string>

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

namespace venuebox::crypto {
namespace {

std::string hex_of(const std::array<std::uint8_t, 32>& digest) {
  std::string text;
  for (const std::uint8_t byte : digest)
    text += fmt::format("{:02x}", byte);
  return text;
}

// From the Keccak team's KeccakKAT (msg256, first lines) and the Ethereum yellow paper.
TEST(Keccak256, PublishedVectors) {
  EXPECT_EQ(hex_of(keccak256("")),
            "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(hex_of(keccak256("\xcc")),
            "eead6dbfc7340a56caedc044696a168870549a6a7f6f56961e84a54bd9970b8a");
  EXPECT_EQ(hex_of(keccak256("abc")),
            "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  EXPECT_EQ(hex_of(keccak256("transfer(address,uint256)")).substr(0, 8), "a9059cbb");
}

// Lengths around the block, where the padding has one byte, none, or a block to itself.
TEST(Keccak256, EveryLengthAroundABlockHasItsOwnDigest) {
  EXPECT_EQ(hex_of(keccak256(std::string(135, 'a'))),
            "34367dc248bbd832f4e3e69dfaac2f92638bd0bbd18f2912ba4ef454919cf446");
  EXPECT_EQ(hex_of(keccak256(std::string(136, 'a'))),
            "a6c4d403279fe3e0af03729caada8374b5ca54d8065329a3ebcaeb4b60aa386e");
  EXPECT_EQ(hex_of(keccak256(std::string(137, 'a'))),
            "d869f639c7046b4929fc92a4d988a8b22c55fbadb802c0c66ebcd484f1915f39");
}

}  // namespace
}  // namespace venuebox::crypto
