// Puts load on an HTTP server: keep-alive connections that each have one request in flight, from
// one thread. Connection i of N sends the records i, i+N, i+2N … of a file, and begins again at its
// end. Prints one line of JSON: rate, latency and, given the server's process, its CPU time per
// request.
//
// With --rate so many requests a second are due, evenly, whatever the answers take, and a latency
// counts from when its request was due; without, each connection sends as soon as it has its
// answer.
//
//   http_load --port P --requests FILE [--connections 64] [--count 100000] [--warm-up 0] [--pid
//   PID]
//             [--address 127.0.0.1] [--expect TEXT] [--rate PER_SECOND]
//
// FILE holds records of a 32-bit little-endian length and that many bytes, each a whole request.
// --expect counts the responses that contain TEXT; without it, those with status 2xx. Warm-up
// requests come before the counted ones and are part of no figure. Exit code 1 when a connection
// fails.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <fmt/core.h>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) {
  fmt::print(stderr, "http_load: {}\n", what);
  std::exit(1);
}

struct Options {
  std::string address = "127.0.0.1";
  std::string requests;
  std::string expect;
  std::uint16_t port = 0;
  std::size_t connections = 64;
  std::size_t count = 100'000;
  std::size_t warm_up = 0;
  std::size_t rate = 0;  // per second; 0: as fast as answers come
  int pid = 0;
};

Options options_from(int argc, char** argv) {
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < argc; i += 2)
    given[argv[i]] = argv[i + 1];
  const auto number = [&](const char* name, std::size_t otherwise) {
    const auto found = given.find(name);
    return found == given.end() ? otherwise : std::strtoull(found->second.c_str(), nullptr, 10);
  };
  Options options;
  options.requests = given["--requests"];
  options.expect = given["--expect"];
  if (given.contains("--address")) options.address = given["--address"];
  options.port = static_cast<std::uint16_t>(number("--port", 0));
  options.connections = number("--connections", options.connections);
  options.count = number("--count", options.count);
  options.warm_up = number("--warm-up", 0);
  options.rate = number("--rate", 0);
  options.pid = static_cast<int>(number("--pid", 0));
  if (options.port == 0 || options.requests.empty() || options.connections == 0)
    fail("--port and --requests are needed; see the head of http_load.cpp");
  return options;
}

// Views into `file`, which is the whole file.
std::vector<std::string_view> records_of(std::string_view file) {
  std::vector<std::string_view> records;
  while (!file.empty()) {
    std::uint32_t size = 0;
    if (file.size() < sizeof size) fail("the requests file ends inside a length");
    std::memcpy(&size, file.data(), sizeof size);
    file.remove_prefix(sizeof size);
    if (size == 0 || file.size() < size) fail("the requests file ends inside a record");
    records.push_back(file.substr(0, size));
    file.remove_prefix(size);
  }
  if (records.empty()) fail("the requests file is empty");
  return records;
}

// CPU time of a process so far. Ticks are what every kernel counts, in steps of 10 ms as a rule;
// the scheduler's own count is in nanoseconds, and zero where the kernel does not keep it.
struct CpuTime {
  double user_us = 0;
  double system_us = 0;
  double scheduled_us = 0;
};

CpuTime cpu_time(int pid) {
  CpuTime time;
  if (pid == 0) return time;
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string stat(std::istreambuf_iterator<char>(file), {});
  // The name may contain blanks; what follows its bracket does not.
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i)
    fields >> skipped;
  double user = 0;
  double system = 0;
  if (!(fields >> user >> system)) fail(fmt::format("no process {}", pid));
  const double tick_us = 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK));
  time.user_us = user * tick_us;
  time.system_us = system * tick_us;
  for (const auto& task : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid))) {
    double ns = 0;
    if (std::ifstream(task.path() / "schedstat") >> ns) time.scheduled_us += ns / 1e3;
  }
  return time;
}

struct Connection {
  int fd = -1;
  std::size_t next = 0;  // record
  Clock::time_point due;
  std::string received;
};

int connect_to(const Options& options) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in endpoint{};
  endpoint.sin_family = AF_INET;
  endpoint.sin_port = htons(options.port);
  if (inet_pton(AF_INET, options.address.c_str(), &endpoint.sin_addr) != 1)
    fail(options.address + " is no IPv4 address");
  if (connect(fd, reinterpret_cast<sockaddr*>(&endpoint), sizeof endpoint) != 0)
    fail(fmt::format("cannot connect to {}:{}", options.address, options.port));
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

// Bytes of the response in `text`; 0 when it is not complete yet.
std::size_t response_bytes(std::string_view text) {
  const auto head = text.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const auto at = text.substr(0, head).find(kName);
  std::size_t length = 0;
  if (at != std::string_view::npos)
    std::from_chars(text.data() + at + kName.size(), text.data() + head, length);
  return head + 4 + length <= text.size() ? head + 4 + length : 0;
}

