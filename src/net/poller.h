// Tells which of many sockets can be read or written: an epoll of our own, which Asio's loop awaits
// as one more descriptor. It is level-triggered, so a request costs one receive. Asio's own reads
// try before they wait, and so receive a second time after every request, to hear of nothing.
// Internal to net.
#pragma once

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "base/function_ref.h"
#include "net/loop_impl.h"

namespace venuebox::net {

class Poller {
 public:
  struct Interest {
    bool reading = false;
    bool writing = false;
    friend bool operator==(Interest, Interest) = default;
  };

  explicit Poller(asio::io_context& io);

  // What a socket is awaited for changes; nothing: it is forgotten, as it is when it closes. A
  // socket that the kernel cannot watch any more is left to its timeouts.
  void change(int socket, void* owner, Interest from, Interest to);

  // Calls `work` once, inside a turn, when something is ready.
  template <class Work>
  void await(Work&& work) {
    descriptor_.async_wait(Descriptor::wait_read, std::forward<Work>(work));
  }
  // Visits what is ready now, at most kReadyMax sockets. Broken ones are ready for everything.
  void each_ready(FunctionRef<void(void* owner, Interest ready)> visit);

  // Nothing is called any more.
  void close();

 private:
  using Descriptor = asio::posix::basic_stream_descriptor<Executor>;
  static constexpr int kReadyMax = 512;

  Descriptor descriptor_;
};

}  // namespace venuebox::net
