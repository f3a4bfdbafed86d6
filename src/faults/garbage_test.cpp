#include "faults/garbage.h"

#include <gtest/gtest.h>

namespace venuebox::faults {
namespace {

TEST(Garbage, RandomBytesAreAsManyAndNoJson) {
  for (std::uint64_t draw = 0; draw < 100; ++draw) {
    const std::string bytes = random_bytes(1 + draw, draw);
    EXPECT_EQ(bytes.size(), 1 + draw);
    EXPECT_GE(static_cast<unsigned char>(bytes[0]), 0xF8);
  }
  EXPECT_EQ(random_bytes(64, 7), random_bytes(64, 7));
  EXPECT_NE(random_bytes(64, 7), random_bytes(64, 8));
}

TEST(Garbage, GzipThatDoesNotUnpackBeginsAsGzip) {
  const std::string bytes = broken_gzip(16, 1);
  EXPECT_EQ(bytes.substr(0, 3), "\x1f\x8b\x08");
  EXPECT_EQ(bytes[10] & 7, 7) << "a last block of the reserved type";
  EXPECT_EQ(bytes.size(), 27u);
}

TEST(Garbage, TextIsCutOrRepeated) {
  EXPECT_EQ(plain_text(8), "upstream");
  EXPECT_EQ(plain_text(200).size(), 200u);
  EXPECT_EQ(plain_text(200).find('{'), std::string::npos);
}

}  // namespace
}  // namespace venuebox::faults
