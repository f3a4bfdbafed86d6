// The Asio types that net's own .cpp files share. Nothing outside this folder includes this file.
#pragma once

#include <chrono>
#include <exception>
#include <list>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/loop.h"

namespace venuebox::net {

namespace asio = boost::asio;
using boost::system::error_code;

// The typed executor and awaiting without a coroutine frame per operation are what make Asio's
// coroutines nearly as cheap as its callbacks.
using Executor = asio::io_context::executor_type;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using MonotonicClock = asio::steady_timer::clock_type;
using Timer =
    asio::basic_waitable_timer<MonotonicClock, asio::wait_traits<MonotonicClock>, Executor>;
using Signals = asio::basic_signal_set<Executor>;
using Task = asio::awaitable<void, Executor>;
inline constexpr auto kAwait = asio::as_tuple(asio::deferred);

inline std::chrono::nanoseconds chrono_from(Nanoseconds duration) {
  return std::chrono::nanoseconds(duration.raw);
}

// How coroutines end: an exception that got this far is ours, and ends the process.
inline void rethrow(std::exception_ptr broken) {
  if (broken) std::rethrow_exception(std::move(broken));
}

struct PeriodicWork {
  Timer timer;
  Nanoseconds period;
  std::function<void()> work;
};

struct Loop::Impl {
  explicit Impl(LoopOptions given) : options(given) {}

  LoopOptions options;
  asio::io_context io{1};  // The concurrency hint: one thread runs it.
  asio::executor_work_guard<Executor> keep_running{io.get_executor()};
  std::vector<std::function<void()>> hooks;
  std::list<PeriodicWork> periodic;
  std::list<Signals> signals;
  bool stopped = false;
};

}  // namespace venuebox::net