class Load {
 public:
  Load(const Options& options, const std::vector<std::string_view>& records)
      : options_(options), records_(records), connections_(options.connections) {
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      Connection& c = connections_[i];
      c.fd = connect_to(options_);
      c.next = i % records_.size();
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = &c;
      epoll_ctl(epoll_, EPOLL_CTL_ADD, c.fd, &event);
    }
    epoll_event event{};  // without a connection: the timer
    event.events = EPOLLIN;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, timer_, &event);
  }

  // Until `count` more responses have come.
  void run(std::size_t count) {
    latencies_ns_.clear();
    latencies_ns_.reserve(count);
    as_expected_ = bytes_in_ = bytes_out_ = started_ = 0;
    count_ = count;
    due_ = Clock::now();
    idle_.clear();
    for (Connection& c : connections_)
      go_on(c);
    epoll_event events[256];
    while (latencies_ns_.size() < count_) {
      const int ready = epoll_wait(epoll_, events, 256, 30'000);
      if (ready == 0) fail("no response for 30 seconds");
      for (int i = 0; i < ready; ++i) {
        if (events[i].data.ptr) {
          receive(*static_cast<Connection*>(events[i].data.ptr));
        } else {
          send_due();
        }
      }
    }
  }

  double latency_us(double quantile) {
    const auto place =
        latencies_ns_.begin() +
        static_cast<std::ptrdiff_t>(quantile * static_cast<double>(latencies_ns_.size() - 1));
    std::nth_element(latencies_ns_.begin(), place, latencies_ns_.end());
    return static_cast<double>(*place) / 1e3;
  }
  std::size_t as_expected() const { return as_expected_; }
  std::size_t bytes_in() const { return bytes_in_; }
  std::size_t bytes_out() const { return bytes_out_; }

 private:
  // Sends the next request, or waits until one is due.
  void go_on(Connection& c) {
    if (options_.rate == 0) {
      if (started_ < count_) send_next(c, Clock::now());
      return;
    }
    idle_.push_back(&c);
    send_due();
  }

  // What is due and has a connection; the timer rings for the rest.
  void send_due() {
    const auto pause = std::chrono::nanoseconds(1'000'000'000 / options_.rate);
    for (; !idle_.empty() && started_ < count_ && due_ <= Clock::now(); due_ += pause) {
      Connection& c = *idle_.front();
      idle_.pop_front();
      send_next(c, due_);
    }
    const auto due = std::max(due_, Clock::now()).time_since_epoch() + std::chrono::nanoseconds(1);
    const bool is_awaited = !idle_.empty() && started_ < count_;
    itimerspec when{};  // zero disarms, and takes back what has rung
    if (is_awaited) when.it_value = {due.count() / 1'000'000'000, due.count() % 1'000'000'000};
    timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr);
  }

  void send_next(Connection& c, Clock::time_point due) {
    ++started_;
    std::string_view rest = records_[c.next];
    c.next = (c.next + connections_.size()) % records_.size();
    bytes_out_ += rest.size();
    c.due = due;
    while (!rest.empty()) {
      const auto count = send(c.fd, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (count < 0) fail(fmt::format("cannot send: {}", std::strerror(errno)));
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  void receive(Connection& c) {
    const auto count = recv(c.fd, buffer_, sizeof buffer_, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) fail("the server closed a connection");
    std::string_view text(buffer_, static_cast<std::size_t>(count));
    bytes_in_ += text.size();
    if (!c.received.empty()) text = c.received.append(text);
    const std::size_t size = response_bytes(text);
    if (size == 0) {
      if (c.received.empty()) c.received = text;
      return;
    }
    if (size != text.size()) fail("more came than one response");
    latencies_ns_.push_back(static_cast<std::uint64_t>((Clock::now() - c.due).count()));
    const bool good = options_.expect.empty()
                          ? text.substr(9, 1) == "2"
                          : text.find(options_.expect) != std::string_view::npos;
    if (good) ++as_expected_;
    c.received.clear();
    go_on(c);
  }

  const Options& options_;
  const std::vector<std::string_view>& records_;
  std::vector<Connection> connections_;
  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  int timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);  // steady_clock's
  Clock::time_point due_;                                                    // of the next request
  std::deque<Connection*> idle_ = {};                                        // longest first
  std::vector<std::uint64_t> latencies_ns_;
  std::size_t count_ = 0;
  std::size_t started_ = 0;
  std::size_t as_expected_ = 0;
  std::size_t bytes_in_ = 0;
  std::size_t bytes_out_ = 0;
  char buffer_[256 * 1024];
};

}  // namespace

int main(int argc, char** argv) {
  const Options options = options_from(argc, argv);
  std::ifstream file(options.requests, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  const auto records = records_of(bytes);
  const auto load = std::make_unique<Load>(options, records);
  if (options.warm_up > 0) load->run(options.warm_up);

  const CpuTime before = cpu_time(options.pid);
  const auto start = Clock::now();
  load->run(options.count);
  const std::chrono::duration<double> elapsed = Clock::now() - start;
  const CpuTime after = cpu_time(options.pid);

  const auto count = static_cast<double>(options.count);
  fmt::print(
      "{{\"connections\":{},\"requests\":{},\"as_expected\":{},\"seconds\":{:.3f},"
      "\"requests_per_second\":{:.0f},\"p50_us\":{:.1f},\"p99_us\":{:.1f},"
      "\"bytes_sent_per_request\":{:.1f},\"bytes_received_per_request\":{:.1f}",
      options.connections, options.count, load->as_expected(), elapsed.count(),
      count / elapsed.count(), load->latency_us(0.5), load->latency_us(0.99),
      static_cast<double>(load->bytes_out()) / count,
      static_cast<double>(load->bytes_in()) / count);
  if (options.pid != 0) {
    fmt::print(
        ",\"cpu_us_per_request\":{:.3f},\"cpu_user_us\":{:.3f},\"cpu_system_us\":{:.3f},"
        "\"cpu_scheduled_us\":{:.3f}",
        (after.user_us - before.user_us + after.system_us - before.system_us) / count,
        (after.user_us - before.user_us) / count, (after.system_us - before.system_us) / count,
        (after.scheduled_us - before.scheduled_us) / count);
  }
  fmt::print("}}\n");
  return 0;
}
