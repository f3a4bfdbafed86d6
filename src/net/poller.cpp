#include "net/poller.h"

#include <array>

#include <sys/epoll.h>

#include "base/assert.h"

namespace venuebox::net {
namespace {

int make_epoll() {
  const int fd = epoll_create1(EPOLL_CLOEXEC);
  // Only a program that has run out of descriptors at its start has none.
  VENUEBOX_ASSERT(fd >= 0);
  return fd;
}

}  // namespace

Poller::Poller(asio::io_context& io) : descriptor_(io.get_executor(), make_epoll()) {}

void Poller::change(int socket, void* owner, Interest from, Interest to) {
  if (from == to) return;
  epoll_event event{};
  event.events =
      (to.reading ? std::uint32_t{EPOLLIN} : 0) | (to.writing ? std::uint32_t{EPOLLOUT} : 0);
  event.data.ptr = owner;
  const int operation = from == Interest{} ? EPOLL_CTL_ADD
                        : to == Interest{} ? EPOLL_CTL_DEL
                                           : EPOLL_CTL_MOD;
  epoll_ctl(descriptor_.native_handle(), operation, socket, &event);
}

void Poller::each_ready(FunctionRef<void(void* owner, Interest ready)> visit) {
  std::array<epoll_event, kReadyMax> events;
  const int count = epoll_wait(descriptor_.native_handle(), events.data(), kReadyMax, 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const bool broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
    visit(event.data.ptr, {.reading = broken || (event.events & EPOLLIN) != 0,
                           .writing = broken || (event.events & EPOLLOUT) != 0});
  }
}

void Poller::close() {
  error_code ignored;
  descriptor_.close(ignored);
}

}  // namespace venuebox::net
