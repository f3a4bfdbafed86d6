#include "faults/bytes/frame.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace venuebox::faults {
namespace {
using Messages = std::vector<std::string>;
constexpr Timestamp kStart = timestamp_from_ms(1'000);

TEST(Corrupt, ChangesExactlySoManyBytes) {
  const std::string sound = R"({"topic":"orderbook.50.BTCUSDT","seq":12345})";
  for (std::uint64_t draw = 0; draw < 100; ++draw) {
    for (const std::size_t bytes : {1u, 3u, 1'000u}) {
      std::string message = sound;
      corrupt(message, "bytes", bytes, draw);
      ASSERT_EQ(message.size(), sound.size());
      std::size_t changed = 0;
      for (std::size_t i = 0; i < sound.size(); ++i)
        changed += message[i] != sound[i];
      EXPECT_EQ(changed, std::min(bytes, sound.size()));
    }
  }
}

TEST(Corrupt, CutsOrPutsInWhatIsNoUtf8) {
  const std::string sound = R"({"seq":12345})";
  for (std::uint64_t draw = 0; draw < 100; ++draw) {
    std::string cut = sound;
    corrupt(cut, "truncated", 1, draw);
    EXPECT_LT(cut.size(), sound.size());
    EXPECT_TRUE(sound.starts_with(cut));
    std::string odd = sound;
    corrupt(odd, "not_utf8", 1, draw);
    EXPECT_EQ(std::ranges::count(odd, '\xff'), 1);
  }
  std::string empty;
  corrupt(empty, "bytes", 1, 1);
  EXPECT_EQ(empty, "");
}

class Filtered : public ::testing::Test {
 protected:
  // What goes when the message comes `ms` after the start.
  Messages pass(std::string_view message, const FrameDecision& decision = {}, int ms = 0) {
    Messages out;
    filter_.pass(message, decision, kStart + milliseconds(ms), out);
    return out;
  }
  Messages advance(int ms) {
    Messages out;
    filter_.advance(kStart + milliseconds(ms), out);
    return out;
  }
  FrameFilter filter_;
};

TEST_F(Filtered, PassesWhatNothingBefalls) {
  EXPECT_EQ(pass("a"), Messages{"a"});
  EXPECT_EQ(filter_.next_due(), kNever);
}

TEST_F(Filtered, Drops) {
  EXPECT_EQ(pass("a", {.drops = true}), Messages{});
  EXPECT_EQ(pass("b"), Messages{"b"});
  EXPECT_EQ(filter_.waiting(), 0u);
}

TEST_F(Filtered, DuplicatesNowAndLater) {
  EXPECT_EQ(pass("a", {.copies = 2}), (Messages{"a", "a", "a"}));
  EXPECT_EQ(pass("b", {.copies = 1, .copies_after = milliseconds(10)}), Messages{"b"});
  EXPECT_EQ(filter_.next_due(), kStart + milliseconds(10));
  EXPECT_EQ(advance(9), Messages{});
  EXPECT_EQ(advance(10), Messages{"b"});
}

TEST_F(Filtered, DelaysSoThatOthersOvertake) {
  EXPECT_EQ(pass("a", {.delay = milliseconds(20)}), Messages{});
  EXPECT_EQ(pass("b", {.delay = milliseconds(10)}), Messages{});
  EXPECT_EQ(pass("c"), Messages{"c"});
  EXPECT_EQ(advance(30), (Messages{"b", "a"}));
}

TEST_F(Filtered, SendsWhatIsDueBeforeWhatComes) {
  EXPECT_EQ(pass("a", {.delay = milliseconds(10)}), Messages{});
  EXPECT_EQ(pass("b", {}, 10), (Messages{"a", "b"}));
}

TEST_F(Filtered, PutsAMessageBehindLaterOnes) {
  const FrameDecision behind_two{.behind = 2, .behind_most = milliseconds(100)};
  EXPECT_EQ(pass("a", behind_two), Messages{});
  EXPECT_EQ(pass("b"), Messages{"b"});
  EXPECT_EQ(pass("c"), (Messages{"c", "a"}));
  EXPECT_EQ(pass("d", behind_two), Messages{});
  EXPECT_EQ(pass("e"), Messages{"e"});
  EXPECT_EQ(advance(99), Messages{});
  EXPECT_EQ(advance(100), Messages{"d"});
}

TEST_F(Filtered, SendsTheOldestWhenTooMuchWaits) {
  for (std::size_t i = 0; i < FrameFilter::kWaitingMax; ++i)
    EXPECT_EQ(pass(std::to_string(i), {.delay = seconds(1)}), Messages{});
  EXPECT_EQ(pass("one more", {.delay = seconds(1)}), Messages{"0"});
  EXPECT_EQ(filter_.waiting(), FrameFilter::kWaitingMax);
}

}  // namespace
}  // namespace venuebox::faults
