// The least that an HTTP server can cost on this machine: one thread, level-triggered epoll, one
// read and one write per readable socket, and every complete request answered with the same bytes,
// unread but for its length. What venuebox costs is told as a multiple of this.
//
//   epoll_reference PORT REPLY_FILE [ADDRESS]
//
// REPLY_FILE holds one whole response, head included. Port 0 takes a free one. Prints one line of
// JSON when it listens, and runs until it is killed.
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <strings.h>

namespace {

constexpr std::size_t kInputMax = std::size_t{64} * 1024;
constexpr int kEventsMax = 512;

struct Connection {
  int fd = -1;
  std::size_t filled = 0;
  char input[kInputMax];
};

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

// Bytes of the first request in `text`; 0 when it is not complete yet.
std::size_t request_bytes(std::string_view text) {
  const auto head = text.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  constexpr std::string_view kName = "\r\ncontent-length:";
  std::size_t length = 0;
  for (auto at = text.find("\r\n"); at < head; at = text.find("\r\n", at + 2)) {
    if (at + kName.size() > head || (text[at + 2] | 0x20) != 'c') continue;
    if (strncasecmp(text.data() + at, kName.data(), kName.size()) != 0) continue;
    auto digits = at + kName.size();
    while (text[digits] == ' ')
      ++digits;
    std::from_chars(text.data() + digits, text.data() + head, length);
  }
  const std::size_t total = head + 4 + length;
  return total <= text.size() ? total : 0;
}

int listen_on(const char* address, std::uint16_t port, std::uint16_t& found) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in endpoint{};
  endpoint.sin_family = AF_INET;
  endpoint.sin_port = htons(port);
  if (inet_pton(AF_INET, address, &endpoint.sin_addr) != 1) fail(address);
  if (bind(fd, reinterpret_cast<sockaddr*>(&endpoint), sizeof endpoint) != 0) fail("bind");
  if (listen(fd, 4096) != 0) fail("listen");
  socklen_t size = sizeof endpoint;
  getsockname(fd, reinterpret_cast<sockaddr*>(&endpoint), &size);
  found = ntohs(endpoint.sin_port);
  return fd;
}

class Server {
 public:
  Server(int listener, std::string reply) : listener_(listener), reply_(std::move(reply)) {
    watch(listener_, nullptr);
  }

  [[noreturn]] void run() {
    epoll_event events[kEventsMax];
    for (;;) {
      const int count = epoll_wait(epoll_, events, kEventsMax, -1);
      for (int i = 0; i < count; ++i) {
        auto* connection = static_cast<Connection*>(events[i].data.ptr);
        if (connection == nullptr) {
          accept_all();
        } else if (!serve(*connection)) {
          close(connection->fd);
          delete connection;
        }
      }
    }
  }

 private:
  void watch(int fd, Connection* connection) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = connection;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
  }

  void accept_all() const {
    for (;;) {
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      auto connection = std::make_unique<Connection>();
      connection->fd = fd;
      watch(fd, connection.release());
    }
  }

  // False when the connection is over.
  bool serve(Connection& c) {
    const auto count = recv(c.fd, c.input + c.filled, kInputMax - c.filled, 0);
    if (count <= 0) return count < 0 && errno == EAGAIN;
    c.filled += static_cast<std::size_t>(count);
    output_.clear();
    std::size_t begin = 0;
    while (begin < c.filled) {
      const std::size_t size = request_bytes({c.input + begin, c.filled - begin});
      if (size == 0) break;
      output_ += reply_;
      begin += size;
    }
    if (begin == 0 && c.filled == kInputMax) return false;
    c.filled -= begin;
    if (c.filled > 0) std::memmove(c.input, c.input + begin, c.filled);
    if (output_.empty()) return true;
    // Its clients wait for their answers, so the socket is never full.
    return send(c.fd, output_.data(), output_.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(output_.size());
  }

  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  int listener_;
  std::string reply_;
  std::string output_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: epoll_reference PORT REPLY_FILE [ADDRESS]\n");
    return 2;
  }
  std::ifstream file(argv[2], std::ios::binary);
  std::string reply(std::istreambuf_iterator<char>(file), {});
  if (reply.empty()) fail(argv[2]);
  const auto wanted = static_cast<std::uint16_t>(std::atoi(argv[1]));
  std::uint16_t port = 0;
  const int listener = listen_on(argc > 3 ? argv[3] : "127.0.0.1", wanted, port);
  std::printf("{\"ready\":true,\"pid\":%d,\"port\":%d}\n", getpid(), port);
  std::fflush(stdout);
  Server(listener, std::move(reply)).run();
}
