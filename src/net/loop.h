// The event loop of one thread, and the turns that everything above is built on: whatever the
// sockets brought since the last turn is handled, then the hooks run once, in their order (journal
// commit, then the answers leave). Headers of net keep Asio to themselves; loop_impl.h has it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/time.h"

namespace venuebox::net {

struct LoopOptions {
  // Keeps polling for this long after a turn before the thread sleeps: a sleeping thread takes some
  // 40 microseconds to wake, a busy one costs a core.
  Nanoseconds poll{};
  // At most this many handlers make one turn, so that hooks, and answers with them, are never put
  // off for long.
  int handlers_per_turn = 512;
};

// Belongs to the thread that runs it; only post() and stop() may be called from others.
class Loop {
 public:
  explicit Loop(LoopOptions options = {});
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Takes turns until stop().
  void run();
  // One turn: waits until there is something to do, but no longer than `wait`, does it and calls
  // the hooks. False when there was nothing.
  bool turn(Nanoseconds wait = {});
  // Ends run() after its current turn, or its next one when it does not run.
  void stop();

  void post(std::function<void()> work);
  // Hooks are called at the end of every turn, in the order in which they were added.
  void at_end_of_turn(std::function<void()> hook);
  // Calls `work` once, so much later.
  void after(Nanoseconds wait, std::function<void()> work);
  // Calls `work` once per period for as long as the loop lives. Periods that were slept through
  // are not made up for.
  void every(Nanoseconds period, std::function<void()> work);
  // Calls `work` on SIGINT and SIGTERM, inside a turn.
  void on_signals(std::function<void()> work);

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace venuebox::net
