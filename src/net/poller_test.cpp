#include "net/poller.h"

#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace venuebox::net {
namespace {

using Interest = Poller::Interest;
constexpr Interest kNothing{};
constexpr Interest kReading{.reading = true};
constexpr Interest kWriting{.writing = true};

class PollerTest : public testing::Test {
 protected:
  PollerTest() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0); }
  ~PollerTest() override {
    close(ends_[0]);
    close(ends_[1]);
  }

  void expect_ready(std::vector<Interest> expected) {
    std::vector<Interest> seen;
    poller_.each_ready([&](void* owner, Interest ready) {
      EXPECT_EQ(owner, this);
      seen.push_back(ready);
    });
    EXPECT_EQ(seen, expected);
  }
  void change(Interest from, Interest to) { poller_.change(ends_[0], this, from, to); }
  void say_something() { EXPECT_EQ(write(ends_[1], "x", 1), 1); }

  asio::io_context io_{1};
  Poller poller_{io_};
  int ends_[2] = {};
};

TEST_F(PollerTest, TellsForAsLongAsItHolds) {
  change(kNothing, kReading);
  expect_ready({});
  say_something();
  expect_ready({kReading});
  expect_ready({kReading});
  char byte = 0;
  EXPECT_EQ(read(ends_[0], &byte, 1), 1);
  expect_ready({});
}

TEST_F(PollerTest, TellsWhatWasAskedFor) {
  say_something();
  expect_ready({});
  change(kNothing, kWriting);
  expect_ready({kWriting});
  change(kWriting, {.reading = true, .writing = true});
  expect_ready({{.reading = true, .writing = true}});
  change({.reading = true, .writing = true}, kNothing);
  expect_ready({});
}

TEST_F(PollerTest, BrokenSocketsAreReadyForEverything) {
  change(kNothing, kReading);
  EXPECT_EQ(shutdown(ends_[0], SHUT_RDWR), 0);
  expect_ready({{.reading = true, .writing = true}});
}

TEST_F(PollerTest, WakesTheLoopOncePerCall) {
  change(kNothing, kReading);
  int woken = 0;
  const auto count = [&](error_code error) { woken += error ? 100 : 1; };
  poller_.await(count);
  EXPECT_EQ(io_.poll(), 0u);
  say_something();
  EXPECT_EQ(io_.poll(), 1u);
  io_.restart();
  EXPECT_EQ(io_.poll(), 0u);
  io_.restart();
  poller_.await(count);  // Nothing new has happened, and it still holds.
  EXPECT_EQ(io_.poll(), 1u);
  EXPECT_EQ(woken, 2);
}

}  // namespace
}  // namespace venuebox::net
