#include "net/frame_decoder.h"

#include <gtest/gtest.h>

#include "net/socket_test.h"

namespace venuebox::net {
namespace {

using End = FrameDecoder::End;
using Event = FrameDecoder::Event;
using Texts = std::vector<std::string>;
using std::literals::operator""s;

constexpr std::size_t kMessageBytesMax = 1'000;

// The events in `bytes` when they arrive in pieces that end at `cuts`, the memory moving each time.
Texts decoded(End end, std::string_view bytes, std::vector<std::size_t> cuts,
              bool squeezing = false) {
  cuts.push_back(bytes.size());
  FrameDecoder decoder(end, kMessageBytesMax);
  Texts texts;
  std::string memory;
  std::size_t arrived = 0;
  for (const std::size_t cut : cuts) {
    memory = std::string(memory.begin(), memory.end()).append(bytes.substr(arrived, cut - arrived));
    arrived = cut;
    if (squeezing) memory.resize(memory.size() - decoder.squeeze(memory));
    for (Event event; (event = decoder.decode(memory)) != Event::none;) {
      texts.push_back(event_text(event, decoder));
      memory.erase(0, decoder.release());
    }
  }
  return texts;
}

// A server's frame with any first byte, and a length of any size.
std::string frame(int first, std::string_view payload) {
  std::string bytes;
  append_frame(bytes, Opcode::text, payload);
  bytes[0] = static_cast<char>(first);
  return bytes;
}

std::string masked(int first, std::string_view payload) {
  std::string bytes = client_frame(Opcode::text, payload);
  bytes[0] = static_cast<char>(first);
  return bytes;
}

TEST(FrameDecoder, ReadsTheExamplesOfTheStandard) {
  // RFC 6455, section 5.7.
  EXPECT_EQ(decoded(End::client, "\x81\x05Hello", {}), Texts{"text Hello"});
  EXPECT_EQ(decoded(End::server, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", {}),
            Texts{"text Hello"});
  EXPECT_EQ(decoded(End::client, "\x01\x03Hel\x80\x02lo", {}), Texts{"text Hello"});
  EXPECT_EQ(decoded(End::client, "\x89\x05Hello", {}), Texts{"ping Hello"});
  EXPECT_EQ(decoded(End::server, "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", {}),
            Texts{"pong Hello"});
  EXPECT_EQ(decoded(End::client, "\x82\x7e\x01\x00"s + std::string(256, 'b'), {}),
            Texts{"binary " + std::string(256, 'b')});
}

TEST(FrameDecoder, EverySplitGivesTheSame) {
  for (const End end : {End::client, End::server}) {
    const auto make = end == End::client ? frame : masked;
    const std::string bytes = make(0x81, "whole") + make(0x01, "fra") + make(0x89, "p1") +
                              make(0x00, "") + make(0x00, std::string(130, 'g')) + make(0x8a, "") +
                              make(0x80, "ment") + make(0x82, "\xff binary") +
                              make(0x88, "\x03\xe8 bye");
    const Texts expected = {"text whole",
                            "ping p1",
                            "pong ",
                            "text fra" + std::string(130, 'g') + "ment",
                            "binary \xff binary",
                            "close 1000  bye"};
    for (std::size_t first = 0; first <= bytes.size(); ++first) {
      for (std::size_t second = first; second <= bytes.size(); second += 3) {
        ASSERT_EQ(decoded(end, bytes, {first, second}), expected) << first << ' ' << second;
        ASSERT_EQ(decoded(end, bytes, {first, second}, true), expected) << first << ' ' << second;
      }
    }
  }
}

TEST(FrameDecoder, NamesEveryFault) {
  const std::string thousand(1'000, 'x');
  const std::vector<std::pair<std::string, std::string>> cases = {
      {frame(0xc1, ""), "failed 1002 reserved bit set"},
      {frame(0xa1, ""), "failed 1002 reserved bit set"},
      {frame(0x91, ""), "failed 1002 reserved bit set"},
      {frame(0x83, ""), "failed 1002 unknown opcode"},
      {frame(0x87, ""), "failed 1002 unknown opcode"},
      {frame(0x8b, ""), "failed 1002 unknown opcode"},
      {frame(0x8f, ""), "failed 1002 unknown opcode"},
      {masked(0x81, "x"), "failed 1002 masked frame from a server"},
      {frame(0x80, "x"), "failed 1002 continuation of no message"},
      {frame(0x01, "a") + frame(0x81, "b"), "failed 1002 message inside a fragmented message"},
      {frame(0x01, "a") + frame(0x02, "b"), "failed 1002 message inside a fragmented message"},
      {frame(0x08, ""), "failed 1002 fragmented control frame"},
      {frame(0x09, ""), "failed 1002 fragmented control frame"},
      {frame(0x0a, ""), "failed 1002 fragmented control frame"},
      {frame(0x89, std::string(126, 'p')), "failed 1002 control frame too long"},
      {"\x88\x7f", "failed 1002 control frame too long"},
      {"\x81\x7e\x00\x7d"s, "failed 1002 length in more bytes than it needs"},
      {"\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff"s,
       "failed 1002 length in more bytes than it needs"},
      {"\x81\x7f\x80\x00\x00\x00\x00\x01\x00\x00"s, "failed 1002 length with its highest bit"},
      {"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"s, "failed 1009 message too long"},
      {frame(0x82, thousand + "x"), "failed 1009 message too long"},
      {frame(0x02, thousand) + frame(0x80, "x"), "failed 1009 message too long"},
      {frame(0x81, "\xc3"), "failed 1007 text is not UTF-8"},
      {frame(0x01, "good") + frame(0x80, "\xed\xa0\x80"), "failed 1007 text is not UTF-8"},
      {frame(0x88, "\x03"), "failed 1002 close code of one byte"},
      {frame(0x88, "\x03\xe8\xff"), "failed 1007 close reason is not UTF-8"},
  };
  for (const auto& [bytes, expected] : cases) {
    // What follows a fault is never looked at.
    EXPECT_EQ(decoded(End::client, bytes + frame(0x81, "x"), {}), Texts{expected});
    std::vector<std::size_t> cuts;
    for (std::size_t i = 1; i < bytes.size(); ++i)
      cuts.push_back(i);
    EXPECT_EQ(decoded(End::client, bytes, cuts), Texts{expected});
  }
  EXPECT_EQ(decoded(End::server, frame(0x81, "x"), {}),
            Texts{"failed 1002 frame without mask from a client"});
}

TEST(FrameDecoder, TakesTheLargestMessage) {
  const std::string thousand(kMessageBytesMax, 'x');
  EXPECT_EQ(decoded(End::client, frame(0x81, thousand), {}), Texts{"text " + thousand});
  EXPECT_EQ(decoded(End::client, frame(0x01, thousand) + frame(0x80, ""), {}),
            Texts{"text " + thousand});
}

TEST(FrameDecoder, JoinsACharacterThatWasSplit) {
  EXPECT_EQ(decoded(End::server, masked(0x01, "\xe2\x82") + masked(0x80, "\xac"), {}),
            Texts{"text \xe2\x82\xac"});
}

TEST(FrameDecoder, KnowsWhichCloseCodesMayBeSent) {
  for (int code = 0; code < 65'536; ++code) {
    const bool allowed = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
                         (code >= 3000 && code <= 4999);
    const std::string payload{static_cast<char>(code >> 8), static_cast<char>(code)};
    ASSERT_EQ(decoded(End::client, frame(0x88, payload), {})[0],
              allowed ? "close " + std::to_string(code) + " "
                      : "failed 1002 close code that may not be sent");
  }
}

TEST(FrameDecoder, NothingFollowsAClose) {
  EXPECT_EQ(decoded(End::client, frame(0x88, "") + frame(0x81, "late"), {}), Texts{"close 0 "});
}

TEST(FrameDecoder, KnowsUtf8) {
  const std::string good = "plain, \xc3\xa9, \xe2\x82\xac and \xf0\x9f\x99\x82 in one line";
  for (std::size_t i = 0; i < 16; ++i)
    EXPECT_TRUE(is_utf8(std::string(i, '.') + good));
  for (const char* bad : {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xbf\xbf", "\xf4\x90\x80\x80",
                          "\xf8\x88\x80\x80\x80", "\xe2\x82", "\xff"}) {
    for (std::size_t i = 0; i < 16; ++i)
      EXPECT_FALSE(is_utf8(std::string(i, '.') + bad + std::string(i, '.')));
  }
}

}  // namespace
}  // namespace venuebox::net
