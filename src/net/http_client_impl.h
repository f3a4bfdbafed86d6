// What http_client.cpp (calls, hosts and their kept connections) and http_exchange.cpp (one request
// on one connection) share. Internal to net.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/client_stream.h"
#include "net/http_client.h"

namespace venuebox::net {

// Everything that goes to one host and port.
struct ClientHost;

struct ClientCall {
  ClientCall(asio::io_context& io, HttpClientRequest given, HttpClient::Done given_done)
      : request(std::move(given)), done(std::move(given_done)), timer(io) {}

  HttpClientRequest request;
  std::string wire;  // the request's bytes
  HttpClient::Done done;
  Timer timer;  // the deadline
  ClientHost* host = nullptr;
  StreamPtr stream;
  bool is_sent = false;      // bytes of it may have left
  bool is_answered = false;  // a byte of the answer has come
  bool over = false;         // `done` was called

  bool is_idempotent() const {
    return request.method == Method::get || request.method == Method::head;
  }
};

using CallPtr = std::shared_ptr<ClientCall>;

struct ClientHost {
  std::vector<StreamPtr> idle;  // the one used last is at the end
  std::deque<CallPtr> waiting;
  std::size_t busy = 0;  // calls that have a connection, or make one
};

struct HttpClient::Impl : std::enable_shared_from_this<Impl> {
  Impl(Loop& loop, HttpClientOptions given, std::shared_ptr<Network> network);

  using Answer = ClientResult<HttpClientResponse>;

  // http_client.cpp. Coroutines are static, because their frames keep the client alive.
  void send(HttpClientRequest request, Done done);
  void pump(ClientHost& host);
  static Task run(std::shared_ptr<Impl> self, CallPtr call);
  StreamPtr take_idle(ClientHost& host);
  void keep(ClientHost& host, StreamPtr stream);
  void schedule_sweep();
  void sweep();
  void expire(ClientCall& call);
  void finish(ClientCall& call, Answer answer);
  void close();

  // http_exchange.cpp. Whoever awaits one holds the client and the call.
  asio::awaitable<Answer, Executor> exchange(ClientCall& call);
  asio::awaitable<Answer, Executor> read_answer(ClientCall& call);
  Answer judge(const ClientCall& call, HttpClientResponse response) const;

  HttpClientOptions options;
  Dialler dialler;
  asio::io_context& io;
  std::map<std::string, ClientHost> hosts;  // by scheme, host and port
  std::vector<CallPtr> calls;               // not over
  Timer sweep_timer;
  bool is_sweeping = false;
  bool ended = false;
};

// An error of this call, with what is known about its request.
ClientError call_error(const ClientCall& call, ClientErrorKind kind, std::string_view what);

}  // namespace venuebox::net
