// For tests: a server on loopback that answers whatever it likes, byte by byte, over TCP or TLS,
// and keeps what it was asked.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/test_certificates.h"

typedef struct ssl_ctx_st SSL_CTX;

namespace venuebox::client {

class HostileServer {
 public:
  //   identity  what it shows over TLS, kept by the caller; null: plain TCP
  explicit HostileServer(const net::Identity* identity = nullptr);
  ~HostileServer();
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;

  std::string url() const;
  // Does what can be done now, without waiting.
  void turn();
  // How many requests began with these words.
  int count(std::string_view start) const;

  // The raw answer to a whole request. One that says "Connection: close" ends the connection.
  std::function<std::string(const std::string& request)> answer;
  std::vector<std::string> requests;
  int connections = 0;

 private:
  struct Connection;
  bool serve(Connection& connection);  // false once it is over

  int fd_;
  int port_ = 0;
  SSL_CTX* tls_ = nullptr;
  std::vector<std::unique_ptr<Connection>> open_;
};

// An answer in JSON, whole.
std::string json_answer(std::string_view body, std::string_view more_headers = "");

}  // namespace venuebox::client
