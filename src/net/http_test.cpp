#include "net/http_test.h"

#include <charconv>
#include <utility>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/core.h>

#include "net/test_patience.h"

namespace venuebox::net {
namespace {

constexpr Nanoseconds kTurnWait = milliseconds(10);

// Bytes of the first response in `text`, or npos while it is incomplete.
std::size_t response_bytes(std::string_view text, bool heads_only) {
  const auto end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return end;
  constexpr std::string_view kLength = "Content-Length: ";
  const auto at = text.substr(0, end).find(kLength);
  std::size_t length = 0;
  if (at != std::string_view::npos && !heads_only)
    std::from_chars(text.data() + at + kLength.size(), text.data() + end, length);
  const std::size_t total = end + 4 + length;
  return total <= text.size() ? total : std::string_view::npos;
}

}  // namespace

void EchoHandler::handle(const Request& request, Response& response) {
  seen.push_back(std::string(request.target) + "|" + std::string(request.body));
  if (custom) return custom(request, response);
  response.content_type = "text/plain";
  response.body = fmt::format("{} {}", request.target, request.body);
}

Client::Client(Loop& loop, std::uint16_t port, bool v6)
    : loop_(loop), fd_(socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in v4_address{};
  v4_address.sin_family = AF_INET;
  v4_address.sin_port = htons(port);
  v4_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 v6_address{};
  v6_address.sin6_family = AF_INET6;
  v6_address.sin6_port = htons(port);
  v6_address.sin6_addr = in6addr_loopback;
  const auto* address = v6 ? reinterpret_cast<const sockaddr*>(&v6_address)
                           : reinterpret_cast<const sockaddr*>(&v4_address);
  EXPECT_EQ(connect(fd_, address, v6 ? sizeof v6_address : sizeof v4_address), 0);
}

Client::~Client() {
  if (fd_ >= 0) ::close(fd_);
}

Client::Client(Client&& other) noexcept
    : received(std::move(other.received)),
      loop_(other.loop_),
      fd_(std::exchange(other.fd_, -1)),
      ended_(other.ended_) {}

void Client::send(std::string_view bytes) {
  for (const Patience patience; !bytes.empty() && patience.lasts();) {
    const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    if (count < 0 && errno != EAGAIN) return;  // The server has closed; the reader will tell.
    if (!bytes.empty()) loop_.turn(milliseconds(1));
  }
}

std::size_t Client::send_some(std::string_view bytes) {
  const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

bool Client::receive() {
  char bytes[65'536];
  for (;;) {
    const auto count = recv(fd_, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count > 0) {
      received.append(bytes, static_cast<std::size_t>(count));
      continue;
    }
    if (count < 0 && errno == EAGAIN) return true;
    if (count < 0) received += "RESET";
    ended_ = true;
    return false;
  }
}

std::string Client::responses(std::size_t count, bool heads_only) {
  for (const Patience patience; patience.lasts();) {
    const bool open = ended_ || receive();
    std::size_t end = 0;
    std::size_t found = 0;
    while (found < count) {
      const auto bytes = response_bytes(std::string_view(received).substr(end), heads_only);
      if (bytes == std::string_view::npos) break;
      end += bytes;
      ++found;
    }
    if (found == count || !open || ended_) {
      EXPECT_EQ(found, count) << "closed after: " << received;
      std::string text = received.substr(0, end);
      received.erase(0, end);
      return text;
    }
    loop_.turn(kTurnWait);
  }
  ADD_FAILURE() << "no response; received so far: " << received;
  return {};
}

std::string Client::until_closed() {
  for (const Patience patience; patience.lasts() && !ended_ && receive();)
    loop_.turn(kTurnWait);
  EXPECT_TRUE(ended_) << "still open; received so far: " << received;
  return std::exchange(received, {});
}

bool Client::closed() { return ended_ || !receive(); }

void Client::finish() { ::shutdown(fd_, SHUT_WR); }

void Client::reset() {
  const linger now{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(fd_, -1));
}

HttpTest::HttpTest(HttpOptions options) : server(loop, clock, handler, options) {
  auto listening = server.listen("127.0.0.1", 0);
  EXPECT_TRUE(listening);
  endpoint = *listening;
  loop.at_end_of_turn([this] {
    if (may_flush) server.flush();
  });
}

void HttpTest::until(const std::function<bool()>& condition) {
  for (const Patience patience; patience.lasts();) {
    if (condition()) return;
    loop.turn(kTurnWait);
  }
  FAIL() << "the condition never held";
}

std::string get(std::string_view target, std::string_view headers) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: here\r\n{}\r\n", target, headers);
}

std::string post(std::string_view target, std::string_view body, std::string_view headers) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: here\r\nContent-Length: {}\r\n{}\r\n{}", target,
                     body.size(), headers, body);
}

std::string_view body_of(std::string_view response) {
  const auto end = response.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string_view() : response.substr(end + 4);
}

int status_of(std::string_view response) {
  int status = 0;
  if (response.size() > 12) std::from_chars(response.data() + 9, response.data() + 12, status);
  return status;
}

}  // namespace venuebox::net
