// HTTP/1.1 over plain sockets, and the WebSockets that its connections may become
// (Response::upgrade): connections with their bounds and timeouts on one side, whole requests and
// responses on the other. Requests are handled one after the other, synchronously; what is
// to answer them later is put off by Response::hold(). Answers wait for flush(), which the
// application calls when what they promise is safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "net/loop.h"
#include "net/message.h"

namespace venuebox::net {

class HttpHandler {
 public:
  virtual ~HttpHandler() = default;

  // The response is empty and goes to the client as it is when this returns, unless it is held. A
  // connection whose answer is held takes no further request; no timeout strikes it, but a client
  // that ends its side is gone.
  virtual void handle(const Request& request, Response& response) = 0;
  // Words the answer to bytes that never became a request: malformed, too large, too slow, or one
  // connection too many. The status stands already; the connection ends afterwards in any case.
  virtual void refuse(std::string_view reason, Response& response);
};

// The timeouts are rounded up to whole sweeps.
struct HttpOptions {
  std::size_t body_bytes_max = 1024 * 1024;
  std::size_t message_bytes_max = 64 * 1024;  // of a WebSocket message, its fragments together
  std::size_t connections_max = 20'000;
  std::size_t unsent_bytes_max = 1024 * 1024;  // a connection with more is not read from
  Nanoseconds head_timeout = seconds(10);      // from connecting, or from a request's first byte
  Nanoseconds body_timeout = seconds(30);      // from the end of the head to that of the body
  // Between requests, or without a frame of a WebSocket's client; also for a write without
  // progress.
  Nanoseconds idle_timeout = seconds(75);
  // For the client to close, after our last byte; also for a WebSocket's client to take what it is
  // still sent after close(), and to answer it.
  Nanoseconds linger_timeout = seconds(5);
  // For a client to give up on a connection that a Delivery has left silent or half-closed.
  Nanoseconds silence_timeout = seconds(24 * 3'600);
  Nanoseconds sweep_interval = seconds(1);
};

struct Endpoint {
  std::string address;  // as given to listen()
  std::uint16_t port = 0;
  int listener = 0;  // Request::listener of what comes in here
};

// Belongs to the loop's thread, and ends before the loop and the handler.
class HttpServer {
 public:
  // `clock` is the door's clock: Date headers and Request::arrived. Timeouts are measured by the
  // loop's own timer, so they do not follow a clock that is stepped.
  HttpServer(Loop& loop, const Clock& clock, HttpHandler& handler, HttpOptions options = {});
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // `address` is a numeric IPv4 or IPv6 address, or "localhost": 127.0.0.1 and, where the machine
  // has it, ::1 on the same port. Port 0 takes any free one.
  Result<Endpoint> listen(std::string_view address, std::uint16_t port);

  // Sends the answers since the last call, one write per connection. To be the last hook of a turn.
  void flush();
  // Instead of flush(): closes the connections that have such answers, and sends none of them.
  void drop_pending();

  // Stops accepting, closes each connection as soon as its answers are sent, WebSockets with code
  // 1001 and once the client has answered, and calls `done` once when none is left or the linger
  // timeout has passed, which ends held answers as well. Needs the loop to go on.
  void shutdown(std::function<void()> done);

  std::size_t connections() const;

  struct Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

// Lifts the process's limit of open files to what the system allows; returns the limit.
std::size_t raise_open_files_limit();

}  // namespace venuebox::net
