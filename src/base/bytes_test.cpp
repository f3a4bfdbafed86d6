#include "base/bytes.h"

#include <gtest/gtest.h>

namespace venuebox {
namespace {

struct Inner {
  int number = 0;
  FixedText<8> text;
  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.number, s.text);
  }
  friend bool operator==(const Inner&, const Inner&) = default;
};

struct Outer {
  std::variant<Inner, std::string> choice;
  std::vector<Inner> list;
  std::optional<Int128> wide;
  std::map<std::string, bool> flags;
  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.choice, s.list, s.wide, s.flags);
  }
  friend bool operator==(const Outer&, const Outer&) = default;
};

const Outer kExample{.choice = std::string("second"),
                     .list = {{1, FixedText<8>("one")}, {-2, FixedText<8>("")}},
                     .wide = kInt128Max,
                     .flags = {{"a", true}, {"b", false}}};

TEST(Bytes, WhatWasWrittenIsRead) {
  const std::string bytes = bytes_of(kExample);
  ByteReader in(bytes);
  Outer read;
  in.get(read);
  EXPECT_TRUE(in.ok());
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(read, kExample);
}

TEST(Bytes, EveryCutIsNoticed) {
  const std::string bytes = bytes_of(kExample);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader in(std::string_view(bytes).substr(0, size));
    Outer read;
    in.get(read);
    EXPECT_FALSE(in.ok()) << "cut at " << size;
  }
}

TEST(Bytes, AWrongVariantIndexIsNoticed) {
  std::string bytes = bytes_of(kExample);
  bytes[0] = 2;
  ByteReader in(bytes);
  Outer read;
  in.get(read);
  EXPECT_FALSE(in.ok());
}

}  // namespace
}  // namespace venuebox
