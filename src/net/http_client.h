// HTTP/1.1 requests to one or more hosts, over TCP or TLS: kept connections, a deadline for every
// call, bounds on every answer, and errors that say whether the request may have arrived. Redirects
// are not followed, and nothing is asked twice that could be done twice.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "net/base_url.h"
#include "net/client_error.h"
#include "net/loop.h"
#include "net/message.h"
#include "net/network_guard.h"

namespace venuebox::net {

class Network;

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct HttpClientOptions {
  // Outlives the client.
  const NetworkGuard* guard = &network_guard(false);
  // PEM certificates to trust instead of the system's; empty: the system's.
  std::string ca_file = {};
  std::size_t head_bytes_max = 64 * 1024;
  std::size_t body_bytes_max = 64 * 1024 * 1024;
  // Calls beyond it wait for one that ends. How many wait is for the caller to bound.
  std::size_t connections_per_host_max = 8;
  // For one address of a host, before the next one is tried.
  Nanoseconds connect_timeout = seconds(5);
  // A connection without a call for this long is closed. Servers often close after a minute, and a
  // request that crosses with that is lost.
  Nanoseconds idle_timeout = seconds(30);
};

struct HttpClientRequest {
  BaseUrl url = {};
  Method method = Method::get;
  std::string target = "/";  // path and query as on the wire, behind url.path
  // Host, Connection, Content-Length, Transfer-Encoding and those of an upgrade are the client's.
  HeaderList headers = {};
  std::string body = {};
  Nanoseconds deadline = seconds(10);  // from send(), by the loop's own timer
};

struct HttpClientResponse {
  int status = 0;
  HeaderList headers = {};
  std::string body = {};

  // The first value under this name, whatever its case; null: none.
  const std::string* header(std::string_view name) const;
};

// Belongs to the loop's thread, and ends before the loop.
class HttpClient {
 public:
  using Done = std::function<void(ClientResult<HttpClientResponse>)>;

  explicit HttpClient(Loop& loop, HttpClientOptions options = {});
  // With other doors to the network, for tests; see network.h.
  HttpClient(Loop& loop, HttpClientOptions options, std::shared_ptr<Network> network);
  // Calls under way are told that they were closed, here and now; they must not send again.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // `done` is called once, in a later turn or by the destructor; it may destroy the client.
  void send(HttpClientRequest request, Done done);

  struct Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace venuebox::net
