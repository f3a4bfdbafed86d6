#include "net/loop.h"

#include <csignal>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace venuebox::net {
namespace {

TEST(Loop, HooksRunInOrderAfterAllHandlersOfATurn) {
  Loop loop;
  std::vector<int> order;
  loop.at_end_of_turn([&] { order.push_back(8); });
  loop.at_end_of_turn([&] { order.push_back(9); });
  loop.post([&] { order.push_back(1); });
  loop.post([&] { order.push_back(2); });
  EXPECT_TRUE(loop.turn());
  EXPECT_EQ(order, (std::vector{1, 2, 8, 9}));
  EXPECT_FALSE(loop.turn());
}

TEST(Loop, ATurnIsBounded) {
  Loop loop({.handlers_per_turn = 3});
  int handled = 0;
  int hooks = 0;
  loop.at_end_of_turn([&] { ++hooks; });
  for (int i = 0; i < 7; ++i)
    loop.post([&] { ++handled; });
  loop.turn();
  EXPECT_EQ(handled, 3);
  loop.turn();
  loop.turn();
  EXPECT_EQ(handled, 7);
  EXPECT_EQ(hooks, 3);
}

TEST(Loop, RunsUntilItIsStoppedFromElsewhere) {
  for (const Nanoseconds poll : {Nanoseconds{}, microseconds(50)}) {
    Loop loop({.poll = poll});
    int hooks = 0;
    loop.at_end_of_turn([&] { ++hooks; });
    std::thread other([&] { loop.stop(); });
    loop.run();
    other.join();
    EXPECT_GE(hooks, 1);
  }
}

TEST(Loop, RepeatsPeriodicWork) {
  Loop loop;
  int calls = 0;
  loop.every(milliseconds(1), [&] {
    if (++calls == 3) loop.stop();
  });
  loop.run();
  EXPECT_EQ(calls, 3);
}

TEST(Loop, HearsSignals) {
  Loop loop;
  int calls = 0;
  loop.on_signals([&] {
    if (++calls == 2) return loop.stop();
    std::raise(SIGINT);
  });
  std::raise(SIGTERM);
  loop.run();
  EXPECT_EQ(calls, 2);
}

TEST(Loop, MayEndWithWorkLeft) {
  Loop loop;
  loop.post([] { FAIL(); });
  loop.every(seconds(1), [] { FAIL(); });
}

TEST(Loop, CallsOnceAfterAWhile) {
  Loop loop;
  std::vector<int> calls;
  loop.after(milliseconds(2), [&] { calls.push_back(2); });
  loop.after({}, [&] { calls.push_back(0); });
  loop.after(milliseconds(1), [&] { calls.push_back(1); });
  EXPECT_TRUE(calls.empty()) << "never from within after()";
  while (calls.size() < 3)
    loop.turn(seconds(1));
  EXPECT_EQ(calls, (std::vector{0, 1, 2}));
}

}  // namespace
}  // namespace venuebox::net
