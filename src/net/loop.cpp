#include "net/loop.h"

#include <csignal>

#include <boost/asio/post.hpp>

#include "net/loop_impl.h"

namespace venuebox::net {
namespace {

// Waits for the first handler of a turn without sleeping, for as long as the options say.
std::size_t poll_first(Loop::Impl& loop) {
  std::size_t done = loop.io.poll_one();
  if (done > 0 || loop.options.poll.raw == 0) return done;
  const auto deadline = MonotonicClock::now() + chrono_from(loop.options.poll);
  while (done == 0 && MonotonicClock::now() < deadline)
    done = loop.io.poll_one();
  return done;
}

// `done` handlers of this turn have run already.
void finish_turn(Loop::Impl& loop, std::size_t done) {
  const auto limit = static_cast<std::size_t>(loop.options.handlers_per_turn);
  while (done < limit && loop.io.poll_one() > 0)
    ++done;
  // By index: a hook may add another.
  for (std::size_t i = 0; i < loop.hooks.size(); ++i)
    loop.hooks[i]();
}

void repeat(PeriodicWork& periodic) {
  periodic.timer.async_wait([&periodic](error_code error) {
    if (error) return;
    const auto next = periodic.timer.expiry() + chrono_from(periodic.period);
    const auto now = MonotonicClock::now();
    periodic.timer.expires_at(next > now ? next : now + chrono_from(periodic.period));
    periodic.work();
    repeat(periodic);
  });
}

void watch(Signals& signals, std::function<void()> work) {
  signals.async_wait([&signals, work = std::move(work)](error_code error, int) mutable {
    if (error) return;
    work();
    watch(signals, std::move(work));
  });
}

}  // namespace

Loop::Loop(LoopOptions options) : impl_(std::make_unique<Impl>(options)) {}
Loop::~Loop() = default;

void Loop::run() {
  while (!impl_->stopped) {
    std::size_t done = impl_->options.poll.raw > 0 ? poll_first(*impl_) : 0;
    if (done == 0) done = impl_->io.run_one();
    finish_turn(*impl_, done);
  }
  impl_->stopped = false;
}

bool Loop::turn(Nanoseconds wait) {
  std::size_t done = impl_->io.poll_one();
  if (done == 0 && wait.raw > 0) done = impl_->io.run_one_for(chrono_from(wait));
  finish_turn(*impl_, done);
  return done > 0;
}

void Loop::stop() {
  post([this] { impl_->stopped = true; });
}

void Loop::post(std::function<void()> work) { asio::post(impl_->io, std::move(work)); }

void Loop::at_end_of_turn(std::function<void()> hook) { impl_->hooks.push_back(std::move(hook)); }

void Loop::after(Nanoseconds wait, std::function<void()> work) {
  if (wait.raw <= 0) return post(std::move(work));
  auto timer = std::make_unique<Timer>(impl_->io, chrono_from(wait));
  Timer& waiting = *timer;
  waiting.async_wait([timer = std::move(timer), work = std::move(work)](error_code error) {
    if (!error) work();
  });
}

void Loop::every(Nanoseconds period, std::function<void()> work) {
  VENUEBOX_ASSERT(period.raw > 0);
  impl_->periodic.push_back({Timer(impl_->io), period, std::move(work)});
  PeriodicWork& periodic = impl_->periodic.back();
  periodic.timer.expires_after(chrono_from(period));
  repeat(periodic);
}

void Loop::on_signals(std::function<void()> work) {
  watch(impl_->signals.emplace_back(impl_->io, SIGINT, SIGTERM), std::move(work));
}

}  // namespace venuebox::net
