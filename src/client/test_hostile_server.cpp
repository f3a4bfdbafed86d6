#include "client/test_hostile_server.h"

#include <algorithm>
#include <csignal>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

namespace venuebox::client {
namespace {
// As many bytes as a complete request has, which begins here; 0: it is not complete yet.
std::size_t request_size(const std::string& bytes) {
  const std::size_t head = bytes.find("\r\n\r\n");
  if (head == std::string::npos) return 0;
  constexpr std::string_view kLength = "Content-Length: ";
  const std::size_t at = bytes.find(kLength);
  const std::size_t body = at < head ? std::stoul(bytes.substr(at + kLength.size())) : 0;
  const std::size_t size = head + 4 + body;
  return bytes.size() >= size ? size : 0;
}
}  // namespace

struct HostileServer::Connection {
  explicit Connection(int given) : fd(given) {}
  ~Connection() {
    SSL_free(ssl);
    ::close(fd);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int fd;
  SSL* ssl = nullptr;
  std::string received = {};
};

HostileServer::HostileServer(const net::Identity* identity)
    : fd_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
  std::signal(SIGPIPE, SIG_IGN);  // Which OpenSSL would raise when the client hangs up.
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(listen(fd_, 64), 0);
  EXPECT_EQ(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
  port_ = ntohs(address.sin_port);
  if (!identity) return;
  tls_ = SSL_CTX_new(TLS_server_method());
  EXPECT_EQ(SSL_CTX_use_certificate(tls_, identity->certificate.get()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey(tls_, identity->key.get()), 1);
}

HostileServer::~HostileServer() {
  open_.clear();
  SSL_CTX_free(tls_);
  ::close(fd_);
}

std::string HostileServer::url() const {
  return fmt::format("{}://127.0.0.1:{}", tls_ ? "https" : "http", port_);
}

int HostileServer::count(std::string_view start) const {
  return static_cast<int>(std::ranges::count_if(
      requests, [start](const std::string& request) { return request.starts_with(start); }));
}

void HostileServer::turn() {
  for (;;) {
    const int accepted = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (accepted < 0) break;
    ++connections;
    open_.push_back(std::make_unique<Connection>(accepted));
    if (!tls_) continue;
    open_.back()->ssl = SSL_new(tls_);
    SSL_set_fd(open_.back()->ssl, accepted);
    SSL_set_accept_state(open_.back()->ssl);
  }
  std::erase_if(open_, [this](const auto& connection) { return !serve(*connection); });
}

bool HostileServer::serve(Connection& connection) {
  char bytes[16'384];
  for (;;) {
    int count = 0;
    bool may_come = false;
    if (connection.ssl) {
      count = SSL_read(connection.ssl, bytes, sizeof bytes);
      may_come = SSL_get_error(connection.ssl, count) == SSL_ERROR_WANT_READ;
    } else {
      count = static_cast<int>(recv(connection.fd, bytes, sizeof bytes, 0));
      may_come = count < 0 && errno == EAGAIN;
    }
    if (count <= 0 && !may_come) return false;
    if (count <= 0) break;
    connection.received.append(bytes, static_cast<std::size_t>(count));
  }
  while (const std::size_t size = request_size(connection.received)) {
    requests.push_back(connection.received.substr(0, size));
    connection.received.erase(0, size);
    const std::string out = answer(requests.back());
    const auto sent = connection.ssl
                          ? SSL_write(connection.ssl, out.data(), static_cast<int>(out.size()))
                          : send(connection.fd, out.data(), out.size(), MSG_NOSIGNAL);
    EXPECT_EQ(sent, static_cast<ssize_t>(out.size())) << "short answers fit a socket";
    if (out.find("Connection: close") != std::string::npos) return false;
  }
  return true;
}

std::string json_answer(std::string_view body, std::string_view more_headers) {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), more_headers,
                     body);
}

}  // namespace venuebox::client
