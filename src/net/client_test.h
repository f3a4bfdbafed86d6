// What the tests of the client end share: a server that says what it was told to say, on plain
// sockets, and clients whose answers are waited for turn by turn.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_client.h"
#include "net/http_test.h"

namespace venuebox::net {

// The server's end of one connection; move-only.
class Peer {
 public:
  Peer(Loop& loop, int fd) : loop_(loop), fd_(fd) {}
  ~Peer() { close(); }
  Peer(Peer&& other) noexcept;
  Peer& operator=(Peer&&) = delete;

  // What has come when it holds `end`, and forgets it.
  std::string read_until(std::string_view end);
  std::string read_head() { return read_until("\r\n\r\n"); }
  // Whatever comes next, taking turns until something is there; empty: the client has closed.
  std::string read_some();
  void send(std::string_view bytes);
  // Whether the client has closed, after what has arrived so far.
  bool ended();
  void close();
  void reset();  // closes with RST

 private:
  bool receive();  // false at the end of the connection

  Loop& loop_;
  int fd_;
  std::string received_;
};

// Listens on a free port of 127.0.0.1.
class ScriptedServer {
 public:
  explicit ScriptedServer(Loop& loop);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url() const;
  // The next connection, taking turns until it is there.
  Peer accept();
  // Whether a connection waits to be accepted.
  bool is_called();

 private:
  Loop& loop_;
  int fd_;
  std::uint16_t port_ = 0;
};

// What became of a call.
struct Called {
  std::optional<ClientResult<HttpClientResponse>> answer;

  bool is_over() const { return answer.has_value(); }
};

// Outlives what the client may still tell.
using CalledPtr = std::shared_ptr<Called>;

class HttpClientTest : public testing::Test {
 protected:
  // Takes turns until `condition` holds; fails when it does not within a minute of waiting.
  void until(const std::function<bool()>& condition);
  CalledPtr send(HttpClientRequest request);
  CalledPtr get(std::string_view target = "/");
  CalledPtr post(std::string_view body);
  // "200 body", or "closed", "timeout?" …: the error's kind, with a mark when it may have arrived.
  std::string outcome(const CalledPtr& call);
  // The same of an answer that is to come.
  std::string wait(const CalledPtr& call);
  HttpClientRequest request(Method method, std::string_view target = "/");

  Loop loop;
  ScriptedServer server{loop};
  HttpClientOptions options;
  std::string url = server.url();
  std::optional<HttpClient> client_;
  HttpClient& client();  // made with the options as they are at the first call
};

std::string_view kind_name(ClientErrorKind kind);

// A response with a Content-Length; further header lines end with CRLF.
std::string response(std::string_view body, std::string_view headers = "", int status = 200);

}  // namespace venuebox::net
