#include "net/client_test.h"

#include <cerrno>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/core.h>

#include "net/test_patience.h"

namespace venuebox::net {
namespace {

constexpr Nanoseconds kTurnWait = milliseconds(10);

}  // namespace

Peer::Peer(Peer&& other) noexcept
    : loop_(other.loop_),
      fd_(std::exchange(other.fd_, -1)),
      received_(std::move(other.received_)) {}

bool Peer::receive() {
  char bytes[16'384];
  for (;;) {
    const auto count = recv(fd_, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count <= 0) return count < 0 && errno == EAGAIN;
    received_.append(bytes, static_cast<std::size_t>(count));
  }
}

std::string Peer::read_until(std::string_view end) {
  for (const Patience patience; patience.lasts();) {
    const bool is_open = receive();
    const auto found = received_.find(end);
    if (found != std::string::npos) {
      std::string text = received_.substr(0, found + end.size());
      received_.erase(0, text.size());
      return text;
    }
    if (!is_open) break;
    loop_.turn(kTurnWait);
  }
  ADD_FAILURE() << "not received: " << end << ", but: " << received_;
  return {};
}

std::string Peer::read_some() {
  for (const Patience patience; patience.lasts() && receive() && received_.empty();)
    loop_.turn(kTurnWait);
  return std::exchange(received_, {});
}

void Peer::send(std::string_view bytes) {
  for (const Patience patience; !bytes.empty() && patience.lasts();) {
    const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    if (count < 0 && errno != EAGAIN) return;  // The client has closed; it will tell why.
    if (!bytes.empty()) loop_.turn(milliseconds(1));
  }
}

bool Peer::ended() { return !receive(); }

void Peer::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void Peer::reset() {
  const linger now{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

ScriptedServer::ScriptedServer(Loop& loop)
    : loop_(loop), fd_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(listen(fd_, 64), 0);
  EXPECT_EQ(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
  port_ = ntohs(address.sin_port);
}

ScriptedServer::~ScriptedServer() { ::close(fd_); }

std::string ScriptedServer::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

Peer ScriptedServer::accept() {
  int accepted = -1;
  for (const Patience patience; patience.lasts() && accepted < 0;) {
    accepted = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted < 0) loop_.turn(kTurnWait);
  }
  EXPECT_GE(accepted, 0) << "nobody called";
  return {loop_, accepted};
}

bool ScriptedServer::is_called() {
  // Peeking at a backlog is only possible by accepting; nothing else is to be told afterwards.
  const int accepted = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
  if (accepted >= 0) ::close(accepted);
  return accepted >= 0;
}

HttpClient& HttpClientTest::client() {
  if (!client_) client_.emplace(loop, options);
  return *client_;
}

void HttpClientTest::until(const std::function<bool()>& condition) {
  for (const Patience patience; patience.lasts();) {
    if (condition()) return;
    loop.turn(kTurnWait);
  }
  FAIL() << "the condition never held";
}

HttpClientRequest HttpClientTest::request(Method method, std::string_view target) {
  return {.url = *base_url_from(url),
          .method = method,
          .target = std::string(target),
          .deadline = seconds(60)};
}

CalledPtr HttpClientTest::send(HttpClientRequest request) {
  auto call = std::make_shared<Called>();
  client().send(std::move(request), [call](ClientResult<HttpClientResponse> answer) {
    EXPECT_FALSE(call->is_over()) << "told twice";
    call->answer.emplace(std::move(answer));
  });
  EXPECT_FALSE(call->is_over()) << "told from within send()";
  return call;
}

CalledPtr HttpClientTest::get(std::string_view target) {
  return send(request(Method::get, target));
}

CalledPtr HttpClientTest::post(std::string_view body) {
  HttpClientRequest order = request(Method::post, "/order");
  order.body = body;
  return send(std::move(order));
}

std::string HttpClientTest::outcome(const CalledPtr& call) {
  if (!call->is_over()) return "under way";
  auto& answer = *call->answer;
  if (answer) return fmt::format("{} {}", answer->status, answer->body);
  return std::string(kind_name(answer.error().kind)) + (answer.error().may_have_arrived ? "?" : "");
}

std::string HttpClientTest::wait(const CalledPtr& call) {
  until([&] { return call->is_over(); });
  return outcome(call);
}

std::string_view kind_name(ClientErrorKind kind) {
  switch (kind) {
    case ClientErrorKind::invalid_request: return "invalid_request";
    case ClientErrorKind::refused_by_guard: return "refused_by_guard";
    case ClientErrorKind::resolve: return "resolve";
    case ClientErrorKind::connect: return "connect";
    case ClientErrorKind::tls: return "tls";
    case ClientErrorKind::timeout_before_send: return "timeout_before_send";
    case ClientErrorKind::timeout: return "timeout";
    case ClientErrorKind::closed: return "closed";
    case ClientErrorKind::garbled: return "garbled";
    case ClientErrorKind::too_large: return "too_large";
    case ClientErrorKind::redirect: return "redirect";
    case ClientErrorKind::not_upgraded: return "not_upgraded";
  }
  return {};
}

std::string response(std::string_view body, std::string_view headers, int status) {
  return fmt::format("HTTP/1.1 {} Words\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(),
                     headers, body);
}

}  // namespace venuebox::net
