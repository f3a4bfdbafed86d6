// What the tests of the server share: a server with a handler that echoes, and clients on plain
// sockets. Everything runs on one thread, turn by turn, so nothing has to be slept for.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "net/http_server.h"

namespace venuebox::net {

class EchoHandler final : public HttpHandler {
 public:
  void handle(const Request& request, Response& response) override;

  std::function<void(const Request&, Response&)> custom;  // instead of the echo, when set
  std::vector<std::string> seen;                          // "target|body" of each request
};

// One end of a connection; move-only.
class Client {
 public:
  explicit Client(Loop& loop, std::uint16_t port, bool v6 = false);
  ~Client();
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;

  // Sends all of it, taking turns whenever the socket is full.
  void send(std::string_view bytes);
  // As much of it as the socket takes at once; returns how much that is.
  std::size_t send_some(std::string_view bytes);
  // Everything up to the end of the `count`th response, bodies included; of HEAD, heads only.
  std::string responses(std::size_t count, bool heads_only = false);
  // Everything until the server closes; "RESET" at its end if it did so rudely.
  std::string until_closed();
  bool closed();  // after what has arrived so far
  void finish();  // no more from this side
  void reset();   // closes with RST

  std::string received;

 private:
  bool receive();  // false at the end of the connection

  Loop& loop_;
  int fd_;
  bool ended_ = false;
};

class HttpTest : public testing::Test {
 protected:
  explicit HttpTest(HttpOptions options = {});

  // Takes turns until `condition` holds; fails when it does not within a minute of waiting.
  void until(const std::function<bool()>& condition);
  Client client() { return Client(loop, endpoint.port); }

  ManualClock clock{timestamp_from_ms(1'723'161'255'000)};
  Loop loop;
  EchoHandler handler;
  HttpServer server;
  Endpoint endpoint;
  bool may_flush = true;
};

// A request with a Host header; further header lines end with CRLF.
std::string get(std::string_view target, std::string_view headers = "");
std::string post(std::string_view target, std::string_view body, std::string_view headers = "");
// What follows the head of one response.
std::string_view body_of(std::string_view response);
int status_of(std::string_view response);

}  // namespace venuebox::net
