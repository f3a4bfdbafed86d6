#include "net/frame.h"

#include <gtest/gtest.h>

#include "net/web_socket.h"

namespace venuebox::net {
namespace {

using std::literals::operator""s;

TEST(Frame, WritesTheShortestLength) {
  const auto head = [](std::size_t size) {
    std::string frame = "before";
    append_text_frame(frame, std::string(size, 'x'));
    EXPECT_TRUE(frame.ends_with(std::string(size, 'x')));
    return frame.substr(6, frame.size() - 6 - size);
  };
  EXPECT_EQ(head(0), "\x81\x00"s);
  EXPECT_EQ(head(125), "\x81\x7d");
  EXPECT_EQ(head(126), "\x81\x7e\x00\x7e"s);
  EXPECT_EQ(head(65'535), "\x81\x7e\xff\xff");
  EXPECT_EQ(head(65'536), "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s);
}

TEST(Frame, WritesTheMaskedExampleOfTheStandard) {
  std::string frame;
  append_masked_frame(frame, Opcode::text, "Hello", 0x3d'21'fa'37);
  EXPECT_EQ(frame, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
}

TEST(Frame, MasksAnyLengthToAnyPlaceBefore) {
  constexpr Mask kMask = 0x04'03'02'01;
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t shift = 0; shift < 20; ++shift) {
      std::string memory(shift + size, '.');
      std::string expected(size, '.');
      for (std::size_t i = 0; i < size; ++i) {
        memory[shift + i] = static_cast<char>('A' + i);
        expected[i] = static_cast<char>(memory[shift + i] ^ static_cast<char>(i % 4 + 1));
      }
      apply_mask(memory.data() + shift, size, kMask, memory.data());
      ASSERT_EQ(memory.substr(0, size), expected) << size << ' ' << shift;
    }
  }
}

TEST(Frame, WritesACloseWithCodeAndReason) {
  std::string frame;
  append_frame(frame, Opcode::close, close_payload(close_code::kGoingAway, "bye"));
  EXPECT_EQ(frame,
            "\x88\x05\x03\xe9"
            "bye");
}

TEST(Frame, CutsTheReasonOfACloseBetweenCharacters) {
  EXPECT_EQ(close_payload(1000, std::string(200, 'r')).size(), kControlBytesMax);
  std::string reason(122, 'r');
  reason += "\xc3\xa9";
  EXPECT_EQ(close_payload(1000, reason).size(), 2u + 122);
  EXPECT_EQ(close_payload(1000, "good \xff bad"), "\x03\xe8good ");
}

}  // namespace
}  // namespace venuebox::net
